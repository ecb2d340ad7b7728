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

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/spec"
)

// diary is a Notes in memory: what became of each draft, in their words.
type diary struct {
	says []string
	told []string // each entry when it was made
	fail map[string]error
}

func (d *diary) note(draft int, says string) error {
	word, _, _ := strings.Cut(says, " ")
	if err := d.fail[word]; err != nil {
		return err
	}
	d.says[draft] = says
	d.told = append(d.told, fmt.Sprint(draft, " ", says))
	return nil
}

func (d *diary) Ask(draft int) (time.Time, error) { return time.UnixMilli(0), d.note(draft, "asked") }
func (d *diary) Enter(draft int, id string) error { return d.note(draft, "id "+id) }
func (d *diary) Withdraw(draft int) error         { return d.note(draft, "") }

// unborn are drafts without ids.
func unborn(n int) []spec.Draft {
	drafts := someDrafts(n)
	for i := range drafts {
		drafts[i].NotificationID = ""
	}
	return drafts
}

func (d desk) create(t *testing.T, soft context.Context, drafts []spec.Draft) (Result, *diary) {
	t.Helper()
	notes := &diary{says: make([]string, len(drafts)), fail: map[string]error{}}
	return CreateDrafts(t.Context(), soft, d.client, notes, PlanCreate(helpdesk(), drafts), Options{}), notes
}

func firstIDs(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("id 70000000000%08d", i+1))
	}
	return ids
}

// TestCreateUnderTheRealLimits: 10 a minute, one at a time, none refused.
func TestCreateUnderTheRealLimits(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"fixed", "sliding"} {
		synctest.Test(t, func(t *testing.T) {
			const n = 100
			desk := distant(t, window)
			began := time.Now()
			r, notes := desk.create(t, t.Context(), unborn(n))
			within(t, "create, "+window, time.Since(began), n, feishu.CreateLimit)
			if r.Summary != (ResultSummary{Created: n}) || desk.throttled() > 0 || desk.Count("") != 2*n || desk.MaxConcurrent() != 1 {
				t.Errorf("%+v, %d of %d requests refused", r.Summary, desk.throttled(), desk.Count(""))
			}
			if diff := cmp.Diff(firstIDs(n), notes.says); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCreateInTrouble brings on each trouble at the second of three creates.
func TestCreateInTrouble(t *testing.T) {
	t.Parallel()
	created, refused, unknown := OutcomeCreated, OutcomeFailed, OutcomeUnknown
	for _, row := range []struct {
		trouble string
		second  Outcome
		noted   string // of the second
		posts   int
	}{
		{"throttle=30:3", created, "id 7000000000000000002", 6},
		{"throttle:*", refused, "", 21},
		{"error-before-commit=400/154000", refused, "", 3},
		{"error-before-commit=401/154005", refused, "", 3},
		{"error-before-commit", unknown, "asked", 2},
		{"error-after-commit", unknown, "asked", 2},
		{"error-after-commit=504", unknown, "asked", 2},
		{"drop-before-commit", unknown, "asked", 2},
		{"drop-after-commit", unknown, "asked", 2},
		{"drop-in-answer", unknown, "asked", 2},
		{"hang", unknown, "asked", 2},
		{"hang-after-commit", unknown, "asked", 2},
		{"truncate", unknown, "asked", 2},
		{"html=200", unknown, "asked", 2},
		{"redirect", unknown, "asked", 2},
		{"huge=8", unknown, "asked", 2},
		{"slow=20s", created, "id 7000000000000000002", 3},
	} {
		t.Run(row.trouble, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				desk := distant(t, "sliding")
				fault, err := sandbox.ParseFault("create:*:" + row.trouble)
				if err != nil {
					t.Fatal(err)
				}
				desk.Fail(sandbox.Fault{Method: "create", Kind: sandbox.Pass}, fault)
				r, notes := desk.create(t, t.Context(), unborn(3))
				want := []Outcome{created, row.second, created}
				if row.second == unknown {
					want[2] = OutcomeNotAttempted
				} else if fault.Count == sandbox.Always {
					want[2], row.posts = refused, row.posts+20
				}
				if diff := cmp.Diff(want, outcomes(r)); diff != "" || notes.says[1] != row.noted || desk.Count("POST") != row.posts {
					t.Errorf("%snoted %q, %d POSTs\n%s", diff, notes.says[1], desk.Count("POST"), asJSON(t, r))
				}
				if d := r.Drafts[1]; row.second == unknown && (!strings.Contains(d.Error.Hint, `"Job 1", made about 1970-01-01T00:00:00Z`) || d.NotificationID != "" || r.Complete) {
					t.Errorf("%+v", d)
				}
			})
		})
	}
}

// TestCreateProves: GETs say whether it is there as it was sent, also when they lag or fail.
func TestCreateProves(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		trouble string
		want    Outcome
	}{
		{"edit-before=job_name=Else", OutcomeUnverified},
		{"edit-before=ext=theirs", OutcomeCreated}, // the file leaves it to the server
		{"error-before-commit=404/154004:3", OutcomeCreated},
		{"error-before-commit=404/154004:*", OutcomeUnverified},
		{"leave-draft=1", OutcomeCreated},
	} {
		synctest.Test(t, func(t *testing.T) {
			desk := distant(t, "sliding")
			fault, err := sandbox.ParseFault("GET:*:" + row.trouble)
			if err != nil {
				t.Fatal(err)
			}
			desk.Fail(fault)
			r, notes := desk.create(t, t.Context(), unborn(1))
			if d := r.Drafts[0]; d.Outcome != row.want || "id "+d.NotificationID != notes.says[0] || (row.want == OutcomeCreated) != (d.Error == nil) {
				t.Errorf("%s: %s", row.trouble, asJSON(t, r))
			}
		})
	}
}

