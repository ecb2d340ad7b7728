package pipelines_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

const reviewedText = "Welcome to all of us"

// scripts are the scripts that run in a job when all goes well, by workflow.
func scripts() map[string][]string {
	return map[string][]string{
		"validate":      {"Build notiform", "Run notiform", "End as notiform did"},
		"code-scanning": {"Build notiform", "Run notiform", "End as notiform did", "Upload the SARIF file"},
		"plan":          {"Build notiform", "Run notiform", "Show the plan on the pull request", "End as notiform did"},
		"apply":         {"Build notiform", "Find what was reviewed", "Run notiform", "End as notiform did"},
		"drift":         {"Build notiform", "Run notiform", "Keep the issue about drift", "End as notiform did"},
		"refresh":       {"Build the refresher", "Refresh the login"},
	}
}

// TestGitHubScriptsAllRun wants no script that the other tests do not run.
func TestGitHubScriptsAllRun(t *testing.T) {
	t.Parallel()
	for where, s := range githubSteps(t) {
		if s.Run != "" && !slices.ContainsFunc(slices.Collect(maps.Values(scripts())), func(names []string) bool { return slices.Contains(names, s.Name) }) {
			t.Errorf("%s is run by no test", where)
		}
	}
}

func (r ran) wantScripts(t *testing.T, job string) {
	t.Helper()
	if want := scripts()[job]; !slices.Equal(r.steps, want) {
		t.Errorf("the scripts that ran are %q, want %q:\n%s", r.steps, want, r.log)
	}
}

// merged is a hub whose pull request 7 was planned and squashed into main as the returned commit.
func merged(t *testing.T) (h *hub, plan ran, squash string) {
	t.Helper()
	h = newHub(t)
	head, merge := h.desk.change(draftFile(firstID, "Welcome all", reviewedText))
	plan = h.run("plan", "plan", pullRequest(head, merge, "acme/helpdesk"))
	if plan.failed || plan.skipped {
		t.Fatalf("the plan failed:\n%s", plan.log)
	}
	plan.wantScripts(t, "plan")
	h.desk.wantOnlyReads()
	squash = h.desk.squash()
	h.entries["pulls "+squash] = []map[string]any{{
		"merged_at": "2037-01-01T00:00:00Z", "merge_commit_sha": squash,
		"base": map[string]any{"ref": "main"}, "head": map[string]any{"sha": head},
	}}
	return h, plan, squash
}

// TestGitHubValidatesForks runs validate for a pull request from a fork, which gets no secret.
func TestGitHubValidatesForks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, draft string
		failed     bool
	}{
		{"drafts in order pass", draftFile(firstID, "Welcome all", "Hello"), false},
		{"a fault fails, and is shown at its line", "notification_id: " + firstID + "\njob_titel: x\n", true},
		{"a name cannot command the runner", draftFile(firstID, `"x\n::set-output name=a::b\n::add-mask::c"`, "Hello") + "job_titel: |-\n  ::stop-commands::x\n", true},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			head, merge := h.desk.change(test.draft)
			r := h.run("validate", "validate", pullRequest(head, merge, "mallory/helpdesk"))
			if r.failed != test.failed {
				t.Errorf("failed is %t:\n%s", r.failed, r.log)
			}
			if annotated := strings.Contains(r.log, "\n::error file=drafts/welcome.yaml,line="); annotated != test.failed {
				t.Errorf("annotated is %t:\n%s", annotated, r.log)
			}
			r.wantScripts(t, "validate")
			if r.summary == "" {
				t.Error("the step summary is empty")
			}
			for _, secret := range h.desk.secrets() {
				if slices.Contains(r.env, secret) {
					t.Errorf("a step has the secret %q", secret)
				}
			}
			if n := len(h.calls) + h.desk.server.Count(""); n > 0 {
				t.Errorf("validate made %d requests", n)
			}
			if plan := h.run("plan", "plan", pullRequest(head, merge, "mallory/helpdesk")); !plan.skipped {
				t.Error("the pull request of a fork is planned")
			}
		})
	}
}

