package reconcile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"path"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/spec"
)

// model is a helpdesk that shares no code with the sandbox: notifications are what PATCH bodies
// said last, kept as raw JSON. It answers late, lags behind, loses answers and lets writes land
// after it has said that they failed; and it remembers all that happened, as the truth that
// outcomes are held against.
type model struct {
	mu     sync.Mutex
	notes  map[string]*note
	lag    time.Duration // GET answers what was so long ago
	get    func(id string) trouble
	patch  func(id string) trouble
	broken []string // promises that requests have broken
}

// note is one notification: its versions, the last one being the present, and what was asked of it.
type note struct {
	versions []version
	looked   bool // a GET came since the last PATCH
	patches  int
}

type version struct {
	at     time.Time
	fields map[string]json.RawMessage
	ours   bool // a PATCH made it
}

// trouble is what goes wrong with one request. Zero is nothing.
type trouble struct {
	name   string
	unsent bool          // no connection
	reply  string        // "", "lost", "504", "refused"
	commit string        // of a PATCH: "" at once, "never", "late"
	after  time.Duration // a late commit, or a slow answer
	null   string        // of a GET: this field is null
}

func getTroubles() []trouble {
	return []trouble{
		{name: "fine"}, {name: "fine"}, {name: "fine"}, {name: "fine"},
		{name: "504", reply: "504"}, {name: "lost", reply: "lost"}, {name: "slow", after: 3 * time.Second},
		{name: "null status", null: "status"}, {name: "null push_type", null: "push_type"}, {name: "no push_scope_type", null: "push_scope_type"},
	}
}

func patchTroubles() []trouble {
	return []trouble{
		{name: "fine"}, {name: "fine"},
		{name: "unsent", unsent: true, commit: "never"},
		{name: "slow", after: 2 * time.Second},
		{name: "lost after the commit", reply: "lost"},
		{name: "lost before the commit", reply: "lost", commit: "never"},
		{name: "504, done", reply: "504"},
		{name: "504, not done", reply: "504", commit: "never"},
		{name: "504, lands soon", reply: "504", commit: "late", after: 500 * time.Millisecond},
		{name: "504, lands between the looks", reply: "504", commit: "late", after: 3 * time.Second},
		{name: "504, lands after the looks", reply: "504", commit: "late", after: 9 * time.Second},
		{name: "lost, lands soon", reply: "lost", commit: "late", after: 700 * time.Millisecond},
		{name: "refused", reply: "refused", commit: "never"},
		{name: "said, never done", commit: "never"},
		{name: "said, lands late", commit: "late", after: 2500 * time.Millisecond},
	}
}

func (m *model) RoundTrip(r *http.Request) (*http.Response, error) {
	id := path.Base(r.URL.Path)
	if r.Method == http.MethodGet {
		return m.read(r, id)
	}
	return m.write(r, id)
}

func (m *model) read(r *http.Request, id string) (*http.Response, error) {
	m.mu.Lock()
	t, n := m.get(id), m.notes[id]
	n.looked = true
	fields := maps.Clone(n.asOf(time.Now().Add(-m.lag)).fields)
	m.mu.Unlock()
	if t.null != "" {
		fields[t.null] = json.RawMessage("null")
	}
	answer, err := json.Marshal(map[string]any{"code": 0, "msg": "success", "data": map[string]any{"notification": fields}})
	if err != nil {
		return nil, err
	}
	return t.answer(r, answer)
}

