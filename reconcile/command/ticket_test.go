package command

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile/report"
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

// TestTicketReadsSettingsOnce: a file of a secret may be a pipe, which gives it once.
func TestTicketReadsSettingsOnce(t *testing.T) {
	t.Parallel()
	server, url := sandbox.Start(t, sandbox.Options{})
	secrets := map[string]string{
		"FEISHU_HELPDESK_TOKEN_FILE": sandbox.DefaultHelpdeskToken, "FEISHU_USER_ACCESS_TOKEN_FILE": sandbox.DefaultUserToken,
		"FEISHU_APP_SECRET_FILE": sandbox.DefaultAppSecret,
	}
	settings := map[string]string{"FEISHU_BASE_URL": url, "FEISHU_HELPDESK_ID": sandbox.DefaultHelpdeskID, "FEISHU_APP_ID": sandbox.DefaultAppID}
	for name, secret := range secrets {
		settings[name] = pipe(t, func(w io.Writer) { io.WriteString(w, secret) })
	}
	var out, said strings.Builder
	code := Run(t.Context(), []string{"notiform", "plan", "--ticket", sandbox.DefaultTicketID, "-"}, Env{
		Stdin:  strings.NewReader(`{notification_id: "7", job_name: A, push_type: 0, push_scope_type: 0, push_content: {}}`),
		Stdout: &out, Stderr: &said, Environ: os.Environ, Getenv: func(name string) string { return settings[name] }, Now: time.Now,
		IsTerminal: func(any) bool { return false },
	})
	if code != report.ExitFailed || len(server.Messages()) != 1 || server.Count("GET") != 1 || !strings.HasPrefix(out.String(), "Plan: 0 to update, 0 unchanged, 0 blocked, 1 failed") {
		t.Errorf("exit %d, %d messages\n%s%s", code, len(server.Messages()), &out, &said)
	}
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
