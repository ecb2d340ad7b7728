package command_test

import (
	"flag"
	"fmt"
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
	testscript.Main(asBuilt{m}, map[string]func(){"notiform": func() { os.Exit(command.System()) }, "browser": func() { os.Exit(browse()) }})
}

// asBuilt runs the tests with notiform as users have it in front of PATH, if the test binary looks for
// races: it would do so in each of two thousand processes, which takes minutes. Those that one process
// can have, other tests find.
type asBuilt struct{ *testing.M }

func (m asBuilt) Run() int {
	if !raced {
		return m.M.Run()
	}
	dir, err := os.MkdirTemp("", "notiform-built-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-o", dir, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	_ = os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return m.M.Run()
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
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands(),
		Setup: func(e *testscript.Env) error {
			e.Setenv("PROJECT", project)
			e.Values[stageKey{}] = new(stage)
			return nil
		},
	})
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