func (m *model) write(r *http.Request, id string) (*http.Response, error) {
	body := map[string]json.RawMessage{}
	err := json.NewDecoder(r.Body).Decode(&body)
	m.mu.Lock()
	t, n := m.patch(id), m.notes[id]
	if err != nil || string(body["push_content"]) == "" || string(body["push_type"]) != "0" && string(body["push_type"]) != "1" {
		m.broken = append(m.broken, fmt.Sprintf("a PATCH of %s says %s", id, body["push_type"]))
	}
	if !n.looked {
		m.broken = append(m.broken, "a PATCH of "+id+" that was not looked at before")
	}
	if n.looked = false; !t.unsent {
		n.patches++
	}
	land := func() {
		if string(n.now()["status"]) == "0" {
			n.change(true, func(fields map[string]json.RawMessage) { maps.Copy(fields, body) })
		}
	}
	refused := string(n.now()["status"]) != "0"
	switch {
	case refused:
	case t.commit == "":
		land()
	case t.commit == "late":
		time.AfterFunc(t.after, func() { m.mu.Lock(); defer m.mu.Unlock(); land() })
	}
	m.mu.Unlock()
	if t.commit == "late" {
		t.after = 0
	}
	if refused && t.reply == "" {
		t.reply = "refused"
	}
	return t.answer(r, []byte(`{"code":0,"msg":"success","data":{}}`))
}

// elapse waits, unless ctx ends first. A timer of no time at all, in a bubble and with the race
// detector, brings Go's own runtime down (go1.26.8).
func elapse(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t trouble) answer(r *http.Request, body []byte) (*http.Response, error) {
	if t.unsent { // as a real transport tells it: a connection was wanted, and none was got
		httptrace.ContextClientTrace(r.Context()).GetConn("feishu:443")
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	if err := elapse(r.Context(), t.after); err != nil {
		return nil, err
	}
	status := http.StatusOK
	switch t.reply {
	case "lost":
		return nil, io.ErrUnexpectedEOF
	case "504":
		status, body = http.StatusGatewayTimeout, []byte(`<html>504</html>`)
	case "refused":
		status, body = http.StatusBadRequest, []byte(`{"code":154000,"msg":"param error"}`)
	}
	kind := "application/json"
	if t.reply == "504" {
		kind = "text/html"
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

func (n *note) asOf(t time.Time) version {
	v := n.versions[0]
	for _, later := range n.versions {
		if !later.at.After(t) {
			v = later
		}
	}
	return v
}

func (n *note) now() map[string]json.RawMessage { return n.versions[len(n.versions)-1].fields }

func (n *note) change(ours bool, edit func(map[string]json.RawMessage)) {
	fields := maps.Clone(n.now())
	edit(fields)
	n.versions = append(n.versions, version{time.Now(), fields, ours})
}

// wrote reports whether a PATCH ever came into effect, and whether any of those made the job_name
// that the file wants, by which versions are told apart.
func (n *note) wrote(name string) (any, wanted bool) {
	for _, v := range n.versions {
		any = any || v.ours
		wanted = wanted || v.ours && string(v.fields["job_name"]) == name
	}
	return any, wanted
}

func (n *note) ever(name string) bool {
	for _, v := range n.versions {
		if string(v.fields["job_name"]) == name {
			return true
		}
	}
	return false
}

// newModel holds the drafts, each under an older name.
func newModel(drafts []spec.Draft) *model {
	fine := func(string) trouble { return trouble{} }
	m := &model{notes: map[string]*note{}, get: fine, patch: fine}
	for _, d := range drafts {
		src, err := json.Marshal(stored(d))
		fields := map[string]json.RawMessage{}
		if err == nil {
			err = json.Unmarshal(src, &fields)
		}
		if err != nil {
			panic(err)
		}
		fields["job_name"], fields["status"] = json.RawMessage(`"Old"`), json.RawMessage("0")
		m.notes[d.NotificationID] = &note{versions: []version{{time.Time{}, fields, false}}}
	}
	return m
}

// TestOutcomesAreTrue: whatever a helpdesk does to requests, each outcome is what really happened,
// or unverified; nothing is written that was not looked at just before; and a run without trouble
// afterwards brings every draft to what its file says.
func TestOutcomesAreTrue(t *testing.T) {
	t.Parallel()
	for i := range 12 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { rapid.SyncTest(t, outcomesAreTrue) })
		})
	}
}