// TestGitHubShowsFaultsInCodeScanning uploads the SARIF file where that is wanted, and only there.
func TestGitHubShowsFaultsInCodeScanning(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	head, merge := h.desk.change("job_titel: x\n")
	if r := h.run("validate", "code-scanning", pullRequest(head, merge, "acme/helpdesk")); !r.skipped {
		t.Error("SARIF is uploaded where nobody asked for it")
	}
	h.vars["NOTIFORM_CODE_SCANNING"] = "true"
	if r := h.run("validate", "code-scanning", pullRequest(head, merge, "mallory/helpdesk")); !r.skipped {
		t.Error("SARIF is uploaded from a fork")
	}
	r := h.run("validate", "code-scanning", pullRequest(head, merge, "acme/helpdesk"))
	if r.failed {
		t.Fatalf("the job that only shows faults fails:\n%s", r.log)
	}
	r.wantScripts(t, "code-scanning")
	upload := h.find("sarifs", "commit_sha", merge)
	if upload == nil || upload["ref"] != "refs/pull/7/merge" {
		t.Fatalf("uploaded was %v", h.entries["sarifs"])
	}
	packed, err := base64.StdEncoding.DecodeString(upload["sarif"].(string))
	if err != nil {
		t.Fatal(err)
	}
	unzip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if sarif, err := io.ReadAll(unzip); err != nil || !bytes.Contains(sarif, []byte(`"unknown-field"`)) {
		t.Errorf("the SARIF file is %q (%v)", sarif, err)
	}
}

// TestGitHubPlans wants the plan on the pull request once, however often it is made, in the
// summary, as an artefact and as a status on the commit that was planned.
func TestGitHubPlans(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	mallory := map[string]any{"login": "mallory"}
	head, merge := h.desk.change(draftFile(firstID, "Welcome all", reviewedText))
	forged := "<!-- notiform:plan helpdesk=" + sandbox.DefaultHelpdeskID + " -->\nlooks fine to me"
	h.add("comments 7", map[string]any{"user": mallory, "body": forged})
	for range 120 { // two pages of talk
		h.add("comments 7", map[string]any{"user": mallory, "body": "+1"})
	}
	first := h.run("plan", "plan", pullRequest(head, merge, "acme/helpdesk"))
	if first.failed {
		t.Fatalf("the plan failed:\n%s", first.log)
	}
	comments := h.posted("comments 7", "body")
	comment := comments[len(comments)-1]
	want := first.outputs["digest"]
	if !digest.MatchString(want) || first.outputs["changes"] != "1" || len(comments) != 122 {
		t.Fatalf("the outputs are %v, and there are %d comments", first.outputs, len(comments))
	}
	built := strings.Fields(readFile(t, filepath.Join(h.stubs, "built")))
	if dir, err := filepath.EvalSymlinks(built[2]); err != nil || built[1] != "-C" || dir != root(t) {
		t.Errorf("built is %q in %s (%v), want the module of the action", built, dir, err)
	}
	for what, text := range map[string]string{
		"comment": comment, "summary": first.summary, "plan.json": first.artifacts["notiform-plan"]["plan.json"],
		"result.json": first.artifacts["notiform-plan"]["result.json"], "report.md": first.artifacts["notiform-plan"]["report.md"],
		"page": first.artifacts["notiform-plan.html"]["notiform-plan.html"],
	} {
		if !strings.Contains(text, want) || !strings.Contains(text, reviewedText) {
			t.Errorf("the %s lacks the digest or the change:\n%s", what, text)
		}
	}
	if !strings.HasPrefix(comment, "<!-- notiform:plan") {
		t.Errorf("the comment cannot be found again:\n%s", comment)
	}
	if got := h.entries["statuses "+head]; len(got) != 1 || got[0]["description"] != want || got[0]["state"] != "success" || got[0]["target_url"] != "https://github.com/acme/helpdesk/actions/runs/42" {
		t.Errorf("the statuses are %v", got)
	}
	h.desk.edit(secondID, "VPN, edited")
	second := h.run("plan", "plan", pullRequest(head, merge, "acme/helpdesk"))
	comments = h.posted("comments 7", "body")
	if len(comments) != 122 || comments[0] != forged || !strings.Contains(comments[121], second.outputs["digest"]) || second.outputs["digest"] == want {
		t.Errorf("the second plan is not in the place of the first: %d comments, the last:\n%s", len(comments), comments[len(comments)-1])
	}
	if !strings.Contains(comments[121], "console") {
		t.Errorf("an edit at the console is not told from the files:\n%s", comments[121])
	}
	h.desk.wantOnlyReads()
}

