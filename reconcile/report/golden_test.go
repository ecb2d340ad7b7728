package report_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// planRun is a plan of one of everything, with who made each difference.
func planRun(t *testing.T) report.Run {
	t.Helper()
	p := plan(t)
	p.LabelOrigins(map[string]spec.Draft{id2: {NotificationID: id2, JobName: "Welcome", UserIDType: spec.OpenID, PushType: spec.Scheduled, PushScopeType: spec.AllMembers, PushContent: card(t, `{}`)}})
	p.Base = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
	r := report.Run{Command: "plan", ToolVersion: "v1.2.3", ExitCode: 4, Files: 1, Drafts: 5, Plan: &p, WriteTime: 3 * time.Minute, Diagnostics: diagnostics()[2:], Now: afterwards}
	r.ApplyArgs, r.Elsewhere, r.URL = []string{"--only", "*all*", "草稿 1"}, []string{"plan.json"}, "https://ci.example/group/project/-/jobs/1"
	return r
}

func diagnostics() []spec.Diagnostic {
	at := func(file string, line, column int) spec.Pos { return spec.Pos{File: file, Line: line, Column: column} }
	return []spec.Diagnostic{
		{Pos: at("cards/a b.json", 3, 1), Severity: spec.Error, Rule: "card-json", Message: "the card repeats the key \"tag\"", Hint: "leave one of them"},
		{Pos: at("草稿/新人.yaml", 2, 1), Severity: spec.Error, Rule: "unknown-field", Message: "unknown field \"job_titel\"", Hint: "did you mean job_name?"},
		{Pos: at("草稿/新人.yaml", 14, 12), Severity: spec.Warning, Rule: "root-department", Message: "department 0 is the whole organisation"},
	}
}

func validateRun() report.Run {
	draft := func(line int, id, name string) spec.Draft {
		return spec.Draft{Pos: spec.Pos{File: "草稿/新人.yaml", Line: line, Column: 1}, NotificationID: id, JobName: name}
	}
	return report.Run{Command: "validate", ToolVersion: "v1.2.3", ExitCode: 3, Files: 2, Drafts: 3, Diagnostics: diagnostics(),
		Judged: []spec.Draft{draft(1, id1, "新人欢迎"), draft(10, "", "Not created yet"), draft(20, id3, "In order")}}
}

func applyRun(t *testing.T) report.Run {
	t.Helper()
	p, r := plan(t), result()
	r.Complete = true
	for i, o := range []reconcile.Outcome{reconcile.OutcomeApplied, reconcile.OutcomeUnverified, reconcile.OutcomeBlocked} { // the same drafts as in the plan
		was := p.Drafts[i]
		r.Drafts[i] = reconcile.DraftResult{File: was.File, Line: was.Line, NotificationID: was.NotificationID, JobName: was.JobName, Outcome: o, Status: was.Status, Changes: was.Changes}
	}
	r.Drafts[0].ApprovalAppLink = "https://applink.feishu.cn/client/mini_program/open?id=1"
	r.Drafts[1].Remaining = r.Drafts[1].Changes[:1]
	return report.Run{Command: "apply", ToolVersion: "v1.2.3", ExitCode: 5, Plan: &p, Result: &r, Now: afterwards}
}

// faultRun ended before there was a plan.
func faultRun(command string) report.Run {
	fault := reconcile.NewFault(errors.Join(errors.New("FEISHU_HELPDESK_ID is not set"), errors.New("FEISHU_USER_ACCESS_TOKEN is not set")))
	fault.Hint = "see notiform plan --help"
	r := report.Run{Command: command, ToolVersion: "v1.2.3", ExitCode: 1, Fault: fault}
	r.Helpdesk = "7000000000000000000"
	return r
}

// aSheet is the style sheet of a page, or its sum.
var aSheet = regexp.MustCompile(`(?s)(<style>|style-src &#39;sha256-).*?(</style>|&#39;)`)

