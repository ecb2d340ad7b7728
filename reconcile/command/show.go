package command

import (
	"context"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/report"
)

func showCommand(env Env) *cli.Command {
	var o outputs
	return &cli.Command{
		Name: "show", Usage: aboutShow, UsageText: exampleShow, ArgsUsage: "FILE", Description: storyShow,
		Flags:  append(o.flags("show"), o.ofCards()...),
		Action: func(c *cli.Context) error { return show(c, env, &o) },
	}
}

func show(c *cli.Context, env Env, o *outputs) error {
	if c.NArg() != 1 {
		return hinted{usage(oneFile, c.NArg()), hintPlanOut}
	}
	file := c.Args().First()
	if err := o.checkFiles(env, []string{file}); err != nil {
		return err
	}
	return o.attended(c.Context, env, 0, stoppingShow, func(soft, _ context.Context, run *report.Run) error {
		p, document, err := readPlan(soft, env, file)
		if err != nil {
			return err
		}
		if o.format == "text" {
			sayAge(env, p)
		}
		run.ToolVersion, run.Plan, run.Document, run.Now = p.ToolVersion, &p, document, env.Now()
		run.Removed, run.Fault = p.Removed, p.Error
		run.Elsewhere, run.ApplyArgs = []string{file}, []string{"--plan", file}
		return nil
	})
}

// sayAge says what the plan is of, and whether it can still be applied.
func sayAge(env Env, p reconcile.Plan) {
	now := env.Now()
	created, age := p.CreatedAt.Format(time.RFC3339), max(now.Sub(p.CreatedAt), 0)
	if fromFuture(p, now) {
		say(env.Stderr, planMadeLater, created, p.HelpdeskID, p.BaseURL)
		say(env.Stderr, asHint, futureRefused)
		return
	}
	say(env.Stderr, planMade, created, age.Round(time.Second), p.HelpdeskID, p.BaseURL)
	if age > defaultMaxPlanAge {
		say(env.Stderr, asHint, fmt.Sprintf(planOld, defaultMaxPlanAge))
	}
}

// readPlan reads a plan file, as a plan and as it stands. One that cannot be trusted is refused;
// one that cannot be read is a failure.
func readPlan(ctx context.Context, env Env, name string) (p reconcile.Plan, document []byte, err error) {
	document, err = env.read(ctx, name)
	if err != nil {
		return p, nil, hinted{fmt.Errorf(planNotRead, err), hintPlanOut}
	}
	if p, err = reconcile.ReadPlan(document); err != nil {
		err = refuse(planNotTaken, name, err)
	}
	return p, document, err
}
