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
	"notiform/reconcile/history"
	"notiform/reconcile/report"
	"notiform/spec"
)

func planCommand(env Env) *cli.Command {
	var (
		o        planning
		detailed bool
	)
	return &cli.Command{
		Name: "plan", Usage: aboutPlan, ArgsUsage: "[PATH ...]", Description: storyPlan,
		Flags: append(o.flags("plan"),
			&cli.BoolFlag{Name: "detailed-exitcode", Destination: &detailed, Usage: flagDetailedExitcode},
			&cli.StringFlag{Name: "out", Destination: &o.out, Usage: flagOut}),
		Action: func(c *cli.Context) error { return plan(c, env, &o, detailed) },
	}
}

func plan(c *cli.Context, env Env, o *planning, detailed bool) error {
	if err := o.checkBase(); err != nil {
		return err
	}
	soft, hard, release := interruptible(c.Context, env, o.timeout, stoppingPlan)
	defer release()
	var run report.Run
	return o.attended(hard, env, &run, func() error {
		if err := o.make(soft, env, c.Args().Slice(), &run); err != nil {
			return err
		}
		if run.Plan != nil {
			run = ended(env, run, run.Plan.Error)
			run.Plan.Refusals = o.refusals(*run.Plan)
			run.ExitCode = worst(run.ExitCode, planCode(*run.Plan, detailed, interrupted(soft)))
			run.Plan.ExitCode = run.ExitCode
			if err := save(env, o.out, *run.Plan); err != nil {
				run = failed(env, run, err)
			} else if o.out != "" {
				run.Elsewhere = []string{o.out}
			}
		}
		run = o.ticket.tell(soft, hard, env, run)
		return o.print(hard, env, run)
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
	only   only
	base   string
	ticket ticket
}

func (o *planning) flags(command string) []cli.Flag {
	return slices.Concat(o.drafts.flags(command), o.only.flags(), o.server.flags(), o.ticket.flags(), []cli.Flag{
		&cli.StringFlag{Name: "base", Destination: &o.base, Usage: flagBase},
	}, o.guards.flags())
}

// checkBase wants a base where a guard needs one.
func (o *planning) checkBase() error {
	if o.refuseConsoleEdits && o.base == "" {
		return usage(refuseNeedsBase)
	}
	return nil
}

// make loads the drafts and plans them. A run without a Plan ended before it could be made, its
// ExitCode says why, and what there is to say was said. An error is of what was typed: there is no
// run then, and nothing must be written.
func (o *planning) make(ctx context.Context, env Env, paths []string, run *report.Run) error {
	set, err := o.load(ctx, env, paths, true)
	if err != nil {
		return err
	}
	if err = o.open(ctx, env); err == nil {
		err = context.Cause(ctx) // the set may lack files, and faults may be said of the lack
	}
	if err != nil {
		*run = unplanned(ctx, env, *run, err)
		return nil
	}
	run.Files, run.Drafts, run.Judged, run.Diagnostics = set.Files, len(set.Drafts), set.Drafts, set.Diagnostics
	_ = report.DiagnosticsText(env.Stderr, set.Diagnostics, o.style(env, env.Stderr)) // who closed stderr wants none of it
	if run.ExitCode = faultCode(set); run.ExitCode != report.ExitDone {
		say(env.Stderr, faultsInDrafts, report.Plural(set.Errors(), "error"))
		return nil
	}
	p, err := o.compare(ctx, env, set.Drafts)
	if err != nil {
		*run = unplanned(ctx, env, *run, err)
		return nil
	}
	p.ToolVersion = run.ToolVersion
	run.Plan, run.WriteTime, run.ApplyArgs = &p, o.writeTime(p.Summary.Update), o.typed(paths)
	return nil
}

// compare plans those of the drafts that the run is narrowed to.
func (o *planning) compare(ctx context.Context, env Env, drafts []spec.Draft) (reconcile.Plan, error) {
	selected, err := o.only.selected(drafts)
	if err != nil {
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
	p.LabelOrigins(base.Drafts)
	p.Base, p.BaseFaulty = base.Commit, base.Faulty
	for i, d := range p.Drafts {
		p.Drafts[i].BaseUntold = base.Untold[d.NotificationID]
	}
	return p, nil
}

// typed are the flags and paths that choose and judge the drafts, as they could be typed again.
func (o *planning) typed(paths []string) []string {
	args := o.only.typed()
	for _, setting := range o.rules {
		args = append(args, "--rule", setting)
	}
	if o.strict {
		args = append(args, "--strict")
	}
	if slices.ContainsFunc(paths, func(p string) bool { return p != "-" && strings.HasPrefix(p, "-") }) {
		args = append(args, "--")
	}
	return append(args, orHere(paths)...)
}

// unplanned is the run that ended with err before there was a plan.
func unplanned(ctx context.Context, env Env, run report.Run, err error) report.Run {
	run = failed(env, run, err)
	if interrupted(ctx) {
		run.ExitCode = report.ExitInterrupted
	}
	return run
}

// readBase reads what the drafts said at --base, if that is given, and says of which drafts
// nobody can tell it, each reason once: they carry no label then.
func (o *planning) readBase(ctx context.Context, env Env, drafts []spec.Draft) (history.Base, error) {
	if o.base == "" {
		return history.Base{}, nil
	}
	base, err := history.Read(ctx, env.Dir, env.Environ(), o.base, drafts)
	if err == nil {
		sayUntold(env, drafts, base.Untold)
	}
	return base, err
}

// sayUntold says each reason once, with the first of the files that it holds for.
func sayUntold(env Env, drafts []spec.Draft, untold map[string]string) {
	files := map[string][]string{} // by reason
	var reasons []string
	for _, d := range drafts {
		why := untold[d.NotificationID]
		if why != "" && files[why] == nil {
			reasons = append(reasons, why)
		}
		files[why] = append(files[why], d.Pos.File)
	}
	for _, why := range reasons {
		told := slices.Compact(files[why]) // drafts of one file follow each other
		if more := len(told) - 1; more > 0 {
			say(env.Stderr, baseUntoldOfFiles, told[0], report.Plural(more, "file"), why)
		} else {
			say(env.Stderr, baseUntold, told[0], why)
		}
	}
}

// writeTime is the least time that writing n drafts takes: a PATCH and two GETs each, under
// two limits that run side by side.
func (o *planning) writeTime(n int) time.Duration {
	return max(leastTime(n, o.writeRate), leastTime(2*n, o.readRate))
}
