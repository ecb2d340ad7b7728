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
	commands := []string{"validate", "plan", "apply", "show", "card"}
	for _, format := range report.Formats("plan", false) {
		of := slices.DeleteFunc(slices.Clone(commands), func(command string) bool { return !slices.Contains(report.Formats(command, false), format) })
		want := strings.Join(of, ", ")
		switch {
		case len(of) == len(commands):
			want = "every command"
		case slices.Equal(of, commands[:len(commands)-1]):
			want = "every command but card"
		}
		row := regexp.MustCompile(`(?m)^\|[^|]*` + regexp.QuoteMeta("`"+format+"`") + `[^|]*\| ([^|]*) \|`).FindStringSubmatch(section)
		if row == nil || row[1] != want && !strings.HasPrefix(row[1], want+", only") {
			t.Errorf("REFERENCE.md says %q of %s, want %q", row, format, want)
		}
	}
}
