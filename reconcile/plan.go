package reconcile

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// FormatVersion is the version of the plan and result JSON. A change within a major version
// only adds; a reader refuses another major.
const FormatVersion = "1.0"

// Action is what a plan intends for one draft.
type Action string

// The actions. The zero Action is a bug, not a default.
const (
	NoOp    Action = "no-op"    // the file and the server say the same
	Create  Action = "create"   // it has no notification_id yet: there is nothing to compare it with
	Update  Action = "update"   // they differ and the notification is a draft: apply will PATCH it
	Blocked Action = "blocked"  // somebody wants a change, but the notification is no draft any more: Feishu refuses it
	Closed  Action = "closed"   // no draft any more, and nobody asked for anything: only the console moved
	Failed  Action = "failed"   // its GET failed, or the answer cannot be compared
	NotRead Action = "not-read" // the run ended before there was an answer that is its own
)

// actionRow is what an action means to whoever handles drafts by it.
type actionRow struct {
	action   Action
	count    func(*Summary) *int
	unjudged bool    // live, desired and status may be missing
	becomes  Outcome // in an apply, which does nothing about it; "" for what is written
}

// actionTable has a row for each action.
func actionTable() []actionRow {
	return []actionRow{
		{action: NoOp, count: func(s *Summary) *int { return &s.NoOp }, becomes: OutcomeUnchanged},
		{action: Create, count: func(s *Summary) *int { return &s.Create }, becomes: OutcomeNotCreated},
		{action: Update, count: func(s *Summary) *int { return &s.Update }},
		{action: Blocked, count: func(s *Summary) *int { return &s.Blocked }, becomes: OutcomeBlocked},
		{action: Closed, count: func(s *Summary) *int { return &s.Closed }, becomes: OutcomeClosed},
		{action: Failed, count: func(s *Summary) *int { return &s.Failed }, becomes: OutcomeFailed, unjudged: true},
		{action: NotRead, count: func(s *Summary) *int { return &s.NotRead }, becomes: OutcomeNotAttempted, unjudged: true},
	}
}

// row is the action's row; one that there is not has none.
func (a Action) row() (actionRow, bool) {
	for _, row := range actionTable() {
		if row.action == a {
			return row, true
		}
	}
	return actionRow{}, false
}

// Helpdesk names the helpdesk that a plan was made against.
type Helpdesk struct {
	BaseURL    string `json:"base_url"`
	HelpdeskID string `json:"helpdesk_id"`
}

// Plan says what would be written where. It is data: it can be shown, refused, and applied
// exactly. It never holds a token.
type Plan struct {
	FormatVersion string `json:"format_version"`
	ToolVersion   string `json:"tool_version"`
	Digest        string `json:"digest"` // of all updates; see digest
	Helpdesk
	// Base is the commit that origins were told by, or [BaseHistory].
	Base string `json:"base,omitempty"`
	// BaseFaulty are the files at Base that could not be read as drafts.
	BaseFaulty []string `json:"base_faulty,omitempty"`

	Complete bool           `json:"complete"` // false when drafts were not read
	ExitCode int            `json:"exit_code"`
	Summary  Summary        `json:"summary"`
	Drafts   []PlannedDraft `json:"drafts"` // in the order of the files

	Removed []RemovedDraft `json:"removed,omitempty"` // since the base of a change

	// Refusals are the guards by which apply, typed with the same ones, would write nothing of it.
	Refusals []Refusal `json:"refusals,omitempty"`

	// Error is why the run ended before its end. What holds for all drafts is told here and of none
	// of them.
	Error *Fault `json:"error,omitempty"`

	CreatedAt time.Time `json:"created_at,omitzero"` // when it was saved, in UTC to the second; zero if it was not
}

