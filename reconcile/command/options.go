package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/history"
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
	team     team
	read     []string                      // the paths that were
	against  string                        // --base where it is a revision: rules and guards are those of there
	seen     func(name string, src []byte) // is told of every file that was read; may be nil
	memory   *spec.Memory                  // of those that were read before; may be nil
	files    map[string]string             // the card files that were read, by the names that drafts have for them
}

func (o *drafts) flags(command string) []cli.Flag {
	return slices.Concat(o.outputs.flags(command), o.changes.flags(), o.team.flags(), o.ofRules())
}

// ofRules are the flags of what judges.
func (o *drafts) ofRules() []cli.Flag {
	return []cli.Flag{
		someOf{&cli.StringSliceFlag{Name: "rule", Action: o.readRules, Usage: flagRule}, ruleSettings},
		&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: flagStrict},
	}
}

// ruleSettings are all that --rule takes.
func ruleSettings(Env) (settings []string) {
	for _, r := range spec.Rules() {
		for _, severity := range []string{"error", "warning", "off"} {
			setting := r.ID + "=" + severity
			if _, _, err := spec.ParseRuleSetting(setting); err == nil {
				settings = append(settings, setting)
			}
		}
	}
	return settings
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

// sendTimePast is the rule of a send_at that has passed, wherever it stands.
const sendTimePast = "send-time-past"

// severities are those of the team's rules and, before them, those that were typed. That a send_at has
// passed is said of a plan, where it would be written: the helpdesk may hold the same. Only who
// made that an error hears it of the file.
func (o *drafts) severities() map[string]spec.Severity {
	severity := map[string]spec.Severity{}
	maps.Copy(severity, o.team.file.Rules)
	maps.Copy(severity, o.severity)
	if !o.offline() && severity[sendTimePast] != spec.Error {
		severity[sendTimePast] = spec.Off
	}
	return severity
}

// offline reports whether the helpdesk is asked nothing: what is said of the files is all there is, and
// which helpdesk they are of makes no difference.
func (o *drafts) offline() bool { return o.command == "validate" || o.command == "preview" }

// load reads and judges the drafts; no PATH is what the team's file says, or the working directory.
// beside are files that the run reads besides. An error is of what was typed, such as an output that
// would take the place of what is read (see isUsage), of Git, or of rules that cannot be known.
func (o *drafts) load(ctx context.Context, env Env, paths []string, beside ...string) (spec.Set, error) {
	if o.changes.revision != "" && slices.Contains(paths, "-") {
		return spec.Set{}, usage(changedWithStdin)
	}
	if err := o.team.read(env, o.offline()); err != nil {
		return spec.Set{}, err
	}
	paths, err := o.team.paths(env, paths)
	if err == nil {
		err = o.checkFiles(env, slices.Concat(paths, settingFiles(env), []string{o.team.name}, beside))
	}
	if err != nil {
		return spec.Set{}, err
	}
	options := spec.Options{Dir: env.Dir, Stdin: env.Stdin, Now: env.Now(), Strict: o.strict, Seen: o.seen, Memory: o.memory}
	if err := o.changes.begin(ctx, env, &options); err != nil {
		return spec.Set{}, err
	}
	if err := o.judgeByTip(ctx, env); err != nil {
		return spec.Set{}, err
	}
	options.Severity, options.Guards = o.severities(), o.team.file.Guards
	// Standard input may never end. When ctx does first, the set is of no use either way.
	set, ended := leaving(ctx, 0, func() (spec.Set, error) { return spec.Load(ctx, paths, options), nil })
	o.files = set.Cards
	if err := o.spares(env, set.Read); err != nil || ended != nil {
		return set, err
	}
	err = o.changes.compare(ctx, paths, set)
	set.Tell(o.team.faults)
	o.read = paths
	return set, err
}

// judgeByTip takes rules and guards from the tip of the revision, if there is one, so that no change
// loosens what it is judged by. No file there says nothing.
func (o *drafts) judgeByTip(ctx context.Context, env Env) (err error) {
	var src []byte
	switch {
	case o.changes.since != nil:
		src, err = o.changes.since.FileAtTip(ctx, spec.TeamFile)
	case o.against != "":
		src, err = history.FileAt(ctx, env.Dir, env.Environ(), o.against, spec.TeamFile)
	default:
		return nil
	}
	revision := cmp.Or(o.changes.revision, o.against)
	switch {
	case errors.Is(err, history.ErrNoFile):
		return teamFaulty(revision, err)
	case err != nil:
		return err
	default:
		return o.team.judgeBy(src, revision)
	}
}

// found notes what was read in a run.
func (o *drafts) found(set spec.Set, run *report.Run) {
	run.Files, run.Judged, run.Diagnostics, run.Removed = set.Files, set.Drafts, set.Diagnostics, o.changes.removed
	run.CardFiles = set.Cards
	var of []spec.Draft
	of, run.Changed = o.changes.narrow(set.Drafts)
	run.Drafts = len(of)
}

// server are the options of every command that speaks to the API, and what they lead to.
type server struct {
	parallelism         int
	timeout             time.Duration
	readRate, writeRate int
	logs

	client   *feishu.Client // nil before connect
	tokens   feishu.TokenSource
	helpdesk reconcile.Helpdesk
}

const maxParallelism = 64

func (o *server) flags() []cli.Flag {
	return append(o.readingFlags(), o.ofWrites(feishu.WriteLimit, flagWriteRate))
}

// readingFlags are those of a command that writes nothing to the helpdesk.
func (o *server) readingFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.IntFlag{Name: "parallelism", Value: 32, Destination: &o.parallelism, Action: between("parallelism", 1, maxParallelism), Usage: flagParallelism},
	}, o.pace()...)
}

// pace are the flags of whatever asks the helpdesk.
func (o *server) pace() []cli.Flag {
	return append([]cli.Flag{
		&cli.DurationFlag{Name: "timeout", Destination: &o.timeout, DefaultText: noEnd, Action: notNegative[time.Duration]("timeout"), Usage: flagTimeout},
		&cli.IntFlag{Name: "read-rate", Value: feishu.ReadLimit, Destination: &o.readRate, Action: notNegative[int]("read-rate"), Usage: flagReadRate},
	}, o.logs.flags()...)
}

// ofWrites is the flag of what writes so often at most.
func (o *server) ofWrites(most int, usage string) cli.Flag {
	return &cli.IntFlag{Name: "write-rate", Value: most, Destination: &o.writeRate, Action: notNegative[int]("write-rate"), Usage: usage}
}

// logs are the options of every command that asks somebody something.
type logs struct{ logLevel, logFormat string }

func (o *logs) flags() []cli.Flag {
	return []cli.Flag{
		oneOf{&cli.StringFlag{Name: "log-level", Value: "warn", Destination: &o.logLevel, Action: checkLogLevel, Usage: flagLogLevel}, always(logLevels()...)},
		choice("log-format", &o.logFormat, flagLogFormat, "text", "json"),
	}
}

func logLevels() []string { return []string{"debug", "info", "warn", "error"} }

func checkLogLevel(_ *cli.Context, text string) error {
	if new(slog.Level).UnmarshalText([]byte(text)) != nil {
		return usage(isNoneOf, "log-level", text, strings.Join(logLevels(), ", "))
	}
	return nil
}

func (o *logs) logger(w io.Writer) *slog.Logger {
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
	if err := o.team.accepts(o.helpdesk, settings.IsLoopback()); err != nil {
		return err
	}
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
