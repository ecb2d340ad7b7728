package report

import (
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"notiform/spec"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sourceRoot  = "%SRCROOT%" // what GitHub takes relative places to be relative to
)

// writeSARIF writes the findings of a run as SARIF 2.1.0, for code scanning.
func writeSARIF(w io.Writer, r Run) error {
	return writeDocument(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{sarifRunOf(r)}})
}

func sarifRunOf(r Run) sarifRun {
	index := map[string]int{}
	driver := sarifDriver{Name: "notiform", Version: r.ToolVersion, SemanticVersion: semantic(r.ToolVersion)}
	for i, rule := range Rules() {
		index[rule.ID] = i
		driver.Rules = append(driver.Rules, sarifRuleOf(rule))
	}
	run := sarifRun{
		Tool:       sarifTool{driver},
		ColumnKind: "unicodeCodePoints",
		OriginalURIBaseIDs: map[string]sarifBase{
			sourceRoot: {Description: sarifMessage{Text: sarifRoot}},
		},
		AutomationDetails: sarifAutomation{ID: "notiform/" + r.kind() + "/"},
		Invocations:       []sarifInvocation{sarifInvocationOf(r)},
	}
	seen := fingerprints{}
	for _, f := range findingsOf(r) {
		run.Results = append(run.Results, sarifResultOf(f, index[f.rule], seen))
	}
	return run
}

func sarifRuleOf(r spec.Rule) sarifRule {
	e := Explain(r.ID)
	help := fmt.Sprintf(sarifHelp, e.Why, e.Source)
	if !r.Fixed {
		help = fmt.Sprintf(sarifHelpSettable, e.Why, e.Source, r.ID)
	}
	markdown := help
	if e.Bad.Text != "" {
		markdown = fmt.Sprintf(sarifHelpMarkdown, help, e.Bad.Kind, e.Bad.Text, e.Good.Kind, e.Good.Text)
	}
	return sarifRule{
		ID: r.ID, Name: r.ID,
		ShortDescription:     sarifMessage{Text: r.Summary},
		FullDescription:      sarifMessage{Text: e.Why},
		Help:                 sarifMessage{Text: help, Markdown: markdown},
		DefaultConfiguration: sarifConfiguration{Enabled: true, Level: r.Severity.String()},
	}
}

func sarifInvocationOf(r Run) sarifInvocation {
	faults := stopped(r)
	i := sarifInvocation{ExecutionSuccessful: len(faults) == 0, ExitCode: r.ExitCode}
	for _, f := range append(faults, refusals(r)...) {
		i.ToolExecutionNotifications = append(i.ToolExecutionNotifications,
			sarifNotification{Level: "error", Message: sarifMessage{Text: sarifText(f.text())}})
	}
	return i
}

func sarifResultOf(f finding, rule int, seen fingerprints) sarifResult {
	hash, nth := seen.of(f)
	return sarifResult{
		RuleID: f.rule, RuleIndex: rule, Level: f.severity.String(), Message: sarifMessage{Text: sarifText(f.text())},
		Locations: []sarifLocation{{PhysicalLocation: sarifPlace{
			ArtifactLocation: sarifArtifactOf(f.pos.File),
			Region:           sarifRegion{StartLine: max(f.pos.Line, 1), StartColumn: f.pos.Column},
		}}},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": fmt.Sprintf("%s:%d", hash, nth)},
	}
}

// sarifText escapes what a message's text gives a meaning to: [a link](1) and {0}.
func sarifText(s string) string {
	return strings.NewReplacer("[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}

// sarifArtifactOf is a file's address: relative to the working directory where it is in it.
func sarifArtifactOf(file string) sarifArtifact {
	file = path.Clean(file)
	uri := percentEncoded(file, "-._~/")
	if path.IsAbs(file) {
		return sarifArtifact{URI: "file://" + uri}
	}
	return sarifArtifact{URI: uri, URIBaseID: sourceRoot}
}

var semanticForm = regexp.MustCompile(`^v([0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)$`)

// semantic is a version as SARIF has it, without the v, or nothing.
func semantic(version string) string {
	if m := semanticForm.FindStringSubmatch(version); m != nil {
		return m[1]
	}
	return ""
}
