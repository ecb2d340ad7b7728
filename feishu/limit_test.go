package feishu

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// arrivals records when a server saw requests.
type arrivals struct {
	mu    sync.Mutex
	times []time.Time
}

func (a *arrivals) now() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, time.Now())
}

// crowded returns the shortest span in which one arrival too many lies. If that is
// not within the window, no window of any kind or phase holds more than allowed.
func (a *arrivals) crowded(allowed allowance) (time.Duration, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	slices.SortFunc(a.times, time.Time.Compare)
	shortest, found := time.Duration(0), false
	for i := 0; i+allowed.requests < len(a.times); i++ {
		if d := a.times[i+allowed.requests].Sub(a.times[i]); !found || d < shortest {
			shortest, found = d, true
		}
	}
	return shortest, found && shortest <= allowed.window
}

// TestLimiterLaw: whatever the latencies, wherever between start and end the
// server counts, and whoever gives up meanwhile, no window sees more than it
// allows, neither the minute nor the shorter one beside it.
func TestLimiterLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		minute := perMinute(rapid.IntRange(1, 12).Draw(rt, "a minute"))
		short := allowance{rapid.IntRange(0, 4).Draw(rt, "a moment"), rapid.SampledFrom([]time.Duration{time.Second, 20 * time.Second}).Draw(rt, "moment")}
		requests := rapid.IntRange(1, 60).Draw(rt, "requests")
		longest := rapid.SampledFrom([]time.Duration{0, time.Second, 45 * time.Second, 3 * time.Minute}).Draw(rt, "longest")
		impatient := rapid.Float64Range(0, 0.5).Draw(rt, "impatient")
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		var seen arrivals
		synctest.Test(t, func(*testing.T) {
			drive(newLimiter(short, minute), requests, &seen, func() trip { return roll(dice, longest, impatient) })
		})
		for _, a := range []allowance{minute, short} {
			if d, bad := seen.crowded(a); bad && a.requests > 0 {
				rt.Fatalf("%d requests within %v", a.requests+1, d)
			}
		}
	})
}

// trip is what befalls one request.
type trip struct {
	before, there, back time.Duration // wait before it is wanted, way to the server, way back
	patience            time.Duration // how long its context lives; 0 for ever
}

func roll(dice *rand.Rand, longest time.Duration, impatient float64) trip {
	span := func(d time.Duration) time.Duration { return time.Duration(dice.Float64() * float64(d)) }
	tr := trip{before: span(2 * time.Minute), there: span(longest), back: span(longest)}
	if dice.Float64() < impatient {
		tr.patience = span(2*time.Minute) + 1
	}
	return tr
}

// drive sends requests through l and returns when all are done.
func drive(l *limiter, requests int, seen *arrivals, next func() trip) {
	var all sync.WaitGroup
	for range requests {
		tr := next()
		all.Go(func() { tr.run(l, seen) })
	}
	all.Wait()
}

func (tr trip) run(l *limiter, seen *arrivals) {
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if tr.patience > 0 {
		ctx, cancel = context.WithTimeout(ctx, tr.before+tr.patience)
	}
	defer cancel()
	time.Sleep(tr.before)
	w, err := l.start(ctx, l.newPlace())
	if err != nil {
		return
	}
	time.Sleep(tr.there)
	seen.now()
	time.Sleep(tr.back)
	l.end(w, 1)
}

// TestCrowdedSeesOneTooMany shows that the law's measure can fail.
func TestCrowdedSeesOneTooMany(t *testing.T) {
	t.Parallel()
	start := time.Now()
	a := arrivals{times: []time.Time{start, start.Add(time.Minute), start.Add(time.Second)}}
	if d, bad := a.crowded(perMinute(2)); !bad || d != time.Minute {
		t.Error(d, bad)
	}
	if d, bad := a.crowded(perMinute(1)); !bad || d != time.Second {
		t.Error(d, bad)
	}
	if _, bad := a.crowded(perMinute(3)); bad {
		t.Error("three are not four")
	}
}

func TestLimiterLetsTheFirstGoAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, began := newLimiter(perMinute(100)), time.Now()
		for i := range 101 {
			w, err := l.start(t.Context(), l.newPlace())
			if err != nil {
				t.Fatal(err)
			}
			if at := time.Since(began); i < 100 && at != 0 || i == 100 && at != perMinute(1).span() {
				t.Errorf("request %d started after %v", i, at)
			}
			l.end(w, 1)
		}
	})
}

