package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// Text writes the product of a run for a person: the diagnostics of validate, the plan of
// plan, the result of apply. It returns the first error of w.
func Text(w io.Writer, r Run, s Style) error {
	p := newPainter(w, s)
	switch {
	case r.Import != nil:
		p.imported(r)
	case r.Updated != nil:
		p.updated(*r.Updated)
	case r.Result != nil:
		p.result(r)
	case r.Plan != nil:
		p.plan(r)
	case r.Command == "card" && r.Fault == nil:
		p.card(r)
	case r.Command == "validate" && (r.Fault == nil || r.Files > 0): // else nothing was read
		p.diagnostics(r.Diagnostics)
		p.change(r)
		p.line(0, "", r.validated())
	}
	return p.close()
}

// DiagnosticsText writes faults and warnings of draft files, one line each with its hint below.
func DiagnosticsText(w io.Writer, diagnostics []spec.Diagnostic, s Style) error {
	p := newPainter(w, s)
	p.diagnostics(diagnostics)
	return p.close()
}

// wholeText is everything that a run says on both streams, without colours.
func wholeText(w io.Writer, r Run) error {
	p := newPainter(w, Style{})
	p.diagnostics(r.Diagnostics)
	switch {
	case r.Import != nil:
		p.imported(r)
	case r.Updated != nil:
		p.updated(*r.Updated)
	case r.Plan != nil:
		p.plan(r)
	}
	if r.Result != nil {
		p.blank()
		p.result(r)
	}
	said := stopped(r) // on stderr
	if r.Fault != nil && (r.Result != nil && r.Fault == r.Result.Error || r.Plan != nil && r.Fault == r.Plan.Error || r.Import != nil && r.Fault == r.Import.Error || r.Updated != nil && r.Fault == r.Updated.Error) {
		said = said[1:] // it is told above
	}
	for _, f := range said {
		for text := range strings.SplitSeq(f.text(), "\n") {
			p.line(0, "", fmt.Sprintf(saidByProgram, text))
		}
	}
	if r.Command == "card" {
		p.cardLines(r)
	}
	if r.Command == "validate" {
		p.change(r)
		p.line(0, "", r.validated())
	}
	return p.close()
}

// diagnostics writes each on one line however long: editors and problem matchers read by the line.
// Its hint may be folded.
func (p *painter) diagnostics(list []spec.Diagnostic) {
	for i, d := range list {
		color := yellow
		switch d.Level() {
		case spec.Error:
			color = red
		case spec.Note:
			color = dim
		}
		lines := diagnosticLines(d, p.paint(color, d.Level().String()))
		p.write(inert(lines[0]) + "\n")
		if d.Level() != spec.Note && (i == 0 || d.Pos != list[i-1].Pos) {
			p.excerpt(d)
		}
		for _, hint := range lines[1:] {
			p.line(0, "", hint)
		}
	}
}

// excerpt writes the line that a diagnostic is about, with a caret below its place.
func (p *painter) excerpt(d spec.Diagnostic) {
	if d.Source == nil {
		return
	}
	c := cells()
	gutter := fmt.Sprintf(excerptGutter, d.Pos.Line)
	room := cmp.Or(p.Width, longLine) - len(gutter)
	before, after := visibleMessage(d.Source.Before), visibleMessage(d.Source.After)
	if c.StringWidth(before) > room*2/3 { // what is near the place is what is looked for
		for c.StringWidth(before) >= room*2/3 {
			before = before[glyphLength(before):]
		}
		before = fmt.Sprintf(cutBefore, before)
	}
	left := room - c.StringWidth(before)
	if c.StringWidth(after) > left {
		after = fmt.Sprintf(cutBehind, after[:fit(c, after, left-1)])
	}
	p.write(p.paint(dim, gutter) + inert(before+after) + "\n")
	p.write(p.paint(dim, strings.Repeat(" ", len(gutter)-2)+"| ") + strings.Repeat(" ", c.StringWidth(before)) + p.paint(bold, "^") + "\n")
}

