package feishu

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// allowance is how many requests Feishu lets through in a window of one length;
// without a positive number of requests, any number.
type allowance struct {
	requests int
	window   time.Duration
}

func perMinute(requests int) allowance { return allowance{requests, time.Minute} }
func perSecond(requests int) allowance { return allowance{requests, time.Second} }

// span is for how long a request counts after its end: the window, and 100 ms a
// minute for clocks that do not run alike.
func (a allowance) span() time.Duration { return a.window + a.window/600 }

// limiter keeps the requests to one API within each of its allowances. A request
// counts from its start until a span after its end, and starts only while fewer
// than allowed count. The server counts it somewhere between start and end. Take
// any window of the server and the request in it that started last: every other
// one in it was then either in flight or had ended less than a window ago, so all
// were counted, and there are no more than allowed. This holds for fixed and
// sliding windows, and for windows of several lengths at once.
//
// Requests are let through in order of their place, so one that was refused and
// comes again is ahead of those that came after it. After a refusal the API is
// paused, and then opens slowly: one request, and one more in flight for each
// that ends well. Otherwise all would rush at what little another client of the
// same app has left.
type limiter struct {
	allowances []allowance
	longest    time.Duration // of their spans
	places     atomic.Uint64 // handed out so far

	mu          sync.Mutex
	inFlight    int
	maxInFlight int
	ended       []time.Time // ascending; the ones that still count, and older ones until swept
	pausedUntil time.Time
	pauses      int         // so far
	waiting     []*waiter   // by place
	wake        *time.Timer // set while somebody waits for a moment to come
}

// waiter is a request that waits for its turn, and then the turn itself.
type waiter struct {
	place  uint64
	ready  chan struct{} // closed when it may start
	pauses int           // of the limiter when it started
}

func newLimiter(allowances ...allowance) *limiter {
	l := &limiter{maxInFlight: math.MaxInt}
	for _, a := range allowances {
		if a.requests > 0 {
			l.allowances = append(l.allowances, a)
			l.longest = max(l.longest, a.span())
		}
	}
	return l
}

// newPlace hands out the next place; lower ones go first.
func (l *limiter) newPlace() uint64 { return l.places.Add(1) }

// start waits until the request in that place may start, and fails only when ctx ends
// first. Otherwise the caller must end, refuse or leave.
func (l *limiter) start(ctx context.Context, place uint64) (*waiter, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &waiter{place: place, ready: make(chan struct{})}
	l.enter(w)
	select {
	case <-w.ready:
		return w, nil
	case <-ctx.Done():
		l.leave(w)
		return nil, ctx.Err()
	}
}

func (l *limiter) enter(w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i, _ := slices.BinarySearchFunc(l.waiting, w.place, byPlace)
	l.waiting = slices.Insert(l.waiting, i, w)
	l.dispatch()
}

// leave takes back w, which sends nothing: its place in the queue, or its turn if
// that has come.
func (l *limiter) leave(w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, w); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else {
		l.inFlight--
	}
	l.dispatch()
}

func byPlace(w *waiter, place uint64) int { return cmp.Compare(w.place, place) }

// revokeIfPaused takes back the turn of w, which started but has not sent anything
// yet, if the API was paused since it started, and reports whether it did.
func (l *limiter) revokeIfPaused(w *waiter) bool {
	l.mu.Lock()
	paused := w.pauses != l.pauses
	l.mu.Unlock()
	if paused {
		l.leave(w)
	}
	return paused
}

// end records that the request of w ended, after it was sent that many times.
func (l *limiter) end(w *waiter, sent int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.countEnds(sent)
	if w.pauses == l.pauses && l.maxInFlight < math.MaxInt {
		l.maxInFlight++
	}
	l.dispatch()
}

// refuse records that the server refused the request of w as too frequent, and
// pauses the API.
func (l *limiter) refuse(w *waiter, sent int, pause time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.countEnds(sent)
	if until := time.Now().Add(pause); until.After(l.pausedUntil) {
		l.pausedUntil = until
	}
	if w.pauses == l.pauses { // otherwise it started before a pause that is known already
		l.pauses++
		l.maxInFlight = 1
	}
	l.dispatch()
}

func (l *limiter) countEnds(sent int) {
	l.inFlight--
	now := time.Now()
	for range sent {
		l.ended = append(l.ended, now)
	}
}

// dispatch starts whoever may start and, if a moment must come before the next
// one may, sets the timer for it.
func (l *limiter) dispatch() {
	if l.wake != nil {
		l.wake.Stop()
		l.wake = nil
	}
	now := time.Now()
	l.sweep(now)
	for len(l.waiting) > 0 {
		delay, open := l.delay(now)
		if !open {
			return // the next end of a request dispatches again
		}
		if delay > 0 {
			l.wake = time.AfterFunc(delay, l.tick)
			return
		}
		w := l.waiting[0]
		l.waiting = slices.Delete(l.waiting, 0, 1)
		l.inFlight++
		w.pauses = l.pauses
		close(w.ready)
	}
}

func (l *limiter) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dispatch()
}

// delay is how long the next request must wait; open is false if only the end of
// another one can let it start.
func (l *limiter) delay(now time.Time) (d time.Duration, open bool) {
	if l.inFlight >= l.maxInFlight {
		return 0, false
	}
	d = max(0, l.pausedUntil.Sub(now))
	for _, a := range l.allowances {
		room := a.requests - l.inFlight // the room-th from the end must no longer count
		if room <= 0 {
			return 0, false
		}
		if i := len(l.ended) - room; i >= 0 {
			d = max(d, l.ended[i].Add(a.span()).Sub(now))
		}
	}
	return d, true
}

// sweep forgets the requests that no longer count.
func (l *limiter) sweep(now time.Time) {
	gone := 0
	for gone < len(l.ended) && now.Sub(l.ended[gone]) >= l.longest {
		gone++
	}
	l.ended = slices.Delete(l.ended, 0, gone)
}
