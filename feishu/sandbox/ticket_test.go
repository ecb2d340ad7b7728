package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu/sandbox"
)

const (
	tokenPath = "/open-apis/auth/v3/tenant_access_token/internal"
	ourApp    = `{"app_id":"` + sandbox.DefaultAppID + `","app_secret":"` + sandbox.DefaultAppSecret + `"}`
)

func TestTicketMessages(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 31<<10)
	for _, row := range []struct {
		why    string
		ticket string
		body   string
		status int
		code   int
	}{
		{"the page's own sample, content as an object", "", fixture(t, "official_message.json"), 200, 0},
		{"content as a JSON text", "", `{"msg_type":"post","content":"{\"post\":{\"zh_cn\":{\"title\":\"t\",\"content\":[[{\"tag\":\"a\",\"text\":\"x\",\"href\":\"https://a.example\"}]]}}}"}`, 200, 0},
		{"plain text", "", `{"msg_type":"text","content":"{\"text\":\"hello\"}"}`, 200, 0},
		{"a long text", "", `{"msg_type":"text","content":{"text":"` + long + `"}}`, 200, 0},
		{"a closed ticket", "closed", `{"msg_type":"text","content":{"text":"a"}}`, 401, 154401},
		{"no ticket", "9", `{"msg_type":"text","content":{"text":"a"}}`, 404, 154004},
		{"a link that is no web address", "", `{"msg_type":"post","content":{"post":{"en_us":{"title":"t","content":[[{"tag":"text","text":"a"}],[{"tag":"a","text":"x","href":"javascript:alert(1)"}]]}}}}`, 401, 154403},
		{"a link without a host", "", `{"msg_type":"post","content":{"post":{"en_us":{"content":[[{"tag":"a","text":"x","href":"https:x"}]]}}}}`, 401, 154403},
		{"no msg_type", "", `{"content":{"text":"a"}}`, 400, 154000},
		{"another msg_type", "", `{"msg_type":"image","content":{"text":"a"}}`, 400, 154000},
		{"no content", "", `{"msg_type":"text"}`, 400, 154000},
		{"null for content", "", `{"msg_type":"text","content":null}`, 400, 154000},
		{"a content that is no JSON", "", `{"msg_type":"text","content":"hello"}`, 400, 154000},
		{"a content that is an array", "", `{"msg_type":"text","content":[]}`, 400, 154000},
		{"a text without text", "", `{"msg_type":"text","content":{}}`, 400, 154000},
		{"a text that is a number", "", `{"msg_type":"text","content":{"text":1}}`, 400, 154000},
		{"a post without post", "", `{"msg_type":"post","content":{"zh_cn":{}}}`, 400, 154000},
		{"a post that is too long", "", `{"msg_type":"post","content":{"post":{"en_us":{"title":"` + long + `"}}}}`, 400, 154000},
		{"msg_type of the wrong type", "", `{"msg_type":1}`, 400, 9499},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{}, `{"tickets":[{"id":"closed","status":51}]}`)
			d.token = sandbox.DefaultTenantToken
			if row.ticket == "" {
				row.ticket = sandbox.DefaultTicketID
			}
			r := d.do("POST", api+"/tickets/"+row.ticket+"/messages", row.body)
			d.want(r, row.status, row.code)
			posted := d.Messages()
			if (len(posted) == 1) != (row.code == 0) {
				t.Fatalf("posted: %+v", posted)
			}
			if row.code == 0 && (!strings.Contains(r.body, `"message_id":"`+posted[0].ID+`"`) || !json.Valid([]byte(posted[0].Content))) {
				t.Errorf("answered %s, posted %+v", r.body, posted)
			}
		})
	}
}

func TestTicketControls(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	d.token = sandbox.DefaultTenantToken
	post := func() reply { return d.do("POST", messages, `{"msg_type":"text","content":{"text":"a"}}`) }
	d.Fail(sandbox.Fault{Method: "ticket_message", Kind: sandbox.NoCommit})
	d.want(post(), 200, 0)
	if len(d.Messages()) != 0 {
		t.Error("a message was posted although it should not be")
	}
	d.SetTicket(sandbox.DefaultTicketID, 50)
	d.want(post(), 401, 154401)
	d.SetTicket(sandbox.DefaultTicketID, 5)
	d.want(post(), 200, 0)
}

