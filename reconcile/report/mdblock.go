package report

import (
	"slices"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// blockWidth is where the lines of a block are broken: wider than text, since a page scrolls,
// and still short enough that cutting by lines wastes little.
const blockWidth = 120

// diffBlock collects the lines of a fenced diff. Each begins with a sign of ours, so that
// nothing from data can stand where a line begins.
type diffBlock struct{ lines []string }

// say adds a line behind a sign: '+', '-', ' ', '!' for what to mind, '@' for a heading. A long
// line goes on behind the same sign.
func (b *diffBlock) say(sign byte, text string) {
	first, indent := string(sign)+" ", len(text)-len(strings.TrimLeft(text, " "))
	end := ""
	if sign == '@' {
		first, end = "@@ ", " @@"
	}
	lead := text[:min(indent, blockWidth/2)]
	for i, piece := range wrap(text[len(lead):], blockWidth-len(lead)) {
		if i > 0 {
			piece = continued + piece
		}
		b.lines = append(b.lines, inert(strings.TrimRight(first+lead+piece, " "))+end)
	}
}

// blockOf is a block of the lines of a draft.
func blockOf(parts ...[]line) []string {
	var b diffBlock
	for _, l := range slices.Concat(parts...) {
		if l.change != nil {
			b.value(*l.change)
		} else {
			b.say(l.sign, l.text)
		}
	}
	return b.lines
}

// value adds a value that differs, under a heading of its own.
func (b *diffBlock) value(c diff.Change) {
	if _, ok := c.Member(); ok {
		b.say('@', c.Field)
		b.say(opSign(c.Op), memberText(c)+originOf(c))
		return
	}
	b.say('@', placeOf(c)+originOf(c))
	before, after := literals(c)
	if before != "" {
		b.say('-', before)
	}
	if after != "" {
		b.say('+', after)
	}
}

// plannedBlock is what planning found out about one draft.
func plannedBlock(d reconcile.PlannedDraft, now time.Time, cards cardViews) []string {
	return blockOf(aboutLines(ofPlan(d)), headLines(d), digestLines(d), dangerLines(d, now), editLines(d), troubleLines(d), cards.lines(d), changeLines(d))
}

// resultBlock is what became of one draft; planned is the same draft in the plan, if it is known.
func resultBlock(d reconcile.DraftResult, planned *reconcile.PlannedDraft) []string {
	parts := [][]line{aboutResult(d), resultLines(d)}
	if planned != nil && len(d.Changes) > 0 {
		parts = append(parts, []line{noteLine("", plannedWas)}, changeLines(*planned))
	}
	return blockOf(parts...)
}

// diagnosticsBlock are the lines of a block about draft files.
func diagnosticsBlock(list []spec.Diagnostic) []string {
	var b diffBlock
	for _, d := range list {
		sign := byte('!')
		switch d.Level() {
		case spec.Error:
			sign = '-'
		case spec.Note:
			continue // they are counted
		}
		for _, text := range diagnosticLines(d, d.Level().String()) {
			b.say(sign, text)
			sign = ' ' // of the hint
		}
	}
	return b.lines
}
