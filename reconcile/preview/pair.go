package preview

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	segments "github.com/clipperhouse/uax29/v2/words"

	"notiform/reconcile/diff"
)

// Pair draws a card before and after, with the words marked that are only in one of them, and the
// boxes that are drawn otherwise.
func (h *HTML) Pair(before, after View) (was, is template.HTML) {
	x, y := h.sheetOf(before), h.sheetOf(after)
	var from, to units
	from.of(x.Inner)
	to.of(y.Inner)
	runs(diff.Edits(keys(from.boxes, boxKey), keys(to.boxes, boxKey)), func(gone, came []int) {
		for _, i := range gone {
			from.boxes[i].Class += " changed"
		}
		for _, i := range came {
			to.boxes[i].Class += " changed"
		}
	})
	runs(diff.Edits(keys(from.pieces, pieceKey), keys(to.pieces, pieceKey)), func(gone, came []int) {
		for k, i := range gone {
			if k < len(came) {
				markWords(from.pieces[i], to.pieces[came[k]])
			} else {
				from.pieces[i].Words[0].Mark = "del"
			}
		}
		for _, i := range came[min(len(gone), len(came)):] {
			to.pieces[i].Words[0].Mark = "ins"
		}
	})
	if !h.Whole {
		byLine(x.Inner)
		byLine(y.Inner)
		x.Inner, y.Inner = folded(x.Inner), folded(y.Inner)
	}
	return h.draw(x), h.draw(y)
}

// mostShown is how many boxes a card may have before those are folded that are as before, and beside how
// many of them in a row a fold is worth it.
const mostShown, leastFolded = 12, 4

// byLine makes boxes of the lines of texts that have many, and folds them.
func byLine(boxes []drawn) {
	for i := range boxes {
		d := &boxes[i]
		byLine(d.Inner)
		var lines []drawn
		ended := true
		for _, p := range d.Text {
			if ended {
				lines = append(lines, drawn{Kind: "box", Class: "line", Lang: d.Lang})
			}
			last := &lines[len(lines)-1]
			last.Text = append(last.Text, p)
			ended = strings.HasSuffix(p.Words[len(p.Words)-1].Text, "\n")
		}
		if len(lines) > mostShown {
			d.Text, d.Inner = nil, slices.Concat(folded(lines), d.Inner)
		}
	}
}

// folded puts what is as before in folds, but for what stands next to a change.
func folded(boxes []drawn) []drawn {
	if len(boxes) <= mostShown {
		return boxes
	}
	var out []drawn
	for i := 0; i < len(boxes); {
		same := 0
		for i+same < len(boxes) && !boxes[i+same].differs() {
			same++
		}
		if skipped := same - 2; skipped >= leastFolded {
			fold := drawn{Kind: "fold", Class: "as-before", Label: fmt.Sprintf(asBefore, skipped), Inner: boxes[i+1 : i+1+skipped]}
			out = append(out, boxes[i], fold, boxes[i+same-1])
			i += same
			continue
		}
		end := min(i+same+1, len(boxes))
		out = append(out, boxes[i:end]...)
		i = end
	}
	return out
}

// differs reports whether anything in a box is marked, or noted.
func (d *drawn) differs() bool {
	var u units
	u.of([]drawn{*d})
	return slices.ContainsFunc(u.boxes, func(b *drawn) bool { return len(b.Notes) > 0 || strings.HasSuffix(b.Class, " changed") }) ||
		slices.ContainsFunc(u.pieces, func(p *piece) bool {
			return slices.ContainsFunc(p.Words, func(w word) bool { return w.Mark != "" })
		})
}

// units are what two cards are compared by, in the order in which it is drawn.
type units struct {
	boxes  []*drawn
	pieces []*piece
}

func (u *units) of(list []drawn) {
	for i := range list {
		d := &list[i]
		u.boxes = append(u.boxes, d)
		u.text(d.Text)
		u.text(d.Held)
		for _, row := range d.Rows {
			for _, cell := range row {
				u.text(cell.Pieces)
			}
		}
		u.of(d.Inner)
	}
}

func (u *units) text(list []piece) {
	for i := range list {
		u.pieces = append(u.pieces, &list[i])
	}
}

func boxKey(d *drawn) string { return d.Class + "\n" + d.Label }

func pieceKey(p *piece) string { return p.Class + "\n" + p.Words[0].Text }

func keys[T any](list []T, key func(T) string) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = key(e)
	}
	return out
}

// runs gives what is gone and what came between two things that are kept, by their indexes.
func runs(edits []diff.Edit, each func(gone, came []int)) {
	var gone, came []int
	for _, e := range edits {
		switch e.Op {
		case diff.Remove:
			gone = append(gone, e.Before)
		case diff.Add:
			came = append(came, e.After)
		default:
			each(gone, came)
			gone, came = nil, nil
		}
	}
	each(gone, came)
}

// mostWords is how many words two texts may have to be compared word by word.
const mostWords = 1 << 10

// markWords marks in two texts the words in which they differ: all of them, where little is the same.
func markWords(before, after *piece) {
	x, y := wordsOf(before.Words[0].Text), wordsOf(after.Words[0].Text)
	if len(x)*len(y) < mostWords*mostWords && before.Class == after.Class {
		edits, same := diff.Edits(x, y), 0
		for _, e := range edits {
			if e.Op == "" {
				same += len(strings.TrimSpace(x[e.Before]))
			}
		}
		if 3*same > max(len(before.Words[0].Text), len(after.Words[0].Text)) {
			before.Words, after.Words = marked(x, edits, diff.Remove, "del"), marked(y, edits, diff.Add, "ins")
			return
		}
	}
	before.Words[0].Mark, after.Words[0].Mark = "del", "ins"
}

// marked are the words of one side, those beside each other as one if both are marked or neither is.
func marked(words []string, edits []diff.Edit, op diff.Op, mark string) []word {
	var out []word
	for _, e := range edits {
		w, index := word{}, e.Before
		switch {
		case e.Op == op:
			w.Mark = mark
		case e.Op != "":
			continue
		}
		if op == diff.Add {
			index = e.After
		}
		w.Text = words[index]
		if n := len(out); n > 0 && out[n-1].Mark == w.Mark {
			out[n-1].Text += w.Text
		} else {
			out = append(out, w)
		}
	}
	return out
}

// wordsOf cuts a text into words: of Chinese, characters. What stands between is words too.
func wordsOf(s string) []string {
	var out []string
	for w := segments.FromString(s); w.Next(); {
		out = append(out, w.Value())
	}
	return out
}
