package reconcile

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// applying is one draft that differs, and what happens around its PATCH.
type applying struct {
	why      string
	switches []string
	draft    func(*spec.Draft)           // what the file says; nil: job_name "Job 0", where the server has "Old"
	live     func(*sandbox.Notification) // what the server holds when it is planned
	between  func(desk, string)          // between the plan and the apply
	faults   []sandbox.Fault             // of the apply
	want     Outcome
	requests string // the methods of the apply, in order
	final    string // what the server holds in the end: "wanted", "old", or else "other"
	says     string // part of the error's message
	hint     string // part of its hint
	left     []string
}

func patch(kind sandbox.FaultKind, value string) sandbox.Fault {
	return sandbox.Fault{Method: http.MethodPatch, Kind: kind, Value: value}
}

// unreadable spoils every GET but the first of the apply, without another try being worth it.
func unreadable() []sandbox.Fault {
	return []sandbox.Fault{
		{Method: http.MethodGet, Kind: sandbox.Pass},
		{Method: http.MethodGet, Kind: sandbox.Truncate, Count: sandbox.Always},
	}
}

func rename(name string) func(*sandbox.Notification) {
	return func(n *sandbox.Notification) { n.JobName = name }
}

const jobNameLeft = `replace job_name: "Old" -> "Job 0"`

func sendRows() []applying {
	return []applying{
		{why: "written and proven", want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted"},
		{
			why: "the answer was lost after the commit", faults: []sandbox.Fault{patch(sandbox.DropAfterCommit, "")},
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "the answer was cut in its middle", faults: []sandbox.Fault{patch(sandbox.DropInAnswer, "")},
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "an answer that cannot be read", faults: []sandbox.Fault{patch(sandbox.Truncate, "")},
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "5xx after the commit", faults: []sandbox.Fault{patch(sandbox.ErrorAfterCommit, "")},
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "a gateway's page after the commit", faults: []sandbox.Fault{patch(sandbox.ErrorAfterCommit, "504")},
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "refused as too frequent: looked at again, then sent again", faults: []sandbox.Fault{patch(sandbox.Throttle, "0.01")},
			want: OutcomeApplied, requests: "GET PATCH GET PATCH GET", final: "wanted",
		},
		{
			why: "5xx before the commit: looked at for a while, then sent again", faults: []sandbox.Fault{patch(sandbox.ErrorBeforeCommit, "")},
			want: OutcomeApplied, requests: "GET PATCH GET GET GET GET GET PATCH GET", final: "wanted",
		},
		{
			why: "a gateway's page before the commit: looked at for a while, then sent again", faults: []sandbox.Fault{patch(sandbox.HTML, "")},
			want: OutcomeApplied, requests: "GET PATCH GET GET GET GET GET PATCH GET", final: "wanted",
		},
		{
			why: "cut before the commit: looked at for a while, then sent again", faults: []sandbox.Fault{patch(sandbox.DropBeforeCommit, "")},
			want: OutcomeApplied, requests: "GET PATCH GET GET GET GET GET PATCH GET", final: "wanted",
		},
		{
			why:    "5xx before the commit, over and over: nobody knows, and it is not sent a fourth time",
			faults: []sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.ErrorBeforeCommit, Count: sandbox.Always}},
			want:   OutcomeUnverified, final: "old", says: "155000", hint: "log id",
			requests: strings.TrimSuffix(strings.Repeat("GET PATCH GET GET GET GET ", 3), " "),
		},
		{
			why:    "5xx before the commit, and then a refusal: the first may still be carried out",
			faults: []sandbox.Fault{patch(sandbox.ErrorBeforeCommit, ""), patch(sandbox.ErrorBeforeCommit, "400/154000")},
			want:   OutcomeUnverified, requests: "GET PATCH GET GET GET GET GET PATCH GET", final: "old", says: "154000",
		},
		{
			why: "refused", faults: []sandbox.Fault{patch(sandbox.ErrorBeforeCommit, "400/154000")},
			want: OutcomeFailed, requests: "GET PATCH GET", final: "old", says: "154000", hint: "notiform validate",
		},
		{
			why: "refused, and then not readable: a refusal is certain without", want: OutcomeFailed,
			faults:   append(unreadable(), patch(sandbox.ErrorBeforeCommit, "400/154000")),
			requests: "GET PATCH GET", final: "old", says: "154000",
		},
		{
			why: "200, and nothing changed", faults: []sandbox.Fault{patch(sandbox.NoCommit, "")},
			want: OutcomeUnverified, requests: "GET PATCH GET GET GET GET", final: "old", says: "accepted", left: []string{jobNameLeft},
		},
		{
			why: "written, and then not readable", faults: unreadable(),
			want: OutcomeUnverified, requests: "GET PATCH GET GET GET GET", final: "wanted", says: "reading back what was written: get notification",
		},
		{
			why: "the answer was lost, and then not readable", faults: append(unreadable(), patch(sandbox.DropAfterCommit, "")),
			want: OutcomeUnverified, requests: "GET PATCH GET GET GET GET", final: "wanted", says: "; reading it back: get notification",
		},
		{
			why: "a server that ignores []", switches: []string{"patch_empty_list=ignore"},
			draft: func(d *spec.Draft) { d.ChatList = nil },
			want:  OutcomeUnverified, requests: "GET PATCH GET GET GET GET", final: "other", says: "accepted",
			left: []string{`remove chat_list @ oc_a: {"id":"oc_a","name":"群"} -> `},
		},
	}
}

