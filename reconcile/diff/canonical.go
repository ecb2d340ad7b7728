package diff

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/go-json-experiment/json"

	"notiform/spec"
)

// canonical is what of a state counts: ids without names, the card and ext by value.
type canonical struct {
	State
	Ext spec.JSON `json:"ext"`
}

// Canonical is the JSON of what of a state counts, the same bytes for states that are equal to
// the letter but for names: what fingerprints and digests are made of.
func (s State) Canonical() []byte {
	for _, f := range fields() {
		if f.list == nil {
			continue
		}
		list := f.list(&s)
		bare := make([]spec.Target, len(*list))
		for i, t := range *list {
			bare[i].ID = t.ID
		}
		*list = bare
	}
	b, err := json.Marshal(canonical{State: s, Ext: parsedText(s.Ext)})
	if err != nil {
		panic(err) // every part of a State marshals
	}
	return b
}

// Fingerprint identifies a state, but for names: "sha256:" and hexadecimal digits.
func (s State) Fingerprint() string {
	sum := sha256.Sum256(s.Canonical())
	return "sha256:" + hex.EncodeToString(sum[:])
}
