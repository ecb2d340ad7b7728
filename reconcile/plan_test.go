package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/spec"
)

// TestEveryAction plans one draft against a server in every state that matters.
func TestEveryAction(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why      string
		live     func(*sandbox.Notification) // nil: as the file has it
		fault    sandbox.FaultKind           // of the GET
		switches []string
		missing  bool
		want     Action
		says     string // part of the error
		hint     string // part of the hint
	}{
		{why: "the file and the server say the same", want: NoOp},
		{why: "names differ, and nobody compares them", live: func(n *sandbox.Notification) { n.UserList[0].Name = "李四" }, want: NoOp},
		{why: "they differ", live: func(n *sandbox.Notification) { n.JobName = "Old" }, want: Update},
		{why: "they differ, and it is no draft any more", live: func(n *sandbox.Notification) { n.JobName, n.Status = "Old", 4 }, want: Blocked},
		{why: "they differ, under a status nobody has heard of", live: func(n *sandbox.Notification) { n.JobName, n.Status = "Old", -77 }, want: Blocked},
		{why: "it was sent, and says what the file says", live: func(n *sandbox.Notification) { n.Status = 6 }, want: NoOp},
		{why: "the server holds no card but some text", live: func(n *sandbox.Notification) { n.PushContent = "hello" }, want: Update},
		{why: "there is no such notification", missing: true, want: Failed, says: "154004", hint: "notification_id"},
		{why: "ids are withheld", switches: []string{"user_ids=withhold_all"}, want: Failed, says: "left user_id out of user_list[0]", hint: "contact:user.employee_id:readonly"},
		{why: "the user may not read", switches: []string{"user_role=member"}, want: Failed, says: "154005", hint: "owner"},
		{why: "the answer is no JSON under a type that says JSON", fault: sandbox.Truncate, want: Failed, says: "JSON"},
		{why: "the answer has another type", fault: sandbox.ContentType, want: Failed, says: "text/plain"},
		{why: "the server sends it elsewhere", fault: sandbox.Redirect, want: Failed, says: "redirect"},
		{why: "the job_name is hostile, and it is only a text", fault: sandbox.Garbage, want: Update},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			drafts := someDrafts(1)
			desk := overLoopback(t, sandbox.Options{Switches: row.switches})
			if !row.missing {
				desk.holds(t, drafts, func(_ int, n *sandbox.Notification) {
					if row.live != nil {
						row.live(n)
					}
				})
			}
			if row.fault != "" {
				desk.Fail(sandbox.Fault{Method: http.MethodGet, Kind: row.fault, Count: sandbox.Always})
			}
			p := desk.plan(t, drafts, Options{})
			check(t, p, row.want, row.says, row.hint)
			if n := desk.Count(http.MethodPatch) + desk.Count(http.MethodPost); n > 0 {
				t.Errorf("planning sent %d requests that write", n)
			}
		})
	}
}

// check looks at a plan of one draft as a whole.
func check(t *testing.T, p Plan, want Action, says, hint string) {
	t.Helper()
	d := p.Drafts[0]
	if d.Action != want || !p.Complete || p.FormatVersion != FormatVersion {
		t.Errorf("%s, complete %v: %v", d.Action, p.Complete, d.Error)
	}
	if sum := map[Action]Summary{NoOp: {NoOp: 1}, Update: {Update: 1}, Blocked: {Blocked: 1}, Failed: {Failed: 1}}; p.Summary != sum[want] {
		t.Errorf("summary %+v", p.Summary)
	}
	if changed := want == Update || want == Blocked; changed != (len(d.Changes) > 0) {
		t.Errorf("%s with changes %q", d.Action, lines(d.Changes))
	}
	if (want == Failed) != (d.Error != nil) {
		t.Fatalf("%s with error %v", d.Action, d.Error)
	}
	if read := want != Failed; read != (d.Live != nil && d.Desired != nil && d.LiveFingerprint != "" && d.Status != nil) {
		t.Errorf("%s with live %v, desired %v, fingerprint %q, status %v", d.Action, d.Live, d.Desired, d.LiveFingerprint, d.Status)
	}
	if d.Error != nil && !(strings.Contains(d.Error.Message, says) && strings.Contains(d.Error.Hint, hint)) {
		t.Errorf("error %+v, want %q in it and %q in its hint", *d.Error, says, hint)
	}
	if d.Error != nil && strings.HasPrefix(says, "154") && (d.Error.Code == 0 || d.Error.HTTPStatus < 400 || d.Error.LogID == "") {
		t.Errorf("error %+v lacks what Feishu said", *d.Error)
	}
}

