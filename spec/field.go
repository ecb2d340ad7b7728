package spec

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// field is one of the names a draft file may use, in the order of the manual.
type field uint8

const (
	fieldNotificationID field = iota
	fieldUserIDType
	fieldJobName
	fieldPushType
	fieldPushScopeType
	fieldNewStaffScopeType
	fieldNewStaffScopeDepartmentList
	fieldUserList
	fieldDepartmentList
	fieldChatList
	fieldSendAt
	fieldPushContent
	fieldPushContentFile
	fieldExt

	fieldCount = iota
)

// definition is all that the package knows of a field but the rules. What a field holds
// is told by the one of text, number, list and decode that it has.
type definition struct {
	name  string // as the file spells it
	about string // what it is, for an editor
	hint  string // what to write where the field is missing or has a value there is not

	text   func(*document) *string                 // a text, and where it goes
	number func(*document) *int                    // one of the API's numbers, and where that plus one goes
	list   func(*document) *[]Target               // a list of targets, and where it goes
	decode func(*document, *yaml.Node) (read bool) // anything else

	values    []string // of a number: the names of the numbers, from 0
	id        string   // of a list: what the API calls a target's id
	everybody string   // of a list of departments: what to write instead of department 0

	// missing reports whether a draft lacks the field and needs it. Most fields have none.
	missing func(*document) bool
}

// fields is the table of the fields. Nothing else says what they are called or hold.
func fields() [fieldCount]definition {
	return [fieldCount]definition{
		fieldNotificationID: {
			name: "notification_id", about: aboutNotificationID, decode: (*document).notificationID,
		},
		fieldUserIDType: {name: "user_id_type", about: aboutUserIDType, decode: (*document).userIDType, hint: writeUserIDType},
		fieldJobName: {
			name: "job_name", about: aboutJobName, text: func(d *document) *string { return &d.draft.JobName }, hint: writeJobName,
			missing: func(d *document) bool { return d.draft.JobName == "" },
		},
		fieldPushType: {
			name: "push_type", about: aboutPushType, number: func(d *document) *int { return (*int)(&d.draft.PushType) },
			values: pushTypeNames(), hint: writePushType,
			missing: func(d *document) bool { return d.draft.PushType == 0 },
		},
		fieldPushScopeType: {
			name: "push_scope_type", about: aboutPushScopeType, number: func(d *document) *int { return (*int)(&d.draft.PushScopeType) },
			values: PushScopeNames(), hint: writePushScopeType,
			missing: func(d *document) bool { return d.draft.PushScopeType == 0 },
		},
		fieldNewStaffScopeType: {
			name: "new_staff_scope_type", about: aboutNewStaffScopeType, number: func(d *document) *int { return (*int)(&d.draft.NewStaffScopeType) },
			values: newStaffScopeNames(), hint: writeNewStaffScopeType,
		},
		fieldNewStaffScopeDepartmentList: {
			name: "new_staff_scope_department_list", about: aboutNewStaffList, list: func(d *document) *[]Target { return &d.draft.NewStaffScopeDepartmentList },
			id: "department_id", everybody: writeAllStaff,
		},
		fieldUserList: {name: "user_list", about: aboutUserList, list: func(d *document) *[]Target { return &d.draft.UserList }, id: "user_id"},
		fieldDepartmentList: {
			name: "department_list", about: aboutDepartmentList, list: func(d *document) *[]Target { return &d.draft.DepartmentList },
			id: "department_id", everybody: writeAllMembers,
		},
		fieldChatList: {name: "chat_list", about: aboutChatList, list: func(d *document) *[]Target { return &d.draft.ChatList }, id: "chat_id"},
		fieldSendAt:   {name: "send_at", about: aboutSendAt, decode: (*document).sendAt},
		fieldPushContent: {
			name: "push_content", about: aboutPushContent, decode: (*document).pushContent, hint: writeContent,
			missing: func(d *document) bool { return !d.card.given && !d.unread[fieldPushContentFile] },
		},
		fieldPushContentFile: {name: "push_content_file", about: aboutPushContentFile, text: func(d *document) *string { return &d.card.named }},
		fieldExt:             {name: "ext", about: aboutExt, decode: (*document).ext},
	}
}

func (f field) String() string { return fields()[f].name }

func (d *decoder) fieldNamed(name string) (field, bool) {
	i := slices.Index(d.names[:], name)
	return field(max(i, 0)), i >= 0
}

// isServerField reports whether Feishu, and nobody else, sets the field. The API page
// "Get notification" describes these, approval_app_link beside the notification;
// helpdesk_id, instance_code and tenant_id are undocumented, but stand in answers.
func isServerField(name string) bool {
	switch name {
	case "id", "status", "create_user", "created_at", "update_user", "updated_at",
		"target_user_count", "sent_user_count", "read_user_count",
		"approval_app_link", "helpdesk_id", "instance_code", "tenant_id":
		return true
	}
	return false
}
