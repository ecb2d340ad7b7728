package sandbox

import (
	"strconv"
	"time"
)

// sendingTime is how long a notification is on its way (invented).
const sendingTime = 10 * time.Second

// settle brings a notification that execute_send has scheduled up to what has
// come of it by now: scheduled, sending, sent. One that was seeded or set to
// such a status stays as it is. The caller holds s.mu.
func (s *Server) settle(n *Notification, now time.Time) *Notification {
	if !s.scheduled[n.ID] {
		return n
	}
	at, err := strconv.ParseInt(n.SendAt, 10, 64)
	late := now.UnixMilli() - at
	if err != nil || late < 0 {
		return n
	}
	moved := *n
	moved.Status = statusSending
	if late >= sendingTime.Milliseconds() {
		moved.Status, moved.SentUserCount = statusSent, n.TargetUserCount
		delete(s.scheduled, n.ID)
	}
	s.notifications[n.ID] = &moved
	return &moved
}

// transition answers the calls that move a notification through its life.
func (s *Server) transition(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, refused := s.addressed(c)
	if refused != nil {
		return *refused
	}
	n := *old
	switch c.api {
	case apiPreview:
		return s.preview(c, &n)
	case apiSubmitApprove:
		return s.submitApprove(c, &n)
	case apiCancelApprove:
		return s.cancelApprove(c, &n)
	case apiExecuteSend:
		return s.executeSend(c, &n)
	}
	return s.cancelSend(c, &n)
}

func (s *Server) preview(c *call, n *Notification) answer {
	if n.Status > statusScheduled {
		return s.refuseState(c, n)
	}
	return success("{}")
}

func (s *Server) submitApprove(c *call, n *Notification) answer {
	if n.Status != statusDraft {
		return s.refuseState(c, n)
	}
	if !c.input.(*submitBody).Reason.has() {
		return s.refuse(c, codeBadRequest, "reason is required")
	}
	if why := s.switches.breach(n); why != "" && !s.switches.ScopeRulesOff {
		return s.refuse(c, codeBadRequest, why)
	}
	if s.switches.HasAccessFalse {
		return success(`{"has_access":false}`)
	}
	n.Status = statusPending
	if s.isOwner(c) {
		n.Status = statusApproved
	}
	s.commit(c, n)
	return success(`{"has_access":true}`)
}

func (s *Server) cancelApprove(c *call, n *Notification) answer {
	if n.Status != statusPending {
		return s.refuseState(c, n)
	}
	n.Status = statusDraft
	if s.switches.CancelApproveCancelled {
		n.Status = statusCancelled
	}
	s.commit(c, n)
	return success("{}")
}

func (s *Server) executeSend(c *call, n *Notification) answer {
	if n.Status != statusApproved {
		return s.refuseState(c, n)
	}
	sendAt := c.input.(*executeBody).SendAt.value
	at, err := strconv.ParseInt(sendAt, 10, 64)
	switch {
	case err != nil || at < 0:
		return s.refuse(c, codeBadRequest, "send_at is not a number of milliseconds")
	case at < c.now.UnixMilli() && !s.switches.PastSendAccepted:
		return s.refuse(c, codeBadRequest, "send_at has passed")
	}
	n.Status, n.SendAt = statusScheduled, sendAt
	s.commit(c, n)
	s.scheduled[n.ID] = c.fault.Kind != NoCommit
	return success("{}")
}

func (s *Server) cancelSend(c *call, n *Notification) answer {
	if n.Status != statusScheduled && n.Status != statusSending && n.Status != statusSent {
		return s.refuseState(c, n)
	}
	if !c.input.(*cancelBody).IsRecall.has() {
		return s.refuse(c, codeBadRequest, "is_recall is required")
	}
	n.Status = statusCancelled
	s.commit(c, n)
	if c.fault.Kind != NoCommit {
		delete(s.scheduled, n.ID)
	}
	return success("{}")
}

// has says whether a required member is there.
func (o optional[T]) has() bool { return o.given && !o.null }
