package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"notiform/spec"
)

// annotations is how many errors and how many warnings GitHub takes from one step; it drops the
// rest without a word.
const annotations = 10

// notices is how many notes are shown: GitHub takes as many notices as errors, and two may be ours.
const notices = annotations - 2

// writeAnnotations writes the findings of a run as workflow commands, which GitHub shows beside the
// lines of a pull request: at most ten errors and ten warnings, then one line that says how many
// there are besides, and one with the counts.
func writeAnnotations(w io.Writer, r Run) error {
	var b strings.Builder
	all, more := append(ofRun(r), findingsOf(r)...), []string(nil)
	say := func(s spec.Severity, most int, left string) {
		n := 0
		for _, f := range all {
			if f.severity != s {
				continue
			}
			if n++; n <= most {
				b.WriteString(annotation(f))
			}
		}
		if n > most {
			more = append(more, Plural(n-most, left))
		}
	}
	say(spec.Error, annotations, nounMoreError)
	say(spec.Warning, annotations, nounMoreWarning)
	if len(more) == 2 {
		more = []string{fmt.Sprintf(errorsAndWarnings, more[0], more[1])}
	}
	say(spec.Note, notices, nounMoreNote)
	for _, left := range more {
		b.WriteString(command("notice", []string{"title=notiform " + r.kind()}, fmt.Sprintf(moreThanShown, left)))
	}
	b.WriteString(r.summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// annotation is a finding as a workflow command.
func annotation(f finding) string {
	var properties []string
	set := func(name, value string) { properties = append(properties, name+"="+commandProperty(value)) }
	if f.pos.File != "" {
		set("file", harmless(f.pos.File))
		set("line", strconv.Itoa(max(f.pos.Line, 1)))
	}
	if f.pos.Column > 0 {
		set("col", strconv.Itoa(f.pos.Column))
	}
	set("title", f.rule)
	name := f.severity.String()
	if f.severity == spec.Note {
		name = "notice"
	}
	return command(name, properties, f.text())
}

func command(name string, properties []string, data string) string {
	return fmt.Sprintf("::%s %s::%s\n", name, strings.Join(properties, ","), commandData(data))
}

func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func commandProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
