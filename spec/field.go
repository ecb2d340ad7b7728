package spec

// field is one of the names a draft file may use, in the order DESIGN and the
// canonical form have them.
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

// fieldNames are the fields as the file spells them, indexed by field.
func fieldNames() [fieldCount]string {
	return [fieldCount]string{
		fieldNotificationID:              "notification_id",
		fieldUserIDType:                  "user_id_type",
		fieldJobName:                     "job_name",
		fieldPushType:                    "push_type",
		fieldPushScopeType:               "push_scope_type",
		fieldNewStaffScopeType:           "new_staff_scope_type",
		fieldNewStaffScopeDepartmentList: "new_staff_scope_department_list",
		fieldUserList:                    "user_list",
		fieldDepartmentList:              "department_list",
		fieldChatList:                    "chat_list",
		fieldSendAt:                      "send_at",
		fieldPushContent:                 "push_content",
		fieldPushContentFile:             "push_content_file",
		fieldExt:                         "ext",
	}
}

func (f field) String() string { return fieldNames()[f] }

// hint is what to write where a field is missing or has a value there is not.
func (f field) hint() string {
	switch f {
	case fieldJobName:
		return writeJobName
	case fieldUserIDType:
		return writeUserIDType
	case fieldPushType:
		return writePushType
	case fieldPushScopeType:
		return writePushScopeType
	case fieldNewStaffScopeType:
		return writeNewStaffScopeType
	case fieldPushContent:
		return writeContent
	}
	return createFirst
}

func fieldNamed(name string) (field, bool) {
	for f, n := range fieldNames() {
		if n == name {
			return field(f), true
		}
	}
	return 0, false
}

// isServerField reports whether Feishu, and nobody else, sets the field: it is
// part of what GET answers and has no meaning in a request. (The API fact sheet,
// section 1.4; approval_app_link stands beside the notification in that answer.)
func isServerField(name string) bool {
	switch name {
	case "id", "status", "create_user", "created_at", "update_user", "updated_at",
		"target_user_count", "sent_user_count", "read_user_count",
		"approval_app_link", "helpdesk_id", "instance_code", "tenant_id":
		return true
	}
	return false
}
