package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
			"submitted, sent, previewed or recalled. With --plan FILE exactly that plan is applied, and the\n" +
			"files are not read again.",
		Flags:  o.flags("apply"),
		Action: func(c *cli.Context) error { return apply(c, env, &o) },
	}
}

type applying struct {
	planning
	guards
	autoApprove, failFast bool
	plan                  string
}

func (o *applying) flags(command string) []cli.Flag {
	return slices.Concat(o.planning.flags(command), o.guards.flags(), []cli.Flag{
		&cli.StringFlag{Name: "plan", Destination: &o.plan, Usage: "apply the plan saved in `FILE`"},
		&cli.BoolFlag{Name: "auto-approve", Destination: &o.autoApprove, Usage: "do not ask; needed where there is no terminal"},
		&cli.BoolFlag{Name: "fail-fast", Destination: &o.failFast, Usage: "start nothing new after the first draft that fails"},
	})
}

func (o *applying) check(c *cli.Context, env Env) error {
	if err := o.planning.check(); err != nil {
		return err
	}
	if err := o.guards.check(o.plan, o.base); err != nil {
		return err
	}
	if o.plan != "" {
		for _, name := range []string{"rule", "strict", "only", "base"} {
			if c.IsSet(name) {
				return usage("--%s goes with draft files, not with --plan, which was made from them", name)
			}
		}
		if c.NArg() > 0 {
			return usage("--plan and PATH exclude each other: the plan holds what would be written")
		}
	}
	if !o.autoApprove && (!env.IsTerminal(env.Stdin) || slices.Contains(c.Args().Slice(), "-")) {
		return &exitError{report.ExitUsage, hinted{
			errors.New("there is no terminal to ask on, and --auto-approve is not given; nothing was read or written"),
			"review the output of notiform plan, then run apply with --auto-approve",
		}}
	}
	return nil
}

func apply(c *cli.Context, env Env, o *applying) error {
	if err := o.check(c, env); err != nil {
		return err
	}
	soft, hard, release := interruptible(c.Context, env, o.timeout, "finishing what is in flight; interrupt again to stop at once")
	defer release()
	run, client := o.obtain(soft, env, c.Args().Slice())
	if run.Plan == nil {
		return o.print(env, o.ticket.tell(soft, hard, env, run))
	}
	if err := o.show(env, run); err != nil { // who cannot be shown it cannot have approved it
		run.ExitCode, run.Fault = finish(env.Stderr, err), reconcile.NewFault(err)
		return o.deliver(env, o.ticket.tell(soft, hard, env, run), false)
	}
	approved, decline := context.WithCancelCause(soft)
	defer decline(nil)
	declined := o.confirm(approved, env, *run.Plan)
	if declined != nil {
		decline(declined) // nothing is started then, and the result still names every draft
	}
	run.Result = o.write(hard, approved, env, client, *run.Plan)
	cut := interrupted(hard) || interrupted(soft) && run.Result.Summary.NotAttempted > 0
	run.ExitCode = worst(run.ExitCode, resultCode(run.Result.Summary, cut))
	if declined != nil {
		run = refused(env, run, declined)
	}
	if !errors.Is(declined, errDeclined) {
		run = o.ticket.tell(soft, hard, env, run)
	}
	return o.deliver(env, run, declined == nil || o.format != "text") // a person who just said no needs no list of it
}

// obtain makes the plan, or reads the one that was saved and holds it against the settings.
func (o *applying) obtain(ctx context.Context, env Env, paths []string) (report.Run, *feishu.Client) {
	if o.plan == "" {
		return o.make(ctx, env, paths)
	}
	run := report.Run{Command: "apply", ToolVersion: version()}
	if err := o.open(ctx, env); err != nil {
		return unplanned(ctx, env, run, err), nil
	}
	saved, err := readPlan(env, o.plan)
	var client *feishu.Client
	var target reconcile.Helpdesk
	if err == nil {
		client, target, err = o.connect(env)
	}
	if err == nil {
		err = o.acceptable(saved, target, env.Now())
	}
	if err != nil {
		run.ExitCode, run.Fault = finish(env.Stderr, err), reconcile.NewFault(err)
		return run, nil
	}
	run.Plan = &saved.Plan
	run.WriteTime = o.writeTime(saved.Summary.Update)
	return run, client
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

// confirm returns why not to write: the run was stopped, a guard refuses, or a person who was
// asked said no. There is nothing to ask when nothing would be written.
func (o *applying) confirm(ctx context.Context, env Env, p reconcile.Plan) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := o.refusal(p); err != nil || p.Summary.Update == 0 || o.autoApprove {
		return err
	}
	fmt.Fprintf(env.Stderr, "Write %s to the helpdesk? Only yes is taken for yes: ", report.Plural(p.Summary.Update, "draft"))
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

// write carries out the plan and tells how far it is.
func (o *applying) write(hard, soft context.Context, env Env, client *feishu.Client, p reconcile.Plan) *reconcile.Result {
	telling := startProgress(env, "writing", len(p.Drafts), o.writeTime(p.Summary.Update))
	defer telling.finish()
	result := reconcile.Apply(hard, soft, client, p, reconcile.Options{Parallelism: o.parallelism, FailFast: o.failFast, Tell: telling.tell})
	return &result
}

// refused is the run of an apply that was not approved.
func refused(env Env, run report.Run, why error) report.Run {
	run.ExitCode = report.ExitRefused
	switch {
	case errors.Is(why, errInterrupted):
		run.ExitCode = report.ExitInterrupted
	case errors.Is(why, errTimeout):
		run.ExitCode = report.ExitFailed
	}
	run.Fault = reconcile.NewFault(why)
	sayError(env.Stderr, why)
	fmt.Fprintln(env.Stderr, "notiform: nothing was written")
	return run
}