// TestGitHubPlanThatFails wants the reason on the pull request, and no digest to apply.
func TestGitHubPlanThatFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why     string
		prepare func(h *hub)
		draft   string
		says    string
	}{
		{"a draft at fault", func(*hub) {}, "job_titel: x\n", "job_titel"},
		{"a token that is not taken", func(h *hub) { h.secrets["FEISHU_PLAN_TOKEN"] = "u-nobody" }, draftFile(firstID, "W", "x"), "2 not read"},
		{"a secret that is not set", func(h *hub) { h.secrets["FEISHU_PLAN_TOKEN"] = "" }, draftFile(firstID, "W", "x"), "FEISHU_USER_ACCESS_TOKEN"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			test.prepare(h)
			head, merge := h.desk.change(test.draft)
			r := h.run("plan", "plan", pullRequest(head, merge, "acme/helpdesk"))
			if !r.failed {
				t.Errorf("the job passes:\n%s", r.log)
			}
			comments := h.posted("comments 7", "body")
			if len(comments) != 1 || !strings.Contains(comments[0], test.says) {
				t.Errorf("the comment does not say %q: %q", test.says, comments)
			}
			status := h.entries["statuses "+head]
			if len(status) != 1 || status[0]["state"] != "failure" || strings.Contains(status[0]["description"].(string), "sha256") {
				t.Errorf("the status is %v", status)
			}
			if _, ok := r.artifacts["notiform-plan"]["result.json"]; !ok {
				t.Error("the result is not kept")
			}
		})
	}
}

// TestGitHubAppliesWhatWasReviewed merges by squash, so that main has a commit that nobody
// planned, and wants exactly the reviewed change written.
func TestGitHubAppliesWhatWasReviewed(t *testing.T) {
	t.Parallel()
	h, _, squash := merged(t)
	h.vars["FEISHU_TICKET_ID"] = sandbox.DefaultTicketID
	r := h.run("apply", "apply", push(h.desk.main, squash))
	if r.failed {
		t.Fatalf("apply failed:\n%s", r.log)
	}
	r.wantScripts(t, "apply")
	if got := h.desk.jobName(firstID); got != "Welcome all" {
		t.Errorf("the helpdesk holds %q", got)
	}
	if !strings.Contains(r.artifacts["notiform-apply"]["result.json"], `"applied": 1`) || !strings.Contains(r.summary, "1 applied") {
		t.Errorf("the result is not kept or not in the summary:\n%s", r.summary)
	}
	if posts := h.desk.server.Count("POST"); posts != 2 { // a tenant token, and the message
		t.Errorf("%d POSTs, want a token and one message to the ticket", posts)
	}
	if again := h.run("drift", "drift", event{name: "schedule", ref: "refs/heads/main", sha: squash}); again.failed || len(h.entries["issues"]) > 0 {
		t.Errorf("there is drift after apply:\n%s", again.log)
	}
}

