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

// write is what an update would do to one notification: its id and how it is asked for, the live
// state that was compared, and the desired one.
type write struct {
	ID         string          `json:"notification_id"`
	UserIDType spec.UserIDType `json:"user_id_type"`
	Before     jsontext.Value  `json:"before"`
	After      jsontext.Value  `json:"after"`
}

// digest covers what would be written where: the helpdesk and the writes, in the order of their
// ids. It depends on nothing else: not on paths, order, names, time or version, nor on how anything
// is shown.
func digest(h Helpdesk, writes ...write) string {
	b, err := json.Marshal(struct {
		Helpdesk
		Writes []write `json:"writes"`
	}{h, writes})
	if err != nil {
		panic(err) // its parts were marshalled just now
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// seal gives each update of drafts its digest, that of a plan which has only this one, and returns
// the digest over all of them.
func seal(h Helpdesk, drafts []PlannedDraft) string {
	var writes []write
	for i, d := range drafts {
		drafts[i].Digest = ""
		if d.Action != Update {
			continue
		}
		compared := d.Live.InEffect(d.Desired.PushType)
		w := write{d.NotificationID, d.UserIDType, compared.Canonical(), d.Desired.Canonical()}
		drafts[i].Digest = digest(h, w)
		writes = append(writes, w)
	}
	slices.SortFunc(writes, func(a, b write) int { return cmp.Compare(a.ID, b.ID) })
	return digest(h, writes...)
}
