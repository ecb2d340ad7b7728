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
	rules  cli.StringSlice
	strict bool
}

func (o *drafts) flags(command string) []cli.Flag {
	return append(o.outputs.flags(command),
		&cli.StringSliceFlag{Name: "rule", Destination: &o.rules, Usage: "change a rule by `ID=SEVERITY`: error, warning or off (repeatable)"},
		&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: "take warnings for errors"},
	)
}

// check faults what was typed, before anything is read.
func (o *drafts) check() error {
	if err := o.outputs.check(); err != nil {
		return err
	}
	_, err := o.severities()
	return err
}

func (o *drafts) severities() (map[string]spec.Severity, error) {
	severity := map[string]spec.Severity{}
	for _, setting := range o.rules.Value() {
		id, s, err := spec.ParseRuleSetting(setting)
		if err != nil {
			return nil, usage("%w", err)
		}
		severity[id] = s
	}
	return severity, nil
}

// style is how text goes to one stream.
func style(env Env, color string, stream io.Writer) report.Style {
	switch color {
	case "always":
		return report.Style{Color: true}
	case "never":
		return report.Style{}
	default:
		return report.Style{Color: env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb" && env.IsTerminal(stream)}
	}
}

// load reads and judges the drafts; no PATH means the working directory.
func (o *drafts) load(ctx context.Context, env Env, paths []string, requireID bool) spec.Set {
	severity, _ := o.severities() // check has judged them
	return spec.Load(ctx, orHere(paths), spec.Options{
		Dir: env.Dir, Stdin: env.Stdin, Now: env.Now(), Severity: severity, Strict: o.strict, RequireID: requireID,
	})
}

func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}

// server are the options of every command that speaks to the API.
type server struct {
	parallelism         int
	timeout             time.Duration
	readRate, writeRate int
	logLevel, logFormat string
}

func (o *server) flags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "parallelism", Value: 32, Destination: &o.parallelism, Usage: "up to `N` drafts under way at once, 1 to 64; the limits, not this, protect the server"},
		&cli.DurationFlag{Name: "timeout", Destination: &o.timeout, DefaultText: "no end", Usage: "start nothing new after `DURATION`, such as 15m"},
		&cli.IntFlag{Name: "read-rate", Value: feishu.ReadLimit, Destination: &o.readRate, Usage: "at most `N` GETs a minute; more than 100, or 0 for no limit, only against a loopback address"},
		&cli.IntFlag{Name: "write-rate", Value: feishu.WriteLimit, Destination: &o.writeRate, Usage: "at most `N` PATCHes a minute; more than 20, or 0 for no limit, only against a loopback address"},
		&cli.StringFlag{Name: "log-level", Value: "warn", Destination: &o.logLevel, Usage: "log at `LEVEL` on stderr: debug, info, warn or error; debug tells every request, never a header or a body"},
		&cli.StringFlag{Name: "log-format", Value: "text", Destination: &o.logFormat, Usage: "log as `FORMAT`: text or json"},
	}
}

func (o *server) check() error {
	switch {
	case o.parallelism < 1 || o.parallelism > 64:
		return usage("--parallelism %d is not between 1 and 64", o.parallelism)
	case o.timeout < 0:
		return usage("--timeout %s is negative", o.timeout)
	case o.readRate < 0:
		return usage("--read-rate %d is negative", o.readRate)
	case o.writeRate < 0:
		return usage("--write-rate %d is negative", o.writeRate)
	case !slices.Contains([]string{"text", "json"}, o.logFormat):
		return usage("--log-format %q is none of text, json", o.logFormat)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return usage("--log-level %q is none of debug, info, warn, error", o.logLevel)
	}
	return nil
}

// client builds the client from the environment, and the target that plans are bound to. It must
// do for telling t as well, if that is wanted.
func (o *server) client(env Env, t *ticket) (*feishu.Client, reconcile.Helpdesk, error) {
	settings, _ := feishu.SettingsFromEnv(env.Getenv, readTokenFile) // Check tells its faults with all others
	check := settings.Check
	if t.id != "" {
		check = settings.CheckTickets
	}
	if err := check(); err != nil {
		return nil, reconcile.Helpdesk{}, err
	}
	client, err := feishu.New(settings, feishu.Options{
		ReadRate: rate(o.readRate), WriteRate: rate(o.writeRate), TicketContentObject: t.content == "object",
		Logger: o.logger(env.Stderr), UserAgent: "notiform/" + version(), Rand: env.Rand,
	})
	// The client drops slashes at the end as well: with and without, it is the same server.
	return client, reconcile.Helpdesk{BaseURL: strings.TrimRight(settings.BaseURL, "/"), HelpdeskID: settings.HelpdeskID}, err
}

// rate is a flag's rate as the client has it, where 0 is the documented limit.
func rate(flag int) int {
	if flag == 0 {
		return feishu.NoLimit
	}
	return flag
}

func (o *server) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		panic(fmt.Sprintf("unchecked --log-level %q", o.logLevel))
	}
	options := &slog.HandlerOptions{Level: level}
	if strings.EqualFold(o.logFormat, "json") {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
