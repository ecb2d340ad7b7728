package command_test

import (
	"context"
	"encoding/json"
	"os/exec"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"notiform/feishu/sandbox"
)

// stage is what one page has set up.
type stage struct {
	server *sandbox.Server
	cmd    *exec.Cmd // what interrupt has interrupted
}

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

func serverOf(ts *testscript.TestScript) *sandbox.Server {
	server := stageOf(ts).server
	if server == nil {
		ts.Fatalf("no sandbox was started here")
	}
	return server
}

// sandbox [SEED.json ...] [SWITCH=VALUE ...] starts a stand-in API without limits and points
// FEISHU_* of the page at it. limits=documented keeps the documented limits.
func startSandbox(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("sandbox cannot be negated")
	}
	options := sandbox.Options{Limits: sandbox.Unlimited()}
	var seeds []string
	for _, arg := range args {
		switch {
		case arg == "limits=documented":
			options.Limits = nil
		case strings.Contains(arg, "=") && !strings.Contains(arg, "/"):
			options.Switches = append(options.Switches, arg)
		default:
			seeds = append(seeds, arg)
		}
	}
	server, err := sandbox.New(options)
	ts.Check(err)
	for _, seed := range seeds {
		ts.Check(server.Seed([]byte(ts.ReadFile(seed))))
	}
	listen(ts, server)
	stageOf(ts).server = server
}

// listen serves until the page has ended.
func listen(ts *testscript.TestScript, server *sandbox.Server) {
	ctx, cancel := context.WithCancel(context.Background())
	url, stop, err := server.Listen(ctx, "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() {
		stop()
		cancel()
	})
	for _, setting := range server.Env(url) {
		name, value, _ := strings.Cut(setting, "=")
		ts.Setenv(name, value)
	}
}

// requests METHOD N [METHOD N ...] wants exactly so many requests since the last look.
func requests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args)%2 != 0 {
		ts.Fatalf("usage: requests METHOD N [METHOD N ...]")
	}
	server := serverOf(ts)
	for i := 0; i < len(args); i += 2 {
		if got := strconv.Itoa(server.Count(args[i])); got != args[i+1] {
			ts.Fatalf("%s %s requests, want %s", got, args[i], args[i+1])
		}
	}
	server.ForgetRequests()
}

// edit ID FIELD VALUE is somebody else's edit at the console. VALUE is JSON or plain text.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit ID FIELD VALUE")
	}
	value := json.RawMessage(args[2])
	if !json.Valid(value) {
		value, _ = json.Marshal(args[2])
	}
	patch, err := json.Marshal(map[string]json.RawMessage{args[1]: value})
	ts.Check(err)
	ts.Check(serverOf(ts).Edit(args[0], func(n *sandbox.Notification) { err = json.Unmarshal(patch, n) }))
	ts.Check(err)
}

// fault SPEC ... scripts trouble for requests to come, in the sandbox's text form.
func fault(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("fault cannot be negated")
	}
	for _, text := range args {
		f, err := sandbox.ParseFault(text)
		ts.Check(err)
		serverOf(ts).Fail(f)
	}
}

// stored ID FIELD VALUE wants what the sandbox holds in a field, as compact JSON or, for a
// text, as the text itself.
func stored(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: stored ID FIELD VALUE")
	}
	n, ok := serverOf(ts).Notification(args[0])
	if !ok {
		ts.Fatalf("the sandbox holds no %s", args[0])
	}
	document, err := json.Marshal(n)
	ts.Check(err)
	if got := jsonValue(ts, document, args[1]); (got == args[2]) == neg {
		ts.Fatalf("%s of %s is %s", args[1], args[0], got)
	}
}
