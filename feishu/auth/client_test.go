package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

// plain is an OAuth server of nobody: it notes what it is sent and answers what it is told to.
type plain struct {
	*httptest.Server
	mu  sync.Mutex
	got []wire
}

type wire struct{ Line, Authorization, Body string }

// answers is a server whose n-th answer is the n-th of these, and the last one from then on.
func answers(t *testing.T, list ...func(http.ResponseWriter)) (*plain, *Client) {
	t.Helper()
	p := &plain{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.got = append(p.got, wire{r.Method + " " + r.RequestURI, r.Header.Get("Authorization"), string(body)})
		do := list[min(len(p.got), len(list))-1]
		p.mu.Unlock()
		do(w)
	}))
	t.Cleanup(p.Close)
	c, err := New(p.URL, p.URL, App{"cli_app", feishu.NewSecret("the-app-secret")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

func (p *plain) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.got)
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Tt-Logid", "20260101ABC")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func cut(http.ResponseWriter) { panic(http.ErrAbortHandler) }

const pairText = `{"access_token":"eyJ-access","refresh_token":"eyJ-refresh","token_type":"Bearer","expires_in":7200,"refresh_token_expires_in":604800,"scope":"a b"}`

// TestOnTheWire: what each request looks like to a server that knows RFC 6749, 7009 and 8628.
func TestOnTheWire(t *testing.T) {
	t.Parallel()
	p, c := answers(t, says(200, pairText))
	r := c.StartCode("http://127.0.0.1:9/callback", []string{"a", "b"})
	_, err1 := c.Exchange(t.Context(), r, "the-code")
	_, err2 := c.Refresh(t.Context(), feishu.NewSecret("eyJ-old"))
	err3 := c.Revoke(t.Context(), Grant{RefreshToken: feishu.NewSecret("eyJ-old")})
	_, err4 := c.User(t.Context(), feishu.NewSecret("eyJ-access"))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	_, _ = c.StartDevice(t.Context(), []string{"a", "b"})
	const app = "client_id=cli_app&client_secret=the-app-secret"
	want := []wire{
		{"POST /oauth/v3/token", "", app[:15] + app[15:] + "&code=the-code&code_verifier=" + r.verifier.Reveal() + "&grant_type=authorization_code&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback"},
		{"POST /oauth/v3/token", "", app + "&grant_type=refresh_token&refresh_token=eyJ-old"},
		{"POST /oauth/v1/revoke", "", app + "&token=eyJ-old&token_type_hint=refresh_token"},
		{"GET /open-apis/authen/v1/user_info", "Bearer eyJ-access", ""},
		{"POST /oauth/v1/device_authorization", "Basic Y2xpX2FwcDp0aGUtYXBwLXNlY3JldA==", "client_id=cli_app&scope=a+b"},
	}
	for i := range want { // a form's order means nothing
		want[i].Body = sorted(want[i].Body)
		p.got[i].Body = sorted(p.got[i].Body)
	}
	if diff := cmp.Diff(want, p.got); diff != "" {
		t.Error(diff)
	}
	query, err := url.ParseQuery(strings.TrimPrefix(r.URL, p.URL+"/open-apis/authen/v1/authorize?"))
	if err != nil || query.Get("code_challenge_method") != "S256" || query.Get("state") != r.State || len(query.Get("code_challenge")) != 43 || len(r.verifier.Reveal()) < 43 {
		t.Error(r.URL, err)
	}
}

func sorted(form string) string {
	parts := strings.Split(form, "&")
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// TestSentOnce: a refresh is sent again only when it never left or Feishu asks for it, and never when
// it may have been carried out.
func TestSentOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why     string
		answers []func(http.ResponseWriter)
		sent    int
		lost    bool
		says    string
	}{
		{"trouble inside Feishu", []func(http.ResponseWriter){says(500, `{"code":20050}`), says(503, `{"code":20072}`), says(200, pairText)}, 3, false, ""},
		{"trouble that stays", []func(http.ResponseWriter){says(500, `{"code":20050,"error_description":"x"}`)}, 3, false, "something went wrong inside Feishu"},
		{"a refusal", []func(http.ResponseWriter){says(400, `{"code":20002,"error":"invalid_client"}`)}, 1, false, "the app secret is wrong"},
		{"refused as too frequent", []func(http.ResponseWriter){says(429, `{"code":99991400}`)}, 1, false, "refused as too frequent"},
		{"too frequent, in a gateway's words", []func(http.ResponseWriter){says(429, `{}`)}, 1, false, "an answer without a code"},
		{"another server error", []func(http.ResponseWriter){says(500, `{}`)}, 1, true, "an answer without a code"},
		{"a cut connection", []func(http.ResponseWriter){cut}, 1, true, "EOF"},
		{"a proxy's page", []func(http.ResponseWriter){func(w http.ResponseWriter) { w.WriteHeader(502); io.WriteString(w, "<html>") }}, 1, true, "no JSON"},
		{"a redirect", []func(http.ResponseWriter){func(w http.ResponseWriter) { w.Header().Set("Location", "/x"); w.WriteHeader(307) }}, 1, true, "redirected"},
		{"half a JSON", []func(http.ResponseWriter){says(200, pairText[:40])}, 1, true, "invalid JSON"},
		{"a huge answer", []func(http.ResponseWriter){says(200, strings.Repeat(" ", 2<<20))}, 1, true, "larger than any"},
		{"no token", []func(http.ResponseWriter){says(200, `{"code":0}`)}, 1, true, "no token that can be used"},
		{"a token of another kind", []func(http.ResponseWriter){says(200, strings.Replace(pairText, "Bearer", "DPoP", 1))}, 1, true, "no token that can be used"},
		{"a token with a line end", []func(http.ResponseWriter){says(200, strings.Replace(pairText, "eyJ-access", `eyJ\r\nX: y`, 1))}, 1, true, "no token that can be used"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p, c := answers(t, row.answers...)
			_, err := c.Refresh(t.Context(), feishu.NewSecret("eyJ-refresh-token"))
			if row.says != "" {
				wantError(t, err, row.says, "")
			} else if err != nil {
				t.Error(err)
			}
			sent := p.count()
			if sent != row.sent || isLost(err) != row.lost || endsLogin(err) || err != nil && hintOf(err) == "" {
				t.Errorf("sent %d times, lost %v, hint %q: %v", sent, isLost(err), hintOf(err), err)
			}
		})
	}
}

