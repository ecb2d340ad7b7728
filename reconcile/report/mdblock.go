package report

import (
	"fmt"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// blockWidth is where the lines of a block are broken: wider than text, since a page scrolls,
// and still short enough that cutting by lines wastes little.
const blockWidth = 120

// diffBlock collects the lines of a fenced diff. Each begins with a sign of ours, so that
// nothing from data can stand where a line begins.
type diffBlock struct{ lines []string }

// say adds a line behind a sign: '+', '-', ' ', '!' for what to mind, '@' for a heading. A long
// line goes on behind the same sign.
func (b *diffBlock) say(sign byte, text string) {
	first, indent := string(sign)+" ", len(text)-len(strings.TrimLeft(text, " "))
	end := ""
	if sign == '@' {
		first, end = "@@ ", " @@"
	}
	lead := text[:min(indent, blockWidth/2)]
	for i, piece := range wrap(text[len(lead):], blockWidth-len(lead)) {
		if i > 0 {
			piece = continued + piece
		}
		b.lines = append(b.lines, inert(strings.TrimRight(first+lead+piece, " "))+end)
	}
}

// plannedBlock is what planning found out about one draft.
func plannedBlock(d reconcile.PlannedDraft) []string {
	var b diffBlock
	b.identity(d.NotificationID, d.File, d.Line)
	for _, why := range d.Widened() {
		b.say('!', "audience: "+Visible(why))
	}
	if d.UpdatedAt != "" && len(d.Changes) > 0 {
		b.say(' ', "last changed on the server "+Visible(d.UpdatedAt)+by(d.UpdatedBy))
	}
	if d.Action == reconcile.Blocked {
		b.say('!', "blocked: "+statusText(d.Status))
		b.say('!', "hint: "+hintBlocked)
	}
	b.fault(d.Error)
	b.changes(d)
	return b.lines
}

// resultBlock is what became of one draft; planned is the same draft in the plan, if it is known.
func resultBlock(d reconcile.DraftResult, planned *reconcile.PlannedDraft) []string {
	var b diffBlock
	b.identity(d.NotificationID, d.File, d.Line)
	if note := outcomeNote(d); note != "" {
		b.say(' ', note)
	}
	if d.ApprovalAppLink != "" && d.Outcome == reconcile.OutcomeApplied {
		b.say(' ', "approval: "+Visible(d.ApprovalAppLink))
	}
	b.fault(d.Error)
	if len(d.Remaining) > 0 {
		b.say('!', remainingTitle(d.Outcome))
	}
	for _, c := range d.Remaining {
		b.change(c)
	}
	if planned != nil && len(d.Changes) > 0 {
		b.say(' ', "planned:")
		b.changes(*planned)
	}
	return b.lines
}

// identity adds which draft it is and where, of which the heading may show a part.
func (b *diffBlock) identity(id, file string, line int) {
	b.say(' ', fmt.Sprintf("%s  %s:%d", Visible(id), Visible(file), line))
}

func (b *diffBlock) fault(f *reconcile.Fault) {
	if f == nil {
		return
	}
	for _, line := range strings.Split(visibleLines(f.Message), "\n") {
		b.say('!', "error: "+line)
	}
	if f.Hint != "" {
		b.say('!', "hint: "+Visible(f.Hint))
	}
}

// changes adds what differs, one heading a field.
func (b *diffBlock) changes(d reconcile.PlannedDraft) {
	for _, changes := range diff.ByField(d.Changes) {
		b.field(d, changes)
	}
}

func (b *diffBlock) field(d reconcile.PlannedDraft, changes []diff.Change) {
	field := Visible(changes[0].Field)
	switch before, after, isList := d.ListSizes(changes[0].Field); {
	case isList:
		b.say('@', fmt.Sprintf("%s: %d → %d", field, before, after))
		for _, c := range changes {
			b.member(c)
		}
	case changes[0].Field == "push_content" && d.Live != nil && d.Desired != nil:
		b.say('@', field+": "+Plural(len(changes), "change")+originOf(changes[0]))
		for _, h := range hunks(cardLines(diff.Align(d.Live.PushContent, d.Desired.PushContent))) {
			b.say('@', h.heading)
			for _, l := range h.lines {
				b.say(l.sign, l.text)
			}
		}
	default:
		for _, c := range changes {
			b.change(c)
		}
	}
}

// member adds a member that a list gains or loses.
func (b *diffBlock) member(c diff.Change) {
	sign, _ := opSign(c.Op)
	b.say(sign[0], memberText(c)+originOf(c))
}

// change adds a field of one value, or a place in one.
func (b *diffBlock) change(c diff.Change) {
	if _, ok := c.Member(); ok {
		b.say('@', Visible(c.Field))
		b.member(c)
		return
	}
	name := Visible(c.Field)
	if c.Path != "" {
		name += "." + Visible(c.Path)
	}
	b.say('@', name+originOf(c))
	b.value('-', c.Field, c.Before)
	b.value('+', c.Field, c.After)
}

func (b *diffBlock) value(sign byte, field string, v spec.JSON) {
	if text := literal(field, v); text != "" {
		b.say(sign, text)
	}
}

// diagnosticsBlock are the lines of a block about draft files.
func diagnosticsBlock(list []spec.Diagnostic) []string {
	var b diffBlock
	for _, d := range list {
		sign := byte('!')
		if d.Severity == spec.Error {
			sign = '-'
		}
		b.say(sign, Visible(d.Pos.String())+": "+d.Severity.String()+": "+Visible(d.Message)+" ["+Visible(d.Rule)+"]")
		if d.Hint != "" {
			b.say(' ', "  hint: "+Visible(d.Hint))
		}
	}
	return b.lines
}
