package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

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
		results[i] = a.run()
		if o.FailFast && failure(results[i].Outcome) {
			stop(errFailFast)
		}
	})
	return newResult(p, results)
}

var (
	errFailFast = errors.New("--fail-fast: another draft failed")
	errStale    = errors.New("the notification was changed on the server since it was planned")
	errLeft     = errors.New("the notification is no longer a draft")
	errDiffers  = errors.New("the PATCH was accepted, but what Feishu holds now is not what was sent")
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
}

func (a attempt) run() DraftResult {
	d := a.planned
	r := DraftResult{
		File: d.File, Line: d.Line, NotificationID: d.NotificationID, JobName: d.JobName,
		UserIDType: d.UserIDType, Status: d.Status, Changes: d.Changes, Error: d.Error,
	}
	switch d.Action {
	case NoOp:
		r.Outcome = OutcomeUnchanged
	case Blocked:
		r.Outcome = OutcomeBlocked
	case Failed:
		r.Outcome = OutcomeFailed
	case Update:
		a.update(&r)
	default:
		panic("unknown action " + string(d.Action))
	}
	return r
}

// update takes the write slot before it looks, so that no wait for the limit lies between
// looking and writing.
func (a attempt) update(r *DraftResult) {
	if err := a.stopped(); err != nil {
		a.notAttempted(r, err)
		return
	}
	slot, err := a.w.AcquireWrite(a.soft)
	if err != nil {
		a.unsent(r, err)
		return
	}
	defer slot.Release()
	for refused := a.write(slot, r); refused != nil; refused = a.write(slot, r) {
		if slot.Renew(a.soft) != nil {
			a.unsent(r, refused)
			return
		}
	}
}

// write looks and, if nothing moved, writes and proves. It returns an error only when the server
// refused the PATCH unread as too frequent: after that wait, a new look is needed.
func (a attempt) write(slot *feishu.WriteSlot, r *DraftResult) (refused error) {
	now, err := a.get(a.soft, r)
	if err != nil {
		a.unsent(r, err)
		return nil
	}
	if !a.stillPlanned(now, r) {
		return nil
	}
	if err := a.stopped(); err != nil {
		a.notAttempted(r, err)
		return nil
	}
	logID, err := slot.Patch(a.ctx, r.NotificationID, string(r.UserIDType), toWire(*a.planned.Desired, now))
	r.LogID = logID
	if errors.Is(err, feishu.ErrThrottled) {
		return err
	}
	a.settle(r, now, err)
	return nil
}

// get observes the draft once more and notes its status.
func (a attempt) get(ctx context.Context, r *DraftResult) (diff.State, error) {
	o := observe(ctx, a.w, r.NotificationID, r.UserIDType)
	if o.err != nil {
		return diff.State{}, o.err
	}
	status := o.detail.Notification.Status
	r.Status, r.ApprovalAppLink = &status, o.detail.ApprovalAppLink
	return fromWire(o.detail.Notification)
}

// stillPlanned decides from the second GET whether to write.
func (a attempt) stillPlanned(now diff.State, r *DraftResult) bool {
	moved := a.moved(*a.planned.Live, now)
	switch {
	case diff.Equal(now, *a.planned.Desired): // somebody, or an earlier run of this plan, was here first
		r.Outcome = OutcomeUnchanged
	case *r.Status != statusDraft:
		r.Outcome, r.Remaining, r.Error = OutcomeStale, moved, NewFault(errLeft)
	case len(moved) > 0:
		r.Outcome, r.Remaining, r.Error = OutcomeStale, moved, NewFault(errStale)
	default:
		return true
	}
	return false
}

// settle observes what the PATCH did; what it answered is only believed when it says that
// nothing was executed.
func (a attempt) settle(r *DraftResult, was diff.State, patchErr error) {
	now, err := a.get(a.ctx, r)
	if err != nil {
		a.unproven(r, patchErr, err)
		return
	}
	switch {
	case diff.Equal(now, *a.planned.Desired):
		r.Outcome = OutcomeApplied
	case patchErr == nil:
		r.Outcome, r.Remaining, r.Error = OutcomeUnverified, a.missing(now), NewFault(errDiffers)
	case len(a.moved(was, now)) > 0:
		r.Outcome, r.Remaining, r.Error = OutcomeUnverified, a.missing(now), NewFault(patchErr)
	case *r.Status != statusDraft:
		r.Outcome, r.Error = OutcomeStale, NewFault(fmt.Errorf("%w: %w", errLeft, patchErr))
	default:
		r.Outcome, r.Error = OutcomeFailed, NewFault(patchErr)
	}
}

// moved is what changed on the server between two looks at it. It counts what the PATCH would
// put into effect as well: the plan was made from that, too.
func (a attempt) moved(was, now diff.State) []diff.Change {
	effect := a.planned.Desired.PushType
	if effect == spec.Scheduled {
		effect = now.PushType
	}
	return a.told(diff.Exactly(was.InEffect(effect), now.InEffect(effect)), now)
}

// missing is what stands between the server and the file.
func (a attempt) missing(now diff.State) []diff.Change {
	return a.told(diff.Between(now, *a.planned.Desired), now)
}

// told shows changes as the plan shows them: with the server's names and in the file's offset.
func (a attempt) told(changes []diff.Change, now diff.State) []diff.Change {
	if len(changes) == 0 {
		return nil
	}
	names, zone := maps.Clone(a.names), time.UTC
	now.Names(names)
	diff.Name(changes, names)
	for _, c := range a.planned.Changes {
		if c.Field == "send_at" {
			zone = zoneOf(c, zone)
		}
	}
	return inZone(changes, zone)
}

// unproven is the outcome when the proof itself could not be had.
func (a attempt) unproven(r *DraftResult, patchErr, getErr error) {
	switch {
	case patchErr != nil && feishu.IsRefused(patchErr):
		r.Outcome, r.Error = OutcomeFailed, NewFault(patchErr)
	case patchErr != nil:
		r.Outcome, r.Error = OutcomeUnverified, NewFault(fmt.Errorf("%w; reading it back: %w", patchErr, getErr))
	default:
		r.Outcome, r.Error = OutcomeUnverified, NewFault(fmt.Errorf("reading back what was written: %w", getErr))
	}
}

// unsent is the outcome when the run ended or failed before anything was sent.
func (a attempt) unsent(r *DraftResult, err error) {
	if stopped := a.stopped(); stopped != nil {
		a.notAttempted(r, stopped)
		return
	}
	r.Outcome, r.Error = OutcomeFailed, NewFault(err)
}

// stopped is why nothing new may be started, or nil.
func (a attempt) stopped() error {
	if err := context.Cause(a.ctx); err != nil {
		return err
	}
	return context.Cause(a.soft)
}

func (a attempt) notAttempted(r *DraftResult, why error) {
	r.Outcome, r.Error = OutcomeNotAttempted, NewFault(why)
}
