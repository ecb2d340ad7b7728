package command_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"notiform/reconcile/report"
)

// TestReferenceListsEveryFormat holds the reference's table of formats against the code's.
func TestReferenceListsEveryFormat(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(document(t, "REFERENCE.md"), "\n### Formats\n")
	commands := []string{"validate", "plan", "apply", "create", "show", "card", "import"}
	for _, format := range report.Formats("plan", false) {
		has := func(command string) bool { return slices.Contains(report.Formats(command, false), format) }
		of, others := []string{}, []string{}
		for _, command := range commands {
			if has(command) {
				of = append(of, command)
			} else {
				others = append(others, command)
			}
		}
		want := strings.Join(of, ", ")
		switch len(others) {
		case 0:
			want = "every command"
		case 1, 2:
			want = "every command but " + strings.Join(others, " and ")
		}
		row := regexp.MustCompile(`(?m)^\|[^|]*` + regexp.QuoteMeta("`"+format+"`") + `[^|]*\| ([^|]*) \|`).FindStringSubmatch(section)
		if row == nil || row[1] != want && !strings.HasPrefix(row[1], want+", only") {
			t.Errorf("REFERENCE.md says %q of %s, want %q", row, format, want)
		}
	}
}
