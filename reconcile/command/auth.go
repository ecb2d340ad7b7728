package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/feishu/auth"
	"notiform/reconcile/report"
)

// account is the login that a command is about: the hosts and the app are those of the settings.
type account struct {
	env      Env
	settings feishu.Settings
	logger   *slog.Logger
	file     string // of the store
	keeper   *auth.Keeper
}

// openAccount finds the store and the login's key. Nothing is read of it yet.
func openAccount(env Env, settings feishu.Settings, logger *slog.Logger) (*account, error) {
	open, accounts, err := settings.Hosts()
	if err != nil {
		return nil, err
	}
	file, err := storeFile(env)
	if err != nil {
		return nil, err
	}
	return &account{env, settings, logger, file, &auth.Keeper{
		Store: auth.OpenStore(file), Key: auth.Key{Accounts: accounts, AppID: settings.AppID}, Secret: settings.AppSecret,
		Client: func(app auth.App) (*auth.Client, error) {
			return auth.New(open, accounts, app, auth.Options{Logger: logger, UserAgent: "notiform/" + version()})
		},
		Tell: func(err error) { sayError(env.Stderr, err) },
	}}, nil
}

// storeFile is where the store is: what NOTIFORM_TOKEN_STORE says, or in the user's configuration folder.
func storeFile(env Env) (string, error) {
	switch file := env.Getenv("NOTIFORM_TOKEN_STORE"); {
	case strings.HasPrefix(file, "~"):
		return "", hinted{fmt.Errorf(storeInTilde, file), hintTilde} // a folder of that name, with tokens, may be in a repository
	case file != "":
		return inDir(env.Dir, file), nil
	}
	if env.ConfigDir == nil {
		return "", hinted{errors.New(noConfigFolder), hintTokenStore}
	}
	folder, err := env.ConfigDir()
	if err != nil {
		return "", hinted{errors.New(noConfigFolder), hintTokenStore}
	}
	return filepath.Join(folder, "notiform", "login.json"), nil
}

// app is the client of the app that the settings name.
func (a *account) app() (*auth.Client, error) {
	if err := a.settings.CheckApp(); err != nil {
		return nil, err
	}
	return a.keeper.Client(auth.App{ID: a.settings.AppID, Secret: a.settings.AppSecret})
}

// accountCommand is a command about the login, which a signal ends.
func accountCommand(env Env, command cli.Command, do func(context.Context, *account) error) *cli.Command {
	var log logs
	command.Flags = append(command.Flags, log.flags()...)
	command.Action = func(c *cli.Context) error {
		if c.NArg() > 0 {
			return usage(noArguments, c.Command.HelpName)
		}
		soft, _, release := interruptible(c.Context, env, 0, stoppingAuth)
		defer release()
		settings, err := readEnvironment(soft, env)
		var a *account
		if err == nil {
			a, err = openAccount(env, settings, log.logger(env.Stderr))
		}
		if err == nil {
			err = do(soft, a)
		}
		if err != nil && interrupted(soft) {
			return &exitError{report.ExitInterrupted, errInterrupted}
		}
		return err
	}
	return &command
}

// authCommand is the group of commands about the login.
func authCommand(env Env) *cli.Command {
	var (
		login         logging
		format        string
		show, offline bool
	)
	return &cli.Command{
		Name: "auth", Usage: aboutAuth, UsageText: exampleAuth, Description: storyAuth,
		Action: func(c *cli.Context) error { return noCommand(c, env, c.Command) },
		Subcommands: []*cli.Command{
			accountCommand(env, cli.Command{Name: "login", Usage: aboutLogin, UsageText: exampleLogin, Description: storyLogin, Flags: login.flags()}, login.login),
			accountCommand(env, cli.Command{Name: "status", Usage: aboutStatus, UsageText: exampleStatus, Description: storyStatus, Flags: []cli.Flag{
				choice("format", &format, flagAuthFormat, "text", "json"),
				&cli.BoolFlag{Name: "offline", Destination: &offline, Usage: flagStatusOffline},
			}}, func(ctx context.Context, a *account) error { return a.status(ctx, format, offline) }),
			accountCommand(env, cli.Command{Name: "refresh", Usage: aboutRefresh, UsageText: exampleRefresh, Description: storyRefresh}, refreshLogin),
			accountCommand(env, cli.Command{Name: "logout", Usage: aboutLogout, UsageText: exampleLogout, Description: storyLogout}, logout),
			accountCommand(env, cli.Command{Name: "token", Usage: aboutToken, UsageText: exampleToken, Description: storyToken, Flags: []cli.Flag{
				&cli.BoolFlag{Name: "show", Destination: &show, Usage: flagShow},
				choice("format", &format, flagAuthFormat, "text", "json"),
			}}, func(ctx context.Context, a *account) error { return a.token(ctx, show, format) }),
			helpCommand(env, "auth"),
		},
	}
}

// logging are the options of auth login.
type logging struct {
	web, readOnly bool
	port          int
	more          cli.StringSlice
}

const defaultPort = 9768

func (o *logging) flags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "web", Destination: &o.web, Usage: flagWeb},
		&cli.IntFlag{Name: "port", Value: defaultPort, Destination: &o.port, Usage: flagPort, Action: func(c *cli.Context, n int) error {
			if err := between("port", 1, 65535)(c, n); err != nil || o.web {
				return err
			}
			return usage(portWithoutWeb)
		}},
		&cli.BoolFlag{Name: "read-only", Destination: &o.readOnly, Usage: flagReadOnly},
		&cli.StringSliceFlag{Name: "scope", Destination: &o.more, Usage: flagScope},
	}
}

