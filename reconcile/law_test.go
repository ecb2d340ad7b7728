package reconcile

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// TestLawOfApply tries the promises of Apply on random drafts, live states, edits by others,
// faults at every request and interrupts between them, in virtual time:
//
//   - a PATCH is sent only for what was planned as an update, and at most three times;
//   - every draft has one outcome, and the outcome is true;
//   - no notification ends in a state that is neither what it was, nor what the file says, nor
//     what somebody else made of it;
//   - run again without trouble, everything that can be written is, and then nothing differs.
func TestLawOfApply(t *testing.T) {
	t.Parallel()
	for i := range 10 { // each of as many cases as rapid tries at a time
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				rapid.SyncTest(t, func(t *rapid.T) {
					s := drawStory(t)
					s.run(t)
					s.checkResult(t)
					for i, d := range s.drafts {
						s.checkDraft(t, d, s.plan.Drafts[i], s.result.Drafts[i])
					}
					s.again(t)
				})
			})
		})
	}
}

// story is one run of plan and apply, and all that happens around it.
type story struct {
	drafts  []spec.Draft
	desk    desk
	initial map[string]sandbox.Notification
	others  *others
	between []func() // what somebody does after the plan
	faults  []sandbox.Fault
	stop    stopping
	options Options

	plan   Plan
	result Result
}

// others remembers what everybody else did to each notification.
type others struct {
	mu    sync.Mutex
	edits map[string][]passage
}

type passage struct{ before, after sandbox.Notification }

// by is an edit that is remembered.
func (o *others) by(edit func(*sandbox.Notification)) func(*sandbox.Notification) {
	return func(n *sandbox.Notification) {
		p := passage{before: *n}
		edit(n)
		p.after = *n
		o.mu.Lock()
		defer o.mu.Unlock()
		o.edits[n.ID] = append(o.edits[n.ID], p)
	}
}

// stopping is an interrupt in front of one of the requests of the apply.
type stopping struct {
	at   int // the request; 0 for none
	hard bool
}

func drawStory(t *rapid.T) *story {
	s := &story{
		others:  &others{edits: map[string][]passage{}},
		initial: map[string]sandbox.Notification{},
		stop:    stopping{at: max(0, rapid.IntRange(-10, 10).Draw(t, "stop at")), hard: rapid.Bool().Draw(t, "stop hard")},
		options: Options{Parallelism: rapid.IntRange(1, 5).Draw(t, "parallelism"), FailFast: rapid.IntRange(0, 3).Draw(t, "fail fast") == 0},
	}
	drawn := func(name string, values ...string) string {
		return name + "=" + rapid.SampledFrom(values).Draw(t, name)
	}
	s.desk = inProcess(t, sandbox.Options{Limits: sandbox.Unlimited(), Switches: []string{
		drawn("patch_mode", "merge", "replace"), drawn("new_staff_unused", "stored", "dropped"),
		drawn("unset_lists", "null", "empty", "absent"), drawn("wrong_state", "154000", "154005"),
	}}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit})
	for i := range rapid.IntRange(1, 5).Draw(t, "drafts") {
		s.drawNotification(t, drawDraft(t, notificationID(i)))
	}
	return s
}