// TestWhatNeverLeft is tried again, and is no loss.
func TestWhatNeverLeft(t *testing.T) {
	t.Parallel()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket.Close() // nobody listens there now
	url := "http://" + socket.Addr().String()
	c, err := New(url, url, app(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Refresh(t.Context(), feishu.NewSecret("eyJ-refresh-token"))
	wantError(t, err, "refresh the login: dial tcp", "check the network")
	if isLost(err) {
		t.Error("it is taken for lost")
	}
}

// TestEveryCodeSaysWhatToDo, and what a server answers is in the line, escaped.
func TestEveryCodeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, m := range meanings() {
		e := &Error{Op: "x", Code: m.code, Name: m.name, sent: true}
		if m.reason == "" || m.hint == "" || !strings.Contains(e.Error(), m.reason) || e.Hint() != m.hint || strings.HasSuffix(m.hint, ".") {
			t.Errorf("%d %s: %v, %s", m.code, m.name, e, e.Hint())
		}
	}
	_, c := answers(t, says(400, `{"code":21000,"error":"invalid_grant","error_description":"a\u001b[2J\nb","challenge_url":"https://example.com/c"}`))
	_, err := c.Refresh(t.Context(), feishu.NewSecret("eyJ-refresh-token"))
	wantError(t, err, `refresh the login: the organisation's access policy wants something first: feishu answered code 21000, "a\x1b[2J\nb" (HTTP 400, log id 20260101ABC)`, "open https://example.com/c and do what it asks for")
}

// TestNoErrorShowsASecret: a server that sends back all that it was sent.
func TestNoErrorShowsASecret(t *testing.T) {
	t.Parallel()
	secrets := []string{"the-app-secret", "eyJ-refresh-0123456789", "the-code-0123456789", "device-0123456789"}
	for _, status := range []int{200, 400, 500} {
		var log bytes.Buffer
		p, c := answers(t, says(status, ""))
		c.options.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			form, _ := url.QueryUnescape(string(body) + r.Header.Get("Authorization"))
			w.Header().Set("X-Tt-Logid", form)
			says(status, fmt.Sprintf(`{"code":1,"error":%[1]q,"error_description":%[1]q,"challenge_url":%[1]q}`, form))(w)
		})
		_, err1 := c.Refresh(t.Context(), feishu.NewSecret(secrets[1]))
		_, err2 := c.Exchange(t.Context(), c.StartCode("http://127.0.0.1:9/callback", nil), secrets[2])
		_, err3 := c.token(t.Context(), opAwait, url.Values{"device_code": {secrets[3]}}, feishu.NewSecret(secrets[3]))
		err4 := c.Revoke(t.Context(), Grant{RefreshToken: feishu.NewSecret(secrets[1])})
		_, err5 := c.User(t.Context(), feishu.NewSecret(secrets[1]))
		shown := log.String() + fmt.Sprintf("%+v %#v", c, c)
		for _, err := range []error{err1, err2, err3, err4, err5} {
			shown += fmt.Sprintf("%v %#v %s", err, err, hintOf(err))
		}
		for _, secret := range secrets {
			if strings.Contains(shown, secret) {
				t.Errorf("HTTP %d: %q is shown: %s", status, secret, shown)
			}
		}
		if strings.Count(log.String(), "oauth/v3/token") < 3 {
			t.Errorf("not all is logged: %s", log.String())
		}
	}
}

