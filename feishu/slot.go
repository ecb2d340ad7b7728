package feishu

import (
	"context"
	"errors"
	"fmt"
	"regexp"
)

// WriteSlot is the right to send one PATCH now, or one create, without a wait for the limit. Its
// holder looks at a notification and writes it at once: during a wait between the two, somebody
// else's edit would go unseen. Release ends it, also after Patch or Create. It belongs to one goroutine.
type WriteSlot struct {
	client   *Client
	endpoint *endpoint // that it is a slot of
	place    uint64    // in the limiter's queue, for all turns
	turn     *waiter   // nil once it was used or given up
	refusals int       // how often a request in it was refused as too frequent
}

// AcquireWrite waits until a PATCH may be sent under the limit, and keeps that turn for it. It
// fails only when ctx ends first; the error then holds the context's cause.
func (c *Client) AcquireWrite(ctx context.Context) (*WriteSlot, error) {
	return c.acquire(ctx, c.api.patchNotification)
}

// AcquireCreate is AcquireWrite for creating a notification. It also sees to it that the token does
// not end meanwhile: no read comes before a create.
func (c *Client) AcquireCreate(ctx context.Context) (*WriteSlot, error) {
	s, err := c.acquire(ctx, c.api.createNotification)
	if err != nil {
		return s, err
	}
	if _, err = c.user.usable(ctx, Secret{}); err != nil {
		s.Release()
		return s, request{endpoint: s.endpoint}.failUnsent(err)
	}
	return s, nil
}

func (c *Client) acquire(ctx context.Context, e *endpoint) (*WriteSlot, error) {
	s := &WriteSlot{client: c, endpoint: e, place: e.limit.newPlace()}
	return s, s.wait(ctx)
}

// wait waits for the slot's next turn.
func (s *WriteSlot) wait(ctx context.Context) error {
	w, err := s.endpoint.limit.start(ctx, s.place)
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
	r := request{endpoint: s.endpoint, id: id, query: userIDQuery(userIDType), body: p, slot: s}
	return s.send(ctx, r, decodeInto(new(envelope))) // whatever the data is, code 0 is success
}

// Create creates a draft and returns its id. It is sent as Patch sends. There is no key by which
// Feishu would know a second request for the first, and no list to look in: after an error that is
// not IsRefused nobody can tell by the API whether there is a draft, and of which id.
func (s *WriteSlot) Create(ctx context.Context, userIDType string, p NotificationPatch) (id, logID string, err error) {
	var answer struct {
		envelope
		Data Lenient[struct {
			NotificationID Lenient[string] `json:"notification_id"`
		}] `json:"data"`
	}
	r := request{endpoint: s.endpoint, query: userIDQuery(userIDType), body: p, slot: s}
	logID, err = s.send(ctx, r, decodeInto(&answer))
	id = answer.Data.Value.NotificationID.Value
	switch {
	case err != nil:
		return "", logID, err
	case !decimalID.MatchString(id):
		return "", logID, r.failUnusable(logID, hintSupport, createdWithoutID, id)
	}
	return id, logID, nil
}

// decimalID is the form of a notification's id.
var decimalID = regexp.MustCompile(`^[0-9]{1,40}$`)

// send sends a request in the slot.
func (s *WriteSlot) send(ctx context.Context, r request, decode func([]byte) (head, error)) (logID string, err error) {
	c := s.client
	token := c.user.current()
	r.authorization = bearer(token)
	logID, err = c.send(ctx, r, decode)
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
// first, and with ErrThrottled when the server has refused a request in the slot 20 times.
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
		s.endpoint.limit.leave(w)
	}
}

// take hands over the turn, once.
func (s *WriteSlot) take() *waiter {
	w := s.turn
	s.turn = nil
	return w
}
