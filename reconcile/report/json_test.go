package report_test

import (
	"encoding/json"
	"testing"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

func TestJSONGoldens(t *testing.T) {
	t.Parallel()
	p, r := plan(t), result()
	warning := []spec.Diagnostic{{Pos: spec.Pos{File: "a.yaml", Line: 2, Column: 3}, Severity: spec.Warning, Rule: "root-department", Message: "department 0", Hint: "use push_scope_type all_members"}}
	for name, run := range map[string]report.Run{
		"plan.json":     {Command: "plan", ToolVersion: "v1", ExitCode: 4, Plan: &p, Diagnostics: warning, Now: afterwards},
		"result.json":   {Command: "apply", ToolVersion: "v1", ExitCode: 5, Result: &r},
		"validate.json": {Command: "validate", ToolVersion: "v1", ExitCode: 0, Files: 1, Drafts: 2, Diagnostics: warning},
	} {
		golden(t, name, []byte(write(t, "json", run)))
	}
}

// TestJSONIsCompleteWithoutAPlan: a program that reads the output finds the same members when
// the run ended before there was a plan.
func TestJSONIsCompleteWithoutAPlan(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"plan", "apply", "validate"} {
		var got map[string]any
		if err := json.Unmarshal([]byte(write(t, "json", report.Run{Command: command, ExitCode: 1, Fault: &reconcile.Fault{Message: "no settings"}})), &got); err != nil {
			t.Fatal(err)
		}
		want := []string{"format_version", "tool_version", "exit_code", "summary", "diagnostics", "error"}
		if command != "validate" {
			want = append(want, "complete", "digest", "base_url", "helpdesk_id", "drafts")
		}
		for _, name := range want {
			if _, ok := got[name]; !ok {
				t.Errorf("%s: %s is missing", command, name)
			}
		}
		if got["exit_code"] != 1.0 {
			t.Errorf("%s: exit_code %v, want 1", command, got["exit_code"])
		}
		if drafts, ok := got["drafts"].([]any); command != "validate" && (!ok || len(drafts) != 0) {
			t.Errorf("%s: drafts is %v, want []", command, got["drafts"])
		}
	}
}

// TestJSONTellsOfTheTicket, as data beside what the run came to, and only if one was to be told.
func TestJSONTellsOfTheTicket(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"plan", "apply"} {
		for want, ticket := range map[string]*report.Ticket{
			"null":                           nil,
			`{"id":"1","message_id":"om_1"}`: {ID: "1", MessageID: "om_1"},
			`{"error":{"message":"closed"},"id":"1"}`: {ID: "1", Error: &reconcile.Fault{Message: "closed"}},
		} {
			var got struct{ Ticket any }
			if err := json.Unmarshal([]byte(write(t, "json", report.Run{Command: command, Ticket: ticket})), &got); err != nil {
				t.Fatal(err)
			}
			if text, _ := json.Marshal(got.Ticket); string(text) != want {
				t.Errorf("%s: %s, want %s", command, text, want)
			}
		}
	}
}
