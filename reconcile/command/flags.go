package command

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves the flags that stand behind paths to the front, because the library takes
// everything behind the first path for a path: "apply drafts --only x" would apply all. What
// stands behind "--" stays there.
func flagsFirst(app *cli.App, args []string) []string {
	at := slices.IndexFunc(args[min(1, len(args)):], func(a string) bool { return !strings.HasPrefix(a, "-") })
	if at < 0 {
		return args
	}
	at++ // of the command's name
	command := app.Command(args[at])
	if command == nil {
		return args
	}
	return append(slices.Clone(args[:at+1]), reordered(command, args[at+1:])...)
}

// reordered puts flags, with their values, before a "--" and paths behind it.
func reordered(command *cli.Command, args []string) []string {
	var flags, paths []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			paths = append(paths, args[i+1:]...)
			i = len(args)
		case slices.Contains([]string{"--help", "-help", "-h", "--h"}, arg):
			return []string{"--help"} // beside a path the library would look for help on it
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			paths = append(paths, arg)
		case !takesValue(command, arg):
			flags = append(flags, arg)
		case i+1 == len(args): // it must not take the "--" for its value
			return append(flags, arg)
		default:
			flags = append(flags, arg, args[i+1])
			i++
		}
	}
	return append(append(flags, "--"), paths...)
}

// takesValue reports whether a flag as typed consumes the next argument. An unknown flag does
// not; the library will name it.
func takesValue(command *cli.Command, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range command.Flags {
		if slices.Contains(f.Names(), name) {
			documented, ok := f.(cli.DocGenerationFlag)
			return ok && documented.TakesValue()
		}
	}
	return false
}
