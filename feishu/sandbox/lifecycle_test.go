package sandbox_test

import (
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu/sandbox"
)

// The statuses that tests set and see; only that of a draft is Feishu's.
const (
	never       = -1 // no such transition
	draftStatus = iota - 1
	pending
	approved
	rejected
	scheduled
	_
	_
	cancelled
)

// TestTransitions takes every call to every status. What may follow on what is
// told by the pages of the calls; the numbers above 0 are the sandbox's own.
func TestTransitions(t *testing.T) {
	t.Parallel()
	n := never
	later := strconv.FormatInt(time.Now().Add(time.Hour).UnixMilli(), 10)
	for _, row := range []struct {
		call string
		body string
		want [8]int // by the status before: draft pending approved rejected scheduled sending sent cancelled
	}{
		{"preview", "", [8]int{0, 1, 2, 3, 4, n, n, n}},
		{"submit_approve", `{"reason":"r"}`, [8]int{2, n, n, n, n, n, n, n}},
		{"cancel_approve", "", [8]int{n, 0, n, n, n, n, n, n}},
		{"execute_send", `{"send_at":"` + later + `"}`, [8]int{n, n, 4, n, n, n, n, n}},
		{"cancel_send", `{"is_recall":true}`, [8]int{n, n, n, n, 7, 7, 7, n}},
	} {
		for before, want := range row.want {
			t.Run(fmt.Sprint(row.call, before), func(t *testing.T) {
				t.Parallel()
				d := open(t, sandbox.Options{}, member)
				d.SetStatus("1", before)
				r := d.do("POST", draft+"/"+row.call, row.body)
				if want == never {
					d.want(r, 400, 154000)
					want = before
				} else {
					d.want(r, 200, 0)
				}
				if got := d.stored().Status; got != want {
					t.Errorf("status %d became %d, want %d", before, got, want)
				}
			})
		}
	}
}

func TestPatchNeedsADraft(t *testing.T) {
	t.Parallel()
	for status := 1; status <= 8; status++ { // 8 stands for any number nobody has heard of
		d := open(t, sandbox.Options{}, member)
		d.SetStatus("1", status)
		d.want(d.do("PATCH", draft, `{"ext":"x"}`), 400, 154000)
		if got := d.shown("")["status"]; got != float64(status) {
			t.Errorf("GET shows status %v, want %d", got, status)
		}
	}
}

func TestTransitionBodies(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		call   string
		status int
		body   string
		code   int
	}{
		{"submit_approve", 0, `{}`, 154000},
		{"submit_approve", 0, `{"reason":null}`, 154000},
		{"submit_approve", 0, `{"reason":1}`, 9499},
		{"submit_approve", 0, ``, 9499},
		{"execute_send", 2, `{}`, 154000},
		{"execute_send", 2, `{"send_at":1767225600000}`, 9499},
		{"execute_send", 2, `{"send_at":"1626332244719"}`, 154000},
		{"execute_send", 2, `{"send_at":"-5"}`, 154000},
		{"cancel_send", 4, `{}`, 154000},
		{"cancel_send", 4, `{"is_recall":"true"}`, 9499},
		{"cancel_send", 4, `{"is_recall":false}`, 0},
	} {
		d := open(t, sandbox.Options{}, member)
		d.SetStatus("1", row.status)
		if r := d.do("POST", draft+"/"+row.call, row.body); r.code != row.code {
			t.Errorf("%s %s: code %d, want %d", row.call, row.body, r.code, row.code)
		}
		if r := d.do("POST", api+"/notifications/9/"+row.call, row.body); r.code != 154004 && row.code != 9499 {
			t.Errorf("%s of no notification: code %d", row.call, r.code)
		}
	}
}

// TestSubmitChecksTheRules: what was seeded or edited past the rules does not
// get through approval.
func TestSubmitChecksTheRules(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	d.Edit("1", func(n *sandbox.Notification) { n.PushScopeType = 1 })
	d.want(d.do("POST", draft+"/submit_approve", `{"reason":"r"}`), 400, 154000)
}

// TestApproval lets somebody decide who is not the owner's own client.
func TestApproval(t *testing.T) {
	t.Parallel()
	d := switched(t, "user_role=admin", member)
	for _, decision := range []int{approved, rejected} {
		d.SetStatus("1", draftStatus)
		d.want(d.do("POST", draft+"/submit_approve", `{"reason":"r"}`), 200, 0)
		if got := d.stored().Status; got != pending {
			t.Errorf("submitted by an admin, it has status %d", got)
		}
		if err := d.SetStatus("1", decision); err != nil || d.stored().Status != decision {
			t.Errorf("status %d, error %v", d.stored().Status, err)
		}
	}
}

// TestSending follows a notification from execute_send to the end, in virtual
// time, and another that is cancelled on the way.
func TestSending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := inside(t, sandbox.Options{Limits: sandbox.Unlimited()})
		send := func() {
			d.SetStatus("1", approved)
			at := strconv.FormatInt(time.Now().Add(time.Hour).UnixMilli(), 10)
			d.want(d.do("POST", draft+"/execute_send", `{"send_at":"`+at+`"}`), 200, 0)
			if n := d.stored(); n.Status != scheduled || n.SendAt != at {
				t.Errorf("status %d, send_at %s, want %s", n.Status, n.SendAt, at)
			}
		}
		send()
		for _, step := range []struct {
			wait   time.Duration
			status float64
			sent   float64
		}{
			{time.Hour - time.Millisecond, 4, 0},
			{time.Millisecond, 5, 0},
			{10 * time.Second, 6, 1},
			{24 * time.Hour, 6, 1},
		} {
			time.Sleep(step.wait)
			if n := d.shown(""); n["status"] != step.status || n["sent_user_count"] != step.sent {
				t.Errorf("after %s: status %v, sent to %v", step.wait, n["status"], n["sent_user_count"])
			}
		}
		send()
		d.want(d.do("POST", draft+"/cancel_send", `{"is_recall":true}`), 200, 0)
		time.Sleep(2 * time.Hour)
		if got := d.stored().Status; got != cancelled {
			t.Errorf("a cancelled notification has status %d", got)
		}
	})
}

// TestClockMovesOnlyWhatWasScheduled: a seeded status stays what it is.
func TestClockMovesOnlyWhatWasScheduled(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, `{"id":"1","job_name":"a","push_content":"{}","status":4,"send_at":"1626332244719"}`)
	if got := d.shown("")["status"]; got != 4.0 {
		t.Errorf("status %v", got)
	}
	d.SetStatus("1", approved)
	later := strconv.FormatInt(time.Now().Add(time.Hour).UnixMilli(), 10)
	d.want(d.do("POST", draft+"/execute_send", `{"send_at":"`+later+`"}`), 200, 0)
	d.Edit("1", func(n *sandbox.Notification) { n.Status, n.SendAt = 5, "1" })
	if got := d.stored().Status; got != 5 {
		t.Errorf("the clock moved an edited status to %d", got)
	}
}
