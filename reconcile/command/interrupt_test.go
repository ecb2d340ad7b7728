package command_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile"
	"notiform/reconcile/command"
)

// inProcess runs the program within the test, so that an interrupt comes exactly when it should.
// Tests that do so run alone: the flag library keeps its help flag in a package variable.
func (r *rollout) inProcess(env command.Env, args ...string) (code int, stdout, stderr string) {
	r.t.Helper()
	var out, said bytes.Buffer
	env.Stdout, env.Dir = &out, r.dir
	env.Stderr = io.MultiWriter(&said, cmp.Or(env.Stderr, io.Discard))
	env.Getenv = func(name string) string {
		i := slices.IndexFunc(r.environ, func(v string) bool { return strings.HasPrefix(v, name+"=") })
		if i < 0 || !strings.HasPrefix(name, "FEISHU_") {
			return ""
		}
		return strings.TrimPrefix(r.environ[i], name+"=")
	}
	env.ReadFile, env.Rand, env.Environ = os.ReadFile, rand.Float64, os.Environ
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.IsTerminal == nil {
		env.IsTerminal = func(any) bool { return false }
	}
	code = command.Run(r.t.Context(), append([]string{"notiform"}, args...), env)
	return code, out.String(), said.String()
}

// interrupts is a channel of signals, and a hook for a fault that sends n of them.
func interrupts(n int) (<-chan os.Signal, func(*sandbox.Notification)) {
	signals := make(chan os.Signal, 2)
	return signals, func(*sandbox.Notification) {
		for range n {
			signals <- os.Interrupt
		}
	}
}

// accounts wants a result to name every draft once and to say of each what the server knows.
func (r *rollout) accounts(stdout string, want reconcile.ResultSummary) {
	r.t.Helper()
	var result reconcile.Result
	if err := json.Unmarshal([]byte(stdout), &result); err != nil {
		r.t.Fatalf("%v\n%s", err, stdout)
	}
	if len(result.Drafts) != len(r.was) || result.Summary != want {
		r.t.Errorf("%d drafts, %+v, want %+v", len(result.Drafts), result.Summary, want)
	}
	if result.ExitCode != 130 {
		r.t.Errorf("exit_code %d", result.ExitCode)
	}
	for i, d := range result.Drafts {
		n, _ := r.server.Notification(d.NotificationID)
		written := writable(n) == r.wanted[i]
		if d.NotificationID != n.ID || written != (d.Outcome == reconcile.OutcomeApplied) || !written && writable(n) != r.was[i] {
			r.t.Errorf("draft %d (%s) is %s; written: %v", i, d.NotificationID, d.Outcome, written)
		}
	}
}

// TestInterruptedOnce: what is in flight is finished and proven, nothing new is started, and the
// result is whole. It is so whichever PATCH the interrupt comes with.
func TestInterruptedOnce(t *testing.T) {
	for _, at := range []int{0, 5, 11} {
		r := newRollout(t, 40)
		signals, send := interrupts(1)
		slow := sandbox.Fault{Method: "PATCH", Kind: sandbox.Slow, Value: "50ms", Count: at}
		if at > 0 {
			r.server.Fail(slow)
		}
		slow.Count, slow.Before = 1, send
		r.server.Fail(slow)
		slow.Count, slow.Before = sandbox.Always, nil
		r.server.Fail(slow)
		code, stdout, stderr := r.inProcess(command.Env{Signals: signals}, unlimited("apply", "--auto-approve", "--parallelism", "3", "--format", "json")...)
		written := r.server.Count("PATCH")
		if code != 130 || written <= at || written == 40 {
			t.Errorf("at PATCH %d: exit code %d after %d PATCHes", at, code, written)
		}
		r.accounts(stdout, reconcile.ResultSummary{Applied: written, NotAttempted: 40 - written})
		if want := "notiform: interrupted: finishing what is in flight; interrupt again to stop at once\n"; stderr != want {
			t.Errorf("stderr %q, want %q", stderr, want)
		}
	}
}

