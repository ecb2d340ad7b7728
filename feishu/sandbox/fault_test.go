package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu/sandbox"
)

// faultCase is one kind of fault met by a PATCH that sets ext to "new", or by a
// GET.
type faultCase struct {
	why       string
	fault     string // KIND[=ARGUMENT]
	method    string
	broken    bool // the connection, so that there is no whole answer
	status    int
	code      int
	committed bool
	check     func(*desk, reply)
}

// TestFaults meets every kind of fault, and after each looks at what the server
// holds; a kind without a case fails.
func TestFaults(t *testing.T) {
	t.Parallel()
	left := make(map[string]bool)
	for _, doc := range faultDocs() {
		left[doc.Name] = true
	}
	left[string(sandbox.Hang)], left[string(sandbox.HangAfterCommit)], left[string(sandbox.Slow)] = false, false, false // TestWaiting
	for _, c := range slices.Concat(outcomeFaults(), answerFaults(), editFaults()) {
		kind, _, _ := strings.Cut(c.fault, "=")
		left[kind] = false
		t.Run(c.why, func(t *testing.T) {
			t.Parallel()
			meet(t, c)
		})
	}
	for kind, missing := range left {
		if missing {
			t.Errorf("no case for %s", kind)
		}
	}
}

// meet lets one request meet a fault, and the next none.
func meet(t *testing.T, c faultCase) {
	d := open(t, sandbox.Options{}, member)
	d.script("*:*:" + c.fault)
	r, err := d.try(c.method, draft, map[string]string{"PATCH": `{"ext":"new"}`}[c.method])
	if broken := err != nil; broken != c.broken {
		t.Fatalf("error %v, want one: %v", err, c.broken)
	}
	if r.status != c.status || r.code != c.code {
		t.Errorf("HTTP %d code %d, want %d code %d: %.200s", r.status, r.code, c.status, c.code, r.body)
	}
	if committed := d.stored().Ext == "new"; committed != c.committed {
		t.Errorf("committed: %v, want %v", committed, c.committed)
	}
	if c.check != nil {
		c.check(d, r)
	}
	if d.FaultsLeft() != 0 {
		t.Error("the fault has not worn out")
	}
	d.Edit("1", func(n *sandbox.Notification) { n.Status = draftStatus })
	d.patch(`{"ext":"newer"}`)
	if d.stored().Ext != "newer" {
		t.Error("the fault has outlived its count")
	}
}

func faultDocs() []sandbox.Doc {
	_, _, faults := sandbox.Docs()
	return faults
}

func (d *desk) script(text string) {
	d.t.Helper()
	f, err := sandbox.ParseFault(text)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Fail(f)
}

func outcomeFaults() []faultCase {
	return []faultCase{
		{why: "nothing is wrong", fault: "pass", method: "PATCH", status: 200, committed: true},
		{why: "throttled for a second unless told", fault: "throttle", method: "PATCH", status: 429, code: 99991400, check: hasHeader("x-ogw-ratelimit-reset", "1")},
		{why: "throttled for as long as told", fault: "throttle=0.25", method: "PATCH", status: 429, code: 99991400, check: hasHeader("x-ogw-ratelimit-reset", "0.25")},
		{why: "500 and nothing done", fault: "error-before-commit", method: "PATCH", status: 500, code: 155000},
		{why: "503 of a gateway and nothing done", fault: "error-before-commit=503", method: "PATCH", status: 503, check: hasHeader("Content-Type", "text/html")},
		{why: "500 although done", fault: "error-after-commit", method: "PATCH", status: 500, code: 155000, committed: true},
		{why: "504 of a gateway although done", fault: "error-after-commit=504", method: "PATCH", status: 504, committed: true},
		{why: "any code with any status", fault: "error-after-commit=400/1663", method: "PATCH", status: 400, code: 1663, committed: true},
		{why: "cut before anything is done", fault: "drop-before-commit", method: "PATCH", broken: true},
		{why: "cut although done", fault: "drop-after-commit", method: "PATCH", broken: true, committed: true},
		{why: "cut in the answer", fault: "drop-in-answer", method: "PATCH", broken: true, status: 200, committed: true},
		{why: "a success that does nothing", fault: "no-commit", method: "PATCH", status: 200},
	}
}

