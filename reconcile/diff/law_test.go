package diff

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"notiform/spec"
)

func TestDiffIsEmptyExactlyWhenEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawState(t)
		b := drawState(t)
		for range rapid.IntRange(0, 4).Draw(t, "agreements") { // two states at random would never be equal
			i := rapid.IntRange(0, reflect.TypeFor[State]().NumField()-1).Draw(t, "field")
			reflect.ValueOf(&b).Elem().Field(i).Set(reflect.ValueOf(a).Field(i))
		}
		if rapid.Bool().Draw(t, "all but one") {
			i := rapid.IntRange(0, reflect.TypeFor[State]().NumField()-1).Draw(t, "field")
			was := reflect.ValueOf(b).Field(i)
			b = a
			reflect.ValueOf(&b).Elem().Field(i).Set(was)
		}
		if got, want := len(Between(a, b)) == 0, same(a, b); got != want || Equal(a, b) != want {
			t.Fatalf("equal: %v, want %v\n%v\n%v\n%q", got, want, a, b, lines(Between(a, b)))
		}
		if got := Between(a, a); got != nil {
			t.Fatalf("a state differs from itself: %q", lines(got))
		}
	})
}

// same is what Equal must answer, told field by field and without a fact or a change.
func same(a, b State) bool {
	ids := func(list []spec.Target) (out []string) {
		for _, t := range list {
			out = append(out, t.ID)
		}
		return out
	}
	lists := slices.Equal(ids(a.UserList), ids(b.UserList)) && slices.Equal(ids(a.DepartmentList), ids(b.DepartmentList)) &&
		slices.Equal(ids(a.ChatList), ids(b.ChatList))
	newStaff := b.PushType == spec.Scheduled || a.NewStaffScopeType == b.NewStaffScopeType &&
		slices.Equal(ids(a.NewStaffScopeDepartmentList), ids(b.NewStaffScopeDepartmentList))
	return a.JobName == b.JobName && a.PushType == b.PushType && a.PushScopeType == b.PushScopeType && a.SendAt == b.SendAt &&
		lists && newStaff && a.PushContent.Equal(b.PushContent) && a.Ext == b.Ext // no two texts of drawExt are equal as JSON
}

// TestFormNeverMatters: two spellings of one tree are one card, and where cards do differ,
// spelling adds nothing to what is told.
func TestFormNeverMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := welcome(), welcome()
		tree := drawCard(t)
		before.PushContent, after.PushContent = spelt(t, tree), spelt(t, tree)
		if got := Between(before, after); got != nil {
			t.Fatalf("two spellings differ:\n%s\n%s\n%q", before.PushContent, after.PushContent, lines(got))
		}
		moved := edited(t, tree)
		after.PushContent = spelt(t, moved)
		one := places(Between(before, after))
		before.PushContent, after.PushContent = spelt(t, tree), spelt(t, moved)
		if two := places(Between(before, after)); !slices.Equal(one, two) {
			t.Fatalf("another spelling, other places: %q, %q", one, two)
		}
	})
}

// places are where changes are and what becomes of each place, without the values.
func places(changes []Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, string(c.Op)+" "+c.Field+" "+c.Path)
	}
	return out
}

// TestChangesLeadFromBeforeToAfter replays what is told with code that knows nothing of how it
// was found.
func TestChangesLeadFromBeforeToAfter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawState(t), drawState(t)
		if rapid.Bool().Draw(t, "related cards") {
			tree := drawCard(t)
			before.PushContent = spelt(t, tree)
			for range rapid.IntRange(1, 4).Draw(t, "edits") {
				tree = edited(t, tree)
			}
			after.PushContent = spelt(t, tree)
		}
		changes := Between(before, after)
		got := replayed(t, before, changes)
		got.PushContent, got.Ext = after.PushContent, after.Ext // undone below
		if !same(got, after) {
			t.Fatalf("got %v\nwant %v\nby %q", got, after, lines(changes))
		}
		if got := undone(t, changes, "push_content", after.PushContent); !got.Equal(before.PushContent) {
			t.Fatalf("undone, the card is %s\nwant %s\nby %q", got, before.PushContent, lines(changes))
		}
		if got, want := undone(t, changes, "ext", parsedText(after.Ext)), parsedText(before.Ext); !got.Equal(want) {
			t.Fatalf("undone, ext is %s\nwant %s\nby %q", got, want, lines(changes))
		}
	})
}

// replayed carries out changes on a state, but for the cards.
func replayed(t *rapid.T, s State, changes []Change) State {
	enum := func(v interface{ UnmarshalText([]byte) error }, c Change) {
		text, _ := textOf(c.After)
		if err := v.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range changes {
		switch c.Field {
		case "job_name":
			s.JobName, _ = textOf(c.After)
		case "send_at":
			s.SendAt, _ = textOf(c.After)
		case "push_type":
			enum(&s.PushType, c)
		case "push_scope_type":
			enum(&s.PushScopeType, c)
		case "new_staff_scope_type":
			enum(&s.NewStaffScopeType, c)
		case "user_list":
			s.UserList = replayedMember(t, s.UserList, c)
		case "department_list":
			s.DepartmentList = replayedMember(t, s.DepartmentList, c)
		case "new_staff_scope_department_list":
			s.NewStaffScopeDepartmentList = replayedMember(t, s.NewStaffScopeDepartmentList, c)
		case "chat_list":
			s.ChatList = replayedMember(t, s.ChatList, c)
		}
	}
	return s
}

func replayedMember(t *rapid.T, list []spec.Target, c Change) []spec.Target {
	m, ok := c.Member()
	if !ok || m.ID != c.Path {
		t.Fatalf("%s is not about the member it names", line(c))
	}
	is := func(t spec.Target) bool { return t.ID == m.ID }
	if present := slices.ContainsFunc(list, is); present != (c.Op == Remove) {
		t.Fatalf("%s, and the member is there: %v", line(c), present)
	}
	if c.Op == Remove {
		return slices.DeleteFunc(slices.Clone(list), is)
	}
	return Members(append(slices.Clone(list), m))
}
