package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/history"
	"notiform/reconcile/report"
	"notiform/spec"
)

func planCommand(env Env) *cli.Command {
	var (
		o        planning
		detailed bool
		out      string
	)
	return &cli.Command{
		Name: "plan", Usage: "show what apply would change; writes nothing", ArgsUsage: "[PATH ...]",
		Description: "PATH is a file, a directory or - for standard input; no PATH is the working directory.\n" +
			"Settings come from the environment: FEISHU_HELPDESK_ID, FEISHU_HELPDESK_TOKEN,\n" +
			"FEISHU_USER_ACCESS_TOKEN and FEISHU_BASE_URL; each secret also as NAME_FILE.",
		Flags: append(o.flags("plan"),
			&cli.BoolFlag{Name: "detailed-exitcode", Destination: &detailed, Usage: "exit 2 when the plan succeeded and differs"},
			&cli.StringFlag{Name: "out", Destination: &out, Usage: "save the plan to `FILE` for show and apply --plan; it names people, so only its owner can read it"}),
		Action: func(c *cli.Context) error { return plan(c, env, &o, detailed, out) },
	}
}

func plan(c *cli.Context, env Env, o *planning, detailed bool, out string) error {
	if err := o.check(); err != nil {
		return err
	}
	if out != "" && o.writes(out) {
		return usage("--out %s: a report goes to that file", out)
	}
	soft, hard, release := interruptible(c.Context, env, o.timeout, "stopping; what was read is shown")
	defer release()
	run, _ := o.make(soft, env, c.Args().Slice())
	if run.Plan != nil {
		run.ExitCode = worst(run.ExitCode, planCode(*run.Plan, detailed, interrupted(soft)))
		run.Plan.ExitCode = run.ExitCode
		if err := save(env, out, *run.Plan); err != nil {
			sayError(env.Stderr, err)
			run.ExitCode, run.Fault = worst(run.ExitCode, report.ExitFailed), reconcile.NewFault(err)
		} else if out != "" {
			run.Elsewhere = []string{out}
		}
	}
	return o.print(env, o.ticket.tell(soft, hard, env, run))
}

// save writes the plan file, if one is wanted.
func save(env Env, name string, p reconcile.Plan) error {
	if name == "" {
		return nil
	}
	data, err := p.Save(env.Now())
	if err == nil {
		err = replaceFile(inDir(env.Dir, name), data)
	}
	if err != nil {
		return hinted{fmt.Errorf("save the plan: %w", err), "the plan is on stdout; no plan file was written, and one that was there is as it was"}
	}
	return nil
}

// planning are the options of the commands that make a plan.
type planning struct {
	drafts
	server
	only   only
	base   string
	ticket ticket
}

func (o *planning) flags(command string) []cli.Flag {
	return slices.Concat(o.drafts.flags(command), o.only.flags(), o.server.flags(), o.ticket.flags(), []cli.Flag{
		&cli.StringFlag{Name: "base", Destination: &o.base, Usage: "the Git `REV` that was applied last: tells for each difference whether the files or somebody at the console made it"},
	})
}

func (o *planning) check() error {
	if err := o.drafts.check(); err != nil {
		return err
	}
	if err := o.only.check(); err != nil {
		return err
	}
	if err := o.server.check(); err != nil {
		return err
	}
	return o.ticket.check()
}

// make loads the drafts and plans them. A run without a Plan ended before it could be made, its
// ExitCode says why, and what there is to say was said.
func (o *planning) make(ctx context.Context, env Env, paths []string) (report.Run, *feishu.Client) {
	run := report.Run{Command: o.command, ToolVersion: version()}
	if err := o.open(ctx, env); err != nil {
		return unplanned(ctx, env, run, err), nil
	}
	set := o.load(ctx, env, paths, true)
	if err := context.Cause(ctx); err != nil { // the set may lack files, and faults may be said of the lack
		return unplanned(ctx, env, run, err), nil
	}
	run.Files, run.Drafts, run.Judged, run.Diagnostics = set.Files, len(set.Drafts), set.Drafts, set.Diagnostics
	err := report.DiagnosticsText(env.Stderr, set.Diagnostics, style(env, o.color, env.Stderr))
	if run.ExitCode = faultCode(set); run.ExitCode != report.ExitDone {
		fmt.Fprintf(env.Stderr, "notiform: %s in the draft files; nothing was asked of the helpdesk\n", report.Plural(set.Errors(), "error"))
		return run, nil
	}
	var (
		selected []spec.Draft
		client   *feishu.Client
		target   reconcile.Helpdesk
		base     history.Base
	)
	if err == nil {
		selected, err = o.only.selected(set.Drafts)
	}
	if err == nil {
		client, target, err = o.connect(env)
	}
	if err == nil {
		base, err = o.readBase(ctx, env, selected)
	}
	if err != nil {
		return unplanned(ctx, env, run, err), nil
	}
	telling := startProgress(env, "reading", len(selected), leastTime(len(selected), o.readRate))
	p := reconcile.MakePlan(ctx, client, target, selected, reconcile.Options{Parallelism: o.parallelism, Tell: telling.tell})
	telling.finish()
	p.LabelOrigins(base.Drafts)
	p.Base, p.BaseFaulty = base.Commit, base.Faulty
	p.ToolVersion = run.ToolVersion
	run.Plan = &p
	run.WriteTime = o.writeTime(p.Summary.Update)
	run.ApplyArgs = o.typed(paths)
	return run, client
}

// typed are the flags and paths that choose and judge the drafts, as they could be typed again.
func (o *planning) typed(paths []string) []string {
	args := o.only.typed()
	for _, setting := range o.rules.Value() {
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
	run.ExitCode, run.Fault = finish(env.Stderr, err), reconcile.NewFault(err)
	if interrupted(ctx) {
		run.ExitCode = report.ExitInterrupted
	}
	return run
}

// readBase reads what the drafts said at --base, if that is given, and says which old files
// could not be read: their drafts carry no label then.
func (o *planning) readBase(ctx context.Context, env Env, drafts []spec.Draft) (history.Base, error) {
	if o.base == "" {
		return history.Base{}, nil
	}
	base, err := history.Read(ctx, env.Dir, o.base, drafts)
	for _, name := range base.Faulty {
		fmt.Fprintf(env.Stderr, "notiform: %s is at fault at %s, so its differences are not told apart\n", report.Visible(name), report.Visible(o.base))
	}
	return base, err
}

// writeTime is the least time that writing n drafts takes: a PATCH and two GETs each, under
// two limits that run side by side.
func (o *planning) writeTime(n int) time.Duration {
	return max(leastTime(n, o.writeRate), leastTime(2*n, o.readRate))
}
