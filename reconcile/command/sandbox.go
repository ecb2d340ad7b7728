package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu/sandbox"
	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

func sandboxCommand(env Env) *cli.Command {
	var o serving
	return &cli.Command{
		Name: "sandbox", Usage: aboutSandbox, UsageText: exampleSandbox, ArgsUsage: "[-- COMMAND [ARG ...]]",
		Description: fmt.Sprintf(storySandbox, sandboxTables()),
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "seed", Destination: &o.seeds, Usage: flagSeed},
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:0", Destination: &o.listen, Usage: flagListen},
			someOf{&cli.StringSliceFlag{Name: "set", Destination: &o.switches, Usage: flagSet}, switches},
			&cli.StringSliceFlag{Name: "limit", Destination: &o.limits, Usage: flagLimit},
			&cli.StringSliceFlag{Name: "fault", Destination: &o.faults, Usage: flagFault},
			&cli.DurationFlag{Name: "ahead", DefaultText: "0s", Destination: &o.ahead, Usage: flagAhead},
			&cli.BoolFlag{Name: "count", Destination: &o.count, Usage: flagCount},
		},
		Action: func(c *cli.Context) error { return serve(c, env, &o) },
	}
}

// sandboxTables are the switches, limits and faults as the help lists them.
func sandboxTables() string {
	var b strings.Builder
	switches, limits, faults := sandbox.Docs()
	for _, table := range []struct {
		heading string
		docs    []sandbox.Doc
	}{{switchesHeading, switches}, {limitsHeading, limits}, {faultsHeading, faults}} {
		fmt.Fprintf(&b, "%s:\n", table.heading)
		for _, d := range table.docs {
			fmt.Fprintf(&b, "  %s\n      %s\n", strings.TrimSuffix(d.Name+"="+strings.Join(d.Values, "|"), "="), d.Text)
		}
	}
	return b.String()
}

// switches are all that --set takes.
func switches(Env) (settings []string) {
	all, _, _ := sandbox.Docs()
	for _, d := range all {
		for _, value := range d.Values {
			settings = append(settings, d.Name+"="+value)
		}
	}
	return settings
}

type serving struct {
	seeds, switches, limits, faults cli.StringSlice
	listen                          string
	ahead                           time.Duration
	count                           bool
}

func serve(c *cli.Context, env Env, o *serving) error {
	server, err := o.server()
	if err != nil {
		return err
	}
	if err := o.fill(c.Context, env, server); err != nil {
		return err
	}
	url, stop, err := server.Listen(c.Context, o.listen)
	if err != nil {
		return err
	}
	if command := c.Args().Slice(); len(command) > 0 {
		err = runAgainst(c.Context, env, command, server.Env(url))
	} else {
		err = serveUntilInterrupted(c.Context, env, server.Env(url))
	}
	if o.count {
		gets, patches := server.Count("GET"), server.Count("PATCH")
		say(env.Stderr, sandboxCounts, gets, patches, server.Count("")-gets-patches)
	}
	return errors.Join(err, stop())
}

// fill seeds the server. Until that is done a signal ends the run.
func (o *serving) fill(ctx context.Context, env Env, server *sandbox.Server) error {
	soft, _, release := interruptible(ctx, env, 0, stoppingSandbox)
	defer release()
	for _, path := range o.seeds.Value() {
		_, err := leaving(soft, 0, func() (any, error) { return nil, seed(soft, env, server, path) })
		switch {
		case interrupted(soft):
			return &exitError{report.ExitInterrupted, errInterrupted}
		case err != nil:
			return hinted{err, hintSeed}
		}
	}
	return nil
}

// server makes the stand-in that the flags describe.
func (o *serving) server() (*sandbox.Server, error) {
	server, err := sandbox.New(sandbox.Options{Switches: o.switches.Value(), Limits: o.limits.Value(), Faults: o.faults.Value(), Ahead: o.ahead})
	if wrong := slices.Clone(each(err)); wrong != nil {
		wrong[len(wrong)-1] = hinted{wrong[len(wrong)-1], hintSandboxHelp} // said once, at the end
		return nil, &exitError{report.ExitUsage, errors.Join(wrong...)}
	}
	return server, err
}

