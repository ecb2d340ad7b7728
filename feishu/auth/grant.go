package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"notiform/feishu"
)

// Grant is what Feishu gave out: a pair of tokens.
type Grant struct {
	AccessToken  feishu.Secret
	RefreshToken feishu.Secret // empty without the scope offline_access
	Ends         time.Time     // of the access token
	RefreshEnds  time.Time     // of the refresh token; zero when that is not known
	Scopes       []string
	Note         string // Feishu's, on scopes that it left out; untrusted, escaped
}

// User is who consented.
type User struct {
	Name      string `json:"name"`
	OpenID    string `json:"open_id"`
	UnionID   string `json:"union_id"`
	TenantKey string `json:"tenant_key"`
}

// Scopes are what is asked for: offline_access is what a refresh token takes.
func Scopes(readOnly bool) []string {
	scopes := []string{"offline_access", "helpdesk:all:readonly"}
	if !readOnly {
		scopes = append(scopes, "helpdesk:all")
	}
	return scopes
}

// Device is a device grant that waits for a person.
type Device struct {
	UserCode string    // to be compared with what the page shows; untrusted
	URL      string    // to be opened in a browser; untrusted
	Ends     time.Time // when it waits no longer

	code     feishu.Secret
	interval time.Duration
}

const (
	defaultInterval = 5 * time.Second // of RFC 8628, which slow_down lengthens by as much
	defaultPatience = 4 * time.Minute
	usualLife       = 2 * time.Hour // of an access token whose life is not told
)

// StartDevice asks for a device grant. Some proxies drop the header that carries the app's secret; then
// it is sent once more in the form.
func (c *Client) StartDevice(ctx context.Context, scopes []string) (Device, error) {
	r := request{op: opDevice, method: http.MethodPost, url: c.accounts + "/oauth/v1/device_authorization", basic: true,
		form: url.Values{"client_id": {c.app.ID}, "scope": {strings.Join(scopes, " ")}}, secrets: []feishu.Secret{c.app.Secret}}
	began := time.Now()
	a, err := c.do(ctx, r)
	if e, ok := errors.AsType[*Error](err); ok && e.Err == nil && strings.Contains(e.Msg, "client_secret") {
		r.basic = false
		r.form.Set("client_secret", c.app.Secret.Reveal())
		a, err = c.do(ctx, r)
	}
	d := Device{
		UserCode: feishu.Mask(a.UserCode), URL: feishu.Mask(cmp.Or(a.CompleteURI.Value, a.VerificationURI)), code: feishu.NewSecret(a.DeviceCode),
		interval: seconds(a.Interval.Value, defaultInterval), Ends: began.Add(seconds(a.ExpiresIn.Value, defaultPatience)),
	}
	if err == nil && (d.code.IsZero() || d.URL == "") {
		err = &Error{Op: r.op, HTTPStatus: http.StatusOK, LogID: a.logID, Err: errors.New(noDevice), sent: true}
	}
	return d, err
}

// AwaitDevice asks until the person has consented or not. What is lost on the way is asked again, and so is
// what a gateway answers that does not reach Feishu.
func (c *Client) AwaitDevice(ctx context.Context, d Device) (Grant, error) {
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {d.code.Reveal()}}
	for {
		if !pause(ctx, d.interval) {
			return Grant{}, context.Cause(ctx)
		}
		g, err := c.token(ctx, opAwait, form, d.code)
		e, isError := errors.AsType[*Error](err)
		switch over := !time.Now().Add(d.interval).Before(d.Ends); {
		case !isError || over || ctx.Err() != nil:
			return g, err
		case e.Err != nil && (e.HTTPStatus == 0 || e.HTTPStatus >= http.StatusInternalServerError), e.Name == "slow_down", e.Code == 99991400:
			d.interval += defaultInterval
		case e.Name != "authorization_pending":
			return g, err
		}
	}
}

// Refresh trades a refresh token, which works once, for a new pair.
func (c *Client) Refresh(ctx context.Context, refreshToken feishu.Secret) (Grant, error) {
	return c.token(ctx, opRefresh, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken.Reveal()}}, refreshToken)
}

