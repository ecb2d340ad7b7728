package spec

import "fmt"

// judge looks at the document as a whole, once all its fields are decoded. Each
// rule judges only what could be decoded: a value that is at fault already is
// not held against another.
func (d *document) judge() {
	d.contentFile()
	for _, rule := range [...]func(*document){
		missingFields,
		userIDs, duplicateTargets, rootDepartments,
		scheduledScope, newStaffScope, newStaffTypeMissing, newStaffDepartmentsMissing, newStaffFieldsIgnored,
		audienceNotAllowed, audienceMissing, chatsMissing,
		sendTimePast,
		cardVersion, cardSize, hiddenCharacters,
	} {
		rule(d)
	}
	if card := d.card.in; card != nil && card != d.file {
		d.faults = append(d.faults, card.faults...)
	}
}

func missingFields(d *document) {
	missing := func(f field, absent bool) {
		if absent && !d.bad[f] {
			d.fault(d.draft.place(f), ruleMissingField, f.String()+" is missing", missingHint(f))
		}
	}
	missing(fieldJobName, d.draft.JobName == "")
	missing(fieldPushType, d.draft.PushType == 0)
	missing(fieldPushScopeType, d.draft.PushScopeType == 0)
	missing(fieldPushContent, !d.card.given && !d.bad[fieldPushContentFile])
	missing(fieldNotificationID, d.requireID && d.draft.NotificationID == "")
}

func missingHint(f field) string {
	switch f {
	case fieldJobName:
		return "write a name for the helpdesk team to know it by"
	case fieldPushType:
		return enumHint(pushTypeNames())
	case fieldPushScopeType:
		return enumHint(pushScopeNames())
	case fieldPushContent:
		return "write the card under push_content, or name its file as push_content_file"
	}
	return "create it in the helpdesk first and write the id it gets as notification_id"
}

// The scope rules that follow are the table of the API fact sheet, section 3.

func scheduledScope(d *document) {
	if d.draft.PushType == Scheduled && d.draft.PushScopeType == NewStaffScope {
		d.fault(d.draft.at[fieldPushScopeType], ruleScheduledScope,
			"push_scope_type new_staff needs push_type new_staff", "write push_type: new_staff, or another scope")
	}
}

func newStaffScope(d *document) {
	scope := d.draft.PushScopeType
	if d.draft.PushType == NewStaff && (scope == AllMembers || scope == SelectedMembers) {
		d.fault(d.draft.at[fieldPushScopeType], ruleNewStaffScope,
			fmt.Sprintf("push_type new_staff cannot have push_scope_type %s", scope),
			"write push_scope_type: new_staff, or chats_only")
	}
}

func newStaffTypeMissing(d *document) {
	if d.draft.PushType == NewStaff && d.draft.NewStaffScopeType == 0 && !d.bad[fieldNewStaffScopeType] {
		d.fault(d.draft.place(fieldPushType), ruleNewStaffTypeMissing,
			"push_type new_staff needs new_staff_scope_type", enumHint(newStaffScopeNames()))
	}
}

func newStaffDepartmentsMissing(d *document) {
	if d.draft.PushType == NewStaff && d.draft.NewStaffScopeType == NewStaffDepartments && d.isEmpty(fieldNewStaffScopeDepartmentList) {
		d.fault(d.draft.at[fieldNewStaffScopeType], ruleNewStaffDepartments,
			"new_staff_scope_type departments needs a new_staff_scope_department_list", "list the departments, or write new_staff_scope_type: all")
	}
}

func newStaffFieldsIgnored(d *document) {
	ignored := func(f field, why string) {
		d.fault(d.draft.at[f], ruleNewStaffIgnored, fmt.Sprintf("%s has no effect with %s", f, why), "remove it")
	}
	scheduled := d.draft.PushType == Scheduled
	if scheduled && d.draft.NewStaffScopeType != 0 {
		ignored(fieldNewStaffScopeType, "push_type scheduled")
	}
	switch {
	case !d.isFilled(fieldNewStaffScopeDepartmentList):
	case scheduled:
		ignored(fieldNewStaffScopeDepartmentList, "push_type scheduled")
	case d.draft.PushType == NewStaff && d.draft.NewStaffScopeType == AllNewStaff:
		ignored(fieldNewStaffScopeDepartmentList, "new_staff_scope_type all")
	}
}

func audienceNotAllowed(d *document) {
	scope := d.draft.PushScopeType
	if scope == 0 || scope == SelectedMembers {
		return
	}
	for _, f := range []field{fieldUserList, fieldDepartmentList} {
		if d.isFilled(f) {
			d.fault(d.draft.at[f], ruleAudienceNotAllowed, fmt.Sprintf("%s must be empty with push_scope_type %s", f, scope),
				"remove it, or write push_scope_type: selected_members")
		}
	}
}

func audienceMissing(d *document) {
	if d.draft.PushScopeType == SelectedMembers && d.isEmpty(fieldUserList) && d.isEmpty(fieldDepartmentList) {
		d.fault(d.draft.at[fieldPushScopeType], ruleAudienceMissing,
			"push_scope_type selected_members needs a user_list or a department_list", "list who is to get it")
	}
}

func chatsMissing(d *document) {
	if d.draft.PushScopeType == ChatsOnly && d.isEmpty(fieldChatList) {
		d.fault(d.draft.at[fieldPushScopeType], ruleChatsMissing,
			"push_scope_type chats_only needs a chat_list", "list the chats that are to get it")
	}
}

// isEmpty reports whether a list is known to have no entries, isFilled whether it
// is known to have some, even if faulty ones. A list that is none is neither.
func (d *document) isEmpty(list field) bool  { return !d.bad[list] && d.lists[list].written == 0 }
func (d *document) isFilled(list field) bool { return !d.bad[list] && d.lists[list].written > 0 }

// duplicateIDs faults every document after the first that owns a notification.
func duplicateIDs(drafts []Draft) []Diagnostic {
	var faults []Diagnostic
	first := make(map[string]Pos, len(drafts))
	for _, d := range drafts {
		id := d.NotificationID
		if id == "" {
			continue
		}
		at := d.place(fieldNotificationID).in(d.Pos.File)
		if before, again := first[id]; again {
			faults = append(faults, Diagnostic{Pos: at, Rule: ruleDuplicateID,
				Message: fmt.Sprintf("notification_id %s is owned by two drafts, first at %s", quoted(id), before),
				Hint:    "keep one of the two"})
			continue
		}
		first[id] = at
	}
	return faults
}
