package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// TestClosed: what was sent and edited at the console alone is closed. As soon as anybody wants
// another thing, or nobody can tell, it is blocked.
func TestClosed(t *testing.T) {
	t.Parallel()
	base := someDrafts(1)[0]
	for _, row := range []struct {
		why    string
		status int
		ours   func(*spec.Draft)
		theirs func(*sandbox.Notification)
		base   map[string]spec.Draft
		want   Action
	}{
		{why: "only the console moved", status: 6, theirs: func(n *sandbox.Notification) { n.JobName, n.SendAt = "Theirs", "1735700000000" }, want: Closed},
		{why: "only the file moved", status: 6, ours: func(d *spec.Draft) { d.JobName = "Ours" }, want: Blocked},
		{
			why: "one field each", status: 2, ours: func(d *spec.Draft) { d.JobName = "Ours" },
			theirs: func(n *sandbox.Notification) { n.SendAt = "1735700000000" }, want: Blocked,
		},
		{
			why: "both moved one field", status: 2, ours: func(d *spec.Draft) { d.JobName = "Ours" },
			theirs: func(n *sandbox.Notification) { n.JobName = "Theirs" }, want: Blocked,
		},
		{why: "the base did not have it", status: 6, theirs: func(n *sandbox.Notification) { n.JobName = "Theirs" }, base: map[string]spec.Draft{}, want: Blocked},
		{why: "nothing moved", status: 6, want: NoOp},
		{why: "it is a draft still", status: 0, theirs: func(n *sandbox.Notification) { n.JobName = "Theirs" }, want: Update},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			file, live := base, stored(base)
			live.Status = row.status
			if row.ours != nil {
				row.ours(&file)
			}
			if row.theirs != nil {
				row.theirs(&live)
			}
			if row.base == nil {
				row.base = map[string]spec.Draft{base.NotificationID: base}
			}
			desk := overLoopback(t, sandbox.Options{}).seed(t, live)
			p := desk.plan(t, []spec.Draft{file}, Options{})
			p.LabelOrigins(row.base)
			if d := p.Drafts[0]; d.Action != row.want || p.Summary == (Summary{}) {
				t.Fatalf("%s, summary %+v, want %s", d.Action, p.Summary, row.want)
			}
			saved, err := p.Save(time.Unix(0, 0))
			if err != nil {
				t.Fatal(err)
			}
			again, err := ReadPlan(saved)
			if err != nil || again.Drafts[0].Action != row.want {
				t.Fatalf("saved and read again: %v\n%s", err, saved)
			}
			if row.want != Closed {
				return
			}
			if r := desk.apply(t, again, Options{}); r.Drafts[0].Outcome != OutcomeClosed || r.Summary.Closed != 1 || !r.Complete || desk.Count("PATCH") > 0 {
				t.Errorf("applied: %s", asJSON(t, r))
			}
		})
	}
}

// TestCreate: a draft that is not created yet is planned in full and asks nothing; apply leaves it alone.
func TestCreate(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(3)
	drafts[0].NotificationID, drafts[2].NotificationID = "", ""
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts[1:2], nil)
	p := desk.plan(t, drafts, Options{})
	p.LabelOrigins(map[string]spec.Draft{"": drafts[1]})
	if diff := cmp.Diff([]Action{Create, NoOp, Create}, actions(p)); diff != "" || p.Summary != (Summary{Create: 2, NoOp: 1}) {
		t.Fatalf("%s%+v", diff, p.Summary)
	}
	if n := desk.Count(""); n != 1 {
		t.Errorf("%d requests, and one draft can be asked for", n)
	}
	d := p.Drafts[0]
	want := desired(drafts[0], diff.State{})
	if !diff.Equal(*d.Desired, want) || d.Live != nil || d.Status != nil || d.Error != nil || d.LiveFingerprint != "" {
		t.Errorf("planned as %s", asJSON(t, d))
	}
	for _, c := range d.Changes {
		if c.Op != diff.Add || c.Origin != "" {
			t.Errorf("%s is no addition without origin", line(c))
		}
	}
	saved, err := p.Save(time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadPlan(saved)
	if err != nil {
		t.Fatalf("%v\n%s", err, saved)
	}
	if diff := planDifference(p, again); diff != "" {
		t.Error(diff)
	}
	r := desk.apply(t, again, Options{})
	if diff := cmp.Diff([]Outcome{OutcomeNotCreated, OutcomeUnchanged, OutcomeNotCreated}, outcomes(r)); diff != "" || !r.Complete {
		t.Errorf("complete %v %s", r.Complete, diff)
	}
	if n := desk.Count("PATCH") + desk.Count("POST"); n > 0 {
		t.Errorf("apply sent %d requests that write", n)
	}
}

// TestReach: how many people it reaches is told as Feishu last said it, before a write and after.
func TestReach(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(i int, n *sandbox.Notification) {
		if i == 0 {
			n.UserList = n.UserList[:1]
		}
	})
	p := desk.plan(t, drafts, Options{})
	r := desk.apply(t, p, Options{})
	for i, d := range p.Drafts {
		got, before, after := d.Reaches, r.Drafts[i].ReachesBefore, r.Drafts[i].Reaches
		if got == nil || before == nil || after == nil || *got != *before {
			t.Fatalf("planned %v, before %v, after %v", got, before, after)
		}
		if grew := *after > *before; grew != (i == 0) {
			t.Errorf("draft %d reached %d and reaches %d", i, *before, *after)
		}
	}
	silent := planDraft(drafts[0], observation{detail: feishu.NotificationDetail{Notification: wireOf(stored(drafts[0]))}})
	if silent.Reaches != nil {
		t.Errorf("the server said nothing, and it reaches %d", *silent.Reaches)
	}
}
