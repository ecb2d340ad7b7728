package diff

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/spec"
)

// welcome is a state with something in every field that is in effect.
func welcome() State {
	return State{
		JobName: "Welcome", PushType: spec.Scheduled, PushScopeType: spec.SelectedMembers,
		UserList:       []spec.Target{{ID: "ou_a", Name: "张三"}, {ID: "ou_b"}},
		DepartmentList: []spec.Target{{ID: "od-a"}},
		ChatList:       []spec.Target{{ID: "oc_a"}},
		SendAt:         "1735700000000",
		PushContent:    card(`{"elements":[{"tag":"hr"}]}`),
		Ext:            `{"a":[1,2]}`,
	}
}

// onboarding is a state in which the new_staff_* fields are in effect.
func onboarding() State {
	s := welcome()
	s.PushType, s.PushScopeType, s.NewStaffScopeType = spec.NewStaff, spec.NewStaffScope, spec.NewStaffDepartments
	s.UserList, s.DepartmentList = nil, nil
	s.NewStaffScopeDepartmentList = []spec.Target{{ID: "od-a"}, {ID: "od-b"}}
	return s
}

// line is one change on one line.
func line(c Change) string {
	at := c.Field
	if c.Path != "" {
		at += " @ " + c.Path
	}
	return fmt.Sprintf("%s %s: %s -> %s", c.Op, at, c.Before, c.After)
}

func lines(changes []Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, line(c))
	}
	return out
}

