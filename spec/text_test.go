package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHiddenCharactersAreToldWhereTheyStand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, src string
		want     []string
	}{
		{"in a comment", "# a\u202eb\n" + draftWith(), []string{"1:4: warning: the text has U+202E (bidi control) here [hidden-character]"}},
		{"between tokens", draftWith("push_content: {elements:\u200b []}"), []string{
			"4:1: error: what stands in brackets is not parted by commas, or its bracket is not closed [yaml-syntax]",
			"4:25: warning: the text has U+200B (zero-width character) here [hidden-character]",
		}},
		{"in a key", draftWith("job\u2060_name: a"), []string{
			`5:1: error: unknown field "job\u{2060}_name" [unknown-field]`,
			"5:4: warning: the text has U+2060 (zero-width character) here [hidden-character]",
		}},
		{"in a name, not told of the name again", draftWith("job_name: 长\u200b"), []string{
			"1:12: warning: the text has U+200B (zero-width character) here [hidden-character]",
		}},
		{"in quotes", draftWith("job_name: \"长\u200b\""), []string{
			"1:13: warning: the text has U+200B (zero-width character) here [hidden-character]",
		}},
		{"in a card, nor of the card", draftWith("push_content: {elements: [], a: '\u202e'}"), []string{
			"4:34: warning: the text has U+202E (bidi control) here [hidden-character]",
		}},
		{"in a card's JSON", draftWith("push_content: |\n  {\"a\": \"\u202e\"}"), []string{
			"5:10: warning: the text has U+202E (bidi control) here [hidden-character]",
		}},
		{"as an escape of that JSON", draftWith("push_content: |\n  {\"a\": \"\\u202e\"}"), []string{
			`5:9: warning: the card has U+202E (bidi control) at "/a" [hidden-character]`,
		}},
		{"both ways, in two texts of it", draftWith("push_content: |\n  {\"a\": \"\\u202e\", \"b\": \"\u202e\"}"), []string{
			`5:9: warning: the card has U+202E (bidi control) at "/a" [hidden-character]`,
			"5:25: warning: the text has U+202E (bidi control) here [hidden-character]",
		}},
		{"both ways, in two places of a file", "# \u200b\n" + draftWith(`job_name: "\u200b"`), []string{
			"1:3: warning: the text has U+200B (zero-width character) here [hidden-character]",
			"2:11: warning: job_name has U+200B (zero-width character) [hidden-character]",
		}},
		{"twice on a line", draftWith("job_name: \u200ba\u200b\u00ad"), []string{
			"1:11: warning: the text has U+200B (zero-width character) here [hidden-character]",
			"1:14: warning: the text has U+00AD (zero-width character) here [hidden-character]",
		}},
		{"in a field that is not shown", draftWith("ext: \u200b"), []string{
			"5:6: warning: the text has U+200B (zero-width character) here [hidden-character]",
		}},
		{"as spelling it is none", draftWith("job_name: 👨\u200d👩\u200d👧 می\u200cخواهم ❤\ufe0f"), nil},
		{"what YAML refuses is told by YAML", draftWith("job_name: \x01"), []string{"1:11: error: a control character stands here [yaml-syntax]"}},
		{"two marks in front", "\ufeff\ufeff" + draftWith(), []string{"1:1: warning: the file begins with 2 byte order marks [hidden-character]"}},
		{"one mark in front", "\ufeff" + draftWith("job_name: [x]"), []string{"1:11: error: job_name must be a text, not a list [wrong-type]"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			got := saidBy(Decode("f.yaml", []byte(tt.src), anyCard(Options{})))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLineBreaks(t *testing.T) {
	t.Parallel()
	for _, r := range []rune{nextLine, lineSeparation, paragraphSeparator, '\r'} {
		for _, tt := range []struct {
			why, src string
			at       string
		}{
			{"in a comment", draftWith("job_name: a # b%s  push_type: new_staff"), "1:16"},
			{"in a text", draftWith(`job_name: "a%sb"`), "1:13"},
			{"in a card", draftWith("push_content: {elements: ['%s']}"), "4:28"},
			{"in a block text", draftWith("push_content: |\n  {\"a\": \"%s\"}"), "5:10"},
		} {
			set := Decode("f.yaml", fmt.Appendf(nil, tt.src, string(r)), anyCard(Options{Severity: map[string]Severity{ruleLineBreak: Off}}))
			want := fmt.Sprintf("%s: error: U+%04X ends a line for YAML, and for no editor [line-break]", tt.at, r)
			if got := saidBy(set); !slices.Contains(got, want) || set.Drafts[0].JobName == "" || len(got) > 2 || strings.Contains(strings.Join(got, ""), ruleHiddenCharacter) {
				t.Errorf("U+%04X %s: got %q, want %s", r, tt.why, got, want)
			}
		}
	}
	crlf := strings.ReplaceAll(draftWith("push_content: |\n  {\"a\":\n  1}"), "\n", "\r\n")
	if got := saidBy(Decode("f.yaml", []byte(crlf), anyCard(Options{}))); got != nil {
		t.Errorf("CRLF: got %q", got)
	}
}

// TestMarkIsACharacter: a byte order mark, wherever it stands and however yaml.v3 reads the
// file in pieces, means no more than a word joiner does.
func TestMarkIsACharacter(t *testing.T) {
	t.Parallel()
	draft := draftWith("job_name: 新人 # c", "user_list:\n  - {user_id: ou_a, name: 'b'}", "push_content: {e: [{tag: markdown, content: \"a b\"}]}")
	others := Options{Severity: map[string]Severity{ruleHiddenCharacter: Off}}
	for pad := 1; pad < 600; pad += 149 {
		src := "# " + strings.Repeat("x", pad) + "\n" + draft
		for i := range src {
			if i == 0 {
				continue
			}
			marked, joined := src[:i]+"\ufeff"+src[i:], src[:i]+"\u2060"+src[i:]
			got, want := saidBy(Decode("f.yaml", []byte(marked), others)), saidBy(Decode("f.yaml", []byte(joined), others))
			for l := range want {
				want[l] = strings.ReplaceAll(want[l], `\u{2060}`, `\u{FEFF}`)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%d, %q: got %q, want %q", i, marked[max(i-10, 0):i+3], got, want)
			}
			if all := saidBy(Decode("f.yaml", []byte(marked), Options{})); strings.Count(strings.Join(all, "\n"), "U+FEFF") != 1 {
				t.Fatalf("%d: got %q", i, all)
			}
		}
	}
}

// TestMarkBetweenDocuments: files that are put one after the other keep their marks.
func TestMarkBetweenDocuments(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{"---\n", "# c\n---\n", "\n---\n", "  \n---\n", "...\n---\n", "--- # c\n"} {
		set := Decode("f.yaml", []byte("\ufeff"+draftWith()+"\ufeff"+begin+draftWith("job_name: b")), Options{})
		if len(set.Drafts) != 2 || set.Errors() > 0 || set.Drafts[1].JobName != "b" || warnings(set) != 1 {
			t.Errorf("%q: got %q", begin, saidBy(set))
		}
	}
}

// TestCardsAreReadAsYAMLSays: what yaml.v3 has another opinion of than YAML 1.2 and JSON.
func TestCardsAreReadAsYAMLSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, card, want string }{
		{"a query", `{url: https://x.example/a?b=c}`, `{"url":"https://x.example/a?b=c"}`},
		{"a question", `{a: Ready? Go, b: Ready?, c: [Why?], d: Prêt ? Oui}`, `{"a":"Ready? Go","b":"Ready?","c":["Why?"],"d":"Prêt ? Oui"}`},
		{"at the beginning of a text", `{a: ?b, ?c: 1}`, `{"?c":1,"a":"?b"}`},
		{"in a key", `{a?b: 1}`, `{"a?b":1}`},
		{"on a line of its own", "{a: b\n  c?d}", `{"a":"b c?d"}`},
		{"the mark of a key", `{? a : 1, b: [? c : 2]}`, `{"a":1,"b":[{"c":2}]}`},
		{"the mark of a key in block style", "\n  ? a\n  : 1", `{"a":1}`},
		{"in quotes", `{"a?": "? b", 'c?': '?'}`, `{"a?":"? b","c?":"?"}`},
		{"in a block text", "\n  a: |\n    ? b\n    c?d", `{"a":"? b\nc?d\n"}`},
		{"beside a private character", "{a: b?\uf000}", `{"a":"b?` + "\uf000" + `"}`},
		{"beside the escape of one", `{a: b?, c: "\uF000\uf001"}`, `{"a":"b?","c":"` + "\uf000\uf001" + `"}`},

		{"a pair", `{"a": "\ud83c\udf75 tea"}`, `{"a":"🍵 tea"}`},
		{"in capitals", `{"a": "\uD83C\uDF75"}`, `{"a":"🍵"}`},
		{"many", `{"a\ud83d\ude00": "\ud83c\udf75\ud83c\udf75x\u4e2d\ud83c\udf75"}`, `{"a😀":"🍵🍵x中🍵"}`},
		{"with a key", `{"a": "\ud83d\udc68\u200d\ud83d\udc69"}`, `{"a":"` + "👨\u200d👩" + `"}`},
		{"a backslash that is escaped", `{"a": "\\ud83c\\udf75 \\\ud83c\udf75"}`, `{"a":"\\ud83c\\udf75 \\🍵"}`},
		{"not in double quotes", `{a: '\ud83c\udf75', b: \ud83c}`, `{"a":"\\ud83c\\udf75","b":"\\ud83c"}`},
		{"a slash that is escaped", `{"a\/b": "https:\/\/x.example\/ \\/ \\\/?"}`, `{"a/b":"https://x.example/ \\/ \\/?"}`},
		{"a slash behind a backslash", `{a: '\/', b: C:\/d}`, `{"a":"\\/","b":"C:\\/d"}`},
		{"beside what would stand in for it", `{"a": "\/\uf000"}`, "{\"a\":\"/\uf000\"}"},
		{"in JSON as a text", "|\n  {\"a\": \"\\ud83c\\udf75\"}", `{"a":"🍵"}`},
		{"JSON in double quotes", `"{\"a\": \"\\ud83c\\udf75\"}"`, `{"a":"🍵"}`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(draftWith("push_content: "+tt.card)), anyCard(Options{}))
			if got := set.Drafts; len(got) != 1 || len(set.Diagnostics) > 0 || got[0].PushContent.String() != tt.want {
				t.Fatalf("got %v %q, want %s", got, saidBy(set), tt.want)
			}
		})
	}
}

