package diff

import (
	"cmp"
	"slices"
	"strings"

	"notiform/spec"
)

// State is everything of a notification that a file can own: the one type that both sides,
// the file and the server, are brought to before they are compared.
//
// Lists are sorted by id and hold each id once, because they are sets; see [Members]. SendAt is
// the API's own form, UTC milliseconds as decimal text, "" when unset. PushContent is the card;
// see [Card]. Ext is raw text, compared as parsed JSON where both sides parse.
type State struct {
	JobName                     string                 `json:"job_name"`
	PushType                    spec.PushType          `json:"push_type"`
	PushScopeType               spec.PushScopeType     `json:"push_scope_type"`
	NewStaffScopeType           spec.NewStaffScopeType `json:"new_staff_scope_type,omitzero"`
	NewStaffScopeDepartmentList []spec.Target          `json:"new_staff_scope_department_list"`
	UserList                    []spec.Target          `json:"user_list"`
	DepartmentList              []spec.Target          `json:"department_list"`
	ChatList                    []spec.Target          `json:"chat_list"`
	SendAt                      string                 `json:"send_at"`
	PushContent                 spec.JSON              `json:"push_content"`
	Ext                         string                 `json:"ext"`
}

// Members brings a list to its set form: sorted by id, each id once. The first name given for
// an id stays. The list itself is not changed.
func Members(list []spec.Target) []spec.Target {
	set := slices.Clone(list)
	slices.SortStableFunc(set, func(a, b spec.Target) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(set, func(a, b spec.Target) bool { return a.ID == b.ID })
}

// Card is a live push_content as a card, or the JSON string of its text when it is no JSON
// object: that equals no card, so that a draft can mend it.
func Card(text string) spec.JSON {
	v, err := spec.ParseJSON([]byte(text))
	if err != nil || !v.IsObject() {
		return spec.TextJSON(text)
	}
	return v
}

// InEffect leaves out what Feishu ignores: with push_type scheduled the new_staff_* fields have
// no effect (the API page "更新推送", update notification), so they are neither compared nor sent.
// pushType is that of the desired side, for both sides.
func (s State) InEffect(pushType spec.PushType) State {
	if pushType == spec.Scheduled {
		s.NewStaffScopeType, s.NewStaffScopeDepartmentList = 0, nil
	}
	return s
}

// Size returns how many members the list of a field has; ok is false for a field that is no list.
func (s State) Size(fieldName string) (n int, ok bool) {
	for _, f := range fields() {
		if f.name == fieldName && f.list != nil {
			return len(*f.list(&s)), true
		}
	}
	return 0, false
}

// parsedText is ext as a JSON value where it is one, and otherwise the JSON string of the
// text itself. A text that parses to a JSON string counts as text, so that the two never meet.
func parsedText(text string) spec.JSON {
	if text == "" {
		return spec.JSON{}
	}
	v, err := spec.ParseJSON([]byte(text))
	if err != nil || strings.HasPrefix(v.String(), `"`) {
		return spec.TextJSON(text)
	}
	return v
}
