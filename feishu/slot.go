package feishu

import (
	"context"
	"errors"
	"fmt"
)

// WriteSlot is the right to send one PATCH now, without a wait for the limit. Its holder looks
// at a notification and writes it at once: during a wait between the two, somebody else's edit
// would go unseen. Release ends it, also after Patch. It belongs to one goroutine.
type WriteSlot struct {
	client   *Client
	place    uint64  // in the limiter's queue, for all turns
	turn     *waiter // nil once it was used or given up
	refusals int     // how often a PATCH in it was refused as too frequent
}

// AcquireWrite waits until a PATCH may be sent under the limit, and keeps that turn for it. It
// fails only when ctx ends first; the error then holds the context's cause.
func (c *Client) AcquireWrite(ctx context.Context) (*WriteSlot, error) {
	s := &WriteSlot{client: c, place: c.api.patchNotification.limit.newPlace()}
	return s, s.wait(ctx)
}

// wait waits for the slot's next turn.
func (s *WriteSlot) wait(ctx context.Context) error {
	w, err := s.client.api.patchNotification.limit.start(ctx, s.place)
	if err != nil {
		return fmt.Errorf(waitingForWrite, interruption(ctx))
	}
	s.turn = w
	return nil
}

// errPaused is why a slot cannot be used: what its holder saw may be old after a pause.
var errPaused = fmt.Errorf(pauseWasAskedFor, ErrThrottled)

// Patch replaces the writable state of the draft with that id and returns the request's log id.
// It sends the PATCH at once, or not at all: it never waits, and it never sends again. After an
// error that is ErrThrottled nothing was carried out; Renew the slot, look again, and Patch again.
// After an error that is ErrRenewed the token had ended, nothing was carried out, and there is
// another token: Release the slot, and begin with another one. After any other error that is not
// IsRefused, the server may have carried it out: read the notification to know.
func (s *WriteSlot) Patch(ctx context.Context, id, userIDType string, p NotificationPatch) (logID string, err error) {
	c := s.client
	r := request{endpoint: c.api.patchNotification, id: id, query: userIDQuery(userIDType), body: p, slot: s}
	token := c.user.current()
	r.authorization = bearer(token)
	logID, err = c.send(ctx, r, decodeInto(new(envelope))) // whatever the data is, code 0 is success
	if errors.Is(err, ErrThrottled) {
		s.refusals++
	}
	next, err := c.renewed(ctx, token, err)
	if e, ok := errors.AsType[*Error](err); ok {
		e.renewed = !next.IsZero()
	}
	return logID, err
}

// Renew waits for another turn, ahead of all that came after AcquireWrite. It fails when ctx ends
// first, and with ErrThrottled when the server has refused a PATCH in the slot 20 times.
func (s *WriteSlot) Renew(ctx context.Context) error {
	s.Release()
	if s.refusals >= maxRefusals {
		return ErrThrottled
	}
	return s.wait(ctx)
}

// Release gives up the turn if nothing was sent in it.
func (s *WriteSlot) Release() {
	if w := s.take(); w != nil {
		s.client.api.patchNotification.limit.leave(w)
	}
}

// take hands over the turn, once.
func (s *WriteSlot) take() *waiter {
	w := s.turn
	s.turn = nil
	return w
}