func TestLimiterKeepsTwoWindows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, began := newLimiter(perSecond(2), perMinute(5)), time.Now()
		second, minute := perSecond(1).span(), perMinute(1).span()
		for i, want := range []time.Duration{0, 0, second, second, 2 * second, minute, minute, minute + second, minute + second, minute + 2*second} {
			w, err := l.start(t.Context(), l.newPlace())
			if at := time.Since(began); err != nil || at != want {
				t.Errorf("request %d started after %v, want %v", i, at, want)
			}
			l.end(w, 1)
		}
		if len(l.ended) > 10 {
			t.Errorf("%+v", l)
		}
	})
}

func TestLimiterIsFair(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(perMinute(1))
		var order []int
		var mu sync.Mutex
		for i := range 20 {
			go func() {
				w, _ := l.start(t.Context(), l.newPlace())
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
				l.end(w, 1)
			}()
			synctest.Wait()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(order) != 20 || !slices.IsSorted(order) {
			t.Error(order)
		}
	})
}

func TestLimiterCountsWhatWasSentTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, began := newLimiter(perMinute(3)), time.Now()
		w, _ := l.start(t.Context(), l.newPlace())
		l.end(w, 3)
		if _, err := l.start(t.Context(), l.newPlace()); err != nil || time.Since(began) != perMinute(1).span() {
			t.Error(time.Since(began))
		}
	})
}

func TestLimiterForgetsWhoeverGaveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(perMinute(1))
		w, _ := l.start(t.Context(), l.newPlace())
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := l.start(ctx, l.newPlace()); err == nil || time.Since(began) != time.Second {
			t.Error("waited", time.Since(began))
		}
		l.end(w, 1)
		if _, err := l.start(ctx, l.newPlace()); err == nil {
			t.Error("started with a context that had ended")
		}
		if l.wake != nil || len(l.waiting) != 0 || l.inFlight != 0 {
			t.Errorf("something is left: %+v", l)
		}
	})
}

// TestLimiterTakesBackATurnThatCameTooLate: a context may end in the moment in
// which the turn comes. The turn goes to the next one, and nothing is counted.
func TestLimiterTakesBackATurnThatCameTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(perMinute(1))
		w, _ := l.start(t.Context(), l.newPlace())
		next := make(chan time.Time)
		go func() {
			l.start(t.Context(), l.newPlace())
			next <- time.Now()
		}()
		synctest.Wait()
		began := time.Now()
		l.leave(w)
		if at := <-next; at != began {
			t.Errorf("the next one started %v later", at.Sub(began))
		}
	})
}

func TestLimiterPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, began := newLimiter(perMinute(0)), time.Now()
		first, _ := l.start(t.Context(), l.newPlace())
		volley, _ := l.start(t.Context(), l.newPlace())
		l.refuse(first, 1, 30*time.Second)
		l.refuse(volley, 1, 10*time.Second) // shorter: the longer pause stays
		probe, _ := l.start(t.Context(), l.newPlace())
		if time.Since(began) != 30*time.Second {
			t.Errorf("resumed after %v", time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.start(ctx, l.newPlace()); err == nil {
			t.Error("a second request started before the first one's fate was known")
		}
		l.end(probe, 1)
		for range 2 {
			if _, err := l.start(t.Context(), l.newPlace()); err != nil || time.Since(began) != 31*time.Second {
				t.Errorf("not two at once after a success: %v", time.Since(began))
			}
		}
	})
}

func TestLimiterIgnoresLateSuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(perMinute(0))
		early, _ := l.start(t.Context(), l.newPlace())
		first, _ := l.start(t.Context(), l.newPlace())
		l.refuse(first, 1, time.Second)
		l.end(early, 1) // was let through before the refusal and says nothing about now
		if l.maxInFlight != 1 {
			t.Error(l.maxInFlight)
		}
	})
}

func TestLimiterPutsTheRefusedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(perMinute(0))
		place := l.newPlace()
		w, _ := l.start(t.Context(), place)
		l.refuse(w, 1, time.Second)
		later := make(chan time.Time, 1)
		go func() {
			l.start(t.Context(), l.newPlace())
			later <- time.Now()
		}()
		synctest.Wait()
		w, _ = l.start(t.Context(), place)
		time.Sleep(time.Second)
		select {
		case <-later:
			t.Error("a later request overtook the refused one")
		default:
		}
		l.end(w, 1)
		<-later
	})
}
