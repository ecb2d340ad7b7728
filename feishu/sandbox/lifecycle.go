package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// settle brings a notification that execute_send has scheduled up to what has come of it by now. One
// that was seeded or set to such a status stays as it is. The caller holds s.mu.
func (s *Server) settle(n *Notification, now time.Time) *Notification {
	if !s.scheduled[n.ID] {
		return n
	}
	const sending = 10 * time.Second // invented
	at, err := strconv.ParseInt(n.SendAt, 10, 64)
	late := now.UnixMilli() - at
	if err != nil || late < 0 {
		return n
	}
	moved := *n
	moved.Status = statusSending
	if late >= sending.Milliseconds() {
		moved.Status, moved.SentUserCount = statusSent, n.TargetUserCount
		delete(s.scheduled, n.ID)
	}
	s.notifications[n.ID] = &moved
	return &moved
}

func (s *Server) preview(*call) *answer { return success(struct{}{}) }

func (s *Server) submitApprove(c *call) *answer {
	switch {
	case !s.switches.ScopeRulesOff && !s.switches.keepsScopeRules(c.n):
		return refuse(codeBadRequest)
	case s.switches.HasAccessFalse:
		return success(map[string]bool{"has_access": false})
	}
	c.n.Status = statusApproved // as the owner's own are
	if c.token.member || s.switches.UserRoleAdmin || s.switches.UserRoleMember {
		c.n.Status = statusPending
	}
	return s.commit(c, map[string]bool{"has_access": true})
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

// detail is what GET answers with.
type detail struct {
	Notification    *Notification `json:"notification"`
	ApprovalAppLink string        `json:"approval_app_link"`
}

// checkNotification looks at what a call is about, the user's role, the status and what is required.
func (s *Server) checkNotification(c *call) *answer {
	if c.tenantOnly { // it is about a ticket
		return nil
	}
	if c.id != "" {
		stored, found := s.notifications[c.id]
		if !found {
			return refuse(codeNotFound)
		}
		c.n = s.settle(stored, c.now).clone()
	}
	w := &s.switches
	stranger := c.token.member || w.UserRoleMember && !c.token.tenant
	exempt := w.RoleCheckOff || w.RoleCheckWrites && c.request.Method == http.MethodGet
	outOfTurn := c.from != nil && !slices.Contains(c.from, c.n.Status)
	switch {
	case stranger && !exempt, outOfTurn && w.WrongState154005:
		return refuse(codeNotAllowed)
	case outOfTurn, slices.ContainsFunc(c.required, c.lacks):
		return refuse(codeBadRequest)
	}
	return nil
}

func (s *Server) get(c *call) *answer {
	d := &detail{c.n, c.n.ApprovalAppLink}
	if d.ApprovalAppLink == "" && (c.n.Status != statusDraft || s.switches.ApprovalAppLinkAlways) {
		d.ApprovalAppLink = "https://applink.feishu.cn/client/sandbox/approval?notification_id=" + c.n.ID
	}
	c.n.ApprovalAppLink = ""
	if c.fault.Kind == Garbage {
		c.n.JobName = c.fault.Value
	}
	s.show(c.n, c.idType)
	return success(d)
}

// show makes of a copy of what is stored what the answer to a request shows of it.
func (s *Server) show(n *Notification, idType string) {
	w := &s.switches
	see := func(kind string, id, name, avatar *string) {
		if p := s.directory[target{kind, *id}]; *name == "" && *avatar == "" {
			*name, *avatar = p.Name, p.AvatarURL
		}
		*id = s.directory.as(kind, *id, idType)
		if kind == users && (w.WithholdAllIDs || w.WithholdUserID && idType == "user_id") {
			*id = ""
		}
	}
	for _, u := range []*User{&n.CreateUser, &n.UpdateUser} {
		see(users, &u.UserID, &u.Name, &u.AvatarURL)
	}
	n.eachTarget(see)
	if w.ListOrderReversed {
		slices.Reverse(n.UserList)
		slices.Reverse(n.DepartmentList)
		slices.Reverse(n.NewStaffScopeDepartmentList)
		slices.Reverse(n.ChatList)
	}
}