func TestDiffTellsEachFact(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		before State
		edit   func(*State)
		want   []string
	}{
		{
			why: "a text that was replaced has both sides", before: welcome(),
			edit: func(s *State) { s.JobName = "Hello" },
			want: []string{`replace job_name: "Welcome" -> "Hello"`},
		},
		{
			why: "a text that was empty is an addition", before: State{},
			edit: func(s *State) { s.JobName = "Hello" },
			want: []string{`add job_name:  -> "Hello"`},
		},
		{
			why: "enums are told by their names in the file", before: welcome(),
			edit: func(s *State) { s.PushScopeType, s.UserList, s.DepartmentList = spec.AllMembers, nil, nil },
			want: []string{
				`replace push_scope_type: "selected_members" -> "all_members"`,
				`remove user_list @ ou_a: {"id":"ou_a","name":"张三"} -> `,
				`remove user_list @ ou_b: {"id":"ou_b"} -> `,
				`remove department_list @ od-a: {"id":"od-a"} -> `,
			},
		},
		{
			why: "a number that Feishu never documented is told raw", before: welcome(),
			edit: func(s *State) { s.PushScopeType = spec.PushScopeTypeOf(9) },
			want: []string{`replace push_scope_type: "selected_members" -> "9"`},
		},
		{
			why: "0 is a value of new_staff_scope_type, and unset is none", before: onboarding(),
			edit: func(s *State) { s.NewStaffScopeType = spec.AllNewStaff },
			want: []string{`replace new_staff_scope_type: "departments" -> "all"`},
		},
		{
			why: "unsetting is a removal", before: onboarding(),
			edit: func(s *State) { s.NewStaffScopeType = 0 },
			want: []string{`remove new_staff_scope_type: "departments" -> `},
		},
		{
			why: "members are told by id, those that left and those that came together", before: onboarding(),
			edit: func(s *State) { s.NewStaffScopeDepartmentList = []spec.Target{{ID: "od-aa"}, {ID: "od-b"}} },
			want: []string{
				`remove new_staff_scope_department_list @ od-a: {"id":"od-a"} -> `,
				`add new_staff_scope_department_list @ od-aa:  -> {"id":"od-aa"}`,
			},
		},
		{
			why: "a cleared time is a removal", before: welcome(),
			edit: func(s *State) { s.SendAt = "" },
			want: []string{`remove send_at: "1735700000000" -> `},
		},
		{
			why: "ext is compared inside where both sides are JSON", before: welcome(),
			edit: func(s *State) { s.Ext = `{"a":[1,3]}` },
			want: []string{`replace ext @ a[1]: 2 -> 3`},
		},
		{
			why: "ext that is no JSON is compared as text", before: welcome(),
			edit: func(s *State) { s.Ext = "reserved" },
			want: []string{`replace ext: {"a":[1,2]} -> "reserved"`},
		},
		{
			why: "changes come in the order of the file, whatever was edited first", before: welcome(),
			edit: func(s *State) { s.Ext, s.ChatList, s.JobName = "", nil, "" },
			want: []string{`remove job_name: "Welcome" -> `, `remove chat_list @ oc_a: {"id":"oc_a"} -> `, `remove ext: {"a":[1,2]} -> `},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			after := row.before
			row.edit(&after)
			if diff := cmp.Diff(row.want, lines(Between(row.before, after))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDiffOverlooksForm(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		before State
		edit   func(*State)
	}{
		{"lists are sets", welcome(), func(s *State) { s.UserList = Members([]spec.Target{{ID: "ou_b"}, {ID: "ou_a"}}) }},
		{"an id given twice is one member", welcome(), func(s *State) { s.ChatList = Members([]spec.Target{{ID: "oc_a"}, {ID: "oc_a"}}) }},
		{"names are for the reader", welcome(), func(s *State) { s.UserList = []spec.Target{{ID: "ou_a", Name: "李四"}, {ID: "ou_b", Name: "?"}} }},
		{"a nil list is an empty one", onboarding(), func(s *State) { s.UserList, s.DepartmentList = []spec.Target{}, []spec.Target{} }},
		{"white space in a card", welcome(), func(s *State) { s.PushContent = card("{ \"elements\" : [\n{\"tag\":\"hr\"} ] }") }},
		{"escapes in a card", welcome(), func(s *State) { s.PushContent = card(`{"\u0065lements":[{"tag":"\u0068r"}]}`) }},
		{"white space in ext", welcome(), func(s *State) { s.Ext = ` {"a": [1, 2]}` }},
		{"numbers in ext by value", welcome(), func(s *State) { s.Ext = `{"a":[1.0,20e-1]}` }},
		{"new_staff_scope_type with push_type scheduled", welcome(), func(s *State) { s.NewStaffScopeType = spec.AllNewStaff }},
		{"new_staff_scope_department_list with push_type scheduled", welcome(), func(s *State) { s.NewStaffScopeDepartmentList = []spec.Target{{ID: "od-a"}} }},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			after := row.before
			row.edit(&after)
			if got := lines(Between(row.before, after)); got != nil {
				t.Errorf("Diff = %q", got)
			}
			if got := lines(Between(after, row.before)); got != nil {
				t.Errorf("the other way round, Diff = %q", got)
			}
		})
	}
}

func TestDiffTellsWhatLooksAlikeApart(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		edit func(*State)
	}{
		{"a live push_content that is no JSON equals no card", func(s *State) { s.PushContent = Card(`{"elements":`) }},
		{"nor one that is JSON but no object", func(s *State) { s.PushContent = Card(`[1]`) }},
		{"nor one that repeats a key, which readers understand differently", func(s *State) { s.PushContent = Card(`{"elements":[],"elements":[{"tag":"hr"}]}`) }},
		{"nor an empty one", func(s *State) { s.PushContent = Card("") }},
		{"nor the JSON string of the card", func(s *State) { s.PushContent = Card(`"{\"elements\":[{\"tag\":\"hr\"}]}"`) }},
		{"ext that is a JSON string is not the text in it", func(s *State) { s.Ext = `"{\"a\":[1,2]}"` }},
		{"ext null is a text and not absence", func(s *State) { s.Ext = "null" }},
		{"a space is an ext", func(s *State) { s.Ext = " " }},
		{"0 is a time and not absence", func(s *State) { s.SendAt = "0" }},
		{"null in a card is not absence", func(s *State) { s.PushContent = card(`{"elements":[{"tag":"hr"}],"config":null}`) }},
		{"a number in a card is not its text", func(s *State) { s.Ext = `{"a":[1,"2"]}` }},
		{"numbers are exact, far beyond float64", func(s *State) { s.Ext = `{"a":[1,2.0000000000000000000000001]}` }},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			after := welcome()
			row.edit(&after)
			if Equal(welcome(), after) || Equal(after, welcome()) {
				t.Error("no difference is seen")
			}
		})
	}
}

