package report

import (
	"fmt"
	"io"
	"slices"
)

// format is one way to show a run.
type format struct {
	name     string
	commands []string // that it makes sense for
	write    func(w io.Writer, r Run) error
	// add is instead of write for a format that is added to a file that others write to as well,
	// and so never goes to stdout; the file holds existing bytes.
	add func(w io.Writer, r Run, existing int) error
}

// formats is the table of what there is. SARIF and Code Quality tell what is wrong with files as
// they stand, and compare with the last time; an apply is over when it is told. Approvals are of what was compared
// just now.
func formats() []format {
	all := []string{"validate", "plan", "apply", "create", "show", "card", "import"}
	every, ofFiles := []string{"validate", "plan", "apply", "create", "show"}, []string{"validate", "plan", "show"}
	return []format{
		{name: "text", commands: all, write: wholeText},
		{name: "json", commands: all, write: writeJSON},
		{name: "markdown", commands: every, write: writeComment},
		{name: "github", commands: every, write: writeAnnotations},
		{name: "github-summary", commands: every, add: addStepSummary},
		{name: "sarif", commands: ofFiles, write: writeSARIF},
		{name: "junit", commands: every, write: writeJUnit},
		{name: "gitlab-codequality", commands: ofFiles, write: writeCodeQuality},
		{name: "html", commands: []string{"validate", "plan", "apply", "show", "card"}, write: writeHTML},
		{name: "approvals", commands: []string{"plan"}, write: writeApprovals},
	}
}

// Formats are the names of the formats that make sense for a command: all of them for files,
// and for stdout all but those that append.
func Formats(command string, stdout bool) []string {
	var names []string
	for _, f := range formats() {
		if slices.Contains(f.commands, command) && !(stdout && f.add != nil) {
			names = append(names, f.name)
		}
	}
	return names
}

// Appends reports whether reports in this format are added to a file rather than replacing it.
func Appends(name string) bool { return formatNamed(name).add != nil }

// Write writes a run in one of Formats. existing is the size in bytes of what the file already
// holds, for formats that append. Text is drawn without colours and, since a file has no stderr
// beside it, with everything that was said. It returns the first error of w.
func Write(w io.Writer, name string, r Run, existing int) error {
	switch f := formatNamed(name); {
	case f.add != nil:
		return f.add(w, r, existing)
	case f.write != nil:
		return f.write(w, r)
	}
	panic(fmt.Sprintf(unknownFormat, name))
}

// formatNamed is a format without anything if there is none of that name.
func formatNamed(name string) format {
	all := formats()
	if i := slices.IndexFunc(all, func(f format) bool { return f.name == name }); i >= 0 {
		return all[i]
	}
	return format{}
}

// addStepSummary is Markdown behind what earlier steps wrote.
func addStepSummary(w io.Writer, r Run, existing int) error {
	room := summaryLimits(existing)
	if least := sizeOf(head(r) + foot(r)); !room.holds(least.plus(limits{1000, 1000})) {
		return fullError{}
	}
	behind := ""
	if existing > 0 {
		behind = "\n\n"
	}
	_, err := io.WriteString(w, behind+pageOf(r).draw(room.less(limits{2, 2})))
	return err
}

// fullError says that no report can be added to a step summary.
type fullError struct{}

func (fullError) Error() string { return summaryFull }

// Hint says what to do about it.
func (fullError) Hint() string { return hintSummaryFull }
