package feishu

import (
	"cmp"
	"context"
	"net/url"
)

// Notification is a helpdesk notification as the API page "Get notification" has it,
// as far as anything is done with it. For what is not set the server may send null, "",
// [] or nothing, which is undocumented; all of them decode to the zero value.
type Notification struct {
	ID            string `json:"id"` // 19 decimal digits
	JobName       string `json:"job_name"`
	Status        int    `json:"status"`          // undocumented; 0, which a new one has, is taken for a draft
	SendAt        string `json:"send_at"`         // milliseconds since 1970 UTC in decimal
	PushContent   string `json:"push_content"`    // the message card's JSON as text, white space as sent
	PushType      int    `json:"push_type"`       // 0 at a set time, 1 when new staff joins
	PushScopeType int    `json:"push_scope_type"` // 0 all, 1 chats only, 2 selected, 3 new staff

	NewStaffScopeType           *int                     `json:"new_staff_scope_type"`
	NewStaffScopeDepartmentList []NotificationDepartment `json:"new_staff_scope_department_list"`
	UserList                    []NotificationUser       `json:"user_list"`
	DepartmentList              []NotificationDepartment `json:"department_list"`
	ChatList                    []NotificationChat       `json:"chat_list"`

	Ext string `json:"ext"`

	// What follows is only shown.
	UpdatedAt  Lenient[string]           `json:"updated_at"` // like SendAt
	UpdateUser Lenient[NotificationUser] `json:"update_user"`
	// TargetUserCount is how many people Feishu says it reaches; nil when it does not say.
	TargetUserCount Lenient[*int] `json:"target_user_count"`
}

// NotificationUser is a person in a Notification. UserID is of the kind that was
// asked for; it is empty when the app lacks the scope to see it.
type NotificationUser struct {
	UserID string          `json:"user_id"`
	Name   Lenient[string] `json:"name"`
}

// NotificationDepartment is a department in a Notification.
type NotificationDepartment struct {
	DepartmentID string          `json:"department_id"`
	Name         Lenient[string] `json:"name"`
}

// NotificationChat is a chat in a Notification.
type NotificationChat struct {
	ChatID string          `json:"chat_id"`
	Name   Lenient[string] `json:"name"`
}

// NotificationDetail is what GET answers about one notification.
type NotificationDetail struct {
	Notification    Notification
	ApprovalAppLink string // where a person may submit it for approval; often empty
}

// NotificationPatch is the body of a PATCH, as the API page "Update notification" has
// it: the whole writable state. What PATCH does with an absent field is undocumented,
// so only pointers can be left out; the three lists are always sent, as [] when empty.
type NotificationPatch struct {
	JobName                     string          `json:"job_name"`
	SendAt                      *string         `json:"send_at,omitzero"` // milliseconds in decimal; "" clears
	PushContent                 string          `json:"push_content"`     // the card's compact JSON as text
	PushType                    int             `json:"push_type"`
	PushScopeType               int             `json:"push_scope_type"`
	NewStaffScopeType           *int            `json:"new_staff_scope_type,omitzero"`
	NewStaffScopeDepartmentList *[]DepartmentID `json:"new_staff_scope_department_list,omitzero"`
	UserList                    []UserID        `json:"user_list"`
	DepartmentList              []DepartmentID  `json:"department_list"`
	ChatList                    []ChatID        `json:"chat_list"`
	Ext                         *string         `json:"ext,omitzero"`
}

// UserID names a user in a NotificationPatch.
type UserID struct {
	UserID string `json:"user_id"`
}

// DepartmentID names a department in a NotificationPatch.
type DepartmentID struct {
	DepartmentID string `json:"department_id"`
}

// ChatID names a chat in a NotificationPatch.
type ChatID struct {
	ChatID string `json:"chat_id"`
}

// notificationAnswer is a Notification on its way in. What decides whether and how it
// may be changed must be there: the zero value of each would be taken for an answer.
type notificationAnswer struct {
	Notification
	Status        required `json:"status"`
	PushType      required `json:"push_type"`
	PushScopeType required `json:"push_scope_type"`
}

// complete fills in the fields that must be there, and returns the name of the first
// that is not, or "".
func (a *notificationAnswer) complete() (missing string) {
	for _, f := range []struct {
		name string
		from required
		to   *int
	}{
		{"status", a.Status, &a.Notification.Status},
		{"push_type", a.PushType, &a.Notification.PushType},
		{"push_scope_type", a.PushScopeType, &a.Notification.PushScopeType},
	} {
		if !f.from.given {
			return f.name
		}
		*f.to = f.from.value
	}
	return ""
}

// GetNotification reads the notification with that id. userIDType is open_id,
// union_id or user_id and governs every user id in the answer; empty means
// open_id. An answer about another notification is an error, and so is one without
// status, push_type or push_scope_type.
func (c *Client) GetNotification(ctx context.Context, id, userIDType string) (NotificationDetail, error) {
	var answer struct {
		envelope
		Data struct {
			Notification    *notificationAnswer `json:"notification"`
			ApprovalAppLink Lenient[string]     `json:"approval_app_link"`
		} `json:"data"`
	}
	r := request{endpoint: c.api.getNotification, id: id, query: userIDQuery(userIDType)}
	logID, err := c.sendAsUser(ctx, r, decodeInto(&answer))
	n := answer.Data.Notification
	switch {
	case err != nil:
		return NotificationDetail{}, err
	case n == nil:
		return NotificationDetail{}, r.failUnusable(logID, hintSupport, noNotification)
	case n.ID != id:
		return NotificationDetail{}, r.failUnusable(logID, hintSupport, anotherNotification)
	}
	if missing := n.complete(); missing != "" {
		return NotificationDetail{}, r.failUnusable(logID, hintIncomplete, notificationLacks, missing)
	}
	return NotificationDetail{n.Notification, answer.Data.ApprovalAppLink.Value}, nil
}

func userIDQuery(userIDType string) string {
	return "user_id_type=" + url.QueryEscape(cmp.Or(userIDType, "open_id"))
}