func TestPlacesAfterStandIns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"after a query and a pair", draftWith(`push_content: {a: b?c, d: "\ud83c\udf75", e: 0x1}`), `4:46: error: "0x1" is`},
		{"half a pair", draftWith(`push_content: {a: "\ud83c\udf75 \ud83c", b: "\udf75"}`), `4:33: error: the escape \ud83c is half`},
		{"the other half first", draftWith(`push_content: {a: "\udf75\ud83c"}`), `4:20: error: the escape \udf75 is half`},
		{"on a later line of a text", draftWith("push_content: {a: \"b\n  c \\ud83c\"}"), `5:5: error: the escape \ud83c is half`},
		{"after slashes", draftWith(`push_content: {a: "\/\/", e: 0x1}`), `4:30: error: "0x1" is`},
		{"half of eight digits", draftWith(`push_content: {a: "\U0000d83c"}`), "4:20: error: an escape stands here that is no character"},
		{"among what would stand for it", draftWith(`push_content: {a: "\ud83c\udf75 \ue83c"}`), "4:20: error: an escape stands here that is no character"},
		{"far along a line", draftWith("push_content: {a: '" + strings.Repeat("长", 1000) + "', b: \"\u200b\\u202e\"}"), "4:1026: warning: the card has U+202E"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			got := saidBy(Decode("f.yaml", []byte(tt.src), anyCard(Options{})))
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, tt.want) }) {
				t.Errorf("got %q, want %s", got, tt.want)
			}
		})
	}
}

