package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// desk is a sandbox helpdesk and a client of it.
type desk struct {
	*sandbox.Server
	client *feishu.Client
	url    string
}

// loopback is an address that a client may be asked to be fast at.
const loopback = "http://127.0.0.1"

// helpdesk is what plans in tests are made against; where a sandbox listens differs from run to run.
func helpdesk() Helpdesk {
	return Helpdesk{BaseURL: "https://open.feishu.cn", HelpdeskID: sandbox.DefaultHelpdeskID}
}

// overLoopback is a desk that is reached over real HTTP, its limits off.
func overLoopback(t sandbox.TB, o sandbox.Options) desk {
	t.Helper()
	o.Limits = sandbox.Unlimited()
	server, url := sandbox.Start(t, o)
	return desk{server, connect(t, url, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}), url}
}

// inProcess is a desk without a socket between, so that virtual time runs; c says how fast the
// client may be.
func inProcess(t sandbox.TB, o sandbox.Options, c feishu.Options) desk {
	t.Helper()
	server, err := sandbox.New(o)
	if err != nil {
		t.Fatalf("sandbox: %v", err)
	}
	c.Transport = server.InProcess()
	return desk{server, connect(t, loopback, c), loopback}
}

func connect(t sandbox.TB, url string, o feishu.Options) *feishu.Client {
	t.Helper()
	client, err := feishu.New(feishu.Settings{
		BaseURL: url, HelpdeskID: sandbox.DefaultHelpdeskID,
		HelpdeskToken:   feishu.NewSecret(sandbox.DefaultHelpdeskToken),
		UserAccessToken: feishu.NewSecret(sandbox.DefaultUserToken),
	}, o)
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	return client
}

// seed gives the desk notifications.
func (d desk) seed(t sandbox.TB, notifications ...sandbox.Notification) desk {
	t.Helper()
	src, err := json.Marshal(notifications)
	if err == nil {
		err = d.Seed(src)
	}
	if err != nil {
		t.Fatalf("seed: %v", err)
	}
	return d
}

// holds seeds each draft as the server would hold it, but for what edit changes.
func (d desk) holds(t sandbox.TB, drafts []spec.Draft, edit func(i int, n *sandbox.Notification)) desk {
	t.Helper()
	all := make([]sandbox.Notification, len(drafts))
	for i, draft := range drafts {
		all[i] = stored(draft)
		if edit != nil {
			edit(i, &all[i])
		}
	}
	return d.seed(t, all...)
}

func (d desk) plan(t sandbox.TB, drafts []spec.Draft, o Options) Plan {
	t.Helper()
	return MakePlan(t.Context(), d.client, helpdesk(), drafts, o)
}

func (d desk) apply(t sandbox.TB, p Plan, o Options) Result {
	t.Helper()
	return Apply(t.Context(), t.Context(), d.client, p, o)
}

// holding is what the server holds of a draft, in our terms.
func (d desk) holding(t sandbox.TB, id string) diff.State {
	t.Helper()
	n, ok := d.Notification(id)
	if !ok {
		t.Fatalf("the server holds no notification %s", id)
	}
	return stateOf(t, n)
}

func stateOf(t sandbox.TB, n sandbox.Notification) diff.State {
	t.Helper()
	s, err := fromWire(wireOf(n))
	if err != nil {
		t.Fatalf("notification %s: %v", n.ID, err)
	}
	return s
}

// wireOf brings what the sandbox stores to what a client reads, field by field: the two share
// no type on purpose.
func wireOf(n sandbox.Notification) feishu.Notification {
	w := feishu.Notification{
		ID: n.ID, JobName: n.JobName, Status: n.Status, SendAt: n.SendAt, PushContent: n.PushContent,
		PushType: n.PushType, PushScopeType: n.PushScopeType, NewStaffScopeType: n.NewStaffScopeType, Ext: n.Ext,
	}
	for _, u := range n.UserList {
		w.UserList = append(w.UserList, feishu.NotificationUser{UserID: u.UserID, Name: shown(u.Name)})
	}
	for _, d := range n.DepartmentList {
		w.DepartmentList = append(w.DepartmentList, feishu.NotificationDepartment{DepartmentID: d.DepartmentID, Name: shown(d.Name)})
	}
	for _, d := range n.NewStaffScopeDepartmentList {
		w.NewStaffScopeDepartmentList = append(w.NewStaffScopeDepartmentList, feishu.NotificationDepartment{DepartmentID: d.DepartmentID, Name: shown(d.Name)})
	}
	for _, c := range n.ChatList {
		w.ChatList = append(w.ChatList, feishu.NotificationChat{ChatID: c.ChatID, Name: shown(c.Name)})
	}
	return w
}

