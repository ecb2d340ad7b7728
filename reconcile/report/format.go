package report

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// format is one way to show a run.
type format struct {
	name     string
	commands []string // that it makes sense for
	appends  bool     // to a file that others write to as well, so never to stdout
	write    func(w io.Writer, r Run, existing int) error
}

// formats is the table of what there is. SARIF and Code Quality tell what is wrong with files as
// they stand, and compare with the last time; an apply is over when it is told.
func formats() []format {
	every, ofFiles := []string{"validate", "plan", "apply", "show"}, []string{"validate", "plan", "show"}
	return []format{
		{"text", every, false, func(w io.Writer, r Run, _ int) error { return wholeText(w, r) }},
		{"json", every, false, func(w io.Writer, r Run, _ int) error { return JSON(w, r) }},
		{"markdown", every, false, func(w io.Writer, r Run, _ int) error { return Markdown(w, r, CommentLimits()) }},
		{"github", every, false, func(w io.Writer, r Run, _ int) error { return GitHub(w, r) }},
		{"github-summary", every, true, stepSummary},
		{"sarif", ofFiles, false, func(w io.Writer, r Run, _ int) error { return SARIF(w, r) }},
		{"junit", every, false, func(w io.Writer, r Run, _ int) error { return JUnit(w, r) }},
		{"gitlab-codequality", ofFiles, false, func(w io.Writer, r Run, _ int) error { return CodeQuality(w, r) }},
	}
}

// Formats are the names of the formats that make sense for a command: all of them for files,
// and for stdout all but those that append.
func Formats(command string, stdout bool) []string {
	var names []string
	for _, f := range formats() {
		if slices.Contains(f.commands, command) && !(stdout && f.appends) {
			names = append(names, f.name)
		}
	}
	return names
}

// Appends reports whether reports in this format are added to a file rather than replacing it.
func Appends(name string) bool {
	f, ok := formatNamed(name)
	return ok && f.appends
}

// Write writes a run in one of Formats. existing is the size in bytes of what the file already
// holds, for formats that append. Text is drawn without colours and, since a file has no stderr
// beside it, with everything that was said. It returns the first error of w.
func Write(w io.Writer, name string, r Run, existing int) error {
	f, ok := formatNamed(name)
	if !ok {
		panic("unchecked report format " + name)
	}
	return f.write(w, r, existing)
}

func formatNamed(name string) (format, bool) {
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, false
	}
	return all[i], true
}

// stepSummary is Markdown behind what earlier steps wrote.
func stepSummary(w io.Writer, r Run, existing int) error {
	room := SummaryLimits(existing)
	if least := sizeOf(head(r) + foot(r)); !room.holds(least.plus(Limits{1000, 1000})) {
		return errSummaryFull
	}
	if existing > 0 {
		if _, err := io.WriteString(w, "\n\n"); err != nil {
			return err
		}
	}
	return Markdown(w, r, room.less(Limits{2, 2}))
}

var errSummaryFull = errors.New("there is no room left: GitHub drops a step summary of more than 1 MiB whole")

// wholeText is everything that a run says on both streams, without colours.
func wholeText(w io.Writer, r Run) error {
	p := newPainter(w, Style{})
	p.diagnostics(r.Diagnostics)
	if r.Plan != nil {
		p.plan(*r.Plan, r.WriteTime)
	}
	if r.Result != nil {
		p.blank()
		p.result(*r.Result)
	}
	for _, f := range stopped(r) { // as stderr says it
		for _, line := range strings.Split(f.text(), "\n") {
			p.line(0, "", "notiform: "+line)
		}
	}
	if r.Command == "validate" {
		p.line(0, "", validated(r))
	}
	return p.close()
}
