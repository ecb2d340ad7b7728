package command

import (
	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
)

func validateCommand(env Env) *cli.Command {
	var o drafts
	return &cli.Command{
		Name: "validate", Usage: "check draft files against the rules; no network, no credentials", ArgsUsage: "[PATH ...]",
		Description: "PATH is a file, a directory or - for standard input; no PATH is the working directory.",
		Flags:       o.flags("validate"),
		Action:      func(c *cli.Context) error { return validate(c, env, &o) },
	}
}

func validate(c *cli.Context, env Env, o *drafts) error {
	if err := o.check(); err != nil {
		return err
	}
	soft, _, release := interruptible(c.Context, env, 0, "stopping")
	defer release()
	set := o.load(soft, env, c.Args().Slice(), false)
	code := faultCode(set)
	if interrupted(soft) {
		code = report.ExitInterrupted
	}
	run := report.Run{
		Command: "validate", ToolVersion: version(), ExitCode: code,
		Files: set.Files, Drafts: len(set.Drafts), Judged: set.Drafts, Diagnostics: set.Diagnostics,
	}
	return o.print(env, run)
}