func shown(s string) feishu.Lenient[string] { return feishu.Lenient[string]{Value: s} }

// stored is how a server holds exactly what a draft says.
func stored(d spec.Draft) sandbox.Notification {
	n := sandbox.Notification{
		ID: d.NotificationID, JobName: d.JobName, PushContent: d.PushContent.String(),
		PushType: d.PushType.Number(), PushScopeType: d.PushScopeType.Number(), Ext: d.Ext.Value,
	}
	if !d.SendAt.Value.IsZero() {
		n.SendAt = fmt.Sprint(d.SendAt.Value.UnixMilli())
	}
	if d.NewStaffScopeType != 0 {
		number := d.NewStaffScopeType.Number()
		n.NewStaffScopeType = &number
	}
	for _, u := range d.UserList {
		n.UserList = append(n.UserList, sandbox.User{UserID: u.ID, Name: u.Name})
	}
	for _, l := range d.DepartmentList {
		n.DepartmentList = append(n.DepartmentList, sandbox.Department{DepartmentID: l.ID, Name: l.Name})
	}
	for _, l := range d.NewStaffScopeDepartmentList {
		n.NewStaffScopeDepartmentList = append(n.NewStaffScopeDepartmentList, sandbox.Department{DepartmentID: l.ID, Name: l.Name})
	}
	for _, c := range d.ChatList {
		n.ChatList = append(n.ChatList, sandbox.Chat{ChatID: c.ID, Name: c.Name})
	}
	return n
}

// notificationID is the i-th id: 19 digits, beyond what a float64 holds exactly.
func notificationID(i int) string { return fmt.Sprintf("70000000000000%05d", i) }

// someDrafts are n legal drafts that all differ from each other.
func someDrafts(n int) []spec.Draft {
	drafts := make([]spec.Draft, n)
	for i := range drafts {
		drafts[i] = spec.Draft{
			Pos:            spec.Pos{File: fmt.Sprintf("drafts/%05d.yaml", i), Line: 1, Column: 1},
			NotificationID: notificationID(i), UserIDType: spec.OpenID, JobName: fmt.Sprintf("Job %d", i),
			PushType: spec.Scheduled, PushScopeType: spec.SelectedMembers,
			UserList:    []spec.Target{{ID: "ou_a", Name: "张三"}, {ID: "ou_b"}},
			ChatList:    []spec.Target{{ID: "oc_a"}},
			PushContent: card(`{"elements":[{"tag":"div","text":{"tag":"lark_md","content":"**欢迎** <b>"}},{"tag":"hr"}],"n":1.0}`),
			SendAt:      spec.Owned[time.Time]{Value: time.UnixMilli(1796086800000).In(shanghai()), Given: true},
		}
	}
	return drafts
}

func shanghai() *time.Location { return time.FixedZone("", 8*60*60) }

// moments are times as a file may give them; the zero one clears send_at.
func moments() []time.Time {
	return []time.Time{{}, time.UnixMilli(1735700000000).In(shanghai()), time.UnixMilli(1796086800001).UTC()}
}

func card(text string) spec.JSON {
	v, err := spec.ParseJSON([]byte(text))
	if err != nil {
		panic(err)
	}
	return v
}

// asJSON is v as JSON, for comparing whole results.
func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// transport lets a test look at, or answer, what a client sends.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// outcomes are what became of the drafts of a result, in order.
func outcomes(r Result) []Outcome {
	var list []Outcome
	for _, d := range r.Drafts {
		list = append(list, d.Outcome)
	}
	return list
}

func actions(p Plan) []Action {
	var list []Action
	for _, d := range p.Drafts {
		list = append(list, d.Action)
	}
	return list
}

// ended is a context that has ended for a reason.
func ended(ctx context.Context, why error) context.Context {
	ctx, stop := context.WithCancelCause(ctx)
	stop(why)
	return ctx
}

// line is one change on one line.
func line(c diff.Change) string {
	at := c.Field
	if c.Path != "" {
		at += " @ " + c.Path
	}
	return fmt.Sprintf("%s %s: %s -> %s", c.Op, at, c.Before, c.After)
}

func lines(changes []diff.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, line(c))
	}
	return out
}
