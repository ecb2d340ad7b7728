package sandbox

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// switches are the behaviours chosen where Feishu documents none. There is one line a switch: the
// tag has its name, its values with the default first, and what it decides; the fields, none of
// them for the default, stand for the values after it in their order. So a switch is named once,
// and a value that no switch has does not compile.
type switches struct {
	// What a write does, and what it is refused for.
	PatchEmptyListIgnore                 bool `switch:"patch_empty_list=clear|ignore" text:"what [] in a PATCH does to a list"`
	PatchModeReplace                     bool `switch:"patch_mode=merge|replace" text:"a field left out of a PATCH keeps its value, or is unset"`
	PatchNullClear                       bool `switch:"patch_null=absent|clear" text:"null in a PATCH is as if left out, or unsets the field"`
	PatchRulesBody                       bool `switch:"patch_rules=merged|body" text:"the scope rules look at the merged result, or at the body alone"`
	ScopeRulesSubmit, ScopeRulesOff      bool `switch:"scope_rules=write|submit|off" text:"when the scope rules are checked: at create and PATCH, only at submit_approve, never"`
	NewStaffAudienceRefused              bool `switch:"new_staff_audience=ignored|refused" text:"user_list or department_list beside push_scope_type 3"`
	NewStaffUnusedDropped                bool `switch:"new_staff_unused=stored|dropped" text:"new_staff_* beside push_type 0"`
	CardCheckOff                         bool `switch:"card_check=object|off" text:"push_content must be a JSON object, or may be any text"`
	PushContentCompact                   bool `switch:"push_content=kept|compact" text:"GET gives a card back as it was sent, or without white space"`
	TargetIDsAny, TargetIDsDirectory     bool `switch:"target_ids=form|any|directory" text:"ids in lists: checked for their form, not at all, or against the directory"`
	DuplicatesDropped, DuplicatesRefused bool `switch:"duplicates=kept|dropped|refused" text:"an id given twice in one list"`
	SendAtFuture                         bool `switch:"send_at=numeric|future" text:"a PATCH takes any milliseconds, or only those to come"`
	ServerFieldsRefused                  bool `switch:"server_fields=ignored|refused" text:"id, status and other fields of the server in a body"`
	UnknownFieldsRefused                 bool `switch:"unknown_fields=ignored|refused" text:"fields of a body that the API does not have"`
	ContentTypeIgnored                   bool `switch:"content_type=required|ignored" text:"a body without Content-Type application/json"`

	// How answers look.
	UnsetListsEmpty, UnsetListsAbsent   bool `switch:"unset_lists=null|empty|absent" text:"how GET shows a list without entries"`
	ListOrderReversed                   bool `switch:"list_order=kept|reversed" text:"the order in which GET gives a list back"`
	ListNamesAsSent                     bool `switch:"list_names=directory|as_sent" text:"names in lists come from the directory, or from the PATCH"`
	WithholdUserID, WithholdAllIDs      bool `switch:"user_ids=shown|withhold_user_id|withhold_all" text:"leave user_id out of answers: never, when user_id_type is user_id (no contact scope), always"`
	UserIDType154000, UserIDTypeIgnored bool `switch:"invalid_user_id_type=99992402|154000|ignored" text:"a user_id_type that is none of the three"`
	ErrorObjectLogid, ErrorObjectNone   bool `switch:"error_object=log_id|logid|none" text:"where an error carries its log id"`
	UnknownRouteJSON                    bool `switch:"unknown_route=text|json" text:"404 page not found as text, or JSON 99991201"`

	// How a notification lives.
	WrongState154005       bool `switch:"wrong_state=154000|154005" text:"the code for PATCH of what is no draft, and for other calls out of turn"`
	CancelApproveCancelled bool `switch:"cancel_approve=draft|cancelled" text:"what a cancelled approval leads to"`
	RejectDraft            bool `switch:"reject=rejected|draft" text:"what a rejection leads to"`
	PastSendAccepted       bool `switch:"past_send=refused|accepted" text:"execute_send with a time that has passed"`
	HasAccessFalse         bool `switch:"has_access=true|false" text:"submit_approve's has_access; false changes nothing"`
	ApprovalAppLinkAlways  bool `switch:"approval_app_link=submitted|always" text:"when GET has an approval link"`

	// Who may do what.
	UserRoleAdmin, UserRoleMember                         bool `switch:"user_role=owner|admin|member" text:"who the user behind the user tokens is at the helpdesk"`
	RoleCheckWrites, RoleCheckOff                         bool `switch:"role_check=all|writes|off" text:"which calls a plain member is refused with 154005"`
	ScopeCode99991672, ScopeCode99991679, ScopeCode154003 bool `switch:"scope_code=token|99991672|99991679|154003" text:"the code for a missing scope: token is 99991679 for a user's, 99991672 for the app's"`
	WriteScopeReadsNo                                     bool `switch:"write_scope_reads=yes|no" text:"helpdesk:all includes helpdesk:all:readonly"`
	TenantTokenGetRefused                                 bool `switch:"tenant_token_get=accepted|refused" text:"GET of a notification with a tenant token"`
	HelpdeskBearerRefused                                 bool `switch:"helpdesk_bearer=accepted|refused" text:"\"Bearer \" before the value of X-Lark-Helpdesk-Authorization"`
	ExpiredStatus400                                      bool `switch:"expired_status=401|400" text:"HTTP status of 99991677, an expired user token"`
	TicketContentString, TicketContentObject              bool `switch:"ticket_content=both|string|object" text:"the form of a ticket message's content"`
	TurnedAwayQuota, TurnedAwayAddress                    bool `switch:"turned_away=none|quota|address" text:"calls with a token: answered, 99991403 (quota used up), 99991401 (address)"`
	AppScopesReadOnly, AppScopesNone                      bool `switch:"app_scopes=all|readonly|none" text:"the scopes of the helpdesk that the app says it has"`
	ContactFieldsWithheld                                 bool `switch:"contact_fields=shown|withheld" text:"names and status of people"`
	TicketForbidden403                                    bool `switch:"ticket_forbidden=401|403" text:"HTTP status of 154003 on ticket messages"`

	// How users log in.
	DeviceConsentVisit, DeviceConsentSlowDown, DeviceConsentDenied, DeviceConsentExpired bool `switch:"device_consent=poll|visit|slow_down|denied|expired" text:"a device grant: consent at the second poll, once its page is visited, after a slow_down …"`
	DeviceInterval1                                                                      bool `switch:"device_interval=5|1" text:"seconds between the polls of a device grant"`
	DeviceSecretForm                                                                     bool `switch:"device_secret=any|form" text:"whether device_authorization sees the secret in the header, which some proxies drop"`
	ConsentDenied                                                                        bool `switch:"consent=granted|denied" text:"what the authorise page sends a browser back with"`
	RedirectsNone                                                                        bool `switch:"redirects=loopback|none" text:"the redirect URLs that the app names"`
	DroppedScopeWrite, DroppedScopeOffline                                               bool `switch:"dropped_scope=none|helpdesk:all|offline_access" text:"a scope that is asked for and silently not given"`
	RefreshSwitchOff                                                                     bool `switch:"refresh=on|off" text:"whether the app may refresh user tokens; else 20074"`
	EndedToken99991668                                                                   bool `switch:"ended_token=99991677|99991668" text:"the code for the access token of a login, once it has ended"`

	// What is too much.
	WindowSliding                               bool `switch:"window=fixed|sliding" text:"rate limits count 60 s from the first call, or the last 60 s"`
	Throttle400, Throttle200                    bool `switch:"throttle=429|400|200" text:"HTTP status of 99991400"`
	ResetFractional, ResetRetryAfter, ResetNone bool `switch:"reset_header=seconds|fractional|retry_after|none" text:"how a throttled answer says when to come back"`
}

