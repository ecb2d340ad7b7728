package command

import (
	"github.com/urfave/cli/v2"

	"notiform/spec"
)

func schemaCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "schema", Usage: aboutSchema, UsageText: exampleSchema, Description: storySchema,
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usage(noArguments, c.Command.HelpName)
			}
			_, _, release := interruptible(c.Context, env, 0, stoppingShow)
			defer release()
			_, err := env.Stdout.Write(spec.Schema())
			return err
		},
	}
}
