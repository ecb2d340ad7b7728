package feishu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testAppID     = "cli_a1b2c3d4e5f60718"
	testAppSecret = "aQ4xw8LrZt2pVn6b"
)

// appSettings have an app instead of a tenant token.
func appSettings(base string) Settings {
	s := testSettings(base)
	s.TenantAccessToken, s.AppID, s.AppSecret = Secret{}, testAppID, NewSecret(testAppSecret)
	return s
}

// office is a server of tokens and tickets, as a RoundTripper. It takes each token
// that it has issued until its end, unless it was revoked.
type office struct {
	slow     time.Duration // how long an answer takes
	validity time.Duration

	mu      sync.Mutex
	issued  int
	until   map[string]time.Time
	posted  int
	refused int
}

func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/internal") {
		return o.issue(r)
	}
	time.Sleep(o.slow) // in which others send with the same token
	o.mu.Lock()
	defer o.mu.Unlock()
	if !time.Now().Before(o.until[r.Header.Get("Authorization")]) {
		o.refused++
		return respond(400, `{"code":99991663,"msg":"Invalid access token for authorization."}`), nil
	}
	o.posted++
	return respond(200, posted), nil
}

func (o *office) issue(r *http.Request) (*http.Response, error) {
	if err := elapse(r.Context(), o.slow); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.issued++
	token := fmt.Sprintf("t-issued-%d", o.issued)
	o.until["Bearer "+token] = time.Now().Add(o.validity)
	return respond(200, fmt.Sprintf(`{"code":0,"msg":"ok","tenant_access_token":%q,"expire":%d}`, token, int(o.validity.Seconds()))), nil
}

// revoke makes every token worthless.
func (o *office) revoke() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.until)
}

func (o *office) want(t *testing.T, issued, posted, refused int) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.issued != issued || o.posted != posted || o.refused != refused {
		t.Errorf("issued %d, posted %d, refused %d; want %d, %d, %d", o.issued, o.posted, o.refused, issued, posted, refused)
	}
}

func newOffice(t *testing.T, slow, validity time.Duration) (*office, *Client) {
	t.Helper()
	o := &office{slow: slow, validity: validity, until: map[string]time.Time{}}
	c, err := New(appSettings(""), Options{Transport: o})
	if err != nil {
		t.Fatal(err)
	}
	return o, c
}

func TestTenantTokenOnTheWire(t *testing.T) {
	t.Parallel()
	var got []wire
	s := listen(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, wire{r.Method + " " + r.RequestURI, r.Header, string(body)})
		if len(got) == 1 {
			reply(w, 200, `{"code":0,"msg":"ok","tenant_access_token":"t-issued","expire":7200}`)
			return
		}
		reply(w, 200, posted)
	})
	c, err := New(appSettings(s.URL), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AuthorizeTickets(t.Context()); err != nil || len(got) != 1 {
		t.Fatal(err, got)
	}
	if _, err := post(t, c); err != nil || len(got) != 2 {
		t.Fatal(err, got)
	}
	want := wire{
		Line: "POST /open-apis/auth/v3/tenant_access_token/internal",
		Body: `{"app_id":"cli_a1b2c3d4e5f60718","app_secret":"aQ4xw8LrZt2pVn6b"}`,
		Header: http.Header{ // no other credential goes along
			"Content-Type": {"application/json; charset=utf-8"}, "Content-Length": {"65"}, "Accept-Encoding": {"gzip"}, "User-Agent": {"notiform"},
		},
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if got := got[1].Header.Get("Authorization"); got != "Bearer t-issued" {
		t.Error(got)
	}
}

// TestTenantTokenIsKept until three minutes before its end.
func TestTenantTokenIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, c := newOffice(t, time.Second, 2*time.Hour)
		began := time.Now()
		for _, row := range []struct{ at, issued time.Duration }{
			{0, 1}, {time.Hour, 1},
			{117*time.Minute - time.Nanosecond, 1}, // of the client's own clock, which ran before the server's did
			{117 * time.Minute, 2}, {3 * time.Hour, 2}, {24 * time.Hour, 3},
		} {
			time.Sleep(time.Until(began.Add(row.at)))
			if _, err := post(t, c); err != nil || o.issued != int(row.issued) {
				t.Errorf("after %v: %d issued, %v", row.at, o.issued, err)
			}
		}
		o.want(t, 3, 6, 0)
	})
}

func TestOneOfManyGetsTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, c := newOffice(t, time.Second, 2*time.Hour)
		work(t, 30, 30, func(string) error { _, err := post(t, c); return err })
		o.want(t, 1, 30, 0)
		o.revoke()
		work(t, 30, 30, func(string) error { _, err := post(t, c); return err })
		o.want(t, 2, 60, 30)
	})
}

// TestWhoeverGivesUpLeavesTheTokenToTheNext: a caller whose context ends while it
// gets the token, or waits for it, does the others no harm.
func TestWhoeverGivesUpLeavesTheTokenToTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, c := newOffice(t, 10*time.Second, 2*time.Hour)
		var all sync.WaitGroup
		for i, patience := range []time.Duration{5 * time.Second, 12 * time.Second, time.Hour} {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				ctx, stop := context.WithTimeout(t.Context(), patience)
				defer stop()
				_, err := c.PostTicketMessage(ctx, testTicket, []byte(testContent))
				if patience == time.Hour && err != nil {
					t.Error(err)
				}
				if patience < time.Hour && (!errors.Is(err, context.DeadlineExceeded) || !IsRefused(err)) {
					t.Errorf("%v, refused %v", err, IsRefused(err))
				}
			})
		}
		all.Wait()
		o.want(t, 1, 1, 0)
	})
}

func TestRefusedTokenIsGotAnewOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, c := newOffice(t, 0, 2*time.Hour)
		if err := c.AuthorizeTickets(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.revoke()
		if id, err := post(t, c); err != nil || id == "" {
			t.Error(id, err)
		}
		o.want(t, 2, 1, 1)
		o.revoke()
		o.validity = 0 // what is issued now is worthless at once
		_, err := post(t, c)
		if err == nil || !IsRefused(err) || !strings.Contains(hintOf(err), "FEISHU_APP_ID") {
			t.Error(err, hintOf(err))
		}
		o.want(t, 3, 1, 3)
	})
}

func TestGivenTokenIsNeverReplaced(t *testing.T) {
	t.Parallel()
	o := &office{until: map[string]time.Time{}}
	settings := appSettings("")
	settings.TenantAccessToken = NewSecret("t-given")
	c, err := New(settings, Options{Transport: o})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := post(t, c); err == nil || c.AuthorizeTickets(t.Context()) != nil {
		t.Error(err)
	}
	o.want(t, 0, 0, 1)
}

// TestTenantTokenCodes: failures come under HTTP 200, and each is told plainly,
// with nothing of the helpdesk touched.
func TestTenantTokenCodes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		status         int
		body           string
		problem, hint  string
		attempts, code int
	}{
		{200, `{"code":10003,"data":{},"msg":"invalid param"}`, "the app id is not accepted: feishu answered code 10003", "FEISHU_APP_ID", 1, 10003},
		{200, `{"code":10014,"msg":"app id not exists"}`, "the app id or the app secret is wrong: feishu answered code 10014", "check FEISHU_APP_ID and FEISHU_APP_SECRET", 1, 10014},
		{200, `{"code":10014,"msg":"app status unavailable"}`, "the app id or the app secret is wrong", "then see that the app is enabled", 1, 10014},
		{200, `{"code":10015,"msg":"app secret invalid"}`, "the app secret is wrong: feishu answered code 10015", "FEISHU_APP_SECRET", 1, 10015},
		{200, `{"code":99991543,"msg":"x"}`, "the app id or the app secret is wrong", "FEISHU_APP_SECRET", 1, 99991543},
		{400, `{"code":99991543,"msg":"x"}`, "the app id or the app secret is wrong", "FEISHU_APP_SECRET", 1, 99991543},
		{200, `{"code":2200,"msg":"internal error"}`, "feishu answered code 2200", "", 4, 2200},
		{500, `{"code":155000,"msg":"x"}`, "feishu answered code 155000", "try again", 4, 155000},
		{400, `{"code":10003,"msg":"x","error":"not an object"}`, "the app id is not accepted", "FEISHU_APP_ID", 1, 10003},
		{200, `{"code":0,"msg":"ok"}`, "the answer holds no token", "support", 1, 0},
		{200, `{"code":0,"tenant_access_token":"t-1\r\nX: y","expire":7200}`, "the answer holds no token", "support", 1, 0},
		{200, `{"code":0,"tenant_access_token":7,"expire":7200}`, "unexpected number", "support", 1, 0},
		{200, `{"tenant_access_token":"t-1"}`, "a JSON answer without a code", "FEISHU_BASE_URL", 1, 0},
	} {
		t.Run(row.body, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(answers(row.status, row.body))
				c, err := New(appSettings(""), Options{Transport: s})
				if err != nil {
					t.Fatal(err)
				}
				err = c.AuthorizeTickets(t.Context())
				if err == nil || !strings.HasPrefix(err.Error(), "get tenant access token: ") || !strings.Contains(err.Error(), row.problem) {
					t.Fatal(err)
				}
				var e *Error
				if !errors.As(err, &e) || e.Code != row.code || !IsRefused(err) || !strings.Contains(hintOf(err), row.hint) {
					t.Errorf("%+v, hint %q", e, hintOf(err))
				}
				if len(s.at) != row.attempts {
					t.Errorf("%d attempts", len(s.at))
				}
				if _, err := post(t, c); err == nil || !strings.HasPrefix(err.Error(), "post message to ticket "+testTicket+": get tenant access token: ") || !IsRefused(err) {
					t.Error(err)
				}
			})
		})
	}
}

