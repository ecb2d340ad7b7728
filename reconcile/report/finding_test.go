package report_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

func faults(errors, warnings int) report.Run {
	r := report.Run{Command: "validate", ExitCode: 3}
	for i := range errors + warnings {
		severity := spec.Warning // first, so that order is shown
		if i >= warnings {
			severity = spec.Error
		}
		r.Diagnostics = append(r.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: "a.yaml", Line: i + 1, Column: 1}, Severity: severity, Rule: "invalid-id", Message: fmt.Sprint("fault ", i)})
	}
	return r
}

// TestAnnotationsWithinGitHubsLimits: GitHub drops the eleventh without a word, so we say it.
func TestAnnotationsWithinGitHubsLimits(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why                       string
		run                       report.Run
		errors, warnings, notices int
		says                      string
	}{
		{"nothing to say", faults(0, 0), 0, 0, 0, "Validate: 0 drafts in 0 files, 0 errors, 0 warnings\n"},
		{"as many as fit", faults(10, 10), 10, 10, 0, "10 errors, 10 warnings\n"},
		{"one more of each", faults(11, 11), 10, 10, 1, "::notice title=notiform validate::1 more error and 1 more warning than GitHub shows"},
		{"many errors", faults(500, 3), 10, 3, 1, "::490 more errors than GitHub shows"},
		{"a fault of the run comes first", func() report.Run { r := faults(20, 0); r.Fault = &reconcile.Fault{Message: "no"}; return r }(), 10, 0, 1, "::error title=notiform::no\n"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			out := write(t, "github", row.run)
			count := map[string]int{}
			for i, a := range wantAnnotations(t, out) {
				count[a.command]++
				if a.command == "error" && i >= row.errors {
					t.Errorf("an error stands behind the warnings:\n%s", out)
				}
			}
			if count["error"] != row.errors || count["warning"] != row.warnings || count["notice"] != row.notices || !strings.Contains(out, row.says) {
				t.Errorf("%v, want %d, %d, %d and %q in\n%s", count, row.errors, row.warnings, row.notices, row.says, out)
			}
		})
	}
}

// TestAnnotationLaw: what the runner reads is what was to be said, however it was escaped.
func TestAnnotationLaw(t *testing.T) {
	t.Parallel()
	for _, s := range fragments() {
		wantRead(t, "x"+s, "y"+s, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		wantRead(t, "x"+hostileText(t, "file"), "y"+hostileText(t, "message"), hostileText(t, "hint"))
	})
}

func wantRead(t fataler, file, message, hint string) {
	d := spec.Diagnostic{Pos: spec.Pos{File: file, Line: 7, Column: 8}, Severity: spec.Error, Rule: "invalid-id", Message: message, Hint: hint}
	read := runnerReads(write(t, "github", report.Run{Command: "validate", Diagnostics: []spec.Diagnostic{d}}))
	if len(read) != 1 {
		t.Fatalf("%d commands are read, want 1", len(read))
	}
	var lines []string
	for _, line := range strings.Split(message, "\n") {
		lines = append(lines, escapedOnce(line))
	}
	want := strings.Join(lines, "\n")
	if hint != "" {
		want += "\nhint: " + escapedOnce(hint)
	}
	a := read[0]
	if got := a.properties; got["file"] != report.Harmless(file) || got["line"] != "7" || got["col"] != "8" || got["title"] != "invalid-id" {
		t.Fatalf("the properties are read as %q", got)
	}
	if strings.TrimSpace(a.data) != strings.TrimSpace(want) { // the runner cuts off blanks
		t.Fatalf("%q is read, want %q", a.data, want)
	}
}

