package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// TestErrorTable has a row for each line of the error tables of the pages on
// notifications and of "Common error codes", as a client would run into it.
func TestErrorTable(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why          string
		set          func(*desk)
		method       string
		path, body   string
		status, code int
	}{
		{"154000: the rules are broken", nil, "PATCH", draft, `{"push_scope_type":0}`, 400, 154000},
		{"154001: the helpdesk header is wrong", func(d *desk) { d.helpdesk = "eDp5" }, "GET", draft, "", 401, 154001},
		{"154001: the helpdesk header is missing", func(d *desk) { d.helpdesk = "" }, "GET", draft, "", 401, 154001},
		{"154001: the helpdesk header is not base64", func(d *desk) { d.helpdesk = "a:b" }, "GET", draft, "", 401, 154001},
		{"154001: base64 without padding is not the documented form", func(d *desk) { d.helpdesk = strings.TrimRight(d.helpdesk, "=") }, "GET", draft, "", 401, 154001},
		{"154001: a scheme that no SDK writes", func(d *desk) { d.helpdesk = "Basic " + d.helpdesk }, "GET", draft, "", 401, 154001},
		{"154001: a scheme and nothing after it", func(d *desk) { d.helpdesk = "Bearer " }, "GET", draft, "", 401, 154001},
		{"154004: no such notification", nil, "GET", api + "/notifications/2", "", 404, 154004},
		{"154005: no right to create pushes", outsider, "POST", api + "/notifications", `{"job_name":"a","push_content":"{}","push_type":0,"push_scope_type":0}`, 405, 154005},
		{"154005: nor to change them", outsider, "PATCH", draft, `{}`, 405, 154005},
		{"155000: internal error", func(d *desk) { d.Fail(sandbox.Fault{Kind: sandbox.ErrorBeforeCommit}) }, "GET", draft, "", 500, 155000},
		{"99991661: no token", func(d *desk) { d.token = "" }, "GET", draft, "", 400, 99991661},
		{"99991663: an unknown tenant token", func(d *desk) { d.token = "t-no" }, "GET", draft, "", 400, 99991663},
		{"99991663: the API takes no tenant token", func(d *desk) { d.token = sandbox.DefaultTenantToken }, "PATCH", draft, `{}`, 400, 99991663},
		{"99991663: an expired tenant token", expired("t-sandbox-expired"), "GET", draft, "", 400, 99991663},
		{"99991664: an app token", func(d *desk) { d.token = "a-no" }, "GET", draft, "", 400, 99991664},
		{"99991668: an unknown user token", func(d *desk) { d.token = "u-no" }, "GET", draft, "", 400, 99991668},
		{"99991668: an unknown user token of the new kind", func(d *desk) { d.token = "eyJhbGciOi" }, "GET", draft, "", 400, 99991668},
		{"99991668: Bearer twice", func(d *desk) { d.token = "Bearer " + d.token }, "GET", draft, "", 400, 99991668},
		{"99991668: the API takes no user token", nil, "POST", api + "/tickets/" + sandbox.DefaultTicketID + "/messages", `{}`, 400, 99991668},
		{"99991671: no kind of token", func(d *desk) { d.token = "x" }, "GET", draft, "", 400, 99991671},
		{"99991672: the app has no scope", func(d *desk) { d.token = "t-sandbox-unscoped" }, "GET", draft, "", 400, 99991672},
		{"99991672: nor for tickets", func(d *desk) { d.token = "t-sandbox-unscoped" }, "POST", messages, `{}`, 400, 99991672},
		{"99991679: a read-only user token writes", readOnly, "PATCH", draft, `{}`, 400, 99991679},
		{"99991679: and creates", readOnly, "POST", api + "/notifications", `{}`, 400, 99991679},
		{"99991677: an expired user token", expired("u-sandbox-expired"), "GET", draft, "", 401, 99991677},
		{"99992402: user_id_type is none of the three", nil, "GET", draft + "?user_id_type=email", "", 400, 99992402},
		{"9499: the body is no JSON", nil, "PATCH", draft, `{"job_name":`, 400, 9499},
		{"9499: a field of the wrong type", nil, "PATCH", draft, `{"job_name":7}`, 400, 9499},
		{"99991400: over the limit", func(d *desk) { d.Fail(sandbox.Fault{Kind: sandbox.Throttle}) }, "GET", draft, "", 429, 99991400},
		{"other codes of the gateway are scripted", func(d *desk) { d.Fail(sandbox.Fault{Kind: sandbox.ErrorBeforeCommit, Value: "400/99991403"}) }, "GET", draft, "", 400, 99991403},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{}, member)
			before := d.stored()
			if row.set != nil {
				row.set(d)
			}
			r := d.do(row.method, row.path, row.body)
			d.want(r, row.status, row.code)
			wantErrorBody(t, r)
			if after := d.stored(); after.UpdatedAt != before.UpdatedAt || after.JobName != before.JobName {
				t.Errorf("a refused request changed the notification: %+v", after)
			}
		})
	}
}

