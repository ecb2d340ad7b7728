package report

import (
	"fmt"
	"slices"

	"notiform/reconcile"
)

// waiting are the drafts whose turn did not come. Each is named with its place, and what is said of
// them is said once, however many it is said of.
type waiting struct {
	label  string // of them all
	drafts []identity
	why    []*reconcile.Fault
}

// waitingIn are those that a plan did not read or, where there is one, that a result did not attempt.
func waitingIn(r Run) waiting {
	w := waiting{label: notReadAre}
	if r.Result != nil {
		w.label = notAttemptedAre
		for _, d := range r.Result.Drafts {
			if d.Outcome == reconcile.OutcomeNotAttempted {
				w.add(ofResult(d), d.Error)
			}
		}
	} else if r.Plan != nil {
		for _, d := range r.Plan.Drafts {
			if d.Action == reconcile.NotRead {
				w.add(ofPlan(d), d.Error)
			}
		}
	}
	return w
}

func (w *waiting) add(i identity, why *reconcile.Fault) {
	w.drafts = append(w.drafts, i)
	if why != nil && !slices.ContainsFunc(w.why, func(f *reconcile.Fault) bool { return *f == *why }) {
		w.why = append(w.why, why)
	}
}

// lines are a line a draft, however long.
func (w waiting) lines() []string {
	lines := make([]string, len(w.drafts))
	for n, i := range w.drafts {
		lines[n] = fmt.Sprintf(waitingAt, Visible(i.at.File), i.at.Line, Visible(i.id), clip(i.title(), shortText, unclear))
	}
	return lines
}

// waiting draws them as text. What ended the run, if it has an error, stands at the end of it.
func (p *painter) waiting(w waiting, told *reconcile.Fault) {
	if len(w.drafts) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, w.label)
	for _, text := range w.lines() {
		p.write(inert(text) + "\n")
	}
	if told != nil {
		return
	}
	for _, f := range w.why {
		for _, l := range faultLines(f) {
			p.line(l.indent, l.color, l.text)
		}
	}
}
