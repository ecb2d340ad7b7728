package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// Writer is all that applying may do besides reading. It has no send, submit or cancel.
type Writer interface {
	Reader
	// AcquireWrite waits for the right to send one PATCH now.
	AcquireWrite(ctx context.Context) (*feishu.WriteSlot, error)
}

// Apply carries out p. Drafts are independent: one failure leaves the others alone. For each
// update it takes a write slot, GETs again, and sends the PATCH only when the server still
// holds what the plan was made from and the notification is still a draft. GETs prove the result:
// at once, and again for four seconds while they do not show what was sent. A PATCH that nobody
// knows the outcome of and that did nothing by then is sent again, after a new look, at most twice;
// what stays unknown is unverified. What was done stays done: the Result names every draft's
// outcome, and planning again finds the rest. Apply never sends a notification to anybody.
//
// An answer that holds for all drafts, such as that the token has expired, ends the run as the end
// of soft does. When soft ends, nothing new is sent: what is not yet on the wire becomes "not attempted", what
// is on the wire is finished and proven. When ctx ends, everything stops at once.
func Apply(ctx, soft context.Context, w Writer, p Plan, o Options) Result {
	soft, stop := context.WithCancelCause(soft)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(context.Cause(ctx)) })()
	results, met, names := make([]DraftResult, len(p.Drafts)), make([]error, len(p.Drafts)), namesIn(p.Drafts)
	each(len(p.Drafts), o, func(i int) {
		a := attempt{ctx: ctx, soft: soft, stop: stop, r: w, w: w, planned: p.Drafts[i], names: names}
		a.run()
		results[i], met[i] = a.result, a.met
		if o.FailFast && failure(a.result.Outcome) {
			stop(errFailFast)
		}
	})
	r := newResult(p, results)
	r.Error = runError(soft, met)
	return r
}

var (
	errFailFast = errors.New(stoppedByFailFast)
	errStale    = errors.New(changedSincePlanned)
	errLeft     = errors.New(noLongerDraft)
	errDiffers  = errors.New(heldIsNotWhatWasSent)
)

func failure(o Outcome) bool {
	return o == OutcomeFailed || o == OutcomeStale || o == OutcomeUnverified
}

// attempt is the writing of one draft.
type attempt struct {
	ctx, soft context.Context
	stop      context.CancelCauseFunc // ends soft
	r         Reader
	w         Writer // of an update
	planned   PlannedDraft
	names     map[string]string // that the server gave to ids when the plan was made
	result    DraftResult
	doubt     error // why nobody knows what a PATCH of ours did, or will still do; nil: none is in doubt
	last      error // of the last PATCH that did nothing
	met       error // an answer that holds for all drafts, or the end of the run with what came before it
}

func (a *attempt) run() {
	d := a.planned
	a.result = resultOf(d)
	switch row, known := d.Action.row(); {
	case !known:
		panic("unknown action " + string(d.Action))
	case row.becomes != "":
		a.result.Outcome = row.becomes
	default:
		a.update()
	}
}

// end notes what became of the draft, why, and what stands between expectation and server.
func (a *attempt) end(o Outcome, why error, remaining ...diff.Change) {
	a.result.Outcome, a.result.Error, a.result.Remaining = o, NewFault(why), remaining
}

// maxRepeats is how often a PATCH is sent again of which looking shows that it did nothing.
const maxRepeats = 2

// update writes the draft and proves it. Each time round takes a write slot of its own.
func (a *attempt) update() {
	for range 1 + maxRepeats {
		was, answer, sent := a.send()
		if !sent || a.settle(was, answer) {
			return
		}
	}
	a.giveUp()
}

// send takes a write slot, then looks, so that no wait for the limit lies between looking and
// writing, and sends the PATCH if nothing moved. was is what it saw and answer what became of the
// PATCH; without sent the draft has its outcome. Refused as too frequent, it waits, and looks again.
func (a *attempt) send() (was diff.State, answer error, sent bool) {
	if err := a.stopped(); err != nil {
		a.unsent(err)
		return was, nil, false
	}
	slot, err := a.w.AcquireWrite(a.soft)
	if err != nil {
		a.unsent(err)
		return was, nil, false
	}
	defer slot.Release()
	for {
		was, err := a.look(a.soft)
		if err == nil && !a.stillPlanned(was) {
			return was, nil, false
		}
		if err = cmp.Or(err, a.stopped()); err != nil {
			a.unsent(err)
			return was, nil, false
		}
		answer, err := a.patch(slot, was)
		if err != nil {
			a.unsent(err)
			return was, nil, false
		}
		if !errors.Is(answer, feishu.ErrThrottled) {
			return was, answer, true
		}
		if slot.Renew(a.soft) != nil {
			a.unsent(answer)
			return was, nil, false
		}
	}
}

