package pipelines_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

const reviewedText = "Welcome to all of us"

// welcome and vpn are what a pull request says of one of the two drafts.
func welcome(name string) map[string]string {
	return map[string]string{"drafts/welcome.yaml": draftFile(firstID, name, reviewedText)}
}

func vpn(name string) map[string]string {
	return map[string]string{"drafts/vpn.yaml": draftFile(secondID, name, reviewedText)}
}

// scripts are the scripts that run in every job of the action.
func scripts() []string {
	return []string{"Build notiform", "Find what was reviewed", "Run notiform", "Tell GitHub"}
}

// TestGitHubScriptsAllRun wants no script that the other tests do not run.
func TestGitHubScriptsAllRun(t *testing.T) {
	t.Parallel()
	for where, s := range githubSteps(t) {
		if s.Run != "" && !slices.Contains(slices.Concat(scripts(), creates(), refreshes(), []string{"Upload the SARIF file"}), s.Name) {
			t.Errorf("%s is run by no test", where)
		}
	}
}

func (r ran) wantScripts(t *testing.T, more ...string) {
	t.Helper()
	if want := append(scripts(), more...); !slices.Equal(r.steps, want) {
		t.Errorf("the scripts that ran are %q, want %q:\n%s", r.steps, want, r.log)
	}
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
			p := h.open(7, map[string]string{"drafts/welcome.yaml": test.draft})
			p.fork = true
			r := h.run("validate", "validate", p.event())
			if r.failed != test.failed {
				t.Errorf("failed is %t:\n%s", r.failed, r.log)
			}
			if annotated := strings.Contains(r.log, "\n::error file=drafts/welcome.yaml,line="); annotated != test.failed {
				t.Errorf("annotated is %t:\n%s", annotated, r.log)
			}
			r.wantScripts(t)
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
		})
	}
}

