package command_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/term"

	"notiform/feishu/sandbox"
	"notiform/reconcile/command"
)

// TestMain lets the test binary be notiform itself, so that exit codes, streams, environment
// and signals in the scripts are real.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"notiform": func() {
		signals := make(chan os.Signal, 2)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		os.Exit(command.Run(context.Background(), os.Args, command.Env{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
			Getenv: os.Getenv, Environ: os.Environ, ReadFile: os.ReadFile,
			Now: time.Now, Rand: rand.Float64, Signals: signals,
			IsTerminal: func(stream any) bool {
				f, ok := stream.(*os.File)
				return ok && term.IsTerminal(int(f.Fd()))
			},
		}))
	}})
}

// TestScripts runs the pages of testdata/script: what a user types and what comes back.
func TestScripts(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "testdata", "script")
	if pages, err := filepath.Glob(filepath.Join(dir, "*.txtar")); err != nil || len(pages) == 0 {
		t.Fatalf("no scripts in %s (%v)", dir, err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	var servers sync.Map // *testing.T's work directory → *sandbox.Server
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PROJECT", root)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":    exits,
			"sandbox":  func(ts *testscript.TestScript, neg bool, args []string) { startSandbox(ts, neg, args, &servers) },
			"requests": func(ts *testscript.TestScript, neg bool, args []string) { requests(ts, neg, args, &servers) },
			"edit":     func(ts *testscript.TestScript, neg bool, args []string) { edit(ts, neg, args, &servers) },
			"fault":    func(ts *testscript.TestScript, neg bool, args []string) { fault(ts, neg, args, &servers) },
			"stored":   func(ts *testscript.TestScript, neg bool, args []string) { stored(ts, neg, args, &servers) },
		},
	})
}

// exits CODE COMMAND [ARG ...] runs a command and wants exactly that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG ...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// sandbox [SEED.json ...] [SWITCH=VALUE ...] starts a stand-in API without limits and points
// FEISHU_* of the script at it. limits=documented keeps the documented limits.
func startSandbox(ts *testscript.TestScript, neg bool, args []string, servers *sync.Map) {
	if neg {
		ts.Fatalf("sandbox cannot be negated")
	}
	options := sandbox.Options{Limits: sandbox.Unlimited()}
	var seeds []string
	for _, arg := range args {
		switch {
		case arg == "limits=documented":
			options.Limits = sandbox.Limits{}
		case strings.Contains(arg, "=") && !strings.Contains(arg, "/"):
			ts.Check(options.Switches.Set(arg))
		default:
			seeds = append(seeds, arg)
		}
	}
	server, err := sandbox.New(options)
	ts.Check(err)
	for _, seed := range seeds {
		ts.Check(server.Seed([]byte(ts.ReadFile(seed))))
	}
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := server.Listen(ctx, "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() {
		listener.Close()
		cancel()
	})
	for _, setting := range server.Env(listener.URL) {
		name, value, _ := strings.Cut(setting, "=")
		ts.Setenv(name, value)
	}
	servers.Store(ts.Getenv("WORK"), server)
}

func serverOf(ts *testscript.TestScript, servers *sync.Map) *sandbox.Server {
	server, ok := servers.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no sandbox was started here")
	}
	return server.(*sandbox.Server)
}

// requests METHOD N wants exactly so many requests since the last look.
func requests(ts *testscript.TestScript, neg bool, args []string, servers *sync.Map) {
	if neg || len(args)%2 != 0 {
		ts.Fatalf("usage: requests METHOD N [METHOD N ...]")
	}
	server := serverOf(ts, servers)
	for i := 0; i < len(args); i += 2 {
		if got := strconv.Itoa(server.Count(args[i])); got != args[i+1] {
			ts.Fatalf("%s %s requests, want %s", got, args[i], args[i+1])
		}
	}
	server.ForgetRequests()
}

// edit ID FIELD=VALUE is somebody else's edit at the console; status=N changes the status.
func edit(ts *testscript.TestScript, neg bool, args []string, servers *sync.Map) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: edit ID FIELD=VALUE")
	}
	server := serverOf(ts, servers)
	field, value, _ := strings.Cut(args[1], "=")
	switch field {
	case "status":
		status, err := strconv.Atoi(value)
		ts.Check(err)
		ts.Check(server.SetStatus(args[0], status))
	case "job_name":
		ts.Check(server.Edit(args[0], func(n *sandbox.Notification) { n.JobName = value }))
	case "push_content":
		ts.Check(server.Edit(args[0], func(n *sandbox.Notification) { n.PushContent = value }))
	default:
		ts.Fatalf("edit knows status, job_name and push_content, not %s", field)
	}
}

// fault SPEC ... scripts trouble for requests to come, in the sandbox's text form.
func fault(ts *testscript.TestScript, neg bool, args []string, servers *sync.Map) {
	if neg {
		ts.Fatalf("fault cannot be negated")
	}
	for _, text := range args {
		f, err := sandbox.ParseFault(text)
		ts.Check(err)
		serverOf(ts, servers).Fail(f)
	}
}

// stored ID TEXT wants the stored notification, printed as Go does, to contain a text.
func stored(ts *testscript.TestScript, neg bool, args []string, servers *sync.Map) {
	if len(args) != 2 {
		ts.Fatalf("usage: stored ID TEXT")
	}
	n, ok := serverOf(ts, servers).Notification(args[0])
	if !ok {
		ts.Fatalf("the sandbox holds no %s", args[0])
	}
	if text := fmt.Sprintf("%+v", n); strings.Contains(text, args[1]) == neg {
		ts.Fatalf("%s holds %s", args[0], text)
	}
}
