package reconcile

import (
	"context"
	"errors"

	"notiform/feishu"
)

// endsRun reports whether err is an answer to one request that ends the run, because every other
// one would bring the same. A draft that this kept from its turn, or whose request it broke off,
// has not met it: of those, err is errNotRead.
func endsRun(err error) bool { return feishu.HoldsForAll(err) && !errors.Is(err, errNotRead) }

// atItsEnd is err if it is that of a request that had got an answer, or had failed, before its context
// ended; else nil.
func atItsEnd(err error) error {
	if e, ok := errors.AsType[*feishu.Error](err); ok && e.Before != nil {
		return e
	}
	return nil
}

// runError is why a run ended before its end, of which each draft met that, if anything: an answer
// that holds for all, or the end of ctx's time. It is told as the first draft in their order met
// it, which of those that did is a matter of speed, and of no draft. The end of the time is told
// with the last cause of one that had any. An interrupt is no error: somebody knows why.
func runError(ctx context.Context, met []error) *Fault {
	overdue := errors.Is(ctx.Err(), context.DeadlineExceeded)
	stopped := false
	for _, ends := range []func(error) bool{endsRun, func(err error) bool { return overdue && atItsEnd(err) != nil }} {
		for _, err := range met {
			if e, ok := errors.AsType[*feishu.Error](err); ok && ends(err) {
				ofAll := *e
				ofAll.ID = ""
				return NewFault(&ofAll)
			}
			stopped = stopped || errors.Is(err, errNotRead)
		}
	}
	if overdue && stopped {
		return NewFault(context.Cause(ctx))
	}
	return nil
}
