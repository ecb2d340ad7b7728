package reconcile

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

// refusing is trouble of one method: after so many requests that pass, the answer is status/code, to
// every other one.
func refusing(method string, after int, answer string) []sandbox.Fault {
	faults := []sandbox.Fault{{Method: method, Kind: sandbox.Pass, Count: after}, {Method: method, Kind: sandbox.ErrorBeforeCommit, Value: answer, Count: sandbox.Always}}
	if after == 0 {
		return faults[1:]
	}
	return faults
}

// TestAnswerThatHoldsForAll: what every draft would be answered is asked no more often than there are
// workers, is told once, of no draft, and leaves none of them failed. The same bytes come of it at any
// parallelism.
func TestAnswerThatHoldsForAll(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, answer string }{
		{"the token has expired", "401/99991677"},
		{"the token is not known", "400/99991668"},
		{"no token came", "400/99991661"},
		{"the app lacks a scope", "400/99991672"},
		{"the user lacks a scope", "400/99991679"},
		{"the helpdesk's header is wrong", "401/154001"},
		{"the address is not allowed", "400/99991401"},
		{"the quota is used up", "400/99991403"},
		{"the quota is used up, under a status that is repeated", "500/99991403"},
		{"the quota is used up, under the status of what comes too often", "429/99991403"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var first string
			for _, parallelism := range []int{1, 4, 32} {
				drafts := someDrafts(131)
				desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, mixed)
				desk.Fail(refusing(http.MethodGet, 0, row.answer)...)
				p := desk.plan(t, drafts, Options{Parallelism: parallelism})
				if n := desk.Count(""); n > parallelism {
					t.Errorf("parallelism %d: %d requests", parallelism, n)
				}
				if want := (Summary{NotRead: 131}); p.Summary != want || p.Complete || p.Error == nil {
					t.Fatalf("parallelism %d: %+v, complete %v, %+v", parallelism, p.Summary, p.Complete, p.Error)
				}
				if !strings.HasSuffix(row.answer, fmt.Sprint(p.Error.Code)) || p.Error.Hint == "" || p.Error.LogID == "" || strings.Contains(withoutLogIDs(p.Error.Message), "70000") {
					t.Errorf("%+v", p.Error)
				}
				got := withoutLogIDs(asJSON(t, p))
				if first == "" {
					first = got
				}
				if got != first || strings.Count(got, `"error"`) != 1 {
					t.Errorf("parallelism %d:\n%.500s", parallelism, got)
				}
			}
		})
	}
}

// TestAnswerOfOneDraft: an answer about one notification ends nothing.
func TestAnswerOfOneDraft(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"403/154003", "404/154004", "403/154005", "400/154000"} {
		drafts := someDrafts(9)
		desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, nil)
		desk.Fail(sandbox.Fault{ID: drafts[0].NotificationID, Kind: sandbox.ErrorBeforeCommit, Value: answer, Count: sandbox.Always})
		p := desk.plan(t, drafts, Options{Parallelism: 2})
		if want := (Summary{Failed: 1, NoOp: 8}); p.Summary != want || !p.Complete || p.Error != nil || p.Drafts[0].Error == nil {
			t.Errorf("%s: %+v, complete %v, %+v", answer, p.Summary, p.Complete, p.Error)
		}
	}
}

// TestTokenThatEndsMidway: what was compared stays compared, and nobody waits for a turn under the
// limit to be told the same.
func TestTokenThatEndsMidway(t *testing.T) {
	t.Parallel()
	for _, parallelism := range []int{1, 7, 200} {
		synctest.Test(t, func(t *testing.T) {
			drafts := someDrafts(300)
			desk := inProcess(t, sandbox.Options{}, feishu.Options{}).holds(t, drafts, nil)
			desk.Fail(refusing(http.MethodGet, 50, "401/99991677")...)
			began := time.Now()
			p := desk.plan(t, drafts, Options{Parallelism: parallelism})
			if took := time.Since(began); took > time.Second {
				t.Errorf("parallelism %d: %v", parallelism, took)
			}
			// An answer that came while another ended the run is not used.
			if p.Summary.NoOp > 50 || p.Summary.NoOp+p.Summary.NotRead != 300 || parallelism == 1 && p.Summary.NoOp != 50 {
				t.Errorf("parallelism %d: %+v", parallelism, p.Summary)
			}
			if n := desk.Count(""); n > 50+parallelism || p.Error == nil {
				t.Errorf("parallelism %d: %d requests, %+v", parallelism, n, p.Error)
			}
		})
	}
}

