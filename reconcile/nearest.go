package reconcile

import (
	"notiform/reconcile/diff"
	"notiform/spec"
)

// BaseHistory is the Base of a plan in which each draft has a base of its own: of all its versions
// the one nearest to the live state.
const BaseHistory = "history"

// Nearest finds the versions of drafts that are nearest to what the server holds: those that differ
// from it in the fewest facts, and of equals the newest.
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
	d := n.drafts[was.NotificationID]
	if d == nil {
		return false
	}
	v := candidate{commit, was, age, diff.Distance(*d.Live, desired(was, *d.Live))}
	best, any := n.found[was.NotificationID]
	if !any || v.distance < best.distance || v.distance == best.distance && v.age < best.age {
		n.found[was.NotificationID] = v
	}
	return v.distance == 0
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
