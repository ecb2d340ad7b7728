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
	case r.Command == "validate":
		p.diagnostics(r.Diagnostics)
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
	if r.Command == "validate" {
		p.line(0, "", r.validated())
	}
	return p.close()
}

// diagnostics writes each on one line however long: editors and problem matchers read by the line.
func (p *painter) diagnostics(list []spec.Diagnostic) {
	for _, d := range list {
		color := yellow
		if d.Severity == spec.Error {
			color = red
		}
		for _, text := range diagnosticLines(d, p.paint(color, d.Severity.String())) {
			p.write(inert(text) + "\n")
		}
	}
}

// diagnosticLines are a diagnostic and, if there is one, its hint.
func diagnosticLines(d spec.Diagnostic, severity string) []string {
	lines := []string{fmt.Sprintf(diagnosticIs, Visible(d.Pos.String()), severity, visibleMessage(d.Message), d.Rule)}
	if d.Hint != "" {
		lines = append(lines, fmt.Sprintf(indentedHintIs, visibleMessage(d.Hint)))
	}
	return lines
}

func (p *painter) plan(r Run) {
	plan := r.Plan
	p.line(0, bold, planSummary(plan.Summary))
	shown := 0
	for _, d := range plan.Drafts {
		switch d.Action {
		case reconcile.NoOp, reconcile.NotRead:
		default:
			i := ofPlan(d)
			p.draft(actionSign(d.Action)+" "+string(d.Action), i, aboutLines(i), editLines(d), dangerLines(d), changeLines(d), troubleLines(d))
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
	if n := plan.ConsoleEdits(); n > 0 {
		p.line(0, red, fmt.Sprintf(editsLost, Plural(n, nounDraft)))
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
	for _, f := range refusals(r) {
		p.line(0, red, f.line())
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
	case reconcile.Update:
		return "~"
	case reconcile.Blocked:
		return "!"
	default:
		return "x"
	}
}

// result draws what an apply did: every draft that was to change or could not be judged, and
// what to do next.
func (p *painter) result(r reconcile.Result) {
	p.line(0, bold, resultSummary(r.Summary))
	shown := 0
	for _, d := range r.Drafts {
		switch {
		case d.Outcome == reconcile.OutcomeUnchanged && len(d.Changes) == 0:
		case d.Outcome == reconcile.OutcomeNotAttempted:
			shown++
		default:
			i := ofResult(d)
			p.draft(string(d.Outcome), i, aboutLines(i), resultLines(d))
			shown++
		}
	}
	if shown == 0 {
		return
	}
	p.waiting(waitingIn(Run{Result: &r}), r.Error)
	p.blank()
	p.ended(r.Error)
	for _, next := range nextSteps(r.Summary) {
		p.line(0, "", fmt.Sprintf(nextStep, next))
	}
	p.line(0, bold, resultSummary(r.Summary))
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
		{s.Failed, nextFailed},
		{s.NotAttempted, nextNotAttempted},
		{s.Blocked, nextBlocked},
	} {
		if step.left > 0 {
			steps = append(steps, step.say)
		}
	}
	return steps
}
