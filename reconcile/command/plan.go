package command

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
)

func planCommand(env Env) *cli.Command {
	var (
		o        planning
		detailed bool
	)
	return &cli.Command{
		Name: "plan", Usage: "show what apply would change; writes nothing", ArgsUsage: "[PATH ...]",
		Description: "PATH is a file, a directory or - for standard input; no PATH is the working directory.\n" +
			"Settings come from the environment: FEISHU_HELPDESK_ID, FEISHU_HELPDESK_TOKEN,\n" +
			"FEISHU_USER_ACCESS_TOKEN and FEISHU_BASE_URL; each secret also as NAME_FILE.",
		Flags: append(o.flags(),
			&cli.BoolFlag{Name: "detailed-exitcode", Destination: &detailed, Usage: "exit 2 when the plan succeeded and differs"}),
		Action: func(c *cli.Context) error { return plan(c, env, &o, detailed) },
	}
}

func plan(c *cli.Context, env Env, o *planning, detailed bool) error {
	if err := o.check(); err != nil {
		return err
	}
	soft, _, release := interruptible(c.Context, env, o.timeout)
	defer release()
	run, _, err := o.make(soft, env, "plan", c.Args().Slice())
	if err != nil {
		return err
	}
	if run.Plan != nil {
		run.ExitCode = worst(run.ExitCode, planCode(*run.Plan, detailed, interrupted(soft)))
	}
	return o.print(env, run)
}

// planning are the options of the commands that make a plan.
type planning struct {
	drafts
	server
}

func (o *planning) flags() []cli.Flag { return append(o.drafts.flags(), o.server.flags()...) }

func (o *planning) check() error {
	if err := o.drafts.check(); err != nil {
		return err
	}
	return o.server.check()
}

// make loads the drafts and plans them. A run without a Plan ended before it could be made, its
// ExitCode says why, and what there is to say was said. The error is only for what was typed.
func (o *planning) make(ctx context.Context, env Env, name string, paths []string) (report.Run, *feishu.Client, error) {
	run := report.Run{Command: name, ToolVersion: version()}
	set, err := o.load(ctx, env, paths, true)
	if err != nil {
		return run, nil, err
	}
	run.Files, run.Drafts, run.Diagnostics = set.Files, len(set.Drafts), set.Diagnostics
	if err := report.DiagnosticsText(env.Stderr, set.Diagnostics, style(env, o.color, env.Stderr)); err != nil {
		return run, nil, err
	}
	if run.ExitCode = faultCode(set); run.ExitCode != exitDone {
		return run, nil, nil
	}
	selected, err := o.selected(set.Drafts)
	if err != nil {
		return run, nil, err
	}
	client, target, err := o.client(env)
	if err != nil {
		run.ExitCode, run.Fault = finish(env.Stderr, err), reconcile.NewFault(err)
		return run, nil, nil
	}
	telling := startProgress(env, "reading", len(selected), func(n int) time.Duration { return leastTime(n, o.readRate) })
	p := reconcile.MakePlan(ctx, client, target, selected, reconcile.Options{Parallelism: o.parallelism, Tell: telling.tell})
	telling.finish()
	p.ToolVersion = run.ToolVersion
	run.Plan = &p
	run.WriteTime = o.writeTime(p.Summary.Update)
	return run, client, nil
}

// writeTime is the least time that writing n drafts takes: a PATCH and two GETs each, under
// two limits that run side by side.
func (o *planning) writeTime(n int) time.Duration {
	return max(leastTime(n, o.writeRate), leastTime(2*n, o.readRate))
}
