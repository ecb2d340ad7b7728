package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTargetFaults(t *testing.T) {
	t.Parallel()
	selected := "push_scope_type: selected_members"
	for _, tt := range []struct {
		why  string
		src  string
		want []string
	}{
		{"an id, or a mapping with a name for the reader",
			draftWith(selected, "user_list: [ou_a, {user_id: ou_b, name: 张三, avatar_url: x}]", "department_list: [od-1, od_2, dept.3@x, {department_id: 12}]",
				"chat_list: [{chat_id: oc_1, name: 1 群}]"), nil},
		{"an open_id begins with ou_", draftWith(selected, "user_list: [on_a, ou_]"), []string{
			`5:13: error: user_list: "on_a" is no open_id, which begins with ou_ [invalid-id]`,
			`5:19: error: user_list: "ou_" is no open_id, which begins with ou_ [invalid-id]`}},
		{"a union_id begins with on_, wherever the kind is said", draftWith(selected, "user_list: [on_a, ou_b]", "user_id_type: union_id"),
			[]string{`5:19: error: user_list: "ou_b" is no union_id, which begins with on_ [invalid-id]`}},
		{"a tenant's own ids may be anything", draftWith(selected, "user_id_type: user_id", "user_list: [7be5fg9a, 007, zhang.san@x, true]"), nil},
		{"with the kind unknown, ids are not judged", draftWith(selected, "user_id_type: x", "user_list: [on_a]"),
			[]string{`5:15: error: user_id_type cannot be "x" [invalid-value]`}},
		{"a chat begins with oc_", draftWith("chat_list: [ou_a]"), []string{`5:13: error: chat_list: "ou_a" is no chat id, which begins with oc_ [invalid-id]`}},
		{"ids have few characters", draftWith(selected, `department_list: ["a b", ../c, "od-1\n", ""]`), []string{
			`5:19: error: department_list: "a b" is no id: only letters, digits and _ - . @ occur in ids [invalid-id]`,
			`5:26: error: department_list: "../c" is no id: only letters, digits and _ - . @ occur in ids [invalid-id]`,
			`5:32: error: department_list: "od-1\n" is no id: only letters, digits and _ - . @ occur in ids [invalid-id]`,
			`5:42: error: department_list has an empty entry [missing-field]`}},
		{"a bad id is said to be bad once", draftWith(selected, `user_list: [a b]`),
			[]string{`5:13: error: user_list: "a b" is no id: only letters, digits and _ - . @ occur in ids [invalid-id]`}},
		{"the same id twice is once too often", draftWith(selected, "user_list: [ou_a, {user_id: ou_a, name: x}]"),
			[]string{`5:29: error: user_list has "ou_a" twice, first at line 5, column 13 [duplicate-target]`}},
		{"in two lists it may be", draftWith("push_type: 1", "push_scope_type: 3", "new_staff_scope_type: 1", "new_staff_scope_department_list: [od-1]"), nil},
		{"the root department is everybody", draftWith(selected, "department_list: [0]"),
			[]string{`5:19: warning: department_list: department 0 is the whole organisation [root-department]`}},
		{"among new staff as well", draftWith("push_type: 1", "push_scope_type: 3", "new_staff_scope_type: 1", "new_staff_scope_department_list: [{department_id: '0'}]"),
			[]string{`6:51: warning: new_staff_scope_department_list: department 0 is the whole organisation [root-department]`}},
		{"an entry without an id is nobody", draftWith(selected, "user_list: [{name: x}, {user_id: , name: y}]", "department_list: [od-1, ]"), []string{
			`5:13: error: an entry of user_list has no user_id [missing-field]`,
			`5:34: error: an entry of user_list has no user_id [missing-field]`}},
		{"an empty entry was to be something", draftWith(selected, "user_list:\n  - ou_a\n  -"),
			[]string{`7:4: error: user_list has an empty entry [missing-field]`}},
		{"each list has its own id", draftWith(selected, "user_list: [{open_id: ou_a}]"), []string{
			`5:14: error: unknown field "open_id" in user_list [unknown-field]`}},
		{"only people have faces", draftWith(selected, "department_list: [{department_id: od-1, avatar_url: x}]"),
			[]string{`5:41: error: unknown field "avatar_url" in department_list [unknown-field]`}},
		{"types are looked at", draftWith(selected, "user_list: [[ou_a], {user_id: [ou_b]}, {user_id: ou_c, name: 1}]"), []string{
			`5:13: error: an entry of user_list must be an id or a mapping, not a list [wrong-type]`,
			`5:31: error: user_id must be a text, not a list [wrong-type]`,
			`5:62: error: name must be a text, not a number [wrong-type]`}},
		{"a list of nothing but faults is not empty", draftWith("push_scope_type: chats_only", "chat_list: [[]]"),
			[]string{`5:13: error: an entry of chat_list must be an id or a mapping, not a list [wrong-type]`}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, saidBy(Decode("f.yaml", []byte(tt.src), Options{}))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestIDsAreKeptThoughInvalid: the rule may be turned off, and then what the file
// says must not shrink.
func TestIDsAreKeptThoughInvalid(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith("push_scope_type: 2", "notification_id: x", "user_list: [new_1, 0o17, 1_000]", "chat_list: [x]")),
		Options{Severity: map[string]Severity{ruleInvalidID: Off}})
	if len(set.Diagnostics) > 0 {
		t.Fatal(saidBy(set))
	}
	d := set.Drafts[0]
	if diff := cmp.Diff([]Target{{ID: "new_1"}, {ID: "0o17"}, {ID: "1_000"}}, d.UserList); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if d.NotificationID != "x" || len(d.ChatList) != 1 {
		t.Errorf("got %+v", d)
	}
}
