package sandbox

// targetKind is what an id in a notification's lists is the id of.
type targetKind int

const (
	users targetKind = iota
	departments
	chats
)

type target struct {
	kind targetKind
	id   string
}

// person is a user in the directory, under up to three ids; of departments and chats there are
// OpenID and Name.
type person struct {
	OpenID    string `json:"open_id"`
	UnionID   string `json:"union_id"`
	UserID    string `json:"user_id"`
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`
}

// directory knows names, avatars and the other ids of a user.
type directory map[target]person

// add makes a user known under each of its ids, over whoever had them.
func (d directory) add(p person) {
	for _, id := range []string{p.OpenID, p.UnionID, p.UserID} {
		if id != "" {
			d[target{users, id}] = p
		}
	}
}

// learn remembers a name that is told in passing.
func (d directory) learn(kind targetKind, id, name, avatar *string) {
	if _, known := d[target{kind, *id}]; !known && *name != "" {
		d[target{kind, *id}] = person{OpenID: *id, Name: *name, AvatarURL: *avatar}
	}
}

// as returns an id as a user_id_type, or as it is when the directory knows no other. Users are
// stored by their open_id.
func (d directory) as(kind targetKind, id, idType string) string {
	p := d[target{kind, id}]
	other := p.OpenID
	switch idType {
	case "union_id":
		other = p.UnionID
	case "user_id":
		other = p.UserID
	}
	if other == "" {
		return id
	}
	return other
}
