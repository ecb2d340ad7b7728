package pipelines_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"notiform/feishu/sandbox"
)

// byHand runs apply by hand with what a refused run names.
func (h *hub) byHand(refused ran) ran {
	h.t.Helper()
	named := regexp.MustCompile("by hand with digest `(sha256:[0-9a-f]{64})`(?: and changed `([0-9a-f]{40})`|, and changed left empty)").FindStringSubmatch(refused.log)
	if named == nil {
		h.t.Fatalf("the way on is not shown:\n%s", refused.log)
	}
	return h.run("apply", "apply", dispatch(h, named[1], named[2]))
}

func dispatch(h *hub, digest, changed string) event {
	return event{
		name: "workflow_dispatch", ref: "refs/heads/main", sha: h.desk.git("rev-parse", "main"),
		payload: map[string]any{}, inputs: map[string]any{"digest": digest, "changed": changed},
	}
}

// checkOf changes the last check run of a pull request.
func (h *hub) checkOf(p *pullRequest) map[string]any {
	all := h.entries["checks "+p.head]
	return all[len(all)-1]
}

// refused is an apply that writes nothing, and shows why and what it would have written.
func (h *hub) refused(e event, says string) ran {
	h.t.Helper()
	before, writes := h.desk.jobName(firstID), h.desk.server.Count("PATCH")
	r := h.apply(e)
	if !r.failed || h.desk.jobName(firstID) != before || h.desk.server.Count("PATCH") != writes {
		h.t.Errorf("%s: it is applied all the same:\n%s", says, r.log)
	}
	if !strings.Contains(r.log, says) || !strings.Contains(r.log, "::error") || !strings.Contains(r.summary, reviewedText) {
		h.t.Errorf("the reason %q or the plan is not shown:\n%s\n%s", says, r.log, r.summary)
	}
	if len(r.artifacts["notiform-apply-1"]) == 0 {
		h.t.Errorf("%s: the result is not kept", says)
	}
	return r
}

// TestGitHubReviewsThatDoNotCount merges once, and then has it have been reviewed in each way that is
// none.
func TestGitHubReviewsThatDoNotCount(t *testing.T) {
	t.Parallel()
	const nobody, unplanned, failed = "nobody with write access", "was not planned", "failed or was refused"
	h := newHub(t)
	p := h.open(7, welcome("Welcome all"))
	h.plan(p)
	merged := h.merge("squash", p)
	asMerged, planned := *p, h.entries["checks "+p.head]
	for _, test := range []struct {
		why      string
		reviewed func() // after the plan
		says     string
	}{
		{"nobody has approved", func() {}, nobody},
		{"its author has", func() { h.review(p, "APPROVED", "ada") }, nobody},
		{"a workflow has", func() { h.review(p, "APPROVED", "github-actions") }, nobody},
		{"somebody who has left since has", func() { h.review(p, "APPROVED", "") }, nobody},
		{"somebody who may only read has", func() { h.review(p, "APPROVED", "reader") }, nobody},
		{"the approval was dismissed", func() {
			h.review(p, "APPROVED", "grace")
			h.review(p, "DISMISSED", "grace")
		}, nobody},
		{"the reviewer had second thoughts", func() {
			h.review(p, "APPROVED", "grace")
			h.review(p, "CHANGES_REQUESTED", "grace")
		}, nobody},
		{"it was approved before the plan", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["completed_at"] = h.now.Add(time.Second).Format(time.RFC3339)
		}, nobody},
		{"it was approved in the second of the plan", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["completed_at"] = h.now.Format(time.RFC3339)
		}, nobody},
		{"another commit of it was approved", func() {
			h.review(p, "APPROVED", "grace")
			p.reviews[0].commit = h.desk.main
		}, nobody},
		{"its last plan showed something else", func() {
			h.review(p, "APPROVED", "grace")
			h.desk.edit(firstID, "Edited")
			h.plan(p)
		}, nobody},
		{"its last plan failed", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["conclusion"], h.checkOf(p)["output"] = "failure", map[string]any{}
		}, failed},
		{"another app wrote the check run", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["app"] = map[string]string{"slug": "mallory"}
		}, unplanned},
		{"the check run is of another pull request", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["external_id"] = "8"
		}, unplanned},
		{"the check run is not done", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["status"] = "in_progress"
		}, unplanned},
		{"the check run holds something else", func() {
			h.review(p, "APPROVED", "grace")
			h.checkOf(p)["output"] = map[string]any{"text": "```\nlooks fine to me\n```"}
		}, failed},
		{"the draft was edited at the console since", func() {
			h.review(p, "APPROVED", "grace")
			h.desk.edit(firstID, "Edited")
		}, "is not what was approved"},
		{"it was merged into another branch", func() {
			h.review(p, "APPROVED", "grace")
			p.base = "release"
		}, "came by no pull request"},
		{"it was closed, and its commit pushed", func() {
			h.review(p, "APPROVED", "grace")
			p.merged = false
		}, "came by no pull request"},
	} {
		*p, h.entries["checks "+p.head] = asMerged, []map[string]any{maps.Clone(planned[0])}
		h.desk.edit(firstID, "Welcome")
		test.reviewed()
		h.refused(merged, test.says)
	}
	*p, h.entries["checks "+p.head] = asMerged, planned
	h.desk.edit(firstID, "Welcome")
	h.review(p, "APPROVED", "grace")
	if r := h.apply(merged); r.failed || h.desk.jobName(firstID) != "Welcome all" {
		t.Errorf("the review that does count is refused:\n%s", r.log)
	}
}

