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
		Flags:       o.flags(),
		Action:      func(c *cli.Context) error { return validate(c, env, &o) },
	}
}

func validate(c *cli.Context, env Env, o *drafts) error {
	if err := o.check(); err != nil {
		return err
	}
	soft, _, release := interruptible(c.Context, env, 0, "stopping")
	defer release()
	set, err := o.load(soft, env, c.Args().Slice(), false)
	if err != nil {
		return err
	}
	code := faultCode(set)
	if interrupted(soft) {
		code = exitInterrupted
	}
	run := report.Run{
		Command: "validate", ToolVersion: version(), ExitCode: code,
		Files: set.Files, Drafts: len(set.Drafts), Diagnostics: set.Diagnostics,
	}
	return o.print(env, run)
}

// print writes the product to stdout and gives the run's exit code. Output that could not be
// written is a failure: a reader must not take half of it for the whole.
func (o *drafts) print(env Env, run report.Run) error {
	var err error
	if o.format == "json" {
		err = report.JSON(env.Stdout, run)
	} else {
		err = report.Text(env.Stdout, run, style(env, o.color, env.Stdout))
	}
	if err != nil {
		return &exitError{worst(run.ExitCode, exitFailed), hinted{err, "the output is not complete; run again with a stdout that can be written"}}
	}
	return exit(run.ExitCode)
}
