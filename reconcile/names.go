package reconcile

import (
	"github.com/go-json-experiment/json"

	"notiform/spec"
)

// namesIn are the names that the server's answers gave to ids.
func namesIn(drafts []PlannedDraft) map[string]string {
	names := map[string]string{}
	for _, d := range drafts {
		if d.Live != nil {
			d.Live.named(names)
		}
	}
	return names
}

// nameMembers gives list members the name that the server uses, wherever any answer named the
// id; a name that only the file claims is marked as such, since a reviewer trusts it.
func nameMembers(changes []Change, names map[string]string) {
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

// memberTarget reads a list member back from a change.
func memberTarget(field string, v spec.JSON) (spec.Target, bool) {
	switch field {
	case fieldNewStaffScopeList, fieldUserList, fieldDepartmentList, fieldChatList:
	default:
		return spec.Target{}, false
	}
	var t spec.Target
	if v.IsZero() || json.Unmarshal([]byte(v.String()), &t) != nil {
		return spec.Target{}, false
	}
	return t, true
}

// Member is the list member that a change adds or removes; ok is false for other changes.
func (c Change) Member() (t spec.Target, ok bool) {
	if c.Op == Remove {
		return memberTarget(c.Field, c.Before)
	}
	return memberTarget(c.Field, c.After)
}
