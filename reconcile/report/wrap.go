package report

import (
	"regexp"
	"strings"

	"github.com/mattn/go-runewidth"
)

// width is the number of columns that text output keeps within.
const width = 100

// cells counts columns as a terminal does. The condition is spelled out because the library's
// default reads the environment.
func cells() *runewidth.Condition {
	return &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}
}

// wrap breaks s into pieces of at most room columns, at a space where one is near and never
// inside a character or in front of a mark that belongs to it. Nothing is left out.
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
		if space := strings.LastIndexByte(s[:cut], ' '); space > cut*2/3 {
			cut = space + 1
		}
		lines = append(lines, s[:cut])
		s = s[cut:]
	}
}

// fit is the number of bytes of s that fill at most room columns, at least one unit.
func fit(c *runewidth.Condition, s string, room int) int {
	end := unit(c, s)
	used := c.StringWidth(s[:end])
	for end < len(s) {
		n := unit(c, s[end:])
		if used += c.StringWidth(s[end : end+n]); used > room {
			return end
		}
		end += n
	}
	return end
}

// unit is the number of bytes at the start of s that must stay together: an escape of Visible,
// or a character with the marks and joined characters that belong to it.
func unit(c *runewidth.Condition, s string) int {
	if s[0] == '\\' {
		if escape := escaped.FindString(s); escape != "" {
			return len(escape)
		}
	}
	joined := true // the first character is taken whatever it is
	for i, r := range s {
		if !joined && (c.RuneWidth(r) > 0 || r < ' ') {
			return i
		}
		joined = r == zeroWidthJoiner
	}
	return len(s)
}

var escaped = regexp.MustCompile(`^\\(u\{[0-9A-F]+\}|x[0-9A-F]{2}|.)`)
