package pipelines_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"notiform/feishu/sandbox"
)

// born is the push of two new drafts, to a project that takes pushes as GitLab does. Where its branch is
// protected, it takes none but by a merge request.
func (l *lab) born(main string) map[string]string {
	l.desk.t.Helper()
	d := l.desk
	d.git("config", "receive.advertisePushOptions", "true")
	if err := os.Symlink(d.origin, d.origin+".git"); err != nil {
		d.t.Fatal(err)
	}
	hook := "#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ >>\"$GIT_DIR/options\"\n"
	if err := os.WriteFile(filepath.Join(d.origin, ".git", "hooks", "pre-receive"), []byte(hook+"exit 0\n"), 0o755); err != nil {
		d.t.Fatal(err)
	}
	before, after := d.born(main)
	return l.branch("push", before, after)
}

// asked are the options that came with pushes.
func (l *lab) asked() string {
	return readFile(l.desk.t, filepath.Join(l.desk.origin, ".git", "options"))
}

// TestGitLabCreates creates what was merged and saves its ids, upon what was pushed meanwhile. The job
// again creates nothing, and neither does one that may not push.
func TestGitLabCreates(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	vars := l.born("")
	token := l.vars["notiform/create/NOTIFORM_PUSH_TOKEN"]
	delete(l.vars, "notiform/create/NOTIFORM_PUSH_TOKEN")
	if out, code := l.run("create", vars); code != 0 || l.desk.server.Count("create") > 0 || !strings.Contains(out, "without NOTIFORM_PUSH_TOKEN") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	l.vars["notiform/create/NOTIFORM_PUSH_TOKEN"] = token
	l.desk.overtake()
	out, code := l.run("create", vars)
	file := l.desk.at("main", "drafts/new.yaml")
	if code != 0 || !strings.HasPrefix(file, "# ours\nnotification_id: \""+thirdID+"\"\njob_name: Drill\n") || !strings.Contains(file, "---\nnotification_id: \""+fourthID+"\"\n") ||
		!strings.Contains(l.desk.git("log", "--format=%s", "main"), "theirs") || strings.Contains(l.asked(), "merge_request") || !strings.Contains(l.asked(), "ci.skip") {
		t.Errorf("exit %d, and main says\n%s\n%s", code, file, out)
	}
	tip := l.desk.git("rev-parse", "main")
	if out, code := l.run("create", vars); code != 0 || l.desk.server.Count("create") != 2 || l.desk.git("rev-parse", "main") != tip || l.desk.git("branch", "--list", "notiform-ids") != "" {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

// TestGitLabCreatesByMergeRequest: where an answer is lost and the branch takes no push, the files wait in
// a merge request, and nothing is created before it is merged.
func TestGitLabCreatesByMergeRequest(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	vars := l.born("main is protected")
	l.desk.server.Fail(sandbox.Fault{Method: "create", Kind: sandbox.Pass}, sandbox.Fault{Method: "create", Kind: sandbox.DropAfterCommit})
	out, code := l.run("create", vars)
	file := l.desk.at("notiform-ids", "drafts/new.yaml")
	if code != 5 || !strings.Contains(file, thirdID) || !strings.Contains(file, "---\n# notiform create: asked ") || !strings.Contains(l.asked(), "merge_request.create") {
		t.Errorf("exit %d, and the branch says\n%s\n%s", code, file, out)
	}
	if out, code := l.run("create", vars); code != 1 || l.desk.server.Count("create") != 2 || !strings.Contains(out, "there is a branch notiform-ids") {
		t.Errorf("the ids wait, and more is created, exit %d:\n%s", code, out)
	}
}

// TestGitLabCreatesWhatItHasBegun: a job that is cancelled behind the first draft saves its id, and
// the next one creates the rest.
func TestGitLabCreatesWhatItHasBegun(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	vars := l.born("")
	l.desk.server.Fail(sandbox.Fault{Method: "GET", ID: thirdID, Kind: sandbox.Slow, Value: "200ms", Before: func(*sandbox.Notification) {
		job := <-l.running
		signalGroup(job, syscall.SIGTERM)
		l.running <- job
	}})
	out, code := l.run("create", vars)
	if file := l.desk.at("main", "drafts/new.yaml"); code != 1 || strings.Count(file, "notification_id:") != 1 || strings.Contains(file, "asked") {
		t.Errorf("exit %d, and main says\n%s\n%s", code, file, out)
	}
	if out, code := l.run("create", vars); code != 0 || !strings.Contains(l.desk.at("main", "drafts/new.yaml"), fourthID) || l.desk.git("branch", "--list", "notiform-ids") != "" {
		t.Errorf("exit %d:\n%s", code, out)
	}
}
