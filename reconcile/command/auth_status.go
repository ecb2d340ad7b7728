package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"notiform/feishu/auth"
	"notiform/reconcile/report"
)

// loginStatus is what auth status says, as JSON has it. No token is in it.
type loginStatus struct {
	Source     string     `json:"source,omitempty"` // that counts; "" when there is none
	Unused     []string   `json:"unused_sources,omitempty"`
	User       *auth.User `json:"user,omitempty"` // whose token the source gives
	UserFault  string     `json:"user_fault,omitempty"`
	Ends       time.Time  `json:"access_token_ends,omitzero"`
	Store      string     `json:"store"`
	Login      *loggedAs  `json:"login,omitempty"`
	LoginFault string     `json:"login_fault,omitempty"`
}

type loggedAs struct {
	Accounts    string    `json:"accounts_url"`
	AppID       string    `json:"app_id"`
	Name        string    `json:"name"`
	OpenID      string    `json:"open_id"`
	UnionID     string    `json:"union_id"`
	TenantKey   string    `json:"tenant_key"`
	Scopes      []string  `json:"scopes"`
	Ends        time.Time `json:"access_token_ends"`
	RefreshEnds time.Time `json:"refresh_token_ends,omitzero"`
	Due         time.Time `json:"login_due"`
	Unanswered  int       `json:"unanswered_refreshes,omitzero"`
}

// userTokenSources are the sources that are set, the one that counts first. That of the store is one
// if it holds a login.
func userTokenSources(env Env, loggedIn bool) []string {
	var set []string
	for _, name := range []string{"FEISHU_USER_ACCESS_TOKEN", "FEISHU_USER_ACCESS_TOKEN_FILE", envTokenCommand} {
		if env.Getenv(name) != "" {
			set = append(set, name)
		}
	}
	if loggedIn {
		set = append(set, auth.SourceName)
	}
	return set
}

// status says where the user token comes from, and whose it is: of a login it is known, of any other source
// Feishu is asked, unless nobody is to be.
func (a *account) status(ctx context.Context, format string, offline bool) error {
	l, err := a.keeper.Store.Login(a.keeper.Key)
	s := loginStatus{Store: a.file}
	if sources := userTokenSources(a.env, err == nil); len(sources) > 0 {
		s.Source, s.Unused = sources[0], sources[1:]
	}
	if err == nil {
		s.Login = &loggedAs{
			l.Accounts, l.AppID, l.User.Name, l.User.OpenID, l.User.UnionID, l.User.TenantKey, l.Scopes, l.Ends.UTC(), l.RefreshEnds.UTC(), l.Due().UTC(), l.Unanswered,
		}
	} else {
		s.LoginFault = err.Error()
	}
	var unknown error
	switch {
	case s.Source == auth.SourceName:
		s.User, s.Ends = &l.User, l.Ends.UTC()
	case s.Source != "" && offline:
		s.UserFault = notAsked
	case s.Source != "":
		if unknown = a.ask(ctx, &s); unknown != nil {
			s.UserFault = unknown.Error()
		}
	}
	if format == "json" {
		if failed := printJSON(a.env.Stdout, s); failed != nil {
			return failed
		}
	} else if failed := a.tell(s, l); failed != nil {
		return failed
	}
	if s.Source != "" && errors.Is(err, auth.ErrNoLogin) {
		err = nil
	}
	return cmp.Or(unknown, err)
}

// ask gets the token of a source that is no login, and asks Feishu whose it is.
func (a *account) ask(ctx context.Context, s *loginStatus) error {
	settings := a.settings
	if err := takeUserToken(ctx, a.env, &settings, a.logger); err != nil {
		return err
	}
	if err := userTokenFault(a.env, settings, s.Source); err != nil {
		return err
	}
	s.Ends = settings.UserTokens.Ends.UTC()
	u, err := whose(ctx, settings, a.logger)
	if err != nil {
		return refusedUser(fmt.Errorf(sourceFailed, s.Source, err), s.Source)
	}
	s.User = &u
	return nil
}

// tell writes a table of what is known.
func (a *account) tell(s loginStatus, l auth.Login) error {
	table := tabwriter.NewWriter(a.env.Stdout, 0, 0, 2, ' ', 0)
	line := func(name, format string, values ...any) {
		fmt.Fprintf(table, "%s\t%s\n", name, report.Visible(fmt.Sprintf(format, values...)))
	}
	line(statusSource, "%s", cmp.Or(s.Source, statusNone))
	if len(s.Unused) > 0 {
		line(statusUnused, "%s", strings.Join(s.Unused, ", "))
	}
	switch {
	case s.User != nil:
		line(statusUser, "%s", person(*s.User))
	case s.Source != "":
		line(statusUser, statusUnknown, s.UserFault)
	}
	switch isLogin := s.Source == auth.SourceName; {
	case isLogin:
		line(statusApp, statusAppAt, s.Login.AppID, s.Login.Accounts)
		line(statusScopes, "%s", strings.Join(s.Login.Scopes, ", "))
		line(statusAccess, "%s", a.until(l.Ends))
		line(statusRefresh, "%s", refreshState(a, l))
		if due := l.Due(); due.After(a.env.Now()) {
			line(statusDue, "%s", a.until(due))
		} else {
			line(statusDue, statusOverdue, moment(due))
		}
	case s.User != nil || s.UserFault == notAsked:
		line(statusScopes, statusUnknown, statusScopesUntold)
		line(statusAccess, "%s", a.endOf(s.Ends))
	}
	line(statusStore, "%s", s.Store)
	if s.Login != nil && s.Source != auth.SourceName {
		line(statusLogin, statusLoginUnused, person(l.User), l.AppID, moment(l.Due()))
	}
	return table.Flush()
}

// person is a user as people are told.
func person(u auth.User) string {
	return fmt.Sprintf(statusWho, cmp.Or(u.Name, unknownValue), cmp.Or(u.OpenID, unknownValue), cmp.Or(u.TenantKey, unknownValue))
}

// endOf is when a token ends whose end may not be known.
func (a *account) endOf(t time.Time) string {
	if t.IsZero() {
		return fmt.Sprintf(statusUnknown, statusEndUntold)
	}
	return a.until(t)
}

func refreshState(a *account, l auth.Login) string {
	switch {
	case l.RefreshToken.IsZero():
		return statusNoRefresh
	case l.Unanswered > 1:
		return statusLostTwice
	case l.Unanswered > 0:
		return statusLostOnce
	case l.RefreshEnds.IsZero():
		return unknownValue
	}
	return a.until(l.RefreshEnds)
}

// until says when something ends, and how long that is from now.
func (a *account) until(t time.Time) string {
	left := t.Sub(a.env.Now())
	switch {
	case left <= 0:
		return fmt.Sprintf(statusEnded, moment(t))
	case left > 48*time.Hour:
		return fmt.Sprintf(statusUntil, moment(t), report.Plural(int(left/(24*time.Hour)), "day"))
	}
	return fmt.Sprintf(statusUntil, moment(t), left.Round(time.Minute))
}
