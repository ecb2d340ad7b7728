package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu/sandbox"
)

func TestPatchFields(t *testing.T) {
	t.Parallel()
	one := 1
	for _, row := range []struct {
		why  string
		body string
		want func(*sandbox.Notification) // what becomes of the draft
	}{
		{"a text is replaced", `{"job_name":"b"}`, func(n *sandbox.Notification) { n.JobName = "b" }},
		{"a time is replaced", `{"send_at":"1767225600000"}`, func(n *sandbox.Notification) { n.SendAt = "1767225600000" }},
		{"an empty time is no time", `{"send_at":""}`, func(n *sandbox.Notification) { n.SendAt = "" }},
		{"the card keeps its white space", `{"push_content":" {\n} "}`, func(n *sandbox.Notification) { n.PushContent = " {\n} " }},
		{"a list is replaced, not added to; names are not the client's", `{"user_list":[{"user_id":"ou_b","name":"no","avatar_url":"no"}]}`,
			func(n *sandbox.Notification) { n.UserList = []sandbox.User{{UserID: "ou_b"}} }},
		{"[] clears a list", `{"user_list":[],"department_list":[{"department_id":"od-1"}]}`, func(n *sandbox.Notification) {
			n.UserList, n.DepartmentList, n.TargetUserCount = nil, []sandbox.Department{{DepartmentID: "od-1"}}, 20
		}},
		{"null is as if left out", `{"user_list":null,"ext":null,"job_name":null}`, func(*sandbox.Notification) {}},
		{"chats go with any scope", `{"chat_list":[{"chat_id":"oc_1"},{"chat_id":"oc_2"}]}`,
			func(n *sandbox.Notification) { n.ChatList = []sandbox.Chat{{ChatID: "oc_1"}, {ChatID: "oc_2"}} }},
		{"0 is a value for the new staff, and for those who read push_type 0 without effect", `{"new_staff_scope_type":1,"new_staff_scope_department_list":[{"department_id":"od_1"}]}`,
			func(n *sandbox.Notification) {
				n.NewStaffScopeType, n.NewStaffScopeDepartmentList = &one, []sandbox.Department{{DepartmentID: "od_1"}}
			}},
		{"the audience is counted", `{"push_scope_type":0,"user_list":[]}`, func(n *sandbox.Notification) {
			n.PushScopeType, n.UserList, n.TargetUserCount = 0, nil, 7814
		}},
		{"what the server sets is ignored", `{"id":"2","status":4,"create_user":{"user_id":"ou_x"},"update_user":{"user_id":"ou_x"},"created_at":"1","updated_at":"1","target_user_count":9,"sent_user_count":9,"read_user_count":9}`,
			func(*sandbox.Notification) {}},
		{"unknown fields are ignored", `{"job_titel":"x","ext":"{}"}`, func(n *sandbox.Notification) { n.Ext = "{}" }},
		{"an id twice is stored twice", `{"user_list":[{"user_id":"ou_b"},{"user_id":"ou_b"}]}`, func(n *sandbox.Notification) {
			n.UserList, n.TargetUserCount = []sandbox.User{{UserID: "ou_b"}, {UserID: "ou_b"}}, 2
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{}, strings.Replace(member, "{", `{"send_at":"1","ext":"e",`, 1))
			want := d.stored()
			row.want(&want)
			d.patch(row.body)
			got := d.stored()
			if got.UpdatedAt == "" || got.UpdateUser.UserID != "ou_sandbox_owner" {
				t.Errorf("the PATCH left no trace: %q by %q", got.UpdatedAt, got.UpdateUser.UserID)
			}
			want.UpdatedAt = got.UpdatedAt
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPatchRefuses(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	before := d.stored()
	for _, row := range []struct {
		why  string
		body string
		code int
	}{
		{"no body", "", 9499},
		{"an array", `[]`, 9499},
		{"two values", `{}{}`, 9499},
		{"a name twice", `{"ext":"a","ext":"b"}`, 9499},
		{"not UTF-8", "{\"ext\":\"\xff\"}", 9499},
		{"a number as text", `{"push_type":"0"}`, 9499},
		{"a fraction for an integer", `{"push_type":0.5}`, 9499},
		{"a text for a list", `{"user_list":"ou_a"}`, 9499},
		{"an id that is no text", `{"user_list":[{"user_id":1}]}`, 9499},
		{"a list entry that is no object", `{"user_list":["ou_a"]}`, 9499},
		{"a wrong type in a field that would be ignored", `{"status":"0"}`, 9499},
		{"no job_name", `{"job_name":""}`, 154000},
		{"no card", `{"push_content":""}`, 154000},
		{"a card that is no JSON", `{"push_content":"{"}`, 154000},
		{"a card that is no object", `{"push_content":"[]"}`, 154000},
		{"a time that is no number", `{"send_at":"tomorrow"}`, 154000},
		{"a time before 1970", `{"send_at":"-1"}`, 154000},
		{"an entry without an id", `{"user_list":[{}]}`, 154000},
		{"a department without an id", `{"department_list":[{"name":"x"}]}`, 154000},
		{"a user who is no open_id", `{"user_list":[{"user_id":"on_a"}]}`, 154000},
		{"a chat that is no chat_id", `{"chat_list":[{"chat_id":"ou_a"}]}`, 154000},
		{"characters that are in no id", `{"user_list":[{"user_id":"ou_a b"}]}`, 154000},
		{"a scope without its audience", `{"user_list":[]}`, 154000},
	} {
		r := d.do("PATCH", draft, row.body)
		if r.status != 400 || r.code != row.code {
			t.Errorf("%s: HTTP %d code %d, want code %d", row.why, r.status, r.code, row.code)
		}
	}
	if diff := cmp.Diff(before, d.stored()); diff != "" {
		t.Errorf("a refused PATCH changed something:\n%s", diff)
	}
	d.kind = "text/plain"
	d.want(d.do("PATCH", draft, `{"ext":"x"}`), 400, 9499)
}

// TestTruthTable walks every combination of the scope rules and compares with a
// table written down from the page on PATCH, in another form than the server's.
func TestTruthTable(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	accepted := 0
	for _, c := range combinations() {
		id := fmt.Sprint("9", c.name())
		if err := d.Seed([]byte(`{"id":"` + id + `","job_name":"a","push_content":"{}"}`)); err != nil {
			t.Fatal(err)
		}
		r := d.do("PATCH", api+"/notifications/"+id, c.body())
		if want := c.legal(); (r.code == 0) != want {
			t.Errorf("%s: code %d, legal %v", c.body(), r.code, want)
		}
		if r.code != 0 && (r.status != 400 || r.code != 154000) {
			t.Errorf("%s: HTTP %d code %d", c.body(), r.status, r.code)
		}
		if r.code == 0 {
			accepted++
		}
	}
	if accepted == 0 {
		t.Error("nothing is legal: the table tests nothing")
	}
}

// combination is one cell; new staff scope -1 is unset.
type combination struct {
	pushType, scope, newStaff int
	lists                     int // bits: users, departments, chats, new staff departments
}

func combinations() []combination {
	var all []combination
	for pushType := range 3 {
		for scope := range 5 {
			for newStaff := -1; newStaff <= 2; newStaff++ {
				for lists := range 16 {
					all = append(all, combination{pushType, scope, newStaff, lists})
				}
			}
		}
	}
	return all
}

func (c combination) name() string {
	return fmt.Sprintf("%d%d%d%02d", c.pushType, c.scope, c.newStaff+1, c.lists)
}

func (c combination) body() string {
	list := func(bit int, entry string) string {
		if c.lists&bit == 0 {
			return "[]"
		}
		return "[" + entry + "]"
	}
	newStaff := "null"
	if c.newStaff >= 0 {
		newStaff = fmt.Sprint(c.newStaff)
	}
	return fmt.Sprintf(`{"push_type":%d,"push_scope_type":%d,"new_staff_scope_type":%s,"user_list":%s,"department_list":%s,"chat_list":%s,"new_staff_scope_department_list":%s}`,
		c.pushType, c.scope, newStaff, list(1, `{"user_id":"ou_a"}`), list(2, `{"department_id":"od-a"}`),
		list(4, `{"chat_id":"oc_a"}`), list(8, `{"department_id":"od-b"}`))
}

func (c combination) legal() bool {
	u, dep, chats, n := c.lists&1 > 0, c.lists&2 > 0, c.lists&4 > 0, c.lists&8 > 0
	newStaff := c.newStaff == 0 || c.newStaff == 1 && n
	return map[[2]int]bool{
		{0, 0}: !u && !dep,
		{0, 1}: !u && !dep && chats,
		{0, 2}: u || dep,
		{1, 1}: !u && !dep && chats && newStaff,
		{1, 3}: newStaff,
	}[[2]int{c.pushType, c.scope}]
}

func TestCreate(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	create := func(body string) reply { return d.do("POST", api+"/notifications", body) }
	r := create(`{"job_name":"a","push_content":"{}","push_type":0,"push_scope_type":0,"status":3}`)
	d.want(r, 200, 0)
	var created struct {
		Data struct {
			ID     string `json:"notification_id"`
			Status *int
		}
	}
	if err := json.Unmarshal([]byte(r.body), &created); err != nil {
		t.Fatal(err)
	}
	n, found := d.Notification(created.Data.ID)
	if !found || len(n.ID) != 19 || n.Status != 0 || created.Data.Status == nil || *created.Data.Status != 0 {
		t.Errorf("created %+v from %s", n, r.body)
	}
	if n.CreatedAt == "" || n.UpdatedAt != "" || n.CreateUser.UserID != "ou_sandbox_owner" {
		t.Errorf("a new draft has created_at %q, updated_at %q and create_user %q", n.CreatedAt, n.UpdatedAt, n.CreateUser.UserID)
	}
	for _, body := range []string{
		`{"push_content":"{}","push_type":0,"push_scope_type":0}`,
		`{"job_name":"a","push_type":0,"push_scope_type":0}`,
		`{"job_name":"a","push_content":"{}","push_scope_type":0}`,
		`{"job_name":"a","push_content":"{}","push_type":0}`,
		`{"job_name":"a","push_content":"{}","push_type":null,"push_scope_type":0}`,
		`{"job_name":"a","push_content":"{}","push_type":0,"push_scope_type":1}`,
	} {
		d.want(create(body), 400, 154000)
	}
}