// outsider puts somebody without a role at the helpdesk behind the token.
func outsider(d *desk) { d.token = "u-sandbox-member" }

func readOnly(d *desk) { d.token = sandbox.DefaultReadOnlyUserToken }

func expired(token string) func(*desk) { return func(d *desk) { d.token = token } }

var logID = regexp.MustCompile(`^[0-9]{14}[0-9A-F]{20}$`)

// wantErrorBody checks what all errors have: msg, and one log id in two places.
func wantErrorBody(t *testing.T, r reply) {
	t.Helper()
	var body struct {
		Msg   string
		Error struct {
			LogID string `json:"log_id"`
		}
	}
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	if body.Msg == "" || body.Error.LogID != r.header.Get("X-Tt-Logid") || !logID.MatchString(body.Error.LogID) {
		t.Errorf("X-Tt-Logid %q, body %s", r.header.Get("X-Tt-Logid"), r.body)
	}
	if kind := r.header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("Content-Type %q", kind)
	}
}

func TestErrorMessages(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	for code, msg := range map[string]string{
		"400/154000":   "Bad request, please check your request body",
		"401/154001":   "Unauthorized, please check you have the correct access",
		"403/154003":   "Please check you have the correct access",
		"404/154004":   "Resource not found",
		"405/154005":   "Method Forbidden",
		"500/155000":   "Internal error",
		"401/154401":   "Ticket already be closed",
		"401/154403":   "Send message with bad url",
		"429/99991400": "request trigger frequency limit",
	} {
		d.Fail(sandbox.Fault{Kind: sandbox.ErrorBeforeCommit, Value: code})
		if r := d.do("GET", draft, ""); r.msg != msg {
			t.Errorf("%s: msg %q, want %q", code, r.msg, msg)
		}
	}
}

