package pipelines_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// lab is GitLab for one project.
type lab struct {
	*forge
	desk *desk
	vars map[string]string // of the project, by environment: "name" for all, "environment/name" for one
	last string            // the work tree of the last job
}

// notiformSource is a repository that the recipe can fetch notiform from: with the scripts of the
// recipes, and a commit.
func notiformSource(t *testing.T, d *desk) (repository, commit string) {
	t.Helper()
	repository = filepath.Join(t.TempDir(), "notiform")
	d.git("init", "--quiet", "--initial-branch=main", repository)
	standIn(t, repository)
	d.gitIn(repository, "add", "--all")
	d.gitIn(repository, "commit", "--quiet", "--message", "notiform")
	return repository, d.gitIn(repository, "rev-parse", "HEAD")
}

// standIn makes a module that takes notiform's place: so small that building it costs little.
func standIn(t *testing.T, dir string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(dir, "examples", "pipelines"), os.DirFS(pipelines(t))); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"go.mod": "module notiform\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() { println(\"built\") }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func newLab(t *testing.T, switches ...string) *lab {
	t.Helper()
	d := newDesk(t, switches...)
	l := &lab{forge: newForge(t, d.notiform, gitlabToken), desk: d}
	l.handle = l.gitlab
	l.vars = map[string]string{}
	for _, setting := range d.server.Env(d.url) {
		name, value, _ := strings.Cut(setting, "=")
		l.vars[name] = value
	}
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
	l.vars["notiform/apply/FEISHU_APPLY_TOKEN"] = l.vars["FEISHU_USER_ACCESS_TOKEN"]
	for _, name := range []string{"FEISHU_HELPDESK_TOKEN", "FEISHU_APP_SECRET", "NOTIFORM_GITLAB_TOKEN"} {
		value := l.vars[name]
		if name == "NOTIFORM_GITLAB_TOKEN" {
			value = gitlabToken
		}
		delete(l.vars, name)
		for _, environment := range []string{"plan", "apply", "refresh"} {
			l.vars["notiform/"+environment+"/"+name] = value
		}
	}
	delete(l.vars, "FEISHU_USER_ACCESS_TOKEN")
	l.vars["NOTIFORM_REPOSITORY"], l.vars["NOTIFORM_COMMIT"] = notiformSource(t, d)
	return l
}

// jobs are those of the pipeline whose rules hold for its variables. The conditions are written so
// that bash reads them as GitLab does.
func (l *lab) jobs(predefined map[string]string) []string {
	l.desk.t.Helper()
	p := gitlab(l.desk.t)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p.Jobs)) {
		holds := slices.ContainsFunc(p.Jobs[name].Rules, func(r gitlabRule) bool {
			out, code := l.desk.script(l.desk.origin, environ(predefined), "/bin/bash", "-c", "[[ "+r.If+" ]]")
			if code > 1 {
				l.desk.t.Fatalf("%s: %s: %s", name, r.If, out)
			}
			return code == 0
		})
		if holds {
			names = append(names, name)
		}
	}
	return names
}

// mergeRequest are the variables of the pipeline of merge request 7.
func (l *lab) mergeRequest(head, project string) map[string]string {
	return map[string]string{
		"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": project,
		"CI_COMMIT_SHA": head, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_ID": "5",
	}
}

func (l *lab) branch(source, before, after string) map[string]string {
	return map[string]string{
		"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_ID": "5",
		"CI_COMMIT_SHA": after, "CI_COMMIT_BEFORE_SHA": before,
	}
}

// run runs a job as GitLab's runner does, in bash as in the image that the recipe names.
func (l *lab) run(name string, predefined map[string]string) (out string, code int) {
	return l.runIn("bash", name, predefined)
}

