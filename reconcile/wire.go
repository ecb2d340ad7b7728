package reconcile

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// fromWire brings what GET returned to the State that files are compared with. It fails when
// members of a list came without their id: then a scope is missing and a comparison would
// plan to add everybody again (the field permissions on the API page "查询推送", get notification).
func fromWire(n feishu.Notification) (diff.State, error) {
	s := diff.State{
		JobName:       n.JobName,
		PushType:      spec.PushTypeOf(n.PushType),
		PushScopeType: spec.PushScopeTypeOf(n.PushScopeType),
		SendAt:        n.SendAt,
		PushContent:   diff.Card(n.PushContent),
		Ext:           n.Ext,

		NewStaffScopeDepartmentList: mapped(n.NewStaffScopeDepartmentList, departmentTarget),
		UserList:                    mapped(n.UserList, func(u feishu.NotificationUser) spec.Target { return spec.Target{ID: u.UserID, Name: u.Name.Value} }),
		DepartmentList:              mapped(n.DepartmentList, departmentTarget),
		ChatList:                    mapped(n.ChatList, func(c feishu.NotificationChat) spec.Target { return spec.Target{ID: c.ChatID, Name: c.Name.Value} }),
	}
	if n.NewStaffScopeType != nil {
		s.NewStaffScopeType = spec.NewStaffScopeTypeOf(*n.NewStaffScopeType)
	}
	for _, l := range []struct {
		field, id string
		list      *[]spec.Target
	}{
		{"new_staff_scope_department_list", "department_id", &s.NewStaffScopeDepartmentList},
		{"user_list", "user_id", &s.UserList},
		{"department_list", "department_id", &s.DepartmentList},
		{"chat_list", "chat_id", &s.ChatList},
	} {
		if i := slices.IndexFunc(*l.list, func(t spec.Target) bool { return t.ID == "" }); i >= 0 {
			return diff.State{}, &hintedError{fmt.Errorf(withheldID, l.id, l.field, i), hintWithheldID}
		}
		*l.list = diff.Members(*l.list)
	}
	return s, nil
}

func departmentTarget(d feishu.NotificationDepartment) spec.Target {
	return spec.Target{ID: d.DepartmentID, Name: d.Name.Value}
}

// desired is the State that d asks for. What the file leaves to the server (send_at and ext,
// when omitted) is copied from live, so that the comparison needs no notion of ownership.
func desired(d spec.Draft, live diff.State) diff.State {
	s := said(d, live)
	return s.InEffect(s.PushType)
}

// said is the State that d asks for, with what is not in effect.
func said(d spec.Draft, live diff.State) diff.State {
	s := diff.State{
		JobName:                     d.JobName,
		PushType:                    d.PushType,
		PushScopeType:               d.PushScopeType,
		NewStaffScopeType:           d.NewStaffScopeType,
		NewStaffScopeDepartmentList: diff.Members(d.NewStaffScopeDepartmentList),
		UserList:                    diff.Members(d.UserList),
		DepartmentList:              diff.Members(d.DepartmentList),
		ChatList:                    diff.Members(d.ChatList),
		SendAt:                      live.SendAt,
		PushContent:                 d.PushContent,
		Ext:                         live.Ext,
	}
	if d.SendAt.Given {
		s.SendAt = milliseconds(d.SendAt.Value)
	}
	if d.Ext.Given {
		s.Ext = d.Ext.Value
	}
	return s
}

// toWire is the PATCH body that makes a notification say s: the whole writable state, with
// explicit empty lists, because what PATCH does with an absent field is undocumented. send_at and
// ext are left out only when they are empty on both sides, where leaving out and clearing are the
// same. The new_staff_* fields are left out with push_type scheduled, where they are not in effect.
func toWire(s, live diff.State) (feishu.NotificationPatch, error) {
	if err := writable(s); err != nil {
		return feishu.NotificationPatch{}, err
	}
	p := feishu.NotificationPatch{
		JobName:        s.JobName,
		PushContent:    s.PushContent.String(),
		PushType:       s.PushType.Number(),
		PushScopeType:  s.PushScopeType.Number(),
		UserList:       mapped(s.UserList, func(t spec.Target) feishu.UserID { return feishu.UserID{UserID: t.ID} }),
		DepartmentList: mapped(s.DepartmentList, departmentID),
		ChatList:       mapped(s.ChatList, func(t spec.Target) feishu.ChatID { return feishu.ChatID{ChatID: t.ID} }),
	}
	if s.SendAt != "" || live.SendAt != "" {
		p.SendAt = &s.SendAt
	}
	if s.Ext != "" || live.Ext != "" {
		p.Ext = &s.Ext
	}
	if s.PushType != spec.Scheduled {
		if s.NewStaffScopeType != 0 {
			n := s.NewStaffScopeType.Number()
			p.NewStaffScopeType = &n
		}
		list := mapped(s.NewStaffScopeDepartmentList, departmentID)
		p.NewStaffScopeDepartmentList = &list
	}
	return p, nil
}

// writable refuses a state that no draft without faults asks for. Every draft is judged before it
// is planned; this is the wall behind that, so that nothing unjudged ever reaches a request.
func writable(s diff.State) error {
	switch {
	case s.JobName == "":
		return fmt.Errorf(notWritable, "job_name")
	case s.PushType != spec.Scheduled && s.PushType != spec.NewStaff:
		return fmt.Errorf(notWritable, "push_type")
	case s.PushScopeType < spec.AllMembers || s.PushScopeType > spec.NewStaffScope:
		return fmt.Errorf(notWritable, "push_scope_type")
	case s.NewStaffScopeType < 0 || s.NewStaffScopeType > spec.NewStaffDepartments:
		return fmt.Errorf(notWritable, "new_staff_scope_type")
	case !s.PushContent.IsObject():
		return fmt.Errorf(notWritable, "push_content")
	}
	return nil
}

func departmentID(t spec.Target) feishu.DepartmentID {
	return feishu.DepartmentID{DepartmentID: t.ID}
}

// mapped is never nil, so that it stands for an empty list on the wire, too.
func mapped[From, To any](list []From, to func(From) To) []To {
	out := make([]To, len(list))
	for i, from := range list {
		out[i] = to(from)
	}
	return out
}

// SandboxSeed is the notification that d describes, in the JSON shape of GET that the sandbox
// is seeded with: a draft of status 0 that says exactly what the file says. It fails when d has no
// notification_id, or breaks a rule behind which a value is missing.
func SandboxSeed(d spec.Draft) ([]byte, error) {
	if d.NotificationID == "" {
		return nil, fmt.Errorf(noIDToSeed, d.Pos)
	}
	body, err := toWire(desired(d, diff.State{}), diff.State{})
	if err != nil {
		return nil, fmt.Errorf(cannotBeSeeded, d.Pos, err)
	}
	return json.Marshal(struct {
		ID string `json:"id"`
		feishu.NotificationPatch
	}{d.NotificationID, body})
}
