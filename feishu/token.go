package feishu

import (
	"context"
	"time"
)

// renewal is how long before its end a token is replaced, as in Feishu's own SDK.
const renewal = 3 * time.Minute

// tenantToken is the tenant access token of a client: the one that the settings
// give, or one that is fetched with the app's secret when somebody needs it and
// kept until shortly before its end.
type tenantToken struct {
	appID     string
	appSecret Secret
	given     bool          // by the settings
	missing   settingErrors // why there can be no token

	// lock is held by whoever reads or changes what follows. It is a channel instead
	// of a mutex, so that waiting for somebody else's request ends with the context.
	lock  chan struct{}
	token Secret
	until time.Time // when to get the next one
}

func newTenantToken(s Settings) tenantToken {
	return tenantToken{
		appID:     s.AppID,
		appSecret: s.AppSecret,
		given:     !s.TenantAccessToken.IsZero(),
		missing:   settingErrors(nil).requireTenant(s),
		lock:      make(chan struct{}, 1),
		token:     s.TenantAccessToken,
	}
}

// AuthorizeTickets gets the tenant access token that PostTicketMessage needs, unless
// the settings give it, so that a secret which is not accepted shows before
// anything else is done. The error is one of CheckTickets, or an *Error.
func (c *Client) AuthorizeTickets(ctx context.Context) error {
	_, err := c.usableTenantToken(ctx, Secret{})
	return err
}

// usableTenantToken returns a token that does not end soon and is not the one that
// was refused, if one was. Of many callers one asks Feishu and the others wait.
func (c *Client) usableTenantToken(ctx context.Context, refused Secret) (Secret, error) {
	t := &c.tenant
	if t.missing != nil {
		return Secret{}, t.missing
	}
	select {
	case t.lock <- struct{}{}:
		defer func() { <-t.lock }()
	case <-ctx.Done():
		return Secret{}, request{endpoint: c.api.getTenantToken}.failUnsent(interruption(ctx))
	}
	if t.given || time.Now().Before(t.until) && t.token.Reveal() != refused.Reveal() {
		return t.token, nil
	}
	began := time.Now()
	token, validity, err := c.fetchTenantToken(ctx)
	if err != nil {
		return Secret{}, err
	}
	t.token, t.until = token, began.Add(validity-renewal)
	c.addSecret(token)
	return token, nil
}

// hint says what to do when the token is not accepted.
func (t *tenantToken) hint() string {
	if t.given {
		return hintTenantTokenGiven
	}
	return hintTenantTokenGot
}

// fetchTenantToken asks Feishu for a token of the app. Whatever goes wrong, nothing
// of the helpdesk was touched, so its error is always IsRefused.
func (c *Client) fetchTenantToken(ctx context.Context) (token Secret, validity time.Duration, err error) {
	// This answer has no data around what it holds (the API page "自建应用获取 tenant_access_token").
	var answer struct {
		envelope
		Token  string       `json:"tenant_access_token"`
		Expire Lenient[int] `json:"expire"` // in seconds; when it is not known, each use gets a new token
	}
	r := request{endpoint: c.api.getTenantToken, body: struct {
		AppID     string `json:"app_id"`
		AppSecret string `json:"app_secret"`
	}{c.tenant.appID, c.tenant.appSecret.Reveal()}}
	logID, err := c.send(ctx, r, decodeInto(&answer))
	if err == nil && (answer.Token == "" || tokenProblem("tenant_access_token", answer.Token) != "") {
		err = r.failUnusable(logID, hintSupport, noToken)
	}
	if e, ok := err.(*Error); ok {
		e.refused = true
	}
	return NewSecret(answer.Token), time.Duration(answer.Expire.Value) * time.Second, err
}