// TestParsedExtKeepsTextAndJSONApart: no text may be taken for another because one of them
// happens to be JSON.
func TestParsedExtKeepsTextAndJSONApart(t *testing.T) {
	t.Parallel()
	texts := []string{"", " ", "x", `"x"`, `"\"x\""`, "null", `"null"`, "{}", `"{}"`, "0", `"0"`}
	for i, a := range texts {
		for j, b := range texts {
			if got := parsedText(a).Equal(parsedText(b)); got != (i == j) {
				t.Errorf("ext %q equals ext %q: %v", a, b, got)
			}
		}
	}
}

// TestDiffSeesEveryField fails when State gains a field that Between overlooks.
func TestDiffSeesEveryField(t *testing.T) {
	t.Parallel()
	members, table := reflect.VisibleFields(reflect.TypeFor[State]()), fields()
	if len(members) != len(table) {
		t.Errorf("State has %d fields, and the table %d", len(members), len(table))
	}
	for i, f := range members {
		var changed State
		perturb(t, reflect.ValueOf(&changed).Elem().FieldByIndex(f.Index))
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		for _, changes := range [][]Change{Between(State{}, changed), Between(changed, State{})} {
			if len(changes) != 1 || changes[0].Field != name {
				t.Errorf("a change to %s is told as %q", name, lines(changes))
			}
		}
		if got := table[i].name; got != name {
			t.Errorf("field %d is %s in State and %s in the order of changes", i, name, got)
		}
		if canonical, zero := changed.Canonical(), (State{}).Canonical(); string(canonical) == string(zero) {
			t.Errorf("the digest does not cover %s", name)
		}
	}
}

// perturb sets v to something that is not its zero value.
func perturb(t *testing.T, v reflect.Value) {
	t.Helper()
	switch x := v.Addr().Interface().(type) {
	case *string:
		*x = "1"
	case *spec.PushType:
		*x = spec.NewStaff
	case *spec.PushScopeType:
		*x = spec.NewStaffScope
	case *spec.NewStaffScopeType:
		*x = spec.AllNewStaff
	case *[]spec.Target:
		*x = []spec.Target{{ID: "x"}}
	case *spec.JSON:
		*x = card("{}")
	default:
		t.Fatalf("no test knows how to change a %s", v.Type())
	}
}

// TestDiffIsStable: the same input gives the same bytes, though go-cmp starts its alignments at
// random and maps have no order.
func TestDiffIsStable(t *testing.T) {
	t.Parallel()
	before, after := welcome(), onboarding()
	before.PushContent = card(`{"elements":[{"tag":"hr"},{"tag":"div","n":1},{"tag":"img"},{"tag":"div","n":2},{"tag":"hr"}],"a":1,"b":2,"c":{}}`)
	after.PushContent = card(`{"elements":[{"tag":"div","n":3},{"tag":"hr"},{"tag":"hr"},{"tag":"div","n":1,"m":0}],"b":3,"d":2,"e":[]}`)
	after.Ext, after.JobName = `{"b":[1],"c":2}`, "Onboarding"
	first := asJSON(t, Between(before, after))
	for range 200 {
		if again := asJSON(t, Between(before, after)); again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}

// TestFingerprint: the live side by value, without names.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	named, ext, other := welcome(), welcome(), welcome()
	named.UserList = []spec.Target{{ID: "ou_a"}, {ID: "ou_b", Name: "x"}}
	ext.Ext = ` {"a": [1, 2] }`
	other.UserList = []spec.Target{{ID: "ou_a"}}
	switch print := welcome().Fingerprint(); {
	case print != named.Fingerprint(), print != ext.Fingerprint():
		t.Error("names and white space make another fingerprint")
	case print == other.Fingerprint():
		t.Error("another list has the same fingerprint")
	}
}
