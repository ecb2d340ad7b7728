package report

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, in, want string }{
		{"plain text stays", "系统维护 22:00 (A/B)", "系统维护 22:00 (A/B)"},
		{"a line break cannot forge a line", "a\nPlan: 0 to update\r\n", `a\nPlan: 0 to update\r\n`},
		{"an escape sequence cannot reach the terminal", "\x1b[2J\x1b]8;;http://x\x07", `\u{1B}[2J\u{1B}]8;;http://x\u{07}`},
		{"C1 controls are controls too", "\u009b2J", `\u{9B}2J`},
		{"bidi controls cannot turn text around", "\u202Egnp.exe", `\u{202E}gnp.exe`},
		{"zero width hides nothing", "ad\u200Bmin", `ad\u{200B}min`},
		{"tag characters carry no secret text", "x\U000E0041", `x\u{E0041}`},
		{"a blank letter is shown", "\u3164", `\u{3164}`},
		{"line separators break lines in some viewers", "a\u2028b", `a\u{2028}b`},
		{"bytes that are no UTF-8 are shown", "a\xff", `a\xFF`},
		{"a backslash is doubled, so that an escape is never text", `\u{202E}`, `\\u{202E}`},
		{"an emoji family stays one picture", "👨‍👩‍👧", "👨‍👩‍👧"},
		{"a joiner between letters does not", "a\u200Db", `a\u{200D}b`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if got := Visible(row.in); got != row.want {
				t.Errorf("Visible(%q) = %s, want %s", row.in, got, row.want)
			}
		})
	}
}

// TestVisibleIsOneSafeLine is the law behind the table: whatever comes in, what goes out is
// valid UTF-8 without anything that steers or breaks a line, and two texts never look alike.
func TestVisibleIsOneSafeLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		b := rapid.String().Draw(t, "other")
		got := Visible(a)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		for _, r := range got {
			if r != zeroWidthJoiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U went through in %q", r, got)
			}
		}
		if a != b && got == Visible(b) {
			t.Fatalf("%q and %q look alike: %s", a, b, got)
		}
	})
}
