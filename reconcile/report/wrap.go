package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"
)

// cells counts columns as a terminal does. The condition is spelled out because the library's
// default reads the environment.
func cells() *runewidth.Condition {
	return &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}
}

// wrap breaks s into pieces of at most room columns, at a space where one is near and never
// inside a unit; one that has no room is a piece by itself. Nothing is left out.
func wrap(s string, room int) []string {
	c := cells()
	if len(s) <= room || c.StringWidth(s) <= room {
		return []string{s}
	}
	var lines []string
	for {
		cut := fit(c, s, room)
		if cut == len(s) {
			return append(lines, s)
		}
		if space := strings.LastIndexByte(s[:cut], ' '); space > cut*2/3 && unit(s[space:]) == 1 {
			cut = space + 1
		} else {
			for n := 0; n < 2 && strings.HasPrefix(s[cut:], " ") && unit(s[cut:]) == 1; n++ {
				cut++ // a space at the end of a line is not seen
			}
		}
		lines = append(lines, s[:cut])
		s = s[cut:]
	}
}

// fit is the number of bytes of s that fill at most room columns, at least one unit.
func fit(c *runewidth.Condition, s string, room int) int {
	end := unit(s)
	used := c.StringWidth(s[:end])
	for end < len(s) {
		n := unit(s[end:])
		if used += c.StringWidth(s[end : end+n]); used > room {
			return end
		}
		end += n
	}
	return end
}

// unit is the number of bytes at the start of s that must stay together: what somebody will
// copy, an escape of Visible, or what a reader takes for one character.
func unit(s string) int {
	n := quotedCopy(s)
	_, last := utf8.DecodeLastRuneInString(s[:n])
	first := graphemes.FromString(s[n-last:]) // marks may follow what is copied
	first.Next()
	return max(n-last+len(first.Value()), len(escapeAt(s)))
}

// glyphLength is the number of bytes at the start of s that a reader takes for one character.
func glyphLength(s string) int {
	first := graphemes.FromString(s)
	first.Next()
	return max(len(first.Value()), len(escapeAt(s)))
}

// escapeAt is the escape of Visible at the start of s, or "".
func escapeAt(s string) string {
	switch {
	case len(s) < 2 || s[0] != '\\':
		return ""
	case s[1] == 'u':
		return s[:strings.IndexByte(s, '}')+1]
	case s[1] == 'x':
		return s[:min(len(s), len(`\xFF`))]
	case s[1] < utf8.RuneSelf:
		return s[:2]
	default:
		return ""
	}
}

// How many bytes of what is copied stay together; longer ones are only text.
const (
	longestWord    = 128  // an id, the id of a log, a digest
	longestAddress = 4000 // browsers take no longer ones everywhere
)

// quotedCopy is copied with the quotes and brackets around it, which would look lost on other lines.
func quotedCopy(s string) int {
	before := run(s, 2, func(r rune) bool { return strings.ContainsRune("\"'([{‹「《“（", r) })
	n := copied(s[before:])
	if n == 0 {
		return 0
	}
	n += before
	return n + run(s[n:], 4, func(r rune) bool { return strings.ContainsRune("\"')]},.:;›」》”），。：；", r) })
}

// copied is the length of the id, digest, time, place in a file or web address at the start of s,
// or of a plain word, which looks the same; 0 if there is none.
func copied(s string) int {
	n := run(s, longestWord, isOfID)
	for n > 0 && n <= longestWord && n+1 < len(s) && strings.IndexByte("/:+", s[n]) >= 0 && isOfID(rune(s[n+1])) {
		n++
		n += run(s[n:], longestWord, isOfID)
	}
	if strings.HasPrefix(s[n:], "://") {
		n += len("://")
		return short(n+run(s[n:], longestAddress, isOfAddress), longestAddress)
	}
	return short(n, longestWord)
}

func short(n, most int) int {
	if n > most {
		return 0
	}
	return n
}

// run is how many bytes at the start of s are made of such characters. It looks no further than
// one past most.
func run(s string, most int, such func(rune) bool) int {
	for i, r := range s {
		if i > most || !such(r) {
			return i
		}
	}
	return len(s)
}

func isOfID(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_.@-", r)
}

// isOfAddress is laxer than the standard: browsers show and take letters of any script.
func isOfAddress(r rune) bool {
	return r > ' ' && r < 0x7F && !strings.ContainsRune("\"<>\\^`{|}", r) || unicode.In(r, unicode.L, unicode.Nd)
}
