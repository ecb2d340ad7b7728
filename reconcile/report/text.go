package report

import (
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
	case r.Result != nil:
		p.result(*r.Result)
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
	if r.Plan != nil {
		p.plan(r)
	}
	if r.Result != nil {
		p.blank()
		p.result(*r.Result)
	}
	said := stopped(r) // on stderr
	if r.Fault != nil && (r.Result != nil && r.Fault == r.Result.Error || r.Plan != nil && r.Fault == r.Plan.Error) {
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
	for _, d := range list {
		color := yellow
		switch d.Level() {
		case spec.Error:
			color = red
		case spec.Note:
			color = dim
		}
		lines := diagnosticLines(d, p.paint(color, d.Level().String()))
		p.write(inert(lines[0]) + "\n")
		for _, hint := range lines[1:] {
			p.line(0, "", hint)
		}
	}
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
	p.line(0, bold, planSummary(plan.Summary))
	p.line(0, "", fmt.Sprintf(helpdeskIs, Visible(plan.HelpdeskID), Visible(plan.BaseURL)))
	p.change(r)
	shown, cards := 0, r.cardViews()
	for _, d := range plan.Drafts {
		switch d.Action {
		case reconcile.NoOp, reconcile.NotRead:
		case reconcile.Closed: // nobody asked for anything
			i := ofPlan(d)
			p.blank()
			p.line(0, "", fmt.Sprintf(closedIs, Visible(i.title()), exact(i.id), exact(i.at.File), i.at.Line, closedOf(d.Status)))
			shown++
		default:
			i := ofPlan(d)
			p.draft(actionSign(d.Action)+" "+string(d.Action), i, aboutLines(i), headLines(d), digestLines(d), editLines(d), dangerLines(d, r.Now), cards.lines(d), changeLines(d), troubleLines(d))
			shown++
		}
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
	if plan.Summary.Update > 0 {
		if r.WriteTime > 0 {
			p.line(0, "", fmt.Sprintf(takesAtLeast, about(r.WriteTime)))
		}
		p.line(0, dim, fmt.Sprintf(digestIs, plan.Digest))
	}
	for _, danger := range dangers(r) {
		p.line(0, red, danger)
	}
	p.refusals(r)
	p.line(0, bold, planSummary(plan.Summary))
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
// draft that went as it should, a block for each that somebody has to look at, and what to do next.
func (p *painter) result(r reconcile.Result) {
	var rows, blocks []reconcile.DraftResult
	for _, d := range r.Drafts {
		switch {
		case d.Outcome == reconcile.OutcomeUnchanged && len(d.Changes) == 0:
		case d.Outcome == reconcile.OutcomeNotAttempted: // see waiting
		case asPlanned(d.Outcome):
			rows = append(rows, d)
		default:
			blocks = append(blocks, d)
		}
	}
	p.rows(rows)
	for _, d := range blocks {
		i := ofResult(d)
		p.draft(string(d.Outcome), i, aboutLines(i), resultLines(d))
	}
	p.waiting(waitingIn(Run{Result: &r}), r.Error)
	p.blank()
	p.ended(r.Error)
	for _, next := range nextSteps(r.Summary) {
		p.line(0, "", fmt.Sprintf(nextStep, next))
	}
	p.line(0, bold, resultSummary(r.Summary))
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
	for _, d := range list {
		row := rowOf(d)
		for i, cell := range row {
			row[i] = cell + strings.Repeat(" ", max(columns[i]-cells().StringWidth(cell), 0))
		}
		p.line(0, "", fmt.Sprintf(outcomeIs, row[0], row[1], row[2], Visible(d.File), d.Line, noteOf(d)))
		if link := approvalOf(d); link != "" {
			p.line(4, "", link)
		}
	}
}

// widestColumn is how far one name may push what stands behind the others.
const widestColumn = 40

func rowOf(d reconcile.DraftResult) [3]string {
	return [...]string{string(d.Outcome), Visible(ofResult(d).title()), Visible(d.NotificationID)}
}

// nextSteps says what a person does about what is left.
func nextSteps(s reconcile.ResultSummary) []string {
	var steps []string
	for _, step := range []struct {
		left int
		say  string
	}{
		{s.Stale, nextStale},
		{s.Unverified, nextUnverified},
		{s.Failed, fmt.Sprintf(nextFailed, s.Failed)},
		{s.NotAttempted, nextNotAttempted},
		{s.Blocked, nextBlocked},
	} {
		if step.left > 0 {
			steps = append(steps, step.say)
		}
	}
	return steps
}