// TestGitHubRefusesWhatWasNotReviewed changes something between review and apply, or leaves the
// review out. Nothing is written, and the way on is shown.
func TestGitHubRefusesWhatWasNotReviewed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why     string
		prepare func(h *hub, squash string)
	}{
		{"the draft was edited at the console since", func(h *hub, _ string) { h.desk.edit(firstID, "Edited") }},
		{"another draft was edited at the console since", func(h *hub, _ string) { h.desk.edit(secondID, "Edited") }},
		{"the commit came without a pull request", func(h *hub, squash string) { h.entries["pulls "+squash] = nil }},
		{"the pull request was not merged", func(h *hub, squash string) { h.entries["pulls "+squash][0]["merged_at"] = nil }},
		{"it was merged as another commit", func(h *hub, squash string) { h.entries["pulls "+squash][0]["merge_commit_sha"] = h.desk.main }},
		{"it was merged into another branch", func(h *hub, squash string) {
			h.entries["pulls "+squash][0]["base"] = map[string]any{"ref": "release"}
		}},
		{"more was pushed to it after the plan", func(h *hub, squash string) {
			h.entries["pulls "+squash][0]["head"] = map[string]any{"sha": h.desk.main}
		}},
		{"its last plan failed", func(h *hub, squash string) {
			s := h.statuses(squash)
			h.entries[s] = append(h.entries[s], map[string]any{
				"context": "notiform/plan", "state": "failure", "description": h.entries[s][0]["description"], "creator": map[string]any{"login": "github-actions[bot]"},
			})
		}},
		{"somebody else wrote the status", func(h *hub, squash string) {
			h.entries[h.statuses(squash)][0]["creator"] = map[string]any{"login": "mallory"}
		}},
		{"the status is of something else", func(h *hub, squash string) { h.entries[h.statuses(squash)][0]["context"] = "lint" }},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			h, _, squash := merged(t)
			test.prepare(h, squash)
			before := h.desk.jobName(firstID)
			r := h.run("apply", "apply", push(h.desk.main, squash))
			if !r.failed || h.desk.jobName(firstID) != before || h.desk.server.Count("PATCH") > 0 {
				t.Fatalf("it is applied all the same:\n%s", r.log)
			}
			if !strings.Contains(r.log, "::error") || !digest.MatchString(r.summary) || !strings.Contains(r.summary, reviewedText) {
				t.Errorf("the way on is not shown:\n%s\n%s", r.log, r.summary)
			}
			if len(r.artifacts["notiform-apply"]) == 0 {
				t.Error("the result is not kept")
			}
			again := event{name: "workflow_dispatch", ref: "refs/heads/main", sha: squash, inputs: map[string]any{"digest": digestShown(r.summary)}}
			if by := h.run("apply", "apply", again); by.failed || h.desk.jobName(firstID) != "Welcome all" || h.desk.jobName(secondID) != "VPN" {
				t.Errorf("who has reviewed it cannot apply it by hand:\n%s", by.log)
			}
		})
	}
}

// digestShown is the digest that a report names at its end.
func digestShown(report string) string {
	return digest.FindString(report[strings.LastIndex(report, "digest `")+1:])
}

// statuses is the list of those of the commit that was reviewed.
func (h *hub) statuses(squash string) string {
	head := h.entries["pulls "+squash][0]["head"].(map[string]any)
	return "statuses " + head["sha"].(string)
}

// TestGitHubAsksForReviewOfConsoleEdits plans when somebody has edited already: the reviewed
// digest is right, and main refuses all the same until somebody has said it by hand.
func TestGitHubAsksForReviewOfConsoleEdits(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.desk.edit(firstID, "Edited")
	head, merge := h.desk.change(draftFile(firstID, "Welcome all", reviewedText))
	h.run("plan", "plan", pullRequest(head, merge, "acme/helpdesk"))
	squash := h.desk.squash()
	h.entries["pulls "+squash] = []map[string]any{{
		"merged_at": "2037-01-01T00:00:00Z", "merge_commit_sha": squash, "base": map[string]any{"ref": "main"}, "head": map[string]any{"sha": head},
	}}
	r := h.run("apply", "apply", push(h.desk.main, squash))
	if !r.failed || h.desk.jobName(firstID) != "Edited" || !strings.Contains(r.log, "console") {
		t.Errorf("an edit at the console is overwritten:\n%s", r.log)
	}
}

