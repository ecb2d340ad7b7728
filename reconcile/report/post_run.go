package report

import (
	"strings"

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
		m.plan(*r.Plan)
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

func (m *message) plan(p reconcile.Plan) {
	s := p.Summary
	m.head.say(ticketPlanCounts, words{zh: planCounts(s, chinese), en: planCounts(s, english)})
	for _, d := range p.Drafts {
		if d.Action != reconcile.NoOp {
			m.drafts = append(m.drafts, planned(d))
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
	m.dangers(p, ticketWouldLose)
	if s.Update > 0 {
		m.tail.say(ticketDigest, p.Digest)
	}
}

// dangers counts what is dangerous in the updates of a plan; the drafts say what it is.
func (m *message) dangers(p reconcile.Plan, edits ticketText) {
	widened := 0
	for _, d := range p.Drafts {
		if d.Action == reconcile.Update && len(d.Widened()) > 0 {
			widened++
		}
	}
	if widened > 0 {
		m.head.say(ticketWidened, widened)
	}
	if n := p.ConsoleEdits(); n > 0 {
		m.head.say(edits, n)
	}
}

func (m *message) result(r Run) {
	s := r.Result.Summary
	m.head.say(ticketApplyCounts, s.Applied, s.Unchanged, s.Blocked, s.Stale, s.Unverified, s.Failed, s.NotAttempted)
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
			m.drafts = append(m.drafts, done(d, p))
		}
	}
	m.dangers(sent, ticketLost)
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
