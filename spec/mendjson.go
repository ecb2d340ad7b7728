package spec

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What may be parsed again to tell the next mistake of JSON.
const (
	mostMendsOfJSON = 10
	longestJSON     = 64 << 10
)

// mistakesOfJSON are what is wrong with JSON, as far as one can be told behind another: each is mended, with
// nothing moved, to find the next. One that cannot be is the last, and not told beside a mend in its line.
func mistakesOfJSON(src []byte, first *jsonError) []*jsonError {
	all, mended := []*jsonError{first}, src
	for range mostMendsOfJSON {
		last := all[len(all)-1]
		if mended = mendedJSON(mended, last); mended == nil || len(src) > longestJSON {
			break
		}
		_, err := ParseJSON(mended)
		next := (*jsonError)(nil)
		if !errors.As(err, &next) || next.offset <= last.offset || next.message == jsonCutOff {
			break
		}
		next.place = placeIn(src, next.offset)
		if next.line == last.line && mendedJSON(mended, next) == nil {
			break
		}
		all = append(all, next)
	}
	return all
}

// mendedJSON is JSON with a mistake mended and nothing moved; nil if that cannot be.
func mendedJSON(src []byte, e *jsonError) []byte {
	if e.offset >= len(src) {
		return nil
	}
	r, size := utf8.DecodeRune(src[e.offset:])
	rest := src[e.offset:]
	switch {
	case r > unicode.MaxASCII && ofYAML(narrow(r)):
		return closedInPlace(replaced(src, e.offset, asciiInPlace(src[:e.offset], r, size)), e.offset+size)
	case e.hint == removeComma:
		return replaced(src, e.offset, " ")
	case e.hint == removeComment:
		end := cmp.Or(max(bytes.IndexByte(rest, '\n'), 0), len(rest))
		return replaced(src, e.offset, strings.Repeat(" ", end))
	case e.hint == typeDouble:
		end := bytes.IndexByte(rest[1:], '\'')
		if end < 0 || bytes.IndexByte(rest[1:end+1], '"') >= 0 {
			return nil
		}
		return replaced(src, e.offset, `"`+string(rest[1:end+1])+`"`)
	case e.hint == typeComma && e.offset > 0 && strings.IndexByte(" \t\r\n", src[e.offset-1]) >= 0:
		return replaced(src, e.offset-1, ",")
	}
	return nil
}

// asciiInPlace is what to type for a character, beside blanks for the room that it takes.
func asciiInPlace(before []byte, r rune, size int) string {
	ascii := strings.ReplaceAll(narrow(r), "'", `"`)
	blanks := strings.Repeat(" ", size-1)
	before = bytes.TrimRight(before, " \t\r\n")
	if ascii == `"` && len(before) > 0 && strings.IndexByte("{[,:", before[len(before)-1]) >= 0 {
		return blanks + ascii
	}
	return ascii + blanks
}

// closedInPlace is JSON in which a text that was begun before an offset ends with the next quote, if that is one of the
// Chinese keyboard.
func closedInPlace(src []byte, from int) []byte {
	line := string(lineOf(src[from:], 1))
	at := strings.IndexFunc(line, func(r rune) bool { return strings.Contains(`"'`, cmp.Or(narrow(r), "-")) || r == '"' })
	if src[from-1] != '"' || at < 0 || line[at] == '"' {
		return src
	}
	_, size := utf8.DecodeRuneInString(line[at:])
	return replaced(src, from+at, `"`+strings.Repeat(" ", size-1))
}

func replaced(src []byte, at int, text string) []byte {
	return slices.Concat(src[:at], []byte(text), src[at+len(text):])
}