func answerFaults() []faultCase {
	return []faultCase{
		{why: "half a JSON text", fault: "truncate", method: "GET", status: 200, check: func(d *desk, r reply) {
			if r.body == "" || json.Valid([]byte(r.body)) {
				d.t.Errorf("not truncated: %s", r.body)
			}
		}},
		{why: "HTML of a gateway", fault: "html", method: "GET", status: 502, check: isHTML},
		{why: "HTML under a status of success", fault: "html=200", method: "PATCH", status: 200, check: isHTML},
		{why: "a redirect", fault: "redirect=http://127.0.0.1:1/x", method: "PATCH", status: 307, check: hasHeader("Location", "http://127.0.0.1:1/x")},
		{why: "JSON that says it is text", fault: "content-type", method: "GET", status: 200, check: hasHeader("Content-Type", "text/plain; charset=utf-8")},
		{why: "JSON that says it is whatever is told", fault: "content-type=image/png", method: "PATCH", status: 200, committed: true, check: hasHeader("Content-Type", "image/png")},
		{why: "an answer of two mebibytes", fault: "huge=2", method: "GET", status: 200, check: func(d *desk, r reply) {
			if len(r.body) < 2<<20 || !json.Valid([]byte(r.body)) {
				d.t.Errorf("%d bytes, valid JSON: %v", len(r.body), json.Valid([]byte(r.body)))
			}
		}},
		{why: "hostile text", fault: "garbage", method: "GET", status: 200, check: func(d *desk, r reply) {
			if !strings.Contains(r.body, `\u001b[2J`) || d.stored().JobName != "Weekly tips" {
				d.t.Errorf("shown %s, stored %q", r.body, d.stored().JobName)
			}
		}},
		{why: "hostile text of one's own", fault: "garbage=::error::", method: "GET", status: 200, check: func(d *desk, r reply) {
			if !strings.Contains(r.body, `"job_name":"::error::"`) {
				d.t.Error(r.body)
			}
		}},
	}
}

func editFaults() []faultCase {
	return []faultCase{
		{why: "somebody else was faster, and is overwritten", fault: "edit-before=ext=theirs", method: "PATCH", status: 200, committed: true},
		{why: "somebody else was faster, in another field", fault: "edit-before=job_name=theirs", method: "PATCH", status: 200, committed: true, check: func(d *desk, _ reply) {
			if n := d.stored(); n.JobName != "theirs" || n.UpdateUser.UserID != "ou_sandbox_owner" {
				d.t.Errorf("%+v", n)
			}
		}},
		{why: "somebody else overwrites at once", fault: "edit-after=ext=theirs", method: "PATCH", status: 200, check: func(d *desk, _ reply) {
			if n := d.stored(); n.Ext != "theirs" || n.UpdateUser.UserID != "ou_sandbox_somebody_else" {
				d.t.Errorf("%+v", n)
			}
		}},
		{why: "a GET sees an edit before it", fault: "edit-before=job_name=theirs", method: "GET", status: 200, check: shows("theirs")},
		{why: "a GET does not see an edit after it", fault: "edit-after=job_name=theirs", method: "GET", status: 200, check: shows("Weekly tips")},
		{why: "it has left draft", fault: "leave-draft", method: "PATCH", status: 400, code: 154000, check: hasStatus(1)},
		{why: "it has been sent meanwhile", fault: "leave-draft=6", method: "PATCH", status: 400, code: 154000, check: hasStatus(6)},
	}
}

