package report

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// A draft is drawn once, as lines that a terminal (paint.go) and a fenced block (mdblock.go) show,
// each in its own order and way.

// identity says which draft something is told of, and where it is.
type identity struct {
	name string // its job_name, which may be missing
	id   string // "" for one that is not created yet
	at   spec.Pos
}

func ofPlan(d reconcile.PlannedDraft) identity {
	return identity{d.JobName, d.NotificationID, spec.Pos{File: d.File, Line: d.Line}}
}

func ofResult(d reconcile.DraftResult) identity {
	return identity{d.JobName, d.NotificationID, spec.Pos{File: d.File, Line: d.Line}}
}

// title is its name, or that it has none.
func (i identity) title() string { return cmp.Or(i.name, noJobName) }

// line is one line of a drawn draft. As text it is indented and stands in a colour behind its lead,
// in a block behind its sign.
type line struct {
	indent      int
	color, lead string
	sign        byte
	text        string       // safe to print, as all values in it are
	change      *diff.Change // a value that differs, which has no text
}

func noteLine(color, format string, values ...any) line {
	return line{indent: 4, color: color, sign: ' ', text: fmt.Sprintf(format, values...)}
}

// mindLine is a line that is marked in a block: an error, a danger, or what to do about it.
func mindLine(color, format string, values ...any) line {
	return line{indent: 4, color: color, sign: '!', text: fmt.Sprintf(format, values...)}
}

func fieldLine(format string, values ...any) line {
	return line{indent: 4, color: yellow, lead: "~ ", sign: '@', text: fmt.Sprintf(format, values...)}
}

// signedLine is a member of a list, or a line of a card.
func signedLine(sign byte, text string) line {
	return line{indent: 8, color: signColor(sign), lead: string(sign) + " ", sign: sign, text: text}
}

// aboutLines say which draft it is and where, of which a heading may show a part.
func aboutLines(i identity) []line {
	if i.id == "" {
		return []line{noteLine(dim, notCreatedAt, exact(i.at.File), i.at.Line)}
	}
	return []line{noteLine(dim, draftAt, exact(i.id), exact(i.at.File), i.at.Line)}
}

// aboutResult is aboutLines, of what may be created as well.
func aboutResult(d reconcile.DraftResult) []line {
	if d.Outcome == reconcile.OutcomeUnknown {
		return []line{noteLine(dim, askedForAt, exact(d.File), d.Line)}
	}
	return aboutLines(ofResult(d))
}

// editLines say who changed the notification last, if that matters, and which version of the file
// it was compared with.
func editLines(d reconcile.PlannedDraft) (lines []line) {
	at := d.UpdatedAt
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		at = t.In(d.Zone()).Format(time.RFC3339) // as the other times of the block
	}
	switch {
	case len(d.Changes) == 0:
		return nil
	case at == "":
	case d.UpdatedBy == "":
		lines = append(lines, noteLine(dim, lastChanged, Visible(at)))
	default:
		lines = append(lines, noteLine(dim, lastChangedBy, Visible(at), Visible(d.UpdatedBy)))
	}
	const shown = 7 // of a commit, as Git shows it
	switch commit := d.OriginCommit[:min(len(d.OriginCommit), shown)]; {
	case commit == "":
	case d.OriginDistance == 0:
		lines = append(lines, noteLine(dim, stillHas, Visible(commit)))
	default:
		lines = append(lines, noteLine(dim, nearestHas, Visible(commit), Plural(d.OriginDistance, nounValue)))
	}
	return lines
}

// digestLines give the digest by which an update alone is approved.
func digestLines(d reconcile.PlannedDraft) []line {
	if d.Digest == "" {
		return nil
	}
	return []line{noteLine(dim, draftDigest, Visible(d.Digest))}
}

// dangerLines say whom a change reaches that was not reached before, and that its time has passed.
func dangerLines(d reconcile.PlannedDraft, now time.Time) (lines []line) {
	say := func(format, value string) {
		danger := mindLine(yellow, format, value)
		danger.lead = "! "
		lines = append(lines, danger)
	}
	for _, why := range d.Widened() {
		say(audienceIs, Visible(why))
	}
	if at, passed := d.SendAtPassed(now); passed {
		say(sendAtPassed, literal("send_at", at, Visible))
	}
	return lines
}

