package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"notiform/spec"
)

// TestReadmeListsEveryRule holds the README's table of rules against the catalogue.
func TestReadmeListsEveryRule(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range spec.Rules() {
		fixed := ""
		if r.Fixed {
			fixed = " *"
		}
		row := fmt.Sprintf("| %s | %s%s | %s |\n", r.ID, r.Severity, fixed, r.Summary)
		if !strings.Contains(string(src), row) {
			t.Errorf("README.md lacks the row\n%s", row)
		}
	}
}
