package reconcile

import (
	"slices"
	"time"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// ConsoleEdits counts the updates of p that would overwrite an edit made at the console.
func (p Plan) ConsoleEdits() int {
	return len(p.updates(func(d PlannedDraft) bool { return slices.ContainsFunc(d.Changes, diff.Change.Overwrites) }))
}

// Widened counts the updates of p that would reach people whom the message did not reach before.
func (p Plan) Widened() int {
	return len(p.updates(func(d PlannedDraft) bool { return len(d.Widened()) > 0 }))
}

// CreatedForAll counts those to be created of p that are for every member of the organisation.
func (p Plan) CreatedForAll() (n int) {
	for _, d := range p.Drafts {
		if d.Action == Create && d.Desired.PushScopeType == spec.AllMembers {
			n++
		}
	}
	return n
}

// SendAtPassed counts the updates of p that would write a send_at that is before now.
func (p Plan) SendAtPassed(now time.Time) int {
	return len(p.updates(func(d PlannedDraft) bool {
		_, passed := d.SendAtPassed(now)
		return passed
	}))
}

// Untold are the updates of p that may overwrite an edit made at the console, as nobody can tell.
// An update without an origin that is not among them is new since the base.
func (p Plan) Untold() []PlannedDraft {
	return p.updates(func(d PlannedDraft) bool { return d.BaseUntold != "" })
}

// updates are the updates of p that are such.
func (p Plan) updates(such func(PlannedDraft) bool) []PlannedDraft {
	var found []PlannedDraft
	for _, d := range p.Drafts {
		if d.Action == Update && such(d) {
			found = append(found, d)
		}
	}
	return found
}

// LabelOrigins gives the changes of p their origin. base holds what the files said at the base
// revision, by notification_id; a draft that is not in it stays unlabelled. What is no draft any
// more is blocked or closed by them.
func (p *Plan) LabelOrigins(base map[string]spec.Draft) {
	for i, d := range p.Drafts {
		if was, ok := base[d.NotificationID]; ok && d.Live != nil && d.Desired != nil {
			p.Drafts[i].label(was)
		}
	}
	p.recount()
}

// label gives the changes of d their origin by what the file was, and judges anew what they come to.
func (d *PlannedDraft) label(was spec.Draft) {
	diff.Label(d.Changes, *d.Live, *d.Desired, desired(was, *d.Live), was.UserIDType == d.UserIDType)
	d.Action = action(d.Changes, *d.Status)
	d.timesIn(d.Zone()) // what it said at the base
}
