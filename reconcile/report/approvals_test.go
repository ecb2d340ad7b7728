package report_test

import (
	"testing"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// approvable is a run of plan with two updates, and others if given.
func approvable(t *testing.T, others ...reconcile.PlannedDraft) report.Run {
	t.Helper()
	p := plan(t)
	drafts := []reconcile.PlannedDraft{p.Drafts[1], p.Drafts[0]} // in another order than that of their ids
	p.Drafts, p.Summary = append(drafts, others...), reconcile.Summary{Update: 2}
	for _, d := range others {
		switch d.Action {
		case reconcile.Blocked:
			p.Summary.Blocked++
		case reconcile.Failed:
			p.Summary.Failed++
		}
	}
	return report.Run{Command: "plan", Plan: &p}
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	blocked, failed := plan(t).Drafts[2], plan(t).Drafts[3]
	all := plan(t).Drafts[0].Digest + " " + id1 + "\n" + plan(t).Drafts[1].Digest + " " + id2 + "\n"
	refusal := []reconcile.Refusal{{Guard: "max-changes", Message: "too many"}}
	for _, row := range []struct {
		why    string
		others []reconcile.PlannedDraft
		edit   func(*report.Run)
		want   string
	}{
		{"a line an update, in the order of their ids", nil, func(*report.Run) {}, all},
		{"a plan that differs", nil, func(r *report.Run) { r.ExitCode = report.ExitDiffers }, all},
		{"warnings of the files", nil, func(r *report.Run) { r.Diagnostics = []spec.Diagnostic{{Severity: spec.Warning}} }, all},
		{"a blocked draft keeps no other from being approved", []reconcile.PlannedDraft{blocked}, func(r *report.Run) { r.ExitCode = report.ExitRefused }, all},

		{"a guard refuses", nil, func(r *report.Run) { r.ExitCode, r.Plan.Refusals = report.ExitRefused, refusal }, ""},
		{"a draft could not be read", []reconcile.PlannedDraft{failed}, func(r *report.Run) { r.ExitCode = report.ExitFailed }, ""},
		{"a blocked draft hides that another could not be read", []reconcile.PlannedDraft{blocked, failed}, func(r *report.Run) { r.ExitCode = report.ExitRefused }, ""},
		{"not every draft was read", []reconcile.PlannedDraft{blocked}, func(r *report.Run) { r.ExitCode, r.Plan.Complete = report.ExitRefused, false }, ""},
		{"an interrupt after the last draft", nil, func(r *report.Run) { r.ExitCode = report.ExitInterrupted }, ""},
		{"another report could not be written", nil, func(r *report.Run) { r.ExitCode, r.Fault = report.ExitFailed, &reconcile.Fault{Message: "disk full"} }, ""},
		{"another report could not be written, and a draft is blocked", []reconcile.PlannedDraft{blocked}, func(r *report.Run) { r.ExitCode, r.Fault = report.ExitRefused, &reconcile.Fault{Message: "disk full"} }, ""},
		{"a ticket could not be told, and a draft is blocked", []reconcile.PlannedDraft{blocked}, func(r *report.Run) {
			r.ExitCode, r.Ticket = report.ExitRefused, &report.Ticket{ID: "1", Error: &reconcile.Fault{Message: "closed"}}
		}, ""},
		{"the files are at fault", nil, func(r *report.Run) { r.ExitCode, r.Plan = report.ExitFaulty, nil }, ""},
		{"nothing was planned", nil, func(r *report.Run) { r.Plan = nil }, ""},
		{"a fault of notiform", nil, func(r *report.Run) { r.ExitCode = report.ExitFault }, ""},
		{"wrong usage", nil, func(r *report.Run) { r.ExitCode = report.ExitUsage }, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			run := approvable(t, row.others...)
			row.edit(&run)
			if got := write(t, "approvals", run); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}
