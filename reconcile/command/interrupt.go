package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"notiform/reconcile/report"
)

var (
	errInterrupted = errors.New("interrupted")
	errTimeout     = errors.New(timeoutOver)
)

const (
	// lastWrites is how long a run that is to stop at once may still tell what it did.
	lastWrites = 3 * time.Second
	// stuckWrite is how much of that one write may take: nobody may be reading.
	stuckWrite = 500 * time.Millisecond
)

// interruptible derives the two contexts of a run. soft ends at the first signal or when the
// timeout is over: nothing new is started. hard ends at the second signal: stop at once. What does
// not stop is left behind then, whatever it is blocked in, and the process ends. release must be
// called. meaning is the note on what the first signal does.
func interruptible(ctx context.Context, env Env, timeout time.Duration, meaning string) (soft, hard context.Context, release func()) {
	hard, stopNow := context.WithCancelCause(ctx)
	soft, stop := context.WithCancelCause(hard)
	releaseTimeout := context.CancelFunc(func() {})
	if timeout > 0 {
		soft, releaseTimeout = context.WithTimeoutCause(soft, timeout, errTimeout)
	}
	done := make(chan struct{})
	signalled := func() bool {
		select {
		case <-done: // first of all: a signal after release is for somebody else
			return false
		default:
		}
		select {
		case <-done:
			return false
		case <-env.Signals: // nil blocks for ever
			return true
		}
	}
	env.background(func() {
		if !signalled() {
			return
		}
		env.saySoon(meaning)
		stop(errInterrupted)
		if !signalled() {
			return
		}
		stopNow(errInterrupted)
		select {
		case <-done:
			return
		case <-env.Signals:
		case <-time.After(lastWrites):
		}
		env.end(report.ExitInterrupted)
	})
	return soft, hard, func() {
		close(done)
		releaseTimeout()
		stopNow(nil)
	}
}

// saySoon says what a signal means, unless nobody reads it.
func (env Env) saySoon(meaning string) {
	said := make(chan struct{})
	env.background(func() {
		if env.IsTerminal(env.Stderr) {
			fmt.Fprintln(env.Stderr) // behind the ^C and the status line
		}
		say(env.Stderr, "%s", meaning)
		close(said)
	})
	select {
	case <-said:
	case <-time.After(stuckWrite):
	}
}

func interrupted(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), errInterrupted)
}

// leaving does something that nothing can end, such as a read of a pipe, and leaves it behind when
// ctx has ended and patience is over; the error is then why ctx ended.
func leaving[T any](ctx context.Context, patience time.Duration, do func() (T, error)) (T, error) {
	type end struct {
		value T
		err   error
		crash any
	}
	done := make(chan end, 1)
	go func() {
		var e end
		defer func() {
			e.crash = withStack(recover())
			done <- e
		}()
		e.value, e.err = do()
	}()
	var e end
	select {
	case e = <-done:
	case <-ctx.Done():
		select {
		case e = <-done:
		case <-time.After(patience):
			e.err = context.Cause(ctx)
		}
	}
	if e.crash != nil {
		panic(e.crash)
	}
	return e.value, e.err
}

// stoppable is a stream of which a write is left behind when the run is to stop at once.
type stoppable struct {
	ctx    context.Context
	stream io.Writer
}

func (s stoppable) Write(p []byte) (int, error) {
	return leaving(s.ctx, stuckWrite, func() (int, error) { return s.stream.Write(p) })
}
