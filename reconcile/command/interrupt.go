package command

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	errInterrupted = errors.New("interrupted")
	errTimeout     = errors.New(timeoutOver)
)

// interruptible derives the two contexts of a run. soft ends at the first signal or when the
// timeout is over: nothing new is started. hard ends at the second signal: stop at once. release
// must be called. meaning is the note on what the first signal does.
func interruptible(ctx context.Context, env Env, timeout time.Duration, meaning string) (soft, hard context.Context, release func()) {
	hard, stopNow := context.WithCancelCause(ctx)
	soft, stop := context.WithCancelCause(hard)
	releaseTimeout := context.CancelFunc(func() {})
	if timeout > 0 {
		soft, releaseTimeout = context.WithTimeoutCause(soft, timeout, errTimeout)
	}
	done := make(chan struct{})
	go func() {
		for range 2 {
			select {
			case <-done:
				return
			case <-env.Signals: // nil blocks for ever
			}
			if soft.Err() != nil {
				stopNow(errInterrupted)
				return
			}
			if env.IsTerminal(env.Stderr) {
				fmt.Fprintln(env.Stderr) // behind the ^C and the status line
			}
			say(env.Stderr, "%s", meaning)
			stop(errInterrupted)
		}
	}()
	return soft, hard, func() {
		close(done)
		releaseTimeout()
		stopNow(nil)
	}
}

func interrupted(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), errInterrupted)
}
