package spec

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestHidden(t *testing.T) {
	t.Parallel()
	stands := func(rune) bool { return false }
	for _, tt := range []struct{ why, text, want string }{
		{"plain text", "Hello, 世界! ñ Ünïcödé — “quotes” …", ""},
		{"a right-to-left override", "a\u202eb", "U+202E (bidi control)"},
		{"isolates", "\u2066a\u2069", "U+2066 (bidi control), U+2069 (bidi control)"},
		{"each is named once", "\u200ba\u200b", "U+200B (zero-width character)"},
		{"a byte order mark within", "a\ufeffb", "U+FEFF (zero-width character)"},
		{"a soft hyphen", "a\u00adb", "U+00AD (zero-width character)"},
		{"a Hangul filler", "a\u3164", "U+3164 (zero-width character)"},
		{"an escape", "\x1b[31m", "U+001B (control character)"},
		{"a NUL", "a\x00", "U+0000 (control character)"},
		{"a C1 control", "a\u009b31m", "U+009B (control character)"},
		{"a delete", "a\x7f", "U+007F (control character)"},
		{"a line separator", "a\u2028b", "U+2028 (line separator)"},
		{"tags spell unseen words", "a\U000e0061\U000e0062", "U+E0061 (tag character), U+E0062 (tag character)"},
		{"lines and tabs, in a card", "a\n\tb", ""},
		{"but not a carriage return", "a\r\n", "U+000D (control character)"},

		{"a family of joined emoji", "👨\u200d👩\u200d👧", ""},
		{"joined with skin and presentation", "👩🏽\u200d⚕\ufe0f ❤\ufe0f\u200d🔥 🙂\u200d↔\ufe0f", ""},
		{"a joiner between letters joins nothing", "pay\u200dpal", "U+200D (zero-width character)"},
		{"nor does one at the end", "👨\u200d", "U+200D (zero-width character)"},
		{"nor two", "👨\u200d\u200d👩", "U+200D (zero-width character)"},
		{"nor at the beginning", "\u200d👩", "U+200D (zero-width character)"},
		{"Persian is spelled with non-joiners", "می\u200cخواهم", ""},
		{"Sinhala with joiners", "ශ්\u200dරී", ""},
		{"English with neither", "a\u200cb", "U+200C (zero-width character)"},
		{"an Arabic number sign is drawn", "\u0600٣", ""},
		{"an Arabic letter mark is not", "\u061c", "U+061C (bidi control)"},
		{"a keycap", "1\ufe0f\u20e3", ""},
		{"a variant ideograph", "葛\U000e0100", ""},
		{"variations of nothing carry a message", "😀\ufe0f\ufe01\ufe02", "U+FE01 (variation selector), U+FE02 (variation selector)"},
		{"nor of a blank", " \ufe0f", "U+FE0F (variation selector)"},
		{"the flag of Scotland", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", ""},
		{"a flag of a whole message", "🏴" + strings.Repeat("\U000e0067", 9), "U+E0067 (tag character)"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if got := hidden(tt.text, true, stands); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
			}
			if found := hidden(tt.text, true, stands) != ""; found && !mayHide(TextJSON(tt.text).String()) {
				t.Errorf("%q is passed over in a card", tt.text)
			}
		})
	}
	if got := hidden("a\n\tb", false, stands); got != "U+000A (control character), U+0009 (control character)" {
		t.Errorf("a name of two lines: got %q", got)
	}
}

// TestIsHiddenAgreesWithUnicode checks the fast path against the tables, and that
// nothing printable is ever hidden.
func TestIsHiddenAgreesWithUnicode(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		tables := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector,
			unicode.Other_Default_Ignorable_Code_Point) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
		if isHidden(r) != tables {
			t.Errorf("U+%04X: got %v", r, isHidden(r))
		}
	}
}

func TestHiddenCharactersHavePlaces(t *testing.T) {
	t.Parallel()
	src := draftWith("job_name: \"a\\u202e\"", "push_scope_type: 2", `user_list: [{user_id: ou_a, name: "b\u200b"}]`,
		`push_content: {elements: [{}, {"te\u200bxt": {content: "c\x1b"}}], config: {x: "<a>\n"}}`,
		`ext: "\u202e is reserved anyway"`)
	want := []string{
		`1:11: warning: job_name has U+202E (bidi control) [hidden-character]`,
		`4:32: warning: the card has U+200B (zero-width character) [hidden-character]`,
		`4:56: warning: the card has U+001B (control character) [hidden-character]`,
		`5:35: warning: a name in user_list has U+200B (zero-width character) [hidden-character]`,
	}
	if diff := cmp.Diff(want, saidBy(Decode("f.yaml", []byte(src), anyCard(Options{})))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