// TestGitHubShowsFaultsInCodeScanning uploads the SARIF file where that is wanted, and only there.
func TestGitHubShowsFaultsInCodeScanning(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	p := h.open(7, map[string]string{"drafts/welcome.yaml": "job_titel: x\n"})
	if r := h.run("validate", "code-scanning", p.event()); !r.skipped {
		t.Error("SARIF is uploaded where nobody asked for it")
	}
	h.vars["NOTIFORM_CODE_SCANNING"] = "true"
	p.fork = true
	if r := h.run("validate", "code-scanning", p.event()); !r.skipped {
		t.Error("SARIF is uploaded from a fork")
	}
	p.fork = false
	r := h.run("validate", "code-scanning", p.event())
	if r.failed {
		t.Fatalf("the job that only shows faults fails:\n%s", r.log)
	}
	r.wantScripts(t, "Upload the SARIF file")
	upload := h.find("sarifs", "commit_sha", p.test)
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

// checks are what the check runs of a commit say of it, by one of their members.
func (h *hub) checks(commit, member string) []string { return h.posted("checks "+commit, member) }

// approvals is the text of the last check run of a commit.
func (h *hub) approvals(commit string) string {
	all := h.entries["checks "+commit]
	text, _ := all[len(all)-1]["output"].(map[string]any)["text"].(string)
	return text
}

// TestGitHubPlans wants the plan on the pull request once, however often it is made, in the summary,
// as an artefact, and each time as a check run of its own on the commit that was planned.
func TestGitHubPlans(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	mallory := map[string]any{"login": "mallory"}
	p := h.open(7, welcome("Welcome all"))
	forged := "<!-- notiform plan -->\nlooks fine to me"
	h.add("comments 7", map[string]any{"user": mallory, "body": forged})
	for range 120 { // two pages of talk
		h.add("comments 7", map[string]any{"user": mallory, "body": "+1"})
	}
	h.broken = 2 // and GitHub stumbles
	first := h.plan(p)
	if first.failed {
		t.Fatalf("the plan failed:\n%s", first.log)
	}
	first.wantScripts(t)
	comments := h.posted("comments 7", "body")
	comment := comments[len(comments)-1]
	want := first.outputs["digest"]
	if !digest.MatchString(want) || first.outputs["changes"] != "1" || len(comments) != 122 {
		t.Fatalf("the outputs are %v, and there are %d comments", first.outputs, len(comments))
	}
	summary := h.entries["checks "+p.head][0]["output"].(map[string]any)["summary"].(string)
	for what, text := range map[string]string{
		"comment": comment, "summary": first.summary, "check run": summary, "plan.json": first.artifacts["notiform-plan-1"]["plan.json"],
		"result.json": first.artifacts["notiform-plan-1"]["result.json"], "report.md": first.artifacts["notiform-plan-1"]["report.md"],
	} {
		if !strings.Contains(text, want) || !strings.Contains(text, reviewedText) {
			t.Errorf("the %s lacks the digest or the change:\n%s", what, text)
		}
	}
	for _, part := range []string{"<!-- notiform plan -->\n", p.head, p.test, "https://github.com/acme/helpdesk/actions/runs/42"} {
		if !strings.Contains(comment, part) {
			t.Errorf("the comment lacks %q:\n%s", part, comment)
		}
	}
	if got := h.approvals(p.head); got != "```\n"+want+" "+firstID+"\n```" {
		t.Errorf("the approvals are %q", got)
	}
	h.desk.edit(firstID, "Edited")
	second := h.plan(p)
	comments = h.posted("comments 7", "body")
	if len(comments) != 122 || comments[0] != forged || !strings.Contains(comments[121], second.outputs["digest"]) || second.outputs["digest"] == want {
		t.Errorf("the second plan is not in the place of the first: %d comments, the last:\n%s", len(comments), comments[len(comments)-1])
	}
	if !strings.Contains(comments[121], "console") {
		t.Errorf("an edit at the console is not told from the files:\n%s", comments[121])
	}
	if got := h.checks(p.head, "conclusion"); !slices.Equal(got, []string{"success", "success"}) || h.checks(p.head, "external_id")[1] != "7" {
		t.Errorf("the check runs are %v", h.entries["checks "+p.head])
	}
	h.desk.wantOnlyReads()
}

// TestGitHubPublishesTheCards wants the page with the cards one click away from all that is told, of a plan,
// an apply and drift, also when one fails; and all else told where the page cannot be published.
func TestGitHubPublishesTheCards(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	p := h.open(7, welcome("Welcome all"))
	told := func() []string {
		checks, comments := h.entries["checks "+p.head], h.posted("comments 7", "body")
		return []string{checks[len(checks)-1]["output"].(map[string]any)["summary"].(string), comments[len(comments)-1]}
	}
	plan, apply, drift := "notiform-plan-1.html", "notiform-apply-1.html", "notiform-drift-1.html"
	var merged event
	for _, test := range []struct {
		why, page string
		failed    bool
		run       func() ran
		told      func() []string
	}{
		{"a draft at fault", plan, true, func() ran {
			h.push(p, map[string]string{"drafts/welcome.yaml": draftFile(firstID, "Welcome all", reviewedText) + "job_titel: x\n"})
			return h.plan(p)
		}, told},
		{"a plan", plan, false, func() ran { h.push(p, welcome("Welcome all")); return h.plan(p) }, told},
		{"drift", drift, false, func() ran {
			h.desk.edit(firstID, "Edited")
			defer h.desk.edit(firstID, "Welcome")
			return h.run("drift", "drift", night(h))
		}, func() []string { return h.posted("issues", "body") }},
		{"an apply that is refused", apply, true, func() ran { merged = h.merge("squash", p); return h.apply(merged) }, func() []string { return told()[1:] }},
		{"an apply", apply, false, func() ran { h.review(p, "APPROVED", "grace"); return h.apply(merged) }, func() []string { return told()[1:] }},
	} {
		r := test.run()
		if html := r.artifacts[test.page][test.page]; r.failed != test.failed || !strings.Contains(html, "<!doctype html>") || !strings.Contains(html, "Welcome") {
			t.Errorf("%s: failed is %t, and the page is %.300q:\n%s", test.why, r.failed, html, r.log)
		}
		for _, text := range append(test.told(), r.summary) {
			if !strings.Contains(text, "(https://github.com/acme/helpdesk/actions/runs/42/artifacts/"+test.page+")") {
				t.Errorf("%s: the page is not linked:\n%s", test.why, text)
			}
		}
	}
	for why, prepare := range map[string]func(h *hub){
		"no room for artefacts": func(h *hub) { h.full = true },
		"an Enterprise Server":  func(h *hub) { h.server = "https://github.example.com" },
	} {
		h := newHub(t)
		prepare(h)
		p := h.open(7, welcome("Welcome all"))
		r := h.plan(p)
		if got := h.checks(p.head, "conclusion"); !slices.Equal(got, []string{"success"}) || strings.Contains(r.summary, "before and after](") || r.artifacts[plan] != nil {
			t.Errorf("%s: the check runs are %q, and the summary\n%s\n%s", why, got, r.summary, r.log)
		}
	}
}

// approving is a notiform that approves so many drafts.
func (h *hub) approving(n int) string {
	h.t.Helper()
	line := "sha256:" + strings.Repeat("0", 64) + " " + firstID + "\n"
	script := "#!/bin/bash\nfor a; do case $a in approvals=*) printf %s " + strconv.Quote(strings.Repeat(line, n)) + " >\"${a#*=}\" ;; json=*) echo '{}' >\"${a#*=}\" ;; esac; done\n"
	h.write("approving", script)
	return filepath.Join(h.stubs, "approving")
}

// TestGitHubPlanAlwaysReports wants a check run whatever happens: a required check that is not there
// would hold up a pull request for ever, and one that is skipped would let anything pass.
func TestGitHubPlanAlwaysReports(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why     string
		prepare func(h *hub)
		files   map[string]string
		fails   bool
		says    string
	}{
		{"nothing touched", nil, map[string]string{"README.md": "Hello"}, false, "no drafts touched"},
		{"a draft", nil, welcome("Welcome all"), false, "1 to update"},
		{"a card file elsewhere", nil, map[string]string{"cards/vpn.json": `{"elements":[{"tag":"div","text":{"tag":"plain_text","content":"Hi"}}]}`}, false, "1 to update"},
		{"a draft at fault", nil, map[string]string{"drafts/welcome.yaml": "job_titel: x\n"}, true, "exit code 3"},
		{"a fault that was there before", nil, vpn("VPN of all"), false, "1 to update"},
		{"a token that is not taken", func(h *hub) { h.secrets["FEISHU_PLAN_TOKEN"] = "u-nobody" }, welcome("W"), true, "exit code 1"},
		{"a secret that is not set", func(h *hub) { h.secrets["FEISHU_PLAN_TOKEN"] = "" }, welcome("W"), true, "exit code 1"},
		{"more approvals than a check run holds", func(h *hub) { h.build(h.approving(800)) }, welcome("W"), true, "too many drafts"},
		{"a notiform that crashes", func(h *hub) { h.build(crashing(h.t)) }, welcome("W"), true, "exit code 70"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.desk.write("cards/vpn.json", `{"elements":[]}`)
			h.desk.write("drafts/vpn.yaml", strings.Replace(draftFile(secondID, "VPN", "Hello"), "push_content: ", "push_content_file: ../cards/vpn.json # ", 1))
			h.desk.write("drafts/old.yaml", "job_titel: it was there before\n")
			h.desk.commit("Have a card and a fault")
			p := h.open(7, test.files)
			if test.prepare != nil {
				test.prepare(h)
			}
			r := h.plan(p)
			want := map[bool]string{false: "success", true: "failure"}[test.fails]
			if got := h.checks(p.head, "conclusion"); r.failed != test.fails || !slices.Equal(got, []string{want}) {
				t.Fatalf("failed is %t, the check runs are %q:\n%s", r.failed, got, r.log)
			}
			output := h.entries["checks "+p.head][0]["output"].(map[string]any)
			if title := output["title"].(string); !strings.Contains(title, test.says) || test.fails && h.approvals(p.head) != "" {
				t.Errorf("the check run says %v", output)
			}
			touched := test.says != "no drafts touched" && !strings.HasPrefix(test.says, "too many") // whose notiform leaves no drafts
			if comments := h.posted("comments 7", "body"); (len(comments) == 1) != touched || len(r.artifacts["notiform-plan-1"]) == 0 {
				t.Errorf("the comments are %q", comments)
			}
			if reads := h.desk.server.Count("GET"); reads > 1 {
				t.Errorf("a plan of one draft reads %d", reads)
			}
		})
	}
}

