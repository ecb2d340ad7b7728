package pipelines_test

import (
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// kept has main say what belongs to the team.
func (h *hub) kept(text string) {
	h.t.Helper()
	h.desk.write(".notiform.yaml", text)
	h.desk.main = h.desk.commit("Say what belongs to the team")
}

// both changes both drafts.
func both() map[string]string {
	files := welcome("Welcome all")
	files["drafts/vpn.yaml"] = vpn("VPN of all")["drafts/vpn.yaml"]
	return files
}

// TestGitHubGuardsOfTheTeam has a plan meet a guard, a pull request that loosens it for itself, and
// the way that is open.
func TestGitHubGuardsOfTheTeam(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.kept("guards: {max_changes: 1}\n")
	loosened := both()
	loosened[".notiform.yaml"] = "guards: {max_changes: 25}\n"
	p := h.open(7, loosened)
	r := h.plan(p)
	comments := h.posted("comments 7", "body")
	if !r.failed || h.approvals(p.head) != "" || !strings.Contains(comments[0], "2 drafts would change") {
		t.Fatalf("a pull request loosens its own guard:\n%s", r.log)
	}
	h.review(p, "APPROVED", "grace")
	if applied := h.apply(h.merge("merge", p)); !applied.failed || h.desk.server.Count("PATCH") > 0 {
		t.Errorf("a guard that was met is no guard:\n%s", applied.log)
	}
	if by := h.byHand(h.apply(push(h.desk.main, h.desk.git("rev-parse", "main")))); !by.failed || h.desk.server.Count("PATCH") > 0 {
		t.Errorf("by hand a guard is no guard:\n%s", by.log)
	}
	// By now main says 25, and a pull request that touches both is compared with that.
	files := map[string]string{"drafts/welcome.yaml": draftFile(firstID, "Welcome all", "a"), "drafts/vpn.yaml": draftFile(secondID, "VPN of all", "b")}
	if next := h.apply(h.merge("squash", h.shown(8, files))); next.failed || h.desk.server.Count("PATCH") != 2 {
		t.Errorf("the looser guard does not hold for the next:\n%s", next.log)
	}
}

// TestGitHubLabelAllowsAnAudience: what a plan saw is bound into its approvals, and apply looks at no
// label.
func TestGitHubLabelAllowsAnAudience(t *testing.T) {
	t.Parallel()
	const label = "allow-audience all_members"
	narrow := func(t *testing.T) (*hub, *pullRequest) {
		h := newHub(t)
		err := h.desk.server.Edit(firstID, func(n *sandbox.Notification) {
			n.PushScopeType, n.UserList = 2, []sandbox.User{{UserID: "ou_a"}}
		})
		if err != nil {
			t.Fatal(err)
		}
		wide := draftFile(firstID, "Welcome", "Hello")
		h.desk.write("drafts/welcome.yaml", strings.Replace(wide, "all_members", "selected_members\nuser_list: [ou_a]", 1))
		h.kept("guards: {protected_audiences: [all_members]}\n")
		return h, h.open(7, map[string]string{"drafts/welcome.yaml": wide})
	}
	t.Run("before the plan, and taken away after the merge", func(t *testing.T) {
		t.Parallel()
		h, p := narrow(t)
		p.labels = []string{"bug", label}
		if r := h.plan(p); r.failed || !strings.Contains(h.approvals(p.head), label+"\nsha256:") {
			t.Fatalf("the label is not bound into %q:\n%s", h.approvals(p.head), r.log)
		}
		h.review(p, "APPROVED", "grace")
		p.labels = nil
		if r := h.apply(h.merge("merge", p)); r.failed || h.desk.server.Count("PATCH") != 1 {
			t.Errorf("what was seen and approved is not applied:\n%s", r.log)
		}
	})
	t.Run("after the plan", func(t *testing.T) {
		t.Parallel()
		h, p := narrow(t)
		if r := h.plan(p); !r.failed || h.approvals(p.head) != "" || !strings.Contains(h.posted("comments 7", "body")[0], "all_members") {
			t.Fatalf("everybody would be reached:\n%s", r.log)
		}
		p.labels = []string{label}
		h.review(p, "APPROVED", "grace")
		merged := h.merge("merge", p)
		if r := h.apply(merged); !r.failed || h.desk.server.Count("PATCH") > 0 {
			t.Errorf("a label that no plan saw allows everything:\n%s", r.log)
		}
	})
}

// TestGitHubTwoHelpdesks has a workflow for each: check runs, comments and issues are told apart by
// name, and each writes its own drafts.
func TestGitHubTwoHelpdesks(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.desk.git("mv", "drafts", "it")
	h.desk.write("hr/vpn.yaml", draftFile(secondID, "VPN", "Hello"))
	h.desk.git("rm", "--quiet", "--force", "it/vpn.yaml")
	id := sandbox.DefaultHelpdeskID
	h.kept("helpdesks:\n  it: {helpdesk_id: \"" + id + "\", paths: [it]}\n  hr: {helpdesk_id: \"" + id + "\", paths: [hr]}\n")
	p := h.open(7, map[string]string{"it/welcome.yaml": draftFile(firstID, "Welcome all", reviewedText)})
	for _, name := range []string{"it", "hr"} {
		h.with["name"] = name
		if r := h.plan(p); r.failed {
			t.Fatalf("the plan of %s fails:\n%s", name, r.log)
		}
	}
	if got := h.checks(p.head, "name"); !slices.Equal(got, []string{"notiform/it", "notiform/hr"}) || len(h.posted("comments 7", "body")) != 1 { // one has nothing to say
		t.Errorf("the check runs are %q", got)
	}
	h.review(p, "APPROVED", "grace")
	merged := h.merge("squash", p)
	h.desk.edit(secondID, "Edited")
	for _, name := range []string{"hr", "it"} {
		h.with["name"] = name
		if r := h.apply(merged); r.failed {
			t.Errorf("apply of %s fails:\n%s", name, r.log)
		}
		if written := h.desk.server.Count("PATCH"); written != map[string]int{"hr": 0, "it": 1}[name] {
			t.Errorf("after %s, %d are written", name, written)
		}
	}
	h.desk.edit(firstID, "Edited")
	for range 2 {
		for _, name := range []string{"hr", "it"} {
			h.with["name"] = name
			h.run("drift", "drift", night(h))
		}
	}
	if titles := h.posted("issues", "title"); len(titles) != 2 || !strings.HasPrefix(titles[0], "notiform/hr: ") || !strings.HasPrefix(titles[1], "notiform/it: ") {
		t.Errorf("the issues are %q", titles)
	}
}
