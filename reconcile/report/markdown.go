package report

import (
	"fmt"
	"io"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// writeComment writes a run for a comment on GitHub or GitLab: a hidden marker by which the comment
// is found again, the result and the counts, what is dangerous, a table of the drafts that are not
// unchanged, a foldable block for each, what there is to say of the files, and how to apply the
// plan. It keeps within the limits: what does not fit is left out by whole drafts, then by whole
// lines, and how much that is, is said.
func writeComment(w io.Writer, r Run) error {
	_, err := io.WriteString(w, pageOf(r).draw(commentLimits()))
	return err
}

// page is a report in its parts, in their order.
type page struct {
	head      string
	mind      []string // what is dangerous, one line each
	tableTop  string
	rows      []string
	drafts    []fold
	files     []fold // what there is to say of the files: one block or none
	foot      string
	elsewhere string // where the whole report is
}

func pageOf(r Run) page {
	p := page{head: head(r), mind: mind(r), foot: foot(r), elsewhere: elsewhere(r)}
	switch {
	case r.Result != nil:
		p.addResults(r)
	case r.Plan != nil:
		p.addPlanned(*r.Plan)
	}
	if len(r.Diagnostics) > 0 {
		p.files = []fold{{
			summary: faultCounts(r) + " in the draft files",
			lines:   func() []string { return diagnosticsBlock(r.Diagnostics) },
			open:    r.Plan == nil,
		}}
	}
	return p
}

func faultCounts(r Run) string {
	errors, warnings := Plural(r.count(spec.Error), "error"), Plural(r.count(spec.Warning), "warning")
	switch {
	case r.count(spec.Warning) == 0:
		return errors
	case r.count(spec.Error) == 0:
		return warnings
	default:
		return errors + " and " + warnings
	}
}

func (p *page) addPlanned(plan reconcile.Plan) {
	p.tableTop = "| action | draft | at | fields |\n|---|---|---|---|\n"
	for _, d := range plan.Drafts {
		if d.Action != reconcile.NoOp && !d.Unread() {
			at := spec.Pos{File: d.File, Line: d.Line}
			p.addDraft(string(d.Action), d.JobName, at, d.Changes, func() []string { return plannedBlock(d) })
		}
	}
}

func (p *page) addResults(r Run) {
	p.tableTop = "| outcome | draft | at | fields |\n|---|---|---|---|\n"
	for i, d := range r.Result.Drafts {
		if d.Outcome == reconcile.OutcomeUnchanged && len(d.Changes) == 0 {
			continue
		}
		var planned *reconcile.PlannedDraft
		if r.Plan != nil && i < len(r.Plan.Drafts) && r.Plan.Drafts[i].NotificationID == d.NotificationID {
			planned = &r.Plan.Drafts[i]
		}
		at := spec.Pos{File: d.File, Line: d.Line}
		p.addDraft(string(d.Outcome), d.JobName, at, d.Changes, func() []string { return resultBlock(d, planned) })
	}
}

func (p *page) addDraft(label, name string, at spec.Pos, changes []diff.Change, lines func() []string) {
	name = named(name)
	p.rows = append(p.rows, fmt.Sprintf("| %s | %s | %s | %s |", label, cell(code(name)), cell(code(placeOfDraft(at))), cell(codes(fieldNames(changes)))))
	p.drafts = append(p.drafts, fold{summary: "<b>" + label + "</b> " + codeElement(name) + " at " + codeElement(placeOfDraft(at)), lines: lines})
}

// placeOfDraft is where a draft is. Of a long path it is the end: that is where two files differ.
func placeOfDraft(at spec.Pos) string {
	s := fmt.Sprintf("%s:%d", at.File, at.Line)
	if w := cells().StringWidth(s); w > shownColumns {
		return cells().TruncateLeft(s, w-shownColumns+1, "…")
	}
	return s
}

func codes(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = code(name)
	}
	return strings.Join(shown, ", ")
}

// fieldNames are the fields that differ, each once.
func fieldNames(changes []diff.Change) []string {
	var names []string
	for name := range diff.ByField(changes) {
		names = append(names, name)
	}
	return names
}

// mostMinded is how many dangers are called out: more of them would hide each other, and the
// table and the blocks have them all.
const mostMinded = 20

// draw puts the parts together, and leaves out what does not fit.
func (p page) draw(within limits) string {
	mind := p.mind[:min(len(p.mind), mostMinded)]
	drafts, draftsSize := measured(p.drafts)
	files, filesSize := measured(p.files)
	room := within.less(sizeOf(p.assemble(mind, p.rows, "", "", "")))
	if room.holds(draftsSize.plus(filesSize)) {
		return p.assemble(mind, p.rows, wholeFolds(drafts), wholeFolds(files), "")
	}
	const notes = 300 // what is said of what is left out
	room = within.less(sizeOf(p.assemble(nil, nil, "", "", p.elsewhere))).less(limits{notes, notes})
	mind = mind[:fitting(mind, room.share(20))]
	room = room.less(sizeOf(strings.Join(mind, "\n>>")))
	rows := p.rows[:fitting(p.rows, room.share(30))]
	room = room.less(sizeOf(strings.Join(rows, "\n") + p.tableTop))
	filesRoom := room
	if len(drafts) > 0 {
		filesRoom = room.share(30)
	}
	filesText, filesLeft := folds(files, filesRoom)
	draftsText, left := folds(drafts, room.less(sizeOf(filesText)))
	note := "This report is cut to fit" + leftOut(left, "draft", "without its changes") + leftOut(len(p.rows)-len(rows), "draft", "not in the table") +
		leftOut(filesLeft, "list", "of faults not shown") + ". " + p.elsewhere + "\n\n"
	return p.assemble(mind, rows, draftsText, filesText, note)
}

func leftOut(n int, noun, how string) string {
	if n == 0 {
		return ""
	}
	return "; " + isOrAre(n, noun) + " " + how
}

func isOrAre(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return Plural(n, noun) + " are"
}

func wholeFolds(list []fold) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.whole())
	}
	return b.String()
}

func (p page) assemble(mind, rows []string, drafts, files, note string) string {
	var b strings.Builder
	b.WriteString(p.head + note)
	if len(mind) > 0 {
		b.WriteString("> [!WARNING]\n")
		for _, line := range mind {
			b.WriteString("> " + line + "\n")
		}
		if left := len(p.mind) - len(mind); left > 0 {
			fmt.Fprintf(&b, "> - and %d more\n", left)
		}
		b.WriteString("\n")
	}
	if len(rows) > 0 {
		b.WriteString(p.tableTop + strings.Join(rows, "\n") + "\n\n")
	}
	return b.String() + drafts + files + p.foot
}
