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
	field  func(*Switches) *string
	values []string // the default first
	text   string
}

// switchTable lists every switch; feishu-api.md says why each is one.
func switchTable() []switchRow {
	return slices.Concat(patchSwitches(), answerSwitches(), lifecycleSwitches(), accessSwitches(), limitSwitches())
}

func patchSwitches() []switchRow {
	return []switchRow{
		{"patch_empty_list", func(w *Switches) *string { return &w.PatchEmptyList }, []string{"clear", "ignore"}, "what [] in a PATCH does to a list"},
		{"patch_mode", func(w *Switches) *string { return &w.PatchMode }, []string{"merge", "replace"}, "a field left out of a PATCH keeps its value, or is unset"},
		{"patch_null", func(w *Switches) *string { return &w.PatchNull }, []string{"absent", "clear"}, "null in a PATCH is as if left out, or unsets the field"},
		{"patch_rules", func(w *Switches) *string { return &w.PatchRules }, []string{"merged", "body"}, "the scope rules look at the merged result, or at the body alone"},
		{"scope_rules", func(w *Switches) *string { return &w.ScopeRules }, []string{"write", "submit", "off"}, "when the scope rules are checked: at create and PATCH, only at submit_approve, never"},
		{"new_staff_audience", func(w *Switches) *string { return &w.NewStaffAudience }, []string{"ignored", "refused"}, "user_list or department_list beside push_scope_type 3"},
		{"new_staff_unused", func(w *Switches) *string { return &w.NewStaffUnused }, []string{"stored", "dropped"}, "new_staff_* beside push_type 0"},
		{"card_check", func(w *Switches) *string { return &w.CardCheck }, []string{"object", "off"}, "push_content must be a JSON object, or may be any text"},
		{"push_content", func(w *Switches) *string { return &w.PushContent }, []string{"kept", "compact"}, "GET gives a card back as it was sent, or without white space"},
		{"target_ids", func(w *Switches) *string { return &w.TargetIDs }, []string{"form", "any", "directory"}, "ids in lists: checked for their form, not at all, or against the directory"},
		{"duplicates", func(w *Switches) *string { return &w.Duplicates }, []string{"kept", "dropped", "refused"}, "an id given twice in one list"},
		{"send_at", func(w *Switches) *string { return &w.SendAt }, []string{"numeric", "future"}, "a PATCH takes any milliseconds, or only those to come"},
		{"server_fields", func(w *Switches) *string { return &w.ServerFields }, []string{"ignored", "refused"}, "id, status and other fields of the server in a body"},
		{"unknown_fields", func(w *Switches) *string { return &w.UnknownFields }, []string{"ignored", "refused"}, "fields of a body that the API does not have"},
		{"content_type", func(w *Switches) *string { return &w.ContentType }, []string{"required", "ignored"}, "a body without Content-Type application/json"},
	}
}

func answerSwitches() []switchRow {
	return []switchRow{
		{"unset_lists", func(w *Switches) *string { return &w.UnsetLists }, []string{"null", "empty", "absent"}, "how GET shows a list without entries"},
		{"list_order", func(w *Switches) *string { return &w.ListOrder }, []string{"kept", "reversed"}, "the order in which GET gives a list back"},
		{"list_names", func(w *Switches) *string { return &w.ListNames }, []string{"directory", "as_sent"}, "names in lists come from the directory, or from the PATCH"},
		{"user_ids", func(w *Switches) *string { return &w.UserIDs }, []string{"shown", "withhold_user_id", "withhold_all"}, "leave user_id out of answers: never, when user_id_type is user_id (no contact scope), always"},
		{"invalid_user_id_type", func(w *Switches) *string { return &w.InvalidUserIDType }, []string{"99992402", "154000", "ignored"}, "a user_id_type that is none of the three"},
		{"error_object", func(w *Switches) *string { return &w.ErrorObject }, []string{"log_id", "logid", "none"}, "where an error carries its log id"},
		{"unknown_route", func(w *Switches) *string { return &w.UnknownRoute }, []string{"text", "json"}, "404 page not found as text, or JSON 99991201"},
	}
}

