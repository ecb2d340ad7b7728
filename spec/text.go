package spec

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

const (
	byteOrderMark      = '\ufeff'
	nextLine           = '\u0085'
	lineSeparation     = '\u2028'
	paragraphSeparator = '\u2029'
)

// dropMarks leaves out what some editors on Windows begin a file with. Places do not count it.
func (f *file) dropMarks() {
	rest := bytes.TrimLeft(f.src, string(byteOrderMark))
	if marks := (len(f.src) - len(rest)) / utf8.RuneLen(byteOrderMark); marks > 1 {
		f.fault(firstPlace(), ruleHiddenCharacter, hiddenMarks, marks).Hint = saveWithoutMark
	}
	f.src = rest
}

// breaksLine reports whether a character ends a line for yaml.v3 and for no editor; a CR does
// unless an LF follows, which is for the caller to see.
func breaksLine(r rune) bool {
	return r == nextLine || r == lineSeparation || r == paragraphSeparator || r == '\r'
}

// standIns are the characters that stand in, in the text that yaml.v3 reads, for those that
// it takes otherwise than YAML 1.2 and every editor. Lines, columns and meaning are then
// those that a reviewer sees, and restore puts the file's own characters into the nodes.
type standIns struct {
	of     map[rune]rune     // what stands in for a character
	back   *strings.Replacer // nil: for none
	halves bool              // of surrogate pairs; see hideHalves
	tried  int               // by spare
}

// prepare makes the text for yaml.v3. To it the characters of breaksLine end a line, a byte
// order mark is nothing, or eats the character at its side, a ? ends a text within brackets,
// a directive has to say 1.1, and the escape \/ and those that JSON writes in pairs are mistakes.
func (f *file) prepare() {
	f.text = f.src
	odd := f.tellHidden()
	if halves := hasHalves(f.src); odd || halves || bytes.IndexByte(f.src, '?') >= 0 || bytes.Contains(f.src, []byte(`\/`)) {
		f.standIn()
		if f.halves = halves && !f.halvesTaken(); f.halves {
			hideHalves(f.text)
		}
	}
	if bytes.IndexByte(f.text, '%') >= 0 {
		f.directives()
	}
}

// standIn gives the text its stand-ins.
func (f *file) standIn() {
	f.of = map[rune]rune{}
	out := make([]byte, 0, len(f.src)+len(f.src)/8)
	last := '\n' // the last character of the line that is no blank
	escaped := false
	for i := 0; i < len(f.src); {
		r, size := utf8.DecodeRune(f.src[i:])
		rest := f.src[i+size:]
		switch {
		case r == byteOrderMark:
			out = append(out, f.insteadOfMark(f.src[:i], rest)...)
		case r == '?' && !mayBeginKey(last, rest), breaksLine(r) && !isLineEnd(r, rest),
			r == '\\' && !escaped && bytes.HasPrefix(rest, []byte{'/'}):
			out = utf8.AppendRune(out, f.standInFor(r))
		default:
			out = append(out, f.src[i:i+size]...)
		}
		if r != ' ' && r != '\t' {
			last = r
		}
		escaped = r == '\\' && !escaped
		i += size
	}
	f.text = out
	var pairs []string
	for r, other := range f.of {
		pairs = append(pairs, string(other), string(r))
	}
	f.back = strings.NewReplacer(pairs...)
}

// insteadOfMark is what yaml.v3 gets for a byte order mark. It has no meaning where it may
// stand in front of a document: at the beginning of a line, before a marker, a comment or
// nothing. Elsewhere it is a character of a text.
func (f *file) insteadOfMark(before, rest []byte) string {
	if bytes.HasSuffix(before, []byte{'\n'}) {
		for _, marker := range []string{"---", "...", "%YAML"} {
			if bytes.HasPrefix(rest, []byte(marker)) {
				return ""
			}
		}
		if isBlankOrComment(lineOf(rest, 1)) {
			return " "
		}
	}
	return string(f.standInFor(byteOrderMark))
}

// isLineEnd reports whether a character is the CR of a CRLF.
func isLineEnd(r rune, rest []byte) bool {
	return r == '\r' && len(rest) > 0 && rest[0] == '\n'
}

// mayBeginKey reports whether a ? may be the mark of a key: a blank or a bracket comes after
// it, and nothing of a text before it on its line, of which last is the last that is no blank.
// To YAML 1.2 any other is a character of a text.
func mayBeginKey(last rune, rest []byte) bool {
	if len(rest) > 0 && strings.IndexByte(" \t\r\n,[]{}", rest[0]) < 0 {
		return false
	}
	return strings.ContainsRune("\n{[,:-?", last)
}

func (f *file) standInFor(r rune) rune {
	other, ok := f.of[r]
	if !ok {
		other = f.spare(r)
		f.of[r] = other
	}
	return other
}

// spare is a private-use character that the file does not have, neither as such nor, having
// looked for its digits, as an escape. In the odd file that has them all it is r itself, which
// then is read as yaml.v3 does.
func (f *file) spare(r rune) rune {
	const first, most = 0xF000, 0xF010 // more than there are characters to stand in for
	for other := rune(first + f.tried); other < most; other++ {
		f.tried++
		if !bytes.Contains(f.src, []byte(string(other))) && !f.mayEscape(other) {
			return other
		}
	}
	return r
}

// mayEscape reports whether the file may have a character as an escape: it has its digits and a \.
func (f *file) mayEscape(r rune) bool {
	return bytes.IndexByte(f.src, '\\') >= 0 && bytes.Contains(bytes.ToLower(f.src), fmt.Appendf(nil, "%x", r))
}

// restore puts the file's own characters into the nodes of a document.
func (f *file) restore(n *yaml.Node) {
	if f.back == nil {
		return
	}
	if escape, ok := f.of['\\']; ok && escape != '\\' && n.Style&yaml.DoubleQuotedStyle != 0 {
		n.Value = strings.ReplaceAll(n.Value, string(escape), "") // of \/
	}
	n.Value = f.back.Replace(n.Value)
	if f.halves {
		f.joinHalves(n)
	}
	for _, c := range n.Content {
		f.restore(c)
	}
}