// TestCreateNotes: what cannot be noted is not asked for, and what cannot be entered is the last.
func TestCreateNotes(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	for word, want := range map[string][]Outcome{
		"asked": {OutcomeFailed, OutcomeFailed},
		"id":    {OutcomeUnverified, OutcomeNotAttempted},
		"":      {OutcomeFailed, OutcomeCreated},
	} {
		desk := overLoopback(t, sandbox.Options{})
		if word == "" {
			desk.Fail(sandbox.Fault{Method: "create", Kind: sandbox.ErrorBeforeCommit, Value: "400/154000"})
		}
		drafts := unborn(2)
		notes := &diary{says: make([]string, 2), fail: map[string]error{word: full}}
		r := CreateDrafts(t.Context(), t.Context(), desk.client, notes, PlanCreate(helpdesk(), drafts), Options{})
		if diff := cmp.Diff(want, outcomes(r)); diff != "" || !strings.Contains(r.Drafts[0].Error.Message, full.Error()) {
			t.Errorf("%q: %s%s", word, diff, asJSON(t, r))
		}
		if word == "id" && (r.Drafts[0].NotificationID != "7000000000000000001" || notes.says[0] != "asked" || !strings.Contains(r.Drafts[0].Error.Message, "7000000000000000001")) {
			t.Errorf("%s", asJSON(t, r))
		}
		if word == "asked" && desk.Count("POST") > 0 {
			t.Error("what was not noted was asked for")
		}
	}
}

// TestCreateStopped: what is on its way is finished, noted and proven, and the rest is left. At once means
// that nobody knows of what was on its way.
func TestCreateStopped(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		hard  bool
		kind  sandbox.FaultKind
		value string
		want  []Outcome
		says  []string
	}{
		{"finished", false, sandbox.Slow, "5s", []Outcome{OutcomeCreated, OutcomeNotAttempted}, []string{"id 7000000000000000001", ""}},
		{"refused", false, sandbox.Throttle, "5", []Outcome{OutcomeNotAttempted, OutcomeNotAttempted}, []string{"", ""}},
		{"at once", true, sandbox.Slow, "5s", []Outcome{OutcomeUnknown, OutcomeNotAttempted}, []string{"asked", ""}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				desk := inProcess(t, sandbox.Options{}, feishu.Options{})
				desk.Fail(sandbox.Fault{Method: "create", Kind: row.kind, Value: row.value})
				soft, stop := context.WithCancelCause(t.Context())
				ctx, stopNow := context.WithCancelCause(t.Context())
				go func() {
					time.Sleep(500 * time.Millisecond)
					stop(errEnough)
					if row.hard {
						stopNow(errEnough)
					}
				}()
				notes := &diary{says: make([]string, 2)}
				r := CreateDrafts(ctx, soft, desk.client, notes, PlanCreate(helpdesk(), unborn(2)), Options{})
				if diff := cmp.Diff(row.want, outcomes(r)) + cmp.Diff(row.says, notes.says); diff != "" {
					t.Errorf("%s%s", diff, asJSON(t, r))
				}
				stopNow(nil)
			})
		})
	}
}

// TestCreateRefusedForAll: an answer that every create would bring ends the run, and is told once.
func TestCreateRefusedForAll(t *testing.T) {
	t.Parallel()
	desk := overLoopback(t, sandbox.Options{})
	desk.Fail(sandbox.Fault{Method: "create", Kind: sandbox.Pass}, sandbox.Fault{Method: "create", Kind: sandbox.ErrorBeforeCommit, Value: "400/99991679", Count: sandbox.Always})
	r, notes := desk.create(t, t.Context(), unborn(3))
	want := []Outcome{OutcomeCreated, OutcomeNotAttempted, OutcomeNotAttempted}
	if diff := cmp.Diff(want, outcomes(r)) + cmp.Diff(append(firstIDs(1), "", ""), notes.says); diff != "" || r.Error == nil || r.Error.Code != 99991679 || desk.Count("POST") != 2 {
		t.Errorf("%s%s", diff, asJSON(t, r))
	}
}

// TestCreateNeverLeft: without a connection nothing is in doubt.
func TestCreateNeverLeft(t *testing.T) {
	t.Parallel()
	desk := overLoopback(t, sandbox.Options{})
	dead := connect(t, "http://127.0.0.1:9", feishu.Options{CreateRate: feishu.NoLimit})
	drafts := slices.Concat(someDrafts(1), unborn(2))
	notes := &diary{says: make([]string, 3)}
	r := CreateDrafts(t.Context(), t.Context(), dead, notes, PlanCreate(helpdesk(), drafts), Options{})
	want := []Outcome{OutcomeSkipped, OutcomeFailed, OutcomeFailed}
	if diff := cmp.Diff(want, outcomes(r)) + cmp.Diff([]string{"", "", ""}, notes.says); diff != "" || desk.Count(http.MethodPost) > 0 {
		t.Errorf("%s%s", diff, asJSON(t, r))
	}
}
