package reconcile

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/spec"
)

// TestRemainingIsToldAsThePlanTells: with the names that the server has, and those that only the
// file claims marked.
func TestRemainingIsToldAsThePlanTells(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	drafts[0].UserList = []spec.Target{{ID: "ou_b", Name: "the boss"}, {ID: "ou_k", Name: "claimed"}}
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(i int, n *sandbox.Notification) {
		n.UserList = []sandbox.User{{UserID: "ou_a", Name: "张三"}}
		if i == 1 {
			n.UserList = []sandbox.User{{UserID: "ou_b", Name: "李四"}}
		}
	})
	p := desk.plan(t, drafts, Options{})
	desk.Fail(patch(sandbox.NoCommit, ""))
	err := desk.Edit(drafts[1].NotificationID, func(n *sandbox.Notification) {
		n.UserList = []sandbox.User{{UserID: "ou_b", Name: "李四"}, {UserID: "ou_z", Name: "王五"}}
	})
	if err != nil {
		t.Fatal(err)
	}
	r := desk.apply(t, p, Options{})
	var got []string
	for _, d := range r.Drafts {
		for _, c := range d.Remaining {
			got = append(got, strings.TrimSpace(line(c)+" "+c.NameFrom))
		}
	}
	if diff := cmp.Diff([]string{
		`remove user_list @ ou_a: {"id":"ou_a","name":"张三"} ->`,
		`add user_list @ ou_b:  -> {"id":"ou_b","name":"李四"}`,
		`add user_list @ ou_k:  -> {"id":"ou_k","name":"claimed"} file`,
		`add user_list @ ou_z:  -> {"id":"ou_z","name":"王五"}`, // the plan knew nobody of that id
	}, got); diff != "" {
		t.Error(diff)
	}
}

// TestApprovalLink: what was applied is next sent for approval by a person, and the result says where.
func TestApprovalLink(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	desk := overLoopback(t, sandbox.Options{Switches: []string{"approval_app_link=always"}}).holds(t, drafts, func(i int, n *sandbox.Notification) {
		n.JobName = "Old"
	})
	r := desk.apply(t, desk.plan(t, drafts, Options{}), Options{})
	for _, d := range r.Drafts {
		if !strings.HasSuffix(d.ApprovalAppLink, d.NotificationID) || d.LogID == "" {
			t.Errorf("link %q, log id %q", d.ApprovalAppLink, d.LogID)
		}
	}
}

// TestApplySendsWhatDiffers: K of N differ, so there are K PATCHes and three requests for each;
// planning again finds nothing, and applying again sends nothing but the plan's GETs.
func TestApplySendsWhatDiffers(t *testing.T) {
	t.Parallel()
	const n, k = 60, 20
	drafts := someDrafts(n)
	var first string
	for _, parallelism := range []int{1, 16} {
		desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, mixed)
		p := desk.plan(t, drafts, Options{Parallelism: parallelism})
		desk.ForgetRequests()
		var told [][2]int
		r := desk.apply(t, p, Options{Parallelism: parallelism, Tell: func(done, total int) { told = append(told, [2]int{done, total}) }})
		if patches, all := desk.Count(http.MethodPatch), desk.Count(""); patches != k || all != 3*k || desk.MaxConcurrent() > parallelism {
			t.Errorf("parallelism %d: %d PATCHes of %d requests, %d at once", parallelism, patches, all, desk.MaxConcurrent())
		}
		if want := (ResultSummary{Applied: k, Unchanged: k, Blocked: k}); r.Summary != want {
			t.Errorf("%+v", r.Summary)
		}
		checkProgress(t, told, n)
		got := withoutLogIDs(asJSON(t, r))
		if first == "" {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("parallelism %d: %s", parallelism, diff)
		}
		again := desk.plan(t, drafts, Options{Parallelism: parallelism})
		if want := (Summary{NoOp: 2 * k, Blocked: k}); again.Summary != want {
			t.Errorf("planned again: %+v", again.Summary)
		}
		desk.ForgetRequests()
		desk.apply(t, again, Options{Parallelism: parallelism})
		desk.apply(t, p, Options{Parallelism: parallelism}) // and the old plan finds its work done
		if patches, all := desk.Count(http.MethodPatch), desk.Count(""); patches != 0 || all != k {
			t.Errorf("applied again: %d PATCHes of %d requests", patches, all)
		}
	}
}

// TestFaultsGiveTheSameResultAtAnyParallelism: trouble that follows the draft and not the time
// gives the same bytes, and every draft is told about once.
func TestFaultsGiveTheSameResultAtAnyParallelism(t *testing.T) {
	t.Parallel()
	kinds := []sandbox.FaultKind{
		sandbox.DropAfterCommit, sandbox.ErrorBeforeCommit, sandbox.NoCommit, sandbox.LeaveDraft,
		sandbox.ErrorAfterCommit, sandbox.Truncate, sandbox.HTML, sandbox.Pass,
	}
	want := []Outcome{
		OutcomeApplied, OutcomeApplied, OutcomeUnverified, OutcomeStale,
		OutcomeApplied, OutcomeApplied, OutcomeApplied, OutcomeApplied,
	}
	drafts := someDrafts(5 * len(kinds))
	var first string
	for _, parallelism := range []int{1, 3, 16} {
		synctest.Test(t, func(t *testing.T) {
			desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
			for i, d := range drafts {
				desk.Fail(sandbox.Fault{Method: http.MethodPatch, ID: d.NotificationID, Kind: kinds[i%len(kinds)]})
			}
			r := desk.apply(t, desk.plan(t, drafts, Options{Parallelism: parallelism}), Options{Parallelism: parallelism})
			if diff := cmp.Diff(slices.Repeat(want, 5), outcomes(r)); diff != "" {
				t.Errorf("parallelism %d: %s", parallelism, diff)
			}
			got := withoutLogIDs(asJSON(t, r))
			if first == "" {
				first = got
			}
			if diff := cmp.Diff(first, got); diff != "" {
				t.Errorf("parallelism %d: %s", parallelism, diff)
			}
			if desk.FaultsLeft() > 0 {
				t.Errorf("%d faults never happened", desk.FaultsLeft())
			}
		})
	}
}