// TestTokenThatEndsInApply: in whichever request of a draft it shows, what is not started is not
// attempted, nothing that was sent is broken off, and what was not looked at is unverified.
func TestTokenThatEndsInApply(t *testing.T) {
	t.Parallel()
	const n = 12
	for _, row := range []struct {
		why           string
		faults        []sandbox.Fault
		want          ResultSummary
		patches, gets int
	}{
		{"in the look before the third", refusing(http.MethodGet, 4, "401/99991677"), ResultSummary{Applied: 2, NotAttempted: n - 2}, 2, 5},
		{"in the third PATCH, which is certain without a look", refusing(http.MethodPatch, 2, "400/99991679"), ResultSummary{Applied: 2, NotAttempted: n - 2}, 3, 5},
		{"in the look after the third, which is not repeated", refusing(http.MethodGet, 5, "401/99991677"), ResultSummary{Applied: 2, Unverified: 1, NotAttempted: n - 3}, 3, 6},
		{"in the first request", refusing("", 0, "400/99991403"), ResultSummary{NotAttempted: n}, 0, 1},
		{
			"in the second PATCH of one whose first is in doubt",
			append([]sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.ErrorBeforeCommit, Value: "500/155000"}}, refusing(http.MethodPatch, 0, "401/99991677")...),
			ResultSummary{Unverified: 1, NotAttempted: n - 1}, 2, 6,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				drafts := someDrafts(n)
				desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}).
					holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
				p := desk.plan(t, drafts, Options{})
				desk.ForgetRequests()
				desk.Fail(row.faults...)
				r := desk.apply(t, p, Options{Parallelism: 1})
				if r.Summary != row.want || r.Complete {
					t.Errorf("%+v, complete %v", r.Summary, r.Complete)
				}
				if got := desk.Count(http.MethodPatch); got != row.patches {
					t.Errorf("%d PATCHes", got)
				}
				if got := desk.Count(http.MethodGet); got != row.gets {
					t.Errorf("%d GETs", got)
				}
				if r.Error == nil || r.Error.Code == 0 || strings.Contains(r.Error.Message, "70000") {
					t.Fatalf("%+v", r.Error)
				}
				for _, d := range r.Drafts {
					if (d.Error != nil) != (d.Outcome == OutcomeUnverified) {
						t.Errorf("%s: %+v", d.Outcome, d.Error)
					}
				}
			})
		})
	}
}

// TestTokenThatEndsInApplyAtOnce: with many drafts under way, every PATCH that was accepted is looked
// at, and no draft that the server holds as the file says is called not attempted.
func TestTokenThatEndsInApplyAtOnce(t *testing.T) {
	t.Parallel()
	for after := range 8 {
		desk, p := differing(t, 20)
		desk.Fail(refusing(http.MethodPatch, after, "401/99991677")...)
		r := desk.apply(t, p, Options{Parallelism: 8})
		if want := (ResultSummary{Applied: after, NotAttempted: 20 - after}); r.Summary != want || r.Error == nil {
			t.Errorf("after %d: %+v, %+v", after, r.Summary, r.Error)
		}
		if n := desk.Count(http.MethodPatch); n > after+8 {
			t.Errorf("after %d: %d PATCHes", after, n)
		}
	}
}

// TestRunErrorIsOfTheFirst: of several drafts that met it the first in their order tells it.
func TestRunErrorIsOfTheFirst(t *testing.T) {
	t.Parallel()
	met := func(logID string) error {
		return &feishu.Error{Op: "get notification", ID: "1", Code: 99991677, LogID: logID}
	}
	stopped := fmt.Errorf(notReadBecause, errNotRead, met("0"))
	all := []error{nil, &feishu.Error{Code: 154004, LogID: "own"}, stopped, met("A"), met("B")}
	if got := runError(t.Context(), all); got == nil || got.LogID != "A" {
		t.Errorf("%+v", got)
	}
	slices.Reverse(all)
	if got := runError(t.Context(), all); got == nil || got.LogID != "B" {
		t.Errorf("%+v", got)
	}
	if got := runError(t.Context(), all[2:]); got != nil {
		t.Errorf("%+v", got)
	}
}

var errTimeUp = errors.New("the time is up")

