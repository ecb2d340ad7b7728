package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// Creator is all that creating may do besides reading.
type Creator interface {
	Reader
	// AcquireCreate waits for the right to send one create now.
	AcquireCreate(ctx context.Context) (*feishu.WriteSlot, error)
}

// Notes are kept where they outlive this process, in the draft files: what Feishu was asked for, and
// the ids that it gave. Drafts are named by their place in the plan.
type Notes interface {
	// Ask notes that Feishu is asked for a draft from now on, and says when that is.
	Ask(draft int) (time.Time, error)
	// Enter puts the id in the place of what Ask noted last.
	Enter(draft int, id string) error
	// Withdraw removes what Ask noted last.
	Withdraw(draft int) error
}

// PlanCreate plans what Create does about drafts, and asks nobody: one without an id is created, and
// one that has an id has nothing to do.
func PlanCreate(h Helpdesk, drafts []spec.Draft) Plan {
	planned := make([]PlannedDraft, len(drafts))
	for i, d := range drafts {
		if planned[i] = unplanned(d); d.NotificationID != "" {
			planned[i].Action = NoOp
		} else {
			planned[i] = planned[i].created(d)
		}
	}
	p := newPlan(h, planned)
	p.Digest = "" // which is of updates
	return p
}

// CreateDrafts creates those of p that are to be created, one after the other. Feishu does not know a
// request that it has seen before, and has no list to look in. So each is noted before it is asked
// for, durably, and its id is entered before the next one is; then GETs prove it. The first of
// which nobody knows what became, or whose id cannot be entered, is the last one that is asked for. A
// refusal is certain: what was noted is removed, and the others go on. Nobody is sent anything.
//
// The contexts are those of Apply.
func CreateDrafts(ctx, soft context.Context, c Creator, n Notes, p Plan, o Options) Result {
	soft, stop := context.WithCancelCause(soft)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(context.Cause(ctx)) })()
	results, met, names := make([]DraftResult, len(p.Drafts)), make([]error, len(p.Drafts)), namesIn(p.Drafts)
	o.Parallelism = 1
	each(len(p.Drafts), o, func(i int) {
		a := creation{
			attempt: attempt{ctx: ctx, soft: soft, stop: stop, r: c, planned: p.Drafts[i], names: names, result: resultOf(p.Drafts[i])},
			creator: c, notes: n, draft: i,
		}
		switch p.Drafts[i].Action {
		case Create:
			a.create()
		case NoOp:
			a.end(OutcomeSkipped, nil)
		default:
			a.result.Outcome = OutcomeFailed
		}
		results[i], met[i] = a.result, a.met
	})
	r := newResult(p, results)
	r.Error = runError(soft, met)
	return r
}

var (
	errUnsettled    = errors.New(nothingMoreCreated)
	errNotAsCreated = errors.New(heldIsNotAsCreated)
)

// creation is the creating of one draft.
type creation struct {
	attempt
	creator Creator
	notes   Notes
	draft   int // in the plan
}

// create waits for its turn before it notes anything, so that a run that is killed meanwhile leaves
// no doubt.
func (c *creation) create() {
	body, err := toWire(*c.planned.Desired, diff.State{})
	if err != nil {
		c.end(OutcomeFailed, err)
		return
	}
	if err := c.stopped(); err != nil {
		c.unsent(err)
		return
	}
	slot, err := c.creator.AcquireCreate(c.soft)
	if err != nil {
		c.unsent(err)
		return
	}
	defer slot.Release()
	at, err := c.notes.Ask(c.draft)
	if err != nil {
		c.end(OutcomeFailed, err)
		return
	}
	switch id, err := c.send(slot, body); {
	case err == nil:
		c.enter(id)
	case feishu.IsRefused(err):
		c.refused(err)
	default:
		c.stop(errUnsettled)
		when := at.UTC().Format(time.RFC3339)
		c.end(OutcomeUnknown, &hintedError{fmt.Errorf(createdOrNot, err), fmt.Sprintf(hintCreatedOrNot, c.planned.JobName, when)})
	}
}

// send asks for the draft, and again as long as nothing of that was carried out for certain.
func (c *creation) send(slot *feishu.WriteSlot, body feishu.NotificationPatch) (id string, err error) {
	for repeats := 0; ; repeats++ {
		id, c.result.LogID, err = slot.Create(c.ctx, string(c.planned.UserIDType), body)
		unseen := errors.Is(err, feishu.ErrUnsent) || errors.Is(err, feishu.ErrRenewed)
		again := errors.Is(err, feishu.ErrThrottled) || unseen && repeats < maxRepeats
		if !again || slot.Renew(c.soft) != nil {
			return id, err
		}
	}
}

// enter notes the id, and proves what has it.
func (c *creation) enter(id string) {
	c.planned.NotificationID, c.result.NotificationID = id, id
	if err := c.notes.Enter(c.draft, id); err != nil {
		c.stop(errUnsettled)
		c.end(OutcomeUnverified, &hintedError{fmt.Errorf(idNotEntered, id, err), fmt.Sprintf(hintIDNotEntered, id)})
		return
	}
	now, err := c.lookOften()
	switch {
	case err != nil:
		c.end(OutcomeUnverified, fmt.Errorf(notReadBack, err))
	case diff.Equal(now, c.asCreated(now)):
		c.end(OutcomeCreated, nil)
	default:
		c.end(OutcomeUnverified, errNotAsCreated, c.missing(now)...)
	}
}

// asCreated is what the draft is to be, with what its file leaves to the server as that has it.
func (c *creation) asCreated(now diff.State) diff.State {
	want := *c.planned.Desired
	want.SendAt, want.Ext = cmp.Or(want.SendAt, now.SendAt), cmp.Or(want.Ext, now.Ext)
	return want
}

// refused is the end of a draft that was certainly not created.
func (c *creation) refused(answer error) {
	c.meet(answer)
	if err := c.notes.Withdraw(c.draft); err != nil {
		c.end(OutcomeFailed, errors.Join(answer, fmt.Errorf(noteStays, err)))
		return
	}
	if errors.Is(answer, feishu.ErrThrottled) || errors.Is(answer, feishu.ErrUnsent) || endsRun(answer) {
		c.unsent(answer) // it may have been the end of the run
		return
	}
	c.end(OutcomeFailed, answer)
}
