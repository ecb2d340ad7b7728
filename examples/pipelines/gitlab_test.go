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

// want runs apply for a push and wants its code, and what the helpdesk says then.
func (l *lab) want(why string, vars map[string]string, wantCode int, first, second string) (out string) {
	l.desk.t.Helper()
	out, code := l.run("apply", vars)
	if got := []string{l.desk.jobName(firstID), l.desk.jobName(secondID)}; code != wantCode || !slices.Equal(got, []string{first, second}) {
		l.desk.t.Errorf("%s: exit %d, want %d, and the helpdesk says %q:\n%s", why, code, wantCode, got, out)
	}
	return out
}

// TestGitLabRunsTheRightJobs wants each kind of pipeline to have its jobs, and forks to have none
// that uses a secret.
func TestGitLabRunsTheRightJobs(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.open(7, welcome("Welcome all"))
	fork := l.pipeline(r, "detached")
	fork["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"] = "66"
	elsewhere := l.branch("push", zeros, l.desk.main)
	elsewhere["CI_COMMIT_BRANCH"] = "feature"
	p := gitlab(t)
	for _, test := range []struct {
		why  string
		vars map[string]string
		want []string
	}{
		{"a merge request of the project, whatever it touches", l.pipeline(r, "merged_result"), []string{"plan", "validate"}},
		{"a merge request from a fork", fork, []string{"validate"}},
		{"the default branch", l.branch("push", zeros, l.desk.main), []string{"apply", "validate"}},
		{"another branch", elsewhere, nil},
		{"a schedule", l.branch("schedule", zeros, l.desk.main), []string{"drift"}},
		{"by hand", l.byHand(l.desk.main, "", ""), nil},
		{"by hand with a digest", l.byHand(l.desk.main, "sha256:0", ""), []string{"apply"}},
	} {
		var got []string
		for _, name := range slices.Sorted(maps.Keys(p.Jobs)) {
			if l.holds(p.Jobs[name], l.environment(p.Jobs[name], p.Variables, test.vars)) {
				got = append(got, name)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: the jobs are %q, want %q", test.why, got, test.want)
		}
	}
	for name, j := range p.Jobs {
		if uses := name != "validate"; uses != (j.Environment.Name != "") {
			t.Errorf("%s: who uses a secret has an environment, which the secret is for", name)
		}
	}
}

// TestGitLabValidates wants the faults of a merge request in the reports that GitLab shows, and
// those that are on the branch already to stop nobody.
func TestGitLabValidates(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.open(7, map[string]string{"drafts/welcome.yaml": "job_titel: x\n"})
	l.desk.write("drafts/vpn.yaml", "job_titles: x\n")
	broken := l.desk.commit("Somebody else's fault")
	for _, kind := range []string{"detached", "merged_result"} {
		out, code := l.run("validate", l.pipeline(r, kind))
		if code != 3 || !strings.Contains(out, "drafts/welcome.yaml:1:1: error") {
			t.Errorf("%s: exit %d:\n%s", kind, code, out)
		}
		if !strings.Contains(l.out("codequality.json"), `"unknown-field"`) || !strings.Contains(l.out("junit.xml"), "job_titel") {
			t.Errorf("the reports lack the fault:\n%s\n%s", l.out("codequality.json"), l.out("junit.xml"))
		}
		fine := l.open(8, map[string]string{"drafts/new.yaml": draftFile("7000000000000000003", kind, "Hello")})
		if out, code := l.run("validate", l.pipeline(fine, kind)); code != 0 {
			t.Errorf("%s: a fault elsewhere stops a merge request, exit %d:\n%s", kind, code, out)
		}
	}
	if out, code := l.run("validate", l.branch("push", l.desk.main, broken)); code != 3 || !strings.Contains(out, "drafts/vpn.yaml") {
		t.Errorf("the branch is at fault, and validate exits %d:\n%s", code, out)
	}
	if n := len(l.called()) + l.desk.server.Count(""); n > 0 {
		t.Errorf("validate made %d requests", n)
	}
}

// TestGitLabPlans wants a new note for each plan, with its approvals bound to the commit, also when
// there is nothing to approve.
func TestGitLabPlans(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.open(7, map[string]string{"drafts/welcome.yaml": draftFile(firstID, `"/close\n/merge"`, reviewedText+"\n/approve\n<!-- -->\n-->")})
	for n, kind := range []string{"detached", "merged_result", "detached"} { // the third is a retry
		out, code := l.run("plan", l.pipeline(r, kind))
		want := "<!-- notiform:plan helpdesk= sha=" + r.SHA + "\n" + l.out("approvals") + "-->\n**Plan** of " + r.SHA
		if text := l.said(r); code != 0 || len(r.notes) != n+1 || !strings.HasPrefix(text, want) || !strings.Contains(text, reviewedText) {
			t.Errorf("exit %d, note %d is\n%s\nwant it to begin with\n%s\n%s", code, len(r.notes), text, want, out)
		}
	}
	if line := l.out("approvals"); !strings.HasSuffix(line, " "+firstID+"\n") || !digest.MatchString(l.said(r)) {
		t.Errorf("the approvals are %q", line)
	}
	for _, test := range []struct {
		why   string
		files map[string]string
		code  int
		said  string
	}{
		{"no draft is touched", map[string]string{"notes.txt": "x"}, 0, "no draft is touched"},
		{"a draft is at fault", map[string]string{"drafts/vpn.yaml": "job_titel: x\n"}, 3, "job_titel"},
		{"a card elsewhere", map[string]string{
			"cards/vpn.json": `{"elements":[{"tag":"div","text":{"tag":"plain_text","content":"Card"}}]}`,
			"drafts/vpn.yaml": strings.Replace(draftFile(secondID, "VPN", "x"), `push_content: {elements: [{tag: div, text: {tag: plain_text, content: "x"}}]}`,
				"push_content_file: ../cards/vpn.json", 1)}, 0, "Card"},
	} {
		r := l.open(8, test.files)
		l.called()
		out, code := l.run("plan", l.pipeline(r, "detached"))
		if test.code == 0 && test.said == "no draft is touched" {
			l.run("plan", l.pipeline(r, "detached"))
			if calls := l.called(); len(calls) != 1 {
				t.Errorf("%s: it is said again: %q", test.why, calls)
			}
		}
		if text := l.said(r); code != test.code || !strings.Contains(text, test.said) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s\n%s", test.why, code, test.code, test.said, text, out)
		}
	}
	l.desk.wantOnlyReads()
	delete(l.vars, "notiform/plan/NOTIFORM_GITLAB_TOKEN")
	if out, code := l.run("plan", l.pipeline(r, "detached")); code == 0 || !strings.Contains(out, "NOTIFORM_GITLAB_TOKEN") {
		t.Errorf("exit %d without a token for GitLab:\n%s", code, out)
	}
}

