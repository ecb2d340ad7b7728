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

// canonical is what of a state counts: ids without names, the card and ext by value.
type canonical struct {
	State
	Ext spec.JSON `json:"ext"`
}

func canonicalBytes(s State) []byte {
	strip := func(list []spec.Target) []spec.Target {
		out := make([]spec.Target, len(list))
		for i, t := range list {
			out[i].ID = t.ID
		}
		return out
	}
	s.NewStaffScopeDepartmentList, s.UserList = strip(s.NewStaffScopeDepartmentList), strip(s.UserList)
	s.DepartmentList, s.ChatList = strip(s.DepartmentList), strip(s.ChatList)
	b, err := json.Marshal(canonical{State: s, Ext: parsedText(s.Ext)})
	if err != nil {
		panic(err) // every part of a State marshals
	}
	return b
}

func fingerprint(s State) string {
	sum := sha256.Sum256(canonicalBytes(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// digest covers what would be written where: the target and, for each update, the id and how
// it is asked for, the live state it was compared with and the desired one. It depends on
// nothing else: not on paths, order, names, time or version, nor on how anything is shown.
func digest(t Target, drafts []PlannedDraft) string {
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
		Target
		Writes []write `json:"writes"`
	}{Target: t}
	for _, d := range updates {
		compared := d.Live.inEffect(d.Desired.PushType)
		covered.Writes = append(covered.Writes, write{d.NotificationID, d.UserIDType, canonicalBytes(compared), canonicalBytes(*d.Desired)})
	}
	b, err := json.Marshal(covered)
	if err != nil {
		panic(err) // its parts were marshalled just now
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}