// TestPlanAsksOnceForEachDraft: N drafts, N GETs, nothing else, whatever the parallelism, and
// the same bytes.
func TestPlanAsksOnceForEachDraft(t *testing.T) {
	t.Parallel()
	const n = 60
	drafts := someDrafts(n)
	var first string
	for _, parallelism := range []int{1, 16, 0, n + 1} {
		desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, mixed)
		var told [][2]int
		p := desk.plan(t, drafts, Options{Parallelism: parallelism, Tell: func(done, total int) { told = append(told, [2]int{done, total}) }})
		asked := map[string]int{}
		for _, r := range desk.Requests() {
			asked[r.Method+" "+r.ID]++
		}
		for _, d := range drafts {
			if asked["GET "+d.NotificationID] != 1 {
				t.Errorf("parallelism %d: %d GETs of %s", parallelism, asked["GET "+d.NotificationID], d.NotificationID)
			}
		}
		if len(asked) != n || desk.Count("") != n || desk.MaxConcurrent() > max(parallelism, 1) {
			t.Errorf("parallelism %d: %d requests, %d at once", parallelism, desk.Count(""), desk.MaxConcurrent())
		}
		checkProgress(t, told, n)
		got := withoutLogIDs(asJSON(t, p))
		if first == "" {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("parallelism %d: %s", parallelism, diff)
		}
	}
	if want := `"summary": {
  "create": 0,
  "update": 20,
  "no_op": 20,
  "blocked": 20,
  "closed": 0,
  "failed": 0,
  "not_read": 0,
  "console_edits": 0
 }`; !strings.Contains(first, want) {
		t.Errorf("no %s in\n%s", want, first)
	}
}

// mixed makes every third live notification different, and every third different and sent.
func mixed(i int, n *sandbox.Notification) {
	if i%3 > 0 {
		n.JobName, n.UserList = "Old", append(n.UserList, sandbox.User{UserID: "ou_c", Name: "王五"})
	}
	if i%3 > 1 {
		n.Status = 6
	}
}

// checkProgress: told once a draft, in order, never past the end.
func checkProgress(t *testing.T, told [][2]int, n int) {
	t.Helper()
	want := make([][2]int, n)
	for i := range want {
		want[i] = [2]int{i + 1, n}
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %v", told)
	}
}

// withoutLogIDs takes out of JSON the one thing that is new in every run.
func withoutLogIDs(text string) string {
	return regexp.MustCompile(`\d{14}[0-9A-F]{20}`).ReplaceAllString(text, "LOGID")
}

// TestOneBadDraftHidesNoOther: faults of every kind around sound drafts, which are planned as if
// they were alone. The waits between tries run in virtual time.
func TestOneBadDraftHidesNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drafts := someDrafts(12)
		desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit}).holds(t, drafts, mixed)
		faults := []sandbox.FaultKind{
			sandbox.ErrorBeforeCommit, sandbox.DropBeforeCommit, sandbox.DropInAnswer, sandbox.Hang, sandbox.HTML,
			sandbox.Truncate, sandbox.Huge, sandbox.Throttle,
		}
		values := map[sandbox.FaultKind]string{sandbox.Huge: "5"} // MiB: just too much
		for i, kind := range faults {
			desk.Fail(sandbox.Fault{Method: http.MethodGet, ID: drafts[i].NotificationID, Kind: kind, Count: sandbox.Always, Value: values[kind]})
		}
		desk.Delete(drafts[8].NotificationID)
		p := desk.plan(t, drafts, Options{Parallelism: 5})
		for i, d := range p.Drafts {
			want := []Action{NoOp, Update, Blocked}[i%3]
			if i <= len(faults) {
				want = Failed
			}
			if d.Action != want || d.NotificationID != drafts[i].NotificationID || d.File != drafts[i].Pos.File {
				t.Errorf("draft %d: %s %s %s, want %s: %v", i, d.File, d.NotificationID, d.Action, want, d.Error)
			}
			if d.Error != nil && !strings.Contains(d.Error.Message, d.NotificationID) {
				t.Errorf("draft %d: the error names no notification: %s", i, d.Error.Message)
			}
		}
		if p.Summary != (Summary{Update: 1, NoOp: 1, Blocked: 1, Failed: 9}) || !p.Complete {
			t.Errorf("%+v, complete %v", p.Summary, p.Complete)
		}
	})
}

// TestPassingTroubleIsNoFailure: what another try mends is not told as a failure.
func TestPassingTroubleIsNoFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drafts := someDrafts(3)
		desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit}).holds(t, drafts, nil)
		for i, kind := range []sandbox.FaultKind{sandbox.ErrorBeforeCommit, sandbox.DropAfterCommit, sandbox.Throttle} {
			desk.Fail(sandbox.Fault{Method: http.MethodGet, ID: drafts[i].NotificationID, Kind: kind, Count: 2})
		}
		if p := desk.plan(t, drafts, Options{Parallelism: 3}); p.Summary.NoOp != 3 || desk.FaultsLeft() > 0 {
			t.Errorf("%+v, %d faults left", p.Summary, desk.FaultsLeft())
		}
	})
}

