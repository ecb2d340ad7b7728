package report

import (
	"fmt"
	"slices"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/preview"
	"notiform/spec"
)

// cardViews draw what people will see of the cards of a plan.
type cardViews struct {
	viewer *preview.Viewer
	whole  bool // however many lines that are
}

func (r Run) cardViews() cardViews { return cardViews{preview.New(), r.Cards} }

// lines show the card of a draft as people will see it: of one that is updated what changes in it,
// of one that is new or reaches more people all of it. What is written to nobody is not shown.
func (v cardViews) lines(d reconcile.PlannedDraft) []line {
	if d.Desired == nil || d.Action != reconcile.Create && d.Action != reconcile.Update {
		return nil
	}
	after := v.of(d.Desired.PushContent)
	isChanged := slices.ContainsFunc(d.Changes, func(c diff.Change) bool { return c.Field == "push_content" })
	widened := len(d.Widened()) > 0
	switch {
	case d.Action == reconcile.Update && isChanged && d.Live != nil && d.Live.PushContent.IsObject():
		return v.changed(v.of(d.Live.PushContent), after, widened)
	case d.Action == reconcile.Update && !isChanged && !widened:
		return nil
	}
	return v.shown(cardSeen, asBefore(after), widened)
}

// of draws one card. One that is too large for any file is only told.
func (v cardViews) of(card spec.JSON) []string {
	switch {
	case !card.IsObject():
		return nil
	case len(card.String()) > diff.MaxAligned:
		return []string{hugeValue(card)}
	}
	return v.viewer.View(card.String()).Lines(Visible)
}

func asBefore(texts []string) []cardLine {
	lines := make([]cardLine, len(texts))
	for i, t := range texts {
		lines[i] = cardLine{sign: ' ', text: t}
	}
	return lines
}

// changed lays a card before over the same after.
func (v cardViews) changed(before, after []string, whole bool) []line {
	if slices.Equal(before, after) && !whole {
		return []line{seenHeading(cardSeenSame)}
	}
	var lines []cardLine
	for _, e := range diff.Edits(before, after) {
		switch e.Op {
		case diff.Remove:
			lines = append(lines, cardLine{sign: '-', text: before[e.Before]})
		case diff.Add:
			lines = append(lines, cardLine{sign: '+', text: after[e.After]})
		default:
			lines = append(lines, cardLine{sign: ' ', text: after[e.After]})
		}
	}
	return v.shown(cardSeenChanged, marked(lines), whole)
}

func seenHeading(text string) line { return line{indent: 4, color: yellow, sign: '@', text: text} }

// card draws one card below what is wrong with it.
func (p *painter) card(r Run) {
	p.diagnostics(r.Diagnostics)
	p.cardLines(r)
}

func (p *painter) cardLines(r Run) {
	for i, text := range r.cardViews().of(r.Card) {
		if i == 0 && len(r.Diagnostics) > 0 {
			p.blank()
		}
		p.line(0, "", text)
	}
}

// mostSeen is how many lines a card may have before it is folded.
const mostSeen = 30

// shown puts lines under a heading. Too many are folded: first those that are as before, and then
// what there is more.
func (v cardViews) shown(heading string, lines []cardLine, whole bool) []line {
	if len(lines) == 0 {
		return nil
	}
	left := 0
	if len(lines) > mostSeen && !whole && !v.whole {
		lines = folded(lines)
		left = max(len(lines)-mostSeen, 0)
		lines = lines[:len(lines)-left]
	}
	out := []line{seenHeading(heading)}
	for _, l := range lines {
		out = append(out, signedLine(l.sign, l.text))
	}
	if left > 0 {
		out = append(out, line{indent: 10, color: dim, sign: ' ', text: counted(left, oneSeenMore, manySeenMore)})
	}
	return out
}

// folded leaves of the lines that are as before only those next to a change. Without a change, all stay.
func folded(lines []cardLine) []cardLine {
	isChange := func(l cardLine) bool { return l.sign != ' ' }
	if !slices.ContainsFunc(lines, isChange) {
		return lines
	}
	var out []cardLine
	for i, skipped := 0, 0; i <= len(lines); i++ {
		near := i < len(lines) && slices.ContainsFunc(lines[max(0, i-context):min(len(lines), i+context+1)], isChange)
		if skipped > 0 && (near || i == len(lines)) {
			out = append(out, cardLine{sign: ' ', text: fmt.Sprintf(asBeforeHere, Plural(skipped, nounLine))})
			skipped = 0
		}
		switch {
		case near:
			out = append(out, lines[i])
		default:
			skipped++
		}
	}
	return out
}
