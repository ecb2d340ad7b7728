package report

import (
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"notiform/spec"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sourceRoot  = "%SRCROOT%" // what GitHub takes relative places to be relative to
)

// SARIF writes the findings of a run as SARIF 2.1.0, for code scanning. It returns the first
// error of w.
//
// The library's values are made as literals, so that what is not said is absent: its own
// constructors fill every object with empty arrays.
func SARIF(w io.Writer, r Run) error {
	return write(w, sarif.Report{Schema: sarifSchema, Version: "2.1.0", Runs: []*sarif.Run{sarifRun(r)}}, json.OmitZeroStructFields(true))
}

func sarifRun(r Run) *sarif.Run {
	rules := append(spec.Rules(), planRules()...)
	index := map[string]int{}
	driver := &sarif.ToolComponent{Name: new("notiform"), Version: text(r.ToolVersion), SemanticVersion: semantic(r.ToolVersion)}
	for i, rule := range rules {
		index[rule.ID] = i
		driver.Rules = append(driver.Rules, sarifRule(rule))
	}
	run := &sarif.Run{
		Tool:       &sarif.Tool{Driver: driver},
		ColumnKind: new("unicodeCodePoints"),
		OriginalUriBaseIds: map[string]sarif.ArtifactLocation{
			sourceRoot: {Description: &sarif.Message{Text: new("the directory in which notiform ran")}},
		},
		AutomationDetails: &sarif.RunAutomationDetails{ID: new("notiform/" + r.kind() + "/")},
		Invocations:       []*sarif.Invocation{sarifInvocation(r)},
		Results:           []*sarif.Result{},
	}
	seen := fingerprints{}
	for _, f := range findingsOf(r) {
		result := sarifResult(f, seen)
		result.RuleIndex = index[f.rule]
		run.Results = append(run.Results, result)
	}
	return run
}

func sarifRule(r spec.Rule) *sarif.ReportingDescriptor {
	help := "Reported when: " + r.Summary + "."
	if !r.Fixed {
		help += " notiform --rule " + r.ID + "=off turns it off, =warning lowers it."
	}
	return &sarif.ReportingDescriptor{
		ID: text(r.ID), Name: text(r.ID),
		ShortDescription:     &sarif.MultiformatMessageString{Text: text(r.Summary)},
		FullDescription:      &sarif.MultiformatMessageString{Text: text(r.Summary)},
		Help:                 &sarif.MultiformatMessageString{Text: &help},
		DefaultConfiguration: &sarif.ReportingConfiguration{Enabled: true, Level: r.Severity.String()},
	}
}

func sarifInvocation(r Run) *sarif.Invocation {
	faults := stopped(r)
	i := &sarif.Invocation{ExecutionSuccessful: new(len(faults) == 0), ExitCode: &r.ExitCode}
	for _, f := range faults {
		i.ToolExecutionNotifications = append(i.ToolExecutionNotifications,
			&sarif.Notification{Level: "error", Message: &sarif.Message{Text: text(sarifText(f.text()))}})
	}
	return i
}

func sarifResult(f finding, seen fingerprints) *sarif.Result {
	hash, nth := seen.of(f)
	region := &sarif.Region{StartLine: new(max(f.pos.Line, 1))}
	if f.pos.Column > 0 {
		region.StartColumn = new(f.pos.Column)
	}
	return &sarif.Result{
		RuleID: &f.rule, Level: f.severity.String(), Message: &sarif.Message{Text: text(sarifText(f.text()))},
		Locations: []*sarif.Location{{PhysicalLocation: &sarif.PhysicalLocation{
			ArtifactLocation: artifact(f.pos.File), Region: region,
		}}},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": fmt.Sprintf("%s:%d", hash, nth)},
	}
}

// sarifText escapes what a message's text gives a meaning to: [a link](1) and {0}.
func sarifText(s string) string {
	return strings.NewReplacer("[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}

// artifact is a file's address: relative to the working directory where it is in it.
func artifact(file string) *sarif.ArtifactLocation {
	file = path.Clean(file)
	if path.IsAbs(file) {
		return &sarif.ArtifactLocation{URI: text("file://" + escapedPath(file))}
	}
	return &sarif.ArtifactLocation{URI: text(escapedPath(file)), URIBaseID: text(sourceRoot)}
}

// escapedPath percent-encodes the bytes of a path that a URI cannot have, whatever they are.
func escapedPath(file string) string {
	var b strings.Builder
	for i := range len(file) {
		if c := file[i]; 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

var semanticForm = regexp.MustCompile(`^v([0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)$`)

// semantic is a version as SARIF has it, without the v, or nothing.
func semantic(version string) *string {
	if m := semanticForm.FindStringSubmatch(version); m != nil {
		return &m[1]
	}
	return nil
}

// text is a pointer to s; "" is absence.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
