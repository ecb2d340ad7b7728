package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// Run is all that one command found. Every format is drawn from it.
type Run struct {
	Command     string // "validate", "plan", "apply", "create", "show", "card" or "import"
	ToolVersion string
	ExitCode    int
	Files       int // draft files read
	Drafts      int // drafts in them
	// Judged are those drafts, in the order of the files, for formats that name each of them.
	Judged      []spec.Draft
	CardFiles   map[string]string // of Judged, by their names in them: what diagnostics call each
	Diagnostics []spec.Diagnostic
	Card        spec.JSON                // of card, as far as it could be read
	Changed     *Changed                 // nil when nothing narrowed the run
	Removed     []reconcile.RemovedDraft // that no file has any more
	Plan        *reconcile.Plan          // nil when the run ended before there was one
	Result      *reconcile.Result        // nil unless something was applied
	Import      *reconcile.Import        // nil unless something was imported; Plan is its own
	Updated     *reconcile.FileUpdate    // nil unless files were to follow the helpdesk
	Fault       *reconcile.Fault         // why the command itself could not go on
	Ticket      *Ticket                  // nil unless a ticket was to be told
	Now         time.Time                // by which a send_at has passed
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
	// AllowAudience are the audiences that the plan was told drafts may gain.
	AllowAudience []spec.PushScopeType

	Cards     bool     // cards are drawn whole, however long
	Elsewhere []string // files in which the run leaves its whole report
	Commit    string   // that a CI system runs for, if it says so
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
		if d.Level() == s {
			n++
		}
	}
	return n
}

// summary is the line that every format leads or ends with.
func (r Run) summary() string {
	switch {
	case r.Result != nil:
		return r.resulted()
	case r.Plan != nil:
		return r.planned()
	case r.Command == "validate":
		return r.validated()
	default:
		return noPlanMade
	}
}

func (r Run) validated() string {
	if r.Changed != nil {
		return fmt.Sprintf(validateChanged, Plural(r.Drafts, nounChangedDraft), r.Changed.Of, Plural(r.Files, nounFile),
			Plural(r.count(spec.Error), nounError), Plural(r.count(spec.Warning), nounWarning))
	}
	return fmt.Sprintf(validateCounts, Plural(r.Drafts, nounDraft), Plural(r.Files, nounFile),
		Plural(r.count(spec.Error), nounError), Plural(r.count(spec.Warning), nounWarning))
}

// planned is what a plan counts. That of create knows of what it leaves alone only that it has an id.
func (r Run) planned() string {
	s := r.Plan.Summary
	if r.Command != "create" {
		return fmt.Sprintf(planIs, planCounts(s, english))
	}
	if s.NoOp > 0 {
		return fmt.Sprintf(createSkips, Plural(s.Create, nounDraft), s.NoOp)
	}
	return fmt.Sprintf(createIs, Plural(s.Create, nounDraft))
}

// planCounts are what a plan counts: what is always told, and of the rest what there is any of.
func planCounts(s reconcile.Summary, l language) string {
	var said []string
	for _, c := range planCountTable() {
		if n := c.of(s); n > 0 || c.always {
			said = append(said, c.in(l, n))
		}
	}
	return strings.Join(said, ticketTable()[ticketCountsJoin].in(l))
}

func (r Run) resulted() string {
	text, values := r.resultCounts()
	return ticketTable()[text].in(english, values...)
}

// resultCounts is what an apply or a create came to, without the outcomes that no draft had.
func (r Run) resultCounts() (ticketText, []any) {
	counts := slices.DeleteFunc(outcomeCounts(r.Result.Summary), func(c count) bool { return c.n == 0 })
	some, none := ticketApplyCounts, ticketApplyNothing
	if r.Command == "create" {
		some, none = ticketCreateCounts, ticketCreateNothing
	}
	if len(counts) == 0 {
		return none, nil
	}
	return some, []any{counts}
}

// dangers count what must not be overlooked in the updates of a plan, one sentence each.
func dangers(r Run) []string {
	var said []string
	for _, danger := range []struct {
		drafts int
		say    string
	}{
		{r.Plan.Widened(), widenedTo},
		{r.Plan.SendAtPassed(r.Now), passedIn},
		{r.Plan.ConsoleEdits(), editsLost},
	} {
		if danger.drafts > 0 {
			said = append(said, fmt.Sprintf(danger.say, Plural(danger.drafts, nounDraft)))
		}
	}
	return said
}

// Plural is a count with its noun: "1 draft", "3 drafts". The noun takes an s.
func Plural(n int, noun string) string { return counted(n, "%d "+noun, "%d "+noun+"s") }

// counted is a sentence about so many, of which one says it of one and many of any other number.
func counted(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf(one, n)
	}
	return fmt.Sprintf(many, n)
}

// ending is how a run ended, for a heading.
type ending int

const (
	endedFailed ending = iota
	endedFaulty
	endedBlocked
	endedGuarded
	endedRefused
	endedPartly
	endedUsage
	endedInterrupted
	endedWritten
	endedUnwritten
	endedChanges
	endedEqual
	endedInOrder
	endings // how many there are
)

// ending is the exit code with what there was to do; a plan that is shown again brings its own.
func (r Run) ending() ending {
	code := r.ExitCode
	if r.Command == "show" && r.Plan != nil {
		code = r.Plan.ExitCode
	}
	switch code {
	case ExitDone, ExitDiffers:
		return r.success()
	case ExitFaulty:
		return endedFaulty
	case ExitRefused:
		return r.refusal()
	case ExitPartial:
		return endedPartly
	case ExitUsage:
		return endedUsage
	case ExitInterrupted:
		return endedInterrupted
	default:
		return endedFailed
	}
}

func (r Run) refusal() ending {
	switch {
	case r.Fault != nil || r.Result != nil:
		return endedRefused
	case len(refusals(r)) > 0:
		return endedGuarded
	default:
		return endedBlocked
	}
}

func (r Run) success() ending {
	switch {
	case r.Result != nil && r.Result.Summary.Applied+r.Result.Summary.Created > 0:
		return endedWritten
	case r.Result != nil:
		return endedUnwritten
	case r.Plan != nil && r.Plan.Summary.Update+r.Plan.Summary.Create > 0:
		return endedChanges
	case r.Plan != nil:
		return endedEqual
	default:
		return endedInOrder
	}
}
