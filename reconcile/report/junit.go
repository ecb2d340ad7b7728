package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"notiform/reconcile"
	"notiform/spec"
)

// The parts of a JUnit report that CI systems read. encoding/xml writes them: a library for a
// dozen fields would not be less. It puts U+FFFD for what XML cannot hold; control characters
// were made visible before.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
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
	title := "notiform " + r.kind()
	suite := junitSuite{Name: title, Properties: []junitProperty{
		{"exit_code", strconv.Itoa(r.ExitCode)}, {"tool_version", r.ToolVersion}, {"summary", r.summary()},
	}}
	for _, f := range stopped(r) {
		suite.add(junitCase{Name: title, Class: "notiform", Error: failOf(f)})
	}
	for _, f := range refusals(r) {
		suite.add(junitCase{Name: title, Class: "notiform", Failure: failOf(f)})
	}
	switch {
	case r.Result != nil:
		for _, d := range r.Result.Drafts {
			suite.add(caseOf(ofResult(d), resultFindings(d), approvalOf(d)))
		}
	case r.Plan != nil:
		for _, d := range r.Plan.Drafts {
			suite.add(caseOf(ofPlan(d), plannedFindings(d), warningsOf(d, r.Now)))
		}
	default:
		suite.judged(r)
	}
	b, err := xml.MarshalIndent(junitSuites{junitCounts: suite.junitCounts, Suites: []junitSuite{suite}}, "", "  ")
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

// caseOf is the case of a draft of which there is this to say.
func caseOf(i identity, found []finding, out string) junitCase {
	c := junitCase{Name: Visible(i.title()), Class: exact(i.at.File), File: harmless(i.at.File), Out: out}
	if i.id != "" {
		c.Name = fmt.Sprintf(nameWithID, c.Name, Visible(i.id))
	}
	for _, f := range found {
		switch f.rule {
		case ruleBlocked, ruleStale:
			c.Failure = failOf(f)
		case ruleNotRead, ruleNotAttempted: // an error of the run tells why
			c.Skipped = failOf(f)
		default:
			c.Error = failOf(f)
		}
	}
	return c
}

func failOf(f finding) *junitFail {
	f.job = "" // the case has the name
	return &junitFail{Message: f.line(), Type: f.rule, Text: f.text()}
}

func warningsOf(d reconcile.PlannedDraft, now time.Time) string {
	var out []string
	for _, f := range warningFindings(d, now) {
		out = append(out, fmt.Sprintf(warningIs, f.text()))
	}
	return strings.Join(out, "\n")
}

// judged adds the drafts that the run is about, and the places outside of them that something is
// said of, such as a file that is no YAML, a card of its own or a draft that means what it meant.
func (s *junitSuite) judged(r Run) {
	owner, own := owners(r.Judged), map[spec.Pos]bool{}
	for _, d := range r.ofChange() {
		own[d.Pos] = true
	}
	said := map[spec.Pos][]spec.Diagnostic{} // by where the draft begins, or by the file alone
	var elsewhere []string
	for _, d := range r.Diagnostics {
		key := spec.Pos{File: d.Pos.File}
		if draft, ok := owner.draft(d.Pos); ok && own[draft.Pos] {
			key = draft.Pos
		} else if said[key] == nil {
			elsewhere = append(elsewhere, d.Pos.File)
		}
		said[key] = append(said[key], d)
	}
	for _, file := range elsewhere {
		s.add(junitCase{Name: exact(file), Class: exact(file), File: harmless(file)}.judgedBy(said[spec.Pos{File: file}]))
	}
	for _, d := range r.ofChange() {
		s.add(caseOf(identity{d.JobName, d.NotificationID, d.Pos}, nil, "").judgedBy(said[d.Pos]))
	}
}

// judgedBy lets a case fail with the first error that is said of it.
func (c junitCase) judgedBy(list []spec.Diagnostic) junitCase {
	var lines []string
	for _, d := range list {
		lines = append(lines, diagnosticLines(d, d.Level().String())...)
		if c.Failure == nil && d.Level() == spec.Error {
			c.Failure = &junitFail{Message: visibleMessage(d.Message), Type: d.Rule}
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
