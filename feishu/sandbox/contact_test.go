package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

const staff = `{"users": [
	{"open_id": "ou_a", "name": "张三", "email": "a@example.com", "mobile": "13800000001"},
	{"open_id": "ou_b", "name": "B", "email": "b@example.com", "standing": "resigned"},
	{"open_id": "ou_c", "name": "C", "email": "c@example.com", "outside": true},
	{"open_id": "ou_d", "name": "D", "mobile": "+4915100000000", "standing": "frozen"}]}`

// TestFindPeople: batch_get_id has an entry for each that was asked for, without an id for whom it
// does not tell.
func TestFindPeople(t *testing.T) {
	t.Parallel()
	const find = "/open-apis/contact/v3/users/batch_get_id?user_id_type=open_id"
	for _, tt := range []struct{ why, body, want string }{
		{"by address, in any case", `{"emails":["A@example.com"]}`, "ou_a"},
		{"by number, with its country or without", `{"mobiles":["+8613800000001","13800000001"]}`, "ou_a ou_a"},
		{"who has left, only when asked", `{"emails":["b@example.com"]}`, "-"},
		{"and then", `{"emails":["b@example.com"],"include_resigned":true}`, "ou_b"},
		{"outside of what the app may see", `{"emails":["c@example.com"]}`, "-"},
		{"nobody", `{"emails":["x@example.com"],"mobiles":["+4915100000000"]}`, "- ou_d"},
	} {
		d := open(t, sandbox.Options{}, staff)
		d.token = sandbox.DefaultTenantToken
		var answer struct {
			Data struct {
				UserList []struct {
					UserID string `json:"user_id"`
				} `json:"user_list"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(d.do("POST", find, tt.body).body), &answer); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range answer.Data.UserList {
			if u.UserID == "" {
				u.UserID = "-"
			}
			got = append(got, u.UserID)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %v, want %s", tt.why, got, tt.want)
		}
	}
	d := open(t, sandbox.Options{}, staff)
	if code := d.do("POST", find, `{"emails":["a@example.com"]}`).code; code != 99991668 {
		t.Errorf("a user token gets code %d", code)
	}
	d.token = sandbox.DefaultTenantToken
	if code := d.do("POST", find, fmt.Sprintf(`{"emails":[%s"x"]}`, strings.Repeat(`"x",`, 50))).code; code != 99992402 {
		t.Errorf("51 at once get code %d", code)
	}
	for path, want := range map[string]string{
		"batch_get_id?user_id_type=union_id":        `"user_id":"on_a"`,
		"batch_get_id?user_id_type=user_id":         `"user_id":"a"`,
		"batch_get_id":                              `"user_id":"ou_a"`,
		"batch_get_id?user_id_type=x":               "99992402",
		"batch?user_id_type=union_id&user_ids=on_a": `"open_id":"ou_a"`,
		"batch?user_id_type=union_id&user_ids=ou_a": `"items":[]`,
		"batch?user_ids=a&user_ids=on_a":            `"items":[]`,
		"batch?user_id_type=open_ids&user_ids=ou_a": "99992402",
	} {
		method, body := "GET", ""
		if strings.HasPrefix(path, "batch_get_id") {
			method, body = "POST", `{"emails":["a@example.com"]}`
		}
		if got := d.do(method, "/open-apis/contact/v3/users/"+path, body).body; !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if code := d.do("GET", "/open-apis/contact/v3/users/batch?user_ids=ou_a&user_ids=ou_c", "").code; code != 41050 {
		t.Errorf("a user outside gets code %d", code)
	}
}

// TestGetTicket: it exists or not, and only an app may ask.
func TestGetTicket(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	ticket := api + "/tickets/" + sandbox.DefaultTicketID
	if code := d.do("GET", ticket, "").code; code != 99991668 {
		t.Errorf("a user token gets code %d", code)
	}
	d.token = sandbox.DefaultTenantToken
	if r := d.do("GET", ticket, ""); r.code != 0 || !strings.Contains(r.body, sandbox.DefaultHelpdeskID) {
		t.Errorf("%+v", r)
	}
	if code := d.do("GET", ticket+"0", "").code; code != 154004 {
		t.Errorf("an unknown one gets code %d", code)
	}
}