// TestTenantTokenOfUnknownLife is used, and got anew for the next message.
func TestTenantTokenOfUnknownLife(t *testing.T) {
	t.Parallel()
	for _, expire := range []string{``, `,"expire":0`, `,"expire":-7`, `,"expire":179`, `,"expire":null`} {
		s := play(
			answers(200, `{"code":0,"tenant_access_token":"t-1"`+expire+`}`), answers(200, posted),
			answers(200, `{"code":0,"tenant_access_token":"t-2"`+expire+`}`), answers(200, posted))
		c, err := New(appSettings(""), Options{Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := post(t, c); err != nil {
				t.Errorf("%s: %v", expire, err)
			}
		}
		if len(s.at) != 4 {
			t.Errorf("%s: %d requests", expire, len(s.at))
		}
	}
}

func TestTicketMessageWithoutSettings(t *testing.T) {
	t.Parallel()
	settings := testSettings("")
	settings.TenantAccessToken, settings.AppSecret = Secret{}, Secret{}
	s := play(good)
	c, err := New(settings, Options{Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	var missing *settingError
	if _, err := post(t, c); !errors.As(err, &missing) || missing.name != "FEISHU_TENANT_ACCESS_TOKEN" || len(s.at) != 0 {
		t.Error(err)
	}
}

// TestNoTicketErrorShowsASecret: servers that send back all that they were sent
// or have issued themselves, on the way to a token and on the way to a ticket.
func TestNoTicketErrorShowsASecret(t *testing.T) {
	t.Parallel()
	const issuedToken = "t-9d3f50c1e8b742aa"
	for _, row := range []struct{ why, mint, post string }{
		{"the token is refused", `{"code":10015,"msg":%q}`, ``},
		{"the token is odd", `{"code":0,"msg":%q,"tenant_access_token":" "}`, ``},
		{"the message is refused", ``, `{"code":154000,"msg":%[1]q,"error":{"log_id":%[1]q}}`},
		{"the message is lost", ``, `<html>%q`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			s := listen(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				all := r.Header.Get("Authorization") + " " + r.Header.Get("X-Lark-Helpdesk-Authorization") + " " + string(body)
				w.Header().Set("X-Tt-Logid", all)
				w.Header().Set("Content-Type", "application/json")
				switch {
				case !strings.HasSuffix(r.URL.Path, "/internal"):
					fmt.Fprintf(w, row.post, all)
				case row.mint != "":
					fmt.Fprintf(w, row.mint, all)
				default:
					fmt.Fprintf(w, `{"code":0,"tenant_access_token":%q,"expire":7200}`, issuedToken)
				}
			})
			var log strings.Builder
			c, err := New(appSettings(s.URL), Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			if err != nil {
				t.Fatal(err)
			}
			_, err = post(t, c)
			if err == nil {
				t.Fatal("no error")
			}
			shown := fmt.Sprintf("%v %+v %#v %q %s\n%#v\n%s", err, err, err, err, hintOf(err), c, &log)
			for ; err != nil; err = errors.Unwrap(err) {
				shown += fmt.Sprintf("%v %#v", err, err)
			}
			for _, secret := range []string{testAppSecret, issuedToken, testHTToken, testUserToken, c.helpdesk.Reveal()} {
				if part := shared(shown, secret); part != "" {
					t.Errorf("%q of %q is shown: %s", part, secret, shown)
				}
			}
			if !strings.Contains(log.String(), "tenant_access_token/internal") {
				t.Error("nothing was logged", log.String())
			}
		})
	}
}
