package report

import (
	"fmt"
	"strings"

	"notiform/reconcile"
	"notiform/spec"
)

// Changed is what --changed narrowed a run to.
type Changed struct {
	Revision string       // as typed
	Commit   string       // the full id of the merge base of it and HEAD
	Drafts   []spec.Draft // that mean something else than they did there
	Of       int          // how many were held against it
}

// sentence says how many drafts differ, with the names shown so that they do no harm.
func (c Changed) sentence(show func(string) string) string {
	commit, revision := show(c.Commit[:min(len(c.Commit), 7)]), show(c.Revision)
	of := Plural(c.Of, nounDraft)
	switch n := len(c.Drafts); n {
	case 0:
		return fmt.Sprintf(noneDiffers, commit, revision, of)
	case 1:
		return fmt.Sprintf(oneDiffers, n, of, commit, revision)
	default:
		return fmt.Sprintf(manyDiffer, n, of, commit, revision)
	}
}

// ofChange are the drafts that the run is about.
func (r Run) ofChange() []spec.Draft {
	if r.Changed != nil {
		return r.Changed.Drafts
	}
	return r.Judged
}

// change says what of the drafts a run is about, and which are gone.
func (p *painter) change(r Run) {
	if r.Changed != nil {
		p.line(0, "", r.Changed.sentence(Visible))
	}
	for _, d := range r.Removed {
		p.line(0, yellow, fmt.Sprintf(removedIs, Visible(ofRemoved(d).title()), Visible(d.NotificationID), Visible(d.File), staysInHelpdesk, hintRemoved))
	}
}

func ofRemoved(d reconcile.RemovedDraft) identity {
	return identity{d.JobName, d.NotificationID, spec.Pos{File: d.File, Line: 1}}
}

// removedFindings tell each draft that is gone.
func removedFindings(r Run) []finding {
	var out []finding
	for _, d := range r.Removed {
		out = append(out, ofRemoved(d).finding(ruleNamed(ruleRemoved)))
	}
	return out
}

// mostRemoved is how many drafts that are gone are named in the head of a page.
const mostRemoved = 10

// changeParagraphs are change for a page of Markdown. Their size is bounded.
func changeParagraphs(r Run) string {
	var b strings.Builder
	if r.Changed != nil {
		b.WriteString(r.Changed.sentence(code) + "\n\n")
	}
	if n := r.count(spec.Note); n > 0 {
		b.WriteString(fmt.Sprintf(faultsOutside, Plural(n, nounFault)) + "\n\n")
	}
	if n := len(r.Removed); n > 0 {
		b.WriteString(counted(n, oneRemoved, manyRemoved) + "\n\n")
		for _, d := range r.Removed[:min(n, mostRemoved)] {
			i := ofRemoved(d)
			b.WriteString(fmt.Sprintf(removedItem, code(i.title()), code(i.id), code(d.File)) + "\n")
		}
		if n > mostRemoved {
			b.WriteString(fmt.Sprintf(mindMore, n-mostRemoved) + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// change counts what a message to a ticket does not list.
func (m *message) change(r Run) {
	if n := len(r.Removed); n > 0 {
		m.head.say(ticketRemoved, n)
	}
	if n := r.count(spec.Note); n > 0 {
		m.head.say(ticketOutside, n)
	}
}
