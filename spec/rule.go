package spec

import (
	"fmt"
	"slices"
	"strings"

	"notiform/spec/card"
)

// Rule is one entry of the catalogue.
type Rule struct {
	ID       string
	Severity Severity // before --rule and --strict; those of cards may do otherwise, see their Summary
	// Fixed rules cannot be lowered: behind them is a value that could not be
	// known, or a file of which nothing can be said.
	Fixed bool
	// Clock rules judge by the time of day: Strict leaves them warnings, so that the same
	// files get the same verdict tomorrow.
	Clock   bool
	Summary string // when it speaks, in one line
}

// The ids of the rules; they are public, in --rule settings and in output.
const (
	ruleYAMLSyntax          = "yaml-syntax"
	ruleTextCutOff          = "text-cut-off"
	ruleUnknownField        = "unknown-field"
	ruleDuplicateField      = "duplicate-field"
	ruleWrongType           = "wrong-type"
	ruleMissingField        = "missing-field"
	ruleInvalidValue        = "invalid-value"
	ruleServerField         = "server-field"
	ruleUnquotedID          = "unquoted-id"
	ruleInvalidID           = "invalid-id"
	ruleDuplicateID         = "duplicate-id"
	ruleDuplicateTarget     = "duplicate-target"
	ruleScheduledScope      = "scheduled-scope"
	ruleNewStaffScope       = "new-staff-scope"
	ruleNewStaffTypeMissing = "new-staff-type-missing"
	ruleNewStaffDepartments = "new-staff-departments-missing"
	ruleNewStaffIgnored     = "new-staff-fields-ignored"
	ruleAudienceNotAllowed  = "audience-not-allowed"
	ruleAudienceMissing     = "audience-missing"
	ruleChatsMissing        = "chats-missing"
	ruleRootDepartment      = "root-department"
	ruleSendTimeZone        = "send-time-zone"
	ruleSendTimePast        = "send-time-past"
	ruleCardJSON            = "card-json"
	ruleCardVersion         = "card-version"
	ruleCardSize            = "card-size"
	ruleLinkHost            = "link-host"
	ruleSendWindow          = "send-window"
	ruleHiddenCharacter     = "hidden-character"
	ruleLineBreak           = "line-break"
	ruleContentFile         = "content-file"
	ruleDraftFile           = "draft-file"
	ruleUnreadableFile      = "unreadable-file"
)

