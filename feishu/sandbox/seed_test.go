package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

func TestSeedForms(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		seed string
		ids  []string
	}{
		{"one notification", `{"id":"1"}`, []string{"1"}},
		{"an array", ` [{"id":"1"},{"id":"2"}]`, []string{"1", "2"}},
		{"a file", `{"notifications":[{"id":"1"}],"tickets":[{"id":"5","status":50}]}`, []string{"1"}},
		{"a recorded answer", `{"code":0,"msg":"success","data":{"notification":{"id":"1"},"approval_app_link":"x"}}`, []string{"1"}},
		{"nothing", `[]`, nil},
		{"people alone", people, nil},
		{"people beside one notification", strings.Replace(people, "{", `{"id":"1",`, 1), []string{"1"}},
		{"an id is made up", `{"job_name":"a"}`, []string{"7000000000000000001"}},
		{"and is not one that is taken", `[{"id":"7000000000000000001"},{"job_name":"a"}]`, []string{"7000000000000000001", "7000000000000000002"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{}, row.seed)
			for _, id := range row.ids {
				if _, found := d.Notification(id); !found {
					t.Errorf("no notification %s", id)
				}
			}
		})
	}
}

// TestSeedFillsIn looks at what the server would have set.
func TestSeedFillsIn(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	n := d.stored()
	if n.HelpdeskID != sandbox.DefaultHelpdeskID || n.TenantID != "1" || n.CreatedAt == "" || n.UpdatedAt != "" ||
		n.CreateUser.UserID != "ou_sandbox_owner" || n.UpdateUser != n.CreateUser || n.TargetUserCount != 1 {
		t.Errorf("%+v", n)
	}
}

func TestSeedRefuses(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	for _, row := range []struct{ why, seed string }{
		{"nothing at all", ""},
		{"no JSON", "{"},
		{"a text", `"x"`},
		{"an unknown field", `{"id":"2","job_titel":"x"}`},
		{"an unknown part", `{"notifications":[],"people":[]}`},
		{"a wrong type", `[{"id":2}]`},
		{"an answer that refuses", `{"code":154004,"msg":"Resource not found"}`},
		{"an id that is there already", member},
		{"an id twice in one seed", `[{"id":"2"},{"id":"2"}]`},
		{"a good one before a bad one", `[{"id":"2"},{"id":"1"}]`},
	} {
		if err := d.Seed([]byte(row.seed)); err == nil || !strings.HasPrefix(err.Error(), "seed: ") {
			t.Errorf("%s: error %v", row.why, err)
		}
		if _, found := d.Notification("2"); found {
			t.Fatalf("%s: half of it was taken", row.why)
		}
	}
}

// TestSeedMany: ten thousand notifications are one seed.
func TestSeedMany(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, manySeeds(10_000))
	if n, found := d.Notification("9999"); !found || n.JobName != "job 9999" {
		t.Errorf("%+v", n)
	}
}

// manySeeds is a seed of n drafts of about 2 KB with the ids 0 to n-1.
func manySeeds(n int) string {
	card := `{\"config\":{\"wide_screen_mode\":true},\"elements\":[` +
		strings.Repeat(`{\"tag\":\"div\",\"text\":{\"tag\":\"lark_md\",\"content\":\"**欢迎** welcome <a> & more\"}},`, 15) + `{\"tag\":\"hr\"}]}`
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,{"id":"%d","job_name":"job %d","push_scope_type":2,"push_content":"%s","user_list":[{"user_id":"ou_%d","name":"n"}],"chat_list":[{"chat_id":"oc_1"}]}`, i, i, card, i)
	}
	return "[" + b.String()[1:] + "]"
}

// TestCopies: what the server hands out cannot be used to change it.
func TestCopies(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, strings.Replace(member, "{", `{"new_staff_scope_type":0,"chat_list":[{"chat_id":"oc_1"}],`, 1))
	n := d.stored()
	n.UserList[0].UserID, n.ChatList[0].ChatID, *n.NewStaffScopeType = "x", "x", 1
	d.Edit("1", func(n *sandbox.Notification) { n.UserList = append(n.UserList[:0], sandbox.User{UserID: "ou_z"}) })
	m := d.stored()
	d.Edit("1", func(n *sandbox.Notification) { n.UserList[0].UserID = "ou_y" })
	if m.UserList[0].UserID != "ou_z" || m.ChatList[0].ChatID != "oc_1" || *m.NewStaffScopeType != 0 {
		t.Errorf("%+v", m)
	}
	d.Requests() // of none
	d.do("GET", draft, "")
	d.Requests()[0].Path = "x"
	if d.Requests()[0].Path != draft {
		t.Error("the log was changed")
	}
}

func TestEditAndDelete(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	d.patch(`{"ext":"x"}`)
	mine := d.stored()
	if err := d.Edit("1", func(n *sandbox.Notification) { n.PushScopeType, n.UserList = 0, nil }); err != nil {
		t.Error(err)
	}
	if n := d.stored(); n.UpdateUser.UserID == mine.UpdateUser.UserID || n.UpdatedAt == "" || n.TargetUserCount != 7814 {
		t.Errorf("an edit by somebody else shows as %+v", n)
	}
	d.Edit("1", func(n *sandbox.Notification) { n.TargetUserCount, n.UpdatedAt = 5, "1" })
	if n := d.stored(); n.TargetUserCount != 5 || n.UpdatedAt != "1" {
		t.Errorf("an edit cannot set what the server counts: %+v", n)
	}
	edited := d.stored()
	if err := d.SetStatus("1", 3); err != nil || d.stored().Status != 3 || d.stored().UpdatedAt != edited.UpdatedAt {
		t.Errorf("set status: %v, %+v", err, d.stored())
	}
	d.Delete("1")
	d.want(d.do("GET", draft, ""), 404, 154004)
	if d.Edit("1", func(*sandbox.Notification) {}) == nil || d.SetStatus("1", 1) == nil {
		t.Error("what is gone can be edited")
	}
}
