package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Two texts that differ must never look the same, or a reader approves a change that cannot be
// seen. What is rare in texts that people type is always escaped: spaces of other kinds than the
// usual one, letters in pieces (NFD) or in another form than NFC has, and marks and variation
// selectors that stand alone. The ideographic space is usual in Chinese: it is escaped in names
// that programs compare, and in a text that is shown beside another where it makes the difference.

const ideographicSpace = '\u3000'

// unclear reports whether r is suspect or a space that looks like another.
func unclear(r rune) bool { return suspect(r) || isRareSpace(r) }

func isRareSpace(r rune) bool {
	return r > ' ' && r != ideographicSpace && unicode.Is(unicode.Zs, r)
}

// exact is Visible of what is compared as a whole: an id, a key, a path, the name of a file.
func exact(s string) string {
	return withEscapes(s, func(r rune) bool { return unclear(r) || r == ideographicSpace || isSelector(r) })
}

// asItLooks reports whether s is the sequence of characters that it looks like.
func asItLooks(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return norm.NFC.IsNormalString(s) && !unicode.Is(unicode.M, first) &&
		!strings.ContainsFunc(s, func(r rune) bool { return isSelector(r) || r == '\\' })
}

// isSelector reports whether r chooses between forms of the character before it.
func isSelector(r rune) bool { return r >= '\uFE00' && r <= '\uFE0F' }

// selects reports whether a selector behind r makes a picture of it, or of a key.
func selects(r rune) bool {
	return joinsEmoji(r) || r >= '0' && r <= '9' || r == '#' || r == '*' || unicode.In(r, unicode.Sm, unicode.Po)
}

// looks is what two texts have in common that a reader could take for each other.
func looks(s string) string {
	return strings.Join(strings.FieldsFunc(norm.NFC.String(strings.Map(withoutSelector, s)), isSpace), " ")
}

func withoutSelector(r rune) rune {
	if isSelector(r) {
		return -1
	}
	return r
}

func isSpace(r rune) bool { return unicode.Is(unicode.Zs, r) }

// telling is Visible for texts that stand beside each other, such as a value before and after: it
// shows as escapes what of them differs without looking so.
func telling(texts ...string) func(string) string {
	spaces, letters := false, false
	for i, a := range texts {
		for _, b := range texts[:i] {
			alike := a != b && looks(a) == looks(b)
			spaces = spaces || alike || strings.Count(a, "\u3000") != strings.Count(b, "\u3000")
			letters = letters || alike && withoutSpaces(a) != withoutSpaces(b)
		}
	}
	return func(s string) string {
		return withEscapes(s, func(r rune) bool {
			return unclear(r) || spaces && r == ideographicSpace || letters && isComposed(r)
		})
	}
}

func withoutSpaces(s string) string { return strings.Join(strings.FieldsFunc(s, isSpace), "") }

// isComposed reports whether r is a letter with a mark, a mark, or a selector.
func isComposed(r rune) bool {
	return isSelector(r) || r >= utf8.RuneSelf && (unicode.Is(unicode.M, r) || norm.NFC.PropertiesString(string(r)).Decomposition() != nil)
}