// troubleLines say why a draft cannot be written.
func troubleLines(d reconcile.PlannedDraft) []line {
	if d.Action != reconcile.Blocked {
		return faultLines(d.Error)
	}
	return append([]line{mindLine(red, blockedIs, statusText(d.Status)), mindLine("", hintIs, hintBlocked)}, faultLines(d.Error)...)
}

// faultLines are an error, each of those that it joins by itself, and what to do about it.
func faultLines(f *reconcile.Fault) (lines []line) {
	if f == nil {
		return nil
	}
	for text := range strings.SplitSeq(f.Message, "\n") {
		lines = append(lines, mindLine(red, errorIs, Visible(text)))
	}
	if f.Hint != "" {
		lines = append(lines, mindLine("", hintIs, Visible(f.Hint)))
	}
	return lines
}

// changeLines are what differs in a draft, a field under its heading.
func changeLines(d reconcile.PlannedDraft) (lines []line) {
	for field, changes := range diff.ByField(d.Changes) {
		switch before, after, isList := d.ListSizes(field); {
		case d.Action == reconcile.Create && (isList || field == "push_content"): // there is nothing to compare with
			lines = append(lines, newLines(field, changes, d.Desired)...)
		case isList:
			lines = append(lines, fieldLine(listSizes, field, reconcile.MembersMoved(changes), before, after))
			for _, c := range changes {
				lines = append(lines, signedLine(opSign(c.Op), memberText(c)+originOf(c)))
			}
		case field == "push_content" && d.Desired != nil:
			live := cmp.Or(d.Live, &diff.State{}).PushContent
			lines = append(lines, fieldLine(labelled, field, Plural(len(changes), nounChange)+originOf(changes[0])))
			lines = append(lines, hunkLines(live, d.Desired.PushContent)...)
			lines = append(lines, consoleLines(changes[0], live)...)
		default:
			lines = append(lines, valueLines(4, changes)...)
		}
	}
	return lines
}

// newLines are a list or a card of a draft that is not created yet.
func newLines(field string, changes []diff.Change, desired *diff.State) []line {
	lines := []line{{indent: 4, color: green, lead: "+ ", sign: '@', text: fmt.Sprintf(fieldBelow, field)}}
	if field == "push_content" {
		if desired == nil {
			return lines
		}
		return append(lines, hunkLines(spec.JSON{}, desired.PushContent)[1:]...) // without its place: it is the card
	}
	for _, c := range changes {
		lines = append(lines, signedLine(opSign(c.Op), memberText(c)))
	}
	return lines
}

// consoleLines are what the console changed in a card since the base, where the file did so too.
func consoleLines(c diff.Change, live spec.JSON) []line {
	if c.Origin != diff.Conflict || !c.Base.IsObject() {
		return nil
	}
	return append([]line{mindLine("", bothChanged)}, hunkLines(c.Base, live)...)
}

func hunkLines(before, after spec.JSON) (lines []line) {
	huge := ""
	if len(before.String()) > diff.MaxAligned { // no file's card is as large: only a server's
		huge, before = hugeValue(before), spec.JSON{}
	}
	for _, h := range hunks(cardLines(diff.Align(before, after))) {
		lines = append(lines, line{indent: 8, color: dim, lead: "@@ ", sign: '@', text: h.heading})
		for _, l := range marked(h.lines) {
			lines = append(lines, signedLine(l.sign, l.text))
		}
	}
	if huge != "" {
		lines = slices.Insert(lines, 1, signedLine('-', huge))
	}
	return lines
}

func valueLines(indent int, changes []diff.Change) []line {
	var lines []line
	for i, c := range changes {
		lines = append(lines, line{indent: indent, change: &changes[i]})
		if c.Origin == diff.Conflict && !c.Base.IsZero() {
			lines = append(lines, line{indent: indent + 4, sign: ' ', text: baseOf(c)})
		}
	}
	return lines
}

// baseOf is what the file said at the base of a value in conflict.
func baseOf(c diff.Change) string {
	if c.Base == spec.TextJSON("") {
		return fmt.Sprintf(unsetInBase, c.Field)
	}
	return fmt.Sprintf(wasInBase, c.Field, literal(c.Field, c.Base, telling(textOf(c.Base), textOf(c.Before), textOf(c.After))))
}

