package reconcile

import (
	"slices"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// RemovedDraft is a draft that no file has any more. Its notification stays where it is: nothing here
// deletes one.
type RemovedDraft struct {
	File           string `json:"file"` // that had it
	NotificationID string `json:"notification_id"`
	JobName        string `json:"job_name"`
}

// Changed are those of the drafts that mean something else than they did, whatever they are called and
// wherever they stand. was are the drafts that there were, by notification_id; unnamed are those
// that had none: each is one draft, and an equal one beside it is new.
func Changed(drafts []spec.Draft, was map[string]spec.Draft, unnamed []spec.Draft) (changed []spec.Draft) {
	unnamed = slices.Clone(unnamed)
	for _, d := range drafts {
		same := func(old spec.Draft) bool { return meansTheSame(old, d) }
		if d.NotificationID == "" {
			if i := slices.IndexFunc(unnamed, same); i >= 0 {
				unnamed = slices.Delete(unnamed, i, i+1)
				continue
			}
		}
		if old, known := was[d.NotificationID]; !known || !same(old) {
			changed = append(changed, d)
		}
	}
	return changed
}

// meansTheSame reports whether two drafts ask for the same, whatever the server holds: what the one
// leaves to it, the other leaves to it as well.
func meansTheSame(a, b spec.Draft) bool {
	return a.UserIDType == b.UserIDType && a.SendAt.Given == b.SendAt.Given && a.Ext.Given == b.Ext.Given &&
		diff.Equal(desired(a, diff.State{}), desired(b, diff.State{}))
}
