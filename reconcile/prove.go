package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"notiform/feishu"
	"notiform/reconcile/diff"
)

// settle says what became of a PATCH, or returns false when it did nothing and may be sent again.
// What the server answered is believed when it says that nothing was carried out, and else only
// what looking shows.
func (a *attempt) settle(was diff.State, answer error) bool {
	a.meet(answer)
	switch {
	case errors.Is(answer, feishu.ErrUnsent) || errors.Is(answer, feishu.ErrRenewed):
		a.last = answer
		return false
	case endsRun(answer): // certain without a look, which would meet it as well
		a.unsent(answer)
		return true
	case feishu.IsRefused(answer):
		a.refused(was, answer)
		return true
	}
	now, err := a.lookOften()
	switch {
	case err != nil:
		a.unproven(answer, err)
	case diff.Equal(now, *a.planned.Desired):
		a.end(OutcomeApplied, nil)
	case answer == nil:
		a.end(OutcomeUnverified, errDiffers, a.missing(now)...)
	case *a.result.Status != statusDraft || len(a.moved(was, now)) > 0:
		a.end(OutcomeUnverified, answer, a.missing(now)...)
	default:
		a.doubt, a.last = answer, answer
		return false
	}
	return true
}

// looks are the times between one look at a draft and the next: a write whose answer was lost may
// land later than the answer, and what GET shows may lag behind what PATCH did.
func looks() []time.Duration { return []time.Duration{0, time.Second, time.Second, 2 * time.Second} }

// lookOften looks until the draft is as wanted, and else returns what the last look showed. It
// goes on when the run is to start nothing new, for what was sent is finished.
func (a *attempt) lookOften() (now diff.State, err error) {
	for _, wait := range looks() {
		if err := a.wait(wait); err != nil {
			return now, err
		}
		if now, err = a.look(a.ctx); endsRun(err) || err == nil && diff.Equal(now, *a.planned.Desired) {
			return now, err
		}
	}
	return now, err
}

func (a *attempt) wait(d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-a.ctx.Done():
		return context.Cause(a.ctx)
	}
}

// refused is the outcome of a PATCH that the server turned down. That is certain; a look only
// tells whether somebody moved the draft.
func (a *attempt) refused(was diff.State, answer error) {
	now, err := a.look(a.ctx)
	equal := err == nil && diff.Equal(now, *a.planned.Desired)
	switch {
	case a.doubt != nil && equal:
		a.end(OutcomeApplied, nil)
	case a.doubt != nil: // an earlier one may still have been carried out
		a.end(OutcomeUnverified, answer)
	case equal:
		a.end(OutcomeUnchanged, nil)
	case err != nil:
		a.end(OutcomeFailed, answer)
	case *a.result.Status != statusDraft:
		a.end(OutcomeStale, fmt.Errorf(noLongerDraftFor, errLeft, answer))
	case len(a.moved(was, now)) > 0:
		a.end(OutcomeStale, fmt.Errorf(noLongerDraftFor, errStale, answer), a.moved(was, now)...)
	default:
		a.end(OutcomeFailed, answer)
	}
}

// giveUp is the outcome when the PATCH was sent as often as it may be.
func (a *attempt) giveUp() {
	if a.doubt != nil {
		a.end(OutcomeUnverified, a.doubt)
		return
	}
	a.end(OutcomeFailed, a.last)
}

// unproven is the outcome when what a PATCH did could not be looked at.
func (a *attempt) unproven(answer, look error) {
	if answer == nil {
		a.end(OutcomeUnverified, fmt.Errorf(notReadBack, look))
		return
	}
	a.end(OutcomeUnverified, fmt.Errorf(sentAndNotReadBack, answer, look))
}
