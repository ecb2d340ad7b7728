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

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

func applyCommand(env Env) *cli.Command {
	var o applying
	return &cli.Command{
		Name: "apply", Usage: aboutApply, UsageText: exampleApply, ArgsUsage: "[PATH ...]", Description: storyApply,
		Flags: o.flags("apply"),
		Action: func(c *cli.Context) error {
			if err := o.check(c, env); err != nil {
				return err
			}
			return o.run(c, env, work{o.obtain, func(s reconcile.Summary) int { return s.Update }, o.refusal, o.write})
		},
	}
}

// work is what a command does with a plan that is approved.
type work struct {
	obtain  func(ctx context.Context, env Env, paths []string, run *report.Run) error
	writes  func(reconcile.Summary) int  // how many drafts it would write
	refusal func(p reconcile.Plan) error // why it would write none
	write   func(hard, soft context.Context, env Env, p reconcile.Plan) *reconcile.Result
}

type applying struct {
	planning
	autoApprove, failFast bool
	plan                  string
	maxPlanAge            time.Duration
}

func (o *applying) flags(command string) []cli.Flag {
	return append(o.planning.flags(command),
		&cli.StringFlag{Name: "plan", Destination: &o.plan, Usage: flagPlan},
		&cli.DurationFlag{Name: "max-plan-age", Value: defaultMaxPlanAge, DefaultText: "24h", Destination: &o.maxPlanAge, Action: checkMaxPlanAge, Usage: flagMaxPlanAge},
		&cli.BoolFlag{Name: "auto-approve", Destination: &o.autoApprove, Usage: flagAutoApprove},
		&cli.BoolFlag{Name: "fail-fast", Destination: &o.failFast, Usage: flagFailFast},
	)
}

func (o *applying) check(c *cli.Context, env Env) error {
	if o.plan != "" {
		for _, name := range []string{"rule", "strict", "only", "changed", "base"} {
			if c.IsSet(name) {
				return usage(notWithPlan, name)
			}
		}
		if c.NArg() > 0 {
			return usage(planExcludesPath)
		}
	}
	if !o.autoApprove && (!env.IsTerminal(env.Stdin) || slices.Contains(c.Args().Slice(), "-")) {
		return hinted{usage(noTerminal), hintNoTerminal}
	}
	return nil
}

// run makes or reads a plan, and carries it out.
func (o *applying) run(c *cli.Context, env Env, w work) error {
	return o.attended(c.Context, env, o.timeout, stoppingApply, func(soft, hard context.Context, run *report.Run) error {
		err := w.obtain(soft, env, c.Args().Slice(), run)
		switch {
		case err != nil:
		case run.Plan == nil:
			*run = o.ticket.tell(soft, hard, env, *run)
		default:
			o.carryOut(soft, hard, env, run, w)
		}
		return err
	})
}

// carryOut shows the plan, has it approved, writes it, and tells what became of it.
func (o *applying) carryOut(soft, hard context.Context, env Env, run *report.Run, w work) {
	approved, decline := context.WithCancelCause(soft)
	defer decline(nil)
	declined := o.show(hard, env, *run)
	unseen := declined != nil // who cannot be shown it cannot have approved it
	if !unseen {
		declined = o.confirm(approved, env, *run, w)
	}
	if declined != nil {
		decline(declined) // nothing is started then, and the result still names every draft
	}
	run.Result = w.write(hard, approved, env, *run.Plan)
	if declined == nil {
		*run = o.ended(env, *run, run.Result.Error)
	}
	cut := interrupted(hard) || interrupted(soft) && run.Result.Summary.NotAttempted > 0
	run.ExitCode = worst(run.ExitCode, resultCode(run.Result.Summary, cut))
	switch {
	case unseen:
		run.ExitCode = report.ExitDone // that of the result is for what was not even tried
		*run = o.unread(env, *run, declined)
		say(env.Stderr, nothingWritten)
	case declined != nil:
		*run = o.refused(env, *run, declined)
	}
	if !errors.Is(declined, errDeclined) {
		*run = o.ticket.tell(soft, hard, env, *run)
	}
	o.enough = unseen || declined != nil && o.format == "text" // a person who just said no needs no list of it
}

