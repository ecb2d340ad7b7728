package reconcile

import (
	"notiform/spec"
)

// FormatVersion is the version of the plan and result JSON. A change within a major version
// only adds; a reader refuses another major.
const FormatVersion = "1.0"

// Action is what a plan intends for one draft.
type Action string

// The actions. The zero Action is a bug, not a default.
const (
	NoOp    Action = "no-op"   // the file and the server say the same
	Update  Action = "update"  // they differ and the notification is a draft: apply will PATCH it
	Blocked Action = "blocked" // they differ, but the notification is no draft any more: Feishu refuses changes
	Failed  Action = "failed"  // its GET failed, or the answer cannot be compared
)

// Target names the helpdesk that a plan was made against.
type Target struct {
	BaseURL    string `json:"base_url"`
	HelpdeskID string `json:"helpdesk_id"`
}

// Plan says what would be written where. It is data: it can be shown, refused, and applied
// exactly. It never holds a token.
type Plan struct {
	FormatVersion string `json:"format_version"`
	ToolVersion   string `json:"tool_version"`
	Digest        string `json:"digest"` // see digest
	Target
	Base string `json:"base,omitempty"` // the commit that origins were told by
	// BaseFaulty are the files at Base that could not be read as drafts. What they held carries
	// no origin, like a draft that is new since then.
	BaseFaulty []string `json:"base_faulty,omitempty"`

	Complete bool           `json:"complete"` // false when planning was interrupted
	ExitCode int            `json:"exit_code"`
	Summary  Summary        `json:"summary"`
	Drafts   []PlannedDraft `json:"drafts"` // in the order of the files
}

// Summary counts the drafts of a plan by action.
type Summary struct {
	Update  int `json:"update"`
	NoOp    int `json:"no_op"`
	Blocked int `json:"blocked"`
	Failed  int `json:"failed"`
}

// PlannedDraft is one draft of a plan.
type PlannedDraft struct {
	File            string          `json:"file"`
	Line            int             `json:"line"`
	NotificationID  string          `json:"notification_id"`
	JobName         string          `json:"job_name"` // as the file has it
	UserIDType      spec.UserIDType `json:"user_id_type"`
	Action          Action          `json:"action"`
	Status          *int            `json:"status"` // as Feishu gives it; null when it could not be read
	Changes         []Change        `json:"changes"`
	Live            *State          `json:"live"`
	Desired         *State          `json:"desired"`
	LiveFingerprint string          `json:"live_fingerprint,omitempty"` // of live, without names
	// UpdatedAt and UpdatedBy say who changed the notification last on the server, and when:
	// RFC 3339 in UTC, and a name or an id. They are told to readers and never compared.
	UpdatedAt string `json:"updated_at,omitempty"`
	UpdatedBy string `json:"updated_by,omitempty"`
	Error     *Fault `json:"error,omitempty"`
}
