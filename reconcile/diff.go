package reconcile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"notiform/spec"
)

// Op says what becomes of one fact.
type Op string

// The three things that can become of a fact.
const (
	Add     Op = "add"
	Remove  Op = "remove"
	Replace Op = "replace"
)

// Change is one fact that differs between two states of a draft.
type Change struct {
	Field string `json:"field"`          // the API's name, "user_list"
	Path  string `json:"path,omitempty"` // within the field: an id of a list, "elements[2].text.content" of a card
	Op    Op     `json:"op"`
	// Before and After are the values, null where there is none: enums by their name in the
	// file, send_at as RFC 3339 in the file's own offset (UTC where the plan has none), list
	// members as {id, name}.
	Before spec.JSON `json:"before"`
	After  spec.JSON `json:"after"`
	// NameFrom is "file" when the name of a list member is only what the file says, because no
	// answer of the server named that id.
	NameFrom string `json:"name_from,omitempty"`
	// Origin says which side moved since the base revision; empty without one.
	Origin Origin `json:"origin,omitempty"`
}

// key names the fact that a change is about.
func (c Change) key() string { return c.Field + " " + string(c.Op) + " " + c.Path }

// Fields that are lists of targets, and the two that hold JSON.
const (
	fieldJobName           = "job_name"
	fieldPushType          = "push_type"
	fieldPushScopeType     = "push_scope_type"
	fieldNewStaffScopeType = "new_staff_scope_type"
	fieldNewStaffScopeList = "new_staff_scope_department_list"
	fieldUserList          = "user_list"
	fieldDepartmentList    = "department_list"
	fieldChatList          = "chat_list"
	fieldSendAt            = "send_at"
	fieldPushContent       = "push_content"
	fieldExt               = "ext"
)

// fieldOrder is the order in which changes are told: that of the draft file.
func fieldOrder() []string {
	return []string{
		fieldJobName, fieldPushType, fieldPushScopeType, fieldNewStaffScopeType, fieldNewStaffScopeList,
		fieldUserList, fieldDepartmentList, fieldChatList, fieldSendAt, fieldPushContent, fieldExt,
	}
}

// fact names one thing that can differ: a field, or one member of a list.
type fact struct{ Field, Path string }

// facts lays a state out flat, so that every edge case is gone before anything is compared: a
// list is one fact a member, whatever its order; what is unset is no fact at all.
func (s State) facts() map[fact]spec.JSON {
	f := make(map[fact]spec.JSON, 8+len(s.UserList)+len(s.DepartmentList)+len(s.ChatList)+len(s.NewStaffScopeDepartmentList))
	set := func(field string, v spec.JSON) {
		if !v.IsZero() {
			f[fact{Field: field}] = v
		}
	}
	set(fieldJobName, textFact(s.JobName))
	set(fieldPushType, textFact(text(s.PushType)))
	set(fieldPushScopeType, textFact(text(s.PushScopeType)))
	set(fieldNewStaffScopeType, textFact(text(s.NewStaffScopeType)))
	set(fieldSendAt, textFact(s.SendAt))
	set(fieldPushContent, s.PushContent)
	set(fieldExt, parsedText(s.Ext))
	for field, list := range s.lists() {
		for _, t := range list {
			f[fact{field, t.ID}] = spec.JSON{} // that the id is a member is all there is to compare
		}
	}
	return f
}

func (s State) lists() map[string][]spec.Target {
	return map[string][]spec.Target{
		fieldNewStaffScopeList: s.NewStaffScopeDepartmentList,
		fieldUserList:          s.UserList,
		fieldDepartmentList:    s.DepartmentList,
		fieldChatList:          s.ChatList,
	}
}

func textFact(s string) spec.JSON {
	if s == "" {
		return spec.JSON{}
	}
	return spec.TextJSON(s)
}

// text is the name of an enum value, "" for the unset one.
func text[E interface {
	~int
	String() string
}](v E) string {
	if v == 0 {
		return ""
	}
	return v.String()
}

// Diff returns what must change to turn before into after, in the order of the draft file:
// fields first to last, list members by id, cards from top to bottom. It is empty exactly when
// the two are equal; names, avatars, the order of lists, the order of keys, white space and
// escapes in a card never make a difference.
func Diff(before, after State) []Change {
	return changesBetween(before.inEffect(after.PushType), after.inEffect(after.PushType))
}

