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
	switch d.Outcome {
	case reconcile.OutcomeApplied:
		p.line(4, "", fmt.Sprintf("%s written, and read back as in the file", plural(fields(d.Changes), "field")))
		if d.ApprovalAppLink != "" {
			p.line(4, "", "approval: "+Visible(d.ApprovalAppLink))
		}
	case reconcile.OutcomeUnchanged:
		p.line(4, "", "somebody had already made it equal to the file; nothing was sent")
	case reconcile.OutcomeBlocked:
		if d.Status != nil {
			p.line(4, "", fmt.Sprintf("its status is %d, and Feishu changes only drafts (status 0); nothing was sent", *d.Status))
		}
	}
	p.fault(d.Error)
	p.remaining(d)
}

// remaining draws what stands between expectation and server.
func (p *painter) remaining(d reconcile.DraftResult) {
	if len(d.Remaining) == 0 {
		return
	}
	if d.Outcome == reconcile.OutcomeStale {
		p.line(4, "", "changed on the server since it was planned:")
	} else {
		p.line(4, "", "still different from the file:")
	}
	for _, c := range d.Remaining {
		if t, ok := c.Member(); ok {
			sign, color := opSign(c.Op)
			p.line(8, color, fmt.Sprintf("%s %s: %s", sign, c.Field, Visible(t.ID)))
			continue
		}
		p.scalar(8, c)
	}
}

func fields(changes []reconcile.Change) int {
	seen := map[string]bool{}
	for _, c := range changes {
		seen[c.Field] = true
	}
	return len(seen)
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
	say(s.Blocked, "blocked drafts can only be changed after they are withdrawn from approval")
	return next
}
