package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// limits is how much Markdown a place takes.
type limits struct {
	characters int // Unicode code points
	bytes      int // of UTF-8
}

// commentLimits is what fits in a comment: GitHub's own limits are 65 536 characters and
// 262 144 bytes, and whoever posts the comment may want to add a line.
func commentLimits() limits { return limits{60_000, 260_000} }

// summaryLimits is what fits in a step summary that already holds existing bytes. GitHub drops a
// summary of more than 1 MiB whole.
func summaryLimits(existing int) limits {
	return limits{900 << 10, max(0, 900<<10-existing)}
}

func sizeOf(s string) limits { return limits{utf8.RuneCountInString(s), len(s)} }

func (l limits) holds(s limits) bool { return s.characters <= l.characters && s.bytes <= l.bytes }

func (l limits) less(s limits) limits {
	return limits{l.characters - s.characters, l.bytes - s.bytes}
}

func (l limits) plus(s limits) limits {
	return limits{l.characters + s.characters, l.bytes + s.bytes}
}

func (l limits) share(percent int) limits {
	return limits{l.characters * percent / 100, l.bytes * percent / 100}
}

// fitting is how many of the lines fit, from the first on.
func fitting(lines []string, room limits) int {
	for i, line := range lines {
		room = room.less(sizeOf(line + "\n"))
		if !room.holds(limits{}) {
			return i
		}
	}
	return len(lines)
}

// fold is one foldable block: a line of HTML as its heading, lines in a fence, a note of ours.
type fold struct {
	summary string
	lines   func() []string // drawn when needed: thousands of cards are not held at once
	open    bool
	size    limits // of the whole block, see measured
}

// measured is the blocks with their sizes, and how large they are together.
func measured(blocks []fold) ([]fold, limits) {
	out, all := slices.Clone(blocks), limits{}
	for i := range out {
		out[i].size = sizeOf(out[i].whole())
		all = all.plus(out[i].size)
	}
	return out, all
}

// draw is the block around lines, of which so many more are left out.
func (f fold) draw(lines []string, left int) string {
	note, attribute := "", ""
	if left > 0 {
		note = counted(left, oneLineLeftOut, manyLinesLeftOut) + "\n\n"
	}
	if f.open {
		attribute = " open"
	}
	return "<details" + attribute + "><summary>" + f.summary + "</summary>\n\n" + fenced("diff", lines) + "\n" + note + "</details>\n\n"
}

func (f fold) whole() string { return f.draw(f.lines(), 0) }

// within is as much of a block that does not fit as fits, or nothing when not even a few lines do.
func (f fold) within(room limits) string {
	lines := f.lines()
	frame := f.draw([]string{strings.Repeat("`", blockWidth)}, len(lines)) // the longest fence there can be
	n := fitting(lines, room.less(sizeOf(frame)))
	if n < fewLines {
		return ""
	}
	return f.draw(lines[:n], len(lines)-n)
}

// fewLines is the least part of a block that is worth showing.
const fewLines = 3

// folds draws measured blocks within a room: whole ones first, the small before the large, so that one
// huge card does not hide all the others; then, of the first that did not fit, as many whole
// lines as there is room for. left counts the blocks that are not there at all.
func folds(blocks []fold, room limits) (markdown string, left int) {
	order := make([]int, len(blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(blocks[a].size.characters, blocks[b].size.characters) })
	fits := make([]bool, len(blocks))
	for _, i := range order {
		if fits[i] = room.holds(blocks[i].size); fits[i] {
			room = room.less(blocks[i].size)
		}
	}
	var out strings.Builder
	cut := false
	for i, b := range blocks {
		part := ""
		switch {
		case fits[i]:
			part = b.whole()
		case !cut:
			cut, part = true, b.within(room)
		}
		out.WriteString(part)
		if part == "" {
			left++
		}
	}
	return out.String(), left
}
