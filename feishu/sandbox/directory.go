package sandbox

import "maps"

// person is a user in the directory, under up to three ids.
type person struct {
	OpenID    string `json:"open_id"`
	UnionID   string `json:"union_id"`
	UserID    string `json:"user_id"`
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`
}

// as returns the person's id of a user_id_type, "" if it is not known.
func (p person) as(idType string) string {
	switch idType {
	case "union_id":
		return p.UnionID
	case "user_id":
		return p.UserID
	}
	return p.OpenID
}

// directory knows names, avatars and the other ids of a user. It is replaced
// rather than changed, so that answers are written without a lock.
type directory struct {
	people      map[string]person // by each of their ids
	departments map[string]string // names by id
	chats       map[string]string
}

func newDirectory() *directory {
	return &directory{
		people:      make(map[string]person),
		departments: make(map[string]string),
		chats:       make(map[string]string),
	}
}

func (d *directory) clone() *directory {
	return &directory{maps.Clone(d.people), maps.Clone(d.departments), maps.Clone(d.chats)}
}

// addPerson adds p under each of its ids, over whoever had them.
func (d *directory) addPerson(p person) {
	for _, id := range []string{p.OpenID, p.UnionID, p.UserID} {
		if id != "" {
			d.people[id] = p
		}
	}
}

// learn remembers the names that a notification's lists give.
func (d *directory) learn(n *Notification) {
	for _, u := range n.UserList {
		if _, known := d.people[u.UserID]; !known && u.Name != "" {
			d.people[u.UserID] = person{OpenID: u.UserID, Name: u.Name, AvatarURL: u.AvatarURL}
		}
	}
	for _, list := range [][]Department{n.DepartmentList, n.NewStaffScopeDepartmentList} {
		for _, dep := range list {
			if dep.Name != "" && d.departments[dep.DepartmentID] == "" {
				d.departments[dep.DepartmentID] = dep.Name
			}
		}
	}
	for _, chat := range n.ChatList {
		if chat.Name != "" && d.chats[chat.ChatID] == "" {
			d.chats[chat.ChatID] = chat.Name
		}
	}
}

// canonical returns the id under which a user is stored: the open_id, or what
// was given when the directory knows none.
func (d *directory) canonical(id string) string {
	if p, known := d.people[id]; known && p.OpenID != "" {
		return p.OpenID
	}
	return id
}

// as returns a stored user id as a user_id_type, or as stored.
func (d *directory) as(id, idType string) string {
	if other := d.people[id].as(idType); other != "" {
		return other
	}
	return id
}
