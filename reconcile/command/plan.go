package command

import (
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

func planCommand(env Env) *cli.Command {
	var (
		o        planning
		detailed bool
	)
	return &cli.Command{
		Name: "plan", Usage: aboutPlan, UsageText: examplePlan, ArgsUsage: "[PATH ...]", Description: storyPlan,
		Flags: append(o.flags("plan"),
			&cli.BoolFlag{Name: "detailed-exitcode", Destination: &detailed, Usage: flagDetailedExitcode},
			&cli.StringFlag{Name: "out", Destination: &o.out, Usage: flagOut}),
		Action: func(c *cli.Context) error { return plan(c, env, &o, detailed) },
	}
}

func plan(c *cli.Context, env Env, o *planning, detailed bool) error {
	return o.attended(c.Context, env, o.timeout, stoppingPlan, func(soft, hard context.Context, run *report.Run) error {
		if err := o.make(soft, env, c.Args().Slice(), run); err != nil {
			return err
		}
		if run.Plan != nil {
			*run = o.ended(env, *run, run.Plan.Error)
			run.Plan.Refusals = o.refusals(*run.Plan)
			run.ExitCode = worst(run.ExitCode, planCode(*run.Plan, detailed, interrupted(soft)))
			run.Plan.ExitCode = run.ExitCode
			if err := save(env, o.out, *run.Plan); err != nil {
				*run = failed(env, *run, err)
			} else if o.out != "" {
				run.Elsewhere = []string{o.out}
			}
		}
		*run = o.ticket.tell(soft, hard, env, *run)
		return nil
	})
}

// save writes the plan file, if one is wanted.
func save(env Env, name string, p reconcile.Plan) error {
	if name == "" {
		return nil
	}
	data, err := p.Save(env.Now())
	switch {
	case err == nil && len(data) > maxInput:
		return hinted{fmt.Errorf(planNotSaved, errTooLarge), hintPlanInParts}
	case err == nil:
		err = replaceFile(inDir(env.Dir, name), report.InertJSON(data)) // people look at it with cat
	}
	half := hinted{}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &half):
		return fmt.Errorf(planNotSaved, err)
	default:
		return hinted{fmt.Errorf(planNotSaved, err), hintNotSaved}
	}
}

// planning are the options of the commands that make a plan.
type planning struct {
	drafts
	server
	guards
	only          only
	base          string
	baseByDefault bool
	ticket        ticket
}

func (o *planning) flags(command string) []cli.Flag {
	return slices.Concat(o.drafts.flags(command), o.ofCards(), o.only.flags(), o.server.flags(), o.ticket.flags(), []cli.Flag{
		baseFlag(&o.base),
	}, o.guards.flags())
}

// make loads the drafts and plans them. A run without a Plan ended before it could be made, its
// ExitCode says why, and what there is to say was said. An error is of what was typed: there is no
// run then, and nothing must be written.
func (o *planning) make(ctx context.Context, env Env, paths []string, run *report.Run) error {
	if err := o.chooseBase(ctx, env); err != nil {
		return err
	}
	if o.base != baseNone && o.base != reconcile.BaseHistory {
		o.against = o.base
	}
	return o.planBy(ctx, env, paths, run, o.compare)
}

// planBy is make with how to come from the drafts to a plan.
func (o *planning) planBy(ctx context.Context, env Env, paths []string, run *report.Run,
	by func(context.Context, Env, []spec.Draft, *report.Run) (reconcile.Plan, error)) error {
	set, err := o.load(ctx, env, paths, o.approved...)
	if isUsage(err) {
		return err
	}
	if err == nil {
		err = o.open(ctx, env)
	}
	if err == nil {
		err = context.Cause(ctx) // the set may lack files, and faults may be said of the lack
	}
	if err != nil {
		*run = unplanned(ctx, env, *run, err)
		return nil
	}
	o.take(o.team.file)
	o.found(set, run)
	if !o.sound(env, set, run) {
		return nil
	}
	p, err := by(ctx, env, set.Drafts, run)
	if err != nil {
		*run = unplanned(ctx, env, *run, err)
		return nil
	}
	p.ToolVersion, p.Removed = run.ToolVersion, run.Removed
	run.AllowAudience = o.allowed
	run.Plan, run.WriteTime, run.ApplyArgs, run.Now = &p, o.writeTime(p.Summary.Update), o.typed(), env.Now()
	return nil
}

// sound says what is wrong with what was read, and reports whether to go on.
func (o *planning) sound(env Env, set spec.Set, run *report.Run) bool {
	_ = report.DiagnosticsText(env.Stderr, set.Diagnostics, o.style(env, env.Stderr)) // who closed stderr wants none of it
	if run.ExitCode = faultCode(set); run.ExitCode != report.ExitDone {
		say(env.Stderr, faultsInDrafts, report.Plural(set.Errors(), "error"))
	}
	return run.ExitCode == report.ExitDone
}

// compare plans those of the drafts that the run is narrowed to.
func (o *planning) compare(ctx context.Context, env Env, drafts []spec.Draft, run *report.Run) (reconcile.Plan, error) {
	selected, err := o.only.selected(drafts)
	if err != nil {
		return reconcile.Plan{}, err
	}
	selected, run.Changed = o.changes.narrow(selected)
	if err := o.readApprovals(ctx, env); err != nil {
		return reconcile.Plan{}, err
	}
	if err := o.connect(ctx, env); err != nil {
		return reconcile.Plan{}, err
	}
	base, err := o.readBase(ctx, env, selected)
	if err != nil {
		return reconcile.Plan{}, err
	}
	telling := startProgress(env, readingDrafts, len(selected), leastTime(len(selected), o.readRate))
	p := reconcile.MakePlan(ctx, o.client, o.helpdesk, selected, reconcile.Options{Parallelism: o.parallelism, Tell: telling.tell})
	telling.finish()
	if o.base == reconcile.BaseHistory {
		o.labelByHistory(ctx, env, &p, selected)
		return p, nil
	}
	p.LabelOrigins(base.Drafts)
	p.Base, p.BaseFaulty = base.Commit, base.Faulty
	for i, d := range p.Drafts {
		p.Drafts[i].BaseUntold = base.Untold[d.NotificationID]
	}
	return p, nil
}

// typed are the flags and paths that choose and judge the drafts, as they could be typed again.
func (o *planning) typed() []string {
	args := slices.Concat(o.changes.typed(), o.only.typed())
	if o.team.helpdesk != "" {
		args = append(args, "--helpdesk", o.team.helpdesk)
	}
	args = append(args, o.guards.typed()...)
	for _, setting := range o.rules {
		args = append(args, "--rule", setting)
	}
	if o.strict {
		args = append(args, "--strict")
	}
	if slices.ContainsFunc(o.read, func(p string) bool { return p != "-" && strings.HasPrefix(p, "-") }) {
		args = append(args, "--")
	}
	return append(args, o.read...)
}

// unplanned is the run that ended with err before there was a plan.
func unplanned(ctx context.Context, env Env, run report.Run, err error) report.Run {
	run = failed(env, run, err)
	if interrupted(ctx) {
		run.ExitCode = report.ExitInterrupted
	}
	return run
}

// writeTime is the least time that writing n drafts takes: a PATCH and two GETs each, under
// two limits that run side by side.
func (o *planning) writeTime(n int) time.Duration {
	return max(leastTime(n, o.writeRate), leastTime(2*n, o.readRate))
}
