package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"notiform/feishu"
	"notiform/spec"
)

// Reader is all that planning may do: a plan cannot write, because nothing it holds can.
type Reader interface {
	GetNotification(ctx context.Context, id, userIDType string) (feishu.NotificationDetail, error)
}

// Options say how a run goes, not what it does: the same input gives the same plan and, where
// the server gives the same answers, the same result, whatever they are.
type Options struct {
	Parallelism int                   // how many drafts are under way at once; less than 1 counts as 1
	FailFast    bool                  // Apply only: the first failure keeps the rest from being started
	Tell        func(done, total int) // told after each draft, one call at a time; may be nil
}

// errNotRead marks the drafts that a stopped run has no answer for.
var errNotRead = errors.New(notReadWhenStopped)

// MakePlan reads every draft's live side through r, one GET each and nothing else, and
// compares. A draft that cannot be read or compared is Failed and leaves the others alone.
// When ctx ends, or an answer that holds for all drafts is met, no further GET is started, and the
// drafts without an answer of their own are NotRead; a plan that has any is not Complete.
func MakePlan(ctx context.Context, r Reader, h Helpdesk, drafts []spec.Draft, o Options) Plan {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	planned, met := make([]PlannedDraft, len(drafts)), make([]error, len(drafts))
	each(len(drafts), o, func(i int) {
		var o observation
		if drafts[i].NotificationID != "" {
			o = observe(ctx, r, drafts[i].NotificationID, drafts[i].UserIDType)
		}
		if met[i] = o.err; endsRun(o.err) {
			stop(o.err)
		}
		planned[i] = planDraft(drafts[i], o)
	})
	p := newPlan(h, planned)
	p.Complete = p.Summary.NotRead == 0
	p.Error = runError(ctx, met)
	return p
}

// observe GETs one notification. An answer that ctx did not leave time for is errNotRead, with what
// came before it.
func observe(ctx context.Context, r Reader, id string, userIDType spec.UserIDType) observation {
	var detail feishu.NotificationDetail
	err := ctx.Err()
	if err == nil {
		detail, err = r.GetNotification(ctx, id, string(userIDType))
	}
	if err != nil && ctx.Err() != nil && !endsRun(err) {
		why := context.Cause(ctx)
		if !feishu.HoldsForAll(why) {
			why = cmp.Or(atItsEnd(err), why)
		}
		err = fmt.Errorf(notReadBecause, errNotRead, why)
	}
	return observation{detail, err}
}

// each calls do(0) … do(n-1), o.Parallelism at a time, started in that order. do writes its
// result where its index says, so that order never depends on speed. A panic in do reaches the
// caller, once what was under way has ended.
func each(n int, o Options, do func(i int)) {
	var (
		next, done atomic.Int64
		telling    sync.Mutex
		workers    sync.WaitGroup
		crash      atomic.Pointer[string]
	)
	tell := func() {
		if o.Tell != nil {
			telling.Lock()
			defer telling.Unlock()
			o.Tell(int(done.Add(1)), n)
		}
	}
	for range min(max(o.Parallelism, 1), n) {
		workers.Go(func() {
			defer func() {
				if value := recover(); value != nil {
					next.Store(int64(n)) // nothing new is started
					text := fmt.Sprintf("%v\n\n%s", value, debug.Stack())
					crash.CompareAndSwap(nil, &text)
				}
			}()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
				tell()
			}
		})
	}
	workers.Wait()
	if text := crash.Load(); text != nil {
		panic(*text) // where somebody can recover it; below its value stands where it came from
	}
}
