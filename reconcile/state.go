package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"notiform/spec"
)

// State is everything of a notification that a file can own: the one type that both sides,
// the file and the server, are brought to before they are compared.
//
// Lists are sorted by id and hold each id once, because they are sets. SendAt is the API's
// own form, UTC milliseconds as decimal text, "" when unset. PushContent is the card; a live
// push_content that is no JSON object is kept as the JSON string of its text, which equals no
// card. Ext is raw text, compared as parsed JSON where both sides parse.
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

// targets brings a list to its set form: sorted by id, each id once. The first name given
// for an id stays.
func targets(list []spec.Target) []spec.Target {
	set := slices.Clone(list)
	slices.SortStableFunc(set, func(a, b spec.Target) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(set, func(a, b spec.Target) bool { return a.ID == b.ID })
}

// inEffect leaves out what Feishu ignores: with push_type scheduled the new_staff_* fields
// have no effect (fact sheet, section 3 (i)), so they are neither compared nor sent. pushType
// is that of the desired side, for both sides.
func (s State) inEffect(pushType spec.PushType) State {
	if pushType == spec.Scheduled {
		s.NewStaffScopeType = 0
		s.NewStaffScopeDepartmentList = nil
	}
	return s
}

// named returns the names that s gives to ids, for the lists of every kind.
func (s State) named(names map[string]string) {
	for _, list := range [][]spec.Target{s.NewStaffScopeDepartmentList, s.UserList, s.DepartmentList, s.ChatList} {
		for _, t := range list {
			if t.Name != "" && names[t.ID] == "" {
				names[t.ID] = t.Name
			}
		}
	}
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

// parsedCard is a live push_content as a card, or the JSON string of its text when it is none.
func parsedCard(text string) spec.JSON {
	v, err := spec.ParseJSON([]byte(text))
	if err != nil || !v.IsObject() {
		return spec.TextJSON(text)
	}
	return v
}

// textOf is the text of a JSON string.
func textOf(v spec.JSON) (string, bool) {
	if v.IsZero() {
		return "", false
	}
	s, ok := v.Value().(string)
	return s, ok
}