func TestDirectives(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"YAML 1.2", "%YAML 1.2\n---\n" + draftWith(), ""},
		{"YAML 1.1", "%YAML 1.1\n---\n" + draftWith(), ""},
		{"after comments, with one, and a mark", "\ufeff# c\n\n%YAML\t1.2 # d\r\n---\n" + draftWith(), ""},
		{"of a later document", draftWith() + "...\n%YAML 1.2\n---\n" + draftWith(), ""},
		{"one that YAML says to ignore", "%FOO bar\n---\n" + draftWith(), ""},
		{"another version", "# c\n%YAML 1.3\n---\n" + draftWith(), `2:1: error: %YAML "1.3" is another version: drafts are YAML 1.2 [yaml-syntax]`},
		{"a version of another time", "%YAML 2.0\n---\n" + draftWith(), `1:1: error: %YAML "2.0" is another version: drafts are YAML 1.2 [yaml-syntax]`},
		{"no version", "%YAML\n---\n" + draftWith(), `1:1: error: a %YAML line has one version [yaml-syntax]`},
		{"no directive but a text", draftWith("job_name: |\n  %YAML 1.2"), ""},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(tt.src), Options{Severity: map[string]Severity{ruleHiddenCharacter: Off}})
			if got := strings.Join(saidBy(set), "\n"); got != tt.want || len(set.Drafts) == 0 {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := Decode("f.yaml", []byte(draftWith("job_name: |-\n  %YAML 1.2")), Options{}).Drafts[0].JobName; got != "%YAML 1.2" {
		t.Errorf("a text is %q", got)
	}
}
