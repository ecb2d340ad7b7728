package pipelines_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"notiform/feishu/sandbox"
)

// TestGitLabTwoMergeRequests wants two that touch two drafts to be applied in whichever order they
// are merged, and one that touches what another has changed since it was planned to be refused.
func TestGitLabTwoMergeRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first, second, third := l.planned(7, welcome("Welcome all")), l.planned(8, vpn("VPN, new")), l.planned(9, vpn("VPN, newer"))
	for _, r := range []*labRequest{first, second, third} {
		l.approve(r, theReviewer)
	}
	before, after := l.merge(second, "merge")
	l.want("the second is merged first", l.branch("push", before, after), 0, "Welcome", "VPN, new")
	before, after = l.merge(first, "squash")
	l.want("and the first then", l.branch("push", before, after), 0, "Welcome all", "VPN, new")
	before = after
	l.desk.git("merge", "--quiet", "--no-ff", "--strategy-option", "theirs", "--message", "Merge", third.SHA)
	after = l.desk.git("rev-parse", "main")
	third.State, third.Merge, third.commits = "merged", after, []string{after}
	out := l.want("the third was planned before", l.branch("push", before, after), 4, "Welcome all", "VPN, new")
	if text := l.said(third); !strings.Contains(text, "NOTIFORM_DIGEST="+digest.FindString(out)) || !strings.Contains(text, "NOTIFORM_BASE="+before) {
		t.Errorf("it is told\n%s", text)
	}
	for typed, want := range map[string]int{"sha256:" + strings.Repeat("0", 64): 4, "yes": 64, "$(id)": 64} {
		if out := l.want("another digest", l.byHand(after, typed, before), want, "Welcome all", "VPN, new"); strings.Contains(out, "uid=") {
			t.Errorf("the digest %q is run", typed)
		}
	}
	var reviewed string
	l.did(func() { reviewed = digest.FindString(third.notes[len(third.notes)-1].Body) })
	l.want("who has reviewed it applies it by hand", l.byHand(after, reviewed, before), 0, "Welcome all", "VPN, newer")
	l.desk.git("revert", "--no-edit", "--mainline", "1", after)
	l.desk.edit(secondID, "VPN, new")
	l.want("and not again after a revert", l.byHand(after, reviewed, before), 4, "Welcome all", "VPN, new")
}

// TestGitLabPushesOfSeveral wants a push of several merge requests to have the approvals of all, a
// push that waits to do its own part, and what has come without one to be refused.
func TestGitLabPushesOfSeveral(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first, second := l.planned(7, welcome("Welcome all")), l.planned(8, vpn("VPN, new"))
	l.approve(first, theReviewer)
	l.approve(second, theReviewer)
	start, middle := l.merge(first, "merge")
	_, end := l.merge(second, "squash")
	l.desk.write("drafts/vpn.yaml", draftFile(secondID, "VPN, directly", "Hello"))
	direct := l.desk.commit("A direct push")
	l.want("what waits does its part", l.branch("push", start, middle), 0, "Welcome all", "VPN")
	l.want("and leaves what the branch no longer says", l.branch("push", middle, end), 4, "Welcome all", "VPN")
	l.want("a direct push", l.branch("push", end, direct), 4, "Welcome all", "VPN")
	l.desk.git("reset", "--quiet", "--hard", end)
	l.desk.restore(firstID)
	if l.want("both in one push", l.branch("push", start, end), 0, "Welcome all", "VPN, new"); !strings.Contains(l.said(first), "exit code 0") {
		t.Errorf("the first is told\n%s", l.said(first))
	}
	l.desk.restore(firstID)
	l.want("the first push of a branch", l.branch("push", zeros, end), 4, "Welcome", "VPN, new")
	l.want("a forced push", l.branch("push", direct, end), 4, "Welcome", "VPN, new")
}

// TestGitLabRunsAgain wants a run that is repeated to do the rest, and nothing that the branch no
// longer says.
func TestGitLabRunsAgain(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	files := welcome("Welcome all")
	maps.Copy(files, vpn("VPN, new"))
	r := l.planned(7, files)
	l.approve(r, theReviewer)
	before, after := l.merge(r, "squash")
	push := l.branch("push", before, after)
	apply := l.vars["notiform/apply/FEISHU_APPLY_TOKEN"]
	l.vars["notiform/apply/FEISHU_APPLY_TOKEN"] = "u-ended"
	if l.want("the token is dead", push, 1, "Welcome", "VPN"); !strings.Contains(l.said(r), "exit code 1") {
		t.Errorf("the merge request is told\n%s", l.said(r))
	}
	l.vars["notiform/apply/FEISHU_APPLY_TOKEN"] = apply
	l.desk.server.Fail(sandbox.Fault{Method: http.MethodGet, ID: secondID, Kind: sandbox.Pass}, sandbox.Fault{
		Method: http.MethodGet, ID: secondID, Kind: sandbox.Pass, Before: func(n *sandbox.Notification) { n.JobName = "Edited" },
	})
	l.want("half of it", push, 5, "Welcome all", "Edited")
	l.desk.edit(secondID, "VPN")
	l.desk.write("notes.txt", "Somebody else's")
	l.desk.commit("Nothing of ours")
	l.want("the rest", push, 0, "Welcome all", "VPN, new")
	l.desk.restore(firstID)
	l.desk.git("revert", "--no-edit", after)
	l.want("after a revert", push, 4, "Welcome", "VPN, new")
	l.desk.git("reset", "--quiet", "--hard", before)
	l.want("after a forced push without it", push, 4, "Welcome", "VPN, new")
}

