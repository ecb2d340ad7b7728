package reconcile

import (
	"notiform/reconcile/diff"
	"notiform/spec"
)

// BaseHistory is the Base of a plan in which each draft has a base of its own: of all its versions
// the one nearest to the live state.
const BaseHistory = "history"

// Nearest finds the versions of drafts that are nearest to what the server holds: those that differ
// from it in the fewest facts, and of equals the newest; see [Nearest.Before] for a change.
type Nearest struct {
	plan   *Plan
	drafts map[string]*PlannedDraft // those that differ, by notification_id
	found  map[string]candidate
}

// candidate is a version of a draft, as near to the live state as it is.
type candidate struct {
	commit        string
	draft         spec.Draft
	age, distance int
}

// Nearest begins the search for the drafts of p that differ from their files.
func (p *Plan) Nearest() *Nearest {
	n := &Nearest{plan: p, drafts: map[string]*PlannedDraft{}, found: map[string]candidate{}}
	for i, d := range p.Drafts {
		if len(d.Changes) > 0 && d.Live != nil {
			n.drafts[d.NotificationID] = &p.Drafts[i]
		}
	}
	return n
}

// Offer tells of one version of a draft; of two the one with the smaller age is the newer. It
// reports whether that is what the server holds, so that no older one can be nearer.
func (n *Nearest) Offer(commit string, age int, was spec.Draft) bool {
	if n.drafts[was.NotificationID] == nil {
		return false
	}
	v := candidate{commit, was, age, n.distance(was)}
	best, any := n.found[was.NotificationID]
	if !any || v.distance < best.distance || v.distance == best.distance && v.age < best.age {
		n.found[was.NotificationID] = v
	}
	return v.distance == 0
}

// Before tells what drafts said at a commit that a change was made from. Of equals that is the nearest:
// of the change nothing is applied yet, so that what it asks for is nobody's edit at the console.
func (n *Nearest) Before(commit string, was map[string]spec.Draft) {
	for id, v := range n.found {
		old, known := was[id]
		if known && !meansTheSame(old, v.draft) && n.distance(old) == v.distance {
			n.found[id] = candidate{commit: commit, draft: old, distance: v.distance}
		}
	}
}

func (n *Nearest) distance(was spec.Draft) int {
	live := *n.drafts[was.NotificationID].Live
	return diff.Distance(live, desired(was, live))
}

// Label gives the changes their origin, by the versions offered. untold says, by notification_id, of
// which drafts there may be other versions: these carry no label, unless the server holds one that
// is known.
func (n *Nearest) Label(untold map[string]string) {
	n.plan.Base = BaseHistory
	for id, d := range n.drafts {
		v, any := n.found[id]
		switch {
		case untold[id] != "" && (!any || v.distance > 0):
			d.BaseUntold = untold[id]
		case any:
			d.OriginCommit, d.OriginDistance = v.commit, v.distance
			d.label(v.draft)
		}
	}
	n.plan.recount()
}
