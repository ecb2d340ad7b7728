package report

import (
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// compose makes the message about a run.
func compose(r Run) message {
	m := message{title: ticketPlan, ending: endingTable()[r.ending()].ticket}
	if r.Command == "apply" {
		m.title = ticketApply
	}
	m.faults(r)
	m.change(r)
	switch {
	case r.Result != nil:
		m.result(r)
	case r.Plan != nil:
		m.plan(r)
	case r.Fault == nil && r.count(spec.Error) == 0:
		m.head.say(ticketNoPlan)
	}
	if isWebLink(r.URL) {
		m.tail = append(m.tail, paragraph{}.link(ticketRun, r.URL))
	}
	return m
}

// maxFaults is how many faults of files are listed.
const maxFaults = 5

// faults says why the run could not go on: the faults of the files, and the command's own.
func (m *message) faults(r Run) {
	if n := r.count(spec.Error); r.Plan == nil && n > 0 {
		m.head.say(ticketFaults, n)
		m.diagnostics(r.Diagnostics)
	}
	if r.Fault == nil {
		return
	}
	for i, text := range strings.Split(r.Fault.Message, "\n") {
		if i == maxFaults {
			break
		}
		m.head.say(ticketError, plain(text, longText))
	}
}

func (m *message) diagnostics(list []spec.Diagnostic) {
	said := 0
	for _, d := range list {
		if d.Level() != spec.Error {
			continue
		}
		if said == maxFaults {
			m.head.say(ticketMore)
			return
		}
		m.head.say(ticketFault, plainDiagnostic(d), d.Rule)
		said++
	}
}

func (m *message) plan(r Run) {
	p, s := *r.Plan, r.Plan.Summary
	m.head.say(ticketPlanCounts, words{zh: planCounts(s, chinese), en: planCounts(s, english)})
	m.helpdesk(p.Helpdesk)
	for _, d := range p.Drafts {
		if d.Action != reconcile.NoOp {
			m.drafts = append(m.drafts, planned(d, r.Now))
		}
	}
	if !p.Complete {
		m.head.say(ticketIncomplete, s.NotRead)
	}
	for i, why := range p.Refusals {
		if i == maxFaults {
			m.head.say(ticketMore)
			break
		}
		m.head.say(ticketRefused, plain(why.Message, longText))
	}
	m.dangers(p, r.Now, ticketWouldLose)
	if s.Update > 0 {
		m.tail.say(ticketDigest, p.Digest)
	}
}

// dangers counts what is dangerous in the updates of a plan; the drafts say what it is.
func (m *message) dangers(p reconcile.Plan, now time.Time, edits ticketText) {
	for _, danger := range []struct {
		drafts int
		say    ticketText
	}{{p.Widened(), ticketWidened}, {p.SendAtPassed(now), ticketPassed}, {p.ConsoleEdits(), edits}} {
		if danger.drafts > 0 {
			m.head.say(danger.say, danger.drafts)
		}
	}
}

// helpdesk says which one it is of, by its host: nothing in a message is an address to follow but
// links.
func (m *message) helpdesk(h reconcile.Helpdesk) {
	_, host, _ := strings.Cut(h.BaseURL, "://")
	if h.HelpdeskID != "" {
		m.head.say(ticketHelpdesk, plain(h.HelpdeskID, shortText), plain(host, longText))
	}
}

func (m *message) result(r Run) {
	s := r.Result.Summary
	counts, values := r.resultCounts()
	m.head.say(counts, values...)
	m.helpdesk(r.Result.Helpdesk)
	var sent reconcile.Plan // what of the plan was sent
	for i, d := range r.Result.Drafts {
		var p reconcile.PlannedDraft
		if r.Plan != nil && i < len(r.Plan.Drafts) {
			p = r.Plan.Drafts[i] // a result names every draft of its plan, in its order
		}
		p.Changes = d.Changes
		if r.Fault != nil && d.Outcome == reconcile.OutcomeNotAttempted {
			d.Error = nil // the head has it
		}
		if wasSent(d) {
			sent.Drafts = append(sent.Drafts, p)
		}
		if d.Outcome != reconcile.OutcomeUnchanged || len(d.Changes) > 0 {
			m.drafts = append(m.drafts, done(d, p, r.Now))
		}
	}
	m.dangers(sent, r.Now, ticketLost)
	if len(m.drafts) > 0 {
		m.tail.say(ticketDigest, r.Result.Digest)
	}
	if s.Applied > 0 {
		m.tail.say(ticketStillDrafts)
	}
}

func wasSent(d reconcile.DraftResult) bool {
	return d.Outcome == reconcile.OutcomeApplied || d.Outcome == reconcile.OutcomeUnverified
}
