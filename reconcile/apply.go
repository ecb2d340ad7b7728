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
// holds what the plan was made from and the notification is still a draft; a last GET proves
// the result. What was done stays done: the Result names every draft's outcome, and planning
// again finds the rest. Apply never sends a notification to anybody.
//
// When soft ends, nothing new is started: what is not yet on the wire becomes "not attempted",
// what is on the wire is finished and proven. When ctx ends, everything stops at once.
func Apply(ctx, soft context.Context, w Writer, p Plan, o Options) Result {
	soft, stop := context.WithCancelCause(soft)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(context.Cause(ctx)) })()
	results, names := make([]DraftResult, len(p.Drafts)), namesIn(p.Drafts)
	each(len(p.Drafts), o, func(i int) {
		a := attempt{ctx: ctx, soft: soft, w: w, planned: p.Drafts[i], names: names}
		a.run()
		results[i] = a.result
		if o.FailFast && failure(a.result.Outcome) {
			stop(errFailFast)
		}
	})
	return newResult(p, results)
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
	w         Writer
	planned   PlannedDraft
	names     map[string]string // that the server gave to ids when the plan was made
	result    DraftResult
}

func (a *attempt) run() {
	d := a.planned
	a.result = DraftResult{
		File: d.File, Line: d.Line, NotificationID: d.NotificationID, JobName: d.JobName,
		UserIDType: d.UserIDType, Status: d.Status, Changes: d.Changes, Error: d.Error,
	}
	switch d.Action {
	case NoOp:
		a.result.Outcome = OutcomeUnchanged
	case Blocked:
		a.result.Outcome = OutcomeBlocked
	case Failed:
		a.result.Outcome = OutcomeFailed
	case Update:
		a.update()
	default:
		panic("unknown action " + string(d.Action))
	}
}

// end notes what became of the draft, why, and what stands between expectation and server.
func (a *attempt) end(o Outcome, why error, remaining ...diff.Change) {
	a.result.Outcome, a.result.Error, a.result.Remaining = o, NewFault(why), remaining
}

// update takes the write slot before it looks, so that no wait for the limit lies between
// looking and writing.
func (a *attempt) update() {
	if err := a.stopped(); err != nil {
		a.end(OutcomeNotAttempted, err)
		return
	}
	slot, err := a.w.AcquireWrite(a.soft)
	if err != nil {
		a.unsent(err)
		return
	}
	defer slot.Release()
	for refused := a.write(slot); refused != nil; refused = a.write(slot) {
		if slot.Renew(a.soft) != nil {
			a.unsent(refused)
			return
		}
	}
}

// write looks and, if nothing moved, writes and proves. It returns an error only when the server
// refused the PATCH unread as too frequent: after that wait, a new look is needed.
func (a *attempt) write(slot *feishu.WriteSlot) (refused error) {
	now, err := a.get(a.soft)
	if err != nil {
		a.unsent(err)
		return nil
	}
	if !a.stillPlanned(now) {
		return nil
	}
	if err := a.stopped(); err != nil {
		a.end(OutcomeNotAttempted, err)
		return nil
	}
	d := a.planned
	a.result.LogID, err = slot.Patch(a.ctx, d.NotificationID, string(d.UserIDType), toWire(*d.Desired, now))
	if errors.Is(err, feishu.ErrThrottled) {
		return err
	}
	a.settle(now, err)
	return nil
}

// get observes the draft once more and notes its status.
func (a *attempt) get(ctx context.Context) (diff.State, error) {
	o := observe(ctx, a.w, a.planned.NotificationID, a.planned.UserIDType)
	if o.err != nil {
		return diff.State{}, o.err
	}
	status := o.detail.Notification.Status
	a.result.Status, a.result.ApprovalAppLink = &status, o.detail.ApprovalAppLink
	return fromWire(o.detail.Notification)
}

// stillPlanned decides from the second GET whether to write.
func (a *attempt) stillPlanned(now diff.State) bool {
	moved := a.moved(*a.planned.Live, now)
	switch {
	case diff.Equal(now, *a.planned.Desired): // somebody, or an earlier run of this plan, was here first
		a.result.Outcome = OutcomeUnchanged
	case *a.result.Status != statusDraft:
		a.end(OutcomeStale, errLeft, moved...)
	case len(moved) > 0:
		a.end(OutcomeStale, errStale, moved...)
	default:
		return true
	}
	return false
}

// settle observes what the PATCH did; what it answered is only believed when it says that
// nothing was executed.
func (a *attempt) settle(was diff.State, patchErr error) {
	now, err := a.get(a.ctx)
	if err != nil {
		a.unproven(patchErr, err)
		return
	}
	switch {
	case diff.Equal(now, *a.planned.Desired):
		a.result.Outcome = OutcomeApplied
	case patchErr == nil:
		a.end(OutcomeUnverified, errDiffers, a.missing(now)...)
	case len(a.moved(was, now)) > 0:
		a.end(OutcomeUnverified, patchErr, a.missing(now)...)
	case *a.result.Status != statusDraft:
		a.end(OutcomeStale, fmt.Errorf(noLongerDraftFor, errLeft, patchErr))
	default:
		a.end(OutcomeFailed, patchErr)
	}
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
	return inZone(changes, zoneOf(a.planned.Changes))
}

// unproven is the outcome when the proof itself could not be had.
func (a *attempt) unproven(patchErr, getErr error) {
	switch {
	case patchErr == nil:
		a.end(OutcomeUnverified, fmt.Errorf(notReadBack, getErr))
	case feishu.IsRefused(patchErr):
		a.end(OutcomeFailed, patchErr)
	default:
		a.end(OutcomeUnverified, fmt.Errorf(sentAndNotReadBack, patchErr, getErr))
	}
}

// unsent is the outcome when the run ended or failed before anything was sent.
func (a *attempt) unsent(err error) {
	if stopped := a.stopped(); stopped != nil {
		a.end(OutcomeNotAttempted, stopped)
		return
	}
	a.end(OutcomeFailed, err)
}

// stopped is why nothing new may be started, or nil.
func (a *attempt) stopped() error {
	return cmp.Or(context.Cause(a.ctx), context.Cause(a.soft))
}
