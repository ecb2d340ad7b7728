package report

import (
	"io"
	"path"
	"strconv"

	"notiform/spec"
)

// codeQualityIssue is an entry of GitLab's Code Quality report.
type codeQualityIssue struct {
	Description string              `json:"description"`
	CheckName   string              `json:"check_name"`
	Fingerprint string              `json:"fingerprint"`
	Severity    string              `json:"severity"`
	Location    codeQualityLocation `json:"location"`
}

type codeQualityLocation struct {
	Path  string           `json:"path"`
	Lines codeQualityLines `json:"lines"`
}

type codeQualityLines struct {
	Begin int `json:"begin"`
}

// writeCodeQuality writes the findings of a run as GitLab's Code Quality report: an array, empty when
// there is nothing to say. A run that could not go on is an entry of its own, since an empty
// array would say that all is well.
func writeCodeQuality(w io.Writer, r Run) error {
	seen := fingerprints{}
	issues := []codeQualityIssue{}
	add := func(f finding, severity string) {
		hash, nth := seen.of(f)
		if nth > 1 {
			hash += "-" + strconv.Itoa(nth)
		}
		issues = append(issues, codeQualityIssue{
			Description: f.text(), CheckName: f.rule, Fingerprint: hash, Severity: severity,
			Location: codeQualityLocation{relative(f.pos.File), codeQualityLines{max(f.pos.Line, 1)}},
		})
	}
	for _, f := range append(stopped(r), findingsOf(r)...) {
		add(f, codeQualitySeverity(f))
	}
	return writeDocument(w, issues)
}

func codeQualitySeverity(f finding) string {
	switch {
	case f.rule == ruleRun:
		return "blocker"
	case f.rule == ruleFailed:
		return "critical"
	case f.severity == spec.Error:
		return "major"
	default:
		return "minor"
	}
}

// relative is a path as GitLab has it, without a leading ./; a finding without a place is one of
// the whole directory.
func relative(file string) string {
	return Visible(path.Clean(file))
}