func (l *lab) runIn(shell, name string, predefined map[string]string) (out string, code int) {
	t := l.desk.t
	t.Helper()
	p := gitlab(t)
	j := p.Jobs[name]
	if !slices.Contains(l.jobs(predefined), name) {
		t.Fatalf("%s does not run for %v", name, predefined)
	}
	env := maps.Clone(p.Variables)
	for name, value := range l.vars {
		if scoped, ok := strings.CutPrefix(name, j.Environment.Name+"/"); ok && j.Environment.Name != "" {
			env[scoped] = value
		} else if !strings.Contains(name, "/") {
			env[name] = value
		}
	}
	maps.Copy(env, predefined)
	env["PATH"], env["HOME"], env["CI_API_V4_URL"] = l.stubs+":"+os.Getenv("PATH"), l.desk.home, "http://gitlab.test/api/v4"
	l.last = filepath.Join(t.TempDir(), "build")
	l.desk.git("clone", "--quiet", "--no-checkout", l.desk.origin, l.last)
	l.desk.gitIn(l.last, "fetch", "--quiet", "origin", env["CI_COMMIT_SHA"])
	l.desk.gitIn(l.last, "checkout", "--quiet", "--detach", env["CI_COMMIT_SHA"])
	options := []string{"-e"}
	if shell == "bash" {
		options = []string{"-eo", "pipefail"}
	}
	script := strings.Join(slices.Concat(j.BeforeScript, j.Script), "\n")
	l.made()
	out, code = l.desk.script(l.last, environ(env), append(append([]string{shell}, options...), "-c", script)...)
	l.made()
	l.desk.wantNoSecrets("the log", out)
	l.desk.wantNoSecrets("a call to GitLab", l.everything())
	l.desk.wantNoSecretFiles(filepath.Join(l.last, ".notiform", "out"))
	for kind, file := range j.Artifacts.Reports {
		if _, err := os.Stat(filepath.Join(l.last, file)); err != nil && code < 4 {
			t.Errorf("%s reports %s: %v", name, kind, err)
		}
	}
	return out, code
}

func (l *lab) out(name string) string {
	l.desk.t.Helper()
	return readFile(l.desk.t, filepath.Join(l.last, ".notiform", "out", name))
}

// gitlab answers as GitLab's API does, in pages.
func (l *lab) gitlab(c forgeCall) (answer any, code int) {
	const me = 9
	part := strings.Split(strings.TrimPrefix(c.path, "projects/5/"), "/")
	body := func() map[string]any {
		entry := map[string]any{"author": map[string]any{"id": me}, "state": "opened"}
		for name, value := range c.fields {
			entry[name] = value
		}
		return entry
	}
	switch form := c.method + " " + part[0] + strconv.Itoa(len(part)); form {
	case "GET user1":
		return map[string]any{"id": me, "username": "project_5_bot"}, 0
	case "GET repository4":
		return page(l.entries["commits "+part[2]], c), 0
	case "GET merge_requests3":
		return page(l.entries["notes "+part[1]], c), 0
	case "POST merge_requests3":
		return l.add("notes "+part[1], body()), 0
	case "PUT merge_requests4":
		return l.replace("notes "+part[1], "id", part[3], c.fields)
	case "GET issues1":
		return page(slices.DeleteFunc(slices.Clone(l.entries["issues"]), func(e map[string]any) bool { return e["state"] != "opened" }), c), 0
	case "POST issues1":
		entry := body()
		entry["iid"] = len(l.entries["issues"]) + 1
		return l.add("issues", entry), 0
	case "PUT issues2":
		if c.fields["state_event"] == "close" {
			c.fields["state"] = "closed"
		}
		return l.replace("issues", "iid", part[1], c.fields)
	}
	l.t.Errorf("GitLab has no %s", c)
	return nil, 22
}

// page is the page of a list that was asked for, never null.
func page(list []map[string]any, c forgeCall) []map[string]any {
	size := pageSize(c.query)
	n, _ := strconv.Atoi(c.query.Get("page"))
	from := min(len(list), (n-1)*size)
	return append([]map[string]any{}, list[from:min(len(list), from+size)]...)
}