// diagnosticLines are a diagnostic and, if there is one, its hint.
func diagnosticLines(d spec.Diagnostic, severity string) []string {
	lines := []string{fmt.Sprintf(diagnosticIs, exact(d.Pos.String()), severity, visibleMessage(d.Message), d.Rule)}
	if d.Hint != "" {
		lines = append(lines, fmt.Sprintf(indentedHintIs, visibleMessage(d.Hint)))
	}
	return lines
}

func (p *painter) plan(r Run) {
	plan := r.Plan
	p.line(0, bold, r.planned())
	p.line(0, "", fmt.Sprintf(helpdeskIs, Visible(plan.HelpdeskID), Visible(plan.BaseURL)))
	p.change(r)
	shown, last := 0, reconcile.NoOp
	cards := r.cardViews()
	for _, d := range plan.Drafts {
		switch d.Action {
		case reconcile.NoOp, reconcile.NotRead:
			continue
		case reconcile.Closed: // nobody asked for anything
			i := ofPlan(d)
			if last != reconcile.Closed {
				p.blank()
			}
			p.line(0, "", fmt.Sprintf(closedIs, Visible(i.title()), exact(i.id), exact(i.at.File), i.at.Line, closedOf(d.Status)))
		default:
			i := ofPlan(d)
			p.draft(actionSign(d.Action)+" "+string(d.Action), i, aboutLines(i), headLines(d), digestLines(d), editLines(d), dangerLines(d, r.Now), cards.lines(d), changeLines(d), troubleLines(d))
		}
		shown, last = shown+1, d.Action
	}
	if shown == 0 && plan.Complete {
		return
	}
	p.waiting(waitingIn(Run{Plan: plan}), plan.Error)
	p.blank()
	if !plan.Complete {
		p.line(0, red, fmt.Sprintf(planIncomplete, Plural(plan.Summary.NotRead, nounDraft)))
	}
	p.ended(plan.Error)
	if r.WriteTime > 0 {
		p.line(0, "", fmt.Sprintf(takesAtLeast, about(r.WriteTime)))
	}
	if plan.Summary.Update > 0 {
		p.line(0, dim, fmt.Sprintf(digestIs, plan.Digest))
	}
	for _, danger := range dangers(r) {
		p.line(0, red, danger)
	}
	p.refusals(r)
	p.line(0, bold, r.planned())
}

// ended says why a run ended early.
func (p *painter) ended(f *reconcile.Fault) {
	for _, l := range faultLines(f) {
		p.line(0, l.color, l.text)
	}
}

// refusals says of a plan why apply would not write it.
func (p *painter) refusals(r Run) {
	for _, f := range hintedOnce(refusals(r)) {
		p.line(0, red, Visible(f.message))
		if f.hint != "" {
			p.line(0, "", fmt.Sprintf(hintIs, Visible(f.hint)))
		}
	}
}

// about says a duration the way a person would.
func about(d time.Duration) string {
	switch minutes := int(d.Round(time.Minute) / time.Minute); {
	case minutes < 1:
		return Plural(int(d.Round(time.Second)/time.Second), nounSecond)
	case minutes < 120:
		return Plural(minutes, nounMinute)
	default:
		return fmt.Sprintf(hoursMinutes, minutes/60, minutes%60)
	}
}

func actionSign(a reconcile.Action) string {
	switch a {
	case reconcile.Create:
		return "+"
	case reconcile.Update:
		return "~"
	case reconcile.Blocked:
		return "!"
	default:
		return "x"
	}
}

// result draws what an apply did, below the plan, which has told what differed: a line for each
// draft that went as it should, or of which the plan has told why not, a block for each that somebody
// has to look at, and what to do next.
func (p *painter) result(run Run) {
	r := run.Result
	told := faultsOf(run.Plan)
	var rows, blocks []reconcile.DraftResult
	for _, d := range r.Drafts {
		switch {
		case isQuiet(d):
		case d.Outcome == reconcile.OutcomeNotAttempted: // see waiting
		case asPlanned(d.Outcome), d.Outcome == reconcile.OutcomeBlocked && d.Error == nil, isTold(d, told):
			rows = append(rows, d)
		default:
			blocks = append(blocks, d)
		}
	}
	p.rows(rows)
	for _, d := range blocks {
		p.draft(string(d.Outcome), ofResult(d), aboutResult(d), resultLines(d))
	}
	p.waiting(waitingIn(Run{Result: r}), r.Error)
	p.blank()
	p.ended(r.Error)
	for _, next := range nextSteps(run) {
		p.line(0, "", fmt.Sprintf(nextStep, next))
	}
	p.line(0, bold, run.resulted())
}

