package report

import (
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"
)

func TestMarkedWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("维护通知，", 1000)
	for _, tt := range []struct{ why, before, after, gone, came string }{
		{"a word of a sentence", "sent on Friday at 9", "sent on Monday at 9", "sent on [-Friday-] at 9", "sent on {+Monday+} at 9"},
		{"Chinese has no blanks", "请在周五前完成", "请在周一前完成", "请在周[-五-]前完成", "请在周{+一+}前完成"},
		{"what only came is marked where it came", "请完成问卷", "请在周五前完成问卷", "请完成问卷", "请{+在周五前+}完成问卷"},
		{"words that changed beside each other are one", "the old red door opens", "the new blue door opens", "the [-old red-] door opens", "the {+new blue+} door opens"},
		{"a line that changed in the most of it has no marks", "欢迎加入", "请填写问卷", "欢迎加入", "请填写问卷"},
		{"nor has a short value, whatever its name", `"template": "blue"`, `"template": "red"`, `"template": "blue"`, `"template": "red"`},
		{"a text behind its name", `  "content": "维护:周五 22:00"`, `  "content": "维护:周六 22:00"`, `  "content": "维护:周[-五-] 22:00"`, `  "content": "维护:周{+六+} 22:00"`},
		{"a family is one character", "全家 👨‍👩‍👧 欢迎", "全家 👨‍👩‍👦 欢迎", "全家 [-👨‍👩‍👧-] 欢迎", "全家 {+👨‍👩‍👦+} 欢迎"},
		{"an escape is one character", `请看\u{3000}这里`, `请看\u{2000}这里`, `请看[-\u{3000}-]这里`, `请看{+\u{2000}+}这里`},
		{"the same line", "a", "a", "a", "a"},
		{"a word of a long paragraph", long + "周五" + long, long + "周六" + long, long + "周[-五-]" + long, long + "周{+六+}" + long},
	} {
		if gone, came := markedWords(tt.before, tt.after); gone != tt.gone || came != tt.came {
			t.Errorf("%s: got\n%s\n%s\nwant\n%s\n%s", tt.why, gone, came, tt.gone, tt.came)
		}
	}
}

// TestMarksAddNothingElse: without its marks a line is what it was, and no mark stands within what a
// reader takes for one character.
func TestMarksAddNothingElse(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"维护", "周五", "周六", "on ", "off ", "e\u0301", "👨‍👩‍👧", "🇨🇳", "नमस्ते", "한국", "x", "\x1b", `"`, " ", "\u0600", "\u0301"})
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) string { return Visible(strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, name), "")) }
		before, after := draw("before"), draw("after")
		gone, came := markedWords(before, after)
		wantMarked(t, before, gone, "[-", "-]")
		wantMarked(t, after, came, "{+", "+}")
	})
}

func wantMarked(t *rapid.T, text, marked, begin, end string) {
	if got := strings.NewReplacer(begin, "", end, "").Replace(marked); got != text {
		t.Fatalf("%q became %q", text, marked)
	}
	whole := map[int]bool{0: true}
	at := 0
	for g := graphemes.FromString(text); g.Next(); {
		at += len(g.Value())
		whole[at] = true
	}
	at = 0
	for rest := marked; rest != ""; {
		if strings.HasPrefix(rest, begin) || strings.HasPrefix(rest, end) {
			if !whole[at] {
				t.Fatalf("%q is cut within a character: %q", text, marked)
			}
			rest = rest[len(begin):]
			continue
		}
		at++
		rest = rest[1:]
	}
}

// TestMarksAreBoldInColour: the marks carry the meaning, bold only helps to find them.
func TestMarksAreBoldInColour(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"周[-五-] 9", "周\x1b[1m[-五-]\x1b[22m 9"},
		{"a {+b+} c {+d+}", "a \x1b[1m{+b+}\x1b[22m c \x1b[1m{+d+}\x1b[22m"},
		{"[-x", "[-x"},
	} {
		if got := emphasised(tt.text); got != tt.want {
			t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
		}
	}
}