// TestGitLabRunsTheRightJobs wants each kind of pipeline to have its jobs, and forks to have none
// that uses a secret.
func TestGitLabRunsTheRightJobs(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	byHand := l.branch("web", "", l.desk.main)
	withDigest := l.branch("web", "", l.desk.main)
	withDigest["NOTIFORM_DIGEST"] = "sha256:0"
	elsewhere := l.branch("push", "", l.desk.main)
	elsewhere["CI_COMMIT_BRANCH"] = "feature"
	hourly := l.branch("schedule", "", l.desk.main)
	hourly["NOTIFORM_SCHEDULE"] = "refresh"
	for _, test := range []struct {
		why  string
		vars map[string]string
		want []string
	}{
		{"a merge request of the project", l.mergeRequest(l.desk.main, "5"), []string{"plan", "validate"}},
		{"a merge request from a fork", l.mergeRequest(l.desk.main, "66"), []string{"validate"}},
		{"the default branch", l.branch("push", "", l.desk.main), []string{"apply", "validate"}},
		{"another branch", elsewhere, nil},
		{"a schedule", l.branch("schedule", "", l.desk.main), []string{"drift"}},
		{"the schedule of the refresher", hourly, []string{"refresh"}},
		{"by hand", byHand, nil},
		{"by hand with a digest", withDigest, []string{"apply"}},
	} {
		if got := l.jobs(test.vars); !slices.Equal(got, test.want) {
			t.Errorf("%s: the jobs are %q, want %q", test.why, got, test.want)
		}
	}
	for name, j := range gitlab(t).Jobs {
		if uses := strings.Contains(strings.Join(j.Script, "\n"), "_TOKEN"); uses != (j.Environment.Name != "") {
			t.Errorf("%s: who uses a secret has an environment, which the secret is for", name)
		}
	}
}

// TestGitLabValidates wants the faults in the reports that GitLab shows.
func TestGitLabValidates(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	head, _ := l.desk.change("job_titel: x\n")
	out, code := l.run("validate", l.mergeRequest(head, "66"))
	if code != 3 || !strings.Contains(out, "drafts/welcome.yaml:1:1: error") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	if !strings.Contains(l.out("codequality.json"), `"unknown-field"`) || !strings.Contains(l.out("junit.xml"), "job_titel") {
		t.Errorf("the reports lack the fault:\n%s\n%s", l.out("codequality.json"), l.out("junit.xml"))
	}
	if n := len(l.calls) + l.desk.server.Count(""); n > 0 {
		t.Errorf("validate made %d requests", n)
	}
}

// mergedInLab is a lab whose merge request 7 was planned and squashed into main.
func mergedInLab(t *testing.T) (l *lab, squash string) {
	t.Helper()
	l = newLab(t)
	head, _ := l.desk.change(draftFile(firstID, "Welcome all", reviewedText))
	if out, code := l.run("plan", l.mergeRequest(head, "5")); code != 0 {
		t.Fatalf("the plan exits %d:\n%s", code, out)
	}
	l.desk.wantOnlyReads()
	squash = l.desk.squash()
	l.entries["commits "+squash] = []map[string]any{
		{"iid": 6, "sha": head, "state": "merged", "target_branch": "release", "merge_commit_sha": squash},
		{"iid": 7, "sha": head, "state": "merged", "target_branch": "main", "merge_commit_sha": nil, "squash_commit_sha": squash},
	}
	return l, squash
}

