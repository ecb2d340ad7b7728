package report

import (
	"fmt"

	"notiform/reconcile"
)

// result draws what an apply did: every draft that was to change or could not be judged, and
// what to do next.
func (p *painter) result(r reconcile.Result) {
	s := r.Summary
	summary := resultSummary(s)
	p.line(0, bold, summary)
	shown := 0
	for _, d := range r.Drafts {
		if d.Outcome == reconcile.OutcomeUnchanged && len(d.Changes) == 0 {
			continue
		}
		p.blank()
		p.draftResult(d)
		shown++
	}
	if shown == 0 {
		return
	}
	p.blank()
	for _, next := range nextSteps(s) {
		p.line(0, "", next)
	}
	p.line(0, bold, summary)
}

func resultSummary(s reconcile.ResultSummary) string {
	return fmt.Sprintf("Apply: %d applied, %d unchanged, %d blocked, %d stale, %d unverified, %d failed, %d not attempted",
		s.Applied, s.Unchanged, s.Blocked, s.Stale, s.Unverified, s.Failed, s.NotAttempted)
}

func (p *painter) draftResult(d reconcile.DraftResult) {
	p.heading(string(d.Outcome), d.JobName, d.NotificationID, d.File, d.Line)
	if note := outcomeNote(d); note != "" {
		p.line(4, "", note)
	}
	if d.ApprovalAppLink != "" && d.Outcome == reconcile.OutcomeApplied {
		p.line(4, "", "approval: "+Visible(d.ApprovalAppLink))
	}
	p.fault(d.Error)
	p.remaining(d)
}

// outcomeNote is what an outcome means for this draft, "" where its error says it.
func outcomeNote(d reconcile.DraftResult) string {
	switch d.Outcome {
	case reconcile.OutcomeApplied:
		return Plural(len(fieldNames(d.Changes)), "field") + " written, and read back as in the file"
	case reconcile.OutcomeUnchanged:
		return "somebody had already made it equal to the file; nothing was sent"
	case reconcile.OutcomeBlocked:
		return statusText(d.Status) + "; nothing was sent"
	default:
		return ""
	}
}

// remaining draws what stands between expectation and server.
func (p *painter) remaining(d reconcile.DraftResult) {
	if len(d.Remaining) == 0 {
		return
	}
	p.line(4, "", remainingTitle(d.Outcome))
	for _, c := range d.Remaining {
		if t, ok := c.Member(); ok {
			sign, color := opSign(c.Op)
			p.line(8, color, fmt.Sprintf("%s %s: %s", sign, c.Field, Visible(t.ID)))
			continue
		}
		p.scalar(8, c)
	}
}

func remainingTitle(o reconcile.Outcome) string {
	if o == reconcile.OutcomeStale {
		return "what changed:"
	}
	return "still different from the file:"
}

// nextSteps says what a person does about what is left.
func nextSteps(s reconcile.ResultSummary) []string {
	var next []string
	say := func(n int, text string) {
		if n > 0 {
			next = append(next, "next: "+text)
		}
	}
	say(s.Stale, "stale drafts were not written; plan again, review what changed, and apply")
	say(s.Unverified, "unverified drafts need a look in the helpdesk console; then plan again")
	say(s.Failed, "failed drafts hold what they held; mend what the error names and apply again")
	say(s.NotAttempted, "drafts that were not attempted are done by applying again")
	say(s.Blocked, "blocked drafts are no drafts any more; take the changes back in the files or, if they only await approval, withdraw them in the helpdesk console")
	return next
}
