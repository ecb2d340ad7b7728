package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// Text writes the product of a run for a person: the diagnostics of validate, the plan of
// plan, the result of apply. It returns the first error of w.
func Text(w io.Writer, r Run, s Style) error {
	p := newPainter(w, s)
	switch {
	case r.Result != nil:
		p.result(*r.Result)
	case r.Plan != nil:
		p.plan(*r.Plan, r.WriteTime)
	case r.Command == "validate":
		p.diagnostics(r.Diagnostics)
		p.line(0, "", validated(r))
	}
	return p.close()
}

// DiagnosticsText writes faults and warnings of draft files, one line each with its hint below.
func DiagnosticsText(w io.Writer, diagnostics []spec.Diagnostic, s Style) error {
	p := newPainter(w, s)
	p.diagnostics(diagnostics)
	return p.close()
}

func (p *painter) diagnostics(list []spec.Diagnostic) {
	for _, d := range list {
		color := yellow
		if d.Severity == spec.Error {
			color = red
		}
		// One line however long: editors and problem matchers read it by the line.
		p.write(inert(Visible(d.Pos.String())) + ": " + p.paint(color, d.Severity.String()) + ": " + Visible(d.Message) + " [" + d.Rule + "]\n")
		if d.Hint != "" {
			p.write("  hint: " + Visible(d.Hint) + "\n")
		}
	}
}

func validated(r Run) string {
	return fmt.Sprintf("Validate: %s in %s, %s, %s", Plural(r.Drafts, "draft"), Plural(r.Files, "file"),
		Plural(r.count(spec.Error), "error"), Plural(r.count(spec.Warning), "warning"))
}

// Plural is a count with its noun: "1 draft", "3 drafts". The noun takes an s.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (p *painter) plan(plan reconcile.Plan, writeTime time.Duration) {
	s := plan.Summary
	summary := planSummary(s)
	p.line(0, bold, summary)
	shown, unread := 0, 0
	for _, d := range plan.Drafts {
		switch {
		case d.Unread():
			unread++
		case d.Action != reconcile.NoOp:
			p.blank()
			p.planned(d)
			shown++
		}
	}
	if shown == 0 && plan.Complete {
		return
	}
	p.blank()
	if !plan.Complete {
		p.line(0, red, fmt.Sprintf("This plan is not complete: the run was stopped with %s not read.", Plural(unread, "draft")))
	}
	if s.Update > 0 {
		if writeTime > 0 {
			p.line(0, "", "Applying this takes at least "+about(writeTime)+" under the limits of the API.")
		}
		p.line(0, dim, "Digest: "+plan.Digest)
	}
	if n := plan.ConsoleEdits(); n > 0 {
		p.line(0, red, fmt.Sprintf("%s would lose edits made at the console (marked console or conflict).", Plural(n, "draft")))
	}
	p.line(0, bold, summary)
}

// about says a duration the way a person would.
func about(d time.Duration) string {
	switch minutes := int(d.Round(time.Minute) / time.Minute); {
	case minutes < 1:
		return Plural(int(d.Round(time.Second)/time.Second), "second")
	case minutes < 120:
		return Plural(minutes, "minute")
	default:
		return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
	}
}

func (p *painter) planned(d reconcile.PlannedDraft) {
	p.heading(signOf(d.Action)+" "+string(d.Action), d.JobName, d.NotificationID, d.File, d.Line)
	if d.UpdatedAt != "" && len(d.Changes) > 0 {
		p.line(4, dim, "last changed on the server "+Visible(d.UpdatedAt)+by(d.UpdatedBy))
	}
	for _, why := range d.Widened() {
		p.line(4, yellow, "! audience: "+Visible(why))
	}
	p.changes(d)
	if d.Action == reconcile.Blocked && d.Status != nil {
		p.line(4, red, "blocked: "+statusText(d.Status))
		p.line(4, "", "hint: "+hintBlocked)
	}
	p.fault(d.Error)
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return " by " + Visible(name)
}

func signOf(a reconcile.Action) string {
	switch a {
	case reconcile.Update:
		return "~"
	case reconcile.Blocked:
		return "!"
	default:
		return "x"
	}
}

// heading is the first line of a draft's block.
func (p *painter) heading(label, name, id, file string, line int) {
	p.line(0, bold, label+": "+Visible(named(name)))
	p.line(4, dim, fmt.Sprintf("%s  %s:%d", Visible(id), Visible(file), line))
}

func (p *painter) fault(f *reconcile.Fault) {
	if f == nil {
		return
	}
	p.line(4, red, "error: "+Visible(f.Message))
	if f.Hint != "" {
		p.line(4, "", "hint: "+Visible(f.Hint))
	}
}

// wholeText is everything that a run says on both streams, without colours.
func wholeText(w io.Writer, r Run) error {
	p := newPainter(w, Style{})
	p.diagnostics(r.Diagnostics)
	if r.Plan != nil {
		p.plan(*r.Plan, r.WriteTime)
	}
	if r.Result != nil {
		p.blank()
		p.result(*r.Result)
	}
	for _, f := range stopped(r) { // as stderr says it
		for _, line := range strings.Split(f.text(), "\n") {
			p.line(0, "", "notiform: "+line)
		}
	}
	if r.Command == "validate" {
		p.line(0, "", validated(r))
	}
	return p.close()
}
