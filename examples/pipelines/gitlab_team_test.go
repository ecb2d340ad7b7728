package pipelines_test

import (
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// kept has main say what belongs to the team.
func (l *lab) kept(text string) {
	l.desk.t.Helper()
	l.desk.write(".notiform.yaml", text)
	l.desk.main = l.desk.commit("Say what belongs to the team")
}

// TestGitLabGuardsOfTheTeam has a merge request loosen a guard for itself, and reach everybody with
// and without the label that allows it.
func TestGitLabGuardsOfTheTeam(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	if err := l.desk.server.Edit(firstID, func(n *sandbox.Notification) {
		n.PushScopeType, n.UserList = 2, []sandbox.User{{UserID: "ou_a"}}
	}); err != nil {
		t.Fatal(err)
	}
	wide := draftFile(firstID, "Welcome", "Hello")
	l.desk.write("drafts/welcome.yaml", strings.Replace(wide, "all_members", "selected_members\nuser_list: [ou_a]", 1))
	l.kept("guards: {protected_audiences: [all_members], max_changes: 1}\n")
	plan := func(why string, r *labRequest, want int, said string) {
		t.Helper()
		if out, code := l.run("plan", l.pipeline(r, "merged_result")); code != want || !strings.Contains(l.said(r), said) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s\n%s", why, code, want, said, l.said(r), out)
		}
	}
	loosened := both()
	loosened[".notiform.yaml"] = "guards: {}\n"
	r := l.open(7, loosened)
	plan("a guard is loosened by the merge request that meets it", r, 4, "2 drafts would change")
	l.approve(r, theReviewer)
	r = l.open(8, map[string]string{"drafts/welcome.yaml": wide})
	plan("everybody would be reached", r, 4, "all_members")
	r.labels = "bug,allow-audience all_members,allow-audience $(id)"
	l.approve(r, theReviewer)
	_, squash := l.merge(r, "squash")
	push := l.branch("push", l.desk.main, squash)
	l.want("a label that no plan saw allows nothing", push, 4, "Welcome", "VPN")
	l.desk.git("reset", "--quiet", "--hard", l.desk.main)
	plan("the label was there", r, 0, "allow-audience all_members\nsha256:")
	r.labels = ""
	l.approve(r, theReviewer)
	l.desk.git("reset", "--quiet", "--hard", squash)
	l.want("and apply looks at none", push, 0, "Welcome", "VPN")
	if n, _ := l.desk.server.Notification(firstID); n.PushScopeType != 0 {
		t.Error("not everybody is reached")
	}
}

// TestGitLabTwoHelpdesks has the jobs that README.md shows: notes and issues are told apart by name,
// and each job writes its own drafts.
func TestGitLabTwoHelpdesks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.job = "variables: {DRAFTS: \"\", NOTIFORM_HELPDESK: it}\n" + fence.FindAllStringSubmatch(string(recipe(t, "README.md")), -1)[1][1]
	for name, value := range l.vars {
		if job, ok := strings.CutPrefix(name, "notiform/"); ok {
			l.vars["notiform/hr/"+job] = value
		}
	}
	l.desk.git("mv", "drafts", "it")
	l.desk.git("rm", "--quiet", "--force", "it/vpn.yaml")
	l.desk.write("hr/vpn.yaml", draftFile(secondID, "VPN", "Hello"))
	id := sandbox.DefaultHelpdeskID
	l.kept("helpdesks:\n  it: {helpdesk_id: \"" + id + "\", paths: [it]}\n  hr: {helpdesk_id: \"" + id + "\", paths: [hr]}\n")
	r := l.open(7, map[string]string{"it/welcome.yaml": draftFile(firstID, "Welcome all", reviewedText)})
	for _, name := range []string{"plan", "plan-hr"} {
		if out, code := l.run(name, l.pipeline(r, "detached")); code != 0 {
			t.Fatalf("%s exits %d:\n%s", name, code, out)
		}
	}
	if first, second := r.notes[0].Body, r.notes[1].Body; !strings.HasPrefix(first, "<!-- notiform:plan helpdesk=it ") ||
		!strings.HasPrefix(second, "<!-- notiform:plan helpdesk=hr ") || !strings.Contains(second, "nothing to approve") {
		t.Errorf("the notes are\n%s\n%s", first, second)
	}
	if out, code := l.run("validate", l.pipeline(r, "detached")); code != 0 {
		t.Errorf("validate exits %d:\n%s", code, out)
	}
	l.approve(r, theReviewer)
	before, after := l.merge(r, "squash")
	l.desk.edit(secondID, "Edited")
	for _, job := range []struct{ name, first string }{{"apply-hr", "Welcome"}, {"apply", "Welcome all"}} {
		if out, code := l.run(job.name, l.branch("push", before, after)); code != 0 || l.desk.jobName(firstID) != job.first {
			t.Errorf("%s: exit %d:\n%s", job.name, code, out)
		}
	}
	l.desk.edit(firstID, "Edited")
	l.called()
	for _, name := range []string{"drift-hr", "drift", "drift-hr"} {
		if out, code := l.run(name, l.branch("schedule", zeros, after)); code != 0 {
			t.Errorf("%s exits %d:\n%s", name, code, out)
		}
	}
	if calls := l.called(); !slices.Equal(calls, []string{"POST issues", "POST issues", "PUT issues/1"}) || !strings.HasPrefix(l.issues[1].Title, "it: ") {
		t.Errorf("GitLab was told %q", calls)
	}
}