// TestInterruptedTwice: the second interrupt waits for nothing. What was in flight is unverified,
// since nobody knows, and the rest is not attempted.
func TestInterruptedTwice(t *testing.T) {
	for _, row := range []struct {
		why         string
		parallelism string
		want        reconcile.ResultSummary
	}{
		{"with drafts that wait for their turn", "3", reconcile.ResultSummary{Unverified: 3, NotAttempted: 5}},
		{"with every draft in flight", "64", reconcile.ResultSummary{Unverified: 8}},
	} {
		t.Run(row.why, func(t *testing.T) {
			r := newRollout(t, 8)
			signals, send := interrupts(2)
			r.server.Fail(sandbox.Fault{Method: "PATCH", Kind: sandbox.Hang, Count: row.want.Unverified - 1},
				sandbox.Fault{Method: "PATCH", Kind: sandbox.Hang, Before: send})
			code, stdout, _ := r.inProcess(command.Env{Signals: signals}, unlimited("apply", "--auto-approve", "--parallelism", row.parallelism, "--format", "json")...)
			if code != 130 {
				t.Errorf("exit code %d", code)
			}
			r.accounts(stdout, row.want)
		})
	}
}

// TestInterruptedEarly: while the drafts are read, or while somebody is asked, an interrupt ends
// the run with nothing written, and the result says so of every draft.
func TestInterruptedEarly(t *testing.T) {
	t.Run("before anything", func(t *testing.T) {
		r := newRollout(t, 3)
		signals := make(chan os.Signal, 1)
		signals <- os.Interrupt
		r.server.Fail(sandbox.Fault{Method: "GET", Kind: sandbox.Hang, Count: sandbox.Always})
		args := unlimited("apply", "--auto-approve", "--format", "json", "--only", "New 2")
		code, stdout, _ := r.inProcess(command.Env{Signals: signals}, args...) // whether New 2 was loaded by then or not
		var result reconcile.Result
		if err := json.Unmarshal([]byte(stdout), &result); err != nil || code != 130 || result.ExitCode != 130 || result.Complete || r.left() != 3 {
			t.Errorf("exit code %d (%v)\n%s", code, err, stdout)
		}
	})
	t.Run("while the drafts are read", func(t *testing.T) {
		r := newRollout(t, 3)
		signals, send := interrupts(1)
		r.behind(1, sandbox.Fault{Method: "GET", Kind: sandbox.Hang, Before: send})
		code, stdout, stderr := r.inProcess(command.Env{Signals: signals}, unlimited("apply", "--auto-approve", "--format", "json", "--parallelism", "1")...)
		r.untouched(code, stdout, stderr, reconcile.ResultSummary{NotAttempted: 3})
	})
	t.Run("while somebody is asked", func(t *testing.T) {
		r := newRollout(t, 3)
		stdin, never := io.Pipe()
		defer never.Close()
		signals := make(chan os.Signal, 1)
		env := command.Env{Signals: signals, Stdin: stdin, IsTerminal: func(stream any) bool { return stream == stdin }}
		env.Stderr = onQuestion(func() { signals <- os.Interrupt })
		code, stdout, stderr := r.inProcess(env, unlimited("apply", "--format", "json")...)
		r.untouched(code, stdout, stderr, reconcile.ResultSummary{NotAttempted: 3})
	})
}

// onQuestion is a stderr that does something when it is asked whether to write.
type onQuestion func()

func (do onQuestion) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("Type yes: ")) {
		do()
	}
	return len(p), nil
}

// untouched wants a run to have been interrupted before it wrote anything.
func (r *rollout) untouched(code int, stdout, stderr string, want reconcile.ResultSummary) {
	r.t.Helper()
	if n := r.server.Count("PATCH"); code != 130 || n > 0 {
		r.t.Errorf("exit code %d, %d PATCHes", code, n)
	}
	r.accounts(stdout, want)
	if !strings.HasSuffix(stderr, "notiform: nothing was written\n") {
		r.t.Errorf("stderr %q", stderr)
	}
}

// TestInterruptedTooLate: an interrupt that cost nothing does not make a failure of a run that
// did everything.
func TestInterruptedTooLate(t *testing.T) {
	r := newRollout(t, 2)
	signals, send := interrupts(1)
	r.behind(1, sandbox.Fault{Method: "PATCH", Kind: sandbox.Pass, After: send})
	code, _, _ := r.inProcess(command.Env{Signals: signals}, unlimited("apply", "--auto-approve", "--parallelism", "1")...)
	if code != 0 || r.left() > 0 {
		t.Errorf("exit code %d, %d drafts left", code, r.left())
	}
}
