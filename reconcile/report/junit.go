package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"notiform/reconcile"
	"notiform/spec"
)

// The parts of a JUnit report that CI systems read. encoding/xml writes them: a library for a
// dozen fields would not be less. It puts U+FFFD for what XML cannot hold; control characters
// were made visible before.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string     `xml:"name,attr"`
		Class   string     `xml:"classname,attr"`
		File    string     `xml:"file,attr,omitempty"`
		Failure *junitFail `xml:"failure"`
		Error   *junitFail `xml:"error"`
		Skipped *junitFail `xml:"skipped"`
		Out     string     `xml:"system-out,omitempty"`
	}
	junitFail struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes one test case a draft: of validate, whether its file is in order; of plan,
// whether it could be planned; of apply, what became of it. A fault of the run itself, and of a
// file that holds no draft, is a case of its own.
func writeJUnit(w io.Writer, r Run) error {
	suite := junitSuite{Name: "notiform " + r.kind(), Properties: []junitProperty{
		{"exit_code", strconv.Itoa(r.ExitCode)}, {"tool_version", r.ToolVersion}, {"summary", summary(r)},
	}}
	for _, f := range stopped(r) {
		suite.add(junitCase{Name: "notiform " + r.kind(), Class: "notiform", Error: failOf(f)})
	}
	switch {
	case r.Result != nil:
		for _, d := range r.Result.Drafts {
			suite.add(resultCase(d))
		}
	case r.Plan != nil:
		for _, d := range r.Plan.Drafts {
			suite.add(planCase(d))
		}
	default:
		suite.judged(r)
	}
	all := junitSuites{Tests: suite.Tests, Failures: suite.Failures, Errors: suite.Errors, Skipped: suite.Skipped, Suites: []junitSuite{suite}}
	b, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, b)
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Error != nil:
		s.Errors++
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func caseOf(file, name, id string) junitCase {
	title := Visible(named(name))
	if id != "" {
		title += " (" + Visible(id) + ")"
	}
	return junitCase{Name: title, Class: Visible(file), File: Visible(file)}
}

func failOf(f finding) *junitFail {
	f.job = "" // the case has the name
	return &junitFail{Message: f.line(), Type: f.rule, Text: f.text()}
}

func planCase(d reconcile.PlannedDraft) junitCase {
	c := caseOf(d.File, d.JobName, d.NotificationID)
	for _, f := range plannedFindings(d) {
		if f.rule == ruleBlocked {
			c.Failure = failOf(f)
		} else {
			c.Error = failOf(f)
		}
	}
	var out []string
	for _, f := range warningFindings(d) {
		out = append(out, "warning: "+f.text())
	}
	c.Out = strings.Join(out, "\n")
	return c
}

func resultCase(d reconcile.DraftResult) junitCase {
	c := caseOf(d.File, d.JobName, d.NotificationID)
	for _, f := range resultFindings(d) {
		switch f.rule {
		case ruleBlocked, ruleStale:
			c.Failure = failOf(f)
		case ruleNotAttempted:
			c.Skipped = failOf(f)
		default:
			c.Error = failOf(f)
		}
	}
	if d.ApprovalAppLink != "" && d.Outcome == reconcile.OutcomeApplied {
		c.Out = "approval: " + Visible(d.ApprovalAppLink)
	}
	return c
}

// judged adds the drafts that were read, and the places outside of them that something is said
// of, such as a file that is no YAML or a card of its own.
func (s *junitSuite) judged(r Run) {
	owner := owners(r.Judged)
	said := map[spec.Pos][]spec.Diagnostic{} // by where the draft begins, or by the file alone
	var elsewhere []string
	for _, d := range r.Diagnostics {
		key := spec.Pos{File: d.Pos.File}
		if draft, ok := owner.draft(d.Pos); ok {
			key = draft.Pos
		} else if said[key] == nil {
			elsewhere = append(elsewhere, d.Pos.File)
		}
		said[key] = append(said[key], d)
	}
	for _, file := range elsewhere {
		s.add(junitCase{Name: Visible(file), Class: Visible(file), File: Visible(file)}.judgedBy(said[spec.Pos{File: file}]))
	}
	for _, d := range r.Judged {
		s.add(caseOf(d.Pos.File, d.JobName, d.NotificationID).judgedBy(said[d.Pos]))
	}
}

// judgedBy lets a case fail with the first error that is said of it.
func (c junitCase) judgedBy(list []spec.Diagnostic) junitCase {
	var lines []string
	for _, d := range list {
		lines = append(lines, Visible(d.Pos.String())+": "+d.Severity.String()+": "+Visible(d.Message)+" ["+d.Rule+"]")
		if d.Hint != "" {
			lines = append(lines, "  hint: "+Visible(d.Hint))
		}
		if c.Failure == nil && d.Severity == spec.Error {
			c.Failure = &junitFail{Message: Visible(d.Message), Type: d.Rule}
		}
	}
	text := strings.Join(lines, "\n")
	if c.Failure != nil {
		c.Failure.Text = text
	} else {
		c.Out = text
	}
	return c
}
