package reconcile

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

var errEnough = errors.New("the operator has seen enough")

// differing is a desk without limits on which every one of n drafts differs, and their plan.
func differing(t *testing.T, n int) (desk, Plan) {
	t.Helper()
	drafts := someDrafts(n)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
	p := desk.plan(t, drafts, Options{Parallelism: 8})
	desk.ForgetRequests()
	return desk, p
}

// TestSoftStop: at any parallelism and whenever it comes, nothing new is started, what is on
// the wire is finished and proven, and the rest is named as not attempted, with the reason.
func TestSoftStop(t *testing.T) {
	t.Parallel()
	for _, parallelism := range []int{1, 4} {
		for stopAt := range 4 {
			desk, p := differing(t, 12)
			soft, stop := context.WithCancelCause(t.Context())
			desk.Fail(
				sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.Pass, Count: stopAt + 1},
				sandbox.Fault{Method: http.MethodPatch, Before: func(*sandbox.Notification) { stop(errEnough) }},
			)
			r := Apply(t.Context(), soft, desk.client, p, Options{Parallelism: parallelism})
			written := desk.Count(http.MethodPatch)
			if r.Complete || written < stopAt+2 || written > stopAt+1+parallelism {
				t.Errorf("parallelism %d: complete %v after %d PATCHes", parallelism, r.Complete, written)
			}
			if want := (ResultSummary{Applied: written, NotAttempted: 12 - written}); r.Summary != want {
				t.Errorf("parallelism %d, %d PATCHes: %+v", parallelism, written, r.Summary)
			}
			for _, d := range r.Drafts {
				checkStopped(t, desk, d)
			}
		}
	}
}

// checkStopped: what was written is what the server holds, and the rest it never heard of.
func checkStopped(t *testing.T, desk desk, d DraftResult) {
	t.Helper()
	n, _ := desk.Notification(d.NotificationID)
	switch d.Outcome {
	case OutcomeApplied:
		if n.JobName == "Old" || d.Error != nil {
			t.Errorf("%s is applied (%v), and the server holds %q", d.NotificationID, d.Error, n.JobName)
		}
	case OutcomeNotAttempted:
		if n.JobName != "Old" || d.Error == nil || !strings.Contains(d.Error.Message, errEnough.Error()) {
			t.Errorf("%s is not attempted (%+v), and the server holds %q", d.NotificationID, d.Error, n.JobName)
		}
	}
}

// TestStoppedBeforeItBegan: not one request, and a result that names every draft as it was planned.
func TestStoppedBeforeItBegan(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(3)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, mixed)
	p := desk.plan(t, drafts, Options{})
	desk.ForgetRequests()
	for _, contexts := range [][2]context.Context{
		{t.Context(), ended(t.Context(), errEnough)},
		{ended(t.Context(), errEnough), t.Context()},
	} {
		r := Apply(contexts[0], contexts[1], desk.client, p, Options{Parallelism: 2})
		if diff := cmp.Diff([]Outcome{OutcomeUnchanged, OutcomeNotAttempted, OutcomeBlocked}, outcomes(r)); diff != "" || desk.Count("") != 0 {
			t.Errorf("%d requests: %s", desk.Count(""), diff)
		}
		if d := r.Drafts[1]; d.Error == nil || d.Error.Message != errEnough.Error() || d.Changes == nil || d.Status == nil {
			t.Errorf("%+v", d)
		}
	}
}

// TestStopEndsEveryWait: a hard stop ends the run at once, wherever it is, though the soft
// context goes on; what is on the wire and cannot be read back is said to be unverified. A soft
// stop ends the waits in front of the PATCH just so.
func TestStopEndsEveryWait(t *testing.T) {
	t.Parallel()
	for _, row := range []wait{
		{
			why:   "in a PATCH that is not answered, carried out",
			hangs: sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.HangAfterCommit},
			want:  []Outcome{OutcomeUnverified, OutcomeNotAttempted}, says: "reading it back",
		},
		{
			why:   "in a PATCH that is not answered, nothing done",
			hangs: sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.Hang},
			want:  []Outcome{OutcomeUnverified, OutcomeNotAttempted}, says: "reading it back",
		},
		{
			why:   "in the GET before it",
			hangs: sandbox.Fault{Method: http.MethodGet, Kind: sandbox.Hang}, soft: true,
			want: []Outcome{OutcomeNotAttempted, OutcomeNotAttempted}, says: errEnough.Error(),
		},
		{
			why:   "in the wait that the server asked for",
			hangs: sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.Throttle, Value: "60"}, soft: true,
			want: []Outcome{OutcomeNotAttempted, OutcomeNotAttempted}, says: errEnough.Error(),
		},
		{
			why:    "in a wait for the limit",
			client: feishu.Options{ReadRate: feishu.NoLimit, WriteRate: 1}, soft: true,
			want: []Outcome{OutcomeApplied, OutcomeNotAttempted}, says: errEnough.Error(),
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { row.stop(t, false) })
			if row.soft {
				synctest.Test(t, func(t *testing.T) { row.stop(t, true) })
			}
		})
	}
}

