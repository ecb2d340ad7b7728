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

func (s *Server) preview(*call) *answer { return success(struct{}{}) }

// access is what submit_approve answers with.
type access struct {
	HasAccess bool `json:"has_access"`
}

func (s *Server) submitApprove(c *call) *answer {
	switch {
	case !s.switches.ScopeRulesOff && !s.switches.keepsScopeRules(c.n):
		return refuse(codeBadRequest)
	case s.switches.HasAccessFalse:
		return success(access{false})
	}
	c.n.Status = statusPending
	if s.isOwner(c) {
		c.n.Status = statusApproved
	}
	return s.commit(c, access{true})
}

func (s *Server) cancelApprove(c *call) *answer {
	c.n.Status = statusDraft
	if s.switches.CancelApproveCancelled {
		c.n.Status = statusCancelled
	}
	return s.commit(c, struct{}{})
}

func (s *Server) executeSend(c *call) *answer {
	at, err := strconv.ParseInt(c.input.SendAt, 10, 64)
	if err != nil || at < 0 || at < c.now.UnixMilli() && !s.switches.PastSendAccepted {
		return refuse(codeBadRequest)
	}
	c.n.Status, c.n.SendAt = statusScheduled, c.input.SendAt
	s.scheduled[c.id] = true
	return s.commit(c, struct{}{})
}

func (s *Server) cancelSend(c *call) *answer {
	c.n.Status = statusCancelled
	delete(s.scheduled, c.id)
	return s.commit(c, struct{}{})
}
