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
	columns   string   // the heading of the table
	rows      []string
	drafts    []fold
	files     []fold // what there is to say of the files: one block or none
	foot      string
	elsewhere string // where the whole report is
}

func pageOf(r Run) page {
	p := page{head: head(r), mind: mind(r), foot: foot(r), elsewhere: elsewhere(r, codes)}
	switch {
	case r.Result != nil:
		p.addResults(r)
	case r.Plan != nil:
		p.addPlanned(r)
	}
	if r.count(spec.Error)+r.count(spec.Warning) > 0 {
		p.files = []fold{{
			summary: fmt.Sprintf(inDraftFiles, faultCounts(r)),
			lines:   func() []string { return diagnosticsBlock(r.Diagnostics) },
			open:    r.Plan == nil,
		}}
	}
	return p
}

func faultCounts(r Run) string {
	errors, warnings := r.count(spec.Error), r.count(spec.Warning)
	switch {
	case warnings == 0:
		return Plural(errors, nounError)
	case errors == 0:
		return Plural(warnings, nounWarning)
	default:
		return fmt.Sprintf(errorsAndWarnings, Plural(errors, nounError), Plural(warnings, nounWarning))
	}
}

func (p *page) addPlanned(r Run) {
	p.columns = plannedColumns
	cards := r.cardViews()
	for _, d := range r.Plan.Drafts {
		switch d.Action {
		case reconcile.NoOp:
		case reconcile.NotRead, reconcile.Closed: // there is no more to say of it
			p.addRow(ticketLabels()[string(d.Action)].en, ofPlan(d), peopleIn(d.Reaches), nil)
		default:
			p.addDraft(string(d.Action), ofPlan(d), peopleIn(d.Reaches), d.Changes, func() []string { return plannedBlock(d, r.Now, cards) })
		}
	}
}

func (p *page) addResults(r Run) {
	p.columns = resultColumns
	for i, d := range r.Result.Drafts {
		if isQuiet(d) {
			continue
		}
		var planned *reconcile.PlannedDraft
		if r.Plan != nil && i < len(r.Plan.Drafts) && (r.Command == "create" || r.Plan.Drafts[i].NotificationID == d.NotificationID) {
			planned = &r.Plan.Drafts[i]
		}
		p.addDraft(string(d.Outcome), ofResult(d), reachIn(d), d.Changes, func() []string { return resultBlock(d, planned) })
	}
}

func (p *page) addDraft(label string, i identity, reach string, changes []diff.Change, lines func() []string) {
	p.addRow(label, i, reach, changes)
	p.drafts = append(p.drafts, fold{summary: fmt.Sprintf(foldHeading, label, codeElement(i.title()), codeElement(placeOfDraft(i.at))), lines: lines})
}

func (p *page) addRow(label string, i identity, reach string, changes []diff.Change) {
	p.rows = append(p.rows, fmt.Sprintf("| %s | %s | %s | %s | %s |", label, cell(code(i.title())), cell(code(placeOfDraft(i.at))), reach, cell(codes(fieldNames(changes)))))
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
		draftsText, _ := folds(drafts, draftsSize)
		filesText, _ := folds(files, filesSize)
		return p.assemble(mind, p.rows, draftsText, filesText, "")
	}
	const notes = 300 // what is said of what is left out
	room = within.less(sizeOf(p.assemble(nil, nil, "", "", p.elsewhere))).less(limits{notes, notes})
	mind = mind[:fitting(mind, room.share(20))]
	room = room.less(sizeOf(strings.Join(mind, "\n>>")))
	rows := p.rows[:fitting(p.rows, room.share(30))]
	room = room.less(sizeOf(p.table(rows)))
	filesRoom := room
	if len(drafts) > 0 {
		filesRoom = room.share(30)
	}
	filesText, filesLeft := folds(files, filesRoom)
	draftsText, left := folds(drafts, room.less(sizeOf(filesText)))
	note := p.cutBy(left, len(p.rows)-len(rows), filesLeft) + "\n\n"
	return p.assemble(mind, rows, draftsText, filesText, note)
}

// cutBy says what is left out: the changes of so many drafts, rows, and lists of faults.
func (p page) cutBy(drafts, rows, files int) string {
	var out []string
	if drafts > 0 {
		out = append(out, counted(drafts, oneUnchanged, manyUnchanged))
	}
	if rows > 0 {
		out = append(out, counted(rows, oneUnlisted, manyUnlisted))
	}
	if files > 0 {
		out = append(out, faultsNotShown)
	}
	if len(out) == 0 {
		return fmt.Sprintf(pageCut, p.elsewhere)
	}
	return fmt.Sprintf(pageCutBy, strings.Join(out, "; "), p.elsewhere)
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
			b.WriteString("> " + fmt.Sprintf(mindMore, left) + "\n")
		}
		b.WriteString("\n")
	}
	if len(rows) > 0 {
		b.WriteString(p.table(rows) + "\n\n")
	}
	return b.String() + drafts + files + p.foot
}

func (p page) table(rows []string) string {
	return p.columns + "\n|---|---|---|---|---|\n" + strings.Join(rows, "\n")
}
