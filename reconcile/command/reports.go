package command

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/report"
)

// outputs are the options that say how the product of a command is shown: in one format on
// stdout and, from the same run, in any number of files.
type outputs struct {
	command       string // whose product it is
	format, color string
	reports       cli.StringSlice
}

func (o *outputs) flags(command string) []cli.Flag {
	o.command = command
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Value: "text", Destination: &o.format, Usage: "print the product on stdout as `FORMAT`: " + strings.Join(report.Formats(command, true), ", ")},
		&cli.StringSliceFlag{Name: "report", Destination: &o.reports, Usage: "write the product to a file as well, by `FORMAT=FILE` (repeatable): the formats above, or github-summary, which adds to the file"},
		&cli.StringFlag{Name: "color", Value: "auto", Destination: &o.color, Usage: "`WHEN` to colour: always, never, or auto: on a terminal, unless NO_COLOR is set"},
	}
}

// check faults what was typed, before anything is read.
func (o *outputs) check() error {
	if formats := report.Formats(o.command, true); !slices.Contains(formats, o.format) {
		err := fmt.Errorf("--format %q is none of %s", o.format, strings.Join(formats, ", "))
		if report.Appends(o.format) {
			err = hinted{err, "it is added to a file: --report " + o.format + "=FILE"}
		}
		return &exitError{report.ExitUsage, err}
	}
	if !slices.Contains([]string{"auto", "always", "never"}, o.color) {
		return usage("--color %q is none of auto, always, never", o.color)
	}
	_, err := o.destinations()
	return err
}

// writes reports whether one of the reports goes to a file.
func (o *outputs) writes(file string) bool {
	all, _ := o.destinations() // check has judged them
	return slices.ContainsFunc(all, func(d destination) bool { return filepath.Clean(d.file) == filepath.Clean(file) })
}

// destination is one file that a run is reported to.
type destination struct{ format, file string }

func (o *outputs) destinations() ([]destination, error) {
	formats := report.Formats(o.command, false)
	var all []destination
	for _, setting := range o.reports.Value() {
		format, file, ok := strings.Cut(setting, "=")
		switch {
		case !ok || file == "":
			return nil, &exitError{report.ExitUsage, hinted{fmt.Errorf("--report %q is not FORMAT=FILE", setting), "say where to, such as --report markdown=plan.md"}}
		case !slices.Contains(formats, format):
			return nil, &exitError{report.ExitUsage, hinted{
				fmt.Errorf("--report %s: %s cannot be shown as %q", setting, o.command, format),
				"the formats of " + o.command + " are " + strings.Join(formats, ", "),
			}}
		case file == "-":
			return nil, &exitError{report.ExitUsage, hinted{fmt.Errorf("--report %s: a report goes to a file", setting), "--format says what goes to stdout"}}
		case slices.ContainsFunc(all, func(d destination) bool { return filepath.Clean(d.file) == filepath.Clean(file) }):
			return nil, usage("--report %s: another report goes to that file", setting)
		}
		all = append(all, destination{format, file})
	}
	slices.SortStableFunc(all, func(a, b destination) int { return cmp.Compare(a.turn(), b.turn()) })
	return all, nil
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
func (o *outputs) print(env Env, run report.Run) error { return o.deliver(env, run, true) }

// deliver is print with or without stdout, where a person may have seen enough already.
func (o *outputs) deliver(env Env, run report.Run, stdout bool) error {
	destinations, err := o.destinations()
	if err != nil {
		return err
	}
	run.Around = o.around(env, run.Around, destinations)
	failed := func(err error) {
		sayError(env.Stderr, err)
		run.ExitCode = worst(run.ExitCode, report.ExitFailed)
		if run.Fault == nil {
			run.Fault = reconcile.NewFault(err)
		}
	}
	said, written := run.ExitCode, []destination(nil)
	for _, d := range destinations {
		if err := d.write(env, run); err != nil {
			failed(err)
		} else if !report.Appends(d.format) {
			written = append(written, d)
		}
	}
	if stdout {
		if err := o.stdout(env, run); err != nil {
			failed(hinted{err, "the output is not complete; run again with a stdout that can be written"})
		}
	}
	if run.ExitCode == said {
		written = nil
	}
	for _, d := range written {
		if err := d.write(env, run); err != nil {
			failed(err)
		}
	}
	return exit(run.ExitCode)
}

// stdout writes the product where it is looked for first.
func (o *outputs) stdout(env Env, run report.Run) error {
	if o.format == "text" {
		return report.Text(env.Stdout, run, style(env, o.color, env.Stdout))
	}
	return report.Write(env.Stdout, o.format, run, 0)
}

// around adds to what a command knows of its run what the options and the environment say.
func (o *outputs) around(env Env, a report.Around, destinations []destination) report.Around {
	for _, d := range destinations {
		if d.format == "text" || d.format == "json" {
			a.Elsewhere = append(a.Elsewhere, d.file)
		}
	}
	a.Helpdesk = env.Getenv("FEISHU_HELPDESK_ID")
	a.URL = runURL(env)
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
		return hinted{fmt.Errorf("report %s: %w", d.format, err), "see that the file's directory exists and can be written; everything else was written"}
	}
	return nil
}
