package report

import (
	"fmt"
	"strings"

	"notiform/reconcile"
	"notiform/spec"
)

// updated draws what became of files that were to follow the helpdesk: a block for each draft that
// differed, with what its file says now and what is left, and a count.
func (p *painter) updated(u reconcile.FileUpdate) {
	if !u.Complete && len(u.Drafts) == 0 { // nothing was asked
		return
	}
	for _, d := range u.Drafts {
		switch d.Outcome {
		case reconcile.UpdateOutcome(reconcile.NoOp), reconcile.UpdateOutcome(reconcile.NotRead), reconcile.UpdateOutcome(reconcile.Create):
			continue
		}
		i := identity{d.JobName, d.NotificationID, spec.Pos{File: d.File, Line: d.Line}}
		p.draft(string(d.Outcome), i, aboutLines(i), updateLines(d))
	}
	p.blank()
	p.ended(u.Error)
	p.line(0, bold, updateSummary(u.Summary))
}

// updateLines say who edited a draft at the console, what was taken of that, and what was not.
func updateLines(d reconcile.UpdatedDraft) []line {
	planned := d.Planned()
	taken, left := planned, planned
	taken.Action, taken.Changes, taken.Live, taken.Desired = reconcile.Update, d.Taken, &d.Takeover.Said, &d.Takeover.Wanted
	left.Changes = d.Left
	lines := editLines(planned)
	lines = append(lines, changeLines(taken)...)
	if len(d.Comments) > 0 {
		lines = append(lines, noteLine("", commentsGone, Visible(strings.Join(d.Comments, "  "))))
	}
	if len(d.Left) > 0 {
		lines = append(lines, noteLine("", leftInFile))
		lines = append(lines, changeLines(left)...)
	}
	if d.Outcome == reconcile.UpdateOutcome(reconcile.Blocked) {
		return append(lines, troubleLines(planned)...)
	}
	return append(lines, faultLines(d.Error)...)
}

func updateSummary(s reconcile.UpdateSummary) string {
	said := fmt.Sprintf(updateCounts, s.Updated, s.Unchanged, s.Left, s.Refused)
	for _, more := range []struct {
		format string
		n      int
	}{
		{updateWrittenInPart, s.Written - s.Updated}, {updateCreate, s.Create}, {updateBlocked, s.Blocked}, {updateClosed, s.Closed}, {updateFailed, s.Failed}, {updateNotRead, s.NotRead},
	} {
		if more.n > 0 {
			said = fmt.Sprintf(more.format, said, more.n)
		}
	}
	return said
}
