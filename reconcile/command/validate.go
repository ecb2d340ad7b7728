package command

import (
	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
)

func validateCommand(env Env) *cli.Command {
	var o drafts
	return &cli.Command{
		Name: "validate", Usage: aboutValidate, ArgsUsage: "[PATH ...]", Description: storyValidate,
		Flags:  o.flags("validate"),
		Action: func(c *cli.Context) error { return validate(c, env, &o) },
	}
}

func validate(c *cli.Context, env Env, o *drafts) error {
	soft, _, release := interruptible(c.Context, env, 0, stoppingValidate)
	defer release()
	set, err := o.load(soft, env, c.Args().Slice(), false)
	if err != nil {
		return err
	}
	code := faultCode(set)
	if interrupted(soft) {
		code = report.ExitInterrupted
	}
	return o.print(env, report.Run{
		Command: o.command, ToolVersion: version(), ExitCode: code,
		Files: set.Files, Drafts: len(set.Drafts), Judged: set.Drafts, Diagnostics: set.Diagnostics,
	})
}
