package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

// The statuses of a notification. Only that a draft is 0 is known of Feishu; the other numbers are
// this sandbox's own invention.
const (
	statusDraft     = 0
	statusPending   = 1 // waits for the owner's approval
	statusApproved  = 2
	statusRejected  = 3
	statusScheduled = 4
	statusSending   = 5
	statusSent      = 6
	statusCancelled = 7
)

// Notification is what the server stores, in the shape of GET. A nil or empty list is an unset one.
// Times are milliseconds since 1970 in decimal, or "".
type Notification struct {
	ID                          string       `json:"id"`
	JobName                     string       `json:"job_name"`
	Status                      int          `json:"status"`
	HelpdeskID                  string       `json:"helpdesk_id"`
	CreateUser                  User         `json:"create_user"`
	CreatedAt                   string       `json:"created_at"`
	UpdateUser                  User         `json:"update_user"`
	UpdatedAt                   string       `json:"updated_at"`
	TargetUserCount             int          `json:"target_user_count"`
	SentUserCount               int          `json:"sent_user_count"`
	ReadUserCount               int          `json:"read_user_count"`
	SendAt                      string       `json:"send_at"`
	PushContent                 string       `json:"push_content"` // the card's JSON as text, white space and all
	PushType                    int          `json:"push_type"`
	PushScopeType               int          `json:"push_scope_type"`
	NewStaffScopeType           *int         `json:"new_staff_scope_type"`
	NewStaffScopeDepartmentList []Department `json:"new_staff_scope_department_list"`
	UserList                    []User       `json:"user_list"`
	DepartmentList              []Department `json:"department_list"`
	ChatList                    []Chat       `json:"chat_list"`
	Ext                         string       `json:"ext"`
	InstanceCode                string       `json:"instance_code"`
	TenantID                    string       `json:"tenant_id"`
	// ApprovalAppLink is shown beside the notification, not in it.
	ApprovalAppLink string `json:"approval_app_link,omitempty"`
}

// User is a member as lists and create_user show one.
type User struct {
	UserID    string `json:"user_id,omitempty"` // "" where it is withheld
	AvatarURL string `json:"avatar_url"`
	Name      string `json:"name"`
}

// Department is a department as lists show one.
type Department struct {
	DepartmentID string `json:"department_id"`
	Name         string `json:"name"`
}

// Chat is a group chat as lists show one.
type Chat struct {
	ChatID string `json:"chat_id"`
	Name   string `json:"name"`
}

// clone copies n so that nothing is shared with the copy, whose empty lists are nil.
func (n Notification) clone() *Notification {
	if n.NewStaffScopeType != nil {
		scope := *n.NewStaffScopeType
		n.NewStaffScopeType = &scope
	}
	n.NewStaffScopeDepartmentList = append([]Department(nil), n.NewStaffScopeDepartmentList...)
	n.UserList = append([]User(nil), n.UserList...)
	n.DepartmentList = append([]Department(nil), n.DepartmentList...)
	n.ChatList = append([]Chat(nil), n.ChatList...)
	return &n
}

// eachTarget calls f with every entry of n's lists, whose members f may set.
func (n *Notification) eachTarget(f func(kind string, id, name, avatar *string)) {
	var none string
	for i := range n.UserList {
		u := &n.UserList[i]
		f(users, &u.UserID, &u.Name, &u.AvatarURL)
	}
	for _, list := range [][]Department{n.DepartmentList, n.NewStaffScopeDepartmentList} {
		for i := range list {
			f(departments, &list[i].DepartmentID, &list[i].Name, &none)
		}
	}
	for i := range n.ChatList {
		f(chats, &n.ChatList[i].ChatID, &n.ChatList[i].Name, &none)
	}
}

// dropDuplicates keeps the first entry of each id in a list, and says whether there was another.
func (n *Notification) dropDuplicates() bool {
	department := func(d Department) string { return d.DepartmentID }
	inUsers := dropAgain(&n.UserList, func(u User) string { return u.UserID })
	inDepartments := dropAgain(&n.DepartmentList, department)
	inNewStaff := dropAgain(&n.NewStaffScopeDepartmentList, department)
	inChats := dropAgain(&n.ChatList, func(c Chat) string { return c.ChatID })
	return inUsers || inDepartments || inNewStaff || inChats
}

