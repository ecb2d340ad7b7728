package command

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestLastWords: how long a message is tried.
func TestLastWords(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why        string
		soft, hard time.Duration // when each ends; 0 for never
		want       time.Duration
		cause      error
	}{
		{"nobody interrupts", 0, 0, tellWithin, errUntold},
		{"interrupted before it began", -1, 0, tellStopped, errStoppedUntold},
		{"interrupted meanwhile", time.Minute, 0, time.Minute + tellStopped, errStoppedUntold},
		{"interrupted twice", time.Minute, time.Minute + time.Second, time.Minute + time.Second, errInterrupted},
		{"interrupted twice before it began", -1, -1, 0, errInterrupted},
		{"interrupted at its end", tellWithin - time.Second, 0, tellWithin, errUntold},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				hard, stopHard := endsAfter(t.Context(), row.hard)
				defer stopHard(nil)
				soft, stopSoft := endsAfter(hard, row.soft)
				defer stopSoft(nil)
				began := time.Now()
				ctx, release := lastWords(soft, hard)
				defer release()
				<-ctx.Done()
				if took := time.Since(began); took != row.want || !errors.Is(context.Cause(ctx), row.cause) {
					t.Errorf("ended after %v: %v; want %v: %v", took, context.Cause(ctx), row.want, row.cause)
				}
			})
		})
	}
}

// endsAfter is interrupted after d, at once when d is negative, never when it is 0.
func endsAfter(parent context.Context, d time.Duration) (context.Context, context.CancelCauseFunc) {
	ctx, stop := context.WithCancelCause(parent)
	switch {
	case d < 0:
		stop(errInterrupted)
	case d > 0:
		time.AfterFunc(d, func() { stop(errInterrupted) })
	}
	return ctx, stop
}

// TestLastWordsLeaveNothingBehind: once the message is told, no goroutine waits for an interrupt.
func TestLastWordsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		soft, stop := context.WithCancelCause(t.Context())
		_, release := lastWords(soft, t.Context())
		release()
		stop(errInterrupted)
	})
}