// TestGitLabCountsApprovals wants an approval to count only of what was shown, by somebody who may
// push and did not write it, and only what nobody has edited.
func TestGitLabCountsApprovals(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.open(7, welcome("Welcome all"))
	for range 120 {
		l.note(r, mallory, "\"}},{\"id\":1,\\ +1 </details>")
	}
	approvedEarly := map[string]any{"user": person{theReviewer, "early"}, "approved_at": l.tick()}
	if out, code := l.run("plan", l.pipeline(r, "detached")); code != 0 {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	plan := *r.notes[120]
	by := func(who int) map[string]any {
		return map[string]any{"user": person{who, "somebody"}, "approved_at": l.tick()}
	}
	_, after := l.merge(r, "squash")
	head := r.SHA
	for _, test := range []struct {
		why      string
		given    []map[string]any
		prepare  func(n *labNote)
		wantsLog string
	}{
		{"nobody has approved", nil, nil, "nobody has approved it"},
		{"it was approved before the plan", []map[string]any{approvedEarly}, nil, "early approved it at"},
		{"its author has", []map[string]any{by(theAuthor)}, nil, "its author"},
		{"the pipeline has", []map[string]any{by(theBot)}, nil, "only this account"},
		{"a reader has", []map[string]any{by(theReader)}, nil, "may not push"},
		{"somebody who is no member has", []map[string]any{by(mallory)}, nil, "may not push"},
		{"the time is not known", []map[string]any{{"user": person{theReviewer, "old"}}}, nil, "NOTIFORM_REVIEW=none"},
		{"the note was edited", []map[string]any{by(theReviewer)}, func(n *labNote) { n.UpdatedAt = l.tick() }, "edited at"},
		{"somebody else wrote the note", []map[string]any{by(theReviewer)}, func(n *labNote) { n.Author.ID = mallory }, "no plan"},
		{"the note quotes a plan", []map[string]any{by(theReviewer)}, func(n *labNote) { n.Body = "> " + n.Body }, "no plan"},
		{"the plan is of another helpdesk", []map[string]any{by(theReviewer)}, func(n *labNote) { n.Body = strings.Replace(n.Body, "helpdesk=", "helpdesk=hr", 1) }, "no plan"},
		{"more was pushed after the plan", []map[string]any{by(theReviewer)}, func(*labNote) { r.SHA = after }, "no plan"},
		{"the newest plan could not be approved", []map[string]any{by(theReviewer)}, func(n *labNote) {
			l.note(r, theBot, "<!-- notiform:plan helpdesk= sha="+head+"\n-->\n")
		}, ""},
		{"it was not merged", []map[string]any{by(theReviewer)}, func(*labNote) { r.State = "closed" }, "no merge request"},
		{"it was merged elsewhere", []map[string]any{by(theReviewer)}, func(*labNote) { r.Target = "release" }, "no merge request"},
		{"it was merged as another commit", []map[string]any{by(theReviewer)}, func(*labNote) { r.Squash = l.desk.main }, "no merge request"},
	} {
		kept := *r
		l.did(func() {
			note := plan
			r.notes, r.approvals = append(slices.Clone(kept.notes[:120]), &note), test.given
			if test.prepare != nil {
				test.prepare(&note)
			}
		})
		if approved, log := l.approved(after); strings.Contains(approved, "sha256:") || !strings.Contains(log, test.wantsLog) {
			t.Errorf("%s: approved is %q, and the log lacks %q:\n%s", test.why, approved, test.wantsLog, log)
		}
		l.did(func() { *r = kept })
	}
	l.did(func() {
		r.approvals = []map[string]any{by(theAuthor), by(theReviewer)}
		l.note(r, theBot, strings.ReplaceAll(plan.Body, "\n", "\r\n")) // planned again, the same
	})
	if approved, log := l.approved(after); approved != planNote.FindStringSubmatch(plan.Body)[1] || log != "" {
		t.Errorf("one of two counts, and a plan that says the same takes nothing from it: %q\n%s", approved, log)
	}
}

var planNote = regexp.MustCompile(`(?m)^(sha256:.*\n)`)

// TestGitLabProgram wants what it is not given to be said.
func TestGitLabProgram(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, test := range []struct {
		env  string
		args []string
		want string
	}{
		{"NOTIFORM_REVIEW=maybe", []string{"approved", "."}, `NOTIFORM_REVIEW is "maybe"`},
		{"NOTIFORM_HELPDESK=a b-->", []string{"approved", "."}, `NOTIFORM_HELPDESK is "a b-->"`},
		{"NOTIFORM_WAIT=long", []string{"approved", "."}, "NOTIFORM_WAIT"},
		{"NOTIFORM_GITLAB_TOKEN=", []string{"approved", "."}, "NOTIFORM_GITLAB_TOKEN is not set"},
		{"", []string{"plan"}, "usage: "},
		{"", nil, "usage: "},
	} {
		if out, code := l.program([]string{test.env}, "", test.args...); code != 1 || !strings.Contains(out, test.want) {
			t.Errorf("%q: exit %d, want %q:\n%s", test.args, code, test.want, out)
		}
	}
}

// TestGitLabBlockedDraft wants a draft that was sent already to hold up no other.
func TestGitLabBlockedDraft(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	if err := l.desk.server.SetStatus(secondID, 1); err != nil {
		t.Fatal(err)
	}
	r := l.open(7, both())
	if out, code := l.run("plan", l.pipeline(r, "detached")); code != 4 || !strings.Contains(l.said(r), "The rest can be approved") {
		t.Errorf("exit %d:\n%s\n%s", code, l.said(r), out)
	}
	l.approve(r, theReviewer)
	before, after := l.merge(r, "squash")
	l.want("the other", l.branch("push", before, after), 5, "Welcome all", "VPN")
}

// TestGitLabWithoutReviews wants NOTIFORM_REVIEW=none to ask for the plan alone.
func TestGitLabWithoutReviews(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.vars["NOTIFORM_REVIEW"] = "none"
	r := l.planned(7, welcome("Welcome all"))
	before, after := l.merge(r, "merge")
	l.desk.edit(firstID, "Edited at the console")
	l.want("an edit at the console since", l.branch("push", before, after), 4, "Edited at the console", "VPN")
	l.desk.edit(firstID, "Welcome")
	l.want("planned is enough", l.branch("push", before, after), 0, "Welcome all", "VPN")
}

// TestGitLabTrainVerifies wants a merge train to pass with what was approved, and to say nothing.
func TestGitLabTrainVerifies(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.planned(7, map[string]string{"drafts/welcome.yaml": draftFile(firstID, "Welcome all", "Hello")})
	verify := func(why string, want int) {
		t.Helper()
		if out, code := l.run("plan", l.pipeline(r, "merge_train")); code != want {
			t.Errorf("%s: exit %d, want %d:\n%s", why, code, want, out)
		}
	}
	l.called()
	verify("it is not approved", 4)
	l.approve(r, theReviewer)
	verify("it is", 0)
	l.desk.write("drafts/welcome.yaml", draftFile(firstID, "Welcome", "Hello from an entry before"))
	l.desk.commit("An entry before it, which is not applied")
	verify("an entry before it changes the same draft", 4)
	if calls := l.called(); len(calls) > 0 {
		t.Errorf("a train says %q", calls)
	}
}

// TestGitLabCancelledJob has somebody cancel the job while notiform writes: the runner ends every
// process in the container, and after some seconds the container.
func TestGitLabCancelledJob(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	files := welcome("Welcome all")
	maps.Copy(files, vpn("VPN, new"))
	r := l.planned(7, files)
	l.approve(r, theReviewer)
	before, after := l.merge(r, "squash")
	l.desk.server.Fail(
		sandbox.Fault{Method: http.MethodGet, ID: secondID, Kind: sandbox.Pass},              // to plan
		sandbox.Fault{Method: http.MethodGet, ID: secondID, Kind: sandbox.Slow, Value: "3s"}, // to see that nothing has moved
		sandbox.Fault{Method: http.MethodPatch, ID: firstID, Kind: sandbox.Slow, Value: "2s", Before: func(*sandbox.Notification) {
			job := <-l.running
			signalGroup(job, syscall.SIGTERM)
			time.AfterFunc(10*time.Second, func() { signalGroup(job, syscall.SIGKILL) })
			l.running <- job
		}})
	out := l.want("cancelled", l.branch("push", before, after), 1, "Welcome all", "VPN")
	for _, want := range []string{`"exit_code": 130`, `"applied": 1`, `"not_attempted": 1`} {
		if !strings.Contains(l.out("result.json"), want) {
			t.Errorf("the result lacks %s:\n%s", want, out)
		}
	}
	if !strings.Contains(l.said(r), "exit code 130") {
		t.Errorf("the merge request is told\n%s", l.said(r))
	}
	l.want("run again, it does the rest", l.branch("push", before, after), 0, "Welcome all", "VPN, new")
}
