package command

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"
)

func versionCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: aboutVersion,
		Action: func(*cli.Context) error {
			_, err := fmt.Fprintf(env.Stdout, versionIs, version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
