package report

import (
	"notiform/reconcile"
	"notiform/spec"
)

// planRule is a rule that planning and applying find, besides those of the files. Its severity is
// fixed.
type planRule struct {
	id       string
	of       string // the action or the outcome that it is about, or ""
	severity spec.Severity
	called   string // what it is called where a reviewer must not overlook it
	summary  string // when it speaks, in one line; "" where one finding of the run speaks for all its drafts
	message  string // what is said of the draft, unless its error or the change says it
	hint     string
}

// The ids of the rules that code has to name; they are public.
const (
	ruleRun          = "notiform" // what keeps the run itself from going on to its end; it has no place
	ruleFailed       = "draft-failed"
	ruleBlocked      = "draft-blocked"
	ruleStale        = "draft-stale"
	ruleNotAttempted = "draft-not-attempted"
	ruleNotRead      = "draft-not-read"
	ruleWidened      = "audience-widened"
	ruleSendAtPassed = "send-at-passed"
	ruleConsoleEdit  = "console-edit"
	ruleRemoved      = "draft-removed"
	ruleRefused      = "plan-refused" // by a guard; of the plan as a whole
)

// planRules is the table of the rules.
func planRules() []planRule {
	return []planRule{
		{id: ruleFailed, of: string(reconcile.OutcomeFailed), severity: spec.Error, called: "failed",
			summary: "a notification could not be read, or Feishu refused the change"},
		{id: ruleBlocked, of: string(reconcile.OutcomeBlocked), severity: spec.Error, called: "blocked", hint: hintBlocked,
			summary: "a notification differs, but its status is not 0: Feishu changes only drafts"},
		{id: ruleStale, of: string(reconcile.OutcomeStale), severity: spec.Error, called: "stale", message: staleDraft, hint: hintStale,
			summary: "a notification changed on the server since it was planned, and was not written"},
		{id: "draft-unverified", of: string(reconcile.OutcomeUnverified), severity: spec.Error, called: "unverified", message: unverifiedDraft, hint: hintUnverified,
			summary: "a change was sent, but what the server holds now is not what the file says"},
		{id: "draft-unknown", of: string(reconcile.OutcomeUnknown), severity: spec.Error, called: "unknown"},
		{id: ruleWidened, severity: spec.Warning, called: "audience widened",
			summary: "a change lets the message reach people it did not reach before"},
		{id: ruleSendAtPassed, severity: spec.Warning, called: "send_at passed",
			summary: "a change writes a send_at that has passed"},
		{id: ruleConsoleEdit, severity: spec.Warning, called: "console edit",
			summary: "a change overwrites what somebody edited at the console"},
		{id: ruleRemoved, severity: spec.Note, message: staysInHelpdesk, hint: hintRemoved,
			summary: "a draft is in no file any more, and its notification stays in the helpdesk"},
		{id: ruleNotAttempted, of: string(reconcile.OutcomeNotAttempted), severity: spec.Error, message: notAttemptedDraft, hint: applyAgain},
		{id: ruleNotRead, of: string(reconcile.NotRead), severity: spec.Error, message: unreadDraft},
	}
}

// ruleOf is the rule about an action or an outcome; its id is "" where nothing stands in the way.
func ruleOf(word string) planRule {
	return ruleWhere(func(r planRule) bool { return r.of != "" && r.of == word })
}

func ruleNamed(id string) planRule { return ruleWhere(func(r planRule) bool { return r.id == id }) }

func ruleWhere(fits func(planRule) bool) planRule {
	for _, r := range planRules() {
		if fits(r) {
			return r
		}
	}
	return planRule{}
}
