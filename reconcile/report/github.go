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

// writeAnnotations writes the findings of a run as workflow commands, which GitHub shows beside the lines
// of a pull request: at most ten errors and ten warnings, then one line that says how many there
// are besides, and one with the counts. It returns the first error of w.
func writeAnnotations(w io.Writer, r Run) error {
	var b strings.Builder
	findings, more := append(stopped(r), findingsOf(r)...), []string(nil)
	for _, s := range []spec.Severity{spec.Error, spec.Warning} {
		room := annotations
		left := 0
		for _, f := range findings {
			switch {
			case f.severity != s:
			case room > 0:
				b.WriteString(annotation(f))
				room--
			default:
				left++
			}
		}
		if left > 0 {
			more = append(more, Plural(left, "more "+s.String()))
		}
	}
	if len(more) > 0 {
		b.WriteString("::notice title=notiform " + r.kind() + "::" + strings.Join(more, " and ") + " than GitHub shows; every other format has them all\n")
	}
	b.WriteString(summary(r) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// annotation is one workflow command.
func annotation(f finding) string {
	var properties []string
	set := func(name, value string) { properties = append(properties, name+"="+commandProperty(value)) }
	if f.pos.File != "" {
		set("file", Visible(f.pos.File))
		set("line", strconv.Itoa(max(f.pos.Line, 1)))
	}
	if f.pos.Column > 0 {
		set("col", strconv.Itoa(f.pos.Column))
	}
	set("title", f.rule)
	return fmt.Sprintf("::%s %s::%s\n", f.severity, strings.Join(properties, ","), commandData(f.text()))
}

func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func commandProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