// othersRows are what somebody else may do meanwhile.
func othersRows() []applying {
	edit := func(f func(*sandbox.Notification)) func(desk, string) {
		return func(d desk, id string) {
			if err := d.Edit(id, f); err != nil {
				panic(err)
			}
		}
	}
	leave := func(d desk, id string) {
		if err := d.SetStatus(id, 1); err != nil {
			panic(err)
		}
	}
	return []applying{
		{
			why: "left draft between plan and write", between: leave,
			want: OutcomeStale, requests: "GET", final: "old", says: "no longer a draft",
		},
		{
			why: "edited between plan and write", between: edit(rename("Somebody's")),
			want: OutcomeStale, requests: "GET", final: "other", says: "changed on the server since",
			left: []string{`replace job_name: "Old" -> "Somebody's"`},
		},
		{
			why: "edited in a field that the file would not have changed", between: edit(func(n *sandbox.Notification) { n.Ext = "{}" }),
			want: OutcomeStale, requests: "GET", final: "other", says: "changed on the server since", left: []string{"add ext:  -> {}"},
		},
		{
			why: "a time edited: told as a plan tells times", between: edit(func(n *sandbox.Notification) { n.SendAt = "1796086860000" }),
			want: OutcomeStale, requests: "GET", final: "other", says: "changed on the server since",
			left: []string{`replace send_at: "2026-12-01T09:00:00+08:00" -> "2026-12-01T09:01:00+08:00"`},
		},
		{
			why:     "a time edited that the file changes too: in the file's own offset",
			draft:   func(d *spec.Draft) { d.SendAt.Value = moments()[1] },
			between: edit(func(n *sandbox.Notification) { n.SendAt = "" }),
			want:    OutcomeStale, requests: "GET", final: "other", says: "changed on the server since",
			left: []string{`remove send_at: "2026-12-01T09:00:00+08:00" -> `},
		},
		{
			why: "edited in its names alone", between: edit(func(n *sandbox.Notification) { n.UserList[0].Name = "李四" }),
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "new_staff_* edited that are not in effect, now or then", between: edit(func(n *sandbox.Notification) { n.NewStaffScopeType = new(int) }),
			want: OutcomeApplied, requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "new_staff_* edited that the PATCH would put into effect",
			draft: func(d *spec.Draft) {
				d.PushType, d.PushScopeType, d.NewStaffScopeType = spec.NewStaff, spec.ChatsOnly, spec.NewStaffDepartments
				d.UserList, d.NewStaffScopeDepartmentList = nil, []spec.Target{{ID: "od-a"}}
			},
			between: edit(func(n *sandbox.Notification) {
				n.NewStaffScopeDepartmentList = []sandbox.Department{{DepartmentID: "od-b"}}
			}),
			want: OutcomeStale, requests: "GET", final: "old", says: "changed on the server since",
			left: []string{`add new_staff_scope_department_list @ od-b:  -> {"id":"od-b"}`},
		},
		{
			why: "somebody did just what the file wants", between: edit(rename("Job 0")),
			want: OutcomeUnchanged, requests: "GET", final: "wanted",
		},
		{
			why: "and it was sent since", between: func(d desk, id string) { edit(rename("Job 0"))(d, id); leave(d, id) },
			want: OutcomeUnchanged, requests: "GET", final: "wanted",
		},
		{
			why: "deleted between plan and write", between: func(d desk, id string) { d.Delete(id) },
			want: OutcomeFailed, requests: "GET", says: "154004", hint: "notification_id",
		},
		{
			why: "edited between the second GET and the PATCH: the window that remains", want: OutcomeApplied,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, Before: rename("Somebody's")}},
			requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "edited right after the PATCH", want: OutcomeUnverified,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, After: rename("Somebody's")}},
			requests: "GET PATCH GET GET GET GET", final: "other", says: "accepted", left: []string{`replace job_name: "Somebody's" -> "Job 0"`},
		},
		{
			why: "edited right after a PATCH whose answer was lost", want: OutcomeUnverified,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.DropAfterCommit, After: rename("Somebody's")}},
			requests: "GET PATCH GET GET GET GET", final: "other", says: "patch notification", left: []string{`replace job_name: "Somebody's" -> "Job 0"`},
		},
		{
			why: "edited while the server made the PATCH wait", want: OutcomeStale,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.Throttle, Value: "0.01", Before: rename("Somebody's")}},
			requests: "GET PATCH GET", final: "other", says: "changed on the server since", left: []string{`replace job_name: "Old" -> "Somebody's"`},
		},
		{
			why: "edited by somebody while a refusal was on its way: stale, and no doubt", want: OutcomeStale,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.ErrorBeforeCommit, Value: "400/154000", Before: rename("Somebody's")}},
			requests: "GET PATCH GET", final: "other", says: "changed on the server since it was planned: patch notification", left: []string{`replace job_name: "Old" -> "Somebody's"`},
		},
		{
			why: "brought to what the file says while a refusal was on its way", want: OutcomeUnchanged,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.ErrorBeforeCommit, Value: "400/154000", Before: rename("Job 0")}},
			requests: "GET PATCH GET", final: "wanted",
		},
		{
			why: "edited by somebody while what a PATCH did was in doubt", want: OutcomeUnverified,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, Kind: sandbox.ErrorBeforeCommit, Before: rename("Somebody's")}},
			requests: "GET PATCH GET GET GET GET", final: "other", says: "155000", left: []string{`replace job_name: "Somebody's" -> "Job 0"`},
		},
		{
			why: "left draft between the second GET and the PATCH", faults: []sandbox.Fault{patch(sandbox.LeaveDraft, "2")},
			want: OutcomeStale, requests: "GET PATCH GET", final: "old", says: "no longer a draft: patch notification",
		},
		{
			why: "the same, told by another code", faults: []sandbox.Fault{patch(sandbox.LeaveDraft, "2")},
			switches: []string{"wrong_state=154005"},
			want:     OutcomeStale, requests: "GET PATCH GET", final: "old", says: "no longer a draft: patch notification",
		},
		{
			why: "left draft right after the PATCH", want: OutcomeApplied,
			faults:   []sandbox.Fault{{Method: http.MethodPatch, After: func(n *sandbox.Notification) { n.Status = 1 }}},
			requests: "GET PATCH GET", final: "wanted",
		},
	}
}