// seed fills the server from a file or a directory: every draft as the notification that it
// describes, read as validate reads it, and every .json in the shape of GET that is no draft's card.
func seed(ctx context.Context, env Env, server *sandbox.Server, name string) error {
	found, err := seedsIn(inDir(env.Dir, name))
	if err != nil {
		return err
	}
	cards := map[string]bool{}
	if found.drafts {
		set := spec.Load(ctx, []string{name}, spec.Options{Dir: env.Dir})
		for _, read := range set.Read {
			cards[placeOf(read).name] = true
		}
		if err := seedDrafts(server, set); err != nil {
			return err
		}
	}
	for _, file := range found.documents {
		if cards[placeOf(file).name] {
			continue
		}
		src, err := env.ReadFile(file)
		if err == nil {
			err = seedNamed(server, file, src)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seeds are what a seed consists of.
type seeds struct {
	documents []string // the names of .json files
	drafts    bool     // there are draft files
}

// seedsIn looks where validate looks, for .json as well.
func seedsIn(name string) (found seeds, err error) {
	err = filepath.WalkDir(name, func(file string, entry fs.DirEntry, err error) error {
		hidden := file != name && strings.HasPrefix(entry.Name(), ".")
		switch ext := filepath.Ext(file); {
		case err != nil:
			return err
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case entry.IsDir() || hidden:
		case ext == ".json":
			found.documents = append(found.documents, file)
		case file == name || ext == ".yaml" || ext == ".yml":
			found.drafts = true
		}
		return nil
	})
	if err == nil && !found.drafts && found.documents == nil {
		err = fmt.Errorf(nothingToSeed, name)
	}
	return found, err
}

// seedDrafts seeds what draft files describe. A draft without an id is not created yet.
func seedDrafts(server *sandbox.Server, set spec.Set) error {
	if set.Errors() > 0 {
		return errors.New(set.Diagnostics[slices.IndexFunc(set.Diagnostics, isError)].String())
	}
	for _, d := range set.Drafts {
		if d.NotificationID == "" {
			continue
		}
		src, err := reconcile.SandboxSeed(d)
		if err == nil {
			err = seedNamed(server, d.Pos.String(), src)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func seedNamed(server *sandbox.Server, from string, src []byte) error {
	if err := server.Seed(src); err != nil {
		return fmt.Errorf(seedAtFault, from, err)
	}
	return nil
}

func inDir(dir, path string) string {
	if dir == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// runAgainst runs a command with the sandbox's settings and exits as it does. What this process is
// asked to end with is handed on; a second time, it is the end of the command.
func runAgainst(ctx context.Context, env Env, command, settings []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = env.Dir
	// Nothing of a real helpdesk's settings reaches a command that is meant for the sandbox, and none of
	// their files can contradict the sandbox's own.
	cmd.Env = append(without(env.Environ(), "FEISHU_"), settings...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = env.Stdin, env.Stdout, env.Stderr
	err := cmd.Start()
	var signalled atomic.Bool
	if err == nil {
		done := make(chan struct{})
		env.background(func() { handOn(env, cmd.Process, &signalled, done) })
		err = cmd.Wait()
		close(done)
	}
	switch exited, ok := errors.AsType[*exec.ExitError](err); {
	case ok && exited.ExitCode() > 0:
		return exit(exited.ExitCode())
	case ok && signalled.Load(): // it has no exit code, as a signal ended it
		return exit(report.ExitInterrupted)
	}
	if err != nil {
		return fmt.Errorf(commandNotRun, command[0], err)
	}
	return nil
}

// handOn passes signals on to a process until it is done; the second one kills it. An interrupt from
// a terminal reaches the process by itself, as part of the process group, as often as somebody likes.
func handOn(env Env, process *os.Process, signalled *atomic.Bool, done <-chan struct{}) {
	atTerminal := env.IsTerminal(env.Stdin) || env.IsTerminal(env.Stdout) || env.IsTerminal(env.Stderr)
	again := false
	for {
		select {
		case <-done:
			return
		case s := <-env.Signals:
			signalled.Store(true)
			switch {
			case s == os.Interrupt && atTerminal:
			case again:
				_ = process.Kill() // it may just have ended
			default:
				_ = process.Signal(s)
				again = true
			}
		}
	}
}

// without are the variables whose names begin otherwise.
func without(environ []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(v string) bool { return strings.HasPrefix(v, prefix) })
}

func serveUntilInterrupted(ctx context.Context, env Env, settings []string) error {
	for _, s := range settings {
		fmt.Fprintf(env.Stdout, "export %s\n", s)
	}
	say(env.Stderr, sandboxServes)
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-env.Signals:
		return nil
	}
}
