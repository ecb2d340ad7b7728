package sandbox

import (
	"slices"
	"strconv"
)

// addressed finds the notification a call is about and checks the user's role.
// The caller holds s.mu.
func (s *Server) addressed(c *call) (*Notification, *answer) {
	n, found := s.notifications[c.id]
	if !found {
		return nil, s.refusePtr(c, codeNotFound, "no such notification")
	}
	if refused := s.refuseRole(c); refused != nil {
		return nil, refused
	}
	return s.settle(n, c.now), nil
}

func (s *Server) get(c *call) answer {
	s.mu.Lock()
	n, refused := s.addressed(c)
	v := view{switches: &s.switches, directory: s.directory, idType: c.idType}
	s.mu.Unlock()
	if refused != nil {
		return *refused
	}
	if c.fault.Kind == Garbage {
		forged := *n
		forged.JobName = garbageText(c.fault)
		n = &forged
	}
	body := make([]byte, 0, 1024+len(n.PushContent)*5/4+128*(len(n.UserList)+len(n.DepartmentList)+len(n.ChatList)))
	body = append(body, `{"code":0,"msg":"success","data":{"notification":`...)
	body = v.notification(body, n)
	body = append(body, `,"approval_app_link":`...)
	body = appendQuote(body, s.approvalLink(n))
	return answer{status: 200, body: append(body, `}}`...)}
}

func (s *Server) approvalLink(n *Notification) string {
	submitted := n.Status != statusDraft || s.switches.ApprovalAppLinkAlways
	if n.ApprovalAppLink != "" || !submitted {
		return n.ApprovalAppLink
	}
	return "https://applink.feishu.cn/client/sandbox/approval?notification_id=" + n.ID
}

// view writes notifications the way one request gets to see them.
type view struct {
	switches  *switches
	directory *directory
	idType    string
}

// notification appends n as JSON, its members in the order of the real answer.
func (v view) notification(dst []byte, n *Notification) []byte {
	dst = text(append(dst, '{'), "id", n.ID)
	dst = text(append(dst, ','), "job_name", n.JobName)
	dst = number(append(dst, ','), "status", n.Status)
	dst = text(append(dst, ','), "helpdesk_id", n.HelpdeskID)
	dst = v.user(append(dst, `,"create_user":`...), n.CreateUser)
	dst = text(append(dst, ','), "created_at", n.CreatedAt)
	dst = v.user(append(dst, `,"update_user":`...), n.UpdateUser)
	dst = text(append(dst, ','), "updated_at", n.UpdatedAt)
	dst = number(append(dst, ','), "target_user_count", n.TargetUserCount)
	dst = number(append(dst, ','), "sent_user_count", n.SentUserCount)
	dst = number(append(dst, ','), "read_user_count", n.ReadUserCount)
	dst = text(append(dst, ','), "send_at", n.SendAt)
	dst = text(append(dst, ','), "push_content", n.PushContent)
	dst = number(append(dst, ','), "push_type", n.PushType)
	dst = number(append(dst, ','), "push_scope_type", n.PushScopeType)
	dst = append(dst, `,"new_staff_scope_type":`...)
	if n.NewStaffScopeType == nil {
		dst = append(dst, "null"...)
	} else {
		dst = strconv.AppendInt(dst, int64(*n.NewStaffScopeType), 10)
	}
	dst = list(dst, v, "new_staff_scope_department_list", n.NewStaffScopeDepartmentList, view.department)
	dst = list(dst, v, "user_list", n.UserList, view.user)
	dst = list(dst, v, "department_list", n.DepartmentList, view.department)
	dst = list(dst, v, "chat_list", n.ChatList, view.chat)
	dst = text(append(dst, ','), "ext", n.Ext)
	dst = text(append(dst, ','), "instance_code", n.InstanceCode)
	dst = text(append(dst, ','), "tenant_id", n.TenantID)
	return append(dst, '}')
}

func (v view) user(dst []byte, u User) []byte {
	if u.Name == "" && u.AvatarURL == "" {
		p := v.directory.people[u.UserID]
		u.Name, u.AvatarURL = p.Name, p.AvatarURL
	}
	dst = append(dst, '{')
	if !v.withholdsIDs() {
		dst = append(text(dst, "user_id", v.directory.as(u.UserID, v.idType)), ',')
	}
	dst = text(dst, "avatar_url", u.AvatarURL)
	dst = text(append(dst, ','), "name", u.Name)
	return append(dst, '}')
}

func (v view) withholdsIDs() bool {
	return v.switches.WithholdAllIDs || v.switches.WithholdUserID && v.idType == "user_id"
}

func (v view) department(dst []byte, d Department) []byte {
	if d.Name == "" {
		d.Name = v.directory.departments[d.DepartmentID]
	}
	dst = text(append(dst, '{'), "department_id", d.DepartmentID)
	return append(text(append(dst, ','), "name", d.Name), '}')
}

func (v view) chat(dst []byte, c Chat) []byte {
	if c.Name == "" {
		c.Name = v.directory.chats[c.ChatID]
	}
	dst = text(append(dst, '{'), "chat_id", c.ChatID)
	return append(text(append(dst, ','), "name", c.Name), '}')
}

// list appends a list as a further member; how an empty one looks is a switch.
func list[T any](dst []byte, v view, name string, items []T, item func(view, []byte, T) []byte) []byte {
	if len(items) == 0 && v.switches.UnsetListsAbsent {
		return dst
	}
	dst = append(append(append(dst, `,"`...), name...), `":`...)
	if len(items) == 0 && !v.switches.UnsetListsEmpty {
		return append(dst, "null"...)
	}
	if v.switches.ListOrderReversed {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	dst = append(dst, '[')
	for i, it := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(v, dst, it)
	}
	return append(dst, ']')
}

func text(dst []byte, name, value string) []byte {
	return appendQuote(append(append(append(dst, '"'), name...), `":`...), value)
}

func number(dst []byte, name string, value int) []byte {
	return strconv.AppendInt(append(append(append(dst, '"'), name...), `":`...), int64(value), 10)
}
