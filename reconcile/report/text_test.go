package report_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

func text(t *testing.T, r report.Run, s report.Style) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.Text(&out, r, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestRefusalIsOneLine, whatever the name of a file that it names.
func TestRefusalIsOneLine(t *testing.T) {
	t.Parallel()
	p := plan(t)
	p.Refusals = []reconcile.Refusal{{Guard: "approved", Message: "a\nPlan: 0 to update\x1b[2J.yaml:1 would change", Hint: "b"}, {Message: "c", Hint: "b"}}
	for _, format := range []string{"text", "markdown"} {
		out := write(t, format, report.Run{Command: "plan", Plan: &p, ExitCode: report.ExitRefused})
		if strings.Contains(out, "\nPlan: 0 to update") || strings.Count(out, "hint: b\n") != 1 {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

func TestPlanText(t *testing.T) {
	t.Parallel()
	p := plan(t)
	golden(t, "plan.txt", text(t, report.Run{Command: "plan", Plan: &p, WriteTime: 3 * time.Minute, Now: afterwards}, report.Style{}))
}

// TestColorCarriesNothing shows that the colours can be taken away without a loss.
func TestColorCarriesNothing(t *testing.T) {
	t.Parallel()
	p := plan(t)
	run := report.Run{Command: "plan", Plan: &p}
	plain, colored := text(t, run, report.Style{}), text(t, run, report.Style{Color: true})
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[22m", "\x1b[31m", "\x1b[32m", "\x1b[33m"} {
		if !bytes.Contains(colored, []byte(code)) {
			t.Errorf("%q is not used", code)
		}
		colored = bytes.ReplaceAll(colored, []byte(code), nil)
	}
	if !bytes.Equal(plain, colored) {
		t.Errorf("without its colours the text is another:\n%s", colored)
	}
}

// TestTextIsFoldedOnATerminalOnly: however wide a terminal is, what it shows is the same text, and
// without one every line is whole.
func TestTextIsFoldedOnATerminalOnly(t *testing.T) {
	t.Parallel()
	p, r := plan(t), result()
	for command, run := range map[string]report.Run{"plan": {Command: "plan", Plan: &p}, "apply": {Command: "apply", Result: &r}} {
		whole := string(text(t, run, report.Style{}))
		if strings.Contains(whole, "↳") {
			t.Errorf("%s is folded without a terminal:\n%s", command, whole)
		}
		for _, width := range []int{60, 100, 160} {
			folded := string(text(t, run, report.Style{Width: width}))
			for line := range strings.Lines(folded) {
				if n := runewidth.StringWidth(line); n > width && !strings.ContainsAny(line, ":_") { // an id or address is longer
					t.Errorf("%s has a line of %d columns at %d: %s", command, n, width, line)
				}
			}
			if got, want := bare(folded), bare(whole); got != want {
				t.Errorf("%s is another text at %d columns:\n%s", command, width, folded)
			}
		}
	}
}

// bare is a text without what folding changes: line breaks, blanks, marks, and whether two values, or
// a draft and what became of it, stand beside or below each other.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n↳→~-+:", r) {
			return -1
		}
		return r
	}, s)
}

func TestPlanTextIsShortWhenNothingDiffers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		drafts int
		want   string
	}{
		{"no drafts", 0, "Plan: 0 to update, 0 unchanged, 0 blocked, 0 failed\nHelpdesk 7000000000000000000 at https://open.feishu.cn\n"},
		{"a thousand equal ones", 1000, "Plan: 0 to update, 1000 unchanged, 0 blocked, 0 failed\nHelpdesk 7000000000000000000 at https://open.feishu.cn\n"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p := reconcile.Plan{Helpdesk: target, Complete: true, Summary: reconcile.Summary{NoOp: row.drafts}}
			for range row.drafts {
				p.Drafts = append(p.Drafts, reconcile.PlannedDraft{Action: reconcile.NoOp})
			}
			if got := string(text(t, report.Run{Command: "plan", Plan: &p}, report.Style{})); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// TestLongCardIsNeverCut shows all of a reworded card of many lines, and only the surroundings
// of what changed in one that changed little.
func TestLongCardIsNeverCut(t *testing.T) {
	t.Parallel()
	lines := make([]string, 200)
	for i := range lines {
		lines[i] = "第 " + strings.Repeat("很", i%40) + "长的一行"
	}
	before := strings.Join(lines, `\n`)
	lines[100] = "改了这一行"
	after := strings.Join(lines, `\n`)
	live := reader{id1: detail(feishu.Notification{ID: id1, JobName: "x", PushScopeType: 0, PushContent: `{"elements":[{"tag":"markdown","content":"` + before + `"}]}`})}
	draft := spec.Draft{NotificationID: id1, JobName: "x", PushType: spec.Scheduled, PushScopeType: spec.AllMembers, PushContent: card(t, `{"elements":[{"tag":"markdown","content":"`+after+`"}]}`)}
	p := reconcile.MakePlan(context.Background(), live, target, []spec.Draft{draft}, reconcile.Options{})
	got := string(text(t, report.Run{Command: "plan", Plan: &p}, report.Style{}))
	if n := strings.Count(got, "\n        -"); n != 2 {
		t.Errorf("%d lines are told as removed, want 2, of what people see and of the card:\n%s", n, got)
	}
	if !strings.Contains(got, "        +         | 改了这一行\n") {
		t.Errorf("the new line is not shown:\n%s", got)
	}
	for line := range strings.Lines(got) {
		if n := len([]rune(line)); n > 101 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

func TestResultText(t *testing.T) {
	t.Parallel()
	r := result()
	golden(t, "result.txt", text(t, report.Run{Command: "apply", Result: &r}, report.Style{}))
}

// TestResultSummary leaves out what no draft came to, and is a sentence for every run.
func TestResultSummary(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]reconcile.ResultSummary{
		"Apply: nothing to do, there are no drafts": {},
		"Apply: 300 unchanged":                      {Unchanged: 300},
		"Apply: 3 applied, 9 unchanged":             {Applied: 3, Unchanged: 9},
		"Apply: 1 blocked, 1 failed":                {Blocked: 1, Failed: 1},
		"Apply: 1 applied, 2 unchanged, 3 blocked, 4 stale, 5 unverified, 6 failed, 7 not attempted": {Applied: 1, Unchanged: 2, Blocked: 3, Stale: 4, Unverified: 5, Failed: 6, NotAttempted: 7},
	} {
		run := report.Run{Command: "apply", Plan: &reconcile.Plan{Complete: true}, Result: &reconcile.Result{Complete: true, Summary: s}}
		if got := string(text(t, run, report.Style{})); !strings.HasSuffix("\n"+got, "\n"+want+"\n") {
			t.Errorf("text is %q, want %q", got, want)
		}
		if out := write(t, "markdown", run); !strings.Contains(out, "\n\n"+want+"\n\n") {
			t.Errorf("%s is not in\n%s", want, out)
		}
		if out := write(t, "github", run); out != want+"\n" {
			t.Errorf("annotations are %q, want %q", out, want)
		}
	}
}

// TestResultRows: outcomes, names and ids stand below each other, as wide as a terminal shows them,
// and a very long name is whole and moves nobody else's columns.
func TestResultRows(t *testing.T) {
	t.Parallel()
	change := []diff.Change{{Field: "job_name", Op: diff.Replace}, {Field: "user_list", Path: "ou_a", Op: diff.Add}, {Field: "user_list", Path: "ou_b", Op: diff.Add}}
	draft := func(line int, name, id string, o reconcile.Outcome) reconcile.DraftResult {
		return reconcile.DraftResult{File: "a.yaml", Line: line, NotificationID: id, JobName: name, Outcome: o, Changes: change}
	}
	long := strings.Repeat("长", 21)
	r := reconcile.Result{Complete: true, Summary: reconcile.ResultSummary{Applied: 3, Unchanged: 1}, Drafts: []reconcile.DraftResult{
		draft(1, "新人", "10", reconcile.OutcomeApplied), draft(2, "", "9", reconcile.OutcomeUnchanged),
		draft(3, long, "7", reconcile.OutcomeApplied), draft(4, "A\n", "8", reconcile.OutcomeApplied),
	}}
	want := "applied    新人           10  a.yaml:1: job_name, user_list written, read back as in the file\n" +
		"unchanged  (no job_name)  9   a.yaml:2: somebody had already made it equal to the file; nothing was sent\n" +
		"applied    " + long + "  7   a.yaml:3: job_name, user_list written, read back as in the file\n" +
		"applied    A\\n            8   a.yaml:4: job_name, user_list written, read back as in the file\n" +
		"\nApply: 3 applied, 1 unchanged\n"
	got := strings.ReplaceAll(string(text(t, report.Run{Command: "apply", Result: &r}, report.Style{})), "\n  ↳ ", " ")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// result is one of every outcome.
func result() reconcile.Result {
	status, left := 0, 2
	change := func(field string) diff.Change {
		return diff.Change{Field: field, Op: diff.Replace, Before: spec.TextJSON("before"), After: spec.TextJSON("after")}
	}
	draft := func(line int, name string, o reconcile.Outcome) reconcile.DraftResult {
		return reconcile.DraftResult{File: "drafts/all.yaml", Line: line, NotificationID: id1, JobName: name, Outcome: o, Status: &status,
			Changes: []diff.Change{change("job_name")}}
	}
	applied := draft(1, "系统维护通知", reconcile.OutcomeApplied)
	applied.ApprovalAppLink = "https://applink.feishu.cn/client/mini_program/open?id=1"
	equal := draft(10, "Equal", reconcile.OutcomeUnchanged)
	equal.Changes = nil
	overtaken := draft(20, "Done by somebody else", reconcile.OutcomeUnchanged)
	blocked := draft(30, "Approved\x1b[2J", reconcile.OutcomeBlocked)
	blocked.Status = &left
	stale := draft(40, "Moved", reconcile.OutcomeStale)
	stale.Remaining = []diff.Change{change("job_name")}
	stale.Error = reconcile.NewFault(errors.New("the notification was changed on the server since it was planned"))
	unverified := draft(50, "Half", reconcile.OutcomeUnverified)
	unverified.Remaining = []diff.Change{{Field: "user_list", Path: "ou_b", Op: diff.Remove, Before: spec.TextJSON("x")}, change("job_name")}
	failed := draft(60, "Refused", reconcile.OutcomeFailed)
	failed.Error = &reconcile.Fault{Message: "patch notification 7: feishu answered code 154000", Hint: "check the draft", Code: 154000}
	late := draft(70, "Never reached", reconcile.OutcomeNotAttempted)
	late.Error = reconcile.NewFault(errors.New("interrupted"))
	return reconcile.Result{
		Summary: reconcile.ResultSummary{Applied: 1, Unchanged: 2, Blocked: 1, Stale: 1, Unverified: 1, Failed: 1, NotAttempted: 1},
		Drafts:  []reconcile.DraftResult{applied, equal, overtaken, blocked, stale, unverified, failed, late},
	}
}

func TestDiagnosticsText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := report.DiagnosticsText(&out, []spec.Diagnostic{
		{Pos: spec.Pos{File: "a\nb.yaml", Line: 2, Column: 1}, Severity: spec.Error, Rule: "unknown-field", Message: "unknown field \"titel\"", Hint: "did you mean title?"},
		{Pos: spec.Pos{File: "c.yaml", Line: 3, Column: 4}, Severity: spec.Warning, Rule: "root-department", Message: "department 0"},
	}, report.Style{})
	want := "a\\nb.yaml:2:1: error: unknown field \"titel\" [unknown-field]\n  hint: did you mean title?\n" +
		"c.yaml:3:4: warning: department 0 [root-department]\n"
	if err != nil || out.String() != want {
		t.Errorf("got %v\n%s", err, out.String())
	}
}

// TestClosedDraftsStandTogether: what was sent stays in its files, so there are more of them by the year.
func TestClosedDraftsStandTogether(t *testing.T) {
	t.Parallel()
	sent := 6
	closed := reconcile.PlannedDraft{File: "a.yaml", Line: 1, NotificationID: id1, JobName: "Sent", Action: reconcile.Closed, Status: &sent}
	p := reconcile.Plan{Complete: true, Drafts: []reconcile.PlannedDraft{closed, {Action: reconcile.NoOp}, closed}}
	out := string(text(t, report.Run{Command: "plan", Plan: &p}, report.Style{}))
	if at := strings.Index(out, "\n- closed:"); at < 0 || strings.Count(out, "\n\n") != 2 {
		t.Errorf("they stand apart:\n%s", out)
	}
}

// TestBrokenOutputIsSaid: half a plan must not pass for a plan.
func TestBrokenOutputIsSaid(t *testing.T) {
	t.Parallel()
	p := plan(t)
	run := report.Run{Command: "plan", Plan: &p}
	if err := report.Text(fullDisk{}, run, report.Style{}); !errors.Is(err, errFull) {
		t.Errorf("text: %v", err)
	}
	if err := report.Write(fullDisk{}, "json", run, 0); !errors.Is(err, errFull) {
		t.Errorf("json: %v", err)
	}
}

// TestHugeLiveValues: what a server holds may have megabytes, of which a reader needs to know no
// more than that; what would be written is shown all the same.
func TestHugeLiveValues(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("0,", 400<<10) + "0"
	live := reader{id1: detail(feishu.Notification{ID: id1, JobName: huge, PushContent: `{"elements":[` + huge + `]}`, Ext: `[` + huge + `]`})}
	draft := spec.Draft{
		NotificationID: id1, JobName: "x", PushType: spec.Scheduled, PushScopeType: spec.AllMembers,
		PushContent: card(t, `{"elements":[]}`), Ext: spec.Owned[string]{Value: "[1]", Given: true},
	}
	p := reconcile.MakePlan(t.Context(), live, target, []spec.Draft{draft}, reconcile.Options{})
	for _, format := range []string{"text", "markdown", "github", "junit", "sarif", "gitlab-codequality"} {
		if out := write(t, format, report.Run{Command: "plan", Plan: &p}); len(out) > 100<<10 {
			t.Errorf("%s has %d bytes", format, len(out))
		}
	}
	out := write(t, "text", report.Run{Command: "plan", Plan: &p})
	for _, want := range []string{"- a value of 819216 bytes, too large to be shown (sha256:", `"elements": []`, `"x"`, "[1]"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

// TestExcerptsPointAtTheirPlace: the caret stands below the place, whatever stands before it, and a
// long line shows what is near.
func TestExcerptsPointAtTheirPlace(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		source *spec.Excerpt
		width  int
		want   string
	}{
		{"wide characters", &spec.Excerpt{Before: "标题：", After: "新人"}, 0, "    7 | 标题：新人\n      |       ^\n"},
		{"a tab and what does not show", &spec.Excerpt{Before: "\ta\u200b", After: "b"}, 0, "    7 | \\ta\\u{200B}b\n      |            ^\n"},
		{"a backslash is one", &spec.Excerpt{Before: `"a\`, After: `q"`}, 0, "    7 | \"a\\q\"\n      |    ^\n"},
		{"behind the end of the line", &spec.Excerpt{Before: "a: [b"}, 0, "    7 | a: [b\n      |      ^\n"},
		{"cut behind", &spec.Excerpt{Before: "a: ", After: strings.Repeat("维", 80)}, 60, "    7 | a: " + strings.Repeat("维", 24) + "…\n      |    ^\n"},
		{"cut before", &spec.Excerpt{Before: strings.Repeat("x", 80), After: "y"}, 60, "    7 | …" + strings.Repeat("x", 33) + "y\n      | " + strings.Repeat(" ", 34) + "^\n"},
		{"no line", nil, 0, ""},
		{"what commands a terminal or a runner", &spec.Excerpt{Before: "\x1b[2J::error::", After: "x"}, 0, "    7 | \\u{1B}[2J::error::x\n      |                   ^\n"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			d := spec.Diagnostic{Pos: spec.Pos{File: "a.yaml", Line: 7, Column: 3}, Severity: spec.Error, Rule: "r", Message: "m", Hint: "h", Source: row.source}
			if err := report.DiagnosticsText(&out, []spec.Diagnostic{d}, report.Style{Width: row.width}); err != nil {
				t.Fatal(err)
			}
			if want := "a.yaml:7:3: error: m [r]\n" + row.want + "  hint: h\n"; out.String() != want {
				t.Errorf("got\n%swant\n%s", out.String(), want)
			}
		})
	}
}
