package reconcile

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// TestWidened says when a reviewer is told that more people will be reached.
func TestWidened(t *testing.T) {
	t.Parallel()
	list := func(ids ...string) (out []spec.Target) {
		for _, id := range ids {
			out = append(out, spec.Target{ID: id})
		}
		return out
	}
	const everybody = " → all_members reaches every member of the organisation"
	for _, row := range []struct {
		why           string
		before, after diff.State
		want          []string
	}{
		{
			why:    "nothing changed",
			before: diff.State{PushScopeType: spec.AllMembers, UserList: list("a")}, after: diff.State{PushScopeType: spec.AllMembers, UserList: list("a")},
		},
		{
			why:    "another text reaches nobody new",
			before: diff.State{JobName: "a"}, after: diff.State{JobName: "b"},
		},
		{
			why:    "selected → all, though both lists shrink",
			before: diff.State{PushScopeType: spec.SelectedMembers, UserList: list("a")}, after: diff.State{PushScopeType: spec.AllMembers},
			want: []string{"push_scope_type selected_members" + everybody},
		},
		{
			why:    "new staff → all",
			before: diff.State{PushScopeType: spec.NewStaffScope}, after: diff.State{PushScopeType: spec.AllMembers},
			want: []string{"push_scope_type new_staff" + everybody},
		},
		{
			why:    "selected → new staff reaches whoever joins",
			before: diff.State{PushScopeType: spec.SelectedMembers, UserList: list("a")}, after: diff.State{PushScopeType: spec.NewStaffScope},
			want: []string{"push_scope_type selected_members → new_staff reaches everybody who joins, not only those who were selected"},
		},
		{
			why:    "a scope nobody documented → all",
			before: diff.State{PushScopeType: spec.PushScopeTypeOf(7)}, after: diff.State{PushScopeType: spec.AllMembers},
			want: []string{"push_scope_type 7" + everybody},
		},
		{
			why:    "all → selected narrows, and the list that it needs is still said to grow",
			before: diff.State{PushScopeType: spec.AllMembers}, after: diff.State{PushScopeType: spec.SelectedMembers, UserList: list("a", "b")},
			want: []string{"user_list: 2 people added"},
		},
		{
			why:    "chats → selected reaches people directly",
			before: diff.State{PushScopeType: spec.ChatsOnly, ChatList: list("c")}, after: diff.State{PushScopeType: spec.SelectedMembers, ChatList: list("c"), DepartmentList: list("d")},
			want: []string{"push_scope_type chats_only → selected_members reaches members directly, who were not reached before", "department_list: 1 department added"},
		},
		{
			why:    "one in, two out: the one is told something for the first time",
			before: diff.State{ChatList: list("a", "b", "c")}, after: diff.State{ChatList: list("c", "d")},
			want: []string{"chat_list: 1 chat added, 2 removed"},
		},
		{
			why:    "a list that only shrinks",
			before: diff.State{UserList: list("a", "b")}, after: diff.State{UserList: list("a")},
		},
		{
			why:    "departments → all new staff",
			before: diff.State{PushType: spec.NewStaff, NewStaffScopeType: spec.NewStaffDepartments, NewStaffScopeDepartmentList: list("d")},
			after:  diff.State{PushType: spec.NewStaff, NewStaffScopeType: spec.AllNewStaff},
			want:   []string{"new_staff_scope_type departments → all reaches every new member of the organisation"},
		},
		{
			why:    "new staff of one more department",
			before: diff.State{PushType: spec.NewStaff, NewStaffScopeDepartmentList: list("d")},
			after:  diff.State{PushType: spec.NewStaff, NewStaffScopeDepartmentList: list("d", "e")},
			want:   []string{"new_staff_scope_department_list: 1 department added"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := PlannedDraft{Live: &row.before, Desired: &row.after, Changes: diff.Between(row.before, row.after)}
			if diff := cmp.Diff(row.want, d.Widened()); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := (PlannedDraft{}).Widened(); got != nil {
		t.Errorf("a draft that could not be read widens %q", got)
	}
}

func TestListSizes(t *testing.T) {
	t.Parallel()
	draft := someDrafts(1)[0]
	live := wireOf(stored(draft))
	live.UserList = append(live.UserList, feishu.NotificationUser{UserID: "ou_c"}, feishu.NotificationUser{UserID: "ou_c"})
	d := planDraft(draft, observation{detail: feishu.NotificationDetail{Notification: live}})
	for _, row := range []struct {
		why           string
		draft         PlannedDraft
		field         string
		before, after int
		ok            bool
	}{
		{"an id that the server repeats is one member", d, "user_list", 3, 2, true},
		{"a list that did not change", d, "chat_list", 1, 1, true},
		{"a list that is empty on both sides", d, "department_list", 0, 0, true},
		{"a field that is no list", d, "job_name", 0, 0, false},
		{"a draft that could not be read", PlannedDraft{}, "user_list", 0, 0, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			before, after, ok := row.draft.ListSizes(row.field)
			if ok != row.ok || ok && (before != row.before || after != row.after) {
				t.Errorf("%d → %d, %v", before, after, ok)
			}
		})
	}
}

func TestMembersMoved(t *testing.T) {
	t.Parallel()
	add, remove := diff.Change{Op: diff.Add}, diff.Change{Op: diff.Remove}
	member, _ := spec.ParseJSON([]byte(`{"id":"x"}`))
	add.After, remove.Before = member, member
	for _, row := range []struct {
		field          string
		added, removed int
		want           string
	}{
		{"user_list", 1, 0, "1 person added"},
		{"user_list", 2, 1, "2 people added, 1 removed"},
		{"user_list", 0, 1, "1 person removed"},
		{"user_list", 0, 2, "2 people removed"},
		{"department_list", 1, 1, "1 department added, 1 removed"},
		{"new_staff_scope_department_list", 2, 0, "2 departments added"},
		{"chat_list", 1, 2, "1 chat added, 2 removed"},
		{"chat_list", 0, 0, ""},
		{"job_name", 1, 0, ""},
	} {
		changes := slices.Concat(slices.Repeat([]diff.Change{add}, row.added), slices.Repeat([]diff.Change{remove}, row.removed))
		for i := range changes {
			changes[i].Field = row.field
		}
		if got := MembersMoved(changes); got != row.want {
			t.Errorf("%s +%d -%d: %q, want %q", row.field, row.added, row.removed, got, row.want)
		}
	}
}

// TestSendAtPassed: a time that has passed is told where it would be written, and nowhere else.
func TestSendAtPassed(t *testing.T) {
	t.Parallel()
	const before, after = "1796173199999", "1796173200001"
	now := time.UnixMilli(1796173200000)
	change := func(field, value string) diff.Change {
		return diff.Change{Field: field, Op: diff.Replace, After: spec.TextJSON(value)}
	}
	for _, row := range []struct {
		why     string
		action  Action
		desired string
		change  diff.Change
		want    bool
	}{
		{"it would be written", Update, before, change("send_at", "shown"), true},
		{"long ago, too, in fewer digits", Update, "631152000000", change("send_at", "shown"), true},
		{"before 1970", Update, "-1", change("send_at", "shown"), true},
		{"the helpdesk has the same", Update, before, change("job_name", "x"), false},
		{"it is yet to come", Update, after, change("send_at", "shown"), false},
		{"it is now", Update, "1796173200000", change("send_at", "shown"), false},
		{"it is cleared", Update, "", change("send_at", ""), false},
		{"nothing is written of a blocked draft", Blocked, before, change("send_at", "shown"), false},
		{"nor of one that is equal", NoOp, before, diff.Change{}, false},
		{"what the file leaves to the server may be anything", Update, "soon", change("job_name", "x"), false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := PlannedDraft{Action: row.action, Desired: &diff.State{SendAt: row.desired}, Changes: []diff.Change{row.change}}
			at, passed := d.SendAtPassed(now)
			if passed != row.want || passed && at.String() != `"shown"` {
				t.Errorf("got %s, %v", at, passed)
			}
			if n := (Plan{Drafts: []PlannedDraft{d, d}}).SendAtPassed(now); n == 2 != row.want || n == 1 {
				t.Errorf("%d drafts of two", n)
			}
		})
	}
	if _, passed := (PlannedDraft{Action: Update}).SendAtPassed(now); passed {
		t.Error("a draft without states has no time")
	}
}

// TestGained says which whole audiences a draft comes to reach, for the guard of those that a team
// protects.
func TestGained(t *testing.T) {
	t.Parallel()
	state := func(scope spec.PushScopeType, departments ...string) *diff.State {
		s := &diff.State{PushScopeType: scope}
		for _, id := range departments {
			s.DepartmentList = append(s.DepartmentList, spec.Target{ID: id})
		}
		return s
	}
	for _, row := range []struct {
		why           string
		action        Action
		before, after *diff.State
		want          []spec.PushScopeType
	}{
		{"a scope", Update, state(spec.ChatsOnly), state(spec.AllMembers), []spec.PushScopeType{spec.AllMembers}},
		{"another scope", Update, state(spec.SelectedMembers, "od-1"), state(spec.NewStaffScope), []spec.PushScopeType{spec.NewStaffScope}},
		{"everybody by the root department", Update, state(spec.SelectedMembers, "od-1"), state(spec.SelectedMembers, "0", "od-1"), []spec.PushScopeType{spec.AllMembers}},
		{"both at once", Update, state(spec.ChatsOnly), state(spec.SelectedMembers, "0"), []spec.PushScopeType{spec.SelectedMembers, spec.AllMembers}},
		{"a draft that is not created yet", Create, nil, state(spec.SelectedMembers, "0"), []spec.PushScopeType{spec.SelectedMembers, spec.AllMembers}},
		{"the same scope", Update, state(spec.ChatsOnly), state(spec.ChatsOnly), nil},
		{"another department", Update, state(spec.SelectedMembers, "od-1"), state(spec.SelectedMembers, "od-0"), nil},
		{"fewer people", Update, state(spec.AllMembers), state(spec.SelectedMembers, "od-1"), nil},
		{"everybody in other words", Update, state(spec.SelectedMembers, "0"), state(spec.AllMembers), nil},
		{"a scope that nobody documented", Update, state(spec.PushScopeTypeOf(7)), state(spec.AllMembers), []spec.PushScopeType{spec.AllMembers}},
		{"what cannot be written", Blocked, state(spec.ChatsOnly), state(spec.AllMembers), nil},
		{"what could not be read", Failed, nil, nil, nil},
	} {
		if got := (PlannedDraft{Action: row.action, Live: row.before, Desired: row.after}).Gained(); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
}
