package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// finding is one thing that somebody has to look at, at its place in the files. Annotations,
// SARIF, Code Quality and the warnings of Markdown all show findings. The texts are as they came.
type finding struct {
	severity      spec.Severity
	rule          string
	called        string // see planRule
	job           string // the name of the draft that planning or applying says this of, or ""
	message, hint string
	pos           spec.Pos // Column is 0 where only the line is known
	subject       string   // what stays the same when the draft moves: its id, or its name
	foreign       bool     // message is not ours alone: a server or a file has a say in it
	judged        bool     // by package spec, which escapes what it quotes
	detail        string   // what tells it from others of its rule and subject; no log id, no time
}

// finding is what a rule says of a draft, unless there is a better message.
func (i identity) finding(r planRule) finding {
	return finding{severity: r.severity, rule: r.id, called: r.called, job: i.title(), message: r.message, hint: r.hint, pos: i.at, subject: i.id}
}

// text is name, message and hint for formats that have one text, safe to print.
func (f finding) text() string {
	if f.hint == "" {
		return f.line()
	}
	return f.line() + "\n" + fmt.Sprintf(hintIs, f.visible(f.hint))
}

// visible makes a text of the finding visible.
func (f finding) visible(s string) string {
	if f.judged {
		return visibleMessage(s)
	}
	return Visible(s)
}

// line is text without the hint. It is never empty: formats demand a text.
func (f finding) line() string {
	if f.message == "" {
		f.message = f.rule
	}
	if f.job == "" {
		return byLine(f.message, f.visible)
	}
	return fmt.Sprintf(labelled, Visible(f.job), byLine(f.message, f.visible))
}

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
		say(planStopped, planAgain, false)
	case r.Result != nil && !r.Result.Complete && r.Command == "create":
		say(createStopped, createAgain, false)
	case r.Result != nil && !r.Result.Complete:
		say(applyStopped, applyAgain, false)
	case r.ExitCode == ExitInterrupted:
		say(runInterrupted, runAgain, false)
	}
	if r.Ticket != nil && r.Ticket.Error != nil {
		say(fmt.Sprintf(ticketNotTold, r.Ticket.ID, r.Ticket.Error.Message), r.Ticket.Error.Hint, true)
	}
	return out
}

// refusals are the guards by which apply would not write a plan.
func refusals(r Run) []finding {
	if r.Plan == nil || r.Result != nil {
		return nil
	}
	var out []finding
	for _, why := range r.Plan.Refusals {
		out = append(out, finding{severity: spec.Error, rule: ruleRefused, message: fmt.Sprintf(wouldRefuse, why.Message), hint: why.Hint, foreign: true, subject: why.Guard})
	}
	return out
}

// hintedOnce says a hint that is for several, one behind the other, behind the last of them only.
func hintedOnce(all []finding) []finding {
	for i := range all[:max(len(all)-1, 0)] {
		if all[i].hint == all[i+1].hint {
			all[i].hint = ""
		}
	}
	return all
}

// ofRun is what there is to say of a run as a whole, which has no place in the files.
func ofRun(r Run) []finding { return append(stopped(r), refusals(r)...) }

// findingsOf are those of the files, then those of the drafts in their order: what planning
// warns of, and what stands in the way or became of the draft. Drafts whose turn never came are
// not findings; stopped is one for all of them.
func findingsOf(r Run) []finding {
	owner := owners(r.Judged)
	var out []finding
	for _, d := range r.Diagnostics {
		out = append(out, finding{severity: d.Level(), rule: d.Rule, message: d.Message, hint: d.Hint, foreign: true, judged: true, pos: d.Pos, subject: owner.of(d.Pos), detail: d.Message})
	}
	out = append(out, removedFindings(r)...)
	if r.Plan != nil {
		for _, d := range r.Plan.Drafts {
			out = append(out, warningFindings(d, r.Now)...)
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
func warningFindings(d reconcile.PlannedDraft, now time.Time) []finding {
	if d.Action != reconcile.Update {
		return nil
	}
	var out []finding
	say := func(rule, message string) {
		f := ofPlan(d).finding(ruleNamed(rule))
		f.message = message
		out = append(out, f)
	}
	for _, why := range d.Widened() {
		say(ruleWidened, why)
	}
	if at, passed := d.SendAtPassed(now); passed {
		say(ruleSendAtPassed, fmt.Sprintf(sendAtPassed, literal("send_at", at, Visible)))
	}
	var edited []string
	for field, changes := range diff.ByField(d.Changes) {
		if slices.ContainsFunc(changes, diff.Change.Overwrites) {
			edited = append(edited, field)
		}
	}
	if len(edited) > 0 {
		say(ruleConsoleEdit, fmt.Sprintf(editsOverwritten, strings.Join(edited, ", ")))
	}
	return out
}

// plannedFindings are what stands in the way of writing a draft.
func plannedFindings(d reconcile.PlannedDraft) []finding {
	return ofPlan(d).trouble(ruleOf(string(d.Action)), d.Status, d.Error)
}

// resultFindings are why a draft was not written, or not as it was to be.
func resultFindings(d reconcile.DraftResult) []finding {
	return ofResult(d).trouble(ruleOf(string(d.Outcome)), d.Status, d.Error)
}

// trouble is what a rule says of a draft, if one speaks. An error says it better.
func (i identity) trouble(r planRule, status *int, why *reconcile.Fault) []finding {
	if r.id == "" {
		return nil
	}
	f := i.finding(r)
	if r.id == ruleBlocked {
		f.message = statusText(status)
	}
	if why != nil {
		f.message, f.foreign = why.Message, true
		f.hint = cmp.Or(why.Hint, f.hint)
	}
	return []finding{f}
}

func statusText(status *int) string {
	if status == nil {
		return onlyDrafts
	}
	return fmt.Sprintf(statusNoDraft, *status)
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
	d, _ := o.draft(p)
	return cmp.Or(d.NotificationID, d.JobName)
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
