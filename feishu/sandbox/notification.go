package sandbox

import "slices"

// The statuses of a notification. Only that a draft is 0 is known of Feishu;
// the other numbers are this sandbox's own invention.
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

// Notification is what the server stores, in the shape of GET. A nil or empty
// list is an unset one. Times are milliseconds since 1970 in decimal, or "".
type Notification struct {
	ID                          string       `json:"id"`
	JobName                     string       `json:"job_name"`
	Status                      int          `json:"status"`
	HelpdeskID                  string       `json:"helpdesk_id"`
	CreateUser                  User         `json:"create_user"`
	UpdateUser                  User         `json:"update_user"`
	CreatedAt                   string       `json:"created_at"`
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
	ApprovalAppLink string `json:"approval_app_link"`
}

// User is a member as lists and create_user show one.
type User struct {
	UserID    string `json:"user_id"`
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

// clone copies n so that nothing is shared with the copy.
func (n Notification) clone() Notification {
	if n.NewStaffScopeType != nil {
		scope := *n.NewStaffScopeType
		n.NewStaffScopeType = &scope
	}
	n.NewStaffScopeDepartmentList = slices.Clone(n.NewStaffScopeDepartmentList)
	n.UserList = slices.Clone(n.UserList)
	n.DepartmentList = slices.Clone(n.DepartmentList)
	n.ChatList = slices.Clone(n.ChatList)
	return n
}