// changesBetween is Diff of two states that hold nothing but what counts.
func changesBetween(before, after State) []Change {
	if identical(before, after) {
		return nil
	}
	var found reporter
	if cmp.Equal(before.facts(), after.facts(), cmp.Reporter(&found)) {
		return nil
	}
	byField := map[string][]fact{}
	for _, f := range found.differ {
		byField[f.Field] = append(byField[f.Field], f)
	}
	var changes []Change
	for _, field := range fieldOrder() {
		if len(byField[field]) > 0 {
			changes = append(changes, fieldChanges(field, byField[field], before, after)...)
		}
	}
	return changes
}

// Equal reports whether nothing would have to change to turn a into b.
func Equal(a, b State) bool { return len(Diff(a, b)) == 0 }

// identical reports whether a and b say the same to the letter, as most drafts of most runs do:
// it spares them being laid out as facts. Whatever is equal in another form is for go-cmp to say.
func identical(a, b State) bool {
	return a.JobName == b.JobName && a.PushType == b.PushType && a.PushScopeType == b.PushScopeType &&
		a.NewStaffScopeType == b.NewStaffScopeType && a.SendAt == b.SendAt && a.PushContent == b.PushContent && a.Ext == b.Ext &&
		sameIDs(a.NewStaffScopeDepartmentList, b.NewStaffScopeDepartmentList) && sameIDs(a.UserList, b.UserList) &&
		sameIDs(a.DepartmentList, b.DepartmentList) && sameIDs(a.ChatList, b.ChatList)
}

func sameIDs(a, b []spec.Target) bool {
	return slices.EqualFunc(a, b, func(x, y spec.Target) bool { return x.ID == y.ID })
}

// reporter collects the facts that differ. go-cmp's own text is unstable by design and is
// never used.
type reporter struct {
	path   cmp.Path
	differ []fact
}

func (r *reporter) PushStep(s cmp.PathStep) { r.path = append(r.path, s) }
func (r *reporter) PopStep()                { r.path = r.path[:len(r.path)-1] }
func (r *reporter) Report(res cmp.Result) {
	if res.Equal() {
		return
	}
	for _, step := range r.path {
		if index, ok := step.(cmp.MapIndex); ok {
			r.differ = append(r.differ, index.Key().Interface().(fact))
			return
		}
	}
}

func fieldChanges(field string, differ []fact, before, after State) []Change {
	switch field {
	case fieldPushContent:
		return cardChanges(field, before.PushContent, after.PushContent)
	case fieldExt:
		return cardChanges(field, parsedText(before.Ext), parsedText(after.Ext))
	case fieldNewStaffScopeList, fieldUserList, fieldDepartmentList, fieldChatList:
		return memberChanges(field, differ, before.lists()[field], after.lists()[field])
	default:
		f := fact{Field: field}
		return []Change{newChange(field, "", before.facts()[f], after.facts()[f])}
	}
}

func newChange(field, path string, before, after spec.JSON) Change {
	c := Change{Field: field, Path: path, Op: Replace, Before: before, After: after}
	switch {
	case before.IsZero():
		c.Op = Add
	case after.IsZero():
		c.Op = Remove
	}
	return c
}

// memberChanges tells removals and additions of one list together, by id.
func memberChanges(field string, differ []fact, before, after []spec.Target) []Change {
	slices.SortFunc(differ, func(a, b fact) int { return strings.Compare(a.Path, b.Path) })
	changes := make([]Change, 0, len(differ))
	for _, f := range differ {
		changes = append(changes, newChange(field, f.Path, member(before, f.Path), member(after, f.Path)))
	}
	return changes
}

// member is the list member with this id as a JSON object, or the zero JSON when it is none.
func member(list []spec.Target, id string) spec.JSON {
	i := slices.IndexFunc(list, func(t spec.Target) bool { return t.ID == id })
	if i < 0 {
		return spec.JSON{}
	}
	return targetJSON(list[i])
}

func targetJSON(t spec.Target) spec.JSON {
	src := `{"id":` + spec.TextJSON(t.ID).String()
	if t.Name != "" {
		src += `,"name":` + spec.TextJSON(t.Name).String()
	}
	v, err := spec.ParseJSON([]byte(src + "}"))
	if err != nil {
		panic("a target is not JSON: " + strconv.Quote(t.ID)) // TextJSON made both strings
	}
	return v
}
