package spec

import "time"

// Draft is one notification as its file wants it: every writable field of the
// API's notification object, decoded and in Go's terms. Absent, null and empty
// are one and the same for strings and lists.
type Draft struct {
	// Pos is where the draft's document begins.
	Pos Pos
	// NotificationID is decimal text; "" is a draft not yet created.
	NotificationID string
	// UserIDType says what kind of ids UserList holds; OpenID when unsaid.
	UserIDType UserIDType
	// JobName is the task's name as the helpdesk team sees it.
	JobName string
	// PushType and PushScopeType are zero when absent, which is a fault.
	PushType      PushType
	PushScopeType PushScopeType
	// NewStaffScopeType is zero when unset. It and the list below are in effect
	// only with PushType NewStaff.
	NewStaffScopeType           NewStaffScopeType
	NewStaffScopeDepartmentList []Target
	// UserList, DepartmentList and ChatList are in the order written; order
	// carries no meaning.
	UserList       []Target
	DepartmentList []Target
	ChatList       []Target
	// SendAt is not Given when the file leaves it to the server; Given with a
	// zero Value clears it. The location is the offset as written, UTC for
	// milliseconds.
	SendAt Owned[time.Time]
	// PushContent is the message card.
	PushContent JSON
	// CardFile is where PushContent comes from, if not from the draft's own file: the path from
	// the working directory, also of a card that could not be read.
	CardFile string
	// Ext is the API's reserved text. Not Given: left to the server.
	Ext Owned[string]

	at [fieldCount]place // of the values; see place
}

// Target is one addressee: a user, a department or a chat. Name is for the
// reader of the file and never compared.
type Target struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Owned is a value the file may leave to the server: Given tells whether the
// file says anything.
type Owned[T any] struct {
	Value T
	Given bool
}

// place is where a field's value stands, or where the draft begins if the file does
// not have the field. A card from a push_content_file is where the file is named.
func (d *Draft) place(f field) place {
	if at := d.at[f]; at != (place{}) {
		return at
	}
	return place{int32(d.Pos.Line), int32(d.Pos.Column)}
}