func TestGoldens(t *testing.T) {
	t.Parallel()
	suffix := map[string]string{"text": "txt", "markdown": "md", "github": "github.txt", "sarif": "sarif", "junit": "junit.xml", "gitlab-codequality": "codequality.json", "html": "page.html"}
	for name, run := range map[string]report.Run{"validate": validateRun(), "plan": planRun(t), "apply": applyRun(t), "fault": faultRun("plan")} {
		for _, format := range report.Formats(run.Command, true) {
			if format == "json" || format == "approvals" || format == "sarif" && name != "validate" { // have tests of their own; most of it are the rules
				continue
			}
			t.Run(name+"/"+format, func(t *testing.T) {
				t.Parallel()
				out := write(t, format, run)
				out = aSheet.ReplaceAllString(out, "$1…$2") // of which every page has the same
				golden(t, "report/"+name+"."+suffix[format], []byte(out))
				if format == "markdown" {
					golden(t, "report/"+name+".html", []byte(rendered(t, out)))
				}
			})
		}
	}
}

// TestFormats is the table of the manual: which format makes sense for which command.
func TestFormats(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"validate": "text json markdown github github-summary sarif junit gitlab-codequality html",
		"plan":     "text json markdown github github-summary sarif junit gitlab-codequality html approvals",
		"show":     "text json markdown github github-summary sarif junit gitlab-codequality html",
		"apply":    "text json markdown github github-summary junit html",
		"card":     "text json html",
		"sandbox":  "",
	} {
		if got := strings.Join(report.Formats(command, false), " "); got != want {
			t.Errorf("%s to files: %s, want %s", command, got, want)
		}
		toStdout := strings.Join(slices.DeleteFunc(strings.Fields(want), report.Appends), " ")
		if got := strings.Join(report.Formats(command, true), " "); got != toStdout || strings.Contains(got, "summary") {
			t.Errorf("%s to stdout: %s, want %s", command, got, toStdout)
		}
	}
}

// TestEveryFormatOnEveryWayOut: a run that ended early is told in every format, and none of them
// can be taken for a clean one.
func TestEveryFormatOnEveryWayOut(t *testing.T) {
	t.Parallel()
	unread := reconcile.Plan{Drafts: []reconcile.PlannedDraft{}}
	unwritten := reconcile.Result{Drafts: []reconcile.DraftResult{}}
	for why, run := range map[string]report.Run{
		"a fault":                faultRun("plan"),
		"a fault of apply":       faultRun("apply"),
		"a fault of show":        faultRun("show"),
		"an interrupted plan":    {Command: "plan", ExitCode: 130, Plan: &unread},
		"an interrupted apply":   {Command: "apply", ExitCode: 130, Plan: &reconcile.Plan{Complete: true}, Result: &unwritten},
		"a ticket not told":      {Command: "apply", ExitCode: 1, Plan: &reconcile.Plan{Complete: true}, Result: &reconcile.Result{Complete: true}, Ticket: &report.Ticket{ID: "1", Error: &reconcile.Fault{Message: "closed"}}},
		"interrupted, no plan":   {Command: "validate", ExitCode: 130},
		"the files are at fault": {Command: "plan", ExitCode: 3, Diagnostics: diagnostics()},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			for _, format := range report.Formats(run.Command, false) {
				out := write(t, format, run)
				clean := write(t, format, report.Run{Command: run.Command, Plan: &reconcile.Plan{Complete: true}})
				if format == "approvals" && out == "" { // it allows nothing
					continue
				}
				if out == clean || out == "" {
					t.Errorf("%s is that of a clean run:\n%s", format, out)
				}
				wantSafe(t, format, out)
			}
		})
	}
}

// TestEveryFormatSaysWhatCannotBeWritten: half a report must not pass for a report.
func TestEveryFormatSaysWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, format := range report.Formats("plan", false) {
		if err := report.Write(fullDisk{}, format, planRun(t), 10); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// TestSameBytes: the same run gives the same bytes.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	for _, format := range report.Formats("plan", false) {
		if first, second := write(t, format, planRun(t)), write(t, format, planRun(t)); first != second {
			t.Errorf("%s differs", format)
		}
	}
}
