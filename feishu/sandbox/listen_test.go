package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"notiform/feishu/sandbox"
)

func TestListenRefusesOthers(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"", ":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "127.0.0.1:x"} {
		if url, stop, err := s.Listen(t.Context(), addr); err == nil {
			t.Errorf("listens at %q as %s", addr, url)
			stop()
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		url, stop, err := s.Listen(t.Context(), addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		if resp, err := http.Get(url); err != nil || resp.Body.Close() != nil || resp.StatusCode != 404 {
			t.Errorf("%s: %v, error %v", url, resp, err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

// TestStopEndsHangingRequests: stop and the end of Listen's context both let
// a request that would hang for ever go, and the port with it.
func TestStopEndsHangingRequests(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(stop func() error, cancel context.CancelFunc){
		"stop":    func(stop func() error, _ context.CancelFunc) { stop() },
		"context": func(_ func() error, cancel context.CancelFunc) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := sandbox.New(sandbox.Options{})
			if err != nil {
				t.Fatal(err)
			}
			hangs := make(chan bool)
			s.Fail(sandbox.Fault{Kind: sandbox.Hang, Before: func(*sandbox.Notification) { close(hangs) }})
			s.Seed([]byte(member))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			url, stop, err := s.Listen(ctx, "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				<-hangs
				end(stop, cancel)
			}()
			if _, err := http.Get(url + draft); !errors.Is(err, io.EOF) {
				t.Errorf("the hanging request ended with %v", err)
			}
			if err := stop(); err != nil {
				t.Errorf("stopped again: %v", err)
			}
			if conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
				conn.Close()
				t.Error("the port is still open")
			}
		})
	}
}

// TestConcurrency has many clients at once and asks what the server saw.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	const clients = 8
	d.Fail(sandbox.Fault{Kind: sandbox.Slow, Value: "50ms", Count: clients})
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for _, method := range []string{"GET", "PATCH", "GET"} {
				if r, err := d.try(method, draft, `{"ext":"x"}`); err != nil || r.code != 0 {
					t.Errorf("%s: %v, error %v", method, r, err)
				}
				d.Edit("1", func(n *sandbox.Notification) { n.JobName += "x" })
				d.Notification("1")
				d.Requests()
			}
		})
	}
	wait.Wait()
	if got := []int{d.Count("GET"), d.Count("PATCH"), d.Count("get"), d.Count("POST"), d.Count("*"), d.Count("")}; !slices.Equal(got, []int{16, 8, 16, 0, 24, 24}) {
		t.Errorf("counts %v", got)
	}
	if n := d.MaxConcurrent(); n < 2 || n > clients {
		t.Errorf("%d at once", n)
	}
	d.ForgetRequests()
	if d.Count("") != 0 || len(d.Requests()) != 0 || d.MaxConcurrent() != 0 {
		t.Error("the requests were not forgotten")
	}
	d.do("GET", draft, "")
	if d.Count("GET") != 1 || d.MaxConcurrent() != 1 {
		t.Error("nothing is counted any more")
	}
}

func TestRequestsTellTheStory(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	d.do("GET", draft+"?user_id_type=open_id", "")
	d.do("PATCH", draft, `{"push_scope_type":0}`)
	d.script("POST:*:drop-before-commit")
	if _, err := d.try("POST", draft+"/preview", ""); err == nil {
		t.Error("the connection was not cut")
	}
	got := d.Requests()
	for i := range got {
		if i > 0 && got[i].Time.Before(got[i-1].Time) {
			t.Errorf("at %s after %s", got[i].Time, got[i-1].Time)
		}
	}
	for i := range got {
		got[i].Time = time.Time{}
	}
	want := []sandbox.Request{
		{Method: "GET", Path: draft + "?user_id_type=open_id", ID: "1", Status: 200, Fault: sandbox.Pass},
		{Method: "PATCH", Path: draft, ID: "1", Body: `{"push_scope_type":0}`, Status: 400, Fault: sandbox.Pass},
		{Method: "POST", Path: draft + "/preview", ID: "1", Fault: sandbox.DropBeforeCommit},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestLogIsBounded: a benchmark may ask as often as it likes.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const most = 1 << 16
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://sandbox.invalid/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range most + 1 {
		if _, err := s.InProcess().RoundTrip(r); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Requests()); n != most/2+1 || s.Count("GET") != most+1 {
		t.Errorf("%d requests kept of %d", n, s.Count("GET"))
	}
}

func TestEnv(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	want := []string{
		"FEISHU_BASE_URL=" + d.url, "FEISHU_HELPDESK_ID=" + sandbox.DefaultHelpdeskID, "FEISHU_HELPDESK_TOKEN=" + sandbox.DefaultHelpdeskToken,
		"FEISHU_USER_ACCESS_TOKEN=" + sandbox.DefaultUserToken, "FEISHU_APP_ID=" + sandbox.DefaultAppID, "FEISHU_APP_SECRET=" + sandbox.DefaultAppSecret,
	}
	if got := d.Env(d.url); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// TestStartFails reports through the test what cannot be started.
func TestStartFails(t *testing.T) {
	t.Parallel()
	failed := &failure{T: t}
	func() {
		defer func() { recover() }()
		sandbox.Start(failed, sandbox.Options{Switches: []string{"window=round"}})
	}()
	if !failed.called {
		t.Error("a wrong switch went unnoticed")
	}
}

type failure struct {
	*testing.T
	called bool
}

func (f *failure) Fatalf(string, ...any) {
	f.called = true
	panic("as testing.T does not go on either")
}

// TestDocs: the tables for --help have no holes and no name twice.
func TestDocs(t *testing.T) {
	t.Parallel()
	switches, limits, faults := sandbox.Docs()
	for kind, docs := range map[string][]sandbox.Doc{"switches": switches, "limits": limits, "faults": faults} {
		seen := make(map[string]bool)
		for _, doc := range docs {
			if doc.Name == "" || doc.Text == "" || seen[doc.Name] || slices.Contains(doc.Values, "") || strings.ContainsAny(doc.Text, "\n\t") {
				t.Errorf("%s: %+v", kind, doc)
			}
			seen[doc.Name] = true
		}
	}
}

// TestOpenConnections sees a connection as long as it is open, and no longer.
func TestOpenConnections(t *testing.T) {
	t.Parallel()
	s, url := sandbox.Start(t, sandbox.Options{})
	transport := new(http.Transport)
	answer, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if n := s.OpenConnections(); n != 1 {
		t.Errorf("%d connections open while one is kept alive", n)
	}
	transport.CloseIdleConnections()
	for deadline := time.Now().Add(10 * time.Second); s.OpenConnections() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections open after the only one was closed", s.OpenConnections())
		}
	}
}
