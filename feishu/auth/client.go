package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"notiform/feishu"
)

// App is the app that asks for a user's consent.
type App struct {
	ID     string
	Secret feishu.Secret
}

// Options changes how a Client works; the zero Options is right for Feishu.
type Options struct {
	Transport http.RoundTripper // nil: feishu.NewTransport
	Logger    *slog.Logger      // gets a debug line a request, without headers and bodies; nil for none
	UserAgent string            // "" means "notiform"
}

// Client speaks the OAuth grants for one app.
type Client struct {
	open, accounts string // without a slash at the end
	app            App
	options        Options
}

// New returns a client for the hosts of feishu.Settings.Hosts.
func New(open, accounts string, app App, o Options) (*Client, error) {
	base, err := url.Parse(accounts)
	if err != nil {
		return nil, errors.New(badHost)
	}
	if o.Transport == nil {
		t := feishu.NewTransport(base)
		t.DisableKeepAlives = true // a connection that has gone stale would lose an answer
		o.Transport = t
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.UserAgent = cmp.Or(o.UserAgent, "notiform")
	return &Client{open, accounts, app, o}, nil
}

const (
	requestTimeout = 30 * time.Second
	maxAnswer      = 1 << 20
	maxAttempts    = 3
)

// request is one request and what is hidden of its answer.
type request struct {
	op      string // as its error begins
	method  string
	url     string
	form    url.Values    // nil for none
	bearer  feishu.Secret // the token in the header Authorization
	basic   bool          // the app's id and secret in that header
	secrets []feishu.Secret
}

// answer is what the server says, of every request; what is not there is zero. Only what is used may
// be at fault.
type answer struct {
	Code        feishu.Lenient[int]    `json:"code"`
	Name        feishu.Lenient[string] `json:"error"`
	Description feishu.Lenient[string] `json:"error_description"`
	Msg         feishu.Lenient[string] `json:"msg"`
	Challenge   feishu.Lenient[string] `json:"challenge_url"`

	AccessToken    string                 `json:"access_token"`
	RefreshToken   string                 `json:"refresh_token"`
	TokenType      feishu.Lenient[string] `json:"token_type"`
	ExpiresIn      feishu.Lenient[int]    `json:"expires_in"`
	RefreshExpires feishu.Lenient[int]    `json:"refresh_token_expires_in"`
	Scope          feishu.Lenient[string] `json:"scope"`
	StatusMessage  feishu.Lenient[string] `json:"status_message"`

	DeviceCode      string                 `json:"device_code"`
	UserCode        string                 `json:"user_code"`
	VerificationURI string                 `json:"verification_uri"`
	CompleteURI     feishu.Lenient[string] `json:"verification_uri_complete"`
	Interval        feishu.Lenient[int]    `json:"interval"`

	User feishu.Lenient[User] `json:"data"`

	logID string
}

// do sends r until it is answered, again only where that is safe.
func (c *Client) do(ctx context.Context, r request) (answer, error) {
	for attempt := 1; ; attempt++ {
		a, err := c.send(ctx, r)
		switch {
		case err == nil:
			return a, nil
		case !err.mayRepeat() || attempt == maxAttempts || !pause(ctx, time.Duration(attempt)*time.Second):
			return a, err
		}
	}
}

// pause waits, and returns false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// send sends r once.
func (c *Client) send(ctx context.Context, r request) (answer, *Error) {
	e := &Error{Op: r.op}
	sent, done := context.WithTimeout(ctx, requestTimeout)
	defer done()
	began, left := time.Now(), false
	req, err := c.build(httptrace.WithClientTrace(sent, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { left = true }}), r)
	if err != nil {
		e.Err = err
		return answer{}, e
	}
	resp, err := c.options.Transport.RoundTrip(req)
	if err != nil {
		e.sent, e.Err = left || !tells(c.options.Transport), c.broken(ctx, sent, r, err)
		c.log(ctx, r, e, began)
		return answer{}, e
	}
	defer resp.Body.Close()
	e.sent, e.HTTPStatus, e.LogID = true, resp.StatusCode, feishu.Mask(resp.Header.Get("X-Tt-Logid"), r.secrets...)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	var a answer
	switch {
	case err != nil:
		e.Err = c.broken(ctx, sent, r, err)
	case len(body) > maxAnswer:
		e.Err = errors.New(answerTooLarge)
	default:
		a, e.Err = judge(resp, body)
	}
	a.logID = e.LogID
	e.take(a, r.secrets)
	c.log(ctx, r, e, began)
	if e.isSuccess() {
		return a, nil
	}
	return a, e
}

// tells reports whether a transport tells of the connections that it gets.
func tells(t http.RoundTripper) bool {
	_, ok := t.(*http.Transport)
	return ok
}

// broken is the error of a request that was not answered. It shows no address and nothing of the form.
func (c *Client) broken(ctx, sent context.Context, r request, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case sent.Err() != nil:
		return fmt.Errorf(noAnswerWithin, requestTimeout)
	}
	return errors.New(feishu.Mask(err.Error(), r.secrets...))
}

func (c *Client) build(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.form != nil {
		body = strings.NewReader(r.form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, body)
	if err != nil {
		return nil, errors.New(badHost)
	}
	req.Header.Set("User-Agent", c.options.UserAgent)
	if r.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	switch {
	case r.basic:
		req.SetBasicAuth(c.app.ID, c.app.Secret.Reveal())
	case !r.bearer.IsZero():
		req.Header.Set("Authorization", "Bearer "+r.bearer.Reveal())
	}
	return req, nil
}

// judge decodes an answer, unless it is not Feishu's. No content is a success of what wants none.
func judge(resp *http.Response, body []byte) (a answer, err error) {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return a, errors.New(redirected)
	case len(body) == 0 && resp.StatusCode < 300:
		return a, nil
	case kind != "application/json" && kind != "text/json":
		return a, errors.New(notJSON)
	case json.Unmarshal(body, &a) != nil:
		return answer{}, errors.New(invalidJSON)
	}
	return a, nil
}

func (c *Client) log(ctx context.Context, r request, e *Error, began time.Time) {
	path := r.url
	if u, err := url.Parse(r.url); err == nil {
		path = u.Path
	}
	c.options.Logger.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("method", r.method), slog.String("path", path),
		slog.Int("status", e.HTTPStatus), slog.Int("code", e.Code), slog.Int64("ms", time.Since(began).Milliseconds()), slog.String("log_id", e.LogID))
}