// TestErrorDetails compares error objects with those of real answers and of Feishu's pages on
// solving the codes. LOGID stands for the answer's own.
func TestErrorDetails(t *testing.T) {
	t.Parallel()
	const (
		trouble = `"troubleshooter":"排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/search?from=openapi&log_id=LOGID&code=`
		console = `"helps":[{"url":"https://open.feishu.cn/app/` + sandbox.DefaultAppID + `/auth?q=`
	)
	unscoped := func(d *desk) { d.token = "t-sandbox-unscoped" }
	for _, row := range []struct {
		why          string
		set          func(*desk)
		method, path string
		want         string // of the error object
	}{
		{"99991661 has where to look", func(d *desk) { d.token = "" }, "GET", draft, `"log_id":"LOGID",` + trouble + `99991661&`},
		{"99991663 repeats what it says", func(d *desk) { d.token = "t-no" }, "GET", draft, `"message":"Invalid access token for authorization. `},
		{"99991672 names the scope to write tickets", unscoped, "POST", messages, `"permission_violations":[{"type":"action_scope_required","subject":"helpdesk:all"}]`},
		{"99991672 names the scope to read", unscoped, "GET", draft, `"permission_violations":[{"type":"action_scope_required","subject":"helpdesk:all:readonly"}]`},
		{"99991672 repeats what it says", unscoped, "GET", draft, `"message":"Access denied. One of the following scopes is required: [helpdesk:all:readonly]"`},
		{"99991672 leads to the console", unscoped, "GET", draft, console + `helpdesk:all:readonly&op_from=openapi&token_type=tenant","description":"`},
		{"99991679 names the scope", readOnly, "PATCH", draft, `"permission_violations":[{"type":"action_privilege_required","subject":"helpdesk:all"}]`},
		{"99991679 has where to look", readOnly, "PATCH", draft, trouble + `99991679&method_id=`},
		{"99992402 names the parameter", nil, "GET", draft + "?user_id_type=%22", `"field_violations":[{"field":"user_id_type","value":"\"","description":`},
		{"a scripted code has them as well", scripted("*:*:error-before-commit=400/99991672"), "GET", draft, console + `helpdesk:all&`},
		{"the other codes have a log id alone", func(d *desk) { d.helpdesk = "" }, "GET", draft, `"error":{"log_id":"LOGID"}}`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{}, member)
			if row.set != nil {
				row.set(d)
			}
			r := d.do(row.method, row.path, "")
			if got := strings.ReplaceAll(r.body, r.header.Get("X-Tt-Logid"), "LOGID"); !strings.Contains(got, row.want) {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func scripted(fault string) func(*desk) { return func(d *desk) { d.script(fault) } }

func TestReadOnlyTokenReads(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	readOnly(d)
	d.want(d.do("GET", draft, ""), 200, 0)
}

// TestSlashAtTheEnd: the samples on tokens write one, and it changes nothing.
func TestSlashAtTheEnd(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	d.want(d.do("GET", draft+"/?user_id_type=open_id", ""), 200, 0)
	d.want(d.do("PATCH", draft+"/", `{"job_name":"slash"}`), 200, 0)
	d.want(d.do("POST", draft+"/preview/", ""), 200, 0)
	d.want(d.do("POST", tokenPath+"/", ourApp), 200, 0)
	if n := d.stored(); n.JobName != "slash" {
		t.Errorf("job_name %q", n.JobName)
	}
}

// TestOrderOfChecks sends one request with everything wrong, and puts right
// what is complained of, one thing after the other.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{Limits: []string{"patch=6"}}, `{"id":"1","status":3,"job_name":"a","push_content":"{}"}`)
	for range 6 { // to use the limit up
		d.do("PATCH", draft, `{}`)
	}
	method, path, body := "PUT", api+"/notifications/2", `{"job_name":`
	d.token, d.helpdesk = "", ""
	for _, step := range []struct {
		code int
		fix  func()
	}{
		{0, func() { method = "PATCH" }}, // an unknown route has no code
		{99991661, func() { d.token = "u-unknown" }},
		{99991668, func() { d.token = sandbox.DefaultTenantToken }},
		{99991663, func() { d.token = sandbox.DefaultReadOnlyUserToken }},
		{99991400, func() { d = sameDesk(d) }},
		{99991679, func() { outsider(d) }},
		{9499, func() { body = `{"job_name":""}` }},
		{154001, func() { d.helpdesk = helpdeskHeader() }},
		{154004, func() { path = draft }},
		{154005, func() { d.token = sandbox.DefaultUserToken }},
		{154000, func() { d.SetStatus("1", draftStatus) }}, // the state
		{154000, func() { body = `{"job_name":"b","push_scope_type":0}` }},
		{0, func() {}},
	} {
		if r := d.do(method, path, body); r.code != step.code {
			t.Fatalf("got HTTP %d code %d, want code %d", r.status, r.code, step.code)
		}
		step.fix()
	}
	if n := d.stored(); n.JobName != "b" {
		t.Errorf("job_name %q, want what the last request set", n.JobName)
	}
}

// sameDesk is the same situation on a server that has not been asked yet.
func sameDesk(d *desk) *desk {
	fresh := open(d.t, sandbox.Options{}, `{"id":"1","status":3,"job_name":"a","push_content":"{}"}`)
	fresh.token, fresh.helpdesk = d.token, d.helpdesk
	return fresh
}

func helpdeskHeader() string {
	return base64.StdEncoding.EncodeToString([]byte(sandbox.DefaultHelpdeskID + ":" + sandbox.DefaultHelpdeskToken))
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	for _, row := range []struct{ method, path string }{
		{"GET", "/"},
		{"GET", api + "/notifications"}, // there is no list
		{"DELETE", draft},               // and no delete
		{"PUT", draft},
		{"GET", api + "/notifications/"},
		{"POST", api + "/notifications/"},
		{"GET", api + "/notificationsX"},
		{"GET", draft + "/preview"},
		{"POST", draft + "/send"},
		{"POST", draft + "/preview/x"},
		{"POST", draft},
		{"GET", api + "/tickets/1/messages"},
		{"POST", api + "/tickets//messages"},
		{"POST", api + "/tickets/1/2/messages"},
		{"POST", api + "/tickets/1"},
		{"GET", "/open-apis/auth/v3/tenant_access_token/internal"},
		{"POST", "/open-apis/auth/v3/tenant_access_token/internal//"},
		{"POST", "/open-apis/auth/v3/tenant_access_token"},
		{"GET", draft + "//"},
	} {
		r := d.do(row.method, row.path, "")
		if r.status != 404 || r.body != "404 page not found" || r.header.Get("Content-Type") != "text/plain" {
			t.Errorf("%s %s: HTTP %d %s %q", row.method, row.path, r.status, r.header.Get("Content-Type"), r.body)
		}
		if !logID.MatchString(r.header.Get("X-Tt-Logid")) {
			t.Errorf("%s %s: no log id", row.method, row.path)
		}
	}
}

func TestLogIDsDiffer(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	first, second := d.do("GET", draft, ""), d.do("GET", draft, "")
	if id := first.header.Get("X-Tt-Logid"); id == second.header.Get("X-Tt-Logid") {
		t.Errorf("log id %q twice", id)
	}
}
