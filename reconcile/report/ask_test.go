package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// TestAsk: where to and how much, what must not be overlooked if there is any, and what to type.
func TestAsk(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1796173200000)
	ou, _ := spec.ParseJSON([]byte(`{"id":"ou_a"}`))
	const writing, answer = " of helpdesk 7000000000000000000 at https://open.feishu.cn?\n", "Type yes: "
	for _, row := range []struct {
		why                              string
		updates, widened, passed, edited int
		want                             string
	}{
		{"one, harmless", 1, 0, 0, 0, "Write 1 draft" + writing + answer},
		{"several, harmless", 3, 0, 0, 0, "Write 3 drafts" + writing + answer},
		{"one of each danger", 3, 1, 1, 1, "Write 3 drafts" + writing + "1 reaches more people, 1 has a send_at that has passed, 1 overwrites console edits.\n" + answer},
		{"several of each", 3, 2, 2, 3, "Write 3 drafts" + writing + "2 reach more people, 2 have a send_at that has passed, 3 overwrite console edits.\n" + answer},
		{"no zeros", 2, 0, 0, 1, "Write 2 drafts" + writing + "1 overwrites console edits.\n" + answer},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p := reconcile.Plan{Helpdesk: target, Summary: reconcile.Summary{Update: row.updates}}
			for i := range row.updates {
				live, desired := diff.State{}, diff.State{}
				c := diff.Change{Field: "job_name", Op: diff.Replace}
				if i < row.edited {
					c.Origin = diff.FromConsole
				}
				changes := []diff.Change{c}
				if i < row.widened {
					desired.UserList = []spec.Target{{ID: "ou_a"}}
					changes = append(changes, diff.Change{Field: "user_list", Path: "ou_a", Op: diff.Add, After: ou})
				}
				if i < row.passed {
					desired.SendAt = fmt.Sprint(now.UnixMilli() - 1)
					changes = append(changes, diff.Change{Field: "send_at", Op: diff.Add})
				}
				p.Drafts = append(p.Drafts, reconcile.PlannedDraft{Action: reconcile.Update, Live: &live, Desired: &desired, Changes: changes})
			}
			var out bytes.Buffer
			if err := report.Ask(&out, report.Run{Plan: &p, Now: now}, report.Style{}); err != nil || out.String() != row.want {
				t.Errorf("got %v\n%s\nwant\n%s", err, out.String(), row.want)
			}
		})
	}
	if err := report.Ask(fullDisk{}, report.Run{Plan: &reconcile.Plan{}}, report.Style{}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

// TestAskShowsNothingAlive: a plan file may come from anywhere.
func TestAskShowsNothingAlive(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := reconcile.Plan{Helpdesk: reconcile.Helpdesk{HelpdeskID: "1\x1b[2J\nType yes", BaseURL: "https://\u202Emoc"}}
	_ = report.Ask(&out, report.Run{Plan: &p}, report.Style{})
	if want := "Write 0 drafts of helpdesk 1\\u{1B}[2J\\nType yes at https://\\u{202E}moc?\nType yes: "; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
