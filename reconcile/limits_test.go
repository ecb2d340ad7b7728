package reconcile

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
)

// This file runs plan and apply under the documented limits, in virtual time, against a server
// that counts by itself and refuses what is too much.

// far is a transport to a server some distance away: up to 200 ms a request, always the same
// ones in the same run.
func far(server http.RoundTripper) transport {
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(1, 2))
	return func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		each := time.Duration(dice.IntN(100)) * time.Millisecond
		mu.Unlock()
		time.Sleep(each)
		defer time.Sleep(each)
		return server.RoundTrip(r)
	}
}

// distant is a desk under the documented limits, and a client of it that is some way off.
func distant(t *testing.T, window string) desk {
	t.Helper()
	desk := inProcess(t, sandbox.Options{Switches: []string{"window=" + window}}, feishu.Options{})
	desk.client = connect(t, loopback, feishu.Options{Transport: far(desk.InProcess())})
	return desk
}

// few is how many drafts are under way at once by default.
const few = 32

// throttled counts the requests that were refused as too frequent.
func (d desk) throttled() int {
	n := 0
	for _, r := range d.Requests() {
		if r.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// within says whether a run took what its limit allows: n requests at so many a minute, to 1 %.
// The first minute's requests go at once, so the least it can take is a minute less than n
// divided by the rate; more than n divided by the rate is waste.
func within(t *testing.T, what string, took time.Duration, n, perMinute int) {
	t.Helper()
	bound := time.Duration(n) * time.Minute / time.Duration(perMinute)
	least := bound - time.Minute
	t.Logf("%s: %d requests at %d a minute took %v; the least is %v, and %d/%d minutes are %v", what, n, perMinute, took, least, n, perMinute, bound)
	if took < least || took > least+bound/100 || took > bound+bound/100 {
		t.Errorf("%s: %d requests at %d a minute took %v", what, n, perMinute, took)
	}
}

// TestPlanUnderTheRealLimits plans 10 000 drafts where it is hardest, under a sliding window.
func TestPlanUnderTheRealLimits(t *testing.T) {
	t.Parallel()
	for window, n := range map[string]int{"fixed": 2_000, "sliding": 10_000} {
		t.Run(window, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				drafts := someDrafts(n)
				desk := distant(t, window).holds(t, drafts, mixed)
				began := time.Now()
				p := desk.plan(t, drafts, Options{Parallelism: few})
				within(t, "plan, "+window, time.Since(began), n, feishu.ReadLimit)
				if want := (Summary{NoOp: (n + 2) / 3, Update: (n + 1) / 3, Blocked: n / 3}); p.Summary != want || desk.throttled() > 0 || desk.Count("") != n {
					t.Errorf("%+v, %d of %d requests refused", p.Summary, desk.throttled(), desk.Count(""))
				}
			})
		})
	}
}

// TestApplyUnderTheRealLimits writes 1 000 drafts. The GETs around each PATCH are 40 a minute of
// the 100 there may be, so they cost no time of their own; and no wait for the limit comes
// between the GET that looks and the PATCH that writes.
func TestApplyUnderTheRealLimits(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"fixed", "sliding"} {
		t.Run(window, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const n = 1_000
				drafts := someDrafts(n)
				desk := distant(t, window).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
				p := desk.plan(t, drafts, Options{Parallelism: few})
				time.Sleep(2 * time.Minute) // the GETs of the plan count no more
				desk.ForgetRequests()
				began := time.Now()
				r := desk.apply(t, p, Options{Parallelism: few})
				within(t, "apply, "+window, time.Since(began), n, feishu.WriteLimit)
				if want := (ResultSummary{Applied: n}); r.Summary != want || desk.throttled() > 0 || desk.Count("") != 3*n {
					t.Errorf("%+v, %d of %d requests refused", r.Summary, desk.throttled(), desk.Count(""))
				}
				if gap := desk.longestLook(t); gap > 200*time.Millisecond {
					t.Errorf("%v passed between a GET and its PATCH", gap)
				}
			})
		})
	}
}

// longestLook is the longest time between our looking at a notification and writing it.
func (d desk) longestLook(t *testing.T) time.Duration {
	t.Helper()
	looked, longest := map[string]time.Time{}, time.Duration(0)
	for _, r := range d.Requests() {
		switch at, ok := looked[r.ID]; {
		case r.ID == strangerID:
		case r.Method == http.MethodGet:
			looked[r.ID] = r.Time
		case !ok:
			t.Errorf("%s was written without a look", r.ID)
		default:
			longest = max(longest, r.Time.Sub(at))
		}
	}
	return longest
}

// strangerID is what the other client works on.
const strangerID = "7000000000000099999"

// stranger is another client of the same helpdesk, with workers of its own, who uses up half of
// what the helpdesk allows.
type stranger struct {
	stop   context.CancelFunc
	over   sync.WaitGroup
	served atomic.Int64
}

