package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
)

func applyCommand(env Env) *cli.Command {
	var o applying
	return &cli.Command{
		Name: "apply", Usage: "write what differs, and prove it by reading it back", ArgsUsage: "[PATH ...]",
		Description: "Shows the plan, asks for a yes on a terminal, sends one PATCH for each draft that differs and\n" +
			"reads it back. Drafts are independent: one failure leaves the others alone. Nothing is ever\n" +
			"submitted, sent, previewed or recalled.",
		Flags: append(o.flags(),
			&cli.BoolFlag{Name: "auto-approve", Destination: &o.autoApprove, Usage: "do not ask; needed where there is no terminal"},
			&cli.BoolFlag{Name: "fail-fast", Destination: &o.failFast, Usage: "start nothing new after the first draft that fails"}),
		Action: func(c *cli.Context) error { return apply(c, env, &o) },
	}
}

type applying struct {
	planning
	autoApprove, failFast bool
}

func apply(c *cli.Context, env Env, o *applying) error {
	if err := o.check(); err != nil {
		return err
	}
	paths := c.Args().Slice()
	if !o.autoApprove && (!env.IsTerminal(env.Stdin) || slices.Contains(paths, "-")) {
		return &exitError{exitUsage, hinted{
			errors.New("there is no terminal to ask on, and --auto-approve is not given; nothing was read or written"),
			"review the output of notiform plan, then run apply with --auto-approve",
		}}
	}
	soft, hard, release := interruptible(c.Context, env, o.timeout)
	defer release()
	run, client, err := o.make(soft, env, "apply", paths)
	if err != nil {
		return err
	}
	if run.Plan == nil {
		return o.print(env, run)
	}
	if err := o.show(env, run); err != nil {
		return err
	}
	approved, decline := context.WithCancelCause(soft)
	defer decline(nil)
	declined := o.confirm(approved, env, run.Plan.Summary.Update)
	if declined != nil {
		decline(declined) // nothing is started then, and the result still names every draft
	}
	run.Result = o.write(hard, approved, env, client, *run.Plan)
	run.ExitCode = worst(run.ExitCode, resultCode(run.Result.Summary, interrupted(soft)))
	if declined == nil {
		return o.print(env, run)
	}
	return o.refuse(env, run, declined)
}

// show prints the plan before anybody is asked: on stdout where the product is text, else on
// stderr, and only to a person.
func (o *applying) show(env Env, run report.Run) error {
	stream := env.Stdout
	if o.format != "text" {
		if o.autoApprove {
			return nil
		}
		stream = env.Stderr
	}
	if err := report.Text(stream, run, style(env, o.color, stream)); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stream)
	return err
}

var errDeclined = errors.New("the answer was not yes")

// confirm asks whether to write, and returns why not. There is nothing to ask when nothing
// would be written.
func (o *applying) confirm(ctx context.Context, env Env, updates int) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case updates == 0 || o.autoApprove:
		return nil
	}
	fmt.Fprintf(env.Stderr, "Write %s to the helpdesk? Only yes is taken for yes: ", plural(updates, "draft"))
	answer := make(chan string, 1)
	go func() { // a read cannot be ended; it is left behind when the run is interrupted
		line, _ := bufio.NewReader(env.Stdin).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case line := <-answer:
		if line != "yes" {
			return errDeclined
		}
		return nil
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// write carries out the plan and tells how far it is.
func (o *applying) write(hard, soft context.Context, env Env, client *feishu.Client, p reconcile.Plan) *reconcile.Result {
	telling := startProgress(env, "writing", len(p.Drafts), func(int) time.Duration { return 0 })
	defer telling.finish()
	result := reconcile.Apply(hard, soft, client, p, reconcile.Options{Parallelism: o.parallelism, FailFast: o.failFast, Tell: telling.tell})
	return &result
}

// refuse ends an apply that was not approved. A person who just said no needs no list of it.
func (o *applying) refuse(env Env, run report.Run, why error) error {
	code := exitRefused
	switch {
	case errors.Is(why, errInterrupted):
		code = exitInterrupted
	case errors.Is(why, errTimeout):
		code = exitFailed
	}
	run.ExitCode, run.Fault = code, reconcile.NewFault(why)
	sayError(env.Stderr, fmt.Errorf("nothing was written: %w", why))
	if o.format == "text" {
		return exit(code)
	}
	return o.print(env, run)
}
