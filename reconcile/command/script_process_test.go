package command_test

import (
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits CODE COMMAND [ARG ...] runs a command and wants exactly that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG ...]")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	wantCode(ts, args[0], got)
}

func wantCode(ts *testscript.TestScript, text string, got int) {
	want, err := strconv.Atoi(text)
	ts.Check(err)
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// interrupt [METHOD N] interrupts the command that runs in the background, once the sandbox
// has received N requests with METHOD. A second interrupt of the same command is a SIGTERM:
// two signals of one kind may become one on the way.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	background := ts.BackgroundCmds()
	if neg || len(background) != 1 || len(args) != 0 && len(args) != 2 {
		ts.Fatalf("usage: interrupt [METHOD N], with one command in the background")
	}
	if len(args) == 2 {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		awaitRequests(ts, args[0], n)
	}
	s := stageOf(ts)
	var signal os.Signal = os.Interrupt
	if s.cmd == background[0] {
		signal = syscall.SIGTERM
	}
	s.cmd = background[0]
	ts.Check(s.cmd.Process.Signal(signal))
}

// awaitRequests waits until another process has sent n requests.
func awaitRequests(ts *testscript.TestScript, method string, n int) {
	server := serverOf(ts)
	for deadline := time.Now().Add(30 * time.Second); server.Count(method) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("%d %s requests came in 30 s, want %d", server.Count(method), method, n)
		}
	}
}

// exited CODE wants the exit code of the command that was interrupted and waited for.
func exited(ts *testscript.TestScript, neg bool, args []string) {
	cmd := stageOf(ts).cmd
	if neg || len(args) != 1 || cmd == nil || cmd.ProcessState == nil {
		ts.Fatalf("usage: exited CODE, after interrupt and wait")
	}
	wantCode(ts, args[0], cmd.ProcessState.ExitCode())
}
