package report

import (
	"io"
	"path"
	"strconv"

	"notiform/spec"
)

// codeQualityIssue is an entry of GitLab's Code Quality report.
type codeQualityIssue struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"` // without a leading ./; of a finding without a place, the whole directory
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// writeCodeQuality writes the findings of a run as GitLab's Code Quality report: an array, empty
// when there is nothing to say. A run that could not go on is an entry of its own, since an empty
// array would say that all is well.
func writeCodeQuality(w io.Writer, r Run) error {
	seen := fingerprints{}
	issues := []codeQualityIssue{}
	for _, f := range append(ofRun(r), findingsOf(r)...) {
		hash, nth := seen.of(f)
		if nth > 1 {
			hash += "-" + strconv.Itoa(nth)
		}
		issue := codeQualityIssue{Description: f.text(), CheckName: f.rule, Fingerprint: hash, Severity: codeQualitySeverity(f)}
		issue.Location.Path, issue.Location.Lines.Begin = harmless(path.Clean(f.pos.File)), max(f.pos.Line, 1)
		issues = append(issues, issue)
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
	case f.severity == spec.Note:
		return "info"
	default:
		return "minor"
	}
}