// patch sends the PATCH and returns what became of it. err is why there was nothing to send.
func (a *attempt) patch(slot *feishu.WriteSlot, was diff.State) (answer, err error) {
	d := a.planned
	body, err := toWire(*d.Desired, was)
	if err != nil {
		return nil, err
	}
	a.result.LogID, answer = slot.Patch(a.ctx, d.NotificationID, string(d.UserIDType), body)
	return answer, nil
}

// look observes the draft once more and notes its status.
func (a *attempt) look(ctx context.Context) (diff.State, error) {
	o := observe(ctx, a.r, a.planned.NotificationID, a.planned.UserIDType)
	if o.err != nil {
		a.meet(o.err)
		return diff.State{}, o.err
	}
	n := o.detail.Notification
	a.result.Status, a.result.Reaches, a.result.ApprovalAppLink = &n.Status, n.TargetUserCount.Value, o.detail.ApprovalAppLink
	return fromWire(n)
}

// meet ends the run if err holds for all drafts.
func (a *attempt) meet(err error) {
	if endsRun(err) {
		a.met = err
		a.stop(err)
	}
}

// stillPlanned decides from a look whether to write.
func (a *attempt) stillPlanned(now diff.State) bool {
	moved := a.moved(*a.planned.Live, now)
	switch {
	case diff.Equal(now, *a.planned.Desired) && a.doubt != nil: // what was in doubt has landed
		a.end(OutcomeApplied, nil)
	case diff.Equal(now, *a.planned.Desired): // somebody, or an earlier run of this plan, was here first
		a.end(OutcomeUnchanged, nil)
	case *a.result.Status == statusDraft && len(moved) == 0:
		return true
	case a.doubt != nil:
		a.end(OutcomeUnverified, a.doubt, a.missing(now)...)
	case *a.result.Status != statusDraft:
		a.end(OutcomeStale, errLeft, moved...)
	default:
		a.end(OutcomeStale, errStale, moved...)
	}
	return false
}

// moved is what changed on the server between two looks at it. It counts what the PATCH would
// put into effect as well: the plan was made from that, too.
func (a *attempt) moved(was, now diff.State) []diff.Change {
	effect := a.planned.Desired.PushType
	if effect == spec.Scheduled {
		effect = now.PushType
	}
	return a.told(diff.Exactly(was.InEffect(effect), now.InEffect(effect)), now)
}

// missing is what stands between the server and the file.
func (a *attempt) missing(now diff.State) []diff.Change {
	return a.told(diff.Between(now, *a.planned.Desired), now)
}

// told shows changes as the plan shows them: with the server's names and in the file's offset.
func (a *attempt) told(changes []diff.Change, now diff.State) []diff.Change {
	if len(changes) == 0 {
		return nil
	}
	names := maps.Clone(a.names)
	now.Names(names)
	diff.Name(changes, names)
	return inZone(changes, a.planned.Zone())
}

// unsent is the outcome when the run ended or failed before anything more was sent.
func (a *attempt) unsent(err error) {
	stopped := a.stopped()
	switch {
	case a.doubt != nil:
		a.end(OutcomeUnverified, a.doubt)
	case feishu.HoldsForAll(stopped): // the result's error tells it
		a.end(OutcomeNotAttempted, nil)
	case stopped != nil:
		why := cmp.Or(atItsEnd(err), stopped)
		a.met = cmp.Or(a.met, fmt.Errorf(notReadBecause, errNotRead, why))
		a.end(OutcomeNotAttempted, why)
	default:
		a.end(OutcomeFailed, err)
	}
}

// stopped is why nothing new may be started, or nil.
func (a *attempt) stopped() error {
	return cmp.Or(context.Cause(a.ctx), context.Cause(a.soft))
}
