package diff

import (
	"slices"

	"notiform/spec"
)

// With is s, in which what the changes are of is as in other: members of lists one by one, all else
// field by field. What only has an effect with other's push_type comes with that.
func (s State) With(changes []Change, other State) State {
	for _, c := range changes {
		switch c.Field {
		case "job_name":
			s.JobName = other.JobName
		case "push_type":
			if s.PushType = other.PushType; s.PushType != spec.Scheduled {
				s.NewStaffScopeType, s.NewStaffScopeDepartmentList = other.NewStaffScopeType, other.NewStaffScopeDepartmentList
			}
		case "push_scope_type":
			s.PushScopeType = other.PushScopeType
		case "new_staff_scope_type":
			s.NewStaffScopeType = other.NewStaffScopeType
		case "send_at":
			s.SendAt = other.SendAt
		case "push_content":
			s.PushContent = other.PushContent
		case "ext":
			s.Ext = other.Ext
		default:
			s.withMember(c, other)
		}
	}
	return s
}

// withMember makes a member of a list one, or none, as it is in another state.
func (s *State) withMember(c Change, other State) {
	for _, f := range fields() {
		if f.list == nil || f.name != c.Field {
			continue
		}
		is := func(t spec.Target) bool { return t.ID == c.Path }
		list := slices.DeleteFunc(slices.Clone(*f.list(s)), is)
		if i := slices.IndexFunc(*f.list(&other), is); i >= 0 {
			list = append(list, (*f.list(&other))[i])
		}
		*f.list(s) = Members(list)
	}
}