// TestInterruptedPlan: what was read before stays planned, the rest is named as not read, and
// the plan says that it is not complete.
func TestInterruptedPlan(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(6)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, mixed)
	why := errors.New("the operator has seen enough")
	ctx, stop := context.WithCancelCause(t.Context())
	p := MakePlan(ctx, desk.client, helpdesk(), drafts, Options{Tell: func(done, _ int) {
		if done == 2 {
			stop(why)
		}
	}})
	if diff := cmp.Diff([]Action{NoOp, Update, NotRead, NotRead, NotRead, NotRead}, actions(p)); diff != "" || p.Complete {
		t.Errorf("complete %v: %s", p.Complete, diff)
	}
	if want := (Summary{NoOp: 1, Update: 1, NotRead: 4}); p.Summary != want {
		t.Errorf("%+v", p.Summary)
	}
	if got := p.Drafts[5].Error; got == nil || !strings.Contains(got.Message, why.Error()) || desk.Count("") != 2 {
		t.Errorf("%+v after %d requests", got, desk.Count(""))
	}
}

// TestUserIDType: each draft is asked for in the kind of ids that its file uses.
func TestUserIDType(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	drafts[1].UserIDType, drafts[1].UserList = spec.UnionID, []spec.Target{{ID: "on_x"}}
	desk := overLoopback(t, sandbox.Options{})
	if err := desk.Seed([]byte(`{"users":[{"open_id":"ou_x","union_id":"on_x","user_id":"x","name":"赵六"}]}`)); err != nil {
		t.Fatal(err)
	}
	desk.holds(t, drafts, nil)
	if p := desk.plan(t, drafts, Options{}); p.Summary.NoOp != 2 {
		t.Errorf("%+v: %q", p.Summary, lines(p.Drafts[1].Changes))
	}
	if got := desk.Requests()[1].Path; !strings.HasSuffix(got, "?user_id_type=union_id") {
		t.Error(got)
	}
}

// TestNamesComeFromTheServer: a reviewer trusts a name, so what only the file claims is marked.
// Any answer may tell a name, also that of another draft.
func TestNamesComeFromTheServer(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	drafts[0].UserList = []spec.Target{{ID: "ou_a", Name: "the boss"}, {ID: "ou_k", Name: "claimed"}, {ID: "ou_n"}}
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(i int, n *sandbox.Notification) {
		n.UserList = []sandbox.User{{UserID: "ou_gone", Name: "离职"}}
		if i == 1 {
			n.UserList = []sandbox.User{{UserID: "ou_a", Name: "张三"}}
		}
	})
	var got []string
	for _, c := range desk.plan(t, drafts[:2], Options{}).Drafts[0].Changes {
		got = append(got, strings.TrimSpace(line(c)+" "+c.NameFrom))
	}
	if diff := cmp.Diff([]string{
		`add user_list @ ou_a:  -> {"id":"ou_a","name":"张三"}`,
		`remove user_list @ ou_gone: {"id":"ou_gone","name":"离职"} ->`,
		`add user_list @ ou_k:  -> {"id":"ou_k","name":"claimed"} file`,
		`add user_list @ ou_n:  -> {"id":"ou_n"}`,
	}, got); diff != "" {
		t.Error(diff)
	}
}

// TestTimesAreShownInTheFilesOwnOffset, and a live time that is none as it stands.
func TestTimesAreShownInTheFilesOwnOffset(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, live, want string }{
		{"a time on both sides", "1796086800001", `replace send_at: "2026-12-01T09:00:00.001+08:00" -> "2026-12-01T09:00:00+08:00"`},
		{"a live time that is no time", "tomorrow", `replace send_at: "tomorrow" -> "2026-12-01T09:00:00+08:00"`},
		{"seconds, which are not the API's form", "1796086800", `replace send_at: "1796086800" -> "2026-12-01T09:00:00+08:00"`},
		{"none so far", "", `add send_at:  -> "2026-12-01T09:00:00+08:00"`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p := planDraft(someDrafts(1)[0], observation{detail: feishu.NotificationDetail{
				Notification: func() feishu.Notification { n := wireOf(stored(someDrafts(1)[0])); n.SendAt = row.live; return n }(),
			}})
			if diff := cmp.Diff([]string{row.want}, lines(p.Changes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPlanIsData: it survives JSON, and what comes back is applied like what was planned.
func TestPlanIsData(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(3)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, mixed)
	p := desk.plan(t, drafts, Options{})
	text := asJSON(t, p)
	var back Plan
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, asJSON(t, back)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Outcome{OutcomeUnchanged, OutcomeApplied, OutcomeBlocked}, outcomes(desk.apply(t, back, Options{}))); diff != "" {
		t.Error(diff)
	}
	for _, secret := range []string{sandbox.DefaultUserToken, sandbox.DefaultHelpdeskToken} {
		if strings.Contains(text, secret) {
			t.Error("the plan holds a token")
		}
	}
}

// TestEachStartsInOrder: with one worker the order of requests is that of the files.
func TestEachStartsInOrder(t *testing.T) {
	t.Parallel()
	var last atomic.Int64
	last.Store(-1)
	each(100, Options{}, func(i int) {
		if !last.CompareAndSwap(int64(i)-1, int64(i)) {
			t.Errorf("%d after %d", i, last.Load())
		}
	})
	each(0, Options{Parallelism: 4}, func(int) { t.Error("nothing to do, and something was done") })
}