// TestTenantToken follows the token endpoint: its failures have HTTP 200, the
// same token comes back until half an hour before its end, and dies at its end.
func TestTenantToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := inside(t, sandbox.Options{Limits: sandbox.Unlimited()})
		mint := func() (token string, expire int) {
			d.token = ""
			r := d.do("POST", tokenPath, ourApp)
			d.want(r, 200, 0)
			var body struct {
				Token  string `json:"tenant_access_token"`
				Expire int
			}
			if err := json.Unmarshal([]byte(r.body), &body); err != nil {
				t.Fatal(err)
			}
			return body.Token, body.Expire
		}
		alive := func(token string) bool {
			d.token = token
			return d.do("GET", draft, "").code == 0
		}
		first, expire := mint()
		if expire != 7200 || !strings.HasPrefix(first, "t-") || !alive(first) {
			t.Errorf("token %q for %d s", first, expire)
		}
		time.Sleep(90 * time.Minute)
		if again, left := mint(); again != first || left != 1800 {
			t.Errorf("with half an hour left: token %q for %d s", again, left)
		}
		time.Sleep(time.Second)
		second, left := mint()
		if second == first || left != 7200 || !alive(first) || !alive(second) {
			t.Errorf("with less left: token %q for %d s", second, left)
		}
		time.Sleep(30*time.Minute - time.Second)
		if alive(first) || !alive(second) {
			t.Error("at its end a token lives on, or takes the next with it")
		}
		if d.do("GET", draft, ""); alive(first) {
			t.Error("an expired token came back")
		}
	})
}

// TestAppToken: app_access_token/internal gives one token under two names, which is the tenant's.
func TestAppToken(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	r := d.do("POST", appTokenPath+"/", ourApp)
	d.want(r, 200, 0)
	var body struct {
		App    string `json:"app_access_token"`
		Tenant string `json:"tenant_access_token"`
		Expire int
	}
	if err := json.Unmarshal([]byte(r.body), &body); err != nil || body.App != body.Tenant || body.Expire != 7200 {
		t.Errorf("%v in %s", err, r.body)
	}
	d.token = body.Tenant
	d.want(d.do("GET", draft, ""), 200, 0)
	if tenant := d.do("POST", tokenPath, ourApp).body; strings.Contains(tenant, "app_access_token") {
		t.Errorf("tenant_access_token/internal answers %s", tenant)
	}
}

const appTokenPath = "/open-apis/auth/v3/app_access_token/internal"

func TestTokenFailures(t *testing.T) {
	t.Parallel()
	const invalid = `{"code":10003,"data":{},"msg":"invalid param"}`
	for _, row := range []struct {
		why, body string
		status    int
		code      int
		want      string // in the answer
	}{
		{"an id of no form", `{"app_id":"cli_test","app_secret":"x"}`, 200, 10003, invalid},
		{"an id with a blank before it", `{"app_id":" ` + sandbox.DefaultAppID + `","app_secret":"x"}`, 200, 10003, invalid},
		{"an empty id", `{"app_id":"","app_secret":"` + sandbox.DefaultAppSecret + `"}`, 200, 10003, invalid},
		{"no id", `{}`, 200, 10003, invalid},
		{"an empty body", ``, 200, 10003, invalid},
		{"a body of white space", " \n", 200, 10003, invalid},
		{"an app that is not there", `{"app_id":"cli_a000000000000001","app_secret":"` + sandbox.DefaultAppSecret + `"}`, 200, 10014, `"msg":"app id not exists"`},
		{"a wrong secret", `{"app_id":"` + sandbox.DefaultAppID + `","app_secret":"x"}`, 200, 10014, `"msg":"app secret invalid"`},
		{"no secret", `{"app_id":"` + sandbox.DefaultAppID + `"}`, 200, 10014, `"msg":"app secret invalid"`},
		{"no JSON", `{`, 400, 9499, ``},
	} {
		for _, path := range []string{tokenPath, appTokenPath} {
			t.Run(row.why, func(t *testing.T) {
				t.Parallel()
				d := open(t, sandbox.Options{})
				r := d.do("POST", path, row.body)
				d.want(r, row.status, row.code)
				if !strings.Contains(r.body, row.want) || strings.Contains(r.body, "access_token") {
					t.Errorf("got %s, want %s", r.body, row.want)
				}
			})
		}
	}
}
