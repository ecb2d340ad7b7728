package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
	"notiform/spec"
)

// Env is all that a run touches of the world.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Dir            string                       // working directory; "" is the process's own
	Getenv         func(string) string          // one variable
	Environ        func() []string              // all of them, for Git and the command that sandbox runs
	ConfigDir      func() (string, error)       // the user's folder of configurations, for the store of logins; nil for none
	ReadFile       func(string) ([]byte, error) // for saved plans
	Now            func() time.Time             // for the age of plans, and whether a send_at has passed
	Rand           func() float64               // for the jitter of retries, in [0, 1)
	IsTerminal     func(stream any) bool        // whether Stdin, Stdout or Stderr is one
	Columns        func(stream any) int         // of a stream that is a terminal; 0 when it does not say
	Signals        <-chan os.Signal             // interrupts; may be nil

	ended chan int // the exit code, once there is one
}

// Run does what args ask for and returns the exit code. args[0] is the program's name, as in
// os.Args. What is blocked for ever when the run has to end is left behind.
func Run(ctx context.Context, args []string, env Env) int {
	env.ended = make(chan int, 1)
	env.background(func() { env.end(run(ctx, args, env)) })
	return <-env.ended
}

func run(ctx context.Context, args []string, env Env) int {
	app := newApp(env)
	args, err := flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	return finish(env.Stderr, err)
}

func newApp(env Env) *cli.App {
	app := &cli.App{
		Name:                      "notiform",
		Usage:                     aboutNotiform,
		UsageText:                 typedNotiform,
		Description:               storyNotiform,
		Version:                   thisBuild().String(),
		Flags:                     []cli.Flag{cli.HelpFlag},
		DisableSliceFlagSeparator: true,
		Writer:                    env.Stdout,
		ErrWriter:                 env.Stderr,
		ExitErrHandler:            func(*cli.Context, error) {}, // the library would call os.Exit
		OnUsageError:              onUsageError,
		Action:                    func(c *cli.Context) error { return noCommand(c, env) },
		Commands: []*cli.Command{
			validateCommand(env), planCommand(env), applyCommand(env), createCommand(env), showCommand(env), cardCommand(env), doctorCommand(env), whoCommand(env), sandboxCommand(env), versionCommand(env),
			helpCommand(env),
		},
	}
	app.Commands = append(app.Commands, authCommands(env)...)
	for _, c := range app.Commands {
		c.OnUsageError = onUsageError // unset, the library prints the whole help to stdout
		c.HideHelpCommand = true      // else a path that is called help or h is taken for it
		c.CustomHelpTemplate = helpText(c)
	}
	return app
}

func onUsageError(c *cli.Context, err error, _ bool) error {
	hint := hintHelp
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "notiform" {
		hint = fmt.Sprintf(hintCommandHelp, c.Command.Name)
	}
	if name, ok := strings.CutPrefix(err.Error(), libraryNoFlag); ok && c.Command != nil {
		if near := spec.Nearest(name, flagNames(c.Command.Flags)); near != "" {
			hint = fmt.Sprintf(hintFlag, near)
		}
	}
	return hinted{inOurWords(err), hint}
}

// flagNames are the long names of flags.
func flagNames(flags []cli.Flag) (names []string) {
	for _, f := range flags {
		names = append(names, f.Names()[0])
	}
	return names
}

// inOurWords writes flags as people type them, where the flag library says "flag -x".
func inOurWords(err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, libraryNoFlag); ok {
		return usage(noSuchFlag, name)
	}
	if name, ok := strings.CutPrefix(text, libraryNoValue); ok {
		return usage(needsValue, name)
	}
	if m := libraryBadValue.FindStringSubmatch(text); m != nil {
		if value, err := strconv.Unquote(m[1]); err == nil {
			return usage(invalidValue, value, m[2], m[3])
		}
	}
	return usage("%s", text)
}

// libraryBadValue is what the flag library says of a value that does not fit its flag.
var libraryBadValue = regexp.MustCompile(`(?s)^invalid (?:boolean )?value (".*") for (?:flag )?-(\S+): (.*)$`)

// noCommand answers when no known command was named.
func noCommand(c *cli.Context, env Env) error {
	name := c.Args().First()
	if name == "" {
		c.App.Writer = env.Stderr
		if err := cli.ShowAppHelp(c); err != nil {
			return err
		}
		return exit(report.ExitUsage)
	}
	names := make([]string, 0, len(c.App.Commands))
	for _, command := range c.App.Commands {
		names = append(names, command.Name)
	}
	names, name = inGroup(names, c.Args())
	hint := fmt.Sprintf(hintCommands, strings.Join(names, ", "))
	if near := spec.Nearest(name, names); near != "" {
		hint = fmt.Sprintf(hintCommand, near)
	}
	return hinted{usage(noSuchCommand, name), hint}
}

// inGroup are the names to choose from, and the one that was typed: of a group such as auth, where its
// name was typed, those of its commands, else each group by its name.
func inGroup(names []string, args cli.Args) (choice []string, typed string) {
	typed = args.First()
	for _, n := range names {
		if strings.HasPrefix(n, typed+" ") {
			choice = append(choice, n)
		}
	}
	if second := args.Get(1); choice != nil {
		if second != "" && !strings.HasPrefix(second, "-") {
			typed += " " + second
		}
		return choice, typed
	}
	for _, n := range names {
		group, _, _ := strings.Cut(n, " ")
		choice = append(choice, group)
	}
	return slices.Compact(choice), typed
}
