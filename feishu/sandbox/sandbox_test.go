package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

const (
	api      = "/open-apis/helpdesk/v1"
	draft    = api + "/notifications/1"
	messages = api + "/tickets/" + sandbox.DefaultTicketID + "/messages"
	// member is a valid draft for one user.
	member = `{"id":"1","job_name":"Weekly tips","push_content":"{ \"elements\": [] }","push_scope_type":2,` +
		`"user_list":[{"user_id":"ou_a","name":"A"}]}`
)

// desk is a running sandbox and a client that shows the right credentials
// unless a test sets others.
type desk struct {
	*sandbox.Server
	t        *testing.T
	url      string
	client   *http.Client
	token    string
	helpdesk string // value of X-Lark-Helpdesk-Authorization
	kind     string // Content-Type of bodies
}

// open starts a sandbox that holds the seeds.
func open(t *testing.T, o sandbox.Options, seeds ...string) *desk {
	t.Helper()
	if o.Limits == nil {
		o.Limits = sandbox.Unlimited()
	}
	s, url := sandbox.Start(t, o)
	for _, seed := range seeds {
		if err := s.Seed([]byte(seed)); err != nil {
			t.Fatal(err)
		}
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &desk{
		Server: s, t: t, url: url, client: &http.Client{Transport: transport, CheckRedirect: stay},
		token: sandbox.DefaultUserToken, kind: "application/json; charset=utf-8",
		helpdesk: base64.StdEncoding.EncodeToString([]byte(sandbox.DefaultHelpdeskID + ":" + sandbox.DefaultHelpdeskToken)),
	}
}

// switched starts a sandbox with switches set from their text forms, which are
// separated by spaces.
func switched(t *testing.T, settings string, seeds ...string) *desk {
	t.Helper()
	return open(t, sandbox.Options{Switches: strings.Fields(settings)}, seeds...)
}

// reply is an answer as it came.
type reply struct {
	status int
	code   int
	msg    string
	header http.Header
	body   string
}

func (d *desk) request(method, path, body string) *http.Request {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	set := func(name, value string) {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if d.token != "" {
		set("Authorization", "Bearer "+d.token)
	}
	set("X-Lark-Helpdesk-Authorization", d.helpdesk)
	if body != "" {
		set("Content-Type", d.kind)
	}
	return r
}

// try sends a request that may fail on the way.
func (d *desk) try(method, path, body string) (reply, error) {
	d.t.Helper()
	resp, err := d.client.Do(d.request(method, path, body))
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	r := reply{status: resp.StatusCode, header: resp.Header, body: string(text)}
	var envelope struct {
		Code int
		Msg  string
	}
	if json.Unmarshal(text, &envelope) == nil {
		r.code, r.msg = envelope.Code, envelope.Msg
	}
	return r, err
}

func (d *desk) do(method, path, body string) reply {
	d.t.Helper()
	r, err := d.try(method, path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// want fails the test if an answer is not as it should be.
func (d *desk) want(r reply, status, code int) {
	d.t.Helper()
	if r.status != status || r.code != code {
		d.t.Errorf("got HTTP %d code %d, want %d code %d\n%s", r.status, r.code, status, code, r.body)
	}
}

// patch sends a PATCH that must succeed.
func (d *desk) patch(body string) {
	d.t.Helper()
	d.want(d.do("PATCH", draft, body), 200, 0)
}

// shown returns data.notification of a GET, as a generic value.
func (d *desk) shown(query string) map[string]any {
	d.t.Helper()
	r := d.do("GET", draft+query, "")
	d.want(r, 200, 0)
	var envelope struct {
		Data struct{ Notification map[string]any }
	}
	if err := json.Unmarshal([]byte(r.body), &envelope); err != nil {
		d.t.Fatalf("%v in %s", err, r.body)
	}
	return envelope.Data.Notification
}

// stored returns the notification as the server holds it.
func (d *desk) stored() sandbox.Notification {
	d.t.Helper()
	n, found := d.Notification("1")
	if !found {
		d.t.Fatal("notification 1 is gone")
	}
	return n
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
