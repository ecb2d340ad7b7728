package report

import (
	"fmt"
	"slices"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// finding is one thing that somebody has to look at, at its place in the files. Annotations,
// SARIF, Code Quality and the warnings of Markdown all show findings. The texts are as they came.
type finding struct {
	severity      spec.Severity
	rule          string
	job           string // the name of the draft that planning or applying says this of, or ""
	message, hint string
	pos           spec.Pos // Column is 0 where only the line is known
	subject       string   // what stays the same when the draft moves: its id, or its name
	foreign       bool     // message is not ours alone: a server or a file has a say in it
	detail        string   // what tells it from others of its rule and subject; no log id, no time
}

// text is name, message and hint for formats that have one text, safe to print.
func (f finding) text() string {
	if f.hint == "" {
		return f.line()
	}
	return f.line() + "\nhint: " + Visible(f.hint)
}

// line is text without the hint. It is never empty: formats demand a text.
func (f finding) line() string {
	if f.message == "" {
		f.message = f.rule
	}
	if f.job == "" {
		return visibleLines(f.message)
	}
	return Visible(f.job) + ": " + visibleLines(f.message)
}

// ruleRun is what keeps the run itself from going on to its end. It has no place.
const ruleRun = "notiform"

// stopped is why the run ended early, and that a ticket could not be told, or nothing. Formats
// that could otherwise pass for those of a clean run must say it.
func stopped(r Run) []finding {
	var out []finding
	say := func(message, hint string, foreign bool) {
		out = append(out, finding{severity: spec.Error, rule: ruleRun, message: message, hint: hint, foreign: foreign})
	}
	switch {
	case r.Fault != nil:
		say(r.Fault.Message, r.Fault.Hint, true)
	case r.Plan != nil && !r.Plan.Complete:
		say("the run was stopped before every draft was read", "plan again", false)
	case r.Result != nil && !r.Result.Complete:
		say("the run was stopped before every draft was written", "apply again", false)
	case r.ExitCode == ExitInterrupted:
		say("the run was interrupted", "run it again", false)
	}
	if r.Ticket != nil && r.Ticket.Error != nil {
		say("ticket "+r.Ticket.ID+" could not be told: "+r.Ticket.Error.Message, r.Ticket.Error.Hint, true)
	}
	return out
}

// The rules that planning and applying find, besides those of the files.
const (
	ruleFailed       = "draft-failed"
	ruleBlocked      = "draft-blocked"
	ruleStale        = "draft-stale"
	ruleUnverified   = "draft-unverified"
	ruleNotAttempted = "draft-not-attempted"
	ruleNotRead      = "draft-not-read"
	ruleWidened      = "audience-widened"
	ruleConsoleEdit  = "console-edit"
)

func planRules() []spec.Rule {
	return []spec.Rule{
		{ID: ruleFailed, Severity: spec.Error, Fixed: true, Summary: "a notification could not be read, or Feishu refused the change"},
		{ID: ruleBlocked, Severity: spec.Error, Fixed: true, Summary: "a notification differs, but its status is not 0: Feishu changes only drafts"},
		{ID: ruleStale, Severity: spec.Error, Fixed: true, Summary: "a notification changed on the server since it was planned, and was not written"},
		{ID: ruleUnverified, Severity: spec.Error, Fixed: true, Summary: "a change was sent, but what the server holds now is not what the file says"},
		{ID: ruleWidened, Severity: spec.Warning, Fixed: true, Summary: "a change lets the message reach people it did not reach before"},
		{ID: ruleConsoleEdit, Severity: spec.Warning, Fixed: true, Summary: "a change overwrites what somebody edited at the console"},
	}
}

// findingsOf are those of the files, then those of the drafts in their order: what planning
// warns of, and what stands in the way or became of the draft. Drafts whose turn never came are
// not findings; stopped is one for all of them.
func findingsOf(r Run) []finding {
	owner := owners(r.Judged)
	var out []finding
	for _, d := range r.Diagnostics {
		out = append(out, finding{severity: d.Severity, rule: d.Rule, message: d.Message, hint: d.Hint, foreign: true, pos: d.Pos, subject: owner.of(d.Pos), detail: d.Message})
	}
	if r.Plan != nil {
		for _, d := range r.Plan.Drafts {
			out = append(out, warningFindings(d)...)
			if r.Result == nil {
				out = append(out, plannedFindings(d)...)
			}
		}
	}
	if r.Result != nil {
		for _, d := range r.Result.Drafts {
			out = append(out, resultFindings(d)...)
		}
	}
	return slices.DeleteFunc(out, func(f finding) bool { return f.rule == ruleNotRead || f.rule == ruleNotAttempted })
}

// warningFindings are what a reviewer must not overlook in an update.
func warningFindings(d reconcile.PlannedDraft) []finding {
	if d.Action != reconcile.Update {
		return nil
	}
	var out []finding
	say := func(rule, message string) {
		out = append(out, finding{severity: spec.Warning, rule: rule, job: named(d.JobName), message: message, pos: spec.Pos{File: d.File, Line: d.Line}, subject: d.NotificationID})
	}
	for _, why := range d.Widened() {
		say(ruleWidened, why)
	}
	if edited := fieldNames(slices.DeleteFunc(slices.Clone(d.Changes), func(c diff.Change) bool { return !c.Overwrites() })); len(edited) > 0 {
		say(ruleConsoleEdit, "edits made at the console would be overwritten: "+strings.Join(edited, ", "))
	}
	return out
}

// plannedFindings are what stands in the way of writing a draft.
func plannedFindings(d reconcile.PlannedDraft) []finding {
	f := finding{severity: spec.Error, job: named(d.JobName), pos: spec.Pos{File: d.File, Line: d.Line}, subject: d.NotificationID}
	switch {
	case d.Unread():
		f.rule, f.message = ruleNotRead, "the run was stopped before it was read"
	case d.Action == reconcile.Failed:
		f.rule = ruleFailed
	case d.Action == reconcile.Blocked:
		f.rule, f.message, f.hint = ruleBlocked, statusText(d.Status), hintBlocked
	default:
		return nil
	}
	return []finding{f.because(d.Error)}
}

// resultFindings are why a draft was not written, or not as it was to be.
func resultFindings(d reconcile.DraftResult) []finding {
	f := finding{severity: spec.Error, job: named(d.JobName), pos: spec.Pos{File: d.File, Line: d.Line}, subject: d.NotificationID}
	switch d.Outcome {
	case reconcile.OutcomeFailed:
		f.rule = ruleFailed
	case reconcile.OutcomeBlocked:
		f.rule, f.message, f.hint = ruleBlocked, statusText(d.Status), hintBlocked
	case reconcile.OutcomeStale:
		f.rule, f.message, f.hint = ruleStale, "it changed on the server since it was planned, and was not written", "plan again, review what changed, and apply"
	case reconcile.OutcomeUnverified:
		f.rule, f.message, f.hint = ruleUnverified, "it was sent, but the server does not hold what the file says", "look at it in the helpdesk console; then plan again"
	case reconcile.OutcomeNotAttempted:
		f.rule, f.message, f.hint = ruleNotAttempted, "the run was stopped before its turn", "apply again"
	default:
		return nil
	}
	return []finding{f.because(d.Error)}
}

const hintBlocked = "take these changes back in the file or, if it only awaits approval, withdraw it in the helpdesk console"

func statusText(status *int) string {
	if status == nil {
		return "Feishu changes only drafts"
	}
	return fmt.Sprintf("its status is %d, and Feishu changes only drafts (status 0)", *status)
}

// because tells the error, if there is one, rather than the general case.
func (f finding) because(e *reconcile.Fault) finding {
	if e != nil {
		f.message, f.foreign = e.Message, true
		if e.Hint != "" {
			f.hint = e.Hint
		}
	}
	return f
}

// named is a job_name that may be missing.
func named(name string) string {
	if name == "" {
		return "(no job_name)"
	}
	return name
}

// ownership tells which draft a place in a file belongs to.
type ownership map[string][]spec.Draft

func owners(drafts []spec.Draft) ownership {
	o := ownership{}
	for _, d := range drafts {
		o[d.Pos.File] = append(o[d.Pos.File], d)
	}
	return o
}

// of is the id or the name of the draft at a place, "" for none.
func (o ownership) of(p spec.Pos) string {
	d, ok := o.draft(p)
	switch {
	case !ok:
		return ""
	case d.NotificationID != "":
		return d.NotificationID
	default:
		return d.JobName
	}
}

func (o ownership) draft(p spec.Pos) (spec.Draft, bool) {
	in := o[p.File]
	for i := len(in) - 1; i >= 0; i-- {
		if in[i].Pos.Line <= p.Line {
			return in[i], true
		}
	}
	return spec.Draft{}, false
}
