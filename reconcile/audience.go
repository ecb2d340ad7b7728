package reconcile

import (
	"cmp"
	"fmt"
	"slices"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// Widened says how an update lets a message reach people it did not reach before, one sentence
// a reason, or nothing. A list counts as widened when it gains a member, even if it loses
// others: the new one is told something they were not told before.
func (p PlannedDraft) Widened() []string {
	if p.Live == nil || p.Desired == nil || len(p.Changes) == 0 {
		return nil
	}
	var why []string
	if s := widenedScope(p.Live.PushScopeType, p.Desired.PushScopeType); s != "" {
		why = append(why, s)
	}
	if p.Live.NewStaffScopeType == spec.NewStaffDepartments && p.Desired.NewStaffScopeType == spec.AllNewStaff {
		why = append(why, reachesEveryNewMember)
	}
	for field, changes := range diff.ByField(p.Changes) {
		if moved := MembersMoved(changes); slices.ContainsFunc(changes, gains) && moved != "" {
			why = append(why, fmt.Sprintf(listMoves, field, moved))
		}
	}
	return why
}

// rootDepartment is the department that everybody is in.
const rootDepartment = "0"

// Gained are the audiences, each a whole push_scope_type, that a draft comes to reach. Of what reached
// every member before there are none. One that is not created yet gains all that it names.
func (p PlannedDraft) Gained() []spec.PushScopeType {
	if p.Desired == nil || p.Action != Update && p.Action != Create {
		return nil
	}
	before := audiences(*cmp.Or(p.Live, &diff.State{}))
	if slices.Contains(before, spec.AllMembers) {
		return nil
	}
	return slices.DeleteFunc(audiences(*p.Desired), func(scope spec.PushScopeType) bool { return slices.Contains(before, scope) })
}

func audiences(s diff.State) []spec.PushScopeType {
	reached := []spec.PushScopeType{s.PushScopeType}
	if slices.ContainsFunc(s.DepartmentList, func(t spec.Target) bool { return t.ID == rootDepartment }) {
		reached = append(reached, spec.AllMembers)
	}
	return reached
}

func widenedScope(before, after spec.PushScopeType) string {
	switch {
	case before == after:
		return ""
	case after == spec.AllMembers:
		return fmt.Sprintf(reachesEveryMember, before)
	case before == spec.SelectedMembers && after == spec.NewStaffScope:
		return reachesWhoeverJoins
	case before == spec.ChatsOnly:
		return fmt.Sprintf(reachesDirectly, after)
	default:
		return ""
	}
}

func gains(c diff.Change) bool { return c.Op == diff.Add }

// MembersMoved says how many members the changes of one list add and remove, such as "1 person
// added, 2 removed"; "" of a field that is no list.
func MembersMoved(changes []diff.Change) string {
	added, removed := 0, 0
	for _, c := range changes {
		if _, ok := c.Member(); !ok {
			return ""
		}
		if gains(c) {
			added++
		} else {
			removed++
		}
	}
	if added+removed == 0 {
		return ""
	}
	noun := memberNoun(changes[0].Field)
	switch {
	case removed == 0:
		return fmt.Sprintf(membersAdded, noun.of(added))
	case added == 0:
		return fmt.Sprintf(membersRemoved, noun.of(removed))
	default:
		return fmt.Sprintf(membersAddedRemoved, noun.of(added), removed)
	}
}

// noun is what the members of a list are called.
type noun struct{ one, many string }

func memberNoun(field string) noun {
	switch field {
	case "user_list":
		return noun{onePerson, people}
	case "chat_list":
		return noun{oneChat, chats}
	default:
		return noun{oneDepartment, departments}
	}
}

func (n noun) of(count int) string {
	if count == 1 {
		return fmt.Sprintf(n.one, count)
	}
	return fmt.Sprintf(n.many, count)
}

// ListSizes returns how many members the list of a field has on the server and in the file;
// ok is false for a field that is no list.
func (p PlannedDraft) ListSizes(field string) (before, after int, ok bool) {
	if p.Desired == nil {
		return 0, 0, false
	}
	before, ok = cmp.Or(p.Live, &diff.State{}).Size(field)
	after, _ = p.Desired.Size(field)
	return before, after, ok
}
