package report

import (
	"fmt"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// changes draws what differs in a draft, one block a field.
func (p *painter) changes(d reconcile.PlannedDraft) {
	for field, changes := range diff.ByField(d.Changes) {
		p.field(d, field, changes)
	}
}

func (p *painter) field(d reconcile.PlannedDraft, field string, changes []diff.Change) {
	switch before, after, isList := d.ListSizes(field); {
	case isList:
		p.line(4, yellow, fmt.Sprintf("~ %s: %d → %d", field, before, after))
		p.members(changes)
	case field == "push_content" && d.Live != nil:
		p.line(4, yellow, "~ push_content: "+Plural(len(changes), "change")+originOf(changes[0]))
		p.card(d.Live.PushContent, d.Desired.PushContent)
	default:
		for _, c := range changes {
			p.scalar(4, c)
		}
	}
}

// members draws the members that a list loses and gains.
func (p *painter) members(changes []diff.Change) {
	for _, c := range changes {
		sign, color := opSign(c.Op)
		p.line(8, color, sign+" "+memberText(c)+originOf(c))
	}
}

// memberText is a member of a list with the name it has.
func memberText(c diff.Change) string {
	t, _ := c.Member()
	if t.Name == "" {
		return Visible(t.ID)
	}
	note := ""
	if c.NameFrom == "file" {
		note = ", a name from the file"
	}
	return Visible(t.ID) + " (" + Visible(t.Name) + note + ")"
}

// originOf labels a change with who made it, where a base revision tells.
func originOf(c diff.Change) string {
	if c.Origin == "" {
		return ""
	}
	return " [" + string(c.Origin) + "]"
}

// scalar draws a field of one value. Two values that do not fit in a line stand below each other.
func (p *painter) scalar(indent int, c diff.Change) {
	name := c.Field
	if c.Path != "" {
		name += "." + Visible(c.Path)
	}
	before, after := literal(c.Field, c.Before), literal(c.Field, c.After)
	sign, color := opSign(c.Op)
	one := fmt.Sprintf("%s %s: %s", sign, name, strings.TrimPrefix(before+after, " "))
	if c.Op == diff.Replace {
		one = fmt.Sprintf("~ %s: %s → %s", name, before, after)
	}
	one += originOf(c)
	if cells().StringWidth(one) <= width-indent-continuedWidth {
		p.line(indent, color, one)
		return
	}
	p.line(indent, color, sign+" "+name+":"+originOf(c))
	if before != "" {
		p.line(indent+4, red, "- "+before)
	}
	if after != "" {
		p.line(indent+4, green, "+ "+after)
	}
}

func opSign(op diff.Op) (sign, color string) {
	switch op {
	case diff.Add:
		return "+", green
	case diff.Remove:
		return "-", red
	default:
		return "~", yellow
	}
}

// literal is a value as the draft file has it: free text in quotes, names of the API bare.
func literal(field string, v spec.JSON) string {
	if v.IsZero() {
		return ""
	}
	s, ok := v.Value().(string)
	switch {
	case !ok:
		return Visible(v.String())
	case field == "job_name", field == "ext":
		return quoted(s)
	default:
		return Visible(s)
	}
}

// card draws the line diff of two cards.
func (p *painter) card(before, after spec.JSON) {
	for _, h := range hunks(cardLines(diff.Align(before, after))) {
		p.line(8, dim, "@@ "+h.heading)
		for _, l := range h.lines {
			p.diffLine(l)
		}
	}
}

// diffLine keeps the indentation of a card line on the lines that continue it.
func (p *painter) diffLine(l cardLine) {
	color := ""
	switch l.sign {
	case '+':
		color = green
	case '-':
		color = red
	}
	p.line(8, color, string(l.sign)+" "+l.text)
}
