package report

import (
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// Run is all that one command found. Every format is drawn from it.
type Run struct {
	Command     string // "validate", "plan", "apply" or "show"
	ToolVersion string
	ExitCode    int
	Files       int // draft files read
	Drafts      int // drafts in them
	// Judged are those drafts, in the order of the files, for formats that name each of them.
	Judged      []spec.Draft
	Diagnostics []spec.Diagnostic
	Plan        *reconcile.Plan   // nil when the run ended before there was one
	Result      *reconcile.Result // nil unless something was applied
	Fault       *reconcile.Fault  // why the command itself could not go on
	Ticket      *Ticket           // nil unless a ticket was to be told
	// WriteTime is how long writing what is planned takes at least under the limits; 0 when
	// the limits do not make it wait.
	WriteTime time.Duration
	// Document is the plan file that show was given, which JSON repeats as it is.
	Document []byte
	Around
}

// Around is what a report says of the run that made it, besides what it found.
type Around struct {
	Helpdesk string // the id in the settings, for runs that ended before there was a plan
	// ApplyArgs are the flags and paths that make apply make this plan again, without the digest;
	// nil when there are none.
	ApplyArgs []string
	Elsewhere []string // files in which the run leaves its whole report
	URL       string   // where a CI system shows the run; anything but a plain http(s) address is left out
}

// Ticket is what became of the message to a ticket.
type Ticket struct {
	ID        string           `json:"id"`
	MessageID string           `json:"message_id,omitempty"`
	Error     *reconcile.Fault `json:"error,omitempty"` // why it was not posted, or why nobody knows
}

// kind is what the run is of: a plan that is shown again is a plan.
func (r Run) kind() string {
	if r.Command == "show" {
		return "plan"
	}
	return r.Command
}

func (r Run) count(s spec.Severity) int {
	n := 0
	for _, d := range r.Diagnostics {
		if d.Severity == s {
			n++
		}
	}
	return n
}
