package command

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/report"
)

// A fault of notiform itself is a panic, in whatever goroutine. Left alone it ends the process with
// the code 2 of the Go runtime, by which a pipeline would take a crash for a plan that differs.

// background does something beside the run. A panic in it ends the process, as it would anyway.
func (env Env) background(do func()) {
	go func() {
		defer func() {
			if crash := withStack(recover()); crash != nil {
				sayCrash(env.Stderr, crash)
				env.end(report.ExitFault)
			}
		}()
		do()
	}()
}

// end lets Run return at once, with what is blocked left behind.
func (env Env) end(code int) {
	select {
	case env.ended <- code:
	default: // it has ended
	}
}

// withStack is the value of a panic with where it came from below it, for another goroutine to panic
// with; nil stays nil.
func withStack(value any) any {
	if value == nil {
		return nil
	}
	return fmt.Sprintf("%v\n\n%s", value, debug.Stack())
}

// sayCrash says what happened and what to do, with the stack below: it goes nowhere but to stderr.
func sayCrash(stderr io.Writer, crash any) {
	fault := crashFault(crash)
	say(stderr, "%s", fault.Message)
	say(stderr, asHint, fault.Hint)
	_, stack, _ := strings.Cut(fmt.Sprint(crash), "\n")
	for line := range strings.SplitSeq(strings.Trim(stack, "\n"), "\n") {
		fmt.Fprintln(stderr, report.Visible(strings.ReplaceAll(line, "\t", "    ")))
	}
}

// crashFault is a panic as data, without the stack.
func crashFault(crash any) *reconcile.Fault {
	what, _, _ := strings.Cut(fmt.Sprint(crash), "\n")
	return &reconcile.Fault{Message: fmt.Sprintf(ourFault, what), Hint: hintOurFault}
}

// attended does the work of a command whose run is told in reports. A panic ends it with what was
// found until then. hard is that of interruptible.
func (o *outputs) attended(hard context.Context, env Env, run *report.Run, do func() error) (err error) {
	run.Command, run.ToolVersion = o.command, version()
	defer func() {
		if crash := withStack(recover()); crash != nil {
			sayCrash(env.Stderr, crash)
			run.Fault, run.ExitCode = crashFault(crash), report.ExitFault
			err = o.print(hard, env, *run)
		}
	}()
	return do()
}