func letIn(t *testing.T, desk desk, do func(context.Context, *feishu.Client, string) error) *stranger {
	t.Helper()
	d := someDrafts(1)[0]
	d.NotificationID = strangerID
	desk.seed(t, stored(d))
	client := connect(t, loopback, feishu.Options{
		Transport: far(desk.InProcess()), ReadRate: feishu.ReadLimit / 2, WriteRate: feishu.WriteLimit / 2,
	})
	ctx, stop := context.WithCancel(t.Context())
	s := &stranger{stop: stop}
	for range few {
		s.over.Go(func() {
			for do(ctx, client, strangerID) == nil {
				s.served.Add(1)
			}
		})
	}
	return s
}

// leave ends the stranger's work and returns how many of his requests were served.
func (s *stranger) leave() int {
	s.stop()
	s.over.Wait()
	return int(s.served.Load())
}

// manners watches what a client sends: once it has been told to wait, it may send nothing to
// that API until then. What was on its way by then may still arrive.
type manners struct {
	next http.RoundTripper

	mu       sync.Mutex
	told     map[string]time.Time // by method
	until    map[string]time.Time
	breaches int
}

func (m *manners) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	if now := time.Now(); now.After(m.told[r.Method]) && now.Before(m.until[r.Method]) {
		m.breaches++
	}
	m.mu.Unlock()
	resp, err := m.next.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusTooManyRequests {
		return resp, err
	}
	seconds, err := strconv.Atoi(resp.Header.Get("X-Ogw-Ratelimit-Reset"))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told[r.Method] = time.Now()
	m.until[r.Method] = time.Now().Add(time.Duration(seconds) * time.Second)
	return resp, err
}

// beside runs do beside a stranger, and checks what holds for reading and writing alike: it
// takes no longer than the half that is left allows, the stranger gets his half, and the reset
// header is obeyed.
func beside(t *testing.T, desk desk, n, perMinute int, strangers func(context.Context, *feishu.Client, string) error, do func(Writer)) {
	t.Helper()
	watch := &manners{next: far(desk.InProcess()), told: map[string]time.Time{}, until: map[string]time.Time{}}
	other := letIn(t, desk, strangers)
	began := time.Now()
	do(connect(t, loopback, feishu.Options{Transport: watch}))
	took := time.Since(began)
	theirs := other.leave()
	t.Logf("%d beside %d of another client took %v, %d refused", n, theirs, took, desk.throttled())
	if least := time.Duration(n) * time.Minute / time.Duration(perMinute/2); took > least*5/4 {
		t.Errorf("it took %v, and half the limit allows it in %v", took, least)
	}
	if theirs < n/4 {
		t.Errorf("the other client was let through %d times beside %d of ours", theirs, n)
	}
	if desk.throttled() == 0 || watch.breaches > 0 {
		t.Errorf("%d refused, and %d sent before the time that the server gave", desk.throttled(), watch.breaches)
	}
}

// patchInSlot writes in a slot of c, again as long as the server refuses it as too frequent.
func patchInSlot(ctx context.Context, c *feishu.Client, id string, s, live diff.State) error {
	p, err := toWire(s, live)
	if err != nil {
		return err
	}
	slot, err := c.AcquireWrite(ctx)
	if err != nil {
		return err
	}
	defer slot.Release()
	for {
		_, err := slot.Patch(ctx, id, "open_id", p)
		if !errors.Is(err, feishu.ErrThrottled) || slot.Renew(ctx) != nil {
			return err
		}
	}
}

// TestPlanBesideAnotherClient: what the other leaves is used, and every draft has its action.
func TestPlanBesideAnotherClient(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"fixed", "sliding"} {
		t.Run(window, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const n = 2_000
				drafts := someDrafts(n)
				desk := distant(t, window).holds(t, drafts, mixed)
				read := func(ctx context.Context, c *feishu.Client, id string) error {
					_, err := c.GetNotification(ctx, id, "open_id")
					return err
				}
				beside(t, desk, n, feishu.ReadLimit, read, func(w Writer) {
					p := MakePlan(t.Context(), w, helpdesk(), drafts, Options{Parallelism: few})
					if want := (Summary{NoOp: 667, Update: 667, Blocked: 666}); p.Summary != want {
						t.Errorf("%+v", p.Summary)
					}
				})
			})
		})
	}
}

// TestApplyBesideAnotherClient: the same for writing, and every draft has its outcome.
func TestApplyBesideAnotherClient(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"fixed", "sliding"} {
		t.Run(window, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const n = 200
				drafts := someDrafts(n)
				desk := distant(t, window).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
				p := desk.plan(t, drafts, Options{Parallelism: few})
				s := desired(drafts[0], diff.State{})
				write := func(ctx context.Context, c *feishu.Client, id string) error {
					return patchInSlot(ctx, c, id, s, s)
				}
				beside(t, desk, n, feishu.WriteLimit, write, func(w Writer) {
					r := Apply(t.Context(), t.Context(), w, p, Options{Parallelism: few})
					if want := (ResultSummary{Applied: n}); r.Summary != want {
						t.Errorf("%+v", r.Summary)
					}
				})
				if gap := desk.longestLook(t); gap > 200*time.Millisecond {
					t.Errorf("%v passed between a GET and its PATCH", gap)
				}
				if again := desk.plan(t, drafts, Options{Parallelism: few}); again.Summary.NoOp != n {
					t.Errorf("planned again: %+v", again.Summary)
				}
			})
		})
	}
}