func lifecycleSwitches() []switchRow {
	return []switchRow{
		{"wrong_state", func(w *Switches) *string { return &w.WrongState }, []string{"154000", "154005"}, "the code for PATCH of what is no draft, and for other calls out of turn"},
		{"cancel_approve", func(w *Switches) *string { return &w.CancelApprove }, []string{"draft", "cancelled"}, "what a cancelled approval leads to"},
		{"reject", func(w *Switches) *string { return &w.Reject }, []string{"rejected", "draft"}, "what a rejection leads to"},
		{"past_send", func(w *Switches) *string { return &w.PastSend }, []string{"refused", "accepted"}, "execute_send with a time that has passed"},
		{"has_access", func(w *Switches) *string { return &w.HasAccess }, []string{"true", "false"}, "submit_approve's has_access; false changes nothing"},
		{"approval_app_link", func(w *Switches) *string { return &w.ApprovalAppLink }, []string{"submitted", "always"}, "when GET has an approval link"},
	}
}

func accessSwitches() []switchRow {
	return []switchRow{
		{"user_role", func(w *Switches) *string { return &w.UserRole }, []string{"owner", "admin", "member"}, "who the user behind the user tokens is at the helpdesk"},
		{"role_check", func(w *Switches) *string { return &w.RoleCheck }, []string{"all", "writes", "off"}, "which calls a plain member is refused with 154005"},
		{"scope_code", func(w *Switches) *string { return &w.ScopeCode }, []string{"99991672", "99991679", "154003"}, "the code for a missing scope"},
		{"write_scope_reads", func(w *Switches) *string { return &w.WriteScopeReads }, []string{"yes", "no"}, "helpdesk:all includes helpdesk:all:readonly"},
		{"tenant_token_get", func(w *Switches) *string { return &w.TenantTokenGet }, []string{"accepted", "refused"}, "GET of a notification with a tenant token"},
		{"helpdesk_bearer", func(w *Switches) *string { return &w.HelpdeskBearer }, []string{"refused", "accepted"}, "\"Bearer \" before the value of X-Lark-Helpdesk-Authorization"},
		{"expired_status", func(w *Switches) *string { return &w.ExpiredStatus }, []string{"401", "400"}, "HTTP status of 99991677, an expired user token"},
		{"ticket_content", func(w *Switches) *string { return &w.TicketContent }, []string{"both", "string", "object"}, "the form of a ticket message's content"},
		{"ticket_forbidden", func(w *Switches) *string { return &w.TicketForbidden }, []string{"401", "403"}, "HTTP status of 154003 on ticket messages"},
	}
}

func limitSwitches() []switchRow {
	return []switchRow{
		{"window", func(w *Switches) *string { return &w.Window }, []string{"fixed", "sliding"}, "rate limits count 60 s from the first call, or the last 60 s"},
		{"throttle", func(w *Switches) *string { return &w.Throttle }, []string{"429", "400", "200"}, "HTTP status of 99991400"},
		{"reset_header", func(w *Switches) *string { return &w.ResetHeader }, []string{"seconds", "fractional", "retry_after", "none"}, "how a throttled answer says when to come back"},
	}
}

// SwitchDocs lists every switch with its values, the default first.
func SwitchDocs() []Doc {
	var docs []Doc
	for _, row := range switchTable() {
		docs = append(docs, Doc{Name: row.name, Values: row.values, Text: row.text})
	}
	return docs
}

// Set sets one switch from its text form, such as "patch_empty_list=ignore".
func (w *Switches) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	for _, row := range switchTable() {
		if row.name != name {
			continue
		}
		if !slices.Contains(row.values, value) {
			return fmt.Errorf("switch %s: %q is none of %s", name, value, strings.Join(row.values, ", "))
		}
		*row.field(w) = value
		return nil
	}
	return fmt.Errorf("switch %q: no switch of that name", name)
}

// complete fills in the defaults and names every value that is none of its
// switch's, so that the rest of the package can compare with the others blindly.
func (w *Switches) complete() error {
	var faults []error
	for _, row := range switchTable() {
		field := row.field(w)
		if *field == "" {
			*field = row.values[0]
		}
		if !slices.Contains(row.values, *field) {
			faults = append(faults, fmt.Errorf("switch %s: %q is none of %s", row.name, *field, strings.Join(row.values, ", ")))
		}
	}
	return errors.Join(faults...)
}