func (o *logging) login(ctx context.Context, a *account) error {
	client, err := a.app()
	if err != nil {
		return err
	}
	if err := a.keeper.Store.Ready(ctx); err != nil {
		return err
	}
	wanted := append(auth.Scopes(o.readOnly), o.more.Value()...)
	g, err := o.consent(ctx, a.env, client, wanted)
	if err != nil {
		return err
	}
	l := auth.Login{Key: a.keeper.Key, Grant: g, Granted: a.env.Now()}
	var unknown error // whose it is; the login stands all the same
	if l.User, unknown = client.User(ctx, g.AccessToken); unknown != nil {
		sayError(a.env.Stderr, unknown)
	}
	if err := a.keeper.Store.Put(ctx, l); err != nil {
		return err
	}
	a.welcome(l, wanted, o.readOnly)
	if sources := userTokenSources(a.env, false); len(sources) > 0 {
		say(a.env.Stderr, loginNotUsed, sources[0])
	}
	return nil
}

// consent has a person consent, in whatever browser or in one on this machine.
func (o *logging) consent(ctx context.Context, env Env, client *auth.Client, scopes []string) (auth.Grant, error) {
	if o.web {
		say(env.Stderr, registerRedirect, auth.RedirectURL(o.port))
		return client.Web(ctx, o.port, scopes, func(address string) { say(env.Stderr, openHere, address) })
	}
	d, err := client.StartDevice(ctx, scopes)
	if err != nil {
		return auth.Grant{}, err
	}
	say(env.Stderr, openAnywhere, d.URL, d.UserCode)
	return client.AwaitDevice(ctx, d)
}

// welcome says whose login it is and what it may do, and which wishes Feishu left out.
func (a *account) welcome(l auth.Login, wanted []string, readOnly bool) {
	out := a.env.Stderr
	say(out, loggedIn, cmp.Or(l.User.Name, unknownValue), cmp.Or(l.User.OpenID, unknownValue), a.file)
	say(out, mayDo, strings.Join(l.Scopes, ", "))
	dropped := slices.DeleteFunc(wanted, func(name string) bool { return slices.Contains(l.Scopes, name) })
	if len(dropped) > 0 {
		say(out, scopesDropped, strings.Join(dropped, ", "))
		say(out, asHint, hintScopesDropped)
	}
	if l.Note != "" {
		say(out, feishuNotes, l.Note)
	}
	if readOnly && slices.Contains(l.Scopes, "helpdesk:all") {
		say(out, grantsAddUp)
	}
	if l.RefreshToken.IsZero() {
		say(out, notRefreshable, moment(l.Due()))
	} else {
		say(out, loginDue, moment(l.Due()))
	}
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// dueSoon is how long before a login has to be made anew every run says so.
const dueSoon = 14 * 24 * time.Hour

func (a *account) sayDue(l auth.Login) {
	switch left := l.Due().Sub(a.env.Now()); {
	case left <= 0:
		say(a.env.Stderr, loginOverdue, moment(l.Due()))
	case left < dueSoon:
		say(a.env.Stderr, loginDueSoon, moment(l.Due()))
	}
}

// refreshLogin refreshes whether or not it is due.
func refreshLogin(ctx context.Context, a *account) error {
	l, err := a.keeper.Store.Login(a.keeper.Key)
	if err == nil {
		l, err = a.keeper.Refresh(ctx, l.AccessToken, true)
	}
	if err == nil {
		say(a.env.Stderr, refreshed, moment(l.Ends))
		a.sayDue(l)
	}
	return err
}

// logout revokes the login and forgets it, the latter whatever Feishu says.
func logout(ctx context.Context, a *account) error {
	if _, err := a.keeper.Store.Login(a.keeper.Key); err != nil {
		return err
	}
	revoked, ends := false, unknownValue
	err := a.keeper.Store.Forget(ctx, a.keeper.Key, func(l auth.Login) error {
		a.settings.AppID = l.AppID
		if !l.RefreshEnds.IsZero() {
			ends = moment(l.RefreshEnds)
		}
		client, err := a.app()
		if err == nil {
			err = client.Revoke(ctx, l.Grant)
		}
		revoked = err == nil
		return err
	})
	_, left := a.keeper.Store.Login(a.keeper.Key)
	switch forgotten := errors.Is(left, auth.ErrNoLogin); {
	case forgotten && revoked:
		say(a.env.Stderr, loggedOut)
	case forgotten:
		say(a.env.Stderr, notRevoked, ends)
	case revoked:
		say(a.env.Stderr, notForgotten)
	}
	return err
}

// token prints the login's access token, for programs.
func (a *account) token(ctx context.Context, show bool, format string) error {
	if a.env.IsTerminal(a.env.Stdout) && !show {
		return hinted{usage(tokenOnTerminal), hintShow}
	}
	t, err := a.keeper.Source().Fetch(ctx, feishu.Secret{})
	if err != nil {
		return err
	}
	if l, err := a.keeper.Store.Login(a.keeper.Key); err == nil {
		a.sayDue(l)
	}
	if format == "text" {
		_, err = fmt.Fprintln(a.env.Stdout, t.Value.Reveal())
		return err
	}
	return printJSON(a.env.Stdout, map[string]any{"access_token": t.Value.Reveal(), "expires_at": moment(t.Ends)})
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