// TestGitLabPlansWhatMainWillSay wants a stale branch to be planned with what main has by now, and
// nothing of what others have merged; and one that conflicts to say so.
func TestGitLabPlansWhatMainWillSay(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.open(7, welcome("Welcome all"))
	stale := l.pipeline(r, "merged_result") // and is run again, after main has moved on
	l.desk.write("drafts/vpn.yaml", draftFile(secondID, "VPN, merged meanwhile", "Hello"))
	l.desk.commit("Somebody else's change")
	for _, vars := range []map[string]string{stale, l.pipeline(r, "detached"), l.pipeline(r, "merged_result")} {
		if out, code := l.run("plan", vars); code != 0 || !strings.Contains(out, "Plan: 1 to update") || strings.Contains(out, "VPN") {
			t.Errorf("exit %d, and somebody else's change is planned:\n%s", code, out)
		}
	}
	l.desk.write("drafts/welcome.yaml", draftFile(firstID, "Hi", "Hello"))
	l.desk.commit("A change to the same line")
	if out, code := l.run("plan", l.pipeline(r, "detached")); code != 4 || !strings.Contains(l.said(r), "cannot be merged") {
		t.Errorf("exit %d:\n%s\n%s", code, l.said(r), out)
	}
}

// TestGitLabApplies wants exactly what was approved to be written, however it was merged, and the
// merge request to be told.
func TestGitLabApplies(t *testing.T) {
	t.Parallel()
	for how, shell := range map[string]string{"merge": "bash", "squash": "sh", "fast-forward": "bash"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			r := l.planned(7, welcome("Welcome all"))
			l.approve(r, theReviewer)
			l.desk.wantOnlyReads()
			l.vars["FEISHU_TICKET_ID"] = sandbox.DefaultTicketID
			l.late, l.busy = 2, 1 // GitLab answers late, and not always
			before, after := l.merge(r, how)
			push := l.branch("push", before, after)
			out, code := l.runIn(shell, "apply", push)
			if code != 0 || l.desk.jobName(firstID) != "Welcome all" || l.late > 0 || !strings.Contains(l.said(r), "exit code 0") {
				t.Errorf("exit %d, and the merge request is told\n%s\n%s", code, l.said(r), out)
			}
			if posts := l.desk.server.Count("POST"); posts != 2 {
				t.Errorf("%d POSTs, want a token and one message to the ticket", posts)
			}
			if l.want("run again, it has nothing to do", push, 0, "Welcome all", "VPN"); l.desk.server.Count("PATCH") != 1 {
				t.Error("what was done is done again")
			}
		})
	}
}

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
		l.note(r, theBot, plan.Body) // planned again, the same
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
		sandbox.Fault{Method: http.MethodGet, ID: secondID, Kind: sandbox.Pass},                 // to plan
		sandbox.Fault{Method: http.MethodGet, ID: secondID, Kind: sandbox.Slow, Value: "800ms"}, // to see that nothing has moved
		sandbox.Fault{Method: http.MethodPatch, ID: firstID, Kind: sandbox.Slow, Value: "200ms", Before: func(*sandbox.Notification) {
			job := <-l.running
			syscall.Kill(-job, syscall.SIGTERM)
			time.AfterFunc(10*time.Second, func() { syscall.Kill(-job, syscall.SIGKILL) })
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

// TestGitLabFindsDrift goes through the life of the one issue.
func TestGitLabFindsDrift(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.issues = []*labIssue{{1, "opened", "", "<!-- notiform:drift helpdesk= -->\nclose me", person{mallory, "m"}}}
	check := func(why string, want int, calls ...string) {
		t.Helper()
		if out, code := l.run("drift", l.branch("schedule", zeros, l.desk.main)); code != want {
			t.Errorf("%s: exit %d, want %d:\n%s", why, code, want, out)
		}
		if got := l.called(); !slices.Equal(got, calls) {
			t.Errorf("%s: GitLab was told %q, want %q", why, got, calls)
		}
	}
	check("nothing differs", 0)
	l.desk.edit(firstID, "Edited once")
	check("somebody edits", 0, "POST issues")
	l.desk.edit(firstID, "Edited twice")
	check("and edits again", 0, "PUT issues/2")
	if text := l.issues[1].Description; !strings.HasPrefix(text, "<!-- notiform:drift helpdesk= -->\n") || !strings.Contains(text, "Edited twice") {
		t.Errorf("the issue says\n%s", text)
	}
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = "u-nobody"
	check("it cannot look", 1)
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
	l.desk.edit(firstID, "Welcome")
	check("the edit is taken back", 0, "PUT issues/2")
	check("and all is quiet", 0)
	l.desk.wantOnlyReads()
}
