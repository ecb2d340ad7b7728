package reconcile

import (
	"cmp"
	"time"

	"notiform/feishu"
	"notiform/spec"
)

// observation is what one GET brought: the notification, or why there is none.
type observation struct {
	detail feishu.NotificationDetail
	err    error
}

// planDraft compares one draft with what was observed. It is pure.
func planDraft(d spec.Draft, o observation) PlannedDraft {
	p := PlannedDraft{
		File: d.Pos.File, Line: d.Pos.Line, NotificationID: d.NotificationID,
		JobName: d.JobName, UserIDType: d.UserIDType, Action: Failed,
	}
	if o.err != nil {
		p.Error = NewFault(o.err)
		return p
	}
	status := o.detail.Notification.Status
	p.Status = &status
	live, err := fromWire(o.detail.Notification)
	if err != nil {
		p.Error = NewFault(err)
		return p
	}
	want := desired(d, live)
	p.Live, p.Desired, p.LiveFingerprint = &live, &want, fingerprint(live)
	p.Changes = changesIn(d.SendAt.Value.Location(), live, want)
	p.Action = action(len(p.Changes) > 0, status)
	p.UpdatedAt, p.UpdatedBy = lastEdit(o.detail.Notification)
	return p
}

// lastEdit says when a notification was changed last, and by whom, as far as the server tells.
func lastEdit(n feishu.Notification) (at, by string) {
	if t, ok := timeOf(n.UpdatedAt); ok {
		at = t.UTC().Format(time.RFC3339)
	}
	return at, cmp.Or(n.UpdateUser.Name, n.UpdateUser.UserID)
}

// changesIn is Diff with times in a zone, that of the file, for readers.
func changesIn(zone *time.Location, before, after State) []Change {
	return inZone(Diff(before, after), zone)
}

// inZone shows the times in changes in a zone.
func inZone(changes []Change, zone *time.Location) []Change {
	for i, c := range changes {
		if c.Field == fieldSendAt {
			changes[i].Before, changes[i].After = timeIn(c.Before, zone), timeIn(c.After, zone)
		}
	}
	return changes
}

// statusDraft is the only status whose meaning is known (fact sheet, section 2).
const statusDraft = 0

func action(differs bool, status int) Action {
	switch {
	case !differs:
		return NoOp
	case status != statusDraft:
		return Blocked
	default:
		return Update
	}
}

// newPlan joins planned drafts, in the order given, to a plan.
func newPlan(t Target, drafts []PlannedDraft) Plan {
	p := Plan{FormatVersion: FormatVersion, Target: t, Complete: true, Drafts: drafts}
	names := namesIn(drafts)
	for i := range drafts {
		nameMembers(drafts[i].Changes, names)
		switch drafts[i].Action {
		case Update:
			p.Summary.Update++
		case NoOp:
			p.Summary.NoOp++
		case Blocked:
			p.Summary.Blocked++
		case Failed:
			p.Summary.Failed++
		}
	}
	p.Digest = digest(t, drafts)
	return p
}

// timeIn turns milliseconds as text into RFC 3339 in the file's own offset, for readers; what
// is no such text stays as it is.
func timeIn(v spec.JSON, zone *time.Location) spec.JSON {
	ms, ok := textOf(v)
	if !ok {
		return v
	}
	t, ok := timeOf(ms)
	if !ok {
		return v
	}
	return spec.TextJSON(t.In(zone).Format("2006-01-02T15:04:05.999Z07:00"))
}
