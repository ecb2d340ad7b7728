package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s with every character escaped that could steer a terminal or hide from a
// reader. A backslash is doubled, so that an escape in the output always stands for the
// character and never for the text of an escape. The result is one line of printable UTF-8 in
// which no CI system finds a command.
func Visible(s string) string { return withEscapes(s, suspect) }

// visibleMessage is Visible of a diagnostic's message or hint: what package spec quotes in it
// is escaped in the same way, and a backslash is an escape's already.
func visibleMessage(s string) string {
	return withEscapes(s, func(r rune) bool { return r != '\\' && suspect(r) })
}

// withEscapes is a text with what is suspect escaped.
func withEscapes(s string, suspect func(rune) bool) string {
	if !strings.ContainsFunc(s, suspect) && utf8.ValidString(s) {
		return withoutLoggingCommands(s)
	}
	var b strings.Builder
	previous := rune(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02X`, s[i])
		case r == zeroWidthJoiner && joinsEmoji(previous) && joinsEmoji(next):
			b.WriteRune(r)
		case suspect(r):
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
		previous, i = r, i+size
	}
	return withoutLoggingCommands(b.String())
}

// byLine makes a text visible line by line, for an error that joins several.
func byLine(s string, visible func(string) string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = visible(l)
	}
	return strings.Join(lines, "\n")
}

// quoted is Visible in double quotes, with the quotes of s escaped.
func quoted(s string) string {
	return `"` + strings.ReplaceAll(Visible(s), `"`, `\"`) + `"`
}

const zeroWidthJoiner = '\u200D'

// joinsEmoji reports whether a zero-width joiner beside r is part of an emoji such as a family,
// and not a hidden character.
func joinsEmoji(r rune) bool {
	return r == '\uFE0F' || unicode.In(r, unicode.So, unicode.Sk)
}

func escape(r rune) string {
	switch r {
	case '\\':
		return `\\`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	default:
		return fmt.Sprintf(`\u{%02X}`, r)
	}
}

// suspect reports whether r steers, hides or breaks a line. The ranges beyond Unicode's
// control, format, private and separator classes are letters and marks that are drawn as nothing.
func suspect(r rune) bool {
	switch {
	case r < 0x7F:
		return r < ' ' || r == '\\'
	case r == '\u034F', r == '\u115F', r == '\u1160', r == '\u3164', r == '\uFFA0', r == '\u2800', r == '\uFFFC':
		return true
	case r >= '\u180B' && r <= '\u180F', r >= 0xE0000 && r <= 0xE0FFF:
		return true
	default:
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
	}
}
