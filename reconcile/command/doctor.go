package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/feishu/auth"
	"notiform/reconcile"
	"notiform/reconcile/report"
)

func doctorCommand(env Env) *cli.Command {
	var o examining
	return &cli.Command{
		Name: "doctor", Usage: aboutDoctor, UsageText: exampleDoctor, ArgsUsage: "[ID]", Description: storyDoctor,
		Flags: append([]cli.Flag{
			choice("format", &o.format, flagAuthFormat, "text", "json"),
			choice("color", &o.color, flagColor, "auto", "always", "never"),
			&cli.BoolFlag{Name: "offline", Destination: &o.offline, Usage: flagOffline},
			&cli.StringFlag{Name: "ticket", Destination: &o.ticket, Action: checkTicketID, Usage: flagDoctorTicket},
			&cli.DurationFlag{Name: "timeout", Value: doctorPatience, Destination: &o.timeout, Action: notNegative[time.Duration]("timeout"), Usage: flagTimeout},
		}, o.logs.flags()...),
		Action: func(c *cli.Context) error { return doctor(c, env, &o) },
	}
}

// doctorPatience is how long all checks may take together.
const doctorPatience = 2 * time.Minute

// examining are the options of doctor.
type examining struct {
	outputs
	logs
	offline bool
	ticket  string
	timeout time.Duration
}

// check is one thing that doctor looks at. What it needs are checks before it, all of which must have
// been found all right.
type check struct {
	name   string
	online bool // it asks somebody
	needs  []string
	look   func(context.Context) (found string, err error)
}

// checks are all of them, in the order in which they are made and told. None writes anything.
func (p *examination) checks() []check {
	const offline, online = false, true
	with := func(some []string, more ...string) []string { return slices.Concat(some, more) }
	line := []string{"base_url", "connection"}
	user := with(line, "user_token")
	reading := with(user, "user", "helpdesk_id", "helpdesk_token")
	app := with(line, "app", "tenant_token")
	return []check{
		{"base_url", offline, nil, p.baseURL},
		{"accounts_url", offline, []string{"base_url"}, p.accountsURL},
		{"helpdesk_id", offline, nil, p.setting("FEISHU_HELPDESK_ID")},
		{"helpdesk_token", offline, nil, p.helpdeskToken},
		{"user_token", offline, nil, p.userToken},
		{"app", offline, nil, p.appSettings},
		{"connection", online, line[:1], p.connection},
		{"proxy", online, line[:1], p.proxy},
		{"clock", online, line, p.clock},
		{"user", online, user, p.user},
		{"helpdesk", online, reading, p.helpdesk},
		{"user_scopes", online, reading, p.userScopes},
		{"notification", online, reading, p.notification},
		{"tenant_token", online, with(line, "app"), p.tenantToken},
		{"app_scopes", online, app, p.appScopes},
		{"ticket", online, with(app, "helpdesk_id", "helpdesk_token"), p.ticketRight},
		{"quota", online, line, p.quota},
	}
}

// examination is what is looked at, and what was found so far.
type examination struct {
	examining
	env      Env
	id       string // of the notification that is read; "" for a made-up one
	settings feishu.Settings
	faults   map[string]error // by setting
	untold   error            // why there is no user access token
	sources  []string         // of it
	login    auth.Login
	way      *feishu.Way // once it was tried
	blocked  error       // why there is no way
	read     func() (feishu.NotificationDetail, error)
	asked    []error // what all that was asked came to
	app      *feishu.Client
}

// notRun is why something was not looked at.
type notRun struct{ error }

func doctor(c *cli.Context, env Env, o *examining) error {
	switch id := c.Args().First(); {
	case c.NArg() > 1:
		return usage(oneID, c.NArg())
	case id != "" && !notificationID.MatchString(id):
		return usage(typedID, id)
	}
	soft, _, release := interruptible(c.Context, env, o.timeout, stoppingDoctor)
	defer release()
	p := &examination{examining: *o, env: env, id: c.Args().First()}
	p.admit(soft)
	found := p.examine(soft)
	code := worst(
		when(soft.Err() != nil, report.ExitFailed), // --timeout: not everything was looked at
		when(slices.ContainsFunc(found, func(c report.Check) bool { return c.State == report.CheckFailed }), report.ExitFailed),
		when(interrupted(soft), report.ExitInterrupted),
	)
	var err error
	if o.format == "json" {
		err = printJSON(env.Stdout, examined{reconcile.FormatVersion, version(), code, found})
	} else {
		err = report.ChecksText(env.Stdout, found, o.style(env, env.Stdout))
	}
	if err != nil {
		return hinted{err, hintStdout}
	}
	return exit(code)
}

// examined is the document of --format json.
type examined struct {
	FormatVersion string         `json:"format_version"`
	ToolVersion   string         `json:"tool_version"`
	ExitCode      int            `json:"exit_code"`
	Checks        []report.Check `json:"checks"`
}

// admit reads the settings, and asks the source of the user token unless nobody is to be asked.
func (p *examination) admit(ctx context.Context) {
	p.settings, _ = readEnvironment(ctx, p.env) // what was not read is a fault of its setting
	loggedIn := false
	if a, err := openAccount(p.env, p.settings, nil); err == nil {
		p.login, err = a.keeper.Store.Login(a.keeper.Key)
		if loggedIn = err == nil; !loggedIn && !errors.Is(err, auth.ErrNoLogin) && len(userTokenSources(p.env, false)) == 0 {
			p.untold = err
		}
	}
	p.sources = userTokenSources(p.env, loggedIn)
	if !p.offline && p.untold == nil {
		p.untold = takeUserToken(ctx, p.env, &p.settings, p.logger(p.env.Stderr))
	}
	p.faults = settingFaults(p.settings)
	p.read = p.readOnce(ctx)
}

// settingFaults are what is wrong with settings, the first of each by its name.
func settingFaults(s feishu.Settings) map[string]error {
	faults := map[string]error{}
	for _, err := range each(s.CheckTickets()) {
		if named, ok := errors.AsType[interface {
			error
			Setting() string
		}](err); ok && faults[named.Setting()] == nil {
			faults[named.Setting()] = err
		}
	}
	return faults
}

// examine makes all checks.
func (p *examination) examine(ctx context.Context) []report.Check {
	var found []report.Check
	state := map[string]report.CheckState{}
	for _, c := range p.checks() {
		message, err := p.perform(ctx, c, state)
		f := report.Check{Name: c.name, State: report.CheckOK, Message: message}
		if err != nil {
			fault := reconcile.NewFault(err)
			f.State, f.Message, f.Hint = report.CheckFailed, fault.Message, fault.Hint
		}
		if _, ok := errors.AsType[notRun](err); ok {
			f.State, f.Hint = report.CheckNotRun, ""
		}
		state[c.name] = f.State
		found = append(found, f)
	}
	return found
}

// perform makes one check, unless there is something that keeps it from telling anything.
func (p *examination) perform(ctx context.Context, c check, state map[string]report.CheckState) (string, error) {
	if c.online && p.offline {
		return "", notRun{errors.New(notAsked)}
	}
	if ctx.Err() != nil && (c.online || interrupted(ctx)) {
		return "", notRun{context.Cause(ctx)}
	}
	for _, need := range c.needs {
		if state[need] != report.CheckOK {
			return "", notRun{fmt.Errorf(needsFirst, spaced(need))}
		}
	}
	found, err := c.look(ctx)
	if isTurnedAway(err) && c.name != "quota" {
		err = notRun{fmt.Errorf(turnedAway, spaced("quota"))} // which tells it once, for all
	}
	return found, err
}
