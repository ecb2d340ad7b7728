package feishu

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// WriteSlot is the right to send one PATCH now, without a wait for the limit. It lets a caller
// look at a notification and write it in the next breath: a wait between the two would be a
// time in which somebody else's edit goes unseen. Release ends it, also after Patch. It belongs
// to one goroutine.
type WriteSlot struct {
	client   *Client
	place    uint64
	held     *waiter // nil once it was used or given up
	refusals int     // how often a PATCH in it was refused as too frequent
}

// AcquireWrite waits until a PATCH may be sent under the limit and keeps that place free. It
// fails only when ctx ends first; the error then holds the context's cause.
func (c *Client) AcquireWrite(ctx context.Context) (*WriteSlot, error) {
	s := &WriteSlot{client: c, place: c.patchNotification.limit.queue()}
	return s, s.wait(ctx)
}

func (s *WriteSlot) wait(ctx context.Context) error {
	w, ok := s.client.patchNotification.limit.start(ctx, s.place)
	if !ok {
		return fmt.Errorf(waitingForWrite, interruption(ctx))
	}
	s.held = w
	return nil
}

// errPaused is why a slot cannot be used: what the caller saw may be old after a pause.
var errPaused = fmt.Errorf(pauseWasAskedFor, ErrThrottled)

// Patch replaces the writable state of the draft with that id and returns the request's log id.
// It sends the PATCH at once, or not at all: it never waits, and it never sends again. After an
// error that is ErrThrottled nothing was carried out; Renew the slot, look again, and Patch again.
// After any other error that is not IsRefused, the server may have carried it out: read the
// notification to know.
func (s *WriteSlot) Patch(ctx context.Context, id, userIDType string, p NotificationPatch) (logID string, err error) {
	c := s.client
	r := request{
		endpoint: c.patchNotification, id: id, query: userIDQuery(userIDType), authorization: c.authorization, body: p, slot: s,
	}
	logID, err = do(ctx, c, r, new(jsontext.Value)) // whatever data says, code 0 is success
	if errors.Is(err, ErrThrottled) {
		s.refusals++
	}
	return logID, err
}

// Renew waits for another turn in the slot's old place, ahead of whoever came later. It fails
// when ctx ends first, and with ErrThrottled when the server has refused often enough.
func (s *WriteSlot) Renew(ctx context.Context) error {
	s.Release()
	if s.refusals >= maxRefusals {
		return ErrThrottled
	}
	return s.wait(ctx)
}

// Release gives the place up if no request was sent in it.
func (s *WriteSlot) Release() {
	if w := s.take(); w != nil {
		s.client.patchNotification.limit.leave(w)
	}
}

// take hands the place over, once.
func (s *WriteSlot) take() *waiter {
	w := s.held
	s.held = nil
	return w
}
