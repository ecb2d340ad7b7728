package command

import (
	"cmp"
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
	Source     string    `json:"source,omitempty"` // that counts; "" when there is none
	Unused     []string  `json:"unused_sources,omitempty"`
	Store      string    `json:"store"`
	Login      *loggedAs `json:"login,omitempty"`
	LoginFault string    `json:"login_fault,omitempty"`
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

// status says who is logged in and where the user token comes from; nothing is asked of Feishu.
func (a *account) status(format string) error {
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
	if format == "json" {
		if failed := printJSON(a.env.Stdout, s); failed != nil {
			return failed
		}
	} else if failed := a.tell(s, l); failed != nil {
		return failed
	}
	if err != nil && (s.Source == "" || !errors.Is(err, auth.ErrNoLogin)) {
		return err
	}
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
	line(statusStore, "%s", s.Store)
	if s.Login != nil {
		line(statusUser, statusWho, orUnknown(s.Login.Name), orUnknown(s.Login.OpenID), orUnknown(s.Login.TenantKey))
		line(statusApp, statusAppAt, s.Login.AppID, s.Login.Accounts)
		line(statusScopes, "%s", strings.Join(s.Login.Scopes, ", "))
		line(statusAccess, "%s", a.until(l.Ends))
		line(statusRefresh, "%s", refreshState(a, l))
		line(statusDue, "%s", a.until(l.Due()))
	}
	return table.Flush()
}

func refreshState(a *account, l auth.Login) string {
	switch {
	case l.RefreshToken.IsZero():
		return statusNoRefresh
	case l.Unanswered > 0:
		return fmt.Sprintf(statusUnanswered, l.Unanswered)
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
