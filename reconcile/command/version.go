package command

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"
)

func versionCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: aboutVersion,
		Action: func(c *cli.Context) error {
			_, _, release := interruptible(c.Context, env, 0, stoppingShow)
			defer release()
			_, err := fmt.Fprintf(env.Stdout, versionIs, version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
