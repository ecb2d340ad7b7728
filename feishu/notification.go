package feishu

import (
	"cmp"
	"context"
	"net/url"
)

// Notification is a helpdesk notification as the API page "Get notification" has it.
// For what is not set the server may send null, "", [] or nothing, which is
// undocumented; all of them decode to the zero value.
type Notification struct {
	ID        string `json:"id"` // 19 decimal digits
	JobName   string `json:"job_name"`
	Status    int    `json:"status"` // undocumented; 0, which a new one has, is taken for a draft
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
	SendAt    string `json:"send_at"` // milliseconds since 1970 UTC in decimal, like the two above

	CreateUser NotificationUser `json:"create_user"`
	UpdateUser NotificationUser `json:"update_user"`

	TargetUserCount int `json:"target_user_count"`
	SentUserCount   int `json:"sent_user_count"`
	ReadUserCount   int `json:"read_user_count"`

	PushContent       string `json:"push_content"`    // the message card's JSON as text, white space as sent
	PushType          int    `json:"push_type"`       // 0 at a set time, 1 when new staff joins
	PushScopeType     int    `json:"push_scope_type"` // 0 all, 1 chats only, 2 selected, 3 new staff
	NewStaffScopeType *int   `json:"new_staff_scope_type"`

	NewStaffScopeDepartmentList []NotificationDepartment `json:"new_staff_scope_department_list"`
	UserList                    []NotificationUser       `json:"user_list"`
	DepartmentList              []NotificationDepartment `json:"department_list"`
	ChatList                    []NotificationChat       `json:"chat_list"`

	Ext string `json:"ext"`
}

// NotificationUser is a person in a Notification. UserID is of the kind that was
// asked for; it is empty when the app lacks the scope to see it.
type NotificationUser struct {
	UserID    string `json:"user_id"`
	AvatarURL string `json:"avatar_url"`
	Name      string `json:"name"`
}

// NotificationDepartment is a department in a Notification.
type NotificationDepartment struct {
	DepartmentID string `json:"department_id"`
	Name         string `json:"name"`
}

// NotificationChat is a chat in a Notification.
type NotificationChat struct {
	ChatID string `json:"chat_id"`
	Name   string `json:"name"`
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

// GetNotification reads the notification with that id. userIDType is open_id,
// union_id or user_id and governs every user id in the answer; empty means
// open_id. An answer about another notification is an error.
func (c *Client) GetNotification(ctx context.Context, id, userIDType string) (NotificationDetail, error) {
	var answer struct {
		envelope
		Data struct {
			Notification    *Notification `json:"notification"`
			ApprovalAppLink string        `json:"approval_app_link"`
		} `json:"data"`
	}
	r := request{endpoint: c.api.getNotification, id: id, query: userIDQuery(userIDType), authorization: c.authorization}
	logID, err := c.send(ctx, r, decodeInto(&answer))
	switch data := answer.Data; {
	case err != nil:
		return NotificationDetail{}, err
	case data.Notification == nil:
		return NotificationDetail{}, r.failUnusable(logID, noNotification)
	case data.Notification.ID != id:
		return NotificationDetail{}, r.failUnusable(logID, anotherNotification, c.censor(data.Notification.ID))
	default:
		return NotificationDetail{*data.Notification, data.ApprovalAppLink}, nil
	}
}

func userIDQuery(userIDType string) string {
	return "user_id_type=" + url.QueryEscape(cmp.Or(userIDType, "open_id"))
}