// TestGitHubRefusesWhatNobodySaw pushes what was not planned or not approved. Who has reviewed what is
// shown can apply it by hand.
func TestGitHubRefusesWhatNobodySaw(t *testing.T) {
	t.Parallel()
	more := welcome("Welcome, whoever you are")
	for _, test := range []struct {
		why     string
		prepare func(h *hub, p *pullRequest) event // after the plan and its approval
		says    string
	}{
		{"more was pushed, and planned", func(h *hub, p *pullRequest) event {
			h.push(p, more)
			h.plan(p)
			return h.merge("squash", p)
		}, "nobody with write access"},
		{"more was pushed and approved, and never planned", func(h *hub, p *pullRequest) event {
			h.push(p, more)
			h.review(p, "APPROVED", "grace")
			return h.merge("merge", p)
		}, "was not planned"},
		{"it was pushed directly", func(h *hub, p *pullRequest) event {
			delete(h.pulls, 7)
			return h.merge("squash", p)
		}, "came by no pull request"},
		{"the push was forced", func(h *hub, p *pullRequest) event {
			e := h.merge("squash", p)
			e.payload["forced"] = true
			return e
		}, "was forced"},
		{"the push has forgotten what was there", func(h *hub, p *pullRequest) event {
			e := h.merge("squash", p)
			e.payload["before"] = p.head
			return e
		}, "was forced"},
		{"the push made the branch", func(h *hub, p *pullRequest) event {
			e := h.merge("squash", p)
			e.payload["before"] = strings.Repeat("0", 40)
			return e
		}, "it made the branch"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			r := h.refused(test.prepare(h, h.shown(7, welcome("Welcome all"))), test.says)
			if by := h.byHand(r); by.failed || !strings.HasPrefix(h.desk.jobName(firstID), "Welcome") || h.desk.server.Count("PATCH") != 1 {
				t.Errorf("who has reviewed it cannot apply it by hand:\n%s", by.log)
			}
		})
	}
}

// TestGitHubTakesReviewsAsTheyCount has plans that are made again void no review, and a team that
// reviews by merging.
func TestGitHubTakesReviewsAsTheyCount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why     string
		prepare func(h *hub, p *pullRequest)
	}{
		{"the same was planned again after the review", func(h *hub, p *pullRequest) {
			h.review(p, "APPROVED", "grace")
			h.plan(p)
		}},
		{"a plan failed after the review, and the next showed the same", func(h *hub, p *pullRequest) {
			h.review(p, "APPROVED", "grace")
			h.secrets["FEISHU_PLAN_TOKEN"] = "u-nobody"
			h.plan(p)
			h.secrets["FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
			h.plan(p)
		}},
		{"somebody else wants changes, and the branch's rules let it be merged", func(h *hub, p *pullRequest) {
			h.review(p, "APPROVED", "grace")
			h.review(p, "CHANGES_REQUESTED", "alan")
		}},
		{"no review is asked for", func(h *hub, _ *pullRequest) { h.with["review"] = "none" }},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			p := h.open(7, welcome("Welcome all"))
			h.plan(p)
			test.prepare(h, p)
			if r := h.apply(h.merge("merge", p)); r.failed || h.desk.jobName(firstID) != "Welcome all" {
				t.Errorf("it is refused:\n%s", r.log)
			}
		})
	}
}