// drawNotification draws what the server holds of a draft, and what will happen to it.
func (s *story) drawNotification(t *rapid.T, d spec.Draft) {
	s.drafts = append(s.drafts, d)
	n := stored(d)
	switch rapid.SampledFrom([]string{"other", "other", "other", "same", "sent", "missing"}).Draw(t, "live") {
	case "other":
		n = stored(drawDraft(t, d.NotificationID))
	case "sent":
		n = stored(drawDraft(t, d.NotificationID))
		n.Status = 6
	case "missing":
		return
	}
	s.desk.seed(t, n)
	s.initial[n.ID], _ = s.desk.Notification(n.ID)
	if rapid.IntRange(0, 4).Draw(t, "between") == 0 {
		edit := s.others.by(drawEdit(t, d))
		s.between = append(s.between, func() { must(t, s.desk.Edit(n.ID, edit)) })
	}
	for range rapid.IntRange(0, 3).Draw(t, "faults") {
		s.faults = append(s.faults, s.drawFault(t, d))
	}
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drawEdit draws what somebody else does to a notification.
func drawEdit(t *rapid.T, d spec.Draft) func(*sandbox.Notification) {
	wanted := stored(d)
	return rapid.SampledFrom([]func(*sandbox.Notification){
		func(n *sandbox.Notification) { n.JobName = "Somebody's" },
		func(n *sandbox.Notification) { n.JobName = d.JobName },
		func(n *sandbox.Notification) { n.ChatList = append(n.ChatList[:0:0], sandbox.Chat{ChatID: "oc_x"}) },
		func(n *sandbox.Notification) { n.NewStaffScopeType = nil },
		func(n *sandbox.Notification) { n.PushContent = "{}" },
		func(n *sandbox.Notification) { n.SendAt, n.Ext = "1735700000009", "theirs" },
		func(n *sandbox.Notification) { n.Status = 1 },
		func(n *sandbox.Notification) { wanted.Status = n.Status; *n = wanted },
	}).Draw(t, "edit")
}

// drawFault draws trouble with one request of a draft. Edits come with any of it, so that a lost
// answer and somebody else's hand can fall together.
func (s *story) drawFault(t *rapid.T, d spec.Draft) sandbox.Fault {
	f := sandbox.Fault{Method: http.MethodGet, ID: d.NotificationID, Count: rapid.IntRange(1, 2).Draw(t, "count")}
	kinds := []sandbox.Fault{
		{Kind: sandbox.Pass}, {Kind: sandbox.Throttle}, {Kind: sandbox.DropBeforeCommit}, {Kind: sandbox.DropInAnswer},
		{Kind: sandbox.Hang}, {Kind: sandbox.Slow}, {Kind: sandbox.Truncate}, {Kind: sandbox.HTML},
		{Kind: sandbox.ErrorBeforeCommit}, {Kind: sandbox.ErrorBeforeCommit, Value: "400/154000"}, {Kind: sandbox.Redirect},
	}
	if rapid.Bool().Draw(t, "PATCH") {
		f.Method = http.MethodPatch
		kinds = append(kinds, []sandbox.Fault{
			{Kind: sandbox.NoCommit}, {Kind: sandbox.DropAfterCommit}, {Kind: sandbox.HangAfterCommit}, {Kind: sandbox.ContentType},
			{Kind: sandbox.ErrorAfterCommit}, {Kind: sandbox.ErrorAfterCommit, Value: "504"},
		}...)
	}
	what := rapid.SampledFrom(kinds).Draw(t, "fault")
	f.Kind, f.Value = what.Kind, what.Value
	switch rapid.IntRange(0, 5).Draw(t, "with an edit") {
	case 0:
		f.Before = s.others.by(drawEdit(t, d))
	case 1:
		f.After = s.others.by(drawEdit(t, d))
	}
	return f
}

// run plans, lets others edit, and applies.
func (s *story) run(t *rapid.T) {
	s.plan = s.desk.plan(t, s.drafts, s.options)
	for _, edit := range s.between {
		edit()
	}
	s.desk.ForgetRequests()
	s.desk.Fail(s.faults...)
	soft, stopSoft := context.WithCancelCause(t.Context())
	hard, stopHard := context.WithCancelCause(t.Context())
	defer stopSoft(nil)
	defer stopHard(nil)
	var mu sync.Mutex
	sent, server := 0, s.desk.InProcess()
	client := connect(t, loopback, feishu.Options{
		ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit,
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			sent++
			switch stop := sent == s.stop.at; {
			case stop && s.stop.hard:
				stopHard(errEnough)
			case stop:
				stopSoft(errEnough)
			}
			mu.Unlock()
			return server.RoundTrip(r)
		}),
	})
	s.result = Apply(hard, soft, client, s.plan, s.options)
}

// checkResult: every draft once, in the order of the plan, and counted right.
func (s *story) checkResult(t *rapid.T) {
	counts := map[Outcome]int{}
	for i, d := range s.result.Drafts {
		counts[d.Outcome]++
		if d.NotificationID != s.drafts[i].NotificationID {
			t.Fatalf("result %d is about %s", i, d.NotificationID)
		}
	}
	sum := s.result.Summary
	for outcome, n := range counts {
		if *sum.count(outcome) != n {
			t.Fatalf("%d are %s, and the summary says %+v", n, outcome, sum)
		}
		*sum.count(outcome) = 0
	}
	if len(s.result.Drafts) != len(s.drafts) || sum != (ResultSummary{}) {
		t.Fatalf("%d drafts, %d results, %+v uncounted", len(s.drafts), len(s.result.Drafts), sum)
	}
	if s.result.Complete != (counts[OutcomeNotAttempted] == 0) {
		t.Fatalf("complete %v, %v", s.result.Complete, counts)
	}
}

