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

// Changed reports whether a draft means something else than it did, whatever it is called and
// wherever it stands. was are the drafts that there were, by notification_id; unnamed are those
// that had none, of which one that is equal will do.
func Changed(d spec.Draft, was map[string]spec.Draft, unnamed []spec.Draft) bool {
	if d.NotificationID == "" {
		return !slices.ContainsFunc(unnamed, func(old spec.Draft) bool { return meansTheSame(old, d) })
	}
	old, known := was[d.NotificationID]
	return !known || !meansTheSame(old, d)
}

// meansTheSame reports whether two drafts ask for the same, whatever the server holds: what the one
// leaves to it, the other leaves to it as well.
func meansTheSame(a, b spec.Draft) bool {
	return a.UserIDType == b.UserIDType && a.SendAt.Given == b.SendAt.Given && a.Ext.Given == b.Ext.Given &&
		diff.Equal(desired(a, diff.State{}), desired(b, diff.State{}))
}
