package command

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
	"notiform/spec"
)

func cardCommand(env Env) *cli.Command {
	var o drafts
	html := &cli.StringFlag{Name: "html", Usage: flagHTML, Action: func(_ *cli.Context, file string) error {
		o.reports = append(o.reports, destination{"html", file})
		return nil
	}}
	return &cli.Command{
		Name: "card", Usage: aboutCard, UsageText: exampleCard, ArgsUsage: "FILE", Description: storyCard,
		Flags:  slices.Concat(o.outputs.flags("card"), []cli.Flag{html}, o.ofRules()),
		Action: func(c *cli.Context) error { return showCard(c, env, &o) },
	}
}

func showCard(c *cli.Context, env Env, o *drafts) error {
	if c.NArg() != 1 {
		return hinted{usage(oneCard, c.NArg()), hintCard}
	}
	name := c.Args().First()
	if err := o.checkFiles(env, []string{name}); err != nil {
		return err
	}
	return o.attended(c.Context, env, 0, stoppingShow, func(soft, _ context.Context, run *report.Run) error {
		src, err := env.readOrStdin(soft, name)
		if err != nil {
			return err
		}
		run.Files = 1
		run.Card, run.Diagnostics = spec.DecodeCard(filepath.ToSlash(name), src, spec.Options{Severity: o.severity, Strict: o.strict})
		run.ExitCode = faultCode(spec.Set{Diagnostics: run.Diagnostics})
		return nil
	})
}