// TestGitHubPullRequestsDoNotMeet has two open at once, merged in either order, and a third that has
// nothing to do with the helpdesk.
func TestGitHubPullRequestsDoNotMeet(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{7, 8, 9}, {9, 8, 7}} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.shown(7, welcome("Welcome all"))
			h.shown(8, vpn("VPN of all"))
			h.plan(h.open(9, map[string]string{"README.md": "Hello"})) // which nobody has to approve
			for _, number := range order {
				if r := h.apply(h.merge("merge", h.pulls[number])); r.failed {
					t.Errorf("%d fails:\n%s", number, r.log)
				}
			}
			if first, second := h.desk.jobName(firstID), h.desk.jobName(secondID); first != "Welcome all" || second != "VPN of all" {
				t.Errorf("the helpdesk holds %q and %q", first, second)
			}
		})
	}
}

// TestGitHubSecondChangeOfOneDraft: both were planned from what the helpdesk held, so the second step
// is one that nobody saw.
func TestGitHubSecondChangeOfOneDraft(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	first := h.shown(7, map[string]string{"drafts/welcome.yaml": draftFile(firstID, "Welcome all", "Hello")})
	second := h.shown(8, map[string]string{"drafts/welcome.yaml": draftFile(firstID, "Welcome", reviewedText)})
	if r := h.apply(h.merge("squash", first)); r.failed {
		t.Fatalf("the first fails:\n%s", r.log)
	}
	merged := h.merge("merge", second)
	r := h.apply(merged)
	if !r.failed || h.desk.server.Count("PATCH") != 1 || !strings.Contains(r.log, "is not what was approved") {
		t.Fatalf("the second is applied:\n%s", r.log)
	}
	comments := h.posted("comments 8", "body")
	if last := comments[len(comments)-1]; !strings.Contains(last, "by hand with digest") {
		t.Errorf("its pull request is told %q", last)
	}
	if by := h.byHand(r); by.failed || h.desk.jobName(firstID) != "Welcome all" || h.desk.server.Count("PATCH") != 2 {
		t.Errorf("it cannot be applied by hand:\n%s", by.log)
	}
}

// TestGitHubRunsThatWait: three are merged while one applies, the last of them over the first. What
// main no longer says by the time that a run's turn has come is not written.
func TestGitHubRunsThatWait(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	var waiting []event
	waiting = append(waiting, h.merge("merge", h.shown(7, welcome("Welcome all"))))
	waiting = append(waiting, h.merge("squash", h.shown(8, vpn("VPN of all"))))
	waiting = append(waiting, h.merge("rebase", h.shown(9, welcome("Welcome, all of you"))))
	var failed []bool
	for _, e := range waiting {
		r := h.apply(e)
		if failed = append(failed, r.failed); len(failed) == 1 && !strings.Contains(r.log, "says something else of it") {
			t.Errorf("the first is applied:\n%s", r.log)
		}
	}
	if first, second := h.desk.jobName(firstID), h.desk.jobName(secondID); first != "Welcome, all of you" || second != "VPN of all" || h.desk.server.Count("PATCH") != 2 {
		t.Errorf("the helpdesk holds %q and %q", first, second)
	}
	if !slices.Equal(failed, []bool{true, false, false}) {
		t.Errorf("failed are %v", failed)
	}
}

// TestGitHubBlockedDraft has a pull request touch a draft that was sent: plan is red for it, and the
// other is approved and written all the same.
func TestGitHubBlockedDraft(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	if err := h.desk.server.Edit(secondID, func(n *sandbox.Notification) { n.Status = 2 }); err != nil {
		t.Fatal(err)
	}
	p := h.open(7, both())
	if r := h.plan(p); !r.failed || !strings.Contains(h.approvals(p.head), firstID) {
		t.Fatalf("the approvals are %q:\n%s", h.approvals(p.head), r.log)
	}
	h.review(p, "APPROVED", "grace")
	if r := h.apply(h.merge("squash", p)); !r.failed || h.desk.jobName(firstID) != "Welcome all" || h.desk.server.Count("PATCH") != 1 {
		t.Errorf("a blocked draft stops another:\n%s", r.log)
	}
}

