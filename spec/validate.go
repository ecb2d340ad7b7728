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
		sendTimePast, sendWindow,
	} {
		rule(d)
	}
}

func missingFields(d *document) {
	for i := range d.fields {
		f, def := field(i), &d.fields[i]
		if def.missing != nil && def.missing(d) && !d.unread[f] {
			d.fault(d.draft.place(f), ruleMissingField, missingField, f).Hint = def.hint
		}
	}
}

// The rules of scopes that follow are what the API page "Update notification" says of
// each field, put together. It does not say whether new staff may have a user_list or a
// department_list; assumed not.

func scheduledScope(d *document) {
	if d.draft.PushType == Scheduled && d.draft.PushScopeType == NewStaffScope {
		d.fault(d.draft.at[fieldPushScopeType], ruleScheduledScope, scheduledForNewStaff).Hint = writeNewStaffPush
	}
}

func newStaffScope(d *document) {
	scope := d.draft.PushScopeType
	if d.draft.PushType == NewStaff && (scope == AllMembers || scope == SelectedMembers) {
		d.fault(d.draft.at[fieldPushScopeType], ruleNewStaffScope, newStaffForOthers, scope).Hint = writeNewStaffScope
	}
}

func newStaffTypeMissing(d *document) {
	if d.draft.PushType == NewStaff && d.draft.NewStaffScopeType == 0 && !d.unread[fieldNewStaffScopeType] {
		d.fault(d.draft.place(fieldPushType), ruleNewStaffTypeMissing, newStaffOfNoScope).Hint = writeNewStaffScopeType
	}
}

func newStaffDepartmentsMissing(d *document) {
	if d.draft.PushType == NewStaff && d.draft.NewStaffScopeType == NewStaffDepartments && d.isEmpty(fieldNewStaffScopeDepartmentList) {
		d.fault(d.draft.at[fieldNewStaffScopeType], ruleNewStaffDepartments, newStaffOfNobody).Hint = listDepartments
	}
}

func newStaffFieldsIgnored(d *document) {
	const departments = fieldNewStaffScopeDepartmentList
	scheduled, listed := d.draft.PushType == Scheduled, d.isFilled(departments)
	if scheduled && d.draft.NewStaffScopeType != 0 {
		d.fault(d.draft.at[fieldNewStaffScopeType], ruleNewStaffIgnored, ignoredWhenScheduled, fieldNewStaffScopeType).Hint = removeIgnored
	}
	switch {
	case scheduled && listed:
		d.fault(d.draft.at[departments], ruleNewStaffIgnored, ignoredWhenScheduled, departments).Hint = removeIgnored
	case listed && d.draft.PushType == NewStaff && d.draft.NewStaffScopeType == AllNewStaff:
		d.fault(d.draft.at[departments], ruleNewStaffIgnored, ignoredForAllStaff, departments).Hint = removeIgnored
	}
}

func audienceNotAllowed(d *document) {
	scope := d.draft.PushScopeType
	if scope == 0 || scope == SelectedMembers {
		return
	}
	for _, f := range []field{fieldUserList, fieldDepartmentList} {
		if d.isFilled(f) {
			d.fault(d.draft.at[f], ruleAudienceNotAllowed, audienceInScope, f, scope).Hint = removeAudience
		}
	}
}

func audienceMissing(d *document) {
	if d.draft.PushScopeType == SelectedMembers && d.isEmpty(fieldUserList) && d.isEmpty(fieldDepartmentList) {
		d.fault(d.draft.at[fieldPushScopeType], ruleAudienceMissing, noAudience).Hint = listAudience
	}
}

func chatsMissing(d *document) {
	if d.draft.PushScopeType == ChatsOnly && d.isEmpty(fieldChatList) {
		d.fault(d.draft.at[fieldPushScopeType], ruleChatsMissing, noChats).Hint = listChats
	}
}

// isEmpty reports whether a list is known to have no entries, isFilled whether it is
// known to have some, even if all are at fault. Of a value that is no list, neither
// is known.
func (d *document) isEmpty(f field) bool  { return !d.unread[f] && d.lists[f].written == 0 }
func (d *document) isFilled(f field) bool { return !d.unread[f] && d.lists[f].written > 0 }

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
				Message: fmt.Sprintf(notificationIDTwice, quoted(id), before), Hint: keepOne, Other: &before})
			continue
		}
		first[id] = at
	}
	return faults
}
