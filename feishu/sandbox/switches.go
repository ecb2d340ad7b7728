package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Switches choose among the behaviours that Feishu leaves undocumented, one
// field each; an empty field is the default. SwitchDocs lists the values, the
// default first, with what they mean; New refuses any other value.
type Switches struct {
	PatchEmptyList    string
	PatchMode         string
	PatchNull         string
	PatchRules        string
	ScopeRules        string
	NewStaffAudience  string
	NewStaffUnused    string
	CardCheck         string
	PushContent       string
	TargetIDs         string
	Duplicates        string
	ListOrder         string
	ListNames         string
	UnsetLists        string
	SendAt            string
	ServerFields      string
	UnknownFields     string
	ContentType       string
	WrongState        string
	CancelApprove     string
	Reject            string
	PastSend          string
	HasAccess         string
	ApprovalAppLink   string
	UserRole          string
	RoleCheck         string
	ScopeCode         string
	WriteScopeReads   string
	TenantTokenGet    string
	HelpdeskBearer    string
	ExpiredStatus     string
	InvalidUserIDType string
	UserIDs           string
	ErrorObject       string
	UnknownRoute      string
	TicketContent     string
	TicketForbidden   string
	Window            string
	Throttle          string
	ResetHeader       string
}

// switchRow joins a switch's text form to its field.
type switchRow struct {
	name   string
	field  *string
	values []string // the default first
	text   string
}

func (row switchRow) check(value string) error {
	if slices.Contains(row.values, value) {
		return nil
	}
	return fmt.Errorf("switch %s: %q is none of %s", row.name, value, strings.Join(row.values, ", "))
}

// table lists every switch; the API fact sheet says why each is one.
func (w *Switches) table() []switchRow {
	return slices.Concat(w.patchTable(), w.answerTable(), w.lifecycleTable(), w.accessTable(), w.limitTable())
}

func (w *Switches) patchTable() []switchRow {
	return []switchRow{
		{"patch_empty_list", &w.PatchEmptyList, []string{"clear", "ignore"}, "what [] in a PATCH does to a list"},
		{"patch_mode", &w.PatchMode, []string{"merge", "replace"}, "a field left out of a PATCH keeps its value, or is unset"},
		{"patch_null", &w.PatchNull, []string{"absent", "clear"}, "null in a PATCH is as if left out, or unsets the field"},
		{"patch_rules", &w.PatchRules, []string{"merged", "body"}, "the scope rules look at the merged result, or at the body alone"},
		{"scope_rules", &w.ScopeRules, []string{"write", "submit", "off"}, "when the scope rules are checked: at create and PATCH, only at submit_approve, never"},
		{"new_staff_audience", &w.NewStaffAudience, []string{"ignored", "refused"}, "user_list or department_list beside push_scope_type 3"},
		{"new_staff_unused", &w.NewStaffUnused, []string{"stored", "dropped"}, "new_staff_* beside push_type 0"},
		{"card_check", &w.CardCheck, []string{"object", "off"}, "push_content must be a JSON object, or may be any text"},
		{"push_content", &w.PushContent, []string{"kept", "compact"}, "GET gives a card back as it was sent, or without white space"},
		{"target_ids", &w.TargetIDs, []string{"form", "any", "directory"}, "ids in lists: checked for their form, not at all, or against the directory"},
		{"duplicates", &w.Duplicates, []string{"kept", "dropped", "refused"}, "an id given twice in one list"},
		{"send_at", &w.SendAt, []string{"numeric", "future"}, "a PATCH takes any milliseconds, or only those to come"},
		{"server_fields", &w.ServerFields, []string{"ignored", "refused"}, "id, status and other fields of the server in a body"},
		{"unknown_fields", &w.UnknownFields, []string{"ignored", "refused"}, "fields of a body that the API does not have"},
		{"content_type", &w.ContentType, []string{"required", "ignored"}, "a body without Content-Type application/json"},
	}
}