// TestDevice: how a device grant ends, in virtual time.
func TestDevice(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		setting, fault string
		says, hints    string
		took           time.Duration
		polls          int
	}{
		{setting: "device_consent=poll", took: 10 * time.Second, polls: 2},
		{setting: "device_consent=slow_down", took: 15 * time.Second, polls: 2}, // ten seconds between
		{setting: "device_consent=denied", took: 5 * time.Second, polls: 1, says: "the user said no", hints: "log in again and consent"},
		{setting: "device_consent=expired", took: 5 * time.Second, polls: 1, says: "nobody consented in time", hints: "start again"},
		{setting: "device_consent=visit", took: 235 * time.Second, polls: 47, says: "nobody consented in time", hints: "start again"},
		{setting: "device_consent=poll", fault: "drop-before-commit", took: 25 * time.Second, polls: 3}, // a lost poll is asked again
		{setting: "device_consent=poll", fault: "html=502", took: 25 * time.Second, polls: 3},
		{setting: "device_consent=poll", fault: "throttle", took: 25 * time.Second, polls: 3},
		{setting: "device_consent=poll", fault: "error-before-commit=400/20069", took: 5 * time.Second, polls: 1, says: "the app is disabled", hints: "admin console"},
	} {
		t.Run(row.setting+" "+row.fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, err := sandbox.New(sandbox.Options{Switches: []string{row.setting}})
				if err != nil {
					t.Fatal(err)
				}
				if row.fault != "" {
					f, err := sandbox.ParseFault("oauth_token:*:" + row.fault)
					if err != nil {
						t.Fatal(err)
					}
					server.Fail(f)
				}
				c, err := New("http://127.0.0.1", "http://127.0.0.1", app(), Options{Transport: server.InProcess()})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				d, err := c.StartDevice(t.Context(), Scopes(false))
				if err != nil || d.UserCode == "" || !strings.HasPrefix(d.URL, "http://127.0.0.1/") {
					t.Fatalf("%+v %v", d, err)
				}
				g, err := c.AwaitDevice(t.Context(), d)
				if row.says != "" {
					wantError(t, err, row.says, row.hints)
				} else if err != nil || g.RefreshToken.IsZero() || !slices.Contains(g.Scopes, "helpdesk:all") {
					t.Error(g, err)
				}
				if took := time.Since(began); took.Round(5*time.Second) != row.took || server.Count("oauth_token") != row.polls {
					t.Errorf("took %v and %d polls", took, server.Count("oauth_token"))
				}
			})
		})
	}
}

// TestDeviceBehindAProxy that drops the header with the secret.
func TestDeviceBehindAProxy(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{Switches: []string{"device_secret=form"}})
	if _, err := d.client.StartDevice(t.Context(), Scopes(true)); err != nil || d.Count("device_authorization") != 2 {
		t.Error(err, d.Count("device_authorization"))
	}
}

// TestWeb: a browser comes back with a code, or with a no; strangers are sent away.
func TestWeb(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ setting, page, says string }{
		{"consent=granted", "You have consented", ""},
		{"consent=denied", "There is no consent", "wait for the consent: the user said no: feishu answered access_denied"},
	} {
		t.Run(row.setting, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{Switches: []string{row.setting}})
			port := freePort(t)
			g, err := d.client.Web(t.Context(), port, Scopes(true), func(address string) {
				for _, stranger := range []string{"/callback", "/callback?state=guess&code=x", "/", "/other"} {
					if resp, err := http.Get("http://127.0.0.1:" + strconv.Itoa(port) + stranger); err != nil || resp.StatusCode < 400 {
						t.Errorf("%s: %v %v", stranger, resp, err)
					}
				}
				resp, err := http.Get(address)
				if err != nil {
					t.Error(err)
					return
				}
				page, _ := io.ReadAll(resp.Body)
				if !strings.Contains(string(page), row.page) {
					t.Errorf("%s", page)
				}
			})
			if row.says != "" {
				wantError(t, err, row.says, "consent")
			} else if err != nil || g.AccessToken.IsZero() || slices.Contains(g.Scopes, "helpdesk:all") {
				t.Error(g, err)
			}
		})
	}
}

// TestWebEnds: no browser comes, or the port is somebody else's.
func TestWebEnds(t *testing.T) {
	t.Parallel()
	_, c := answers(t, says(200, pairText))
	ctx, stop := context.WithCancelCause(t.Context())
	_, err := c.Web(ctx, freePort(t), nil, func(string) { stop(errors.New("interrupted")) })
	wantError(t, err, "interrupted", "")
	for back, says := range map[string]string{
		"&error=server_error&error_description=a%1bb": `wait for the consent: feishu answered server_error, "a\x1bb"`, "": "neither a code nor a reason",
	} {
		port := freePort(t)
		_, err = c.Web(t.Context(), port, nil, func(address string) {
			sent, err := url.Parse(address)
			if err != nil {
				t.Error(err)
				return
			}
			resp, err := http.Get("http://127.0.0.1:" + strconv.Itoa(port) + "/callback?state=" + sent.Query().Get("state") + back)
			if err != nil || resp.StatusCode != 200 {
				t.Error(resp, err)
			}
		})
		wantError(t, err, says, "again")
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	_, err = c.Web(t.Context(), socket.Addr().(*net.TCPAddr).Port, nil, func(string) { t.Error("shown") })
	wantError(t, err, "of 127.0.0.1: bind: address already in use", "--port")
}

func freePort(t *testing.T) int {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	return socket.Addr().(*net.TCPAddr).Port
}