// TestEndOfTimeNamesTheLastCause: whether the request waits or is under way when the time is up, what
// came of it before is told, by the run and by the draft. A draft that was never tried has only the end.
func TestEndOfTimeNamesTheLastCause(t *testing.T) {
	t.Parallel()
	const never = "not read, because the run was stopped (the time is up)"
	get := func(kind sandbox.FaultKind, value string, count int) sandbox.Fault {
		return sandbox.Fault{Method: http.MethodGet, Kind: kind, Value: value, Count: count}
	}
	for _, row := range []struct {
		why    string
		faults []sandbox.Fault
		says   string // "" when there is no cause but the end
		status int
	}{
		{"a server's error, and the wait behind it", []sandbox.Fault{get(sandbox.ErrorBeforeCommit, "500/155000", sandbox.Always)}, "feishu answered code 155000", 500},
		{"a gateway's page", []sandbox.Fault{get(sandbox.HTML, "503", sandbox.Always)}, "text/html instead of JSON", 503},
		{"refused as too frequent", []sandbox.Fault{get(sandbox.Throttle, "60", sandbox.Always)}, "feishu answered code 99991400", 429},
		{"an answer that is cut short, and then none", []sandbox.Fault{get(sandbox.DropInAnswer, "", 1), get(sandbox.Hang, "", sandbox.Always)}, "the answer broke off", 200},
		{"an error, and then no answer", []sandbox.Fault{get(sandbox.ErrorBeforeCommit, "500/155000", 1), get(sandbox.Hang, "", sandbox.Always)}, "feishu answered code 155000", 500},
		{"no answer at all", []sandbox.Fault{get(sandbox.Hang, "", sandbox.Always)}, "", 0},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				drafts := someDrafts(3)
				desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}).holds(t, drafts, nil)
				desk.Fail(row.faults...)
				ctx, stop := context.WithTimeoutCause(t.Context(), 2500*time.Millisecond, errTimeUp)
				defer stop()
				p := MakePlan(ctx, desk.client, helpdesk(), drafts, Options{Parallelism: 1})
				last := p.Drafts[2].Error
				if p.Complete || p.Summary.NotRead == 0 || p.Error == nil || last == nil {
					t.Fatalf("%+v, %+v, %+v", p.Summary, p.Error, last)
				}
				if last.Message != never {
					t.Errorf("never tried: %s", last.Message)
				}
				if row.says == "" {
					if p.Error.Message != errTimeUp.Error() {
						t.Errorf("%+v", p.Error)
					}
					return
				}
				if want := "get notification: the time is up; before that: " + row.says; !strings.HasPrefix(p.Error.Message, want) || p.Error.HTTPStatus != row.status || p.Error.Hint == "" {
					t.Errorf("%+v, want %s", p.Error, want)
				}
				if first := p.Drafts[0].Error; first == nil || !strings.Contains(first.Message, "the time is up; before that: "+row.says) {
					t.Errorf("%+v", first)
				}
			})
		})
	}
}

// TestEndOfTimeInApply: the same of a draft whose turn to be written came and brought nothing.
func TestEndOfTimeInApply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drafts := someDrafts(3)
		desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}).
			holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
		p := desk.plan(t, drafts, Options{})
		desk.Fail(sandbox.Fault{Method: http.MethodGet, Kind: sandbox.HTML, Value: "503", Count: sandbox.Always})
		soft, stop := context.WithTimeoutCause(t.Context(), 2500*time.Millisecond, errTimeUp)
		defer stop()
		r := Apply(t.Context(), soft, desk.client, p, Options{Parallelism: 1})
		const says = "the time is up; before that: text/html instead of JSON"
		if r.Summary != (ResultSummary{NotAttempted: 3}) || r.Error == nil || !strings.Contains(r.Error.Message, says) || r.Error.HTTPStatus != 503 {
			t.Errorf("%+v, %+v", r.Summary, r.Error)
		}
		for i, want := range []string{says, errTimeUp.Error(), errTimeUp.Error()} {
			if got := r.Drafts[i].Error; got == nil || !strings.Contains(got.Message, want) || i > 0 && got.Message != want {
				t.Errorf("%d: %+v", i, got)
			}
		}
	})
}

// TestWaitThatAnAnswerForAllEnds: a draft that was to be asked again is told what ended the run, and
// not what it had met before.
func TestWaitThatAnAnswerForAllEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drafts := someDrafts(3)
		desk := inProcess(t, sandbox.Options{}, feishu.Options{}).holds(t, drafts, nil)
		desk.Fail(
			sandbox.Fault{ID: drafts[0].NotificationID, Kind: sandbox.HTML, Count: sandbox.Always},
			sandbox.Fault{ID: drafts[1].NotificationID, Kind: sandbox.Slow, Value: "100ms"},
			sandbox.Fault{ID: drafts[2].NotificationID, Kind: sandbox.ErrorBeforeCommit, Value: "401/99991677"},
		)
		p := desk.plan(t, drafts, Options{Parallelism: 2})
		if p.Summary.NotRead != 2 || p.Error == nil || p.Error.Code != 99991677 || desk.Count("") != 3 {
			t.Errorf("%+v after %d requests, %+v", p.Summary, desk.Count(""), p.Error)
		}
		if p.Drafts[0].Error != nil {
			t.Errorf("%+v", p.Drafts[0].Error)
		}
	})
}
