// Package pipelines_test runs the recipes: every script in them, against the sandbox and a
// stand-in of the forge, and holds them against what makes a pipeline safe.
package pipelines_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"notiform/reconcile/command"
)

// TestMain lets the test binary be notiform itself, so that a script finds it in its PATH and gets
// its real exit codes and streams.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"notiform": func() { os.Exit(command.System()) }})
}

var (
	fence  = regexp.MustCompile("(?s)```[a-z]*\n(.*?)```")
	digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
)

// root is the project's own directory, as an absolute path.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
