package sandbox

// breach returns which of the scope rules of the API fact sheet, section 3, a
// notification breaks, or "".
func (w *switches) breach(n *Notification) string {
	audience := len(n.UserList)+len(n.DepartmentList) > 0
	switch n.PushType {
	case 0:
		if n.PushScopeType == 3 {
			return "push_type 0 with push_scope_type 3"
		}
	case 1:
		if why := newStaffBreach(n); why != "" {
			return why
		}
	default:
		return "push_type is neither 0 nor 1"
	}
	switch n.PushScopeType {
	case 0:
		if audience {
			return "push_scope_type 0 with user_list or department_list"
		}
	case 1:
		if audience {
			return "push_scope_type 1 with user_list or department_list"
		}
		if len(n.ChatList) == 0 {
			return "push_scope_type 1 without chat_list"
		}
	case 2:
		if !audience {
			return "push_scope_type 2 without user_list and department_list"
		}
	case 3:
		if audience && w.NewStaffAudienceRefused {
			return "push_scope_type 3 with user_list or department_list"
		}
	default:
		return "push_scope_type is none of 0 to 3"
	}
	return ""
}

// newStaffBreach is breach for what push_type 1 asks besides.
func newStaffBreach(n *Notification) string {
	switch {
	case n.PushScopeType != 1 && n.PushScopeType != 3:
		return "push_type 1 with a push_scope_type other than 1 and 3"
	case n.NewStaffScopeType == nil:
		return "push_type 1 without new_staff_scope_type"
	case *n.NewStaffScopeType == 0:
		return ""
	case *n.NewStaffScopeType != 1:
		return "new_staff_scope_type is neither 0 nor 1"
	case len(n.NewStaffScopeDepartmentList) == 0:
		return "new_staff_scope_type 1 without new_staff_scope_department_list"
	}
	return ""
}