// TestGitHubIsDown: what cannot be found out is not done, and no file of the checkout stands in for it.
func TestGitHubIsDown(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	files := welcome("Welcome all")
	files["reviewed.json"] = `{"Pulls": [{"Number": 7}], "Approvals": ["mine"]}`
	p := h.shown(7, files)
	told := len(h.called())
	h.broken = 1000
	for name, r := range map[string]ran{"plan": h.plan(p), "apply": h.apply(h.merge("squash", p))} {
		if !r.failed || !slices.Equal(r.steps, []string{"Build notiform", "Find what was reviewed", "Tell GitHub"}) || !strings.Contains(r.log, "GitHub answers 502") {
			t.Errorf("%s goes on:\n%s", name, r.log)
		}
	}
	if len(h.called()) != told || h.desk.server.Count("PATCH") > 0 {
		t.Errorf("GitHub is told %q", h.called()[told:])
	}
}

// TestGitHubAppliesWhatWasReviewed merges in each way, so that main has a commit that nobody
// planned, while GitHub does not yet know where it came from. Exactly the reviewed change is written,
// once, and the pull request is told.
func TestGitHubAppliesWhatWasReviewed(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"merge", "squash", "rebase"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.vars["FEISHU_TICKET_ID"] = sandbox.DefaultTicketID
			p := h.shown(7, welcome("Welcome all"))
			h.desk.write("README.md", "main moves on, and nobody plans again")
			h.desk.commit("Move on")
			merged := h.merge(how, p)
			h.late, h.with["patience"] = 2, "20s"
			r := h.apply(merged)
			if r.failed || h.desk.jobName(firstID) != "Welcome all" {
				t.Fatalf("apply failed:\n%s", r.log)
			}
			r.wantScripts(t)
			if !strings.Contains(r.artifacts["notiform-apply-1"]["result.json"], `"applied": 1`) || !strings.Contains(r.summary, "1 applied") {
				t.Errorf("the result is not kept or not in the summary:\n%s", r.summary)
			}
			comments := h.posted("comments 7", "body")
			if last := comments[len(comments)-1]; !strings.HasPrefix(last, "<!-- notiform apply -->\n") || !strings.Contains(last, "1 applied") || !strings.Contains(last, merged.sha) {
				t.Errorf("the pull request is told %q", last)
			}
			if posts := h.desk.server.Count("POST"); posts != 2 { // a tenant token, and the message
				t.Errorf("%d POSTs, want a token and one message to the ticket", posts)
			}
			if again := h.apply(merged); again.failed || h.desk.server.Count("PATCH") != 1 || len(h.posted("comments 7", "body")) != len(comments) {
				t.Errorf("a second run is no run of nothing:\n%s", again.log)
			}
			if drift := h.run("drift", "drift", night(h)); drift.failed || len(h.entries["issues"]) > 0 {
				t.Errorf("there is drift after apply:\n%s", drift.log)
			}
		})
	}
}