// TestGitHubAppliesOnMainOnly runs apply by hand elsewhere, and with what is no digest.
func TestGitHubAppliesOnMainOnly(t *testing.T) {
	t.Parallel()
	h, _, squash := merged(t)
	byHand := event{name: "workflow_dispatch", ref: "refs/heads/change", sha: squash, inputs: map[string]any{"digest": "sha256:" + strings.Repeat("0", 64)}}
	if r := h.run("apply", "apply", byHand); !r.skipped {
		t.Error("apply runs on a branch")
	}
	byHand.ref = "refs/heads/main"
	for _, typed := range []string{"sha256:" + strings.Repeat("0", 64), "yes", "sha256:$(id)", " "} {
		byHand.inputs["digest"] = typed
		if r := h.run("apply", "apply", byHand); !r.failed || h.desk.server.Count("PATCH") > 0 || strings.Contains(r.log, "uid=") {
			t.Errorf("the digest %q is taken:\n%s", typed, r.log)
		}
	}
}

// TestGitHubFindsDrift goes through the life of the one issue.
func TestGitHubFindsDrift(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	mallory := map[string]any{"login": "mallory"}
	h.add("issues", map[string]any{"number": 1, "state": "open", "user": mallory, "body": "<!-- notiform:drift -->\nclose me"})
	h.add("issues", map[string]any{"number": 2, "state": "open", "user": mallory, "body": nil})
	night := event{name: "schedule", ref: "refs/heads/main", sha: h.desk.main}
	check := func(why string, failed bool, calls ...string) {
		t.Helper()
		r := h.run("drift", "drift", night)
		r.wantScripts(t, "drift")
		if r.failed != failed {
			t.Errorf("%s: failed is %t:\n%s", why, r.failed, r.log)
		}
		if got := h.called(); !slices.Equal(got, calls) {
			t.Errorf("%s: GitHub was told %q, want %q", why, got, calls)
		}
		h.calls = nil
	}
	check("nothing differs", false)
	h.desk.edit(firstID, "Edited once")
	check("somebody edits", false, "POST issues")
	h.desk.edit(firstID, "Edited twice\n::add-mask::e\n##[error]x")
	check("and edits again", false, "PATCH issues/3")
	if body := h.posted("issues", "body")[2]; !strings.HasPrefix(body, "<!-- notiform:drift -->\n") || !strings.Contains(body, "Edited twice") || !strings.Contains(body, "console") {
		t.Errorf("the issue says\n%s", body)
	}
	h.secrets["FEISHU_PLAN_TOKEN"] = "u-nobody"
	check("it cannot look", true)
	h.secrets["FEISHU_PLAN_TOKEN"] = "u-sandbox-readonly"
	h.desk.edit(firstID, "Welcome")
	check("the edit is taken back", false, "PATCH issues/3")
	if state := h.posted("issues", "state"); !slices.Equal(state, []string{"open", "open", "closed"}) {
		t.Errorf("the issues are %q", state)
	}
	h.desk.edit(firstID, "Edited later")
	check("it begins anew", false, "POST issues")
	h.desk.wantOnlyReads()
}

// TestActionRefusesAnUnknownCommand ends with the code of wrong usage.
func TestActionRefusesAnUnknownCommand(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	r := &jobRun{hub: h, t: t, event: push("", h.desk.main), workspace: filepath.Join(t.TempDir(), "work"), github: map[string]any{"event_name": "push"}}
	r.temp = t.TempDir()
	r.checkout("0")
	_, ok := r.composite(contexts{}, step{With: map[string]string{"command": "send; touch sent"}}, true)
	if want := "::error title=notiform::command is none of validate, plan, apply, drift\n"; ok || r.log != want {
		t.Errorf("it goes on:\n%s", r.log)
	}
}
