package diff

import "notiform/spec"

// field is one entry of the table of what a State consists of: a list, or one value.
type field struct {
	name  string
	value func(*State) spec.JSON      // what is compared, the zero JSON where it is unset; nil for a list
	list  func(*State) *[]spec.Target // nil for what is none
	inner bool                        // the value is compared place by place
}

// fields is the table, in the order of the draft file, in which changes are told.
func fields() [11]field {
	return [...]field{
		{name: "job_name", value: func(s *State) spec.JSON { return textValue(s.JobName) }},
		{name: "push_type", value: func(s *State) spec.JSON { return enumValue(s.PushType) }},
		{name: "push_scope_type", value: func(s *State) spec.JSON { return enumValue(s.PushScopeType) }},
		{name: "new_staff_scope_type", value: func(s *State) spec.JSON { return enumValue(s.NewStaffScopeType) }},
		{name: "new_staff_scope_department_list", list: func(s *State) *[]spec.Target { return &s.NewStaffScopeDepartmentList }},
		{name: "user_list", list: func(s *State) *[]spec.Target { return &s.UserList }},
		{name: "department_list", list: func(s *State) *[]spec.Target { return &s.DepartmentList }},
		{name: "chat_list", list: func(s *State) *[]spec.Target { return &s.ChatList }},
		{name: "send_at", value: func(s *State) spec.JSON { return textValue(s.SendAt) }},
		{name: "push_content", value: func(s *State) spec.JSON { return s.PushContent }, inner: true},
		{name: "ext", value: func(s *State) spec.JSON { return parsedText(s.Ext) }, inner: true},
	}
}

func isList(name string) bool {
	_, ok := State{}.Size(name)
	return ok
}

func textValue(s string) spec.JSON {
	if s == "" {
		return spec.JSON{}
	}
	return spec.TextJSON(s)
}

// enumValue is the name of an enum's value in the draft file, or its number where it has none.
func enumValue[E interface {
	~int
	String() string
}](v E) spec.JSON {
	if v == 0 {
		return spec.JSON{}
	}
	return spec.TextJSON(v.String())
}