// isQuiet reports whether nothing is to be said of a draft: nothing was to be done about it.
func isQuiet(d reconcile.DraftResult) bool {
	return d.Outcome == reconcile.OutcomeUnchanged && len(d.Changes) == 0 || d.Outcome == reconcile.OutcomeSkipped
}

// faultsOf are the faults that a plan tells of its drafts.
func faultsOf(plan *reconcile.Plan) map[reconcile.Fault]bool {
	told := map[reconcile.Fault]bool{}
	if plan != nil {
		for _, d := range plan.Drafts {
			if d.Error != nil {
				told[*d.Error] = true
			}
		}
	}
	return told
}

// isTold reports whether the plan has told why a draft failed.
func isTold(d reconcile.DraftResult, told map[reconcile.Fault]bool) bool {
	return d.Outcome == reconcile.OutcomeFailed && d.Error != nil && told[*d.Error]
}

// rows draws a line a draft, with outcomes, names and ids below each other.
func (p *painter) rows(list []reconcile.DraftResult) {
	var columns [3]int
	for _, d := range list {
		for i, cell := range rowOf(d) {
			if w := cells().StringWidth(cell); w <= widestColumn {
				columns[i] = max(columns[i], w)
			}
		}
	}
	texts, widest := make([]string, len(list)), 0
	for n, d := range list {
		row := rowOf(d)
		for i, cell := range row {
			row[i] = cell + strings.Repeat(" ", max(columns[i]-cells().StringWidth(cell), 0))
		}
		texts[n] = fmt.Sprintf(outcomeIs, row[0], row[1], row[2], Visible(d.File), d.Line, rowNote(d))
		widest = max(widest, cells().StringWidth(texts[n]))
	}
	for n, d := range list {
		p.row(texts[n], d, p.Width == 0 || widest <= p.Width)
	}
}

// row draws a draft in a line or, where a terminal is too narrow for one of them, under a heading.
func (p *painter) row(text string, d reconcile.DraftResult, fits bool) {
	var lines []line
	if fits {
		p.line(0, "", text)
	} else {
		i := ofResult(d)
		p.line(0, "", fmt.Sprintf(labelled, d.Outcome, Visible(i.title())))
		lines = append(aboutLines(i), noteLine("", "%s", rowNote(d)))
	}
	if link := approvalOf(d); link != "" {
		lines = append(lines, noteLine("", "%s", link))
	}
	for _, l := range lines {
		p.line(l.indent, l.color, l.text)
	}
}

// widestColumn is how far one name may push what stands behind the others.
const widestColumn = 40

// rowNote is what became of a draft that has no block.
func rowNote(d reconcile.DraftResult) string { return cmp.Or(noteOf(d), toldAbove) }

func rowOf(d reconcile.DraftResult) [3]string {
	return [...]string{string(d.Outcome), Visible(ofResult(d).title()), Visible(d.NotificationID)}
}

// nextSteps says what a person does about what is left.
func nextSteps(r Run) []string {
	s, steps := r.Result.Summary, []string(nil)
	failed, notAttempted := counted(s.Failed, nextOneFailed, nextManyFailed), nextNotAttempted
	if r.Command == "create" {
		failed, notAttempted = counted(s.Failed, nextOneNotCreated, nextManyNotCreated), nextCreateRest
	}
	for _, step := range []struct {
		left int
		say  string
	}{
		{s.Stale, nextStale},
		{s.Unverified, nextUnverified},
		{s.Unknown, nextUnknown},
		{s.Failed, failed},
		{s.NotAttempted, notAttempted},
		{s.Blocked, nextBlocked},
	} {
		if step.left > 0 {
			steps = append(steps, step.say)
		}
	}
	return steps
}
