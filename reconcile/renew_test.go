package reconcile

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu"
	"notiform/feishu/auth"
	"notiform/feishu/sandbox"
)

// loggedIn is a login at a desk: its client, and the grant that it gave.
func loggedIn(t *testing.T, d desk) (*auth.Client, auth.Grant) {
	t.Helper()
	c, err := auth.New(loopback, loopback, auth.App{ID: sandbox.DefaultAppID, Secret: feishu.NewSecret(sandbox.DefaultAppSecret)}, auth.Options{Transport: d.InProcess()})
	if err != nil {
		t.Fatal(err)
	}
	r := c.StartCode("http://127.0.0.1:1/callback", auth.Scopes(false))
	page, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := d.InProcess().RoundTrip(page)
	if err != nil {
		t.Fatal(err)
	}
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := c.Exchange(t.Context(), r, back.Query().Get("code"))
	if err != nil {
		t.Fatal(err)
	}
	return c, g
}

// refresher is the one job that holds a login. The others see what it publishes.
type refresher struct {
	mu    sync.Mutex
	grant auth.Grant
}

// work refreshes every hundred minutes until ctx ends.
func (r *refresher) work(ctx context.Context, t *testing.T, c *auth.Client) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(100 * time.Minute):
		}
		r.mu.Lock()
		g, err := c.Refresh(ctx, r.grant.RefreshToken)
		if r.grant = g; err != nil {
			t.Error(err)
		}
		r.mu.Unlock()
	}
}

func (r *refresher) published() auth.Grant {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.grant
}

// TestApplyOutlivesItsToken: three hours of writing, with a token that has half an hour left at the
// beginning and two hours each time it was renewed, leave no draft unwritten, whatever source the
// token has.
func TestApplyOutlivesItsToken(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why     string
		ended   string // what Feishu says of a token that has ended
		settle  func(t *testing.T, d desk, file string) feishu.TokenSource
		refused bool // the end is not known beforehand, so some requests are refused
	}{
		{"a file that a job replaces", "99991677", func(t *testing.T, d desk, _ string) feishu.TokenSource {
			read := publishes(t, d)
			s, err := feishu.SettingsFromEnv(
				func(name string) string { return map[string]string{"FEISHU_USER_ACCESS_TOKEN_FILE": "token"}[name] },
				func(string) ([]byte, error) { return []byte(read().AccessToken.Reveal() + "\n"), nil })
			if err != nil {
				t.Fatal(err)
			}
			return s.UserTokens
		}, true},
		{"a file, and a Feishu that has forgotten the token", "99991668", func(t *testing.T, d desk, _ string) feishu.TokenSource {
			read := publishes(t, d)
			return feishu.TokenSource{Name: "x", Fetch: func(context.Context, feishu.Secret) (feishu.Token, error) {
				return feishu.ReadToken([]byte(read().AccessToken.Reveal()), time.Now())
			}}
		}, true},
		{"a program that says when the token ends", "99991677", func(t *testing.T, d desk, _ string) feishu.TokenSource {
			read := publishes(t, d)
			return feishu.TokenSource{Name: "x", Fetch: func(context.Context, feishu.Secret) (feishu.Token, error) {
				g := read()
				text, err := json.Marshal(map[string]any{"access_token": g.AccessToken.Reveal(), "expires_at": g.Ends.Unix()})
				if err != nil {
					return feishu.Token{}, err
				}
				return feishu.ReadToken(text, time.Now())
			}}
		}, true}, // the job ends it a minute after it has made the next one
		{"the store of a login", "99991677", func(t *testing.T, d desk, file string) feishu.TokenSource {
			c, g := loggedIn(t, d)
			k := &auth.Keeper{
				Store: auth.OpenStore(file), Key: auth.Key{Accounts: loopback}, Secret: feishu.NewSecret(sandbox.DefaultAppSecret),
				Client: func(auth.App) (*auth.Client, error) { return c, nil },
			}
			l := auth.Login{Key: auth.Key{Accounts: loopback, AppID: sandbox.DefaultAppID}, Grant: g, Granted: time.Now()}
			if err := k.Store.Put(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			return k.Source()
		}, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "login.json")
			synctest.Test(t, func(t *testing.T) {
				const n, aMinute = 360, 2
				drafts := someDrafts(n)
				desk := inProcess(t, sandbox.Options{Switches: []string{"ended_token=" + row.ended}}, feishu.Options{})
				desk.holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
				source := row.settle(t, desk, file)
				time.Sleep(90 * time.Minute)
				first, err := source.Fetch(t.Context(), feishu.Secret{})
				if err != nil {
					t.Fatal(err)
				}
				source.Ends = first.Ends
				desk.client, err = feishu.New(feishu.Settings{
					BaseURL: loopback, HelpdeskID: sandbox.DefaultHelpdeskID, HelpdeskToken: feishu.NewSecret(sandbox.DefaultHelpdeskToken),
					UserAccessToken: first.Value, UserTokens: source,
				}, feishu.Options{Transport: desk.InProcess(), WriteRate: aMinute})
				if err != nil {
					t.Fatal(err)
				}
				p := desk.plan(t, drafts, Options{Parallelism: few})
				desk.ForgetRequests()
				began := time.Now()
				r := desk.apply(t, p, Options{Parallelism: few})
				if took := time.Since(began); took < 178*time.Minute {
					t.Errorf("it took only %v", took)
				}
				if want := (ResultSummary{Applied: n}); r.Summary != want {
					t.Errorf("%+v", r.Summary)
				}
				refreshes, refused := desk.Count("oauth_token"), desk.answered(http.StatusUnauthorized)+desk.answered(http.StatusBadRequest)
				if refreshes != 2 || (refused > 0) != row.refused || refused > 2*few {
					t.Errorf("%d refreshes, %d requests refused", refreshes, refused)
				}
			})
		})
	}
}

// publishes logs in, and refreshes until the test has ended.
func publishes(t *testing.T, d desk) func() auth.Grant {
	c, g := loggedIn(t, d)
	r := &refresher{grant: g}
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	go r.work(ctx, t, c)
	return r.published
}

// answered counts the requests that had this status.
func (d desk) answered(status int) int {
	n := 0
	for _, r := range d.Requests() {
		if r.Status == status {
			n++
		}
	}
	return n
}

// TestPatchThatMeetsTheEnd of its token is sent again after another look, with another token.
func TestPatchThatMeetsTheEnd(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(1)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
	client, err := feishu.New(feishu.Settings{
		BaseURL: desk.url, HelpdeskID: sandbox.DefaultHelpdeskID, HelpdeskToken: feishu.NewSecret(sandbox.DefaultHelpdeskToken),
		UserAccessToken: feishu.NewSecret("u-sandbox-write"), // good for both, like the next one
		UserTokens: feishu.TokenSource{Name: "x", Fetch: func(context.Context, feishu.Secret) (feishu.Token, error) {
			return feishu.Token{Value: feishu.NewSecret(sandbox.DefaultUserToken)}, nil
		}},
	}, feishu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	desk.client = client
	p := desk.plan(t, drafts, Options{})
	desk.ForgetRequests()
	f, err := sandbox.ParseFault("PATCH:*:error-before-commit=401/99991677")
	if err != nil {
		t.Fatal(err)
	}
	desk.Fail(f)
	r := desk.apply(t, p, Options{})
	if r.Summary != (ResultSummary{Applied: 1}) || desk.Count("PATCH") != 2 || desk.Count("GET") != 3 {
		t.Errorf("%+v after %d PATCH and %d GET", r.Summary, desk.Count("PATCH"), desk.Count("GET"))
	}
}