func hasHeader(name, value string) func(*desk, reply) {
	return func(d *desk, r reply) {
		if got := r.header.Get(name); got != value {
			d.t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

func isHTML(d *desk, r reply) {
	if !strings.HasPrefix(r.body, "<html>") || r.header.Get("Content-Type") != "text/html" || r.header.Get("X-Tt-Logid") == "" {
		d.t.Errorf("%v %s", r.header, r.body)
	}
}

func shows(name string) func(*desk, reply) {
	return func(d *desk, r reply) {
		if !strings.Contains(r.body, `"job_name":"`+name+`"`) {
			d.t.Errorf("GET shows %s, want %s", r.body, name)
		}
	}
}

func hasStatus(status int) func(*desk, reply) {
	return func(d *desk, _ reply) {
		if got := d.stored().Status; got != status {
			d.t.Errorf("status %d, want %d", got, status)
		}
	}
}

// TestWaiting meets the faults that take their time, in virtual time.
func TestWaiting(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		fault     string
		after     time.Duration
		answered  bool
		committed bool
	}{
		{"slow", time.Second, true, true},
		{"slow=20s", 20 * time.Second, true, true},
		{"slow=2m", time.Minute, false, false}, // the client gives up first
		{"hang", time.Minute, false, false},
		{"hang-after-commit", time.Minute, false, true},
	} {
		t.Run(row.fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := inside(t, sandbox.Options{})
				d.script("*:*:" + row.fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()
				resp, err := d.client.Do(d.request("PATCH", draft, `{"ext":"new"}`).WithContext(ctx))
				if answered := err == nil; answered != row.answered || !answered && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("answer %v, error %v", resp, err)
				}
				if took := time.Since(start); took != row.after {
					t.Errorf("took %s, want %s", took, row.after)
				}
				if committed := d.stored().Ext == "new"; committed != row.committed {
					t.Errorf("committed: %v", committed)
				}
			})
		})
	}
}

// inside is open without a network, for use in a synctest bubble.
func inside(t *testing.T, o sandbox.Options) *desk {
	t.Helper()
	s, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seed([]byte(member)); err != nil {
		t.Fatal(err)
	}
	return &desk{
		Server: s, t: t, url: "http://sandbox.invalid", client: &http.Client{Transport: s.InProcess()},
		token: sandbox.DefaultUserToken, helpdesk: helpdeskHeader(), kind: "application/json",
	}
}

// TestFaultsInProcess shows that the transport without a network breaks as the
// one over sockets does.
func TestFaultsInProcess(t *testing.T) {
	t.Parallel()
	for kind, wantStatus := range map[sandbox.FaultKind]int{
		sandbox.DropBeforeCommit: 0, sandbox.DropAfterCommit: 0, sandbox.DropInAnswer: 200,
	} {
		d := inside(t, sandbox.Options{})
		d.Fail(sandbox.Fault{Kind: kind})
		r, err := d.try("GET", draft, "")
		if !errors.Is(err, io.ErrUnexpectedEOF) || r.status != wantStatus {
			t.Errorf("%s: HTTP %d, error %v", kind, r.status, err)
		}
	}
}

func TestFaultsMatchInOrder(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member, strings.Replace(member, `"1"`, `"2"`, 1))
	d.Fail(
		sandbox.Fault{Method: "PATCH", Kind: sandbox.ErrorBeforeCommit},
		sandbox.Fault{Method: "get", ID: "2", Kind: sandbox.Pass, Count: 2},
		sandbox.Fault{Method: "GET", ID: "2", Kind: sandbox.ErrorBeforeCommit, Value: "500/1500"},
		sandbox.Fault{Method: "preview", Kind: sandbox.ErrorBeforeCommit, Value: "500/1642", Count: sandbox.Always},
	)
	if left := d.FaultsLeft(); left != 3 {
		t.Errorf("%d faults left, want 3: what always happens never wears out", left)
	}
	var codes []int
	for _, row := range [][2]string{
		{"GET", draft}, {"GET", api + "/notifications/2"}, {"GET", api + "/notifications/2"}, {"GET", api + "/notifications/2"},
		{"GET", api + "/notifications/2"}, {"PATCH", draft}, {"POST", draft + "/preview"}, {"POST", draft + "/preview"},
	} {
		codes = append(codes, d.do(row[0], row[1], "").code)
	}
	if want := []int{0, 0, 0, 1500, 0, 155000, 1642, 1642}; !slices.Equal(codes, want) {
		t.Errorf("codes %v, want %v", codes, want)
	}
	if last := d.Requests()[7]; last.Fault != sandbox.ErrorBeforeCommit || last.Path != draft+"/preview" || last.ID != "1" {
		t.Errorf("recorded as %+v", last)
	}
}

