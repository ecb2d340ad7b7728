package sandbox

import (
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// merger puts a body over a notification.
type merger struct {
	switches  *Switches
	directory *directory
	idType    string // of the user ids in the body
}

// resolve decides between a field's old value and what the body says of it.
func resolve[T any](w *Switches, old T, o optional[T]) T {
	var unset T
	switch {
	case o.given && !o.null:
		return o.value
	case o.null && w.PatchNull == "clear", w.PatchMode == "replace":
		return unset
	}
	return old
}

func resolveList[T any](w *Switches, old []T, o optional[[]T]) []T {
	if o.given && !o.null && len(o.value) == 0 && w.PatchEmptyList == "ignore" {
		o.given = false
	}
	return resolve(w, old, o)
}

func (m merger) merge(n *Notification, b *notificationBody) {
	n.JobName = resolve(m.switches, n.JobName, b.JobName)
	n.SendAt = resolve(m.switches, n.SendAt, b.SendAt)
	n.PushContent = resolve(m.switches, n.PushContent, b.PushContent)
	n.PushType = resolve(m.switches, n.PushType, b.PushType)
	n.PushScopeType = resolve(m.switches, n.PushScopeType, b.PushScopeType)
	n.NewStaffScopeType = resolve(m.switches, n.NewStaffScopeType, b.NewStaffScopeType)
	n.Ext = resolve(m.switches, n.Ext, b.Ext)
	n.NewStaffScopeDepartmentList = m.namedDepartments(n.NewStaffScopeDepartmentList, b.NewStaffScopeDepartmentList)
	n.DepartmentList = m.namedDepartments(n.DepartmentList, b.DepartmentList)
	n.UserList = m.namedUsers(n.UserList, b.UserList)
	n.ChatList = m.namedChats(n.ChatList, b.ChatList)
	if m.switches.PushContent == "compact" {
		n.PushContent = compact(n.PushContent)
	}
	if n.PushType == 0 && m.switches.NewStaffUnused == "dropped" {
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

func (m merger) namedUsers(old []User, o optional[[]User]) []User {
	items := slices.Clone(resolveList(m.switches, old, o))
	for i := range items {
		u := &items[i]
		u.UserID = m.directory.canonical(u.UserID)
		if !o.given || m.switches.ListNames == "as_sent" {
			continue
		}
		if at := slices.IndexFunc(old, func(known User) bool { return known.UserID == u.UserID }); at >= 0 {
			*u = old[at]
			continue
		}
		p := m.directory.people[u.UserID]
		u.Name, u.AvatarURL = p.Name, p.AvatarURL
	}
	return distinct(m.switches, items, func(u User) string { return u.UserID })
}

func (m merger) namedDepartments(old []Department, o optional[[]Department]) []Department {
	items := slices.Clone(resolveList(m.switches, old, o))
	for i := range items {
		d := &items[i]
		if !o.given || m.switches.ListNames == "as_sent" {
			continue
		}
		d.Name = m.directory.departments[d.DepartmentID]
		if at := slices.IndexFunc(old, func(known Department) bool { return known.DepartmentID == d.DepartmentID }); at >= 0 {
			*d = old[at]
		}
	}
	return distinct(m.switches, items, func(d Department) string { return d.DepartmentID })
}

func (m merger) namedChats(old []Chat, o optional[[]Chat]) []Chat {
	items := slices.Clone(resolveList(m.switches, old, o))
	for i := range items {
		c := &items[i]
		if !o.given || m.switches.ListNames == "as_sent" {
			continue
		}
		c.Name = m.directory.chats[c.ChatID]
		if at := slices.IndexFunc(old, func(known Chat) bool { return known.ChatID == c.ChatID }); at >= 0 {
			*c = old[at]
		}
	}
	return distinct(m.switches, items, func(c Chat) string { return c.ChatID })
}

// distinct drops repeated ids if the server is switched to.
func distinct[T any](w *Switches, items []T, id func(T) string) []T {
	if w.Duplicates != "dropped" {
		return items
	}
	seen := make(map[string]bool, len(items))
	return slices.DeleteFunc(items, func(it T) bool {
		again := seen[id(it)]
		seen[id(it)] = true
		return again
	})
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_@.-]{1,128}$`)

// checkLists looks at the ids in a body's lists and returns what is wrong.
func (m merger) checkLists(b *notificationBody) string {
	users := func(id string) bool { return m.isUser(id) }
	departments := func(id string) bool { return m.known(id, m.directory.departments) }
	chats := func(id string) bool { return strings.HasPrefix(id, "oc_") && m.known(id, m.directory.chats) }
	for _, why := range []string{
		checkIDs(m.switches, "user_list", ids(b.UserList.value, func(u User) string { return u.UserID }), users),
		checkIDs(m.switches, "department_list", ids(b.DepartmentList.value, func(d Department) string { return d.DepartmentID }), departments),
		checkIDs(m.switches, "new_staff_scope_department_list", ids(b.NewStaffScopeDepartmentList.value, func(d Department) string { return d.DepartmentID }), departments),
		checkIDs(m.switches, "chat_list", ids(b.ChatList.value, func(c Chat) string { return c.ChatID }), chats),
	} {
		if why != "" {
			return why
		}
	}
	return ""
}

func ids[T any](items []T, id func(T) string) []string {
	var all []string
	for _, it := range items {
		all = append(all, id(it))
	}
	return all
}

func checkIDs(w *Switches, list string, ids []string, good func(string) bool) string {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		switch {
		case id == "":
			return list + " has an entry without an id"
		case seen[id] && w.Duplicates == "refused":
			return list + " has an id twice"
		case w.TargetIDs != "any" && !(plainID.MatchString(id) && good(id)):
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
	return known || m.switches.TargetIDs != "directory"
}

// known says whether a directory's table has an id, if that is asked for.
func (m merger) known(id string, names map[string]string) bool {
	_, found := names[id]
	return found || m.switches.TargetIDs != "directory"
}