// queued has GitHub make the temporary branches of a merge queue, one upon the other, and plans each.
func (h *hub) queued(pulls ...*pullRequest) (runs []ran) {
	h.t.Helper()
	d := h.desk
	d.git("checkout", "--quiet", "--detach", "main")
	var group []int // two groups of one second would have one commit else
	for _, p := range pulls {
		group = append(group, p.number)
	}
	for _, p := range pulls {
		base := d.git("rev-parse", "HEAD")
		d.git("merge", "--quiet", "--no-ff", "--message", fmt.Sprint("Queue ", group), p.head)
		sha := d.git("rev-parse", "HEAD")
		ref := fmt.Sprintf("refs/heads/gh-readonly-queue/main/pr-%d-%s", p.number, base)
		d.git("update-ref", ref, sha)
		runs = append(runs, h.run("plan", "plan", event{name: "merge_group", ref: ref, sha: sha, payload: map[string]any{"merge_group": map[string]any{
			"head_sha": sha, "head_ref": ref, "base_sha": base, "base_ref": "refs/heads/main",
		}}}))
		if got := h.checks(sha, "conclusion"); len(got) != 1 || (got[0] == "success") == runs[len(runs)-1].failed {
			h.t.Errorf("the queue sees %q of %d:\n%s", got, p.number, runs[len(runs)-1].log)
		}
	}
	d.git("checkout", "--quiet", "main")
	return runs
}

// TestGitHubMergeQueue verifies three entries, which then come in one push; and keeps out what was
// not approved, or what an earlier entry makes another step.
func TestGitHubMergeQueue(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	first, second := h.shown(7, welcome("Welcome all")), h.shown(8, vpn("VPN of all"))
	third := h.open(9, map[string]string{"README.md": "Hello"})
	h.plan(third)
	for i, r := range h.queued(first, second, third) {
		if r.failed {
			t.Errorf("entry %d fails:\n%s", i, r.log)
		}
	}
	over := h.shown(10, map[string]string{"drafts/welcome.yaml": "ext: '{}'\n" + draftFile(firstID, "Welcome", "Hello")})
	if r := h.queued(first, over)[1]; !r.failed || !strings.Contains(r.log, "says something else of it") {
		t.Errorf("a second step of one draft passes:\n%s", r.log)
	}
	unseen := h.open(11, vpn("VPN of nobody"))
	h.plan(unseen)
	if r := h.queued(unseen)[0]; !r.failed || !strings.Contains(r.log, "nobody with write access") {
		t.Errorf("what nobody has approved passes:\n%s", r.log)
	}
	h.desk.wantOnlyReads()
	if r := h.apply(h.merge("merge", first, second, third)); r.failed || h.desk.jobName(firstID) != "Welcome all" || h.desk.jobName(secondID) != "VPN of all" {
		t.Errorf("the group is not applied:\n%s", r.log)
	}
	for number, want := range map[int]int{7: 2, 8: 2, 9: 1} { // nothing was planned for the last
		if comments := h.posted(fmt.Sprintf("comments %d", number), "body"); len(comments) != want || !strings.Contains(comments[want-1], "2 applied") {
			t.Errorf("pull request %d is told %q", number, comments)
		}
	}
}

// TestGitHubRunsAgain repeats an apply that has failed for a draft, that has succeeded, and whose
// change was taken back since.
func TestGitHubRunsAgain(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	merged := h.merge("squash", h.shown(7, both()))
	h.desk.server.Fail(sandbox.Fault{Method: "PATCH", ID: secondID, Kind: sandbox.LeaveDraft}) // it comes back below
	half := h.apply(merged)
	if !half.failed || h.desk.jobName(firstID) != "Welcome all" || h.desk.jobName(secondID) != "VPN" {
		t.Fatalf("it is not half done:\n%s", half.log)
	}
	if err := h.desk.server.Edit(secondID, func(n *sandbox.Notification) { n.Status = 0 }); err != nil {
		t.Fatal(err)
	}
	token := h.secrets["FEISHU_APPLY_TOKEN"]
	h.secrets["FEISHU_APPLY_TOKEN"] = "u-sandbox-expired"
	if dead := h.apply(merged); !dead.failed || h.desk.jobName(secondID) != "VPN" || !strings.Contains(dead.log, "token") {
		t.Errorf("a dead token is not told:\n%s", dead.log)
	}
	h.secrets["FEISHU_APPLY_TOKEN"] = token
	if rest := h.apply(merged); rest.failed || h.desk.jobName(secondID) != "VPN of all" {
		t.Errorf("the rest is not done:\n%s", rest.log)
	}
	comments := h.posted("comments 7", "body")
	if len(comments) != 2 || !strings.Contains(comments[1], "1 applied, 1 unchanged") {
		t.Errorf("the pull request is told %q", comments)
	}
	h.desk.git("revert", "--no-edit", "HEAD")
	for _, id := range []string{firstID, secondID} { // as the revert's own apply has it
		h.desk.edit(id, map[string]string{firstID: "Welcome", secondID: "VPN"}[id])
	}
	writes := h.desk.server.Count("PATCH")
	if again := h.apply(merged); !again.failed || h.desk.server.Count("PATCH") != writes {
		t.Errorf("a run from before the revert restores what was taken back:\n%s", again.log)
	}
}