// Refusal is a guard that does not let a plan pass, and why.
type Refusal struct {
	Guard   string `json:"guard"` // its flag, without dashes
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Summary counts the drafts of a plan by action.
type Summary struct {
	Create  int `json:"create"`
	Update  int `json:"update"`
	NoOp    int `json:"no_op"`
	Blocked int `json:"blocked"`
	Closed  int `json:"closed"`
	Failed  int `json:"failed"`
	NotRead int `json:"not_read"`
	// ConsoleEdits are the updates that would overwrite an edit made at the console.
	ConsoleEdits int `json:"console_edits"`
}

// withoutEdits is s as plan files had it before console edits were counted in it.
func (s Summary) withoutEdits() Summary {
	s.ConsoleEdits = 0
	return s
}

// PlannedDraft is one draft of a plan.
type PlannedDraft struct {
	File            string          `json:"file"`
	Line            int             `json:"line"`
	NotificationID  string          `json:"notification_id"`
	JobName         string          `json:"job_name"` // as the file has it
	UserIDType      spec.UserIDType `json:"user_id_type"`
	Action          Action          `json:"action"`
	Status          *int            `json:"status"`            // as Feishu gives it; null when it could not be read
	Reaches         *int            `json:"reaches,omitempty"` // how many people it reaches, as Feishu counts them before any change; null when it does not say
	Digest          string          `json:"digest,omitempty"`  // of an update alone; see seal
	SendAt          string          `json:"send_at,omitempty"` // RFC 3339 in the file's offset: when it is sent once the plan is carried out, as far as a time is set
	Changes         []diff.Change   `json:"changes"`
	Live            *diff.State     `json:"live"`
	Desired         *diff.State     `json:"desired"`
	LiveFingerprint string          `json:"live_fingerprint,omitempty"` // of live, without names
	// UpdatedAt and UpdatedBy say who changed the notification last on the server, and when:
	// RFC 3339 in UTC, and a name or an id. They are told to readers and never compared.
	UpdatedAt string `json:"updated_at,omitempty"`
	UpdatedBy string `json:"updated_by,omitempty"`
	// BaseUntold says why nobody can tell what the file said at Plan.Base. The changes of such a
	// draft carry no origin, like those of one that is new since then.
	BaseUntold string `json:"base_untold,omitempty"`
	// OriginCommit is the commit whose version of the draft origins were told by, where that is
	// the one nearest to the live state, and OriginDistance in how many facts the two differ.
	OriginCommit   string `json:"origin_commit,omitempty"`
	OriginDistance int    `json:"origin_distance,omitzero"`

	Error *Fault `json:"error,omitempty"`
}

// namesIn are the names that the server's answers gave to ids.
func namesIn(drafts []PlannedDraft) map[string]string {
	names := map[string]string{}
	for _, d := range drafts {
		if d.Live != nil {
			d.Live.Names(names)
		}
	}
	return names
}

// observation is what one GET brought: the notification, or why there is none.
type observation struct {
	detail feishu.NotificationDetail
	err    error
}

// planDraft compares one draft with what was observed. It is pure. A draft that was not judged, or
// has faults that leave it unknown what to write, is Failed, whoever let it through.
func planDraft(d spec.Draft, o observation) PlannedDraft {
	p := unplanned(d)
	switch {
	case d.NotificationID == "":
		return p.created(d)
	case feishu.HoldsForAll(o.err): // the plan's error tells it
		p.Action = NotRead
		return p
	case errors.Is(o.err, errNotRead):
		p.Action, p.Error = NotRead, NewFault(o.err)
		return p
	case o.err != nil:
		p.Error = NewFault(o.err)
		return p
	}
	status := o.detail.Notification.Status
	p.Status, p.Reaches = &status, o.detail.Notification.TargetUserCount.Value
	live, err := fromWire(o.detail.Notification)
	if err != nil {
		p.Error = NewFault(err)
		return p
	}
	want := desired(d, live)
	if err := writable(want); err != nil {
		p.Error = NewFault(err)
		return p
	}
	p.Live, p.Desired, p.LiveFingerprint = &live, &want, live.Fingerprint()
	p.Changes = diff.Between(live, want)
	p.Action = action(p.Changes, status)
	p.timesIn(d.SendAt.Value.Location())
	p.UpdatedAt, p.UpdatedBy = lastEdit(o.detail.Notification)
	return p
}

// unplanned is d as a plan names it, as long as nothing is known of it.
func unplanned(d spec.Draft) PlannedDraft {
	return PlannedDraft{
		File: d.Pos.File, Line: d.Pos.Line, NotificationID: d.NotificationID,
		JobName: d.JobName, UserIDType: d.UserIDType, Action: Failed,
	}
}

// created is the plan of a draft that is not created yet: everything in it is new.
func (p PlannedDraft) created(d spec.Draft) PlannedDraft {
	want := desired(d, diff.State{})
	if err := writable(want); err != nil {
		p.Error = NewFault(err)
		return p
	}
	p.Action, p.Desired = Create, &want
	p.Changes = diff.Between(diff.State{}, want)
	p.timesIn(d.SendAt.Value.Location())
	return p
}

// lastEdit says when a notification was changed last, and by whom, as far as the server tells.
func lastEdit(n feishu.Notification) (at, by string) {
	if t, ok := timeOf(n.UpdatedAt.Value); ok {
		at = t.UTC().Format(time.RFC3339)
	}
	user := n.UpdateUser.Value
	return at, cmp.Or(user.Name.Value, user.UserID)
}

// statusDraft is the only status whose meaning is known: the API page "查询推送", get notification, names no
// other number.
const statusDraft = 0

// action is what is to be done about the changes of a notification of this status. Of one that is no
// draft any more nobody asked for a change when all of them were made at the console: being sent is
// the normal end of its life.
func action(changes []diff.Change, status int) Action {
	unasked := func(c diff.Change) bool { return c.Origin == diff.FromConsole }
	switch {
	case len(changes) == 0:
		return NoOp
	case status == statusDraft:
		return Update
	case len(slices.DeleteFunc(slices.Clone(changes), unasked)) == 0:
		return Closed
	default:
		return Blocked
	}
}

// newPlan joins planned drafts, in the order given, to a plan.
func newPlan(h Helpdesk, drafts []PlannedDraft) Plan {
	p := Plan{FormatVersion: FormatVersion, Helpdesk: h, Complete: true, Drafts: drafts}
	names := namesIn(drafts)
	for i := range drafts {
		diff.Name(drafts[i].Changes, names)
	}
	p.Digest = seal(h, drafts)
	p.recount()
	return p
}

// recount counts the drafts of p.
func (p *Plan) recount() {
	p.Summary = Summary{ConsoleEdits: p.ConsoleEdits()}
	for _, d := range p.Drafts {
		if row, known := d.Action.row(); known { // a plan file may hold any
			*row.count(&p.Summary)++
		}
	}
}
