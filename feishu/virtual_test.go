package feishu

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// This file plans and applies under the real limits, in virtual time: the
// servers are in process, and every wait is a timer of a synctest bubble.

// gate is a server's own limit: fixed windows that begin with a call, or a
// sliding one, over 60 seconds.
type gate struct {
	limit   int
	sliding bool

	mu     sync.Mutex
	passed []time.Time // in the present window
}

// pass counts a request, or returns the seconds to wait.
func (g *gate) pass() (wait time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for len(g.passed) > 0 && now.Sub(g.passed[0]) >= time.Minute {
		if !g.sliding {
			g.passed = nil
			break
		}
		g.passed = g.passed[1:]
	}
	if len(g.passed) >= g.limit {
		return time.Minute - now.Sub(g.passed[0]), false
	}
	g.passed = append(g.passed, now)
	return 0, true
}

// trickle fills the past minute evenly, so that one place gets free at a time.
func (g *gate) trickle() {
	step := time.Minute / time.Duration(g.limit)
	for i := range g.limit {
		g.passed = append(g.passed, time.Now().Add(time.Duration(i-g.limit)*step))
	}
}

// server is a helpdesk behind a gate, as a RoundTripper.
type server struct {
	gate    gate
	latency time.Duration // the mean of each way
	refuse  int           // HTTP status of a refusal
	seen    arrivals

	mu              sync.Mutex
	dice            *rand.Rand
	served, refused int
}

func newServer(limit int, sliding bool, latency time.Duration) *server {
	return &server{
		gate: gate{limit: limit, sliding: sliding}, latency: latency,
		refuse: http.StatusTooManyRequests, dice: rand.New(rand.NewPCG(1, 2)),
	}
}

func (s *server) travel(r *http.Request) error {
	s.mu.Lock()
	d := time.Duration(s.dice.Float64() * 2 * float64(s.latency))
	s.mu.Unlock()
	return elapse(r.Context(), d)
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

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := s.travel(r); err != nil {
		return nil, err
	}
	s.seen.now()
	wait, ok := s.gate.pass()
	s.count(ok)
	resp := respond(http.StatusOK, found(path.Base(r.URL.Path)))
	if !ok {
		resp = respond(s.refuse, `{"code":99991400,"msg":"request trigger frequency limit"}`)
		resp.Header.Set("x-ogw-ratelimit-limit", "100")
		resp.Header.Set("x-ogw-ratelimit-reset", fmt.Sprint(math.Ceil(wait.Seconds())))
	}
	return resp, s.travel(r)
}

func (s *server) count(ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ok {
		s.served++
	} else {
		s.refused++
	}
}

func respond(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}, "X-Tt-Logid": {testLogID}},
	}
}

// work does n jobs with that many workers and returns how long it took.
func work(t *testing.T, workers, n int, do func(id string) error) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	jobs := make(chan int)
	for range workers {
		all.Go(func() {
			for i := range jobs {
				if err := do(fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	all.Wait()
	return time.Since(began)
}

// TestFullSpeedUnderTheRealLimits plans 10 000 drafts and applies 1 000, with
// random latencies and under every form of window: it takes what the limits
// allow to within 1 %, and nothing is ever refused.
func TestFullSpeedUnderTheRealLimits(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why             string
		writes, sliding bool
		workers, n      int
		limit           int
	}{
		{"plan, fixed window", false, false, 32, 10_000, ReadLimit},
		{"plan, sliding window", false, true, 32, 10_000, ReadLimit},
		{"plan, more workers than the limit", false, true, 150, 10_000, ReadLimit},
		{"plan, one worker", false, false, 1, 10_000, ReadLimit},
		{"apply, fixed window", true, false, 32, 1_000, WriteLimit},
		{"apply, sliding window", true, true, 32, 1_000, WriteLimit},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer(row.limit, row.sliding, 100*time.Millisecond)
				c := testClient(t, "", Options{Transport: s})
				do := func(id string) error { _, err := c.GetNotification(t.Context(), id, ""); return err }
				if row.writes {
					do = func(id string) error {
						_, err := patch(t, c, id, "", NotificationPatch{})
						return err
					}
				}
				took := work(t, row.workers, row.n, do)
				bound := time.Duration(row.n) * time.Minute / time.Duration(row.limit)
				// The first window's worth goes at once, so a minute less is the least.
				if took < bound-time.Minute || took > bound+bound/100 {
					t.Errorf("took %v where the limit allows %v", took, bound)
				}
				if d, bad := s.seen.crowded(perMinute(row.limit)); bad || s.refused != 0 || s.served != row.n {
					t.Errorf("served %d, refused %d, crowded %v", s.served, s.refused, d)
				}
			})
		})
	}
}

// TestSecondClientTakesHalf: somebody else uses half of the app's budget, which
// this client cannot know. Everything is still done, in a time near what is left.
func TestSecondClientTakesHalf(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why     string
		limit   int // what the server leaves over
		volley  int // what the other one sends at once, each minute
		sliding bool
		status  int // of a refusal
	}{
		{"fixed window", 50, 0, false, 429},
		{"sliding window", 50, 0, true, 429},
		{"fixed window, the other in volleys", 100, 50, false, 429},
		{"sliding window, the other in volleys", 100, 50, true, 429},
		{"refused with HTTP 400", 50, 0, false, 400},
		{"refused with HTTP 200", 50, 0, true, 200},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer(row.limit, row.sliding, 100*time.Millisecond)
				s.refuse = row.status
				if row.sliding {
					s.gate.trickle()
				}
				stop := make(chan struct{})
				go foreign(&s.gate, row.volley, stop)
				c := testClient(t, "", Options{Transport: s})
				took := work(t, 32, 1_000, func(id string) error { _, err := c.GetNotification(t.Context(), id, ""); return err })
				close(stop)
				if bound := 20 * time.Minute; took > bound*115/100 {
					t.Errorf("took %v with half of the budget", took)
				}
				if s.served != 1_000 || s.refused == 0 || s.refused > 2_000 {
					t.Errorf("served %d, refused %d", s.served, s.refused)
				}
			})
		})
	}
}

// foreign sends a volley each minute until stop is closed.
func foreign(g *gate, volley int, stop chan struct{}) {
	for {
		for range volley {
			g.pass()
		}
		select {
		case <-stop:
			return
		case <-time.After(time.Minute):
		}
	}
}
