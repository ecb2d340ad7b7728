package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu/sandbox"
)

// TestOfficialSample seeds the sample that the page on GET prints and gets it
// back, with the members that only real answers have.
func TestOfficialSample(t *testing.T) {
	t.Parallel()
	sample := fixture(t, "official_get.json")
	d := open(t, sandbox.Options{}, sample)
	r := d.do("GET", api+"/notifications/6981801914270744596?user_id_type=open_id", "")
	var want, got map[string]any
	for text, into := range map[string]*map[string]any{sample: &want, r.body: &got} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	n := want["data"].(map[string]any)["notification"].(map[string]any)
	n["helpdesk_id"], n["tenant_id"], n["instance_code"] = sandbox.DefaultHelpdeskID, "1", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestOfficialPatch sends the sample of the page on PATCH, which breaks the
// scope rules that the same page states.
func TestOfficialPatch(t *testing.T) {
	t.Parallel()
	body := fixture(t, "official_patch.json")
	d := open(t, sandbox.Options{}, member)
	d.want(d.do("PATCH", draft, body), 400, 154000)
	d = switched(t, "scope_rules=off", member)
	d.patch(body)
	n := d.stored()
	if n.ID != "1" || n.JobName != "测试推送任务" || n.TargetUserCount == 1 || n.CreateUser.Name == "test" {
		t.Errorf("the body's server fields were taken: %+v", n)
	}
	if n.SendAt != "1626332244719" || !strings.HasPrefix(n.PushContent, "{   \"config\": {     \"wide") || len(n.ChatList) != 1 {
		t.Errorf("the body's fields were not taken: %+v", n)
	}
}

// TestFreshDraft compares with the raw answer that the page on GET keeps of a
// draft whose optional fields nobody has set: nulls, empty texts and all.
func TestFreshDraft(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, `{"id":"1","job_name":"<a> & \"b\"","created_at":"5","push_content":"{\n  \"x\":\t1 }","create_user":{"user_id":"ou_c"}}`)
	want := `{"code":0,"msg":"success","data":{"notification":{"id":"1","job_name":"<a> & \"b\"","status":0,` +
		`"helpdesk_id":"7000000000000000000","create_user":{"user_id":"ou_c","avatar_url":"","name":""},"created_at":"5",` +
		`"update_user":{"user_id":"ou_c","avatar_url":"","name":""},"updated_at":"","target_user_count":7814,"sent_user_count":0,` +
		`"read_user_count":0,"send_at":"","push_content":"{\n  \"x\":\t1 }","push_type":0,"push_scope_type":0,` +
		`"new_staff_scope_type":null,"new_staff_scope_department_list":null,"user_list":null,"department_list":null,` +
		`"chat_list":null,"ext":"","instance_code":"","tenant_id":"1"},"approval_app_link":""}}`
	if got := d.do("GET", draft, "").body; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestEveryFieldIsShown fails when Notification gains a field that GET forgets:
// what is seeded comes back, and a server seeded with that says the same.
func TestEveryFieldIsShown(t *testing.T) {
	t.Parallel()
	scope := 1
	n := sandbox.Notification{
		ID: "1", JobName: "a", Status: 2, HelpdeskID: "3", CreateUser: sandbox.User{UserID: "ou_c", AvatarURL: "u", Name: "n"},
		UpdateUser: sandbox.User{UserID: "ou_d"}, CreatedAt: "4", UpdatedAt: "5", TargetUserCount: 6, SentUserCount: 7,
		ReadUserCount: 8, SendAt: "9", PushContent: "{}", PushType: 1, PushScopeType: 3, NewStaffScopeType: &scope,
		NewStaffScopeDepartmentList: []sandbox.Department{{DepartmentID: "od-1", Name: "x"}},
		UserList:                    []sandbox.User{{UserID: "ou_1", AvatarURL: "a", Name: "y"}, {UserID: "ou_2", Name: "z"}},
		DepartmentList:              []sandbox.Department{{DepartmentID: "od-2", Name: "v"}},
		ChatList:                    []sandbox.Chat{{ChatID: "oc_1", Name: "w"}}, Ext: "{}", InstanceCode: "i", TenantID: "t",
		ApprovalAppLink: "https://applink.example",
	}
	seed, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, sandbox.Options{}, string(seed))
	if diff := cmp.Diff(n, d.stored()); diff != "" {
		t.Error(diff)
	}
	again := open(t, sandbox.Options{}, d.do("GET", draft, "").body)
	if diff := cmp.Diff(n, again.stored()); diff != "" {
		t.Error(diff)
	}
}

const people = `{"users":[{"open_id":"ou_a","union_id":"on_a","user_id":"a","name":"Anna","avatar_url":"https://a.example"},{"union_id":"on_b","name":"Bo"}],
	"departments":[{"department_id":"od-1","name":"IT"}],"chats":[{"chat_id":"oc_1","name":"All"}]}`

func TestDirectory(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, `{"id":"1","job_name":"a","push_content":"{}"}`, people)
	d.want(d.do("PATCH", draft+"?user_id_type=union_id", `{"push_scope_type":2,"user_list":[{"user_id":"on_a"},{"user_id":"on_b"},{"user_id":"on_c"}],`+
		`"department_list":[{"department_id":"od-1"},{"department_id":"od-2"}],"chat_list":[{"chat_id":"oc_1"}]}`), 200, 0)
	user := func(id, name, avatar string) any {
		return map[string]any{"user_id": id, "name": name, "avatar_url": avatar}
	}
	for idType, prefix := range map[string]string{"": "ou_", "?user_id_type=open_id": "ou_", "?user_id_type=union_id": "on_", "?user_id_type=user_id": ""} {
		n := d.shown(idType)
		want := []any{user(prefix+"a", "Anna", "https://a.example"), user(prefix+"b", "Bo", ""), user(prefix+"c", "", "")}
		if diff := cmp.Diff(want, n["user_list"]); diff != "" {
			t.Errorf("%s: %s", idType, diff)
		}
		departments := []any{map[string]any{"department_id": "od-1", "name": "IT"}, map[string]any{"department_id": "od-2", "name": ""}}
		if diff := cmp.Diff(departments, n["department_list"]); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]any{map[string]any{"chat_id": "oc_1", "name": "All"}}, n["chat_list"]); diff != "" {
			t.Error(diff)
		}
	}
}

// TestSeededNames shows that names given with a seed are kept, and are known
// when a later PATCH names the same people without them.
func TestSeededNames(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	name := func() string { return d.shown("")["user_list"].([]any)[0].(map[string]any)["name"].(string) }
	if name() != "A" {
		t.Errorf("the seeded name has become %q", name())
	}
	d.patch(`{"user_list":[{"user_id":"ou_a"}]}`)
	if name() != "A" {
		t.Errorf("after a PATCH the name is %q", name())
	}
}
