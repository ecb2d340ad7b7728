package spec

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// follower goes along a text's value and along how the file writes it, to know where in the file a part
// of the text stands. It goes forward only, so that looking for many parts is one walk.
type follower struct {
	src   []byte // from the text on
	value string
	quote byte // that the text stands in; 0 for none
	block bool // the text stands in lines of its own, below | or >
	at    place
	read  int // of the value
}

// followText begins at a node's text.
func (f *file) followText(n *yaml.Node) *follower {
	w := &follower{src: f.src[f.offset(n):], value: n.Value, at: placeOfNode(n)}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		w.quote = '"'
	case n.Style&yaml.SingleQuotedStyle != 0:
		w.quote = '\''
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		w.block = true
		w.pass(bytes.IndexByte(w.src, '\n') + 1)
		w.blanks()
		return w
	}
	for len(w.src) > 0 && (w.src[0] == '&' || w.src[0] == '!') { // an anchor, a tag
		w.pass(max(1, bytes.IndexAny(w.src, " \n")))
		w.pass(len(w.src) - len(bytes.TrimLeft(w.src, " \n")))
	}
	if w.quote != 0 {
		w.pass(1)
	}
	return w
}

// followJSON begins at a string in JSON.
func followJSON(src []byte, at place, value string) *follower {
	w := &follower{src: src, value: value, quote: '"', at: at}
	w.pass(1)
	return w
}

// to goes to where so many bytes of the value were read; it reports whether the text was understood.
func (w *follower) to(read int) bool {
	for w.read < read {
		if len(w.src) == 0 || !w.step() {
			return false
		}
	}
	return true
}

// pass goes on by so many bytes of the file.
func (w *follower) pass(n int) {
	passed := w.src[:min(max(n, 0), len(w.src))]
	w.src = w.src[len(passed):]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		w.at = place{w.at.line + int32(bytes.Count(passed, []byte{'\n'})), 1}
		passed = passed[i+1:]
	}
	w.at.column += int32(utf8.RuneCount(passed))
}

func (w *follower) step() bool {
	c := w.src[0]
	switch {
	case c == '\\' && w.quote == '"':
		return w.escape()
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return w.blanks()
	}
	r, size := utf8.DecodeRuneInString(w.value[w.read:])
	if written, _ := utf8.DecodeRune(w.src); written != r {
		return false
	}
	w.read += size
	w.pass(size)
	if c == '\'' && w.quote == c {
		w.pass(1) // it is doubled
	}
	return true
}

// escape reads one character that is written in more; two halves of one are written apart. A line that
// ends with a backslash goes on in the next.
func (w *follower) escape() bool {
	if rest := bytes.TrimLeft(w.src[1:], "\r"); bytes.HasPrefix(rest, []byte{'\n'}) {
		w.pass(len(w.src) - len(bytes.TrimLeft(rest[1:], " \t")))
		return true
	}
	length := map[byte]int{'x': len(`\x00`), 'u': len(`\u0000`), 'U': len(`\U00000000`)}[w.src[min(1, len(w.src)-1)]]
	if length == 0 {
		length = len(`\n`)
	}
	if isHalf(w.src) {
		length *= 2
	}
	_, size := utf8.DecodeRuneInString(w.value[w.read:])
	w.read += size
	w.pass(length)
	return true
}

// blanks reads the blanks and breaks of lines that stand together. Below | and > they are as many as they
// are; elsewhere a break is a blank, and each more a break.
func (w *follower) blanks() bool {
	const all = " \t\r\n"
	run := w.src[:len(w.src)-len(bytes.TrimLeft(w.src, all))]
	breaks := bytes.Count(run, []byte{'\n'})
	switch {
	case w.block:
		w.read = len(w.value) - len(strings.TrimLeft(w.value[w.read:], all))
	case breaks > 0:
		w.read += max(1, breaks-1)
	default:
		w.read += len(run)
	}
	w.pass(len(run))
	return w.read <= len(w.value)
}
