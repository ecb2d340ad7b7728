package report

import (
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// Run is all that one command found. Every format is drawn from it.
type Run struct {
	Command     string // "validate", "plan" or "apply"
	ToolVersion string
	ExitCode    int
	Files       int // draft files read
	Drafts      int // drafts in them
	Diagnostics []spec.Diagnostic
	Plan        *reconcile.Plan   // nil when the run ended before there was one
	Result      *reconcile.Result // nil unless something was applied
	Fault       *reconcile.Fault  // why the command itself could not go on
	// WriteTime is how long writing what is planned takes at least under the limits; 0 when
	// the limits do not make it wait.
	WriteTime time.Duration
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
