package sandbox

import (
	"fmt"
	"time"
)

// Advance sets the server's clock ahead, or back with a negative d. Its answers then carry its own date.
func (s *Server) Advance(d time.Duration) { s.ahead.Add(int64(d)) }

// now is the time by the server's clock.
func (s *Server) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// Notification returns a copy of what is stored, as of now. Names that were not seeded are left out.
func (s *Server) Notification(id string) (Notification, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, found := s.notifications[id]
	if !found {
		return Notification{}, false
	}
	return *s.settle(n, s.now()).clone(), true
}

// Edit changes a notification as somebody else would at the console: updated_at and update_user are
// theirs before f is called, and f may change anything but the id, whatever the status and the
// rules. The error says that there is no such notification. f must not call the Server.
func (s *Server) Edit(id string, f func(*Notification)) error {
	return s.change(id, func(n *Notification) {
		n.UpdatedAt, n.UpdateUser = milliseconds(s.now()), User{UserID: "ou_sandbox_somebody_else", Name: "Somebody Else"}
		counted := n.TargetUserCount
		f(n)
		if n.TargetUserCount == counted {
			n.TargetUserCount = n.audienceSize()
		}
	})
}

// SetStatus sets a notification's status and nothing else, as an approval or a sending does; where
// a rejection (3) leads is the switch reject. The error says that there is no such notification.
func (s *Server) SetStatus(id string, status int) error {
	if status == statusRejected && s.switches.RejectDraft {
		status = statusDraft
	}
	return s.change(id, func(n *Notification) { n.Status = status })
}

// change replaces a notification by what f makes of it; a status that f sets stays.
func (s *Server) change(id string, f func(*Notification)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, found := s.notifications[id]
	if !found {
		return fmt.Errorf(noNotification, id)
	}
	n := s.settle(old, s.now()).clone()
	f(n)
	s.directory.store(n)
	n.ID = id
	if n.Status != old.Status {
		delete(s.scheduled, id)
	}
	s.notifications[id] = n
	return nil
}

// Delete takes a notification away, as an owner does at the console.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.notifications, id)
}
