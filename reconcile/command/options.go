package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// drafts are the options of every command that reads draft files.
type drafts struct {
	outputs
	rules    []string // as typed
	severity map[string]spec.Severity
	strict   bool
	changes  changes
	seen     func(name string, src []byte) // as spec.Options has it
}

func (o *drafts) flags(command string) []cli.Flag {
	return slices.Concat(o.outputs.flags(command), o.changes.flags(), o.ofRules())
}

// ofRules are the flags of what judges.
func (o *drafts) ofRules() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "rule", Action: o.readRules, Usage: flagRule},
		&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: flagStrict},
	}
}

func (o *drafts) readRules(_ *cli.Context, rules []string) error {
	o.rules, o.severity = rules, map[string]spec.Severity{}
	for _, setting := range rules {
		id, severity, err := spec.ParseRuleSetting(setting)
		if err != nil {
			return usage("%w", err)
		}
		o.severity[id] = severity
	}
	return nil
}

// load reads and judges the drafts; no PATH means the working directory. beside are files that the
// run reads besides. An error is of what was typed, such as an output that would take the place of
// what is read (see isUsage), or of Git.
func (o *drafts) load(ctx context.Context, env Env, paths []string, beside ...string) (spec.Set, error) {
	paths = orHere(paths)
	if o.changes.revision != "" && slices.Contains(paths, "-") {
		return spec.Set{}, usage(changedWithStdin)
	}
	if err := o.checkFiles(env, slices.Concat(paths, settingFiles(env), beside)); err != nil {
		return spec.Set{}, err
	}
	options := spec.Options{
		Dir: env.Dir, Stdin: env.Stdin, Now: env.Now(), Severity: o.severity, Strict: o.strict, Seen: o.seen,
	}
	if err := o.changes.begin(ctx, env, &options); err != nil {
		return spec.Set{}, err
	}
	// Standard input may never end. When ctx does first, the set is of no use either way.
	set, ended := leaving(ctx, 0, func() (spec.Set, error) { return spec.Load(ctx, paths, options), nil })
	if err := o.spares(env, set.Read); err != nil || ended != nil {
		return set, err
	}
	return set, o.changes.compare(ctx, paths, set)
}

// found notes what was read in a run.
func (o *drafts) found(set spec.Set, run *report.Run) {
	run.Files, run.Judged, run.Diagnostics, run.Removed = set.Files, set.Drafts, set.Diagnostics, o.changes.removed
	var of []spec.Draft
	of, run.Changed = o.changes.narrow(set.Drafts)
	run.Drafts = len(of)
}

func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}

// server are the options of every command that speaks to the API, and what they lead to.
type server struct {
	parallelism         int
	timeout             time.Duration
	readRate, writeRate int
	logLevel, logFormat string

	client   *feishu.Client // nil before connect
	tokens   feishu.TokenSource
	helpdesk reconcile.Helpdesk
}

const maxParallelism = 64

func (o *server) flags() []cli.Flag {
	return append([]cli.Flag{
		&cli.IntFlag{Name: "parallelism", Value: 32, Destination: &o.parallelism, Action: checkParallelism, Usage: flagParallelism},
	}, o.pace(feishu.WriteLimit, flagWriteRate)...)
}

// pace are the flags of what writes so often at most.
func (o *server) pace(writes int, usage string) []cli.Flag {
	return []cli.Flag{
		&cli.DurationFlag{Name: "timeout", Destination: &o.timeout, DefaultText: noEnd, Action: notNegative[time.Duration]("timeout"), Usage: flagTimeout},
		&cli.IntFlag{Name: "read-rate", Value: feishu.ReadLimit, Destination: &o.readRate, Action: notNegative[int]("read-rate"), Usage: flagReadRate},
		&cli.IntFlag{Name: "write-rate", Value: writes, Destination: &o.writeRate, Action: notNegative[int]("write-rate"), Usage: usage},
		&cli.StringFlag{Name: "log-level", Value: "warn", Destination: &o.logLevel, Action: checkLogLevel, Usage: flagLogLevel},
		choice("log-format", &o.logFormat, flagLogFormat, "text", "json"),
	}
}

func checkParallelism(_ *cli.Context, n int) error {
	if n < 1 || n > maxParallelism {
		return usage(isNotBetween, "parallelism", n, 1, maxParallelism)
	}
	return nil
}

func checkLogLevel(_ *cli.Context, text string) error {
	if new(slog.Level).UnmarshalText([]byte(text)) != nil {
		return usage(isNoneOf, "log-level", text, strings.Join([]string{"debug", "info", "warn", "error"}, ", "))
	}
	return nil
}

func (o *server) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(o.logLevel)) // checkLogLevel has judged it
	options := &slog.HandlerOptions{Level: level}
	if o.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// tokenFilePatience is how long reading the settings may take: a pipe may be that of a password
// manager, which waits for its user.
const tokenFilePatience = time.Minute

var errTokenFile = fmt.Errorf(settingsNotRead, tokenFilePatience)

// connect makes the client of the run from the environment, once: a file of settings may be a
// pipe. It will do for telling a ticket as well, if that is wanted.
func (o *planning) connect(ctx context.Context, env Env) error {
	if o.client != nil {
		return nil
	}
	logger := o.logger(env.Stderr)
	settings, err := readSettings(ctx, env, logger)
	if err != nil {
		return err
	}
	check := settings.Check
	if o.ticket.id != "" {
		check = settings.CheckTickets
	}
	if err := check(); err != nil {
		return err
	}
	o.tokens = settings.UserTokens
	// The client drops slashes at the end as well: with and without, it is the same server.
	o.helpdesk = reconcile.Helpdesk{BaseURL: strings.TrimRight(settings.BaseURL, "/"), HelpdeskID: settings.HelpdeskID}
	options := feishu.Options{
		ReadRate: rate(o.readRate), TicketContentObject: o.ticket.content == "object",
		Logger: logger, UserAgent: "notiform/" + version(), Rand: env.Rand,
	}
	if o.command == "create" {
		options.CreateRate = rate(o.writeRate)
	} else {
		options.WriteRate = rate(o.writeRate)
	}
	o.client, err = feishu.New(settings, options)
	return err
}

// rate is a flag's rate as the client has it, where 0 is the documented limit.
func rate(flag int) int {
	if flag == 0 {
		return feishu.NoLimit
	}
	return flag
}
