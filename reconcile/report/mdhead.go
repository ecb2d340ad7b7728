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
	b.WriteString("### notiform " + r.kind() + ": " + resultWord(r) + "\n\n" + summary(r) + "\n\n")
	if r.Plan != nil {
		b.WriteString("Helpdesk " + code(r.Plan.HelpdeskID) + " at " + code(r.Plan.BaseURL) + "\n\n")
	}
	if faults := stopped(r); len(faults) > 0 {
		var lines diffBlock
		for _, f := range faults {
			lines.fault(&reconcile.Fault{Message: f.message, Hint: f.hint})
		}
		b.WriteString(fenced("diff", lines.lines[:fitting(lines.lines, limits{4000, 16000})]) + "\n")
	}
	return b.String()
}

// resultWord is the result in a few words.
func resultWord(r Run) string {
	code := r.ExitCode
	if r.Command == "show" && r.Plan != nil {
		code = r.Plan.ExitCode
	}
	switch code {
	case ExitFailed:
		return "failed"
	case ExitFaulty:
		return "the draft files are at fault"
	case ExitRefused:
		if r.Fault == nil && r.Result == nil {
			return "something is blocked"
		}
		return "refused"
	case ExitPartial:
		return "partly written"
	case ExitUsage:
		return "wrong usage"
	case ExitInterrupted:
		return "interrupted"
	}
	switch {
	case r.Result != nil && r.Result.Summary.Applied > 0:
		return "written and read back"
	case r.Result != nil:
		return "nothing to write"
	case r.Plan != nil && r.Plan.Summary.Update > 0:
		return "changes to review"
	case r.Plan != nil:
		return "no changes"
	default:
		return "in order"
	}
}

// mind is what a reviewer must not overlook, one line each.
func mind(r Run) []string {
	words := map[string]string{
		ruleWidened: "audience widened", ruleConsoleEdit: "console edit", ruleBlocked: "blocked", ruleFailed: "failed",
		ruleStale: "stale", ruleUnverified: "unverified",
	}
	var lines []string
	for _, f := range findingsOf(r) {
		if word := words[f.rule]; word != "" {
			what := f.message
			if f.foreign {
				what = span(what, 3*shownColumns)
			}
			lines = append(lines, fmt.Sprintf("- **%s**: %s at %s: %s", word, code(f.job), code(placeOfDraft(f.pos)), what))
		}
	}
	return lines
}

// foot is what to do next, and by what the run can be told from others. Its size is bounded.
func foot(r Run) string {
	var b strings.Builder
	b.WriteString(applyIt(r))
	if r.Result != nil {
		for _, next := range nextSteps(r.Result.Summary) {
			b.WriteString("- " + strings.TrimPrefix(next, "next: ") + "\n")
		}
		b.WriteString("\n")
	}
	said := []string{}
	if r.Plan != nil && r.Plan.Digest != "" {
		said = append(said, "digest "+span(r.Plan.Digest, 80))
	}
	if r.Plan != nil && r.Plan.Base != "" {
		said = append(said, "base "+code(r.Plan.Base))
	}
	said = append(said, fmt.Sprintf("exit code %d", r.ExitCode))
	if r.ToolVersion != "" {
		said = append(said, "notiform "+code(r.ToolVersion))
	}
	if url := link(r.URL); url != "" {
		said = append(said, url)
	}
	return b.String() + strings.Join(said, " · ") + "\n"
}

// applyIt is the command that writes exactly what the plan shows.
func applyIt(r Run) string {
	if r.Plan == nil || r.Result != nil || r.Plan.Summary.Update == 0 || !r.Plan.Complete || len(r.ApplyArgs) == 0 {
		return ""
	}
	takes := ""
	if r.WriteTime > 0 {
		takes = " It takes at least " + about(r.WriteTime) + " under the limits of the API."
	}
	exactly := []string{"notiform", "apply", "--expect-digest", r.Plan.Digest, "--auto-approve"}
	text, command := "To apply exactly this:", shellCommand(slices.Concat(exactly, r.ApplyArgs))
	if len(command) > 2000 {
		text, command = "To apply exactly this, with the paths and flags of this plan behind it:", shellCommand(exactly)
	}
	return text + takes + "\n\n" + fenced("sh", []string{command}) + "\n"
}

// elsewhere says where the whole report is.
func elsewhere(r Run) string {
	if len(r.Elsewhere) == 0 {
		return "The output of notiform " + r.Command + " as text has all of it."
	}
	names := make([]string, 0, 3)
	for _, name := range r.Elsewhere[:min(len(r.Elsewhere), cap(names))] {
		names = append(names, code(name))
	}
	return "The whole report is in " + strings.Join(names, ", ") + "."
}
