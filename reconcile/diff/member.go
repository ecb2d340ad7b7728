package diff

import (
	"github.com/go-json-experiment/json"

	"notiform/spec"
)

// Names adds the names that s gives to ids, in the lists of every kind, to names by id; the
// first name of an id stays.
func (s State) Names(names map[string]string) {
	for _, f := range fields() {
		if f.list == nil {
			continue
		}
		for _, t := range *f.list(&s) {
			if t.Name != "" && names[t.ID] == "" {
				names[t.ID] = t.Name
			}
		}
	}
}

// Name gives the list members in changes the name that the server uses, wherever any answer
// named the id; a name that only the file claims is marked as such, since a reviewer trusts it.
// names are the server's, by id.
func Name(changes []Change, names map[string]string) {
	for i, c := range changes {
		for _, side := range []*spec.JSON{&changes[i].Before, &changes[i].After} {
			t, ok := memberTarget(c.Field, *side)
			if !ok {
				continue
			}
			if name := names[t.ID]; name != "" {
				t.Name = name
			} else if t.Name != "" {
				changes[i].NameFrom = "file"
			}
			*side = targetJSON(t)
		}
	}
}

// Member is the list member that a change adds or removes; ok is false for other changes.
func (c Change) Member() (t spec.Target, ok bool) {
	if c.Op == Remove {
		return memberTarget(c.Field, c.Before)
	}
	return memberTarget(c.Field, c.After)
}

// memberTarget reads a list member back from a change.
func memberTarget(field string, v spec.JSON) (t spec.Target, ok bool) {
	if v.IsZero() || !isList(field) || json.Unmarshal([]byte(v.String()), &t) != nil {
		return spec.Target{}, false
	}
	return t, true
}

func targetJSON(t spec.Target) spec.JSON { return jsonOf(t) }