// token asks the token endpoint. The app's secret goes into the form alone: two ways at once are 20070.
func (c *Client) token(ctx context.Context, op string, form url.Values, secret feishu.Secret) (Grant, error) {
	form.Set("client_id", c.app.ID)
	form.Set("client_secret", c.app.Secret.Reveal())
	began := time.Now()
	a, err := c.do(ctx, request{op: op, method: http.MethodPost, url: c.accounts + "/oauth/v3/token", form: form, secrets: []feishu.Secret{c.app.Secret, secret}})
	if err != nil {
		return Grant{}, err
	}
	isBearer := a.TokenType.Value == "" || strings.EqualFold(a.TokenType.Value, "Bearer")
	if !isBearer || !isToken(a.AccessToken) || a.RefreshToken != "" && !isToken(a.RefreshToken) {
		return Grant{}, &Error{Op: op, HTTPStatus: http.StatusOK, LogID: a.logID, Err: errors.New(noToken), sent: true}
	}
	g := Grant{
		AccessToken: feishu.NewSecret(a.AccessToken), RefreshToken: feishu.NewSecret(a.RefreshToken), Scopes: strings.Fields(a.Scope.Value),
		Ends: began.Add(seconds(a.ExpiresIn.Value, usualLife)), Note: feishu.Mask(a.StatusMessage.Value, feishu.NewSecret(a.AccessToken), feishu.NewSecret(a.RefreshToken)),
	}
	if a.RefreshExpires.Value > 0 {
		g.RefreshEnds = began.Add(seconds(a.RefreshExpires.Value, 0))
	}
	return g, nil
}

// isToken reports whether a text can go into a header.
func isToken(text string) bool {
	return text != "" && len(text) <= 8<<10 && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// seconds is a number of seconds, or fallback where there is none.
func seconds(n int, fallback time.Duration) time.Duration {
	if n <= 0 {
		return fallback
	}
	return time.Duration(min(n, 1<<30)) * time.Second
}

// Revoke ends a login.
func (c *Client) Revoke(ctx context.Context, g Grant) error {
	token, kind := g.RefreshToken, "refresh_token"
	if token.IsZero() {
		token, kind = g.AccessToken, "access_token"
	}
	_, err := c.do(ctx, request{op: opRevoke, method: http.MethodPost, url: c.accounts + "/oauth/v1/revoke", form: url.Values{
		"client_id": {c.app.ID}, "client_secret": {c.app.Secret.Reveal()}, "token": {token.Reveal()}, "token_type_hint": {kind},
	}, secrets: []feishu.Secret{c.app.Secret, token}})
	return err
}

// User says whose token it is.
func (c *Client) User(ctx context.Context, accessToken feishu.Secret) (User, error) {
	a, err := c.do(ctx, request{op: opUser, method: http.MethodGet, url: c.open + "/open-apis/authen/v1/user_info", bearer: accessToken, secrets: []feishu.Secret{accessToken}})
	return a.User.Value, err
}

// CodeRequest is what a browser is sent to Feishu with, and what must come back with it.
type CodeRequest struct {
	URL      string // to be opened in a browser
	State    string
	redirect string
	verifier feishu.Secret
}

// StartCode makes a request for an authorization code that comes back at redirect, which has to be
// among the app's redirect URLs to the letter.
func (c *Client) StartCode(redirect string, scopes []string) CodeRequest {
	r := CodeRequest{State: rand.Text(), redirect: redirect, verifier: feishu.NewSecret(rand.Text() + rand.Text())}
	challenge := sha256.Sum256([]byte(r.verifier.Reveal()))
	r.URL = c.accounts + "/open-apis/authen/v1/authorize?" + url.Values{
		"client_id": {c.app.ID}, "response_type": {"code"}, "redirect_uri": {redirect}, "scope": {strings.Join(scopes, " ")}, "state": {r.State},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}.Encode()
	return r
}

// Exchange trades an authorization code for a pair of tokens.
func (c *Client) Exchange(ctx context.Context, r CodeRequest, code string) (Grant, error) {
	secret := feishu.NewSecret(code)
	return c.token(ctx, opExchange, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {r.redirect}, "code_verifier": {r.verifier.Reveal()},
	}, secret)
}
