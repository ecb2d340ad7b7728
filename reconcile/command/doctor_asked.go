package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"notiform/feishu"
	"notiform/feishu/auth"
)

// What doctor finds by asking. Nothing that it asks for changes anything.

// Codes that tell of more than one check. code.go of package feishu has what each means.
const (
	codeNoHelpdesk = 154001
	codeNotFound   = 154004
	codeAddress    = 99991401
	codeQuota      = 99991403
)

// note keeps what a request came to, for the checks that are about all of them.
func (p *examination) note(err error) error {
	p.asked = append(p.asked, err)
	return err
}

// codeIn is Feishu's code in an error; 0 for none.
func codeIn(err error) int {
	if e, ok := errors.AsType[*feishu.Error](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*auth.Error](err); ok {
		return e.Code
	}
	return 0
}

// isTurnedAway reports whether Feishu refused a request for where it comes from, or that there were too many.
func isTurnedAway(err error) bool {
	code := codeIn(err)
	return code == codeAddress || code == codeQuota
}

// refusedUser is the error of a request with the user's token, with what to do about that token where it
// is from: a login can be made again, all other sources have to be given another token.
func refusedUser(err error, source string) error {
	if source != auth.SourceName && slices.Contains([]int{20005, 20006, 99991668, 99991677}, codeIn(err)) {
		return hinted{err, fmt.Sprintf(hintNewToken, source)}
	}
	return mixedUp(err, source, kindUser, hintUserKind)
}

// mixedUp names the kind of a token that Feishu refused for it.
func mixedUp(err error, source, wanted, hint string) error {
	kind := map[int]string{99991663: kindTenant, 99991664: kindApp, 99991668: kindUser, 99991671: kindNone}[codeIn(err)]
	if kind == "" || kind == wanted {
		return err
	}
	return hinted{fmt.Errorf(refusedAsKind, source, kind, err), hint}
}

func (p *examination) options() feishu.Options {
	return feishu.Options{UserAgent: "notiform/" + version(), Logger: p.logger(p.env.Stderr)}
}

// reach tries the way to Feishu, once.
func (p *examination) reach(ctx context.Context) feishu.Way {
	if p.way == nil {
		way, err := feishu.Reach(ctx, p.settings, p.options())
		p.way, p.blocked = &way, err
	}
	return *p.way
}

func (p *examination) proxy(ctx context.Context) (string, error) {
	if proxy := p.reach(ctx).Proxy; proxy != "" {
		return fmt.Sprintf(throughProxy, proxy), nil
	}
	return noProxy, nil
}

func (p *examination) connection(ctx context.Context) (string, error) {
	switch way := p.reach(ctx); {
	case p.blocked != nil && ctx.Err() != nil:
		return "", hinted{p.blocked, hintSlow}
	case p.blocked != nil:
		return "", p.blocked
	case way.TLS == "":
		return fmt.Sprintf(reachedInTheClear, way.Host), nil
	default:
		return fmt.Sprintf(reached, way.Host, way.TLS), nil
	}
}

// maxSkew is how far the clocks may be apart: send_at, the life of tokens and the age of plans are
// judged by this machine's.
const maxSkew = time.Minute

func (p *examination) clock(ctx context.Context) (string, error) {
	date := p.reach(ctx).Date
	if date.IsZero() {
		return "", notRun{errors.New(noDate)}
	}
	switch skew := p.env.Now().Sub(date).Round(time.Second); {
	case skew > maxSkew:
		return "", hinted{fmt.Errorf(clockFast, skew), hintClock}
	case skew < -maxSkew:
		return "", hinted{fmt.Errorf(clockSlow, -skew), hintClock}
	}
	return clockRight, nil
}

// user asks whose the user token is.
func (p *examination) user(ctx context.Context) (string, error) {
	u, err := whose(ctx, p.settings, p.logger(p.env.Stderr))
	if p.note(err) != nil {
		return "", refusedUser(fmt.Errorf(sourceFailed, p.sources[0], err), p.sources[0])
	}
	return person(u), nil
}

// whose asks Feishu whose the user token in the settings is.
func whose(ctx context.Context, s feishu.Settings, logger *slog.Logger) (auth.User, error) {
	s.AccountsURL = s.BaseURL // nothing is asked there
	open, accounts, err := s.Hosts()
	if err != nil {
		return auth.User{}, err
	}
	client, err := auth.New(open, accounts, auth.App{}, auth.Options{UserAgent: "notiform/" + version(), Logger: logger})
	if err != nil {
		return auth.User{}, err
	}
	return client.User(ctx, s.UserAccessToken)
}

// madeUpID is of a notification that there is not: that it is not found shows that all before is right.
const madeUpID = "1000000000000000001"

