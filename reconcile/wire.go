package reconcile

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// incomparableError says that an answer of the server cannot be compared with a file.
type incomparableError struct{ what, hint string }

func (e *incomparableError) Error() string { return e.what }
func (e *incomparableError) Hint() string  { return e.hint }

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
	}
	if n.NewStaffScopeType != nil {
		s.NewStaffScopeType = spec.NewStaffScopeTypeOf(*n.NewStaffScopeType)
	}
	var lists wireLists
	s.NewStaffScopeDepartmentList = collect(&lists, "new_staff_scope_department_list", "department_id", n.NewStaffScopeDepartmentList, departmentTarget)
	s.UserList = collect(&lists, "user_list", "user_id", n.UserList, userTarget)
	s.DepartmentList = collect(&lists, "department_list", "department_id", n.DepartmentList, departmentTarget)
	s.ChatList = collect(&lists, "chat_list", "chat_id", n.ChatList, chatTarget)
	return s, lists.err
}

func userTarget(u feishu.NotificationUser) spec.Target {
	return spec.Target{ID: u.UserID, Name: u.Name.Value}
}

func departmentTarget(d feishu.NotificationDepartment) spec.Target {
	return spec.Target{ID: d.DepartmentID, Name: d.Name.Value}
}

func chatTarget(c feishu.NotificationChat) spec.Target {
	return spec.Target{ID: c.ChatID, Name: c.Name.Value}
}

// wireLists remembers the first list whose members came without an id.
type wireLists struct{ err error }

func collect[T any](l *wireLists, field, id string, list []T, target func(T) spec.Target) []spec.Target {
	out := make([]spec.Target, len(list))
	for i, item := range list {
		out[i] = target(item)
		if out[i].ID == "" && l.err == nil {
			l.err = &incomparableError{
				what: fmt.Sprintf("the server left %s out of %s[%d], so the list cannot be compared", id, field, i),
				hint: "grant the app the scope contact:user.employee_id:readonly (for user_id_type user_id) and the contact scopes of the list, or use another user_id_type in the file",
			}
		}
	}
	return diff.Members(out)
}

// desired is the State that d asks for. What the file leaves to the server (send_at and ext,
// when omitted) is copied from live, so that the comparison needs no notion of ownership.
func desired(d spec.Draft, live diff.State) diff.State {
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
	return s.InEffect(s.PushType)
}

// milliseconds is a time in the API's form: UTC milliseconds as decimal text, as the sample on the
// API page "更新推送" (update notification) has it, "" for none.
func milliseconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// toWire is the PATCH body that makes a notification say s: the whole writable state, with
// explicit empty lists, because what PATCH does with an absent field is undocumented. send_at and ext are left out only when they are empty on both sides,
// where leaving out and clearing are the same. The new_staff_* fields are left out with
// push_type scheduled, where they are not in effect.
func toWire(s, live diff.State) feishu.NotificationPatch {
	p := feishu.NotificationPatch{
		JobName:        s.JobName,
		PushContent:    s.PushContent.String(),
		PushType:       s.PushType.Number(),
		PushScopeType:  s.PushScopeType.Number(),
		UserList:       ids(s.UserList, func(id string) feishu.UserID { return feishu.UserID{UserID: id} }),
		DepartmentList: ids(s.DepartmentList, departmentID),
		ChatList:       ids(s.ChatList, func(id string) feishu.ChatID { return feishu.ChatID{ChatID: id} }),
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
		list := ids(s.NewStaffScopeDepartmentList, departmentID)
		p.NewStaffScopeDepartmentList = &list
	}
	return p
}

func departmentID(id string) feishu.DepartmentID { return feishu.DepartmentID{DepartmentID: id} }

func ids[T any](list []spec.Target, id func(string) T) []T {
	out := make([]T, len(list))
	for i, t := range list {
		out[i] = id(t.ID)
	}
	return out
}

// timeOf reads the API's milliseconds as text.
func timeOf(ms string) (time.Time, bool) {
	n, err := strconv.ParseInt(ms, 10, 64)
	return time.UnixMilli(n), err == nil && len(ms) == 13
}

// SandboxSeed is the notification that d describes, in the JSON shape of GET that the sandbox
// is seeded with: a draft of status 0 that says exactly what the file says. It fails only when
// d has no notification_id.
func SandboxSeed(d spec.Draft) ([]byte, error) {
	if d.NotificationID == "" {
		return nil, fmt.Errorf("%s: a draft without notification_id cannot be seeded", d.Pos)
	}
	return json.Marshal(struct {
		ID string `json:"id"`
		feishu.NotificationPatch
	}{d.NotificationID, toWire(desired(d, diff.State{}), diff.State{})})
}
