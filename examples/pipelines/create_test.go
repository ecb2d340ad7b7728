package pipelines_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// creates are the scripts of the workflow create, besides those of the action.
func creates() []string {
	return []string{"See whether there is a new draft", "Begin alone", "Create", "Save the ids"}
}

// born is the push of two new drafts to main. Where that is protected, it takes no push but by a pull request.
func (d *desk) born(main string) (before, after string) {
	d.t.Helper()
	d.git("config", "receive.denyCurrentBranch", "ignore")
	if main != "" {
		hook := "#!/bin/sh\n[ \"$1\" != refs/heads/main ]\n"
		if err := os.WriteFile(filepath.Join(d.origin, ".git", "hooks", "update"), []byte(hook), 0o755); err != nil {
			d.t.Fatal(err)
		}
	}
	_, drill, _ := strings.Cut(draftFile("", "Drill", "Hello"), "\n")
	_, move, _ := strings.Cut(draftFile("", "Move", "Hello"), "\n")
	before = d.git("rev-parse", "main")
	d.git("checkout", "--quiet", "main")
	d.write("drafts/new.yaml", "# ours\n"+drill+"---\n"+move)
	return before, d.commit("Add two notifications")
}

// overtake has somebody else push to main, once, when it is pushed to.
func (d *desk) overtake() {
	d.t.Helper()
	const hook = "#!/bin/sh\n[ \"$1\" = refs/heads/main ] || exit 0\nrm \"$0\"\n" +
		"git update-ref refs/heads/main \"$(git -c user.name=b -c user.email=b@example.com commit-tree -p main -m theirs main^{tree})\"\nexit 1\n"
	if err := os.WriteFile(filepath.Join(d.origin, ".git", "hooks", "update"), []byte(hook), 0o755); err != nil {
		d.t.Fatal(err)
	}
}

func (h *hub) born(main string) event {
	h.t.Helper()
	return push(h.desk.born(main))
}

func (h *hub) create(e event) ran {
	h.t.Helper()
	return h.run("create", "create", e)
}

// at is a file of a branch, "" where there is no such branch.
func (d *desk) at(branch, file string) string {
	d.t.Helper()
	if d.git("branch", "--list", branch) == "" {
		return ""
	}
	return d.git("show", branch+":"+file)
}

const thirdID, fourthID = "7000000000000000003", "7000000000000000004"

// TestGitHubCreates creates what was merged and saves its ids. The push of those, a run that is repeated, and a
// day without a new draft create nothing and push nothing.
func TestGitHubCreates(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	e := h.born("")
	r := h.create(e)
	if r.wantScripts(t, creates()...); r.failed {
		t.Fatal(r.log)
	}
	file := h.desk.at("main", "drafts/new.yaml")
	if !strings.HasPrefix(file, "# ours\nnotification_id: \""+thirdID+"\"\njob_name: Drill\n") || !strings.Contains(file, "---\nnotification_id: \""+fourthID+"\"\n") {
		t.Errorf("main says\n%s\n%s", file, r.log)
	}
	tip := h.desk.git("rev-parse", "main")
	for why, again := range map[string]event{"the push of the ids": push(e.sha, tip), "the run again": e} {
		r := h.create(again)
		if r.failed || h.desk.server.Count("create") != 2 || h.desk.git("rev-parse", "main") != tip || slices.Contains(r.steps, "Begin alone") {
			t.Errorf("%s: %q\n%s", why, r.steps, r.log)
		}
	}
	if h.desk.git("branch", "--list", "notiform-ids") != "" || len(h.entries["opened"]) > 0 {
		t.Error("something is left")
	}
}

// TestGitHubCreatesUnderTrouble: whatever becomes of a create, main says so, and no later run creates it again.
func TestGitHubCreatesUnderTrouble(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	e := h.born("")
	h.desk.server.Fail(sandbox.Fault{Method: "create", Kind: sandbox.Pass}, sandbox.Fault{Method: "create", Kind: sandbox.DropAfterCommit})
	r := h.create(e)
	file := h.desk.at("main", "drafts/new.yaml")
	if !r.failed || !strings.Contains(file, thirdID) || !strings.Contains(file, "---\n# notiform create: asked ") || !strings.Contains(r.log, "::error file=drafts/new.yaml,line=") {
		t.Errorf("main says\n%s\n%s", file, r.log)
	}
	tip := h.desk.git("rev-parse", "main")
	if r := h.create(push(e.sha, tip)); !r.failed || h.desk.server.Count("create") != 2 || h.desk.git("rev-parse", "main") != tip || h.desk.git("branch", "--list", "notiform-ids") != "" {
		t.Errorf("%s", r.log)
	}
}

// TestGitHubCreatesBesideAPush puts the ids upon what was pushed meanwhile.
func TestGitHubCreatesBesideAPush(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	e := h.born("")
	h.desk.overtake()
	if r := h.create(e); r.failed || !strings.Contains(h.desk.at("main", "drafts/new.yaml"), thirdID) || !strings.Contains(h.desk.git("log", "--format=%s", "main"), "theirs") {
		t.Error(r.log)
	}
}

// TestGitHubCreatesByPullRequest opens one where main takes no push, and creates nothing before the ids are in.
func TestGitHubCreatesByPullRequest(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	e := h.born("main is protected")
	r := h.create(e)
	if r.failed || len(h.entries["opened"]) != 1 || !strings.Contains(h.desk.at("notiform-ids", "drafts/new.yaml"), fourthID) {
		t.Fatalf("%v: %s", h.entries["opened"], r.log)
	}
	if r := h.create(e); !r.failed || h.desk.server.Count("create") != 2 || !strings.Contains(r.log, "::error title=notiform::nothing is created") {
		t.Errorf("the ids wait, and more is created:\n%s", r.log)
	}
	h.desk.git("merge", "--quiet", "--squash", "notiform-ids")
	ids := h.desk.commit("Enter the ids")
	h.desk.git("branch", "--quiet", "-D", "notiform-ids")
	if r := h.create(push(e.sha, ids)); r.failed || h.desk.server.Count("create") != 2 {
		t.Errorf("%s", r.log)
	}
}