// readOnce reads the notification, when that is first asked for.
func (p *examination) readOnce(ctx context.Context) func() (feishu.NotificationDetail, error) {
	return sync.OnceValues(func() (feishu.NotificationDetail, error) {
		s := p.settings // of which only these count here: what is wrong with others has its own check
		client, err := feishu.New(feishu.Settings{
			BaseURL: s.BaseURL, HelpdeskID: s.HelpdeskID, HelpdeskToken: s.HelpdeskToken, UserAccessToken: s.UserAccessToken, UserTokens: s.UserTokens,
		}, p.options())
		if err != nil {
			return feishu.NotificationDetail{}, err
		}
		d, err := client.GetNotification(ctx, cmp.Or(p.id, madeUpID), "")
		return d, p.note(err)
	})
}

// helpdesk asks whether the helpdesk's header is accepted, which Feishu looks at after the token and
// the scopes.
func (p *examination) helpdesk(context.Context) (string, error) {
	_, err := p.read()
	switch code := codeIn(err); {
	case code == codeNoHelpdesk:
		return "", err
	case err == nil || code >= codeNoHelpdesk && code <= 154099:
		return helpdeskAccepted, nil
	}
	return "", notRun{errors.New(notSoFar)}
}

func lacksScope(err error) bool {
	e, ok := errors.AsType[*feishu.Error](err)
	return ok && (len(e.Scopes) > 0 || slices.Contains([]int{99991672, 99991676, 99991679}, e.Code))
}

// userScopes tells what the user granted: of a login all of it, of any other token what reading shows.
func (p *examination) userScopes(context.Context) (string, error) {
	_, err := p.read()
	switch isLogin := p.sources[0] == auth.SourceName; {
	case lacksScope(err):
		return "", err
	case codeIn(err) != 0 && codeIn(err) != codeNotFound && codeIn(err) != codeNoHelpdesk, err != nil && codeIn(err) == 0:
		return "", notRun{errors.New(notSoFar)}
	case !isLogin:
		return scopeReads, nil
	case slices.Contains(p.login.Scopes, "helpdesk:all"):
		return strings.Join(p.login.Scopes, ", "), nil
	}
	return fmt.Sprintf(scopesReadOnly, strings.Join(p.login.Scopes, ", ")), nil
}

func (p *examination) notification(context.Context) (string, error) {
	d, err := p.read()
	switch code := codeIn(err); {
	case err == nil:
		return fmt.Sprintf(notificationRead, p.id, d.Notification.JobName, d.Notification.Status), nil
	case code == codeNotFound && p.id == "":
		return madeUpNotFound, nil
	case code == codeNoHelpdesk:
		return "", notRun{fmt.Errorf(needsFirst, spaced("helpdesk"))}
	case lacksScope(err):
		return "", notRun{fmt.Errorf(needsFirst, spaced("user_scopes"))}
	}
	return "", refusedUser(err, p.sources[0])
}

func (p *examination) tenantToken(ctx context.Context) (string, error) {
	client, err := feishu.NewForApp(p.settings, p.options())
	if err == nil {
		err = p.note(client.AuthorizeTickets(ctx))
	}
	if p.app = client; err != nil {
		return "", err
	}
	if !p.settings.TenantAccessToken.IsZero() {
		return tenantTokenGiven, nil
	}
	return tenantTokenGot, nil
}

// appScopes tells what the app may do. Feishu's samples leave out how a scope begins.
func (p *examination) appScopes(ctx context.Context) (string, error) {
	scopes, err := p.app.AppScopes(ctx)
	if p.note(err) != nil {
		return "", mixedUp(err, "FEISHU_TENANT_ACCESS_TOKEN", kindTenant, hintTenantKind)
	}
	granted := func(wanted string) bool {
		return slices.ContainsFunc(scopes, func(s feishu.AppScope) bool {
			return s.Granted && (s.Name == wanted || s.Name != "" && strings.HasSuffix(wanted, ":"+s.Name))
		})
	}
	switch writes, reads := granted("helpdesk:all"), granted("helpdesk:all:readonly"); {
	case writes:
		return appWrites, nil
	case reads:
		return appReads, nil
	}
	return "", hinted{errors.New(appLacksScopes), hintAppScopes}
}

func (p *examination) ticketRight(ctx context.Context) (string, error) {
	if p.ticket == "" {
		return "", notRun{errors.New(noTicketGiven)}
	}
	t, err := p.app.GetTicket(ctx, p.ticket)
	switch {
	case p.note(err) != nil:
		return "", err
	case t.Closed:
		return "", hinted{fmt.Errorf(ticketIsClosed, p.ticket), hintTicketOpen}
	case t.HelpdeskID != "" && t.HelpdeskID != p.settings.HelpdeskID:
		return "", hinted{fmt.Errorf(ticketElsewhere, p.ticket, t.HelpdeskID), hintTicketElsewhere}
	}
	return fmt.Sprintf(ticketIsOpen, p.ticket), nil
}

// quota looks at what everything that was asked came to.
func (p *examination) quota(context.Context) (string, error) {
	answered := false
	for _, err := range p.asked {
		if isTurnedAway(err) {
			return "", err
		}
		answered = answered || err == nil || codeIn(err) != 0
	}
	if !answered {
		return "", notRun{errors.New(nothingAsked)}
	}
	return notTurnedAway, nil
}
