package command

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

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

// attended does the work of a command and reports its run; timeout and stopping are those of
// interruptible. A panic ends it with what was found until then, and so does an error, but for a mistake
// in what was typed: there is no run then.
func (o *outputs) attended(ctx context.Context, env Env, timeout time.Duration, stopping string,
	do func(soft, hard context.Context, run *report.Run) error) (err error) {
	soft, hard, release := interruptible(ctx, env, timeout, stopping)
	defer release()
	run := report.Run{Command: o.command, ToolVersion: version()}
	defer func() {
		if crash := withStack(recover()); crash != nil {
			sayCrash(env.Stderr, crash)
			run.Fault, run.ExitCode = crashFault(crash), report.ExitFault
			o.enough = false
			err = o.print(hard, env, run)
		}
	}()
	err = do(soft, hard, &run)
	if isUsage(err) {
		return err
	}
	if err != nil {
		run = unplanned(soft, env, run, err)
	}
	return o.print(hard, env, run)
}