func (w *Switches) answerTable() []switchRow {
	return []switchRow{
		{"unset_lists", &w.UnsetLists, []string{"null", "empty", "absent"}, "how GET shows a list without entries"},
		{"list_order", &w.ListOrder, []string{"kept", "reversed"}, "the order in which GET gives a list back"},
		{"list_names", &w.ListNames, []string{"directory", "as_sent"}, "names in lists come from the directory, or from the PATCH"},
		{"user_ids", &w.UserIDs, []string{"shown", "withhold_user_id", "withhold_all"}, "leave user_id out of answers: never, when user_id_type is user_id (no contact scope), always"},
		{"invalid_user_id_type", &w.InvalidUserIDType, []string{"99992402", "154000", "ignored"}, "a user_id_type that is none of the three"},
		{"error_object", &w.ErrorObject, []string{"log_id", "logid", "none"}, "where an error carries its log id"},
		{"unknown_route", &w.UnknownRoute, []string{"text", "json"}, "404 page not found as text, or JSON 99991201"},
	}
}

func (w *Switches) lifecycleTable() []switchRow {
	return []switchRow{
		{"wrong_state", &w.WrongState, []string{"154000", "154005"}, "the code for PATCH of what is no draft, and for other calls out of turn"},
		{"cancel_approve", &w.CancelApprove, []string{"draft", "cancelled"}, "what a cancelled approval leads to"},
		{"reject", &w.Reject, []string{"rejected", "draft"}, "what a rejection leads to"},
		{"past_send", &w.PastSend, []string{"refused", "accepted"}, "execute_send with a time that has passed"},
		{"has_access", &w.HasAccess, []string{"true", "false"}, "submit_approve's has_access; false changes nothing"},
		{"approval_app_link", &w.ApprovalAppLink, []string{"submitted", "always"}, "when GET has an approval link"},
	}
}

func (w *Switches) accessTable() []switchRow {
	return []switchRow{
		{"user_role", &w.UserRole, []string{"owner", "admin", "member"}, "who the user behind the user tokens is at the helpdesk"},
		{"role_check", &w.RoleCheck, []string{"all", "writes", "off"}, "which calls a plain member is refused with 154005"},
		{"scope_code", &w.ScopeCode, []string{"99991672", "99991679", "154003"}, "the code for a missing scope"},
		{"write_scope_reads", &w.WriteScopeReads, []string{"yes", "no"}, "helpdesk:all includes helpdesk:all:readonly"},
		{"tenant_token_get", &w.TenantTokenGet, []string{"accepted", "refused"}, "GET of a notification with a tenant token"},
		{"helpdesk_bearer", &w.HelpdeskBearer, []string{"refused", "accepted"}, "\"Bearer \" before the value of X-Lark-Helpdesk-Authorization"},
		{"expired_status", &w.ExpiredStatus, []string{"401", "400"}, "HTTP status of 99991677, an expired user token"},
		{"ticket_content", &w.TicketContent, []string{"both", "string", "object"}, "the form of a ticket message's content"},
		{"ticket_forbidden", &w.TicketForbidden, []string{"401", "403"}, "HTTP status of 154003 on ticket messages"},
	}
}

func (w *Switches) limitTable() []switchRow {
	return []switchRow{
		{"window", &w.Window, []string{"fixed", "sliding"}, "rate limits count 60 s from the first call, or the last 60 s"},
		{"throttle", &w.Throttle, []string{"429", "400", "200"}, "HTTP status of 99991400"},
		{"reset_header", &w.ResetHeader, []string{"seconds", "fractional", "retry_after", "none"}, "how a throttled answer says when to come back"},
	}
}

// SwitchDocs lists every switch with its values, the default first.
func SwitchDocs() []Doc {
	var docs []Doc
	for _, row := range new(Switches).table() {
		docs = append(docs, Doc{Name: row.name, Values: row.values, Text: row.text})
	}
	return docs
}

// Set sets one switch from its text form, such as "patch_empty_list=ignore".
func (w *Switches) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	for _, row := range w.table() {
		if row.name != name {
			continue
		}
		if err := row.check(value); err != nil {
			return err
		}
		*row.field = value
		return nil
	}
	return fmt.Errorf("switch %q: no switch of that name", name)
}

// complete fills in the defaults and names every value that is none of its
// switch's, so that the rest of the package can compare with the others blindly.
func (w *Switches) complete() error {
	var faults []error
	for _, row := range w.table() {
		if *row.field == "" {
			*row.field = row.values[0]
		}
		if err := row.check(*row.field); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