// plannedRows are those that were never to be written.
func plannedRows() []applying {
	return []applying{
		{why: "equal already", live: rename("Job 0"), want: OutcomeUnchanged, final: "wanted"},
		{why: "no draft any more", live: func(n *sandbox.Notification) { n.JobName, n.Status = "Old", 6 }, want: OutcomeBlocked, final: "old"},
		{why: "not readable when it was planned", draft: func(d *spec.Draft) { d.NotificationID = "1" }, want: OutcomeFailed, says: "154004"},
	}
}

// TestEveryOutcome applies one draft through everything that may happen to it.
func TestEveryOutcome(t *testing.T) {
	t.Parallel()
	for _, row := range slices.Concat(plannedRows(), sendRows(), othersRows()) {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, row.run)
		})
	}
}

// run is in virtual time: what is in doubt is looked at for seconds.
func (row applying) run(t *testing.T) {
	drafts := someDrafts(1)
	id := drafts[0].NotificationID
	server := sandbox.Options{Switches: row.switches, Limits: sandbox.Unlimited()}
	desk := inProcess(t, server, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}).holds(t, drafts, func(_ int, n *sandbox.Notification) {
		n.JobName, n.ChatList[0].Name = "Old", "群"
		if row.live != nil {
			row.live(n)
		}
	})
	old := desk.holding(t, id)
	if row.draft != nil {
		row.draft(&drafts[0])
	}
	p := desk.plan(t, drafts, Options{})
	if row.between != nil {
		row.between(desk, id)
	}
	desk.ForgetRequests()
	desk.Fail(row.faults...)
	r := desk.apply(t, p, Options{})
	row.check(t, desk, p, r)
	if row.final == "" {
		return
	}
	now := desk.holding(t, id)
	final := "other"
	switch {
	case diff.Equal(now, desired(drafts[0], now)):
		final = "wanted"
	case diff.Equal(now, old):
		final = "old"
	}
	if final != row.final {
		t.Errorf("the server holds what is %s, want %s: %v", final, row.final, now)
	}
}

