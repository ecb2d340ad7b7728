// Package pipelines_test runs the recipes: every script in them, against the sandbox and a
// stand-in of the forge, and holds them against what makes a pipeline safe.
package pipelines_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"notiform/reconcile/command"
)

// TestMain lets the test binary be notiform itself, so that a script finds it in its PATH and gets
// its real exit codes and streams.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"notiform": func() {
		os.Exit(command.Run(context.Background(), os.Args, command.Env{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
			Getenv: os.Getenv, Environ: os.Environ, ReadFile: os.ReadFile, Now: time.Now, Rand: rand.Float64,
			IsTerminal: func(any) bool { return false }, // a job has none
		}))
	}})
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