// wait is something that an apply of two drafts waits in, when it is stopped.
type wait struct {
	why    string
	hangs  sandbox.Fault
	client feishu.Options
	soft   bool // whether a soft stop does the same
	want   []Outcome
	says   string
}

// stop applies, stops after seven seconds, and looks at what came of it.
func (row wait) stop(t *testing.T, soft bool) {
	drafts := someDrafts(2)
	desk := inProcess(t, sandbox.Options{}, row.client).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
	p := desk.plan(t, drafts, Options{})
	if row.hangs.Kind != "" {
		desk.Fail(row.hangs)
	}
	stopped, stop := context.WithCancelCause(t.Context())
	began := time.Now()
	time.AfterFunc(7*time.Second, func() { stop(errEnough) })
	hardly, softly := stopped, t.Context()
	if soft {
		hardly, softly = softly, hardly
	}
	r := Apply(hardly, softly, desk.client, p, Options{})
	if took := time.Since(began); took != 7*time.Second {
		t.Errorf("soft %v: it ended after %v", soft, took)
	}
	if diff := cmp.Diff(row.want, outcomes(r)); diff != "" || r.Complete {
		t.Errorf("soft %v: complete %v: %s", soft, r.Complete, diff)
	}
	i := slices.IndexFunc(r.Drafts, func(d DraftResult) bool { return d.Error != nil })
	if got := r.Drafts[i].Error.Message; !strings.Contains(got, row.says) || !strings.Contains(got, errEnough.Error()) {
		t.Errorf("soft %v: %q, want %q in it", soft, got, row.says)
	}
}

// TestStoppedBetweenLookingAndWriting: the GET was answered, and nothing is sent after it.
func TestStoppedBetweenLookingAndWriting(t *testing.T) {
	t.Parallel()
	for _, soft := range []bool{false, true} {
		desk, p := differing(t, 2)
		stopped, stop := context.WithCancelCause(t.Context())
		server := desk.InProcess()
		client := connect(t, loopback, feishu.Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
			resp, err := server.RoundTrip(r)
			stop(errEnough)
			return resp, err
		})})
		hardly, softly := stopped, t.Context()
		if soft {
			hardly, softly = softly, hardly
		}
		r := Apply(hardly, softly, client, p, Options{})
		if r.Summary.NotAttempted != 2 || desk.Count(http.MethodGet) != 1 || desk.Count(http.MethodPatch) != 0 {
			t.Errorf("soft %v: %+v after %d GETs and %d PATCHes", soft, r.Summary, desk.Count(http.MethodGet), desk.Count(http.MethodPatch))
		}
	}
}

// TestRefusedForEver: a server that goes on refusing is asked often enough, looked at before each
// time, and then given up.
func TestRefusedForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drafts := someDrafts(1)
		desk := inProcess(t, sandbox.Options{}, feishu.Options{}).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
		p := desk.plan(t, drafts, Options{})
		desk.ForgetRequests()
		desk.Fail(sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.Throttle, Value: "1", Count: sandbox.Always})
		d := desk.apply(t, p, Options{}).Drafts[0]
		if d.Outcome != OutcomeFailed || d.Error.Code != 99991400 || !strings.Contains(d.Error.Hint, "limit") {
			t.Errorf("%s: %+v", d.Outcome, d.Error)
		}
		if looks, tries := desk.Count(http.MethodGet), desk.Count(http.MethodPatch); looks != tries || tries < 2 {
			t.Errorf("%d looks before %d tries", looks, tries)
		}
	})
}

// TestFailFast: the first failure keeps the rest from being started, whatever kind it is;
// without it, nothing is held up.
func TestFailFast(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		fault sandbox.Fault
		first Outcome
		stops bool
	}{
		{"failed", patch(sandbox.ErrorBeforeCommit, "400/154000"), OutcomeFailed, true},
		{"unverified", patch(sandbox.NoCommit, ""), OutcomeUnverified, true},
		{"stale", sandbox.Fault{Method: http.MethodGet, Kind: sandbox.LeaveDraft}, OutcomeStale, true},
		{"applied, through a fault", patch(sandbox.DropAfterCommit, ""), OutcomeApplied, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			for _, failFast := range []bool{true, false} {
				desk, p := differing(t, 4)
				desk.Fail(row.fault)
				r := desk.apply(t, p, Options{FailFast: failFast})
				rest := OutcomeApplied
				if failFast && row.stops {
					rest = OutcomeNotAttempted
				}
				if diff := cmp.Diff([]Outcome{row.first, rest, rest, rest}, outcomes(r)); diff != "" {
					t.Errorf("fail fast %v: %s", failFast, diff)
				}
				if rest == OutcomeNotAttempted && !strings.Contains(r.Drafts[3].Error.Message, "--fail-fast") {
					t.Errorf("%+v", r.Drafts[3].Error)
				}
			}
		})
	}
}

