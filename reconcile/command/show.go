package command

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/report"
)

func showCommand(env Env) *cli.Command {
	var o outputs
	return &cli.Command{
		Name: "show", Usage: "show a saved plan again, whatever its age", ArgsUsage: "FILE",
		Description: "FILE was written by notiform plan --out FILE. Nothing is asked of the server. With --format json\n" +
			"the file is given as it is, with fields that this version does not know.",
		Flags:  o.flags("show"),
		Action: func(c *cli.Context) error { return show(c, env, &o) },
	}
}

func show(c *cli.Context, env Env, o *outputs) error {
	if err := o.check(); err != nil {
		return err
	}
	if c.NArg() != 1 {
		return &exitError{report.ExitUsage, hinted{fmt.Errorf("show takes one plan file, not %d", c.NArg()), "make one with notiform plan --out FILE"}}
	}
	file := c.Args().First()
	saved, err := readPlan(env, file)
	if err != nil {
		run := report.Run{Command: "show", ToolVersion: version(), ExitCode: finish(env.Stderr, err), Fault: reconcile.NewFault(err)}
		return o.print(env, run)
	}
	if o.format == "text" {
		sayAge(env, saved)
	}
	run := report.Run{Command: "show", ToolVersion: saved.ToolVersion, Plan: &saved.Plan, Document: saved.Document()}
	run.Elsewhere, run.ApplyArgs = []string{file}, []string{"--plan", file}
	return o.print(env, run)
}

// sayAge says what the plan is of, and whether it can still be applied.
func sayAge(env Env, saved reconcile.SavedPlan) {
	age := env.Now().Sub(saved.CreatedAt)
	fmt.Fprintf(env.Stderr, "notiform: this plan was made %s (%s ago) for helpdesk %s at %s\n",
		saved.CreatedAt.Format(time.RFC3339), age.Round(time.Second), report.Visible(saved.HelpdeskID), report.Visible(saved.BaseURL))
	if age > defaultMaxPlanAge {
		fmt.Fprintf(env.Stderr, "notiform: hint: it is older than %s; apply refuses it unless --max-plan-age says otherwise\n", defaultMaxPlanAge)
	}
}

// readPlan reads a plan file. One that cannot be trusted is refused; one that cannot be read is
// a failure.
func readPlan(env Env, name string) (reconcile.SavedPlan, error) {
	src, err := env.ReadFile(inDir(env.Dir, name))
	if err != nil {
		return reconcile.SavedPlan{}, hinted{fmt.Errorf("read the plan: %w", err), "make one with notiform plan --out FILE"}
	}
	saved, err := reconcile.ReadPlan(src)
	if err != nil {
		return saved, &exitError{report.ExitRefused, fmt.Errorf("plan file %s is not taken: %w", name, err)}
	}
	return saved, nil
}
