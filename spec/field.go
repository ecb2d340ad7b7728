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

// entry is all that the package knows of a field but the rules. What the field holds is told
// by the one of text, number, list and decode that it has.
type entry struct {
	name string // as the file spells it
	hint string // what to write where the field is missing or has a value there is not

	text   func(*document) *string                 // a text, and where it goes
	number func(*document) *int                    // one of the values, and where its number plus one goes
	list   func(*document) *[]Target               // a list of targets, and where it goes
	decode func(*document, *yaml.Node) (read bool) // anything else

	values    []string // the names of the API's numbers, from 0
	id        string   // what the API calls a target's id
	everybody string   // what to write instead of department 0; "" where that means nothing

	// missing reports whether the draft needs the field and does not have it; nil: none does.
	missing func(*document) bool
}

// fields is the table of the fields. The file, the messages and the rules know of no others.
func fields() [fieldCount]entry {
	return [fieldCount]entry{
		fieldNotificationID: {
			name: "notification_id", decode: (*document).notificationID, hint: createFirst,
			missing: func(d *document) bool { return d.requireID && d.draft.NotificationID == "" },
		},
		fieldUserIDType: {name: "user_id_type", decode: (*document).userIDType, hint: writeUserIDType},
		fieldJobName: {
			name: "job_name", text: func(d *document) *string { return &d.draft.JobName }, hint: writeJobName,
			missing: func(d *document) bool { return d.draft.JobName == "" },
		},
		fieldPushType: {
			name: "push_type", number: func(d *document) *int { return (*int)(&d.draft.PushType) },
			values: pushTypeNames(), hint: writePushType,
			missing: func(d *document) bool { return d.draft.PushType == 0 },
		},
		fieldPushScopeType: {
			name: "push_scope_type", number: func(d *document) *int { return (*int)(&d.draft.PushScopeType) },
			values: pushScopeNames(), hint: writePushScopeType,
			missing: func(d *document) bool { return d.draft.PushScopeType == 0 },
		},
		fieldNewStaffScopeType: {
			name: "new_staff_scope_type", number: func(d *document) *int { return (*int)(&d.draft.NewStaffScopeType) },
			values: newStaffScopeNames(), hint: writeNewStaffScopeType,
		},
		fieldNewStaffScopeDepartmentList: {
			name: "new_staff_scope_department_list", list: func(d *document) *[]Target { return &d.draft.NewStaffScopeDepartmentList },
			id: "department_id", everybody: writeAllStaff,
		},
		fieldUserList: {name: "user_list", list: func(d *document) *[]Target { return &d.draft.UserList }, id: "user_id"},
		fieldDepartmentList: {
			name: "department_list", list: func(d *document) *[]Target { return &d.draft.DepartmentList },
			id: "department_id", everybody: writeAllMembers,
		},
		fieldChatList: {name: "chat_list", list: func(d *document) *[]Target { return &d.draft.ChatList }, id: "chat_id"},
		fieldSendAt:   {name: "send_at", decode: (*document).sendAt},
		fieldPushContent: {
			name: "push_content", decode: (*document).pushContent, hint: writeContent,
			missing: func(d *document) bool { return !d.card.given && !d.bad[fieldPushContentFile] },
		},
		fieldPushContentFile: {name: "push_content_file", text: func(d *document) *string { return &d.card.file }},
		fieldExt:             {name: "ext", decode: (*document).ext},
	}
}

func (f field) String() string { return fields()[f].name }

// field finds a field by its name in the file.
func (d *decoder) field(name string) (field, bool) {
	i := slices.Index(d.names[:], name)
	return field(max(i, 0)), i >= 0
}

// isServerField reports whether Feishu, and nobody else, sets the field: the API pages
// "Get notification" and "Update notification" show these beside the ones above, or in place
// of them (helpdesk_id, instance_code and tenant_id only in what a helpdesk was seen to answer).
func isServerField(name string) bool {
	switch name {
	case "id", "status", "create_user", "created_at", "update_user", "updated_at",
		"target_user_count", "sent_user_count", "read_user_count",
		"approval_app_link", "helpdesk_id", "instance_code", "tenant_id":
		return true
	}
	return false
}