// TestFailFastFinishesWhatIsInFlight: the others are on the wire when the first fails, and each
// is either finished and proven, or never sent.
func TestFailFastFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	desk, p := differing(t, 8)
	var waiting atomic.Int64
	all := make(chan struct{})
	desk.client = connect(t, desk.url, feishu.Options{
		ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit,
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPatch {
				if waiting.Add(1) == 4 {
					close(all)
				}
				<-all
			}
			return http.DefaultTransport.RoundTrip(r)
		}),
	})
	desk.Fail(sandbox.Fault{Method: http.MethodPatch, ID: p.Drafts[0].NotificationID, Kind: sandbox.ErrorBeforeCommit, Value: "400/154000"})
	r := desk.apply(t, p, Options{Parallelism: 4, FailFast: true})
	got := r.Summary
	if got.Failed != 1 || got.Applied < 3 || got.Applied+got.NotAttempted != 7 || got.Applied != desk.Count(http.MethodPatch)-1 {
		t.Errorf("%+v after %d PATCHes", got, desk.Count(http.MethodPatch))
	}
}

// TestStopWhileAPatchIsInDoubt: a first stop ends the PATCHes, not the looks at one that was sent;
// a hard stop ends both. What was sent is told as unverified, or as applied when it is seen.
func TestStopWhileAPatchIsInDoubt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		after time.Duration // the PATCH was answered
		hard  bool
		late  bool // the write lands two seconds after its answer
		want  Outcome
		gets  int
	}{
		{"soft, and it was never done", time.Second / 2, false, false, OutcomeUnverified, 5},
		{"soft, and it lands late", time.Second / 2, false, true, OutcomeApplied, 4},
		{"hard", time.Second / 2, true, true, OutcomeUnverified, 2},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				drafts, gets := someDrafts(1), 0
				m := newModel(drafts)
				client := connect(t, loopback, feishu.Options{Transport: m, ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit})
				plan := MakePlan(t.Context(), client, helpdesk(), drafts, Options{})
				soft, stopSoft := context.WithCancelCause(t.Context())
				hard, stopHard := context.WithCancelCause(t.Context())
				defer stopSoft(nil)
				m.get = func(string) trouble { gets++; return trouble{} }
				m.patch = func(string) trouble {
					stop := map[bool]context.CancelCauseFunc{false: stopSoft, true: stopHard}[row.hard]
					time.AfterFunc(row.after, func() { stop(errEnough) })
					if row.late {
						return trouble{reply: "504", commit: "late", after: 1900 * time.Millisecond}
					}
					return trouble{reply: "504", commit: "never"}
				}
				d := Apply(hard, soft, client, plan, Options{}).Drafts[0]
				if d.Outcome != row.want || gets != row.gets || m.notes[d.NotificationID].patches != 1 {
					t.Errorf("%s after %d GETs, %d PATCHes: %+v", d.Outcome, gets, m.notes[d.NotificationID].patches, d.Error)
				}
				stopHard(nil)
				time.Sleep(2 * time.Second)
			})
		})
	}
}

// TestStopWhilePlanning: a draft that was never read is not attempted, and only what was not read
// makes a plan or a result incomplete: a run that ended when all was done is whole.
func TestStopWhilePlanning(t *testing.T) {
	t.Parallel()
	desk, _ := differing(t, 3)
	p := MakePlan(ended(t.Context(), errEnough), desk.client, helpdesk(), someDrafts(3), Options{})
	r := desk.apply(t, p, Options{})
	if want := (ResultSummary{NotAttempted: 3}); p.Complete || r.Complete || r.Summary != want || r.Drafts[0].Error == nil {
		t.Errorf("plan complete %v, result complete %v: %+v", p.Complete, r.Complete, r.Summary)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	last := Options{Parallelism: 1, Tell: func(done, total int) {
		if done == total {
			stop(errEnough)
		}
	}}
	if p := MakePlan(ctx, desk.client, helpdesk(), someDrafts(3), last); !p.Complete || p.Summary.Update != 3 {
		t.Errorf("stopped when all was read: complete %v, %+v", p.Complete, p.Summary)
	}
}