func (row applying) check(t *testing.T, desk desk, p Plan, r Result) {
	t.Helper()
	d := r.Drafts[0]
	if d.Outcome != row.want || !r.Complete {
		t.Errorf("%s, complete %v: %v", d.Outcome, r.Complete, d.Error)
	}
	var requests []string
	for _, q := range desk.Requests() {
		requests = append(requests, q.Method)
	}
	if got := strings.Join(requests, " "); got != row.requests {
		t.Errorf("requests %q, want %q", got, row.requests)
	}
	if diff := cmp.Diff(row.left, lines(d.Remaining)); diff != "" {
		t.Errorf("remaining: %s", diff)
	}
	if diff := cmp.Diff(lines(p.Drafts[0].Changes), lines(d.Changes)); diff != "" {
		t.Errorf("changes: %s", diff)
	}
	switch {
	case (row.says == "") != (d.Error == nil):
		t.Errorf("error %+v, want one that says %q", d.Error, row.says)
	case d.Error != nil && !(strings.Contains(d.Error.Message, row.says) && strings.Contains(d.Error.Hint, row.hint)):
		t.Errorf("error %+v, want %q in it and %q in its hint", *d.Error, row.says, row.hint)
	}
	if n, _ := desk.Notification(d.NotificationID); d.Status != nil && *d.Status != n.Status && !strings.HasPrefix(row.requests, "GET PATCH") {
		t.Errorf("status %d, and the server has %d", *d.Status, n.Status)
	}
	if d.File != p.Drafts[0].File || d.NotificationID != p.Drafts[0].NotificationID || d.JobName != p.Drafts[0].JobName || d.UserIDType != p.Drafts[0].UserIDType {
		t.Errorf("the result is about %s %s %q, in %s", d.File, d.NotificationID, d.JobName, d.UserIDType)
	}
	if *r.Summary.count(row.want) != 1 || r.Digest != p.Digest || r.Helpdesk != p.Helpdesk || r.FormatVersion != FormatVersion {
		t.Errorf("%+v of %s", r.Summary, r.Digest)
	}
}
