package feishu

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// Token is a token as somebody gave it out.
type Token struct {
	Value Secret
	Ends  time.Time // zero when nobody says it
}

// TokenSource is where the user access token comes from, and where to get the next one.
type TokenSource struct {
	Name string    // as people know it, such as "FEISHU_TOKEN_COMMAND"
	Ends time.Time // of the first token; zero when nobody says it
	// Fetch returns the token that the source holds now; nil for a source that never holds
	// another. refused is the token that Feishu has just refused as ended, and empty when the
	// one in use ends within TokenLead. It is called by one goroutine at a time.
	Fetch func(ctx context.Context, refused Secret) (Token, error)
	Last  bool // Fetch is known to have no token after the first
}

// TokenLead is how long before its end a user access token is replaced.
const TokenLead = 5 * time.Minute

// renewal is how long before its end a tenant access token is replaced, as in Feishu's own SDK.
const renewal = 3 * time.Minute

// holder keeps one token for all who send with it and replaces it when it ends soon or was
// refused as ended. However many meet that at once, one of them gets the next token.
type holder struct {
	source  string                                                               // for errors; "" for one that the API's own hints speak of
	fetch   func(ctx context.Context, refused Secret) (Secret, time.Time, error) // nil: it is never replaced
	op      *endpoint                                                            // that a wait for the token is part of
	stays   bool                                                                 // whether a token that was refused may be given again, and do then
	refuses func(code int) bool                                                  // whether a code says that the token has ended

	// lock is held by whoever reads or changes what follows. It is a channel instead
	// of a mutex, so that waiting for somebody else's request ends with the context.
	lock   chan struct{}
	token  atomic.Pointer[Secret] // read without the lock by who must not wait
	until  time.Time              // when to get the next one; zero: when this one is refused
	barren atomic.Pointer[barren] // what is not asked for again; read like token
}

// barren is a token after whose refusal there was no other, and why.
type barren struct {
	token Secret
	why   error
}

// noOther says why there is no other token than the one that was refused; nil if that is not known.
func (h *holder) noOther(refused Secret) error {
	if b := h.barren.Load(); b != nil && !refused.IsZero() && b.token.Reveal() == refused.Reveal() {
		return b.why
	}
	return nil
}

var errSameToken = errors.New(sameToken)

// usable returns a token that does not end soon and is not the one that was refused, if one was.
// Of many callers one gets it and the others wait. Where there is no way to another token it
// returns the one that it has.
func (h *holder) usable(ctx context.Context, refused Secret) (Secret, error) {
	if err := h.acquire(ctx); err != nil {
		return Secret{}, cmp.Or(h.noOther(refused), err) // which may be why the run has ended
	}
	defer h.release()
	held := h.current()
	ended := !refused.IsZero() && held.Reveal() == refused.Reveal()
	switch {
	case h.fetch == nil || !held.IsZero() && !ended && (h.until.IsZero() || time.Now().Before(h.until)):
		return held, nil
	case ended && h.noOther(refused) != nil:
		return Secret{}, h.noOther(refused)
	}
	token, until, err := h.fetch(ctx, refused)
	same := err == nil && token.Reveal() == held.Reveal()
	switch {
	case same && ended && !h.stays:
		err = errSameToken
		fallthrough
	case err != nil && ended:
		if ctx.Err() == nil {
			h.barren.Store(&barren{refused, err})
		}
		return Secret{}, err
	case err != nil && (held.IsZero() || ctx.Err() != nil):
		return Secret{}, err
	case err != nil || same && !time.Now().Before(until): // what is left of it may do: it counts until it is refused
		token, until = held, time.Time{}
	}
	h.token.Store(&token)
	h.until = until
	return token, nil
}

// current returns the token that is held, without a wait for another one.
func (h *holder) current() Secret { return *h.token.Load() }

func (h *holder) acquire(ctx context.Context) error {
	select {
	case h.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return request{endpoint: h.op}.failUnsent(interruption(ctx))
	}
}

func (h *holder) release() { <-h.lock }

// ended reports whether err says that the token it was sent with counts no longer.
func (h *holder) ended(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && h.refuses(e.Code)
}

// userTokenEnded names the codes of a user access token that has ended or is not known (any more):
// after a refresh by somebody else Feishu may forget the old one.
func userTokenEnded(code int) bool {
	return slices.Contains([]int{20005, 20006, 99991668, 99991677}, code)
}

func newUserToken(s Settings, c *Client) *holder {
	h := &holder{
		source: s.UserTokens.Name, op: c.api.getNotification, refuses: userTokenEnded,
		lock: make(chan struct{}, 1), until: dueAt(s.UserTokens.Ends),
	}
	h.token.Store(&s.UserAccessToken)
	if s.UserTokens.Fetch == nil {
		return h
	}
	h.fetch = func(ctx context.Context, refused Secret) (Secret, time.Time, error) {
		t, err := s.UserTokens.Fetch(ctx, refused)
		if err == nil {
			c.addSecret(t.Value)
		}
		return t.Value, dueAt(t.Ends), err
	}
	return h
}

