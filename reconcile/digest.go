package reconcile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"notiform/spec"
)

// digest covers what would be written where: the helpdesk and, for each update, the id and how
// it is asked for, the live state it was compared with and the desired one. It depends on
// nothing else: not on paths, order, names, time or version, nor on how anything is shown.
func digest(h Helpdesk, drafts []PlannedDraft) string {
	var updates []PlannedDraft
	for _, d := range drafts {
		if d.Action == Update {
			updates = append(updates, d)
		}
	}
	slices.SortFunc(updates, func(a, b PlannedDraft) int { return cmp.Compare(a.NotificationID, b.NotificationID) })
	type write struct {
		ID         string          `json:"notification_id"`
		UserIDType spec.UserIDType `json:"user_id_type"`
		Before     jsontext.Value  `json:"before"`
		After      jsontext.Value  `json:"after"`
	}
	covered := struct {
		Helpdesk
		Writes []write `json:"writes"`
	}{Helpdesk: h}
	for _, d := range updates {
		compared := d.Live.InEffect(d.Desired.PushType)
		covered.Writes = append(covered.Writes, write{d.NotificationID, d.UserIDType, compared.Canonical(), d.Desired.Canonical()})
	}
	b, err := json.Marshal(covered)
	if err != nil {
		panic(err) // its parts were marshalled just now
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}
