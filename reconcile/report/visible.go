package report

import (
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Visible returns s with every character escaped that could steer a terminal, hide from a reader
// or pass for another: see alike.go. A backslash is doubled, so that an escape in the output always
// stands for the character and never for the text of an escape. The result is one line of printable
// UTF-8 in which no CI system finds a command.
func Visible(s string) string { return withEscapes(s, unclear) }

// visibleMessage is Visible of a diagnostic's message or hint: what package spec quotes in it
// is escaped in the same way, and a backslash is an escape's already.
func visibleMessage(s string) string { return withEscapes(s, unclearInMessage) }

func unclearInMessage(r rune) bool { return r != '\\' && unclear(r) }

// harmless is the name of a file as programs get it that look for that file: what only looks like
// another name stays as it is.
func harmless(s string) string {
	if !strings.ContainsFunc(s, suspect) && utf8.ValidString(s) {
		return withoutLoggingCommands(s)
	}
	return Visible(s)
}

// withEscapes is a text with what is suspect escaped, and what is another sequence of characters
// than its looks suggest.
func withEscapes(s string, suspect func(rune) bool) string {
	if !strings.ContainsFunc(s, suspect) && utf8.ValidString(s) && asItLooks(s) {
		return withoutLoggingCommands(s)
	}
	var b strings.Builder
	for g := range glyphs(s, suspect) {
		b.WriteString(g.shown)
	}
	return withoutLoggingCommands(b.String())
}

// glyph is a character of a text, and how it is shown.
type glyph struct {
	at      int // in the text
	rune    rune
	shown   string
	escaped bool
}

// glyphs are the characters of a text with what is suspect escaped.
func glyphs(s string, suspect func(rune) bool) iter.Seq[glyph] {
	return func(yield func(glyph) bool) {
		last := glyph{escaped: true} // what a mark would belong to
		for i, end, odd := 0, 0, false; i < len(s); {
			if i >= end {
				end = i + max(norm.NFC.NextBoundaryInString(s[i:], true), 1)
				odd = !norm.NFC.IsNormalString(s[i:end])
			}
			r, size := utf8.DecodeRuneInString(s[i:])
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			g := glyph{at: i, rune: r, shown: s[i : i+size]}
			switch {
			case r == utf8.RuneError && size == 1:
				g.shown, g.escaped = fmt.Sprintf(`\x%02X`, s[i]), true
			case r == zeroWidthJoiner && joinsEmoji(last.rune) && joinsEmoji(next):
			case suspect(r), odd && r >= utf8.RuneSelf, (last.escaped || last.rune == '\\') && unicode.Is(unicode.M, r), isSelector(r) && !selects(last.rune):
				g.shown, g.escaped = escape(r), true
			}
			if !yield(g) {
				return
			}
			last, i = g, i+size
		}
	}
}

// byLine makes a text visible line by line, for an error that joins several.
func byLine(s string, visible func(string) string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = visible(l)
	}
	return strings.Join(lines, "\n")
}

// quoted is a text in double quotes, made visible, with its own quotes escaped.
func quoted(s string, visible func(string) string) string {
	return `"` + strings.ReplaceAll(visible(s), `"`, `\"`) + `"`
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
