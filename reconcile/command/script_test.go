package command_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"notiform/reconcile/command"
)

var update = flag.Bool("update", false, "write what the scripts compare with anew; then read it")

// TestMain lets the test binary be notiform itself, so that exit codes, streams, environment
// and signals in the scripts are real.
func TestMain(m *testing.M) {
	_ = os.Setenv("GORACE", "atexit_sleep_ms=20") // else every process under -race ends with a sleep of 1 s
	testscript.Main(m, map[string]func(){"notiform": func() { os.Exit(command.System()) }, "browser": func() { os.Exit(browse()) }})
}

// root is the project's own directory, as an absolute path.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestScripts runs the pages of testdata/script: what a user types and what comes back. Each
// page is a script of testscript with the commands of scriptCommands; $PROJECT is the project.
func TestScripts(t *testing.T) {
	t.Parallel()
	project := root(t)
	dir := filepath.Join(project, "testdata", "script")
	if pages, err := filepath.Glob(filepath.Join(dir, "*.txtar")); err != nil || len(pages) == 0 {
		t.Fatalf("no scripts in %s (%v)", dir, err)
	}
	path := os.Getenv("PATH")
	if raced {
		path = builtBeside(t, project) + string(filepath.ListSeparator) + path
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands(),
		Setup: func(e *testscript.Env) error {
			e.Setenv("PROJECT", project)
			e.Setenv("PATH", path)
			e.Setenv("GORACE", "atexit_sleep_ms=20") // under -race every process would end with a sleep of 1 s
			e.Values[stageKey{}] = new(stage)
			return nil
		},
	})
}

// builtBeside is a folder with notiform as users have it. The test binary itself would look for races
// in each of two thousand processes, which takes minutes; those that one process can have, other tests
// find.
func builtBeside(t *testing.T, project string) string {
	t.Helper()
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", dir, ".")
	build.Dir = project
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// scriptCommand is a command of the scripts. neg says that it was typed behind a "!".
type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are what the pages may say besides the commands of testscript itself. Each is
// described where it is written.
func scriptCommands() map[string]scriptCommand {
	return map[string]scriptCommand{
		// script_sandbox_test.go
		"sandbox": startSandbox, "requests": requests, "edit": edit, "fault": fault, "stored": stored,
		// script_process_test.go
		"exits": exits, "exited": exited, "interrupt": interrupt,
		// script_output_test.go
		"steady": steady, "json": jsonHas, "nosecrets": noSecrets,
		// script_file_test.go
		"pad": pad, "sparse": sparse,
		// script_plan_test.go
		"backdate": backdate, "undigest": undigest, "commit": commit,
		// script_auth_test.go
		"ahead": ahead, "freeport": freeport, "notokens": noTokens,
		// script_preview_test.go
		"shows": shows,
		// script_ticket_test.go
		"ticket": ticket, "messages": messages,
	}
}