// TestGitLabPlans wants one note with the plan, told by marker and author, and the digest as a
// variable.
func TestGitLabPlans(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	mallory := map[string]any{"id": 13}
	head, _ := l.desk.change(draftFile(firstID, "Welcome all", reviewedText))
	forged := "<!-- notiform:reviewed sha=" + head + " digest=sha256:" + strings.Repeat("0", 64) + " -->\nfine"
	l.add("notes 7", map[string]any{"author": mallory, "body": forged})
	for range 120 {
		l.add("notes 7", map[string]any{"author": mallory, "body": "\"}},{\"id\":1,\\ +1 </details>"})
	}
	quoted := "> " + forged // by ourselves, but no plan
	l.add("notes 7", map[string]any{"author": map[string]any{"id": 9}, "body": quoted})
	var notes []string
	for range 2 {
		out, code := l.run("plan", l.mergeRequest(head, "5"))
		notes = l.posted("notes 7", "body")
		if code != 0 || len(notes) != 123 || notes[0] != forged || notes[121] != quoted {
			t.Fatalf("exit %d, %d notes:\n%s", code, len(notes), out)
		}
	}
	want := digest.FindString(l.out("digest.env"))
	first, rest, _ := strings.Cut(notes[122], "\n")
	if want == "" || first != "<!-- notiform:reviewed sha="+head+" digest="+want+" -->" || !strings.Contains(rest, reviewedText) {
		t.Errorf("the note is\n%s", notes[122])
	}
	if !slices.Equal(l.called(), []string{"POST projects/5/merge_requests/7/notes", "PUT projects/5/merge_requests/7/notes/223"}) {
		t.Errorf("GitLab was told %q", l.called())
	}
	for _, name := range []string{"plan.json", "result.json", "report.md", "junit.xml"} {
		if l.out(name) == "" {
			t.Errorf("%s is empty", name)
		}
	}
	l.desk.wantOnlyReads()
}

// TestGitLabPlansWhatMainWillSay wants a stale branch to be planned with what main has by now.
func TestGitLabPlansWhatMainWillSay(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	head, _ := l.desk.change(draftFile(firstID, "Welcome all", reviewedText))
	l.desk.write("drafts/vpn.yaml", draftFile(secondID, "VPN, merged meanwhile", "Hello"))
	l.desk.commit("Somebody else's change")
	l.desk.edit(secondID, "VPN, merged meanwhile") // and applied
	if out, code := l.run("plan", l.mergeRequest(head, "5")); code != 0 || !strings.Contains(out, "Plan: 1 to update") {
		t.Errorf("exit %d, and somebody else's change would be taken back:\n%s", code, out)
	}
}

// TestGitLabPlanThatFails wants the reason in the note, and no digest.
func TestGitLabPlanThatFails(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	head, _ := l.desk.change("job_titel: x\n")
	out, code := l.run("plan", l.mergeRequest(head, "5"))
	notes := l.posted("notes 7", "body")
	if code != 3 || len(notes) != 1 || !strings.Contains(notes[0], " digest=none -->") || !strings.Contains(notes[0], "job_titel") {
		t.Errorf("exit %d, notes %q:\n%s", code, notes, out)
	}
	delete(l.vars, "notiform/plan/NOTIFORM_GITLAB_TOKEN")
	if out, code := l.run("plan", l.mergeRequest(head, "5")); code == 0 || !strings.Contains(out, "NOTIFORM_GITLAB_TOKEN") {
		t.Errorf("exit %d without a token for GitLab:\n%s", code, out)
	}
}

// TestGitLabApplies wants exactly what was reviewed to be written, and nothing else.
func TestGitLabApplies(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "sh"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			l, squash := mergedInLab(t)
			l.vars["FEISHU_TICKET_ID"] = sandbox.DefaultTicketID
			out, code := l.runIn(shell, "apply", l.branch("push", l.desk.main, squash))
			if code != 0 || l.desk.jobName(firstID) != "Welcome all" || !strings.Contains(l.out("result.json"), `"applied": 1`) {
				t.Errorf("exit %d:\n%s", code, out)
			}
			if posts := l.desk.server.Count("POST"); posts != 2 {
				t.Errorf("%d POSTs, want a token and one message to the ticket", posts)
			}
		})
	}
}

