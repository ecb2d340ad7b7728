package reconcile

import (
	"slices"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// ConsoleEdits counts the updates of p that would overwrite an edit made at the console.
func (p Plan) ConsoleEdits() int {
	n := 0
	for _, d := range p.Drafts {
		if d.Action == Update && slices.ContainsFunc(d.Changes, diff.Change.Overwrites) {
			n++
		}
	}
	return n
}

// Untold counts the updates of p that may overwrite an edit made at the console, as nobody can
// tell: the base did not hold the draft in a readable form.
func (p Plan) Untold() int {
	if len(p.BaseFaulty) == 0 {
		return 0 // what carries no origin is new, and has never been applied
	}
	n := 0
	for _, d := range p.Drafts {
		if d.Action == Update && len(d.Changes) > 0 && d.Changes[0].Origin == "" {
			n++
		}
	}
	return n
}

// LabelOrigins gives the changes of p their origin. base holds what the files said at the base
// revision, by notification_id; a draft that is not in it stays unlabelled.
func (p Plan) LabelOrigins(base map[string]spec.Draft) {
	for _, d := range p.Drafts {
		if was, ok := base[d.NotificationID]; ok && d.Live != nil && d.Desired != nil {
			diff.Label(d.Changes, *d.Live, *d.Desired, desired(was, *d.Live), was.UserIDType == d.UserIDType)
		}
	}
}