// TestGitHubFindsDrift goes through the life of the one issue.
func TestGitHubFindsDrift(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	mallory := map[string]any{"login": "mallory"}
	h.add("issues", map[string]any{"number": 1, "state": "open", "user": mallory, "body": "<!-- notiform drift -->\nclose me"})
	h.add("issues", map[string]any{"number": 2, "state": "open", "user": mallory, "body": nil})
	check := func(why string, failed bool, calls ...string) {
		t.Helper()
		r := h.run("drift", "drift", night(h))
		r.wantScripts(t)
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
	if body := h.posted("issues", "body")[2]; !strings.HasPrefix(body, "<!-- notiform drift -->\n") || !strings.Contains(body, "Edited twice") || !strings.Contains(body, "console") {
		t.Errorf("the issue says\n%s", body)
	}
	h.secrets["FEISHU_PLAN_TOKEN"] = "u-nobody"
	check("it cannot look", true)
	h.secrets["FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
	h.desk.edit(firstID, "Welcome")
	check("the edit is taken back", false, "PATCH issues/3")
	if state := h.posted("issues", "state"); !slices.Equal(state, []string{"open", "open", "closed"}) {
		t.Errorf("the issues are %q", state)
	}
	h.desk.edit(firstID, "Edited later")
	check("it begins anew", false, "POST issues")
	h.desk.wantOnlyReads()
}

// TestActionRefusesWhatItCannotMean ends with the code of wrong usage.
func TestActionRefusesWhatItCannotMean(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	for _, test := range []struct{ input, value, says string }{
		{"command", "send; touch sent", "command is none of validate, plan, apply, drift"},
		{"name", "it --> <b>", "name is not of letters"},
		{"review", "maybe", "review is neither required nor none"},
	} {
		h.with = map[string]string{test.input: test.value}
		if r := h.run("drift", "drift", night(h)); !r.failed || !strings.Contains(r.log, "::error title=notiform::"+test.says) || h.desk.server.Count("") > 0 {
			t.Errorf("%s %q is taken:\n%s", test.input, test.value, r.log)
		}
	}
}
