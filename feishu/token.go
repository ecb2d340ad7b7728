package feishu

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// renewal is how long before its end a token is got anew, as Feishu's own SDK does.
const renewal = 3 * time.Minute

// tenantToken is the tenant access token of a client: the one that the settings
// give, or one that is got for the app's secret when somebody needs it and kept
// for the others until shortly before its end.
type tenantToken struct {
	app    appCredentials
	given  bool
	faults settingErrors // why there can be no token

	// turn is held by who reads or changes what follows. It is a channel and no
	// mutex, so that waiting for somebody else's request ends with the context.
	turn  chan struct{}
	token Secret
	until time.Time // when to get the next one
}

// appCredentials are what a tenant token is got for.
type appCredentials struct {
	id     string
	secret Secret
}

func newTenantToken(s Settings) tenantToken {
	return tenantToken{
		app:    appCredentials{s.AppID, s.AppSecret},
		given:  !s.TenantAccessToken.IsZero(),
		faults: settingErrors(nil).requireTenant(s),
		turn:   make(chan struct{}, 1),
		token:  s.TenantAccessToken,
	}
}

// AuthorizeTickets gets the tenant access token that PostTicketMessage needs, if
// it has to be got at all, so that a secret which is not accepted shows before
// anything else is done. The error is one of the settings, or an *Error.
func (c *Client) AuthorizeTickets(ctx context.Context) error {
	_, err := c.tenantToken(ctx, Secret{})
	return err
}

// tenantToken returns a token that is good for a while and is not the refused
// one. Of many callers one asks Feishu and the others wait for its answer.
func (c *Client) tenantToken(ctx context.Context, refused Secret) (Secret, error) {
	t := &c.tenant
	if t.faults != nil {
		return Secret{}, t.faults
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return Secret{}, request{endpoint: c.getTenantToken}.never(interruption(ctx))
	}
	if t.given || time.Now().Before(t.until) && t.token.Reveal() != refused.Reveal() {
		return t.token, nil
	}
	began := time.Now()
	token, validity, err := c.mint(ctx)
	if err != nil {
		return Secret{}, err
	}
	t.token, t.until = token, began.Add(validity-renewal)
	c.conceal(token)
	return token, nil
}

// hint says what to do when the token is not accepted.
func (t *tenantToken) hint() string {
	if t.given {
		return hintTenantTokenGiven
	}
	return hintTenantTokenGot
}

// issued is the answer of tenant_access_token/internal, which has no data (the
// API fact sheet, section 5.1).
type issued struct {
	envelope[jsontext.Value]
	Token  string `json:"tenant_access_token"`
	Expire int    `json:"expire"` // in seconds
}

// mint asks Feishu for a token of the app. Whatever goes wrong, nothing of the
// helpdesk was touched.
func (c *Client) mint(ctx context.Context) (token Secret, validity time.Duration, err error) {
	var answer issued
	r := request{endpoint: c.getTenantToken, body: struct {
		AppID     string `json:"app_id"`
		AppSecret string `json:"app_secret"`
	}{c.tenant.app.id, c.tenant.app.secret.Reveal()}}
	logID, err := c.send(ctx, r, answer.decode)
	if err == nil && (answer.Token == "" || tokenProblem("tenant_access_token", answer.Token) != "") {
		err = r.unusable(logID, noToken)
	}
	if e, ok := err.(*Error); ok {
		e.refused = true
	}
	return NewSecret(answer.Token), time.Duration(answer.Expire) * time.Second, err
}

func (i *issued) decode(body []byte) (head, error) {
	*i = issued{}
	if err := json.Unmarshal(body, i); err != nil {
		return looseHead(body, err)
	}
	return newHead(i.Code, i.Msg, i.Error), nil
}
