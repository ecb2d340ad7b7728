package reconcile

import (
	"notiform/reconcile/diff"
	"notiform/spec"
)

// Outcome is what became of one draft in an apply or a create. It is observed, never assumed: applied
// means that a GET after the write equalled the file.
type Outcome string

// The outcomes. The zero Outcome is a bug, not a default.
const (
	OutcomeApplied      Outcome = "applied"       // written, and a GET proves that it now equals the file
	OutcomeUnchanged    Outcome = "unchanged"     // equal already; nothing was sent
	OutcomeNotCreated   Outcome = "not created"   // it has no notification_id; apply creates nothing
	OutcomeBlocked      Outcome = "blocked"       // differs, but is no draft any more; nothing was sent
	OutcomeClosed       Outcome = "closed"        // no draft any more, and nobody asked for a change; nothing was sent
	OutcomeStale        Outcome = "stale"         // moved since it was planned; not written
	OutcomeUnverified   Outcome = "unverified"    // sent, but what the server now holds is not the file, or cannot be read
	OutcomeFailed       Outcome = "failed"        // could not be read, or was refused; the server holds what it held
	OutcomeNotAttempted Outcome = "not attempted" // the run was stopped before its turn

	OutcomeCreated Outcome = "created" // its id is in the file, and a GET proves that it equals the file
	OutcomeSkipped Outcome = "skipped" // it has an id; create leaves it alone
	OutcomeUnknown Outcome = "unknown" // Feishu was asked to create it, and nobody knows whether it did
)

// Result says what an apply or a create did. It names every draft of the plan exactly once.
type Result struct {
	FormatVersion string `json:"format_version"`
	ToolVersion   string `json:"tool_version"`
	Digest        string `json:"digest"` // of the plan that was applied
	Helpdesk
	Complete bool          `json:"complete"` // false when drafts were not attempted
	ExitCode int           `json:"exit_code"`
	Summary  ResultSummary `json:"summary"`
	Drafts   []DraftResult `json:"drafts"` // in the order of the plan

	Removed []RemovedDraft `json:"removed,omitempty"` // as in the plan
	// Error is why the run ended before its end. What holds for all drafts is told here and of no
	// draft that was not attempted because of it.
	Error *Fault `json:"error,omitempty"`
}

// ResultSummary counts the drafts of a result by outcome.
type ResultSummary struct {
	Applied      int `json:"applied"`
	Unchanged    int `json:"unchanged"`
	NotCreated   int `json:"not_created"`
	Blocked      int `json:"blocked"`
	Closed       int `json:"closed"`
	Stale        int `json:"stale"`
	Unverified   int `json:"unverified"`
	Failed       int `json:"failed"`
	NotAttempted int `json:"not_attempted"`

	Created int `json:"created,omitzero"` // these of a create alone
	Skipped int `json:"skipped,omitzero"`
	Unknown int `json:"unknown,omitzero"`
}

// DraftResult is what became of one draft.
type DraftResult struct {
	File           string          `json:"file"`
	Line           int             `json:"line"`
	NotificationID string          `json:"notification_id"`
	JobName        string          `json:"job_name"`
	UserIDType     spec.UserIDType `json:"user_id_type"`
	Outcome        Outcome         `json:"outcome"`
	Status         *int            `json:"status"` // as last seen
	// ReachesBefore and Reaches are how many people it reaches, as Feishu counts them: when it was
	// planned, and as last seen; null where Feishu does not say.
	ReachesBefore *int          `json:"reaches_before,omitempty"`
	Reaches       *int          `json:"reaches,omitempty"`
	Changes       []diff.Change `json:"changes"` // what was planned
	// Remaining is what stands between expectation and server: for stale, from what was planned
	// on to what is there now; for unverified, from what is there now to the file.
	Remaining       []diff.Change `json:"remaining,omitempty"`
	ApprovalAppLink string        `json:"approval_app_link,omitempty"` // where the notification is sent for approval
	LogID           string        `json:"log_id,omitempty"`            // of the PATCH or POST
	Error           *Fault        `json:"error,omitempty"`
}

// resultOf is the result of a draft that nothing was done about yet.
func resultOf(d PlannedDraft) DraftResult {
	return DraftResult{
		File: d.File, Line: d.Line, NotificationID: d.NotificationID, JobName: d.JobName,
		UserIDType: d.UserIDType, Status: d.Status, ReachesBefore: d.Reaches, Reaches: d.Reaches, Changes: d.Changes, Error: d.Error,
	}
}

func newResult(p Plan, drafts []DraftResult) Result {
	r := Result{FormatVersion: FormatVersion, ToolVersion: p.ToolVersion, Digest: p.Digest, Helpdesk: p.Helpdesk, Drafts: drafts, Removed: p.Removed}
	for _, d := range drafts {
		*r.Summary.count(d.Outcome)++
	}
	r.Complete = p.Complete && r.Summary.NotAttempted == 0
	return r
}

func (s *ResultSummary) count(o Outcome) *int {
	switch o {
	case OutcomeApplied:
		return &s.Applied
	case OutcomeUnchanged:
		return &s.Unchanged
	case OutcomeNotCreated:
		return &s.NotCreated
	case OutcomeBlocked:
		return &s.Blocked
	case OutcomeClosed:
		return &s.Closed
	case OutcomeStale:
		return &s.Stale
	case OutcomeUnverified:
		return &s.Unverified
	case OutcomeFailed:
		return &s.Failed
	case OutcomeNotAttempted:
		return &s.NotAttempted
	case OutcomeCreated:
		return &s.Created
	case OutcomeSkipped:
		return &s.Skipped
	case OutcomeUnknown:
		return &s.Unknown
	default:
		panic("unknown outcome " + string(o))
	}
}
