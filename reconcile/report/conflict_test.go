package report_test

import (
	"strings"
	"testing"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// TestThirdValue: who has to settle a conflict sees what the file said before both sides changed it.
func TestThirdValue(t *testing.T) {
	t.Parallel()
	base := diff.State{
		JobName: "Tea", PushType: spec.Scheduled, PushScopeType: spec.AllMembers, Ext: `{"a": 1}`,
		PushContent: card(t, `{"header": "old", "text": "same"}`), UserList: []spec.Target{{ID: "ou_base"}},
	}
	live, desired := base, base
	live.JobName, desired.JobName = "Tea\u00A0break", "Tea break"
	live.PushScopeType, desired.PushScopeType = spec.SelectedMembers, spec.ChatsOnly
	desired.UserList = []spec.Target{{ID: "ou_base", Name: "Ann"}}
	live.SendAt, desired.SendAt = "2143152000000", "2143155600000"
	live.Ext, desired.Ext = `{"a": 2}`, `{"a": 3}`
	live.PushContent, desired.PushContent = card(t, `{"header": "console", "text": "same"}`), card(t, `{"header": "file", "text": "same"}`)
	planned := reconcile.PlannedDraft{
		File: "a.yaml", Line: 1, NotificationID: id1, JobName: desired.JobName, Action: reconcile.Update,
		Live: &live, Desired: &desired, Changes: diff.Between(live, desired),
	}
	diff.Label(planned.Changes, live, desired, base, true)
	run := report.Run{Command: "plan", Plan: &reconcile.Plan{Complete: true, Drafts: []reconcile.PlannedDraft{planned}}}
	for format, wants := range map[string][]string{
		"text": {
			`    ~ job_name: "Tea\u{A0}break" → "Tea break" [conflict]` + "\n" + `        the file at the base had job_name: "Tea"` + "\n",
			"    ~ push_scope_type: selected_members → chats_only [conflict]\n        the file at the base had push_scope_type: all_members\n",
			"[conflict]\n        the file at the base had no send_at\n",
			"    ~ ext.a: 2 → 3 [conflict]\n" + `        the file at the base had ext: {"a":1}` + "\n",
			"both sides changed the card since the base; at the console:\n        @@ header\n",
			`        -   "header": "old"` + "\n" + `        +   "header": "console"`,
		},
		"html": {
			`<details open><summary>What changes in its lines [conflict]</summary>`,
			`  the file at the base had job_name: &#34;Tea&#34;`,
			"<li>ou_base (Ann, a name from the file)</li>",
			`-   &#34;header&#34;: &#34;old&#34;</span>`,
		},
		"markdown": {
			"+ \"Tea break\"\n  the file at the base had job_name: \"Tea\"\n",
			"\n  the file at the base had no send_at\n",
			"\n! both sides changed the card since the base; at the console:\n",
			`-   "header": "old"` + "\n" + `+   "header": "console"`,
		},
	} {
		out := write(t, format, run)
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %q:\n%s", format, want, out)
			}
		}
	}
}

// TestOneZoneABlock: the times of a draft are told in the offset of its file, or else all in UTC.
func TestOneZoneABlock(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, before, after, changed string }{
		{"the file's offset", "2026-11-30T09:00:00+08:00", "2026-12-01T09:00:00+08:00", "2026-11-30T07:30:00+08:00"},
		{"what is removed has one too", "2026-11-30T09:00:00+08:00", "", "2026-11-30T07:30:00+08:00"},
		{"no time in the file", "", "", "2026-11-29T23:30:00Z"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			changes := []diff.Change{{Field: "job_name", Op: diff.Replace, Before: spec.TextJSON("a"), After: spec.TextJSON("b")}}
			if row.before != "" {
				c := diff.Change{Field: "send_at", Op: diff.Replace, Before: spec.TextJSON(row.before)}
				if row.after != "" {
					c.After = spec.TextJSON(row.after)
				}
				changes = append(changes, c)
			}
			p := reconcile.Plan{Complete: true, Drafts: []reconcile.PlannedDraft{{
				NotificationID: id1, Action: reconcile.Update, Changes: changes, UpdatedAt: "2026-11-29T23:30:00Z", UpdatedBy: "张三",
			}}}
			for _, format := range []string{"text", "markdown"} {
				out := write(t, format, report.Run{Command: "plan", Plan: &p})
				if !strings.Contains(out, "last changed on the server "+row.changed+" by 张三\n") {
					t.Errorf("%s does not say %s:\n%s", format, row.changed, out)
				}
				if strings.Contains(row.before, "+08:00") && strings.Contains(out, "Z ") {
					t.Errorf("%s has two zones in one block:\n%s", format, out)
				}
				for at, day := range map[string]string{row.before: "Mon", row.after: "Tue"} {
					if want := at + " (" + day + ")"; at != "" && !strings.Contains(out, want) {
						t.Errorf("%s does not say %s:\n%s", format, want, out)
					}
				}
			}
		})
	}
}
