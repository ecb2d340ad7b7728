package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"notiform/reconcile"
	"notiform/reconcile/diff"
)

// planned is a draft that a plan would change, or could not judge.
func planned(d reconcile.PlannedDraft, now time.Time) entry {
	if d.Action == reconcile.NotRead {
		return unread(d)
	}
	e := entry{look: d.Action == reconcile.Blocked || d.Action == reconcile.Failed}
	e.heading(string(d.Action), ofPlan(d), d)
	e.dangers(d, now, ticketWouldOverwrite)
	e.trouble(d.Action == reconcile.Blocked, d.Status, d.Error)
	return e
}

// unread is a draft that a plan knows nothing of but where it is: the head says why.
func unread(d reconcile.PlannedDraft) (e entry) {
	e.lines.say(ticketDraftFields, ticketLabels()[string(d.Action)], nameOf(d.JobName), plain(d.NotificationID, shortText),
		plain(placeOfDraft(ofPlan(d).at), shortText))
	return e
}

// done is a draft that an apply changed, or was to change. p is what was planned for it.
func done(d reconcile.DraftResult, p reconcile.PlannedDraft, now time.Time) entry {
	e := entry{look: !asPlanned(d.Outcome)}
	e.heading(string(d.Outcome), ofResult(d), p)
	if wasSent(d) {
		e.dangers(p, now, ticketOverwrote)
	}
	if d.Outcome == reconcile.OutcomeApplied && d.ApprovalAppLink != "" {
		e.lines = append(e.lines, paragraph{}.say(ticketIndent).link(ticketApproval, d.ApprovalAppLink))
	}
	e.trouble(d.Outcome == reconcile.OutcomeBlocked, d.Status, d.Error)
	return e
}

// asPlanned reports whether an outcome needs no look: the run's own end tells of what was not attempted.
func asPlanned(o reconcile.Outcome) bool {
	return slices.Contains([]reconcile.Outcome{
		reconcile.OutcomeApplied, reconcile.OutcomeUnchanged, reconcile.OutcomeClosed, reconcile.OutcomeNotCreated, reconcile.OutcomeNotAttempted,
		reconcile.OutcomeCreated, reconcile.OutcomeSkipped,
	}, o)
}

// heading says which draft it is, what is to become or became of it, and which of its fields differ.
func (e *entry) heading(word string, i identity, changed reconcile.PlannedDraft) {
	label, name, id := ticketLabels()[word], nameOf(i.name), plain(cmp.Or(i.id, placeOfDraft(i.at)), shortText)
	if fields := changedFields(changed); len(fields) > 0 {
		e.lines.say(ticketDraftFields, label, name, id, fields)
	} else {
		e.lines.say(ticketDraft, label, name, id)
	}
}

// nameOf is a draft's name, or words that it has none.
func nameOf(job string) any {
	if job == "" {
		return ticketTable()[ticketNoName]
	}
	return plain(job, shortText)
}

// changedFields names the fields that differ, lists with their sizes before and after.
func changedFields(d reconcile.PlannedDraft) []string {
	names := fieldNames(d.Changes)
	for i, name := range names {
		if before, after, isList := d.ListSizes(name); isList {
			names[i] = fmt.Sprintf("%s %d → %d", name, before, after)
		}
	}
	return names
}

// dangers says whom a change reaches that were not reached before, that its time has passed, and
// whose edit it overwrites.
func (e *entry) dangers(d reconcile.PlannedDraft, now time.Time, edit ticketText) {
	if d.Action != reconcile.Update {
		return
	}
	for _, why := range d.Widened() {
		e.look = true
		e.lines.say(ticketAudience, plain(why, longText))
	}
	if at, passed := d.SendAtPassed(now); passed {
		e.look = true
		e.lines.say(ticketSendAt, plain(literal("send_at", at, Visible), longText))
	}
	if slices.ContainsFunc(d.Changes, diff.Change.Overwrites) {
		e.look = true
		e.lines.say(edit)
	}
}

// trouble says why a draft was not, or cannot be, written.
func (e *entry) trouble(blocked bool, status *int, why *reconcile.Fault) {
	if blocked && status != nil {
		e.lines.say(ticketStatus, *status)
	}
	if why != nil {
		e.lines.say(ticketDraftError, plain(why.Message, longText))
	}
}
