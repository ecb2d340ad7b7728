package feishu

import (
	"context"
	"fmt"
)

// WriteSlot is the right to send one PATCH now, without a wait for the limit. It lets a caller
// look at a notification and write it in the next breath: a wait between the two would be a
// time in which somebody else's edit goes unseen. Release ends it, also after Patch. It belongs
// to one goroutine.
type WriteSlot struct {
	client *Client
	place  uint64
	held   *waiter // nil once it was used or given up
}

// AcquireWrite waits until a PATCH may be sent under the limit and keeps that place free. It
// fails only when ctx ends first; the error then holds the context's cause.
func (c *Client) AcquireWrite(ctx context.Context) (*WriteSlot, error) {
	l := c.patchNotification.limit
	place := l.queue()
	w, ok := l.start(ctx, place)
	if !ok {
		return nil, fmt.Errorf("wait for the write limit: %w", interruption(ctx))
	}
	return &WriteSlot{c, place, w}, nil
}

// Patch is PatchNotification in this slot. A slot sends one; what is sent again after a
// throttled answer, or by a second call, waits for the limit in the slot's old place. So does
// the first, if the server has asked for a pause since the slot was given.
func (s *WriteSlot) Patch(ctx context.Context, id, userIDType string, p NotificationPatch) (logID string, err error) {
	return s.client.patch(ctx, s, id, userIDType, p)
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