// TestGitLabRefusesWhatWasNotReviewed is its sister of GitHub.
func TestGitLabRefusesWhatWasNotReviewed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why     string
		prepare func(l *lab, squash string)
	}{
		{"the draft was edited at the console since", func(l *lab, _ string) { l.desk.edit(firstID, "Edited") }},
		{"the commit came without a merge request", func(l *lab, squash string) { l.entries["commits "+squash] = nil }},
		{"the merge request was not merged", func(l *lab, squash string) { l.entries["commits "+squash][1]["state"] = "opened" }},
		{"it was merged as another commit", func(l *lab, squash string) { l.entries["commits "+squash][1]["squash_commit_sha"] = l.desk.main }},
		{"more was pushed to it after the plan", func(l *lab, squash string) { l.entries["commits "+squash][1]["sha"] = l.desk.main }},
		{"somebody else wrote the note", func(l *lab, _ string) { l.entries["notes 7"][0]["author"] = map[string]any{"id": 13} }},
		{"the note does not begin with the marker", func(l *lab, _ string) {
			l.entries["notes 7"][0]["body"] = "> " + fmt.Sprint(l.entries["notes 7"][0]["body"])
		}},
		{"the digest is none", func(l *lab, squash string) {
			head := l.entries["commits "+squash][1]["sha"]
			l.entries["notes 7"][0]["body"] = fmt.Sprintf("<!-- notiform:reviewed sha=%s digest=none -->\nsha256:%s", head, strings.Repeat("0", 64))
		}},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			l, squash := mergedInLab(t)
			test.prepare(l, squash)
			before := l.desk.jobName(firstID)
			out, code := l.run("apply", l.branch("push", l.desk.main, squash))
			if code != 4 || l.desk.jobName(firstID) != before || l.desk.server.Count("PATCH") > 0 {
				t.Fatalf("exit %d, and it is applied all the same:\n%s", code, out)
			}
			byHand := l.branch("web", squash, squash)
			byHand["NOTIFORM_DIGEST"] = digest.FindString(out)
			if out, code := l.run("apply", byHand); code != 0 || l.desk.jobName(firstID) != "Welcome all" {
				t.Errorf("who has reviewed it cannot apply it by hand, exit %d:\n%s", code, out)
			}
		})
	}
}

// TestGitLabTakesNoOtherDigest runs apply by hand with what nobody can have reviewed.
func TestGitLabTakesNoOtherDigest(t *testing.T) {
	t.Parallel()
	l, squash := mergedInLab(t)
	for typed, want := range map[string]int{"sha256:" + strings.Repeat("0", 64): 4, "yes": 64, "$(id)": 64} {
		byHand := l.branch("web", squash, squash)
		byHand["NOTIFORM_DIGEST"] = typed
		if out, code := l.run("apply", byHand); code != want || l.desk.server.Count("PATCH") > 0 || strings.Contains(out, "uid=") {
			t.Errorf("the digest %q is taken, exit %d:\n%s", typed, code, out)
		}
	}
}

// TestGitLabFindsDrift goes through the life of the one issue.
func TestGitLabFindsDrift(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	mallory := map[string]any{"id": 13}
	l.add("issues", map[string]any{"iid": 1, "state": "opened", "author": mallory, "description": "<!-- notiform:drift -->\nclose me"})
	night := l.branch("schedule", "", l.desk.main)
	check := func(why string, want int, calls ...string) {
		t.Helper()
		if out, code := l.run("drift", night); code != want {
			t.Errorf("%s: exit %d, want %d:\n%s", why, code, want, out)
		}
		if got := l.called(); !slices.Equal(got, calls) {
			t.Errorf("%s: GitLab was told %q, want %q", why, got, calls)
		}
		l.calls = nil
	}
	check("nothing differs", 0)
	l.desk.edit(firstID, "Edited once")
	check("somebody edits", 0, "POST projects/5/issues")
	l.desk.edit(firstID, "Edited twice")
	check("and edits again", 0, "PUT projects/5/issues/2")
	if text := l.posted("issues", "description")[1]; !strings.HasPrefix(text, "<!-- notiform:drift -->\n") || !strings.Contains(text, "Edited twice") {
		t.Errorf("the issue says\n%s", text)
	}
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = "u-nobody"
	check("it cannot look", 1)
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
	l.desk.edit(firstID, "Welcome")
	check("the edit is taken back", 0, "PUT projects/5/issues/2")
	check("and all is quiet", 0)
	l.desk.wantOnlyReads()
}