// TestFaultHooks shows what only Go tests can script: an edit and another fault
// at one request.
func TestFaultHooks(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	d.Fail(sandbox.Fault{
		Kind:   sandbox.DropAfterCommit,
		Before: func(n *sandbox.Notification) { n.JobName = "before" },
		After:  func(n *sandbox.Notification) { n.JobName += " and after " + n.Ext; n.ID = "9" },
	})
	if _, err := d.try("PATCH", draft, `{"ext":"new"}`); err == nil {
		t.Error("the connection was not cut")
	}
	if n := d.stored(); n.JobName != "before and after new" {
		t.Errorf("%+v", n)
	}
}

// TestRedirectLeadsElsewhere shows that the redirect works on a client that
// follows it, so that a client that does not is shown to refuse.
func TestRedirectLeadsElsewhere(t *testing.T) {
	t.Parallel()
	visited := make(chan string, 1)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		visited <- r.Method + " " + r.Header.Get("X-Lark-Helpdesk-Authorization")
	}))
	defer other.Close()
	d := open(t, sandbox.Options{}, member)
	d.client.CheckRedirect = nil
	d.Fail(sandbox.Fault{Kind: sandbox.Redirect, Value: other.URL})
	d.do("PATCH", draft, `{}`)
	if got := <-visited; got != "PATCH "+d.helpdesk {
		t.Errorf("the other server got %q", got)
	}
}

func TestParseFault(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want sandbox.Fault
	}{
		{"PATCH:*:drop-after-commit:2", sandbox.Fault{Method: "PATCH", ID: "*", Kind: sandbox.DropAfterCommit, Count: 2}},
		{"*:7:hang:*", sandbox.Fault{Method: "*", ID: "7", Kind: sandbox.Hang, Count: sandbox.Always}},
		{"get:7:throttle=0.5", sandbox.Fault{Method: "get", ID: "7", Kind: sandbox.Throttle, Value: "0.5", Count: 1}},
		{"GET:*:redirect=http://127.0.0.1:8080:3", sandbox.Fault{Method: "GET", ID: "*", Kind: sandbox.Redirect, Value: "http://127.0.0.1:8080", Count: 3}},
		{"GET:*:edit-before=job_name=a=b: c", sandbox.Fault{Method: "GET", ID: "*", Kind: sandbox.EditBefore, Value: "job_name=a=b: c", Count: 1}},
		{`::edit-after=user_list=[{"user_id":"ou_b"}]`, sandbox.Fault{Kind: sandbox.EditAfter, Value: `user_list=[{"user_id":"ou_b"}]`, Count: 1}},
		{"*:*:edit-after=new_staff_scope_type=null", sandbox.Fault{Method: "*", ID: "*", Kind: sandbox.EditAfter, Value: "new_staff_scope_type=null", Count: 1}},
	} {
		if f, err := sandbox.ParseFault(row.text); err != nil || !reflect.DeepEqual(f, row.want) {
			t.Errorf("%s: got %#v, error %v", row.text, f, err)
		}
	}
	for _, text := range []string{
		"", "hang", "GET:hang", "FETCH:*:hang", "GET:*:", "GET:*:hung", "GET:*:hang:0", "GET:*:hang:99999999999999999999", "GET:*:hang=1",
		"GET:*:throttle=soon", "GET:*:throttle=-1", "GET:*:throttle=NaN", "GET:*:slow=5", "GET:*:slow=-1s", "GET:*:html=99", "GET:*:html=x",
		"GET:*:error-before-commit=1", "GET:*:error-before-commit=500/x", "GET:*:error-before-commit=500/0", "GET:*:huge=-1",
		"GET:*:redirect=nowhere", "GET:*:edit-before", "GET:*:edit-before=job_name", "GET:*:edit-before=job_titel=x",
		"GET:*:edit-before=status=x", "GET:*:edit-before=user_list=ou_b", "GET:*:leave-draft=x",
	} {
		if f, err := sandbox.ParseFault(text); err == nil {
			t.Errorf("%q is taken for %+v", text, f)
		}
	}
}

func TestFailRefusesNonsense(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a fault of no kind was taken")
		}
	}()
	s.Fail(sandbox.Fault{Kind: "hung"})
}
