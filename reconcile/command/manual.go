package command

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// manual is the man page, drawn in man(7) of the texts that help prints.
func manual(app *cli.App) string {
	var b strings.Builder
	day, _, _ := strings.Cut(thisBuild().date, "T")
	fmt.Fprintf(&b, manualTitle, day, version(), roff(app.Usage), roff(app.UsageText), roff(app.Description))
	b.WriteString(manualCommands)
	manualOf(&b, app.Commands)
	b.WriteString(manualExits)
	for _, e := range exitCodes() {
		fmt.Fprintf(&b, ".TP\n%d\n%s\n", e.code, roff(strings.ReplaceAll(e.means, "`", "")))
	}
	b.WriteString(manualFoot)
	return b.String()
}

// manualOf draws commands, and those below them.
func manualOf(b *strings.Builder, commands []*cli.Command) {
	for _, c := range commands {
		if c.Name == "help" && c.HelpName != c.Name {
			continue // of a group
		}
		fmt.Fprintf(b, ".SS %s\n%s.\n%s", roff(typed(c)), roff(c.Usage), roffParagraphs(c.Description))
		for _, f := range documented(c) {
			head, usage := flagHelp(f)
			name, value, _ := strings.Cut(head, " ")
			fmt.Fprintf(b, ".TP\n\\fB%s\\fR \\fI%s\\fR\n%s\n", roff(name), roff(value), roff(usage))
		}
		fmt.Fprintf(b, ".PP\n%s", roffLines(c.UsageText))
		manualOf(b, c.Subcommands)
	}
}

// roffParagraphs are those of a text; what is indented is a table, of which the lines count.
func roffParagraphs(text string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		switch {
		case strings.Contains(paragraph, "\n  "):
			b.WriteString(".PP\n" + roffLines(paragraph))
		case paragraph != "":
			b.WriteString(".PP\n" + roff(paragraph) + "\n")
		}
	}
	return b.String()
}

// roffLines are lines that stay as they are.
func roffLines(text string) string {
	return ".RS\n.nf\n" + roff(strings.TrimSpace(text)) + "\n.fi\n.RE\n"
}

// roff is a text in which nothing is a request, and a hyphen is what people type.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	return strings.NewReplacer("\n.", "\n\\&.", "\n'", "\n\\&'").Replace("\n" + text)[1:]
}