// Rules is the catalogue, in the order of the manual.
func Rules() []Rule {
	const fixed, clock = true, true
	rules := []Rule{
		{ruleYAMLSyntax, Error, fixed, !clock, "the file is not YAML, or its aliases expand without bound"},
		{ruleTextCutOff, Warning, !fixed, !clock, "a text of which YAML leaves a part out, as a comment or an anchor, or that takes a comment in"},
		{ruleUnknownField, Error, !fixed, !clock, "a field no draft has"},
		{ruleDuplicateField, Error, fixed, !clock, "a field or a card's key given twice"},
		{ruleWrongType, Error, fixed, !clock, "a value of another YAML type than the field wants"},
		{ruleMissingField, Error, fixed, !clock, "job_name, push_content (or push_content_file), push_type or push_scope_type is absent, or a list entry has no id"},
		{ruleInvalidValue, Error, fixed, !clock, "a value the field does not have"},
		{ruleServerField, Error, !fixed, !clock, "a field that Feishu sets"},
		{ruleUnquotedID, Warning, !fixed, !clock, "a notification_id written as a bare number, which other YAML tools round"},
		{ruleInvalidID, Error, !fixed, !clock, "an id that cannot be one of its kind"},
		{ruleDuplicateID, Error, fixed, !clock, "two documents own one notification_id"},
		{ruleDuplicateTarget, Error, !fixed, !clock, "the same id twice in one list"},
		{ruleScheduledScope, Error, !fixed, !clock, "push_type scheduled with push_scope_type new_staff"},
		{ruleNewStaffScope, Error, !fixed, !clock, "push_type new_staff with push_scope_type all_members or selected_members"},
		{ruleNewStaffTypeMissing, Error, !fixed, !clock, "push_type new_staff without new_staff_scope_type"},
		{ruleNewStaffDepartments, Error, !fixed, !clock, "new_staff_scope_type departments without new_staff_scope_department_list"},
		{ruleNewStaffIgnored, Warning, !fixed, !clock, "new staff fields that are not in effect"},
		{ruleAudienceNotAllowed, Error, !fixed, !clock, "user_list or department_list with a scope other than selected_members"},
		{ruleAudienceMissing, Error, !fixed, !clock, "selected_members without user_list and department_list"},
		{ruleChatsMissing, Error, !fixed, !clock, "chats_only without chat_list"},
		{ruleRootDepartment, Warning, !fixed, !clock, "department 0, the whole organisation"},
		{ruleSendTimeZone, Error, fixed, !clock, "a send_at without an offset from UTC"},
		{ruleSendTimePast, Warning, !fixed, clock, "a send_at that has passed"},
		{ruleCardJSON, Error, fixed, !clock, "a card that is no JSON object, or repeats a key"},
		{ruleCardVersion, Error, !fixed, !clock, "a card of JSON 2.0 or a card template; the helpdesk takes card JSON 1.0"},
		{ruleCardSize, Error, !fixed, !clock, "a card over 30 KiB as compact JSON; over 28 KiB a warning"},
		{ruleLinkHost, Error, !fixed, !clock, "an address in a card that leads to none of the hosts in link_hosts of .notiform.yaml"},
		{ruleSendWindow, Error, !fixed, !clock, "a send_at outside of send_window in .notiform.yaml"},
		{ruleHiddenCharacter, Warning, !fixed, !clock, "bidi controls, zero-width and other invisible characters anywhere in the file: a name, a card, a comment, between tokens"},
		{ruleLineBreak, Error, fixed, !clock, "U+0085, U+2028, U+2029 or a lone CR: they end a line for YAML and for no editor"},
		{ruleContentFile, Error, fixed, !clock, "a push_content_file that cannot be read, lies outside the working directory, or stands beside push_content"},
		{ruleDraftFile, Error, fixed, !clock, "a file that is not UTF-8, is too large, is other YAML, or holds no draft though it was named"},
		{ruleUnreadableFile, Error, fixed, !clock, "a path the operating system refuses"},
	}
	return slices.Insert(rules, slices.IndexFunc(rules, func(r Rule) bool { return r.ID == ruleCardSize })+1, cardRules()...)
}

// cardRules are those on what is within a card. Each also tells what is only a doubt, or the
// reverse, see their summaries.
func cardRules() []Rule {
	var rules []Rule
	for _, r := range card.Rules() {
		severity := Warning
		if r.Sure {
			severity = Error
		}
		rules = append(rules, Rule{ID: r.ID, Severity: severity, Summary: r.Summary})
	}
	return rules
}

func ruleNamed(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// ParseRuleSetting reads ID=error, ID=warning or ID=off. It refuses an id that
// is no rule's, naming the nearest, and the lowering of a Fixed rule. What it quotes is as
// it was typed, unlike that of a Diagnostic: whoever prints it makes it visible.
func ParseRuleSetting(s string) (id string, sev Severity, err error) {
	id, level, ok := strings.Cut(s, "=")
	if !ok {
		return "", 0, fmt.Errorf(settingForm, s)
	}
	rule, ok := ruleNamed(id)
	if !ok {
		return "", 0, noSuchRule(s, id)
	}
	if sev, ok = parseSeverity(level); !ok {
		return "", 0, fmt.Errorf(settingSeverity, s, level)
	}
	if rule.Fixed && sev != Error {
		return "", 0, fmt.Errorf(settingFixed, s, id)
	}
	return id, sev, nil
}

func noSuchRule(setting, id string) error {
	if near := Nearest(id, ruleIDs()); near != "" {
		return fmt.Errorf(settingNearRule, setting, near)
	}
	return fmt.Errorf(settingNoRule, setting)
}

func ruleIDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
