package pipelines_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

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
	hourly := l.branch("schedule", zeros, l.desk.main)
	hourly["NOTIFORM_SCHEDULE"] = "refresh"
	forAll := l.byHand(l.desk.main, "", "")
	forAll["NOTIFORM_CREATE_AUDIENCE"] = "all_members"
	p := gitlab(t)
	for _, test := range []struct {
		why  string
		vars map[string]string
		want []string
	}{
		{"a merge request of the project, whatever it touches", l.pipeline(r, "merged_result"), []string{"plan", "validate"}},
		{"a merge request from a fork", fork, []string{"validate"}},
		{"the default branch", l.branch("push", zeros, l.desk.main), []string{"apply", "create", "validate"}},
		{"another branch", elsewhere, nil},
		{"a schedule", l.branch("schedule", zeros, l.desk.main), []string{"drift"}},
		{"the schedule of the refresher", hourly, []string{"refresh"}},
		{"by hand", l.byHand(l.desk.main, "", ""), nil},
		{"by hand for an audience", forAll, []string{"create"}},
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
		text := l.said(r)
		if code != test.code || !strings.Contains(text, test.said) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s\n%s", test.why, code, test.code, test.said, text, out)
		}
		l.wantCards(test.why, text)
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
			l.wantCards("an apply", l.said(r))
			if posts := l.desk.server.Count("POST"); posts != 2 {
				t.Errorf("%d POSTs, want a token and one message to the ticket", posts)
			}
			if l.want("run again, it has nothing to do", push, 0, "Welcome all", "VPN"); l.desk.server.Count("PATCH") != 1 {
				t.Error("what was done is done again")
			}
		})
	}
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
	l.wantCards("drift", l.issues[1].Description)
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = "u-nobody"
	check("it cannot look", 1)
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
	l.desk.edit(firstID, "Welcome")
	check("the edit is taken back", 0, "PUT issues/2")
	check("and all is quiet", 0)
	l.desk.wantOnlyReads()
}
