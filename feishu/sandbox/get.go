package sandbox

import "slices"

// detail is what GET answers with.
type detail struct {
	Notification    *Notification `json:"notification"`
	ApprovalAppLink string        `json:"approval_app_link"`
}

// checkNotification finds what a call is about, and looks at the user's role, the status and
// whether the body has what is required.
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
	outOfTurn := c.from != nil && !slices.Contains(c.from, c.n.Status)
	switch {
	case s.isRefusedRole(c), outOfTurn && s.switches.WrongState154005:
		return refuse(codeNotAllowed)
	case outOfTurn, !c.has(c.required):
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
	see := func(kind targetKind, id, name, avatar *string) {
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
	n.UserList = shownList(w, n.UserList)
	n.DepartmentList = shownList(w, n.DepartmentList)
	n.NewStaffScopeDepartmentList = shownList(w, n.NewStaffScopeDepartmentList)
	n.ChatList = shownList(w, n.ChatList)
}

func shownList[T any](w *switches, items []T) []T {
	if w.ListOrderReversed {
		slices.Reverse(items)
	}
	if items == nil && w.UnsetListsEmpty {
		return []T{}
	}
	return items
}