// resultLines say what became of a draft, and what stands between expectation and server.
func resultLines(d reconcile.DraftResult) (lines []line) {
	for _, note := range []string{noteOf(d), approvalOf(d)} {
		if note != "" {
			lines = append(lines, line{indent: 4, sign: ' ', text: note})
		}
	}
	lines = append(lines, faultLines(d.Error)...)
	switch {
	case len(d.Remaining) == 0:
		return lines
	case d.Outcome == reconcile.OutcomeStale:
		lines = append(lines, mindLine("", whatChanged))
	default:
		lines = append(lines, mindLine("", stillDifferent))
	}
	return append(lines, valueLines(8, d.Remaining)...)
}

// outcomeNote is what an outcome means for this draft, "" where its error says it.
func outcomeNote(d reconcile.DraftResult) string {
	switch d.Outcome {
	case reconcile.OutcomeApplied:
		return fmt.Sprintf(fieldsWritten, strings.Join(fieldNames(d.Changes), ", "))
	case reconcile.OutcomeCreated:
		return createdNote
	case reconcile.OutcomeSkipped:
		return skippedNote
	case reconcile.OutcomeUnchanged:
		return equalAlready
	case reconcile.OutcomeBlocked:
		return fmt.Sprintf(nothingSent, statusText(d.Status))
	case reconcile.OutcomeClosed:
		return closedOf(d.Status)
	case reconcile.OutcomeNotCreated:
		return notCreatedNote
	default:
		return ""
	}
}

// approvalOf says where what was applied is sent for approval, or is "".
func approvalOf(d reconcile.DraftResult) string {
	if d.ApprovalAppLink == "" || d.Outcome != reconcile.OutcomeApplied && d.Outcome != reconcile.OutcomeCreated {
		return ""
	}
	return fmt.Sprintf(approvalAt, Visible(d.ApprovalAppLink))
}

// fieldNames are the fields that differ, each once.
func fieldNames(changes []diff.Change) []string {
	var names []string
	for name := range diff.ByField(changes) {
		names = append(names, name)
	}
	return names
}

// memberText is a member of a list with the name it has.
func memberText(c diff.Change) string {
	t, _ := c.Member()
	switch {
	case t.Name == "":
		return exact(t.ID)
	case c.NameFrom == "file":
		return fmt.Sprintf(memberFile, exact(t.ID), Visible(t.Name))
	default:
		return fmt.Sprintf(nameWithID, exact(t.ID), Visible(t.Name))
	}
}

// originOf labels a change with who made it, where a base revision tells.
func originOf(c diff.Change) string {
	if c.Origin == "" {
		return ""
	}
	return " [" + string(c.Origin) + "]"
}

func opSign(op diff.Op) byte {
	switch op {
	case diff.Add:
		return '+'
	case diff.Remove:
		return '-'
	default:
		return '~'
	}
}

// placeOf is the field that a value is of, with its place in it.
func placeOf(c diff.Change) string {
	if c.Path == "" {
		return c.Field
	}
	return c.Field + "." + exact(c.Path)
}

// literals are both sides of a value as the draft file has them, "" where there is none. Two that
// differ never look alike.
func literals(c diff.Change) (before, after string) {
	visible := telling(textOf(c.Before), textOf(c.After), cmp.Or(textOf(c.Base), textOf(c.After)))
	return literal(c.Field, c.Before, visible), literal(c.Field, c.After, visible)
}

// textOf is a text that is shown, "" of any other value.
func textOf(v spec.JSON) string {
	if len(v.String()) > diff.MaxAligned {
		return ""
	}
	s, _ := v.Value().(string)
	return s
}

// literal is a value as the draft file has it: names of the API bare, all other text in quotes.
func literal(field string, v spec.JSON, visible func(string) string) string {
	if v.IsZero() {
		return ""
	}
	if len(v.String()) > diff.MaxAligned {
		return hugeValue(v)
	}
	s, ok := v.Value().(string)
	switch {
	case !ok:
		return exact(v.String())
	case field == "send_at":
		return timeText(s, visible)
	case slices.Contains([]string{"push_type", "push_scope_type", "new_staff_scope_type"}, field):
		return visible(s)
	default:
		return quoted(s, visible)
	}
}

// timeText is a send_at with its day of the week, which tells a weekend from a working day.
func timeText(s string, visible func(string) string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return quoted(s, visible) // whatever the server holds
	}
	return fmt.Sprintf(timeOnDay, s, t.Format("Mon"))
}

// hugeValue is what is told of a value that is too large to be shown, so that two of one size differ.
func hugeValue(v spec.JSON) string {
	return fmt.Sprintf(tooLarge, len(v.String()), sha256.Sum256([]byte(v.String())))
}
