package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits is how much Markdown a place takes.
type Limits struct {
	Characters int // Unicode code points
	Bytes      int // of UTF-8
}

// CommentLimits is what fits in a comment: GitHub's own limits are 65 536 characters and
// 262 144 bytes, and whoever posts the comment may want to add a line.
func CommentLimits() Limits { return Limits{60_000, 260_000} }

// SummaryLimits is what fits in a step summary that already holds existing bytes. GitHub drops a
// summary of more than 1 MiB whole.
func SummaryLimits(existing int) Limits {
	return Limits{900 << 10, max(0, 900<<10-existing)}
}

func sizeOf(s string) Limits { return Limits{utf8.RuneCountInString(s), len(s)} }

func (l Limits) holds(s Limits) bool { return s.Characters <= l.Characters && s.Bytes <= l.Bytes }

func (l Limits) less(s Limits) Limits {
	return Limits{l.Characters - s.Characters, l.Bytes - s.Bytes}
}

func (l Limits) plus(s Limits) Limits {
	return Limits{l.Characters + s.Characters, l.Bytes + s.Bytes}
}

func (l Limits) share(percent int) Limits {
	return Limits{l.Characters * percent / 100, l.Bytes * percent / 100}
}

// fitting is how many of the lines fit, from the first on.
func fitting(lines []string, room Limits) int {
	for i, line := range lines {
		room = room.less(sizeOf(line + "\n"))
		if !room.holds(Limits{}) {
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
	size    Limits // of the whole block, see measured
}

// measured is the blocks with their sizes, and how large they are together.
func measured(blocks []fold) ([]fold, Limits) {
	out, all := slices.Clone(blocks), Limits{}
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
		note = isOrAre(left, "more line") + " left out here.\n\n"
	}
	if f.open {
		attribute = " open"
	}
	return "<details" + attribute + "><summary>" + f.summary + "</summary>\n\n" + fenced("diff", lines) + "\n" + note + "</details>\n\n"
}

func (f fold) whole() string { return f.draw(f.lines(), 0) }

// within is as much of a block that does not fit as fits, or nothing when not even a few lines do.
func (f fold) within(room Limits) string {
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
func folds(blocks []fold, room Limits) (markdown string, left int) {
	order := make([]int, len(blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(blocks[a].size.Characters, blocks[b].size.Characters) })
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