// checkDraft: one draft's outcome is true, and its notification is in nobody's worst state.
func (s *story) checkDraft(t *rapid.T, d spec.Draft, p PlannedDraft, r DraftResult) {
	patches := 0
	for _, q := range s.desk.Requests() {
		if q.Method == http.MethodPatch && q.ID == d.NotificationID && q.Fault != sandbox.Throttle {
			patches++
		}
	}
	edits := s.others.edits[d.NotificationID]
	about := fmt.Sprintf("%s: planned %s, %s (%+v), %d PATCHes, %d edits by others", d.NotificationID, p.Action, r.Outcome, r.Error, patches, len(edits))
	sent := map[Outcome]bool{OutcomeApplied: true, OutcomeUnverified: true, OutcomeFailed: true, OutcomeStale: true, OutcomeUnchanged: true}
	switch {
	case patches > 1+maxRepeats:
		t.Fatalf("%s: too many", about)
	case patches > 0 && (p.Action != Update || !sent[r.Outcome]):
		t.Fatalf("%s: what must not be written was", about)
	case patches == 0 && (r.Outcome == OutcomeApplied || r.Outcome == OutcomeUnverified && !s.stop.hard):
		t.Fatalf("%s: nothing was sent", about) // a hard stop may cut a request off before it arrives, and nobody knows
	}
	n, ok := s.desk.Notification(d.NotificationID)
	if !ok {
		if r.Outcome != OutcomeFailed {
			t.Fatalf("%s: there is no such notification", about)
		}
		return
	}
	s.checkState(t, about, d, n, edits, r)
}

func (s *story) checkState(t *rapid.T, about string, d spec.Draft, n sandbox.Notification, edits []passage, r DraftResult) {
	last := s.initial[n.ID]
	if len(edits) > 0 {
		last = edits[len(edits)-1].after
	}
	final, foreign := stateOf(t, n), stateOf(t, last)
	wanted := diff.Equal(final, desired(d, final))
	theirs := reflect.DeepEqual(final, foreign) && n.Status == last.Status
	if !wanted && !theirs && !(r.Outcome == OutcomeUnverified && slipped(final, d)) {
		t.Fatalf("%s: the server holds what nobody wanted\n%+v\nthe last that somebody made\n%+v", about, final, foreign)
	}
	switch r.Outcome {
	case OutcomeApplied:
		was := wanted
		for _, p := range edits {
			held := stateOf(t, p.before)
			was = was || diff.Equal(held, desired(d, held))
		}
		if !was {
			t.Fatalf("%s: at no time did the server hold it\n%+v", about, final)
		}
	case OutcomeUnverified:
	default:
		if !theirs {
			t.Fatalf("%s: the server holds what this run wrote\n%+v", about, final)
		}
	}
}

// slipped reports the one mixture that can come about: a time or an ext that somebody gave right
// before the PATCH, and that the PATCH left out because it was to be empty and had been. It is
// seen, since the outcome is unverified, and the next run clears it.
func slipped(final diff.State, d spec.Draft) bool {
	want := desired(d, final)
	if want.SendAt == "" {
		final.SendAt = ""
	}
	if want.Ext == "" {
		final.Ext = ""
	}
	return diff.Equal(final, want)
}

// again runs what was left without any trouble: every draft that can be written is, and a plan
// after that finds nothing to do.
func (s *story) again(t *rapid.T) {
	calm := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit})
	writable := map[string]bool{}
	for _, d := range s.drafts {
		if n, ok := s.desk.Notification(d.NotificationID); ok {
			calm.seed(t, n)
			writable[d.NotificationID] = n.Status == statusDraft
		}
	}
	p := calm.plan(t, s.drafts, Options{Parallelism: 2})
	r := calm.apply(t, p, Options{Parallelism: 2})
	after := calm.plan(t, s.drafts, Options{Parallelism: 2})
	if r.Summary.Applied != p.Summary.Update || calm.Count(http.MethodPatch) != p.Summary.Update || after.Summary.Update != 0 {
		t.Fatalf("%+v was applied as %+v, and after that there is %+v", p.Summary, r.Summary, after.Summary)
	}
	for i, d := range after.Drafts {
		if writable[d.NotificationID] && d.Action != NoOp {
			t.Fatalf("%s is still %s: %q, %+v", d.NotificationID, d.Action, lines(d.Changes), r.Drafts[i])
		}
	}
}
