package report

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"
)

func TestWrapLosesNothing(t *testing.T) {
	t.Parallel()
	c := cells()
	rapid.Check(t, func(t *rapid.T) {
		s := Visible(rapid.StringOf(rapid.SampledFrom([]rune("ab  中文，。é́👨‍👩‍👧🇨🇳—\u202E\n\\/:"))).Draw(t, "text"))
		room := rapid.IntRange(2, 30).Draw(t, "room")
		pieces := wrap(s, room)
		if strings.Join(pieces, "") != s {
			t.Fatalf("%q became %q", s, pieces)
		}
		var whole, cut []string
		for g := graphemes.FromString(s); g.Next(); {
			whole = append(whole, g.Value())
		}
		for _, p := range pieces {
			for g := graphemes.FromString(p); g.Next(); {
				cut = append(cut, g.Value())
			}
			if seen := strings.TrimRight(p, " "); c.StringWidth(seen) > room && unit(seen) < len(seen) {
				t.Fatalf("%q is %d columns wide, room for %d", p, c.StringWidth(p), room)
			}
			if !utf8.ValidString(p) || strings.Count(p, "{") != strings.Count(p, "}") {
				t.Fatalf("%q is cut inside a character or an escape", p)
			}
		}
		if !slices.Equal(whole, cut) {
			t.Fatalf("%q is cut inside what a reader takes for one character: %q", s, pieces)
		}
	})
}

// TestWrapKeepsWholeWhatIsCopied: what somebody takes out of the output, by a double click or by
// grep, stands on one line in whatever text it is.
func TestWrapKeepsWholeWhatIsCopied(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, copied string }{
		{"the id of a notification", "6985032626234982420"},
		{"an open_id", "ou_7277fd1262bfafc363d5b2a1f9c2ac90"},
		{"a union_id", "on_cad4860e7af114fb4ff6c5d496d1dd76"},
		{"a chat", "oc_a0553eda9014c201e6969b478895c230"},
		{"a department", "od-4e6ac4d14bcd5071a37a39de902c7141"},
		{"a user_id that is an address of mail", "zhang.san_01@corp-example.com"},
		{"a digest", "sha256:b5f0e2a516c1a85e5ae513ab4be21416d757c098623d57a8ef026db80f5bafd2"},
		{"a time", "2037-12-01T09:00:00+08:00"},
		{"a place in a file", "drafts/onboarding/2037-autumn/welcome.yaml:12:7"},
		{"the id of a log", "20260101000000ABCDEF0123456789ABCDEF"},
		{"an address", "https://example.feishu.cn/docx/AbC?from=a%20b&id=(1),[2]#L1-L9"},
		{"an address longer than any terminal is wide", "https://example.com/" + strings.Repeat("path/", 300)},
		{"an address with letters of its country", "http://例子.中国/帮助/首页.html"},
		{"an address of an app", "feishu://open-apis/client/mini_program/open?id=1"},
		{"an address behind other letters", "-https://example.com/a/b/c/d/e/f/g/h"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			for _, around := range []string{"see %s", "请看%s。", "[more](%s) is `there`, or not", `{"href": "%s"}`, "👨‍👩‍👧%s"} {
				s := strings.Repeat("a 中 ", 9) + strings.Replace(around, "%s", row.copied, 1) + strings.Repeat(" 文 b", 9)
				for room := 2; room < 90; room++ {
					if pieces := wrap(s, room); !slices.ContainsFunc(pieces, func(p string) bool { return strings.Contains(p, row.copied) }) {
						t.Fatalf("in %d columns it is cut: %q", room, pieces)
					}
				}
			}
		})
	}
}

// TestWrapBreaksWhatIsOnlyLong: a text without spaces cannot run on for ever, where a terminal
// would go on in its first column, as if what follows were a line of ours.
func TestWrapBreaksWhatIsOnlyLong(t *testing.T) {
	t.Parallel()
	for _, p := range wrap(strings.Repeat("x", 1000), 80) {
		if len(p) > longestWord {
			t.Errorf("%d columns on one line", len(p))
		}
	}
}

// TestWrapLeavesNoLooseEnds: a quote belongs to what it quotes, and no line begins with a space.
func TestWrapLeavesNoLooseEnds(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		s    string
		want []string
	}{
		{`"href": "https://example.com/a/b/c/d"`, []string{`"href": `, `"https://example.com/a/b/c/d"`}},
		{"last changed on the server", []string{"last changed ", "on the ", "server"}},
		{"VPN-upgrade1  d/vpn.yaml:1", []string{"VPN-upgrade1  ", "d/vpn.yaml:1"}},
		{"见《https://a.example/b》。好", []string{"见", "《https://a.example/b》。", "好"}},
	} {
		if got := wrap(row.s, 12); !slices.Equal(got, row.want) {
			t.Errorf("%q", got)
		}
	}
}
