package report_test

import (
	"fmt"
	"strings"
	"testing"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// changedRun is a validate of a change of one draft, in a file in which another one is at fault. A
// card file of others is at fault, too, and a draft is gone.
func changedRun() report.Run {
	r := validateRun()
	r.Diagnostics[0].Outside = true
	r.Diagnostics[1].Pos.Line = 12
	r.Changed = &report.Changed{Revision: "origin/main", Commit: "3f2a1bc0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0", Drafts: r.Judged[:1], Of: 3}
	r.Drafts = 1
	r.Removed = []reconcile.RemovedDraft{{File: "草稿/old.yaml", NotificationID: id2, JobName: "Old"}}
	return r
}

// TestChanged: every format says what a run is about, what is outside of it, and what is gone.
func TestChanged(t *testing.T) {
	t.Parallel()
	const sentence, count = "1 of 3 drafts differs from the merge base 3f2a1bc of origin/main.", "Validate: 1 changed draft of 3 in 2 files, 1 error, 1 warning"
	for format, want := range map[string][]string{
		"text": {sentence, count, "cards/a b.json:3:1: note: the card repeats", "removed: Old  " + id2 + "  草稿/old.yaml: its notification stays in the helpdesk;"},
		"markdown": {
			count, "1 of 3 drafts differs from the merge base `3f2a1bc` of `origin/main`.", "1 fault in files outside of the change, which are only told.",
			"1 draft is in no file any more, and its notification stays in the helpdesk:\n\n- removed: `Old` `" + id2 + "` `草稿/old.yaml`\n", "1 error and 1 warning in the draft files",
		},
		"json":               {`"outside": true`, `"removed": [`, `"drafts": 1,`, `"errors": 1,`},
		"sarif":              {`"level": "note"`, `"ruleId": "draft-removed"`},
		"gitlab-codequality": {`"severity": "info"`, `"check_name": "draft-removed"`},
		"github":             {"::notice file=cards/a b.json,line=3,col=1,title=card-json::", "::notice file=草稿/old.yaml,line=1,title=draft-removed::Old: its notification stays in the helpdesk"},
	} {
		out := write(t, format, changedRun())
		for _, part := range want {
			if !strings.Contains(out, part) {
				t.Errorf("%s lacks %q:\n%s", format, part, out)
			}
		}
		if strings.Count(out, "draft-removed") > 1 && format == "github" {
			t.Errorf("%s tells twice what is gone:\n%s", format, out)
		}
	}
	if out := write(t, "markdown", changedRun()); strings.Contains(out, "repeats the key") {
		t.Errorf("a fault outside is listed:\n%s", out)
	}
}

// TestManyOutsideAndRemoved: what concerns nobody does not fill a page, nor a message.
func TestManyOutsideAndRemoved(t *testing.T) {
	t.Parallel()
	r := changedRun()
	r.Command, r.Diagnostics, r.Changed.Drafts = "plan", nil, nil
	p := reconcile.Plan{Complete: true}
	r.Plan = &p
	for i := range 300 {
		r.Diagnostics = append(r.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: "hr.yaml", Line: i + 1, Column: 1}, Severity: spec.Error, Rule: "unknown-field", Message: "x", Outside: true})
		r.Removed = append(r.Removed, reconcile.RemovedDraft{File: "old.yaml", NotificationID: fmt.Sprint(i), JobName: "Old"})
	}
	page := write(t, "markdown", r)
	for _, part := range []string{"No draft differs from the merge base `3f2a1bc` of `origin/main` (3 drafts looked at).", "300 faults in files outside", "301 drafts are in no file any more", "- and 291 more\n"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q:\n%s", part, page)
		}
	}
	if len(page) > 3000 {
		t.Errorf("the page has %d bytes", len(page))
	}
	if notices := strings.Count(write(t, "github", r), "::notice "); notices > 10 {
		t.Errorf("there are %d notices, of which GitHub shows ten", notices)
	}
	content, err := report.Post(r, feishu.MaxTicketContent)
	for _, part := range []string{"301 drafts are in no file any more; their notifications stay in the helpdesk.", "有 301 条草稿已不在任何文件中", "300 faults in files outside of the change stop nobody.", "有 300 处问题"} {
		if err != nil || !strings.Contains(string(content), part) {
			t.Errorf("the message lacks %q: %s, %v", part, content, err)
		}
	}
}
