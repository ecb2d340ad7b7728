package spec

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// JSON, as json.dumps writes it, has a character beyond U+FFFF as a pair of escapes, such as
// \ud83c\udf75, each of which is half of it: a surrogate. YAML has 1.2 read JSON, but yaml.v3
// refuses them. Which escapes are in double quotes, and so mean something, only yaml.v3 knows:
// all are changed to escapes of private-use characters (\ue83c\uef75) of the same length, and
// changed back in the nodes.

const halfStandsAt = 0x1000 // how far a half is from what stands in for it

var (
	halfStandIn = regexp.MustCompile(`\\u[eE][89a-fA-F]`)
	// takesHalves is an escape that could be taken for what stands in for a half, or be read
	// as its backslash.
	takesHalves = regexp.MustCompile(`(?:\\|5[cC])[uU](?:0000)?[eE][89a-fA-F]`)
)

// isHalf reports whether a text begins with the escape of a half.
func isHalf[T []byte | string](s T) bool {
	return len(s) >= 4 && s[0] == '\\' && s[1] == 'u' && s[2]|0x20 == 'd' && strings.IndexByte("89abcdefABCDEF", s[3]) >= 0
}

func hasHalves(src []byte) bool {
	return bytes.Contains(src, []byte(`\ud`)) || bytes.Contains(src, []byte(`\uD`))
}

// halvesTaken reports whether the file has what should stand in for halves already.
func (f *file) halvesTaken() bool {
	isStandIn := func(r rune) bool { return 0xE800 <= r && r <= 0xEFFF }
	return bytes.IndexFunc(f.src, isStandIn) >= 0 || takesHalves.Match(f.src)
}

// hideHalves changes every escape of a half, in place: d to e, as it is written.
func hideHalves(text []byte) {
	for i := range text {
		if isHalf(text[i:]) {
			text[i+2]++
		}
	}
}

// joinHalves is the other half of hideHalves. A half without the other is no character.
func (f *file) joinHalves(n *yaml.Node) {
	text := halfStandIn.ReplaceAllStringFunc(n.Value, func(s string) string {
		b := []byte(s)
		b[2]--
		return string(b)
	})
	var joined strings.Builder
	lone := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if half := r - halfStandsAt; utf16.IsSurrogate(half) {
			next, nextSize := utf8.DecodeRuneInString(text[i+size:])
			if r = utf16.DecodeRune(half, next-halfStandsAt); r == utf8.RuneError {
				lone = true
			} else {
				size += nextSize
			}
		}
		joined.WriteRune(r)
		i += size
	}
	n.Value = joined.String()
	if lone {
		at, escape := f.loneHalf(n)
		f.fault(at, ruleYAMLSyntax, halfCharacter, escape).Hint = writeCharacter
	}
}

// loneHalf is where the first half without the other stands in a text in double quotes.
func (f *file) loneHalf(n *yaml.Node) (at place, escape string) {
	const length = len(`\ud83c`)
	text, start := f.inQuotes(n)
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if !isHalf(text[i:]) {
			i++ // what is escaped
			continue
		}
		if isHigh := strings.IndexByte("89abAB", text[i+3]) >= 0; isHigh && isHalf(text[min(i+length, len(text)):]) && strings.IndexByte("cdefCDEF", text[i+length+3]) >= 0 {
			i += 2*length - 1
			continue
		}
		return f.placeFrom(n, start+i), string(text[i:min(i+length, len(text))])
	}
	return placeOfNode(n), ""
}
