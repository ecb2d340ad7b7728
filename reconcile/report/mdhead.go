package report

import (
	"fmt"
	"slices"
	"strings"

	"notiform/reconcile"
)

// head is marker, result and counts, and why the run could not go on. Its size is bounded.
func head(r Run) string {
	helpdesk := r.Helpdesk
	if r.Plan != nil {
		helpdesk = r.Plan.HelpdeskID
	}
	var b strings.Builder
	b.WriteString(marker(r.kind(), helpdesk))
	b.WriteString(fmt.Sprintf(pageHeading, r.kind(), endingTable()[r.ending()].page) + "\n\n" + r.summary() + "\n\n")
	if r.Plan != nil {
		b.WriteString(fmt.Sprintf(helpdeskIs, code(r.Plan.HelpdeskID), code(r.Plan.BaseURL)) + "\n\n")
	}
	if r.Plan != nil && r.Result == nil {
		if minding := dangers(r); len(minding) > 0 {
			b.WriteString(strings.Join(minding, " ") + "\n\n")
		}
	}
	b.WriteString(changeParagraphs(r))
	if faults := hintedOnce(ofRun(r)); len(faults) > 0 {
		var lines []line
		for _, f := range faults {
			lines = append(lines, faultLines(&reconcile.Fault{Message: f.message, Hint: f.hint})...)
		}
		block := blockOf(lines)
		b.WriteString(fenced("diff", block[:fitting(block, limits{4000, 16000})]) + "\n")
	}
	return b.String()
}

// mind is what a reviewer must not overlook, one line each.
func mind(r Run) []string {
	var lines []string
	for _, f := range findingsOf(r) {
		if f.called != "" {
			what := f.message
			if f.foreign {
				what = span(what, 3*shownColumns)
			}
			lines = append(lines, fmt.Sprintf(mindDraft, f.called, code(f.job), code(placeOfDraft(f.pos)), what))
		}
	}
	return lines
}

// foot is what to do next, and by what the run can be told from others. Its size is bounded.
func foot(r Run) string {
	var b strings.Builder
	b.WriteString(applyIt(r))
	if r.Result != nil {
		for _, next := range nextSteps(r) {
			b.WriteString("- " + next + "\n")
		}
		b.WriteString("\n")
	}
	said := []string{}
	if r.Plan != nil && r.Plan.Digest != "" {
		said = append(said, fmt.Sprintf(footDigest, span(r.Plan.Digest, 80)))
	}
	if r.Plan != nil && r.Plan.Base != "" {
		said = append(said, fmt.Sprintf(footBase, code(r.Plan.Base)))
	}
	said = append(said, fmt.Sprintf(footExitCode, r.ExitCode))
	if r.ToolVersion != "" {
		said = append(said, fmt.Sprintf(footVersion, code(r.ToolVersion)))
	}
	if url := link(r.URL); url != "" {
		said = append(said, url)
	}
	return b.String() + strings.Join(said, " · ") + "\n"
}

// applyIt is the command that writes exactly what the plan shows, unless a guard would refuse that.
func applyIt(r Run) string {
	if r.Plan == nil || r.Result != nil || r.Plan.Summary.Update == 0 || !r.Plan.Complete || len(r.Plan.Refusals) > 0 || len(r.ApplyArgs) == 0 {
		return ""
	}
	exactly := []string{"notiform", "apply", "--expect-digest", r.Plan.Digest, "--auto-approve"}
	text, command := applyExactly, shellCommand(slices.Concat(exactly, r.ApplyArgs))
	if len(command) > 2000 {
		text, command = applyLonger, shellCommand(exactly)
	}
	if r.WriteTime > 0 {
		text += " " + fmt.Sprintf(itTakesAtLeast, about(r.WriteTime))
	}
	return text + "\n\n" + fenced("sh", []string{command}) + "\n"
}

// elsewhere says where the whole report is, in files that show names.
func elsewhere(r Run, show func(files []string) string) string {
	if len(r.Elsewhere) == 0 {
		return fmt.Sprintf(wholeAsText, r.Command)
	}
	const most = 3
	return fmt.Sprintf(wholeIn, show(r.Elsewhere[:min(len(r.Elsewhere), most)]))
}
