package reconcile

import (
	"errors"
	"testing"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// TestFileUpdateOutcomes: what stands in the way of a draft says what became of it.
func TestFileUpdateOutcomes(t *testing.T) {
	t.Parallel()
	broken := errors.New("no space left")
	for _, row := range []struct {
		why           string
		origin        diff.Origin
		every, force  bool
		meet          func(*UpdatedDraft)
		want          UpdateOutcome
		written, left int
	}{
		{"an edit of the console", diff.FromConsole, false, false, nil, Updated, 1, 0},
		{"a change of the file", diff.FromRepo, false, true, nil, Left, 0, 1},
		{"both", diff.Conflict, false, false, nil, Refused, 0, 1},
		{"both, with force", diff.Conflict, false, true, nil, Updated, 1, 0},
		{"nobody can tell", "", false, false, nil, Refused, 0, 1},
		{"without a third side", "", true, false, nil, Updated, 1, 0},
		{"a file that must not change", diff.FromConsole, false, false, func(d *UpdatedDraft) { d.Refuse(broken, false) }, Refused, 0, 1},
		{"a file that cannot be written", diff.FromConsole, false, false, func(d *UpdatedDraft) { d.Fail(broken, false) }, UpdateOutcome(Failed), 0, 1},
		{"a card that must not change is not the name", diff.FromConsole, false, false, func(d *UpdatedDraft) { d.Refuse(broken, true) }, Refused, 1, 0},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := someDrafts(1)[0]
			live, status := said(d, diff.State{}), 0
			live.JobName = "By hand"
			want := said(d, live)
			planned := PlannedDraft{
				File: d.Pos.File, Line: d.Pos.Line, Action: Update, Live: &live, Desired: &want, Status: &status,
				Changes: []diff.Change{{Field: "job_name", Op: diff.Replace, Origin: row.origin}},
			}
			u := NewFileUpdate(Plan{Drafts: []PlannedDraft{planned}}, []spec.Draft{d}, row.every, row.force, nil)
			if row.meet != nil {
				row.meet(&u.Drafts[0])
			}
			u.Settle()
			got := u.Drafts[0]
			if got.Outcome != row.want || u.Summary.Written != row.written || len(got.Taken) != row.written || len(got.Left) != row.left {
				t.Errorf("%s, %d written, %d taken, %d left", got.Outcome, u.Summary.Written, len(got.Taken), len(got.Left))
			}
			if n := u.Summary; n.Updated+n.Left+n.Refused+n.Failed != 1 {
				t.Errorf("counted as %+v", n)
			}
		})
	}
}