// escapedOnce is a diagnostic's text as formats show it: its backslashes are escapes already.
func escapedOnce(s string) string { return strings.ReplaceAll(report.Visible(s), `\\`, `\`) }

// TestWhatIsAnnotated: errors for what stands in the way, warnings for what a reviewer must not
// overlook, nothing for drafts whose turn never came.
func TestWhatIsAnnotated(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		run  report.Run
		want string
	}{
		{"a plan", planRun(t), "error draft-blocked 30; error draft-failed 40; warning root-department 14; warning audience-widened 1; warning send-at-passed 1; warning audience-widened 20; warning console-edit 20"},
		{"an apply", applyRun(t), "error draft-unverified 20; error draft-blocked 30; error draft-blocked 30; error draft-stale 40; error draft-unverified 50; error draft-failed 60; warning audience-widened 1; warning send-at-passed 1; warning audience-widened 20"},
		{"the files", validateRun(), "error card-json 3; error unknown-field 2; warning root-department 14"},
		{"the files of a change", changedRun(), "error unknown-field 12; warning root-department 14; notice card-json 3; notice draft-removed 1"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, a := range wantAnnotations(t, write(t, "github", row.run)) {
				got = append(got, a.command+" "+a.properties["title"]+" "+a.properties["line"])
			}
			if joined := strings.Join(got, "; "); joined != row.want {
				t.Errorf("got  %s\nwant %s", joined, row.want)
			}
		})
	}
}

func fingerprints(t *testing.T, r report.Run) []string {
	t.Helper()
	var all []string
	for _, i := range wantCodeQuality(t, []byte(write(t, "gitlab-codequality", r))) {
		all = append(all, i.Fingerprint)
	}
	var inSARIF []string
	for _, r := range wantSARIF(t, []byte(write(t, "sarif", r))).Runs[0].Results {
		inSARIF = append(inSARIF, r.Fingerprints["primaryLocationLineHash"])
	}
	return append(all, inSARIF...)
}

// TestFingerprints: the same finding keeps its identity when lines move, when Feishu gives its
// answer another log id and when others come and go; another finding has another one.
func TestFingerprints(t *testing.T) {
	t.Parallel()
	run := func(change func(r *report.Run)) report.Run {
		p := plan(t)
		r := report.Run{Command: "plan", Plan: &p, Judged: validateRun().Judged, Diagnostics: []spec.Diagnostic{
			{Pos: spec.Pos{File: "草稿/新人.yaml", Line: 3, Column: 1}, Severity: spec.Error, Rule: "duplicate-id", Message: "the id is also at b.yaml:7:1"},
			{Pos: spec.Pos{File: "草稿/新人.yaml", Line: 4, Column: 1}, Severity: spec.Error, Rule: "duplicate-id", Message: "the id is also at b.yaml:7:1"},
		}}
		change(&r)
		return r
	}
	was := fingerprints(t, run(func(*report.Run) {}))
	for _, row := range []struct {
		why    string
		change func(r *report.Run)
		same   bool
	}{
		{"every line has moved", func(r *report.Run) {
			for i := range r.Judged {
				r.Judged[i].Pos.Line += 5
			}
			for i := range r.Diagnostics {
				r.Diagnostics[i].Pos.Line += 5
				r.Diagnostics[i].Message = "the id is also at b.yaml:12:1"
			}
			for i := range r.Plan.Drafts {
				r.Plan.Drafts[i].Line += 5
			}
		}, true},
		{"another log id", func(r *report.Run) { r.Plan.Drafts[3].Error = &reconcile.Fault{Message: "feishu said no (log id 2)"} }, true},
		{"another hint", func(r *report.Run) { r.Diagnostics[0].Hint = "mend it" }, true},
		{"another rule", func(r *report.Run) { r.Diagnostics[0].Rule = "invalid-id" }, false},
		{"another file", func(r *report.Run) { r.Diagnostics[0].Pos.File = "c.yaml" }, false},
		{"another fault of the rule", func(r *report.Run) { r.Diagnostics[0].Message = "something else" }, false},
		{"another draft", func(r *report.Run) { r.Plan.Drafts[3].NotificationID = "1" }, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			if now := fingerprints(t, run(row.change)); (strings.Join(now, " ") == strings.Join(was, " ")) != row.same {
				t.Errorf("was %q, is %q", was, now)
			}
		})
	}
}

func TestCodeQualitySeverities(t *testing.T) {
	t.Parallel()
	r := planRun(t)
	r.Diagnostics = diagnostics()
	r.Fault = &reconcile.Fault{Message: "no"}
	want := map[string]string{
		"notiform": "blocker", "draft-failed": "critical", "draft-blocked": "major", "card-json": "major", "unknown-field": "major",
		"root-department": "minor", "audience-widened": "minor", "send-at-passed": "minor", "console-edit": "minor",
	}
	there := map[string]bool{}
	for _, i := range wantCodeQuality(t, []byte(write(t, "gitlab-codequality", r))) {
		if want[i.CheckName] != i.Severity {
			t.Errorf("%s is %s, want %s", i.CheckName, i.Severity, want[i.CheckName])
		}
		there[i.CheckName] = true
	}
	if len(there) != len(want) {
		t.Errorf("only %v are there", there)
	}
	if out := write(t, "gitlab-codequality", report.Run{Command: "validate"}); out != "[]\n" {
		t.Errorf("a clean run is %q, want []", out)
	}
}

func TestSARIFAddresses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, file, want string }{
		{"Chinese", "草稿/新人 1.yaml", "%E8%8D%89%E7%A8%BF/%E6%96%B0%E4%BA%BA%201.yaml"},
		{"no dot in front", "./a/../b.yaml", "b.yaml"},
		{"above", "../b.yaml", "../b.yaml"},
		{"anywhere else", "/tmp/a b.yaml", "file:///tmp/a%20b.yaml"},
		{"not a scheme", "c:x#y?z%20.yaml", "c%3Ax%23y%3Fz%2520.yaml"},
		{"bytes that are no UTF-8", "a\xff.yaml", "a%FF.yaml"},
		{"standard input", "-", "-"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			r := report.Run{Command: "validate", Diagnostics: []spec.Diagnostic{{Pos: spec.Pos{File: row.file, Line: 1, Column: 1}, Severity: spec.Error, Rule: "invalid-id", Message: "m"}}}
			log := wantSARIF(t, []byte(write(t, "sarif", r)))
			if got := log.Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

// TestSARIFHasEveryRule: a rule that is not in the log has no help where the finding is shown.
func TestSARIFHasEveryRule(t *testing.T) {
	t.Parallel()
	out := write(t, "sarif", report.Run{Command: "validate", ToolVersion: "devel"})
	log := wantSARIF(t, []byte(out))
	have := map[string]bool{}
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		have[r.ID] = true
	}
	for _, r := range spec.Rules() {
		if !have[r.ID] || !strings.Contains(out, r.Summary) {
			t.Errorf("%s is missing", r.ID)
		}
	}
	if strings.Contains(out, "semanticVersion") || !strings.Contains(out, `"results": []`) {
		t.Errorf("devel is no semantic version, and no results are an empty array:\n%s", out)
	}
}

// TestJUnitCases: one case a draft, and its place says which.
func TestJUnitCases(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		run  report.Run
		want string
	}{
		{"validate", validateRun(), "cards/a b.json: failure; 新人欢迎 (" + id1 + "): failure; Not created yet: passed; In order (" + id3 + "): passed"},
		{"validate of a change", changedRun(), "cards/a b.json: passed; 草稿/新人.yaml: failure; 新人欢迎 (" + id1 + "): passed"},
		{"plan", planRun(t), "系统维护通知(周六) (" + id1 + "): passed; Welcome (" + id2 + "): passed; Approved (" + id3 + "): failure; Gone (" + id4 + "): error; Equal (" + id5 + "): passed"},
		{"a fault", faultRun("apply"), "notiform apply: error"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, c := range wantJUnit(t, write(t, "junit", row.run)).Suites[0].Cases {
				result := "passed"
				switch {
				case c.Failure != nil:
					result = "failure"
				case c.Error != nil:
					result = "error"
				case c.Skipped != nil:
					result = "skipped"
				}
				got = append(got, c.Name+": "+result)
			}
			if joined := strings.Join(got, "; "); joined != row.want {
				t.Errorf("got  %s\nwant %s", joined, row.want)
			}
		})
	}
}
