package command

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
)

// The scripts know nothing of notiform: each asks it for the words at the cursor, and shows them as
// its shell does.
//
//go:embed completion.bash completion.zsh completion.fish
var completionScripts embed.FS

func shells() []string { return []string{"bash", "zsh", "fish"} }

func completionCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: aboutCompletion, UsageText: exampleCompletion, ArgsUsage: "SHELL", Description: storyCompletion,
		Action: printing(env, func(c *cli.Context) error {
			if c.NArg() != 1 || !slices.Contains(shells(), c.Args().First()) {
				return hinted{usage(noShell, strings.Join(c.Args().Slice(), " ")), fmt.Sprintf(hintShells, strings.Join(shells(), ", "))}
			}
			script, err := completionScripts.ReadFile("completion." + c.Args().First())
			if err == nil {
				_, err = env.Stdout.Write(script)
			}
			return err
		}),
	}
}

const (
	completeWord  = "__complete" // stands in place of a command
	filesToo      = ":files"     // stands in place of a candidate
	valueFollows  = "="          // ends a candidate behind which no blank belongs
	wordBetweenIt = "\t"         // parts a candidate from what it is about
)

// candidate is what may stand at the cursor.
type candidate struct{ word, about string }

// plain is a word that no shell reads as anything but itself: a name may come from somebody else's
// checkout.
var plain = regexp.MustCompile(`^[\w./=-]+$`)

// complete answers the scripts: a line for each candidate for the last of what was typed, which may be
// "". It asks nobody for anything, and has no word for what is wrong with the rest: that is told when it
// is run.
func complete(app *cli.App, env Env, typed []string) error {
	last := len(typed) - 1
	if last < 0 {
		return nil
	}
	found, files := candidates(app.VisibleCommands(), env, typed[:last], typed[last])
	var b strings.Builder
	for _, c := range found {
		if strings.HasPrefix(c.word, typed[last]) && plain.MatchString(c.word) {
			b.WriteString(strings.TrimSuffix(c.word+wordBetweenIt+c.about, wordBetweenIt) + "\n")
		}
	}
	if files {
		b.WriteString(filesToo + "\n")
	}
	_, err := io.WriteString(env.Stdout, b.String())
	return err
}

// candidates are those for a word behind others, and whether it may be a file as well.
func candidates(commands []*cli.Command, env Env, before []string, word string) (found []candidate, files bool) {
	command, rest := descend(commands, before)
	if command == nil || command.Subcommands != nil {
		return below(commands, before), false
	}
	f, onlyArguments := awaiting(command, rest)
	name, value, inside := strings.Cut(word, "=")
	switch {
	case f != nil:
		return values(env, f, word)
	case onlyArguments:
		return nil, true
	case !strings.HasPrefix(word, "-"):
		return arguments(commands, command, before)
	case !inside:
		return flags(command), false
	}
	if f = flagNamed(command, strings.TrimLeft(name, "-")); f == nil || !f.TakesValue() {
		return nil, false
	}
	found, files = values(env, f, value)
	for i := range found {
		found[i].word = name + "=" + found[i].word
	}
	return found, files
}

// awaiting is the flag that has no value yet, if any, and whether flags are over.
func awaiting(command *cli.Command, words []string) (f cli.DocGenerationFlag, onlyArguments bool) {
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "--":
			return nil, true
		case !strings.HasPrefix(words[i], "-") || !takesValue(command, words[i]):
		case i+1 == len(words):
			return flagNamed(command, strings.TrimLeft(words[i], "-")), false
		default:
			i++
		}
	}
	return nil, false
}

// below are the commands that may come behind words that name a group, or behind none.
func below(commands []*cli.Command, words []string) (found []candidate) {
	group, rest := descend(commands, words)
	if group != nil {
		commands = group.Subcommands
	}
	if len(rest) > 0 {
		return nil
	}
	for _, c := range commands {
		found = append(found, candidate{c.Name, c.Usage})
	}
	return found
}

func flags(command *cli.Command) (found []candidate) {
	for _, f := range documented(command) {
		_, usage := flagHelp(f)
		found = append(found, candidate{"--" + f.Names()[0], usage})
	}
	return append(found, candidate{"--help", aboutHelp})
}

// values are the candidates for the value of a flag. Of those with an "=" first comes what is before it.
func values(env Env, f cli.DocGenerationFlag, typed string) (found []candidate, files bool) {
	suggesting, ok := f.(interface{ suggest(Env) []string })
	if !ok {
		return nil, slices.Contains([]string{"FILE", "PATH", "DIR"}, placeholder.FindStringSubmatch(f.GetUsage())[1])
	}
	for _, word := range suggesting.suggest(env) {
		head, tail, two := strings.Cut(word, "=")
		files = files || two && tail == "" && strings.HasPrefix(typed, word)
		if two && !strings.Contains(typed, "=") {
			word = head + "="
		}
		found = append(found, candidate{word: word})
	}
	return slices.Compact(found), files
}

// arguments are the candidates for what is no flag, by what the usage calls it.
func arguments(commands []*cli.Command, command *cli.Command, before []string) (found []candidate, files bool) {
	switch command.ArgsUsage {
	case "[RULE]":
		for _, r := range report.Rules() {
			found = append(found, candidate{r.ID, r.Summary})
		}
	case "SHELL":
		for _, shell := range shells() {
			found = append(found, candidate{word: shell})
		}
	case "[COMMAND]": // help stands before a group or behind it
		found = below(commands, slices.DeleteFunc(slices.Clone(before), func(word string) bool { return word == command.Name }))
	default:
		files = strings.Contains(command.ArgsUsage, "PATH") || strings.Contains(command.ArgsUsage, "FILE")
	}
	return found, files
}
