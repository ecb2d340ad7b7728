package report_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// TestTicketWordsAreThese holds every sentence of a ticket message, since few who work on this read
// both languages: a word that changes is looked at.
func TestTicketWordsAreThese(t *testing.T) {
	t.Parallel()
	golden(t, "ticket_words.txt", []byte(report.TicketWords()))
}

// TestMemberIsToldWithItsList: what is still different names the list, or nobody knows whose list it is.
func TestMemberIsToldWithItsList(t *testing.T) {
	t.Parallel()
	member, err := spec.ParseJSON([]byte(`{"id":"oc_b","name":"茶"}`))
	if err != nil {
		t.Fatal(err)
	}
	r := reconcile.Result{Drafts: []reconcile.DraftResult{{
		NotificationID: id1, Outcome: reconcile.OutcomeUnverified,
		Remaining: []diff.Change{{Field: "chat_list", Path: "oc_b", Op: diff.Remove, Before: member}},
	}}}
	for format, want := range map[string]string{
		"text":     "    still different from the file:\n        - chat_list: oc_b (茶)\n",
		"markdown": "! still different from the file:\n@@ chat_list @@\n- oc_b (茶)\n",
	} {
		if out := write(t, format, report.Run{Command: "apply", Result: &r}); !strings.Contains(out, want) {
			t.Errorf("%s lacks %q:\n%s", format, want, out)
		}
	}
}

// TestApprovalOfWhatWasAppliedOnly: a link to approve what was not written would have the old text sent.
func TestApprovalOfWhatWasAppliedOnly(t *testing.T) {
	t.Parallel()
	const link = "https://applink.feishu.cn/approve?id=1"
	for _, outcome := range []reconcile.Outcome{
		reconcile.OutcomeApplied, reconcile.OutcomeUnchanged, reconcile.OutcomeBlocked, reconcile.OutcomeStale,
		reconcile.OutcomeUnverified, reconcile.OutcomeFailed, reconcile.OutcomeNotAttempted,
	} {
		r := reconcile.Result{Drafts: []reconcile.DraftResult{{
			NotificationID: id1, Outcome: outcome, ApprovalAppLink: link,
			Changes: []diff.Change{{Field: "job_name", Op: diff.Replace, Before: spec.TextJSON("a"), After: spec.TextJSON("b")}},
		}}}
		run := report.Run{Command: "apply", Result: &r}
		content, _ := post(t, run, postSize)
		for format, out := range map[string]string{"text": write(t, "text", run), "markdown": write(t, "markdown", run), "the ticket": string(content)} {
			if strings.Contains(out, "applink") != (outcome == reconcile.OutcomeApplied) {
				t.Errorf("%s of what is %s:\n%s", format, outcome, out)
			}
		}
	}
}

// TestFindingsStandOnTheirLine: tools show a finding beside the line that it names.
func TestFindingsStandOnTheirLine(t *testing.T) {
	t.Parallel()
	for line, want := range map[int]int{0: 1, 1: 1, 2: 2, 77: 77} { // 0 is of the whole file
		run := report.Run{Command: "validate", Diagnostics: []spec.Diagnostic{{Pos: spec.Pos{File: "a.yaml", Line: line}, Severity: spec.Error, Rule: "invalid-id", Message: "m"}}}
		var log struct {
			Runs []struct {
				Results []struct {
					Locations []struct {
						PhysicalLocation struct {
							Region struct{ StartLine int }
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(write(t, "sarif", run)), &log); err != nil {
			t.Fatal(err)
		}
		if got := log.Runs[0].Results[0].Locations[0].PhysicalLocation.Region.StartLine; got != want {
			t.Errorf("line %d is %d in SARIF", line, got)
		}
		if out := write(t, "gitlab-codequality", run); !strings.Contains(out, fmt.Sprintf(`"begin": %d`, want)) {
			t.Errorf("line %d is told otherwise:\n%s", line, out)
		}
	}
}

// TestUnreadDraftsAreNoFindings: the run that was stopped is one finding; a finding for each draft
// whose turn never came would bury it.
func TestUnreadDraftsAreNoFindings(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	drafts := make([]spec.Draft, 3)
	for i := range drafts {
		drafts[i] = spec.Draft{Pos: spec.Pos{File: "unread.yaml", Line: 1}, NotificationID: fmt.Sprint(i), JobName: "J"}
	}
	p := reconcile.MakePlan(stopped, reader{}, target, drafts, reconcile.Options{})
	if len(p.Drafts) != 3 || p.Drafts[0].Action != reconcile.NotRead {
		t.Fatalf("the drafts were read: %+v", p.Drafts)
	}
	for _, format := range []string{"github", "sarif", "gitlab-codequality"} {
		out := write(t, format, report.Run{Command: "plan", ExitCode: report.ExitInterrupted, Plan: &p})
		if strings.Contains(out, "unread.yaml") || !strings.Contains(out, "the run was stopped") {
			t.Errorf("%s tells of drafts that were not read, or not of the run:\n%s", format, out)
		}
	}
	out := write(t, "junit", report.Run{Command: "plan", ExitCode: report.ExitInterrupted, Plan: &p})
	skipped := regexp.MustCompile(`<skipped [^>]*type="draft-not-read"`)
	if n := len(skipped.FindAllString(out, -1)); n != len(drafts) { // a case that says nothing passed
		t.Errorf("%d cases are skipped by their rule:\n%s", n, out)
	}
}
