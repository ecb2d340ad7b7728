package command

import (
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// A flag is judged by its own Action, before the command begins; what two flags mean together, by
// the command.

// oneOf is a flag that takes one of words, or anything else that its Action lets pass.
type oneOf struct {
	*cli.StringFlag
	words
}

// someOf is a flag that does so repeatedly.
type someOf struct {
	*cli.StringSliceFlag
	words
}

// words are what the value of a flag may be, or how it may begin where it ends with "=".
type words func(Env) []string

func (w words) suggest(env Env) []string { return w(env) }

// always are words that nothing else decides about.
func always(list ...string) words { return func(Env) []string { return list } }

// choice is a flag that takes one of a few words and nothing else, the first by default.
func choice(name string, into *string, use string, list ...string) cli.Flag {
	return oneOf{&cli.StringFlag{Name: name, Value: list[0], Destination: into, Usage: use, Action: func(_ *cli.Context, word string) error {
		if !slices.Contains(list, word) {
			return usage(isNoneOf, name, word, strings.Join(list, ", "))
		}
		return nil
	}}, always(list...)}
}

// notNegative is the Action of a flag that takes 0 and more.
func notNegative[N int | time.Duration](name string) func(*cli.Context, N) error {
	return func(_ *cli.Context, n N) error {
		if n < 0 {
			return usage(isNegative, name, n)
		}
		return nil
	}
}

// between is the Action of a flag that takes from least to most.
func between(name string, least, most int) func(*cli.Context, int) error {
	return func(_ *cli.Context, n int) error {
		if n < least || n > most {
			return usage(isNotBetween, name, n, least, most)
		}
		return nil
	}
}

// flagsFirst moves the flags that stand behind paths to the front, because the library takes
// everything behind the first path for a path: "apply drafts --only x" would apply all. What
// stands behind "--" stays there. A flag or a path that is given as nothing is an error.
func flagsFirst(app *cli.App, args []string) ([]string, error) {
	at := slices.IndexFunc(args[min(1, len(args)):], func(a string) bool { return !strings.HasPrefix(a, "-") })
	if at < 0 {
		return args, nil
	}
	at++ // of the command's name
	command, rest := descend(app.Commands, args[at:])
	if command == nil {
		return args, nil
	}
	flags, paths := divided(command, rest)
	if err := notEmpty(command, flags, paths); err != nil {
		return nil, err
	}
	return slices.Concat(args[:len(args)-len(rest)], flags, paths), nil
}

// notEmpty faults what is given as nothing: it is a variable that was forgotten, and no wish to do
// without a guard, or to read everything.
func notEmpty(command *cli.Command, flags, paths []string) error {
	for i, arg := range flags {
		switch name, value, inside := strings.Cut(strings.TrimLeft(arg, "-"), "="); {
		case inside && value == "" && strings.HasPrefix(arg, "-"):
			return hinted{usage(emptyValue, name), hintEmpty}
		case arg == "" && i > 0:
			return hinted{usage(emptyValue, strings.TrimLeft(flags[i-1], "-")), hintEmpty}
		}
	}
	i := slices.Index(paths, "")
	switch {
	case i < 0 || i > 1 && command.Name == "sandbox": // behind COMMAND they are its own
		return nil
	case strings.Contains(command.ArgsUsage, "PATH"):
		return hinted{usage(emptyPath), hintEmptyPath}
	}
	return hinted{usage(emptyArgument), hintEmptyPath}
}

// divided parts flags, with their values, from a "--" and the paths behind it.
func divided(command *cli.Command, args []string) (flags, paths []string) {
	paths = []string{"--"}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			paths = append(paths, args[i+1:]...)
			i = len(args)
		case slices.Contains([]string{"--help", "-help", "-h", "--h"}, arg):
			return []string{"--help"}, nil // beside a path the library would look for help on it
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			paths = append(paths, arg)
		case !takesValue(command, arg):
			flags = append(flags, arg)
		case i+1 == len(args): // it must not take the "--" for its value
			return append(flags, arg), nil
		default:
			flags = append(flags, arg, args[i+1])
			i++
		}
	}
	return flags, paths
}

// takesValue reports whether a flag as typed consumes the next argument. An unknown flag does
// not; the library will name it.
func takesValue(command *cli.Command, arg string) bool {
	f := flagNamed(command, strings.TrimLeft(arg, "-"))
	return f != nil && f.TakesValue()
}

// flagNamed is nil for none.
func flagNamed(command *cli.Command, name string) cli.DocGenerationFlag {
	for _, f := range command.Flags {
		if documented, ok := f.(cli.DocGenerationFlag); ok && slices.Contains(f.Names(), name) {
			return documented
		}
	}
	return nil
}