// obtain makes the plan, or reads the one that was saved and holds it against the settings. It
// returns what make does.
func (o *applying) obtain(ctx context.Context, env Env, paths []string, run *report.Run) error {
	if o.plan == "" {
		return o.make(ctx, env, paths, run)
	}
	if err := o.team.read(env, false); err != nil {
		return err
	}
	if err := o.checkFiles(env, slices.Concat(settingFiles(env), o.approved, []string{o.plan, o.team.name})); err != nil {
		return err
	}
	o.take(o.team.file)
	o.unjudged = true
	run.Diagnostics = o.team.faults
	if !o.sound(env, spec.Set{Diagnostics: o.team.faults}, run) {
		return nil
	}
	var p reconcile.Plan
	err := o.open(ctx, env)
	if err == nil {
		p, _, err = readPlan(ctx, env, o.plan)
	}
	if err == nil {
		err = o.readApprovals(ctx, env)
	}
	if err == nil {
		err = o.connect(ctx, env)
	}
	if err == nil {
		err = o.acceptable(p, env.Now())
	}
	if err != nil {
		*run = unplanned(ctx, env, *run, err)
		return nil
	}
	p.Refusals, p.Error = nil, nil // by the guards of whoever planned it, and of that run; this one has its own
	run.Plan, run.Removed, run.WriteTime, run.Now = &p, p.Removed, o.writeTime(p.Summary.Update), env.Now()
	return nil
}

// show prints the plan before anybody is asked: on stdout where the product is text, else on
// stderr, and only to a person.
func (o *applying) show(hard context.Context, env Env, run report.Run) error {
	stream := env.Stdout
	if o.format != "text" {
		if o.autoApprove {
			return nil
		}
		stream = env.Stderr
	}
	run.Cards = o.cards
	w := stoppable{hard, stream}
	if err := report.Text(w, run, o.style(env, stream)); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

var errDeclined = errors.New(notYes)

// planEnded is the error of a plan that is not whole, and so is not written.
type planEnded struct{ fault *reconcile.Fault }

func (p planEnded) Error() string { return p.fault.Message }
func (p planEnded) Hint() string  { return p.fault.Hint }

// confirm returns why not to write: the run was stopped, a guard refuses, or a person who was
// asked said no. There is nothing to ask when nothing would be written.
func (o *applying) confirm(ctx context.Context, env Env, run report.Run, w work) error {
	switch {
	case run.Plan.Error != nil && !interrupted(ctx):
		return planEnded{run.Plan.Error}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	if err := w.refusal(*run.Plan); err != nil || w.writes(run.Plan.Summary) == 0 {
		return err
	}
	o.sayTokenLife(ctx, env, run.WriteTime)
	if o.autoApprove {
		return nil
	}
	_ = report.Ask(env.Stderr, run, o.style(env, env.Stderr)) // whoever closed stderr can still answer
	line, err := leaving(ctx, 0, func() (string, error) {
		line, _ := bufio.NewReader(env.Stdin).ReadString('\n')
		return strings.TrimSpace(line), nil
	})
	fmt.Fprintln(env.Stderr) // what follows stands apart from the question
	if err == nil && line != "yes" {
		return errDeclined
	}
	return err
}

// write carries out the plan and tells how far it is.
func (o *applying) write(hard, soft context.Context, env Env, p reconcile.Plan) *reconcile.Result {
	telling := startProgress(env, writingDrafts, len(p.Drafts), o.writeTime(p.Summary.Update))
	defer telling.finish()
	result := reconcile.Apply(hard, soft, o.client, p, reconcile.Options{Parallelism: o.parallelism, FailFast: o.failFast, Tell: telling.tell})
	return &result
}

// refused is the run of an apply that was not approved.
func (o *applying) refused(env Env, run report.Run, why error) report.Run {
	run.ExitCode = report.ExitRefused
	switch {
	case errors.Is(why, errInterrupted):
		run.ExitCode = report.ExitInterrupted
	case errors.Is(why, errTimeout):
		run.ExitCode = report.ExitFailed
	}
	run.Fault = reconcile.NewFault(why)
	plan, told := errors.AsType[planEnded](why)
	if told {
		run.ExitCode, run.Fault = report.ExitFailed, plan.fault
	}
	if !told || !o.tell(env) {
		sayError(env.Stderr, why)
	}
	say(env.Stderr, nothingWritten)
	return run
}
