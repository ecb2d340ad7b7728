package reconcile

import (
	"fmt"

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
		gained := 0
		for _, c := range changes {
			if c.Op == diff.Add {
				gained++
			}
		}
		if before, after, isList := p.ListSizes(field); isList && gained > 0 {
			why = append(why, fmt.Sprintf(listGains, field, gained, before, after))
		}
	}
	return why
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

// ListSizes returns how many members the list of a field has on the server and in the file;
// ok is false for a field that is no list.
func (p PlannedDraft) ListSizes(field string) (before, after int, ok bool) {
	if p.Live == nil || p.Desired == nil {
		return 0, 0, false
	}
	before, ok = p.Live.Size(field)
	after, _ = p.Desired.Size(field)
	return before, after, ok
}
