package spec

// What an editor shows, by the schema, of the fields of a draft and of their faults. All else that
// it says of a fault is what validate says.
const (
	titleDraft = "notiform draft"
	aboutDraft = "A draft of a notification of the Feishu helpdesk, for notiform. The fields are those of the API page 更新推送 (Update notification); " +
		"a field that is left out is empty in the helpdesk too, but for send_at and ext, which are left as they are there."

	aboutNotificationID    = "The id of the notification, in quotes. Leave it out of a draft that is not created yet, and of a copy: notiform create writes it here."
	aboutUserIDType        = "What kind of ids user_list has: open_id (ou_…, the default), union_id (on_…) or user_id, the organisation's own."
	aboutJobName           = "The name of the task, by which the helpdesk team knows it."
	aboutPushType          = "When it is sent: scheduled (0), at one time; new_staff (1), to everybody new when they join."
	aboutPushScopeType     = "Who gets it: all_members (0), the whole organisation; chats_only (1), the chats in chat_list and nobody in person; selected_members (2), the people and departments in user_list and department_list; new_staff (3), with push_type new_staff."
	aboutNewStaffScopeType = "Which new staff get it, with push_type new_staff: all (0); departments (1), those in new_staff_scope_department_list."
	aboutNewStaffList      = "The departments whose new staff get it, with new_staff_scope_type departments."
	aboutUserList          = "The people who get it, with push_scope_type selected_members: an id on each line, or {user_id: …, name: …}. notiform who finds the id of an e-mail address or a mobile number."
	aboutDepartmentList    = "The departments that get it, with push_scope_type selected_members: an id on each line, or {department_id: …, name: …}."
	aboutChatList          = "The chats that get it, whatever the scope: an id on each line, or {chat_id: …, name: …}."
	aboutSendAt            = "When it is sent: date, time and the offset from UTC, such as 2026-12-01T09:00:00+08:00. Left out: as it is in the helpdesk. null: no time."
	aboutPushContent       = "The message card (card JSON 1.0), as YAML; or its JSON as a text, under push_content: |"
	aboutPushContentFile   = "A file that holds the message card, instead of push_content: JSON or YAML, its path from the folder of this file."
	aboutExt               = "Reserved by the API. Leave it out."
	aboutTargetID          = "The id, as Feishu has it."
	aboutTargetName        = "Who or what the id is, for whoever reads this file. notiform does not compare it."
	aboutAvatar            = "Of no effect."

	// A fault and what to do about it.
	faultAndHint = "%s: %s"

	onlyIDCharacters = "only letters, digits and _ - . @ occur in ids: a name or an e-mail address is none, and notiform who finds the id of a person"
	idBeginsWith     = "every %s begins with %s, by user_id_type"
	chatIDBeginsWith = "the id of a chat begins with oc_"
	writeDigits      = "a notification_id is a decimal number, in quotes"
	writeSendAt      = "write date, time and the offset from UTC, such as 2026-12-01T09:00:00+08:00"
)
