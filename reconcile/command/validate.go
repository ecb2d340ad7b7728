package command

import (
	"context"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
)

func validateCommand(env Env) *cli.Command {
	var o drafts
	return &cli.Command{
		Name: "validate", Usage: aboutValidate, UsageText: exampleValidate, ArgsUsage: "[PATH ...]", Description: storyValidate,
		Flags:  o.flags("validate"),
		Action: func(c *cli.Context) error { return validate(c, env, &o) },
	}
}

func validate(c *cli.Context, env Env, o *drafts) error {
	return o.attended(c.Context, env, 0, stoppingValidate, func(soft, _ context.Context, run *report.Run) error {
		set, err := o.load(soft, env, c.Args().Slice())
		if err != nil {
			return err
		}
		o.found(set, run)
		if run.ExitCode = faultCode(set); interrupted(soft) {
			run.ExitCode = report.ExitInterrupted
		}
		return nil
	})
}
