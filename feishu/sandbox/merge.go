package sandbox

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// merger puts a body over a notification.
type merger struct {
	switches  *switches
	directory *directory
	idType    string // of the user ids in the body
}

// resolve decides between a field's old value and what the body says of it.
func resolve[T any](w *switches, old T, o optional[T]) T {
	var unset T
	switch {
	case o.given && !o.null:
		return o.value
	case o.null && w.PatchNullClear, w.PatchModeReplace:
		return unset
	}
	return old
}

// resolveList is resolve for a list, which is nil when it is empty.
func resolveList[T interface{ id() string }](w *switches, old []T, o optional[[]T]) []T {
	if o.given && !o.null && len(o.value) == 0 && w.PatchEmptyListIgnore {
		o.given = false
	}
	items := resolve(w, old, o)
	if w.DuplicatesDropped {
		items = distinct(items)
	}
	if len(items) == 0 {
		return nil
	}
	return items
}

// distinct drops entries whose id came before.
func distinct[T interface{ id() string }](items []T) []T {
	seen := make(map[string]bool, len(items))
	var first []T
	for _, it := range items {
		if !seen[it.id()] {
			first = append(first, it)
		}
		seen[it.id()] = true
	}
	return first
}

func (u User) id() string       { return u.UserID }
func (d Department) id() string { return d.DepartmentID }
func (c Chat) id() string       { return c.ChatID }

// merge puts a body that reduce has seen over n.
func (m merger) merge(n *Notification, b *notificationBody) {
	n.JobName = resolve(m.switches, n.JobName, b.JobName)
	n.SendAt = resolve(m.switches, n.SendAt, b.SendAt)
	n.PushContent = resolve(m.switches, n.PushContent, b.PushContent)
	n.PushType = resolve(m.switches, n.PushType, b.PushType)
	n.PushScopeType = resolve(m.switches, n.PushScopeType, b.PushScopeType)
	n.NewStaffScopeType = resolve(m.switches, n.NewStaffScopeType, b.NewStaffScopeType)
	n.Ext = resolve(m.switches, n.Ext, b.Ext)
	n.NewStaffScopeDepartmentList = resolveList(m.switches, n.NewStaffScopeDepartmentList, b.NewStaffScopeDepartmentList)
	n.DepartmentList = resolveList(m.switches, n.DepartmentList, b.DepartmentList)
	n.UserList = resolveList(m.switches, n.UserList, b.UserList)
	n.ChatList = resolveList(m.switches, n.ChatList, b.ChatList)
	if m.switches.PushContentCompact {
		n.PushContent = compact(n.PushContent)
	}
	if n.PushType == 0 && m.switches.NewStaffUnusedDropped {
		n.NewStaffScopeType, n.NewStaffScopeDepartmentList = nil, nil
	}
	n.TargetUserCount = audienceSize(n)
}

// compact takes the white space out of a card, or leaves alone what is no JSON.
func compact(card string) string {
	v := jsontext.Value(card)
	if v.Compact(jsontext.AllowDuplicateNames(true)) != nil {
		return card
	}
	return string(v)
}

// Invented sizes that make target_user_count look worked out.
const (
	tenantSize     = 7814
	departmentSize = 20
)

// audienceSize stands in for the server's count of the users to be reached.
func audienceSize(n *Notification) int {
	switch {
	case n.PushType == 0 && n.PushScopeType == 0:
		return tenantSize
	case n.PushType == 0 && n.PushScopeType == 2:
		return len(n.UserList) + departmentSize*len(n.DepartmentList)
	}
	return 0
}

// reduce brings a body's lists to what counts of them: users under the id they
// are stored by, and no names, which GET looks up.
func (m merger) reduce(b *notificationBody) {
	for i := range b.UserList.value {
		b.UserList.value[i].UserID = m.directory.canonical(b.UserList.value[i].UserID)
	}
	if m.switches.ListNamesAsSent {
		return
	}
	for i := range b.UserList.value {
		b.UserList.value[i].Name, b.UserList.value[i].AvatarURL = "", ""
	}
	for _, list := range [][]Department{b.DepartmentList.value, b.NewStaffScopeDepartmentList.value} {
		for i := range list {
			list[i].Name = ""
		}
	}
	for i := range b.ChatList.value {
		b.ChatList.value[i].Name = ""
	}
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_@.-]{1,128}$`)

// checkLists looks at the ids in a body's lists and returns what is wrong.
func (m merger) checkLists(b *notificationBody) string {
	departments := func(id string) bool { return m.known(id, m.directory.departments) }
	chats := func(id string) bool { return strings.HasPrefix(id, "oc_") && m.known(id, m.directory.chats) }
	for _, why := range []string{
		checkIDs(m.switches, "user_list", b.UserList.value, m.isUser),
		checkIDs(m.switches, "department_list", b.DepartmentList.value, departments),
		checkIDs(m.switches, "new_staff_scope_department_list", b.NewStaffScopeDepartmentList.value, departments),
		checkIDs(m.switches, "chat_list", b.ChatList.value, chats),
	} {
		if why != "" {
			return why
		}
	}
	return ""
}

func checkIDs[T interface{ id() string }](w *switches, list string, items []T, good func(id string) bool) string {
	seen := make(map[string]bool, len(items))
	for _, it := range items {
		id := it.id()
		switch {
		case id == "":
			return list + " has an entry without an id"
		case seen[id] && w.DuplicatesRefused:
			return list + " has an id twice"
		case !w.TargetIDsAny && !(plainID.MatchString(id) && good(id)):
			return list + " has an id that is wrong or unknown"
		}
		seen[id] = true
	}
	return ""
}

// isUser says whether an id can be a user's of the request's user_id_type.
func (m merger) isUser(id string) bool {
	switch {
	case m.idType == "open_id" && !strings.HasPrefix(id, "ou_"):
		return false
	case m.idType == "union_id" && !strings.HasPrefix(id, "on_"):
		return false
	}
	_, known := m.directory.people[id]
	return known || !m.switches.TargetIDsDirectory
}

// known says whether a directory's table has an id, if that is asked for.
func (m merger) known(id string, names map[string]string) bool {
	_, found := names[id]
	return found || !m.switches.TargetIDsDirectory
}