func outcomesAreTrue(t *rapid.T) {
	drafts := someDrafts(rapid.IntRange(1, 4).Draw(t, "drafts"))
	m := newModel(drafts)
	client := connect(t, loopback, feishu.Options{Transport: m, ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit})
	plan := MakePlan(t.Context(), client, helpdesk(), drafts, Options{Parallelism: 4})
	if plan.Summary.Update != len(drafts) {
		t.Fatalf("%+v", plan.Summary)
	}
	m.lag = rapid.SampledFrom([]time.Duration{0, 0, time.Second, 3 * time.Second}).Draw(t, "lag")
	time.Sleep(m.lag)
	gets, patches := draws(t, "get", getTroubles()), draws(t, "patch", patchTroubles())
	m.get, m.patch = gets.next, patches.next
	for i, d := range drafts {
		if n := m.notes[d.NotificationID]; rapid.IntRange(0, 3).Draw(t, "edited") == 0 {
			after := time.Duration(rapid.IntRange(0, 12000).Draw(t, "edited after")) * time.Millisecond
			time.AfterFunc(after, func() {
				m.mu.Lock()
				defer m.mu.Unlock()
				n.change(false, func(f map[string]json.RawMessage) {
					if i%2 == 0 {
						f["job_name"] = json.RawMessage(`"Somebody's"`)
					} else {
						f["status"] = json.RawMessage("1")
					}
				})
			})
		}
	}
	r := Apply(t.Context(), t.Context(), client, plan, Options{Parallelism: 4})
	time.Sleep(20 * time.Second) // what was to land has landed
	m.mu.Lock()
	for i, d := range r.Drafts {
		m.checkTrue(t, d, drafts[i])
	}
	if len(m.broken) > 0 {
		t.Fatal(m.broken)
	}
	m.lag, m.get, m.patch = 0, newModel(nil).get, newModel(nil).patch
	m.mu.Unlock()
	m.checkConverges(t, client, drafts)
}

// troubles hands out what was drawn, request by request, and nothing after that.
type troubles map[string][]trouble

func draws(t *rapid.T, label string, kinds []trouble) troubles {
	drawn := troubles{}
	for i := range 4 {
		drawn[notificationID(i)] = rapid.SliceOfN(rapid.SampledFrom(kinds), 0, 6).Draw(t, label)
	}
	return drawn
}

func (l troubles) next(id string) trouble {
	if len(l[id]) == 0 {
		return trouble{}
	}
	first := l[id][0]
	l[id] = l[id][1:]
	return first
}

func (m *model) checkTrue(t *rapid.T, d DraftResult, draft spec.Draft) {
	n, name := m.notes[d.NotificationID], fmt.Sprintf("%q", draft.JobName)
	anything, wanted := n.wrote(name)
	ok := true
	switch d.Outcome {
	case OutcomeApplied:
		ok = wanted
	case OutcomeUnchanged:
		ok = !anything && n.ever(name)
	case OutcomeFailed, OutcomeStale, OutcomeNotAttempted:
		ok = !anything
	case OutcomeUnverified:
		ok = n.patches > 0
	default:
		ok = false
	}
	if !ok || n.patches > 3 {
		t.Fatalf("%s is %s after %d PATCHes (any in effect: %v, the wanted one: %v): %+v", d.NotificationID, d.Outcome, n.patches, anything, wanted, d.Error)
	}
}

// checkConverges plans and applies again without trouble: what is still a draft ends as its file.
func (m *model) checkConverges(t *rapid.T, client *feishu.Client, drafts []spec.Draft) {
	plan := MakePlan(t.Context(), client, helpdesk(), drafts, Options{Parallelism: 4})
	r := Apply(t.Context(), t.Context(), client, plan, Options{Parallelism: 4})
	for i, d := range r.Drafts {
		left := string(m.notes[d.NotificationID].now()["status"]) != "0"
		if done := d.Outcome == OutcomeApplied || d.Outcome == OutcomeUnchanged; done == (left && string(m.notes[d.NotificationID].now()["job_name"]) != fmt.Sprintf("%q", drafts[i].JobName)) {
			t.Fatalf("%s is %s in the end: %+v", d.NotificationID, d.Outcome, d.Error)
		}
	}
}
