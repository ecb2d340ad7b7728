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
	if len(args) > 1 && args[1] == completeWord {
		return finish(env.Stderr, complete(app, env, args[2:]))
	}
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
		Action:                    func(c *cli.Context) error { return noCommand(c, env, nil) },
		Commands: []*cli.Command{
			validateCommand(env), planCommand(env), applyCommand(env), createCommand(env), showCommand(env), importCommand(env), previewCommand(env), cardCommand(env), explainCommand(env), schemaCommand(env), authCommand(env), doctorCommand(env), whoCommand(env), sandboxCommand(env), completionCommand(env), versionCommand(env),
			helpCommand(env),
		},
	}
	app.Setup() // which names commands in its own way
	settle(app.Commands, "")
	app.CustomAppHelpTemplate = helpOfAll(app)
	return app
}

// settle gives commands what they have in common; those of a group are named by two words.
func settle(commands []*cli.Command, group string) {
	for _, c := range commands {
		c.HelpName = group + c.Name
		c.OnUsageError = onUsageError // unset, the library prints the whole help to stdout
		c.HideHelpCommand = true      // else a path that is called help or h is taken for it
		settle(c.Subcommands, c.HelpName+" ")
		c.CustomHelpTemplate = helpText(c)
	}
}

// descend returns the command that the first words name, and the words behind it; nil for none.
func descend(commands []*cli.Command, words []string) (named *cli.Command, rest []string) {
	for len(words) > 0 {
		i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(words[0]) })
		if i < 0 {
			break
		}
		named, commands, words = commands[i], commands[i].Subcommands, words[1:]
	}
	return named, words
}

func onUsageError(c *cli.Context, err error, _ bool) error {
	hint := hintHelp
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "notiform" {
		hint = fmt.Sprintf(hintCommandHelp, c.Command.HelpName)
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

// noCommand answers when none was named that is known: of a group, or at all where that is nil.
func noCommand(c *cli.Context, env Env, group *cli.Command) error {
	if name := c.Args().First(); name != "" {
		return unknownCommand(c.App, group, name)
	}
	if err := printHelp(c, env.Stderr, group); err != nil {
		return err
	}
	return exit(report.ExitUsage)
}

// unknownCommand is the error of a name that nothing in the group has, with the nearest one that something has.
func unknownCommand(app *cli.App, group *cli.Command, name string) error {
	commands, typed := app.Commands, name
	if group != nil {
		commands, typed = group.Subcommands, group.HelpName+" "+name
	}
	var names, whole []string
	for _, c := range commands {
		names, whole = append(names, c.Name), append(whole, c.HelpName)
	}
	hint := fmt.Sprintf(hintCommands, strings.Join(whole, ", "))
	if near := spec.Nearest(name, names); near != "" {
		hint = fmt.Sprintf(hintCommand, whole[slices.Index(names, near)])
	}
	return hinted{usage(noSuchCommand, typed), hint}
}