// switchRow is a switch with the indexes of its fields.
type switchRow struct {
	Doc
	fields []int
}

// switchTable reads the tags: fields of one line share theirs.
func switchTable() []switchRow {
	var rows []switchRow
	for i := range reflect.TypeFor[switches]().NumField() {
		tag := reflect.TypeFor[switches]().Field(i).Tag
		name, values, _ := strings.Cut(tag.Get("switch"), "=")
		if len(rows) == 0 || rows[len(rows)-1].Name != name {
			rows = append(rows, switchRow{Doc: Doc{Name: name, Values: strings.Split(values, "|"), Text: tag.Get("text")}})
		}
		last := &rows[len(rows)-1]
		last.fields = append(last.fields, i)
	}
	return rows
}

func switchDocs() []Doc {
	var docs []Doc
	for _, row := range switchTable() {
		docs = append(docs, row.Doc)
	}
	return docs
}

// set sets one switch from its text form, such as "patch_empty_list=ignore".
func (w *switches) set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	rows := switchTable()
	i := slices.IndexFunc(rows, func(row switchRow) bool { return row.Name == name })
	if i < 0 {
		return fmt.Errorf(unknownSwitch, name)
	}
	chosen := slices.Index(rows[i].Values, value)
	if chosen < 0 {
		return fmt.Errorf(badSwitchValue, name, value, strings.Join(rows[i].Values, ", "))
	}
	for k, field := range rows[i].fields {
		reflect.ValueOf(w).Elem().Field(field).SetBool(chosen == k+1)
	}
	return nil
}