func dropAgain[T any](list *[]T, id func(T) string) bool {
	seen, before := make(map[string]bool), len(*list)
	*list = slices.DeleteFunc(*list, func(item T) bool {
		again := seen[id(item)]
		seen[id(item)] = true
		return again
	})
	return len(*list) < before
}

// audienceSize stands in for the server's count of the users to be reached.
func (n *Notification) audienceSize() int {
	const tenantSize, departmentSize = 7814, 20 // invented
	switch [2]int{n.PushType, n.PushScopeType} {
	case [2]int{0, 0}:
		return tenantSize
	case [2]int{0, 2}:
		return len(n.UserList) + departmentSize*len(n.DepartmentList)
	}
	return 0
}

// What an id in a notification's lists is the id of.
const users, departments, chats = "user", "department", "chat"

type target struct{ kind, id string }

// person is a user under up to three ids; of departments and chats there are OpenID and Name.
type person struct {
	OpenID    string `json:"open_id"`
	UnionID   string `json:"union_id"`
	UserID    string `json:"user_id"`
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`

	// What the address book has besides.
	Email    string `json:"email"`
	Mobile   string `json:"mobile"`
	Standing string `json:"standing"` // resigned, frozen or not_activated; anything else is active
	Outside  bool   `json:"outside"`  // of what the app may see
}

// idTypeOf tells by its form what user_id_type an id is of.
func idTypeOf(id string) string {
	switch {
	case strings.HasPrefix(id, "ou_"):
		return "open_id"
	case strings.HasPrefix(id, "on_"):
		return "union_id"
	}
	return "user_id"
}

// complete gives a user the ids that nobody named: all of a user's end alike, ou_x, on_x and x.
func (p person) complete() person {
	stem := cmp.Or(strings.TrimPrefix(p.OpenID, "ou_"), strings.TrimPrefix(p.UnionID, "on_"), p.UserID)
	if stem == "" {
		return p
	}
	p.OpenID, p.UnionID, p.UserID = cmp.Or(p.OpenID, "ou_"+stem), cmp.Or(p.UnionID, "on_"+stem), cmp.Or(p.UserID, stem)
	return p
}

// directory knows names, avatars and all ids of a user.
type directory map[target]person

// find returns who has an id. A user whom nobody has introduced has no name.
func (d directory) find(kind, id string) person {
	p, known := d[target{kind, id}]
	switch idType := idTypeOf(id); {
	case known:
		return p
	case kind != users || id == "":
		return person{OpenID: id}
	case idType == "open_id":
		return person{OpenID: id}.complete()
	case idType == "union_id":
		return person{UnionID: id}.complete()
	}
	return person{UserID: id}.complete()
}

// add makes somebody known under all ids.
func (d directory) add(p person) {
	p = p.complete()
	for _, id := range []string{p.OpenID, p.UnionID, p.UserID} {
		if id != "" {
			d[target{users, id}] = p
		}
	}
}

// learn remembers a name that is told in passing.
func (d directory) learn(kind string, id, name, avatar *string) {
	if _, known := d[target{kind, *id}]; known || *name == "" || *id == "" {
		return
	}
	p := d.find(kind, *id)
	p.Name, p.AvatarURL = *name, *avatar
	if kind == users {
		d.add(p)
	} else {
		d[target{kind, *id}] = p
	}
}

// as returns an id as a user_id_type. Departments and chats have one id.
func (d directory) as(kind, id, idType string) string {
	p := d.find(kind, id)
	switch {
	case kind == users && idType == "union_id":
		return p.UnionID
	case kind == users && idType == "user_id":
		return p.UserID
	}
	return p.OpenID
}

// store brings all ids in a notification to the form in which they are stored, the open_id.
func (d directory) store(n *Notification) {
	for _, u := range []*User{&n.CreateUser, &n.UpdateUser} {
		u.UserID = d.as(users, u.UserID, "open_id")
	}
	n.eachTarget(func(kind string, id, _, _ *string) { *id = d.as(kind, *id, "open_id") })
}
