package command

import (
	"github.com/urfave/cli/v2"

	"notiform/spec"
)

func schemaCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "schema", Usage: aboutSchema, UsageText: exampleSchema, Description: storySchema,
		Action: printing(env, func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usage(noArguments, c.Command.HelpName)
			}
			_, err := env.Stdout.Write(spec.Schema())
			return err
		}),
	}
}
