package spec

import (
	"bytes"
	"slices"
	"strings"
)

// conflict is the lines, marks included, that a merge left for somebody to decide on.
type conflict struct {
	from, to int
	begins   byte // the sign of its first mark
	whole    bool // from <<<<<<< to its >>>>>>>, or one mark alone
}

// compare says whether a conflict stands before a line, has it, or stands behind it.
func (c conflict) compare(line int) int {
	switch {
	case c.to < line:
		return -1
	case c.from > line:
		return 1
	}
	return 0
}

// conflictMark is the sign of a line that a merge wrote, or 0: seven times <, |, = or >, and then
// nothing or a space.
func conflictMark(line []byte) byte {
	const length = 7
	if len(line) < length || strings.IndexByte("<|=>", line[0]) < 0 || bytes.Count(line[:length], line[:1]) != length {
		return 0
	}
	if rest := line[length:]; len(rest) > 0 && (rest[0] != ' ' || line[0] == '=') {
		return 0
	}
	return line[0]
}

// conflictsIn are those of a text, and the text as if their first sides had been kept.
func conflictsIn(src []byte) (all []conflict, firstSides []byte) {
	depth, leftOut, open := 0, 0, false // leftOut: the depth whose other side is left out
	for i, line := range bytes.SplitAfter(src, []byte{'\n'}) {
		mark := conflictMark(bytes.TrimRight(line, "\r\n"))
		if mark != 0 {
			if !open || mark == '<' && depth == 0 {
				all, open = append(all, conflict{from: i + 1, begins: mark}), true
			}
			c := &all[len(all)-1]
			c.to = i + 1
			switch mark {
			case '<':
				depth++
			case '>':
				if leftOut == depth {
					leftOut = 0
				}
				depth = max(depth-1, 0)
				open = depth > 0
			default:
				if leftOut == 0 {
					leftOut = depth
				}
			}
			c.whole = c.from == c.to || c.begins == '<' && mark == '>' && !open
		}
		if mark != 0 || leftOut > 0 {
			line = line[len(bytes.TrimRight(line, "\r\n")):]
		}
		firstSides = append(firstSides, line...)
	}
	return all, firstSides
}

// conflicts faults the marks that a merge left, and reports whether there are any. Nothing between
// them can be judged; the rest of a file with documents is, as if the first sides had been kept.
func (f *file) conflicts(rule string) bool {
	if !slices.ContainsFunc([]string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"}, func(mark string) bool { return bytes.Contains(f.src, []byte(mark)) }) {
		return false
	}
	all, firstSides := conflictsIn(f.src)
	for _, c := range all {
		if c.from == c.to {
			f.fault(place{int32(c.from), 1}, rule, conflictOneMark, c.from).Hint = keepOneSide
		} else {
			f.fault(place{int32(c.from), 1}, rule, conflictMarks, c.from, c.to).Hint = keepOneSide
		}
	}
	if rule == ruleYAMLSyntax && len(all) > 0 && !slices.ContainsFunc(all, func(c conflict) bool { return !c.whole }) { // a card that is JSON has none
		f.takeOver(firstSides, func(d *Diagnostic) bool {
			_, within := slices.BinarySearchFunc(all, d.Pos.Line, conflict.compare)
			return !within
		})
	}
	return len(all) > 0
}
