package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
)

// outputs are the options that say how the product of a command is shown: in one format on
// stdout and, from the same run, in any number of files.
type outputs struct {
	command       string // whose product it is
	format, color string
	reports       []destination
	cards         bool   // cards are drawn whole
	enough        bool   // a person has seen as much as they want: nothing goes to stdout
	out           string // where plan saves itself, if anywhere
}

// ofCards are the flags of the commands that draw cards.
func (o *outputs) ofCards() []cli.Flag {
	return []cli.Flag{&cli.BoolFlag{Name: "cards", Destination: &o.cards, Usage: flagCards}}
}

// destination is one file that a run is reported to.
type destination struct{ format, file string }

func (o *outputs) flags(command string) []cli.Flag {
	o.command = command
	formats, files := report.Formats(command, true), report.Formats(command, false)
	for i := range files {
		files[i] += "="
	}
	return []cli.Flag{
		oneOf{&cli.StringFlag{
			Name: "format", Value: "text", Destination: &o.format, Action: o.checkFormat,
			Usage: fmt.Sprintf(flagFormat, strings.Join(formats, ", ")),
		}, always(formats...)},
		someOf{&cli.StringSliceFlag{Name: "report", Action: o.readReports, Usage: flagReport}, always(files...)},
		choice("color", &o.color, flagColor, "auto", "always", "never"),
	}
}

func (o *outputs) checkFormat(_ *cli.Context, format string) error {
	formats := report.Formats(o.command, true)
	if slices.Contains(formats, format) {
		return nil
	}
	err := usage(isNoneOf, "format", format, strings.Join(formats, ", "))
	if report.Appends(format) {
		return hinted{err, fmt.Sprintf(hintAdded, format)}
	}
	return err
}

func (o *outputs) readReports(_ *cli.Context, settings []string) error {
	formats := report.Formats(o.command, false)
	for _, setting := range settings {
		format, file, ok := strings.Cut(setting, "=")
		switch {
		case !ok || file == "":
			return hinted{usage(notFormatFile, setting), hintFormatFile}
		case !slices.Contains(formats, format):
			return hinted{usage(notShownAs, setting, o.command, format), fmt.Sprintf(hintFormats, o.command, strings.Join(formats, ", "))}
		case file == "-":
			return hinted{usage(reportOnStdout, setting), hintFormat}
		}
		o.reports = append(o.reports, destination{format, file})
	}
	slices.SortStableFunc(o.reports, func(a, b destination) int { return cmp.Compare(a.turn(), b.turn()) })
	return nil
}

// style is how text goes to one stream.
func (o *outputs) style(env Env, stream io.Writer) report.Style {
	return report.Style{
		Color: o.color == "always" || o.color == "auto" && env.colors(stream),
		Width: env.width(stream),
	}
}

// width is where the lines of a stream are folded. What is no terminal is for programs and logs, and
// so is the terminal that some CI systems give to a job: there a line stays whole.
func (env Env) width(stream io.Writer) int {
	const narrowest, usual, widest = 60, 100, 160 // narrower ones, and longer lines, are hard to read
	if env.Getenv("CI") != "" || !env.IsTerminal(stream) {
		return 0
	}
	return min(max(cmp.Or(env.Columns(stream), usual), narrowest), widest)
}

// colors reports whether the environment wants a stream coloured: NO_COLOR decides before
// FORCE_COLOR, and that before what the stream is.
func (env Env) colors(stream io.Writer) bool {
	switch force := env.Getenv("FORCE_COLOR"); {
	case env.Getenv("NO_COLOR") != "" || force == "0" || force == "false":
		return false
	case force != "":
		return true
	default:
		return env.Getenv("TERM") != "dumb" && env.IsTerminal(stream)
	}
}

// movesCursor reports whether a terminal may be told more than what to print.
func (env Env) movesCursor() bool {
	return env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb"
}

// turn puts what cannot be written anew behind what can.
func (d destination) turn() int {
	if report.Appends(d.format) {
		return 1
	}
	return 0
}

// print writes the reports and then the product on stdout, and gives the run's exit code. What
// could not be written is a failure: a reader must not take half of it for the whole, nor the
// last run's file for this one's. All the rest is written nevertheless, and anew where it holds
// an exit code that is none any more.
// hard, if it ends, ends a write that nobody reads.
func (o *outputs) print(hard context.Context, env Env, run report.Run) error {
	run.Around = o.around(env, run.Around)
	said, written := run.ExitCode, []destination(nil)
	for _, d := range o.reports {
		if err := d.write(env, run); err != nil {
			run = failed(env, run, err)
		} else if !report.Appends(d.format) {
			written = append(written, d)
		}
	}
	if !o.enough {
		if err := o.stdout(hard, env, run); err != nil {
			run = o.unread(env, run, err)
		}
	}
	if run.ExitCode == said {
		return exit(said)
	}
	for _, d := range written {
		if err := d.write(env, run); err != nil {
			run = failed(env, run, err)
		}
	}
	return exit(run.ExitCode)
}

// stdout writes the product where it is looked for first.
func (o *outputs) stdout(hard context.Context, env Env, run report.Run) error {
	stream := stoppable{hard, env.Stdout}
	if o.format == "text" {
		return report.Text(stream, run, o.style(env, env.Stdout))
	}
	return report.Write(stream, o.format, run, 0)
}

// unread is a run whose product could not be written. Whoever has closed stdout has gone away, which
// ends an apply like an interrupt.
func (o *outputs) unread(env Env, run report.Run, err error) report.Run {
	run = failed(env, run, hinted{err, hintStdout})
	run.ExitCode = worst(run.ExitCode, when(slices.Contains([]string{"apply", "create"}, o.command) && errors.Is(err, syscall.EPIPE) || errors.Is(err, errInterrupted), report.ExitInterrupted))
	return run
}

// around adds to what a command knows of its run what the options and the environment say.
func (o *outputs) around(env Env, a report.Around) report.Around {
	for _, d := range o.reports {
		if d.format == "text" || d.format == "json" {
			a.Elsewhere = append(a.Elsewhere, d.file)
		}
	}
	a.Cards = o.cards
	a.Helpdesk = env.Getenv("FEISHU_HELPDESK_ID")
	a.URL, a.Commit = runURL(env), cmp.Or(env.Getenv("GITHUB_SHA"), env.Getenv("CI_COMMIT_SHA"))
	return a
}

// runURL is where the CI system shows the run, if it says so.
func runURL(env Env) string {
	if id := env.Getenv("GITHUB_RUN_ID"); id != "" {
		return env.Getenv("GITHUB_SERVER_URL") + "/" + env.Getenv("GITHUB_REPOSITORY") + "/actions/runs/" + id
	}
	return env.Getenv("CI_JOB_URL")
}

// write writes one report: the whole file anew or, in a format that appends, behind what it
// holds.
func (d destination) write(env Env, run report.Run) error {
	name := inDir(env.Dir, d.file)
	var err error
	if report.Appends(d.format) {
		err = appendFile(name, func(w io.Writer, size int) error { return report.Write(w, d.format, run, size) })
	} else {
		var b bytes.Buffer
		if err = report.Write(&b, d.format, run, 0); err == nil {
			err = replaceFile(name, b.Bytes())
		}
	}
	if err != nil {
		return hinted{fmt.Errorf(reportFailed, d.format, err), writeHint(err)}
	}
	return nil
}
