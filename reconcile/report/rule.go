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
	why      string // why it exists, and what to do
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
			summary: "a notification could not be read, or Feishu refused the change", why: whyFailed},
		{id: ruleBlocked, of: string(reconcile.OutcomeBlocked), severity: spec.Error, called: "blocked", hint: hintBlocked,
			summary: "a notification differs, but its status is not 0: Feishu changes only drafts", why: whyBlocked},
		{id: ruleStale, of: string(reconcile.OutcomeStale), severity: spec.Error, called: "stale", message: staleDraft, hint: hintStale,
			summary: "a notification changed on the server since it was planned, and was not written", why: whyStale},
		{id: "draft-unverified", of: string(reconcile.OutcomeUnverified), severity: spec.Error, called: "unverified", message: unverifiedDraft, hint: hintUnverified,
			summary: "a change was sent, but what the server holds now is not what the file says", why: whyUnverified},
		{id: "draft-unknown", of: string(reconcile.OutcomeUnknown), severity: spec.Error, called: "unknown",
			summary: "Feishu was asked to create a draft, and nobody knows whether it did", why: whyUnknown},
		{id: ruleWidened, severity: spec.Warning, called: "audience widened",
			summary: "a change lets the message reach people it did not reach before", why: whyWidened},
		{id: ruleSendAtPassed, severity: spec.Warning, called: "send_at passed",
			summary: "a change writes a send_at that has passed", why: whySendAtPassed},
		{id: ruleConsoleEdit, severity: spec.Warning, called: "console edit",
			summary: "a change overwrites what somebody edited at the console", why: whyConsoleEdit},
		{id: ruleRemoved, severity: spec.Note, message: staysInHelpdesk, hint: hintRemoved,
			summary: "a draft is in no file any more, and its notification stays in the helpdesk", why: whyRemoved},
		{id: ruleNotAttempted, of: string(reconcile.OutcomeNotAttempted), severity: spec.Error, message: notAttemptedDraft, hint: applyAgain},
		{id: ruleNotRead, of: string(reconcile.NotRead), severity: spec.Error, message: unreadDraft},
	}
}

// Rules are the rules that findings can have: those of the files, then those of plans and results.
func Rules() []spec.Rule {
	rules := spec.Rules()
	for _, r := range planRules() {
		if r.summary != "" {
			rules = append(rules, spec.Rule{ID: r.id, Severity: r.severity, Fixed: true, Summary: r.summary})
		}
	}
	return rules
}

// Explain is the explanation of one of Rules; those of plans have no examples, for no file is at
// fault.
func Explain(id string) spec.Explanation {
	if r := ruleNamed(id); r.why != "" {
		return spec.Explanation{Why: r.why, Source: sourcePlan}
	}
	return spec.Explain(id)
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
