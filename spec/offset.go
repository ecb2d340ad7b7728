package spec

import (
	"bytes"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// stride is how many characters of a long line lie between two whose offset is kept: a whole
// card may stand on one line, and looking for a column must not mean to go through all of it.
const stride = 256

// offset is where in the file a node begins, which has a place in it.
func (f *file) offset(n *yaml.Node) int { return f.offsetOf(n.Line, n.Column) }

// offsetOf is where a place is that the file has.
func (f *file) offsetOf(line, column int) int {
	f.findLines()
	start, column := int(f.lineStarts[line-1]), column-1
	if column >= stride {
		kept := f.columns(line)
		nearest := min(column/stride, len(kept)-1)
		start, column = start+int(kept[nearest]), column-nearest*stride
	}
	for ; column > 0 && start < len(f.src) && f.src[start] != '\n'; column-- {
		_, size := utf8.DecodeRune(f.src[start:])
		start += size
	}
	return start
}

// columns are the offsets, in a line, of every character that is a multiple of stride.
func (f *file) columns(number int) []int32 {
	if kept, ok := f.longLines[number]; ok {
		return kept
	}
	line := f.line(number)
	kept := []int32{0}
	for i := 0; i < len(line); {
		for range stride {
			_, size := utf8.DecodeRune(line[i:])
			i += size
		}
		kept = append(kept, int32(i))
	}
	if f.longLines == nil {
		f.longLines = map[int][]int32{}
	}
	f.longLines[number] = kept
	return kept
}

// inQuotes is a text in double quotes as the file has it, from its first quote to its last,
// and where it begins.
func (f *file) inQuotes(n *yaml.Node) (text []byte, start int) {
	start = f.offset(n)
	quote := bytes.IndexByte(f.src[start:], '"') // a tag or an anchor may stand before it
	if quote < 0 {
		return nil, start
	}
	start += quote
	return stringLiteral(f.src[start:]), start
}

// placeFrom is the place of an offset in a node's text.
func (f *file) placeFrom(n *yaml.Node, offset int) place {
	start := f.offset(n)
	at := placeIn(f.src[start:], offset-start)
	if at.line == 1 {
		at.column += int32(n.Column) - 1
	}
	at.line += int32(n.Line) - 1
	return at
}
