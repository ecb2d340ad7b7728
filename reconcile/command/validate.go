package command

import (
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
	soft, hard, release := interruptible(c.Context, env, 0, stoppingValidate)
	defer release()
	var run report.Run
	return o.attended(hard, env, &run, func() error {
		set, err := o.load(soft, env, c.Args().Slice())
		if isUsage(err) {
			return err
		}
		if err != nil {
			return o.print(hard, env, unplanned(soft, env, run, err))
		}
		o.found(set, &run)
		if run.ExitCode = faultCode(set); interrupted(soft) {
			run.ExitCode = report.ExitInterrupted
		}
		return o.print(hard, env, run)
	})
}
