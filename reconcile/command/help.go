package command

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"
)

// The help of a command is drawn here rather than by the library's template, which puts the
// longest flag and the longest text into one table, wider than any terminal. A command's UsageText is
// its example.
const (
	helpColumn = 28 // where the texts of flags begin
	helpWidth  = 100
)

// helpCommand is help of notiform, or of a group.
func helpCommand(env Env, group ...string) *cli.Command {
	var format string
	return &cli.Command{
		Name: "help", Usage: aboutHelp, UsageText: exampleHelp, ArgsUsage: "[COMMAND]",
		Flags: []cli.Flag{choice("format", &format, flagHelpFormat, "text", "man")},
		Action: printing(env, func(c *cli.Context) error {
			if format == "man" {
				return printManual(c, env, len(group) > 0)
			}
			named, rest := descend(c.App.Commands, append(group, c.Args().Slice()...))
			if len(rest) > 0 && (named == nil || named.Subcommands != nil) {
				return unknownCommand(c.App, named, rest[0])
			}
			return printHelp(c, env.Stdout, named)
		}),
	}
}

// printing is the Action of a command that prints what notiform itself knows, until a signal ends it.
func printing(env Env, do cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		_, _, release := interruptible(c.Context, env, 0, stoppingShow)
		defer release()
		return do(c)
	}
}

// printManual prints the man page, which is one of all commands.
func printManual(c *cli.Context, env Env, group bool) error {
	if group || c.NArg() > 0 {
		return hinted{usage(manualOfAll), hintManual}
	}
	_, err := io.WriteString(env.Stdout, manual(c.App))
	return err
}

// printHelp prints the help of a command, or of notiform where that is nil.
func printHelp(c *cli.Context, w io.Writer, command *cli.Command) error {
	text := helpOfAll(c.App)
	if command != nil {
		text = helpText(command)
	}
	_, err := io.WriteString(w, text)
	return err
}

// typed is how a command is typed.
func typed(c *cli.Command) string {
	as := typedAs
	if c.Subcommands != nil {
		as = typedGroup
	}
	return strings.TrimSpace(fmt.Sprintf(as, c.HelpName, c.ArgsUsage))
}

// helpOfAll is what --help prints for notiform.
func helpOfAll(app *cli.App) string {
	whole := &cli.Command{Description: app.Description, UsageText: exampleNotiform, Subcommands: app.Commands}
	return fmt.Sprintf(helpWhole, app.Usage, app.UsageText, helpBody(whole))
}

// helpText is what --help prints for a command.
func helpText(c *cli.Command) string {
	return fmt.Sprintf(helpHeading, c.HelpName, c.Usage, typed(c)) + helpBody(c)
}

func helpBody(c *cli.Command) string {
	var b strings.Builder
	for line := range strings.Lines(c.Description) {
		b.WriteString(strings.TrimRight("  "+line, " "))
	}
	if c.Description != "" {
		b.WriteString("\n\n")
	}
	b.WriteString(exampleHeading)
	for line := range strings.Lines(c.UsageText) {
		b.WriteString("  " + line)
	}
	b.WriteString("\n\n")
	if c.Subcommands != nil {
		b.WriteString(commandsHeading)
		for _, sub := range c.Subcommands {
			b.WriteString(entry("  "+sub.Name, sub.Usage))
		}
		return b.String()
	}
	if len(c.Flags) > 0 {
		b.WriteString(flagsHeading)
	}
	for _, f := range documented(c) {
		head, usage := flagHelp(f)
		b.WriteString(entry("  "+head, usage))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// documented are the flags of a command, without the --help that the library adds when it is run.
func documented(c *cli.Command) (flags []cli.DocGenerationFlag) {
	for _, f := range c.Flags {
		if f, ok := f.(cli.DocGenerationFlag); ok && f != cli.HelpFlag {
			flags = append(flags, f)
		}
	}
	return flags
}

var placeholder = regexp.MustCompile("`([^`]*)`")

// flagHelp is how a flag is typed, and what it is for; the word in back quotes in its usage names its
// value.
func flagHelp(f cli.DocGenerationFlag) (head, usage string) {
	head, usage = "--"+f.Names()[0], f.GetUsage()
	if f.TakesValue() {
		head += " " + placeholder.FindStringSubmatch(usage)[1]
		usage = strings.ReplaceAll(usage, "`", "")
	}
	if text := f.GetDefaultText(); f.TakesValue() && text != "" && text != `""` {
		usage = fmt.Sprintf(withDefault, usage, strings.Trim(text, `"`))
	}
	return head, usage
}

// entry is one line of a list, or more of them.
func entry(head, usage string) string {
	gap := helpColumn - len(head)
	if gap < 2 { // a long head stands alone
		head, gap = head+"\n", helpColumn
	}
	lines := fold(usage, helpWidth-helpColumn)
	return head + strings.Repeat(" ", gap) + strings.Join(lines, "\n"+strings.Repeat(" ", helpColumn)) + "\n"
}

// fold breaks a text of ours, which is ASCII, at spaces.
func fold(text string, room int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		if last := len(lines) - 1; last >= 0 && len(lines[last])+1+len(word) <= room {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
