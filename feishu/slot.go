package feishu

import "context"

// WriteSlot is the right to send one PATCH now, without a wait for the limit. It lets a caller
// look at a notification and write it in the next breath: a wait between the two would be a
// time in which somebody else's edit goes unseen. Patch or Release ends it.
type WriteSlot struct {
	client *Client
	held   *waiter
}

// AcquireWrite waits until a PATCH may be sent under the limit and keeps that place free. It
// fails only when ctx ends first.
func (c *Client) AcquireWrite(ctx context.Context) (*WriteSlot, error) {
	l := c.patchNotification.limit
	w, ok := l.start(ctx, l.queue())
	if !ok {
		return nil, context.Cause(ctx)
	}
	return &WriteSlot{c, w}, nil
}

// Patch sends the PATCH, as PatchNotification does. A slot sends one; a second call waits for
// the limit like any other request.
func (s *WriteSlot) Patch(ctx context.Context, id, userIDType string, p NotificationPatch) (logID string, err error) {
	s.Release()
	return s.client.PatchNotification(ctx, id, userIDType, p)
}

// Release gives the place up without a request. It does nothing after Patch.
func (s *WriteSlot) Release() {
	if s.held != nil {
		s.client.patchNotification.limit.leave(s.held)
		s.held = nil
	}
}