// TestGitHubForgetsWhatIsNoLongerPart runs again after main was reset by force.
func TestGitHubForgetsWhatIsNoLongerPart(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	merged := h.merge("merge", h.shown(7, welcome("Welcome all")))
	h.desk.git("tag", "kept") // GitHub still has the commit
	h.desk.git("reset", "--hard", "--quiet", h.desk.main)
	if r := h.apply(merged); !r.failed || h.desk.server.Count("PATCH") > 0 || !strings.Contains(r.log, "no longer part of main") {
		t.Errorf("what was taken back by force is applied:\n%s", r.log)
	}
	typed := dispatch(h, "sha256:"+strings.Repeat("0", 64), "")
	typed.sha = merged.sha
	if r := h.run("apply", "apply", typed); !r.failed || !strings.Contains(r.log, "has moved on") || h.desk.server.Count("PATCH") > 0 {
		t.Errorf("a run by hand for what main was is not refused:\n%s", r.log)
	}
}

// TestGitHubPlansNoForks: its job is red and no check run stands, so that no required check passes.
func TestGitHubPlansNoForks(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	p := h.open(7, welcome("Welcome all"))
	p.fork = true
	if r := h.plan(p); r.skipped || !r.failed || !strings.Contains(r.log, "from a fork is not planned") || len(h.called()) > 0 || h.desk.server.Count("") > 0 {
		t.Errorf("skipped is %t, failed is %t, GitHub was told %q:\n%s", r.skipped, r.failed, h.called(), r.log)
	}
	h.review(p, "APPROVED", "grace")
	if r := h.apply(h.merge("squash", p)); !r.failed || h.desk.server.Count("PATCH") > 0 || !strings.Contains(r.log, "was not planned") {
		t.Errorf("it is applied:\n%s", r.log)
	}
}

// TestGitHubCancelledJob cancels a job while the helpdesk does not answer. notiform gets the signals,
// and what it did is kept and told.
func TestGitHubCancelledJob(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	merged := h.merge("merge", h.shown(7, both()))
	written := make(chan struct{})
	h.desk.server.Fail(sandbox.Fault{Method: "PATCH", ID: secondID, Kind: sandbox.HangAfterCommit, Before: func(*sandbox.Notification) { close(written) }})
	h.cancel = written
	r := h.apply(merged)
	if !r.failed || !strings.Contains(r.artifacts["notiform-apply-1"]["result.json"], `"exit_code": 130`) {
		t.Errorf("there is no result:\n%s", r.log)
	}
	comments := h.posted("comments 7", "body")
	if len(comments) != 2 || !strings.Contains(comments[1], "unverified") && !strings.Contains(comments[1], "applied") {
		t.Errorf("the pull request is told %q", comments)
	}
	h.cancel = nil
	if rest := h.apply(merged); rest.failed || h.desk.jobName(firstID) != "Welcome all" || h.desk.jobName(secondID) != "VPN of all" {
		t.Errorf("the rest is not done:\n%s", rest.log)
	}
}

// TestGitHubAppliesOnMainOnly runs apply by hand elsewhere, and with what is no digest.
func TestGitHubAppliesOnMainOnly(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.merge("merge", h.shown(7, welcome("Welcome all")))
	elsewhere := dispatch(h, "sha256:"+strings.Repeat("0", 64), "")
	elsewhere.ref = "refs/heads/change"
	if r := h.run("apply", "apply", elsewhere); !r.skipped {
		t.Error("apply runs on a branch")
	}
	for _, typed := range [][2]string{
		{"sha256:" + strings.Repeat("0", 64), ""}, {"yes", ""}, {"sha256:$(id)", ""}, {" ", ""}, {"sha256:" + strings.Repeat("0", 64), "--upload-pack=id"},
	} {
		if r := h.run("apply", "apply", dispatch(h, typed[0], typed[1])); !r.failed || h.desk.server.Count("PATCH") > 0 || strings.Contains(r.log, "uid=") {
			t.Errorf("the digest %q is taken:\n%s", typed, r.log)
		}
	}
}