// UserTokenEnds returns when the user access token that is in use now ends; zero when nobody says it.
func (c *Client) UserTokenEnds(ctx context.Context) time.Time {
	if c.user.acquire(ctx) != nil {
		return time.Time{}
	}
	defer c.user.release()
	if c.user.until.IsZero() {
		return time.Time{}
	}
	return c.user.until.Add(TokenLead)
}

// dueAt is when to replace a token that ends then; zero when its end is not known.
func dueAt(ends time.Time) time.Time {
	if ends.IsZero() {
		return ends
	}
	return ends.Add(-TokenLead)
}

// sendAsUser sends a request with the user's token. Refused because that has ended, it is sent once
// more if there is another one by then, and else the error says why there is none.
func (c *Client) sendAsUser(ctx context.Context, r request, decode func([]byte) (head, error)) (logID string, err error) {
	token, err := c.user.usable(ctx, Secret{})
	if err != nil {
		return "", r.failUnsent(interruption(ctx))
	}
	r.authorization = bearer(token)
	logID, err = c.send(ctx, r, decode)
	next, err := c.renewed(ctx, token, err)
	if next.IsZero() {
		return logID, err
	}
	r.authorization = bearer(next)
	logID, err = c.send(ctx, r, decode)
	return logID, c.explain(err, nil)
}

// renewed returns another token if err says that this one has ended, and there is another one; if
// not, it returns err with why.
func (c *Client) renewed(ctx context.Context, token Secret, err error) (Secret, error) {
	if !c.user.ended(err) {
		return Secret{}, c.explain(err, nil)
	}
	next, why := c.user.usable(ctx, token)
	if why != nil || next.Reveal() == token.Reveal() {
		return Secret{}, c.explain(err, why)
	}
	return next, err
}

// explain adds to the error of a refused token where it came from, and why there is no other.
func (c *Client) explain(err, why error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || c.user.source == "" || !c.user.ended(err) {
		return err
	}
	e.reason = fmt.Sprintf(tokenNotAccepted, c.user.source)
	if why != nil {
		e.reason = fmt.Sprintf(tokenNotRenewed, c.user.source, visible(c.censor(why.Error())))
	}
	if h, ok := errors.AsType[interface {
		error
		Hint() string
	}](why); ok {
		e.hint = h.Hint()
	}
	return err
}

func newTenantToken(s Settings, c *Client) *holder {
	h := &holder{
		op: c.api.getTenantToken, stays: true, refuses: func(code int) bool { return code == codeTenantToken },
		lock: make(chan struct{}, 1),
	}
	h.token.Store(&s.TenantAccessToken)
	if !s.TenantAccessToken.IsZero() {
		return h
	}
	app := tenantTokenRequest{s.AppID, s.AppSecret}
	missing := settingErrors(nil).requireTenant(s)
	h.fetch = func(ctx context.Context, _ Secret) (Secret, time.Time, error) {
		if missing != nil {
			return Secret{}, time.Time{}, missing
		}
		began := time.Now()
		token, validity, err := c.fetchTenantToken(ctx, app)
		if err == nil {
			c.addSecret(token)
		}
		return token, began.Add(validity - renewal), err
	}
	return h
}

// tenantHint says what to do when the tenant's token is not accepted.
func (c *Client) tenantHint() string {
	if c.tenant.fetch == nil {
		return hintTenantTokenGiven
	}
	return hintTenantTokenGot
}

// AuthorizeTickets gets the tenant access token that PostTicketMessage needs, unless
// the settings give it, so that a secret which is not accepted shows before
// anything else is done. The error is one of CheckTickets, or an *Error.
func (c *Client) AuthorizeTickets(ctx context.Context) error {
	_, err := c.tenant.usable(ctx, Secret{})
	return err
}

// tenantTokenRequest is what a tenant access token is asked for with.
type tenantTokenRequest struct {
	appID     string
	appSecret Secret
}

// fetchTenantToken asks Feishu for a token of the app. Whatever goes wrong, nothing
// of the helpdesk was touched, so its error is always IsRefused.
func (c *Client) fetchTenantToken(ctx context.Context, app tenantTokenRequest) (token Secret, validity time.Duration, err error) {
	// This answer has no data around what it holds (the API page "自建应用获取 tenant_access_token").
	var answer struct {
		envelope
		Token  string       `json:"tenant_access_token"`
		Expire Lenient[int] `json:"expire"` // in seconds; when it is not known, each use gets a new token
	}
	r := request{endpoint: c.api.getTenantToken, body: struct {
		AppID     string `json:"app_id"`
		AppSecret string `json:"app_secret"`
	}{app.appID, app.appSecret.Reveal()}}
	logID, err := c.send(ctx, r, decodeInto(&answer))
	if err == nil && (answer.Token == "" || tokenProblem("tenant_access_token", answer.Token) != "") {
		err = r.failUnusable(logID, hintSupport, noToken)
	}
	if e, ok := err.(*Error); ok {
		e.refused = true
	}
	return NewSecret(answer.Token), time.Duration(answer.Expire.Value) * time.Second, err
}
