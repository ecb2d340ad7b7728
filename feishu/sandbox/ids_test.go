package sandbox_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// formOf is what the ids of a user_id_type look like. The query without one is open_id.
func formOf(query string) *regexp.Regexp {
	forms := map[string]string{"union_id": `^on_\w+$`, "user_id": `^[^o]\w*$`}
	if form, other := forms[strings.TrimPrefix(query, "?user_id_type=")]; other {
		return regexp.MustCompile(form)
	}
	return regexp.MustCompile(`^ou_\w+$`)
}

// userIDTypes are the queries, each with the id of a user whom the directory knows and of one whom
// it does not.
func userIDTypes() map[string][2]string {
	return map[string][2]string{
		"":                       {"ou_known1", "ou_new"},
		"?user_id_type=open_id":  {"ou_known1", "ou_new"},
		"?user_id_type=union_id": {"on_known2", "on_new"},
		"?user_id_type=user_id":  {"known3", "new"},
	}
}

// TestUserIDType: the type that a request names governs every id of a user, in its body and in its
// answer: lists, create_user and update_user, whoever they are and whoever wrote them last.
func TestUserIDType(t *testing.T) {
	t.Parallel()
	const known = `{"users":[{"open_id":"ou_known1","union_id":"on_known2","user_id":"known3","name":"Known"}]}`
	for in, given := range userIDTypes() {
		list := fmt.Sprintf(`"push_scope_type":2,"user_list":[{"user_id":%q},{"user_id":%q}]`, given[0], given[1])
		for _, write := range []struct {
			why  string
			send func(d *desk) (id string)
		}{
			{"create", func(d *desk) string {
				return d.createdID(d.do("POST", api+"/notifications"+in, `{"job_name":"a","push_content":"{}","push_type":0,`+list+`}`))
			}},
			{"PATCH", func(d *desk) string {
				d.want(d.do("PATCH", draft+in, `{`+list+`}`), 200, 0)
				return "1"
			}},
			{"PATCH after somebody else's edit", func(d *desk) string {
				d.Edit("1", func(n *sandbox.Notification) { n.JobName = "theirs" })
				d.want(d.do("PATCH", draft+in, `{`+list+`}`), 200, 0)
				return "1"
			}},
			{"PATCH before somebody else's edit", func(d *desk) string {
				d.want(d.do("PATCH", draft+in, `{`+list+`}`), 200, 0)
				d.Edit("1", func(n *sandbox.Notification) { n.JobName = "theirs" })
				return "1"
			}},
		} {
			t.Run(write.why+in, func(t *testing.T) {
				t.Parallel()
				d := open(t, sandbox.Options{}, member, known)
				id := write.send(d)
				for out, want := range userIDTypes() {
					d.wantUserIDs(id, out, want)
				}
			})
		}
	}
}

func (d *desk) createdID(r reply) string {
	d.t.Helper()
	d.want(r, 200, 0)
	var body struct {
		Data struct {
			ID string `json:"notification_id"`
		}
	}
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		d.t.Fatal(err)
	}
	return body.Data.ID
}

// wantUserIDs asks for a notification and looks at all ids of users in it.
func (d *desk) wantUserIDs(id, query string, list [2]string) {
	d.t.Helper()
	type user struct {
		ID   string `json:"user_id"`
		Name string
	}
	var body struct {
		Data struct {
			Notification struct {
				List   []user `json:"user_list"`
				Create user   `json:"create_user"`
				Update user   `json:"update_user"`
			}
		}
	}
	r := d.do("GET", api+"/notifications/"+id+query, "")
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		d.t.Fatal(err)
	}
	n := body.Data.Notification
	if want := []user{{list[0], "Known"}, {list[1], ""}}; fmt.Sprint(n.List) != fmt.Sprint(want) {
		d.t.Errorf("GET %s shows user_list %v, want %v", query, n.List, want)
	}
	for _, who := range []user{n.Create, n.Update} {
		if !formOf(query).MatchString(who.ID) {
			d.t.Errorf("GET %s shows %q in %s", query, who.ID, r.body)
		}
	}
}

// TestUserIDOfAnotherType: an id of another type than the request names is none.
func TestUserIDOfAnotherType(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member, people)
	for in := range userIDTypes() {
		for _, id := range []string{"ou_a", "on_a", "a"} {
			want := 154000
			if formOf(in).MatchString(id) {
				want = 0
			}
			if r := d.do("PATCH", draft+in, `{"user_list":[{"user_id":"`+id+`"}]}`); r.code != want {
				t.Errorf("%s in a PATCH with %q: code %d, want %d", id, in, r.code, want)
			}
		}
	}
}

// TestSeedTakesEveryUserIDType: a seed names no type, and may have been recorded with any.
func TestSeedTakesEveryUserIDType(t *testing.T) {
	t.Parallel()
	for _, given := range userIDTypes() {
		seed := fmt.Sprintf(`{"id":"1","job_name":"a","push_content":"{}","create_user":{"user_id":%[2]q},"update_user":{"user_id":%[1]q},`+
			`"user_list":[{"user_id":%[1]q,"name":"Known"},{"user_id":%[2]q}]}`, given[0], given[1])
		d := open(t, sandbox.Options{}, `{"users":[{"open_id":"ou_known1","union_id":"on_known2","user_id":"known3","name":"Known"}]}`, seed)
		for out, want := range userIDTypes() {
			d.wantUserIDs("1", out, want)
		}
	}
}
