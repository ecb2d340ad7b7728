package feishu

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// gateway takes the user token that is good at the moment and answers all others as it is told to.
type gateway struct {
	mu      sync.Mutex
	good    string
	refusal string
	served  int
	refused int
}

func (g *gateway) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(10 * time.Millisecond) // in which others send with the same token
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+g.good {
		g.refused++
		return respond(400, g.refusal), nil
	}
	g.served++
	return respond(200, found(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])), nil
}

func (g *gateway) issue(token string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.good = token
}

func (g *gateway) want(t *testing.T, served, refused int) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.served != served || g.refused != refused {
		t.Errorf("served %d, refused %d, want %d and %d", g.served, g.refused, served, refused)
	}
}

// shelf is a source that counts how often it was asked.
type shelf struct {
	token   Token
	err     error
	slow    time.Duration
	fetched int
	refused []string
}

func (s *shelf) source() TokenSource {
	return TokenSource{Name: "THE_SHELF", Ends: s.token.Ends, Fetch: func(ctx context.Context, refused Secret) (Token, error) {
		s.fetched++
		s.refused = append(s.refused, refused.Reveal())
		if err := elapse(ctx, s.slow); err != nil {
			return Token{}, err
		}
		return s.token, s.err
	}}
}

const expired = `{"code":99991677,"msg":"Authentication token expired"}`

// renewing is a client that began with the token u-first-token, which g takes as well.
func renewing(t *testing.T, s *shelf) (*gateway, *Client) {
	t.Helper()
	g := &gateway{good: "u-first-token", refusal: expired}
	settings := testSettings("http://127.0.0.1")
	settings.UserAccessToken, settings.UserTokens = NewSecret("u-first-token"), s.source()
	c, err := New(settings, Options{Transport: g, ReadRate: NoLimit, WriteRate: NoLimit})
	if err != nil {
		t.Fatal(err)
	}
	return g, c
}

func read(t *testing.T, c *Client) error {
	t.Helper()
	_, err := c.GetNotification(t.Context(), testID, "")
	return err
}

func TestEveryCodeOfAnEndedTokenRenewsIt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why     string
		code    int
		renewed bool
	}{
		{"expired", 99991677, true},
		{"not known any more, as after a refresh by somebody else", 99991668, true},
		{"the older code for expired", 20006, true},
		{"the older code for invalid", 20005, true},
		{"no token at all: another one brings nothing", 99991661, false},
		{"a tenant token: not one that has ended", 99991663, false},
		{"a missing scope", 99991679, false},
		{"the helpdesk header", 154001, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{token: Token{Value: NewSecret("u-second-token")}}
				g, c := renewing(t, s)
				g.issue("u-second-token")
				g.refusal = fmt.Sprintf(`{"code":%d,"msg":"x"}`, row.code)
				if err := read(t, c); (err == nil) != row.renewed || (s.fetched == 1) != row.renewed {
					t.Errorf("%v after %d fetched", err, s.fetched)
				}
			})
		})
	}
}

func TestOneOfManyRenewsTheUserToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{token: Token{Value: NewSecret("u-second-token")}, slow: time.Second}
		g, c := renewing(t, s)
		work(t, 32, 32, func(string) error { return read(t, c) })
		g.issue("u-second-token")
		work(t, 32, 32, func(string) error { return read(t, c) })
		g.want(t, 64, 32)
		if s.fetched != 1 || s.refused[0] != "u-first-token" {
			t.Errorf("fetched %d times after %q", s.fetched, s.refused)
		}
	})
}

// TestNoOtherToken: the answer that was met comes out, with where the token is from and why there
// is no other; the source is asked once for it, however many meet it, and again for the next.
func TestNoOtherToken(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		s    shelf
		want string
		hint string
	}{
		{"the file was not written yet", shelf{token: Token{Value: NewSecret("u-first-token")}},
			"the token of THE_SHELF has ended, and there is no other: it still gives the same one", "has expired"},
		{"the command fails", shelf{err: &settingError{"X", "exit status 1", "log in to the vault"}},
			"the token of THE_SHELF has ended, and there is no other: exit status 1", "log in to the vault"},
		{"what it says holds the token, and breaks lines", shelf{err: errors.New("cannot renew\nu-first-token")},
			`there is no other: cannot renew\n[secret]`, "has expired"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &row.s
				g, c := renewing(t, s)
				g.issue("u-nobody-has-it")
				work(t, 32, 64, func(string) error {
					if read(t, c) == nil {
						t.Error("no error")
					}
					return nil
				})
				err := read(t, c)
				e, ok := errors.AsType[*Error](err)
				if !ok || e.Code != 99991677 || !IsRefused(err) || !strings.Contains(err.Error(), row.want) || !strings.Contains(e.Hint(), row.hint) {
					t.Errorf("%v, hint %q", err, hintOf(err))
				}
				if s.fetched != 1 {
					t.Errorf("fetched %d times for one failure", s.fetched)
				}
			})
		})
	}
}

// TestTokenOfTheEnvironmentIsNeverRenewed, and its error is that of the answer.
func TestTokenOfTheEnvironmentIsNeverRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{refusal: expired}
		c := testClient(t, "http://127.0.0.1", Options{Transport: g})
		err := read(t, c)
		if want := `get notification 7000000000000000001: feishu answered code 99991677, "Authentication token expired" (HTTP 400, log id 20250101120000ABCDEF0123456789ABCD)`; err == nil || err.Error() != want {
			t.Error(err)
		}
		g.want(t, 0, 1)
	})
}

// TestUserTokenIsReplacedBeforeItsEnd where that is known, without a request in vain.
func TestUserTokenIsReplacedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := &shelf{token: Token{Ends: began.Add(2 * time.Hour)}}
		g, c := renewing(t, s)
		for i, row := range []struct {
			at      time.Duration
			fetched int
		}{
			{0, 0}, {115*time.Minute - 1, 0}, {115 * time.Minute, 1}, {116 * time.Minute, 1}, {4 * time.Hour, 2},
		} {
			time.Sleep(time.Until(began.Add(row.at)))
			if s.fetched < row.fetched {
				name := fmt.Sprintf("u-token-number-%d", i)
				s.token = Token{NewSecret(name), time.Now().Add(2 * time.Hour)}
				g.issue(name)
			}
			if err := read(t, c); err != nil || s.fetched != row.fetched {
				t.Errorf("after %v: %v, fetched %d", row.at, err, s.fetched)
			}
		}
		g.want(t, 5, 0)
	})
}

// TestWhatIsLeftOfATokenIsUsed when there is no other before its end: it is not asked for again
// until the token is refused.
func TestWhatIsLeftOfATokenIsUsed(t *testing.T) {
	t.Parallel()
	for _, row := range []shelf{{err: errors.New("no answer")}, {token: Token{Value: NewSecret("u-first-token")}}} {
		synctest.Test(t, func(t *testing.T) {
			s := &row
			s.token.Ends = time.Now().Add(time.Minute)
			g, c := renewing(t, s)
			for range 3 {
				if err := read(t, c); err != nil || s.fetched != 1 {
					t.Errorf("%v, fetched %d", err, s.fetched)
				}
			}
			s.token, s.err = Token{Value: NewSecret("u-second-token")}, nil
			g.issue("u-second-token")
			if err := read(t, c); err != nil || s.fetched != 2 {
				t.Errorf("%v, fetched %d", err, s.fetched)
			}
		})
	}
}

// TestWhoeverGivesUpLeavesTheSourceToTheNext: the end of one caller's context is not the source's
// last word.
func TestWhoeverGivesUpLeavesTheSourceToTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{token: Token{Value: NewSecret("u-second-token")}, slow: 10 * time.Second}
		g, c := renewing(t, s)
		g.issue("u-second-token")
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()
		if _, err := c.GetNotification(ctx, testID, ""); err == nil {
			t.Error("no error")
		}
		if err := read(t, c); err != nil || s.fetched != 2 {
			t.Errorf("%v, fetched %d", err, s.fetched)
		}
	})
}

// TestPatchIsNotRepeatedByItself: it is refused, the token is another one, and whoever sent it
// looks again.
func TestPatchIsNotRepeatedByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{token: Token{Value: NewSecret("u-second-token")}}
		g, c := renewing(t, s)
		g.issue("u-second-token")
		for _, want := range []error{ErrRenewed, nil} {
			slot, err := c.AcquireWrite(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = slot.Patch(t.Context(), testID, "", NotificationPatch{})
			if slot.Release(); !errors.Is(err, want) || err != nil && !IsRefused(err) {
				t.Errorf("%v, want %v", err, want)
			}
		}
		g.want(t, 1, 1)
	})
}

// TestPatchDoesNotWaitForAToken that somebody else is getting: what its sender saw would be old.
func TestPatchDoesNotWaitForAToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{token: Token{Value: NewSecret("u-second-token")}, slow: 10 * time.Second}
		g, c := renewing(t, s)
		slot, err := c.AcquireWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer slot.Release()
		g.issue("u-second-token")
		var reading sync.WaitGroup
		reading.Go(func() {
			if err := read(t, c); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Second) // in the middle of it
		g.issue("u-first-token")
		began := time.Now()
		if _, err := slot.Patch(t.Context(), testID, "", NotificationPatch{}); err != nil || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		g.issue("u-second-token")
		reading.Wait()
	})
}

func TestReadToken(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	for _, row := range []struct {
		why, printed, token string
		ends                time.Time
		err                 string
	}{
		{why: "the token alone", printed: "u-1\r\n", token: "u-1"},
		{why: "with what Windows puts in front of a text", printed: "\ufeffu-1\r\n", token: "u-1"},
		{why: "an object with an end in seconds", printed: `{"access_token":"u-1","expires_in":7200}`, token: "u-1", ends: in(2 * time.Hour)},
		{why: "seconds as text", printed: `{"access_token":"u-1","expires_in":"60"}`, token: "u-1", ends: in(time.Minute)},
		{why: "a time of RFC 3339", printed: `{"access_token":"u-1","expires_at":"2026-12-01T10:00:00Z"}`, token: "u-1", ends: in(time.Hour)},
		{why: "a time in seconds", printed: `{"access_token":"u-1","expires_at":1796119200}`, token: "u-1", ends: in(time.Hour)},
		{why: "a time in milliseconds", printed: `{"access_token":"u-1","expires_at":1796119200000}`, token: "u-1", ends: in(time.Hour)},
		{why: "no end is known", printed: ` {"access_token":"u-1","expires_at":null,"token_type":"Bearer"} `, token: "u-1"},
		{why: "nothing", printed: "\n", err: "no token was printed"},
		{why: "an object without a token", printed: `{"token":"u-1"}`, err: "no token was printed"},
		{why: "an error instead", printed: "vault: permission denied", err: "what was printed contains a space"},
		{why: "two lines", printed: "u-1\nu-2", err: "what was printed contains a line end"},
		{why: "a header's value", printed: "Bearer u-1", err: `what was printed contains "Bearer "`},
		{why: "broken JSON", printed: `{"access_token":`, err: "no JSON object"},
		{why: "a token that is no text", printed: `{"access_token":7}`, err: "no JSON object"},
		{why: "an end that is none", printed: `{"access_token":"u-1","expires_at":"soon"}`, err: "no time"},
		{why: "a life that is none", printed: `{"access_token":"u-1","expires_in":"long"}`, err: "no time"},
		{why: "a life that is over", printed: `{"access_token":"u-1","expires_in":0}`, err: "has ended already"},
		{why: "a life that was over", printed: `{"access_token":"u-1","expires_in":-1}`, err: "has ended already"},
		{why: "an end that this clock has seen, which may be wrong", printed: `{"access_token":"u-1","expires_at":1796110000}`, token: "u-1", ends: time.Unix(1796110000, 0)},
		{why: "JSON that is no object", printed: `["u-1"]`, err: "a quote or another character"},
		{why: "a text of JSON", printed: `"u-1"`, err: "a quote or another character"},
		{why: "a variable that nothing replaced", printed: "$TOKEN", err: "another character"},
	} {
		got, err := ReadToken([]byte(row.printed), now)
		if err != nil && (row.err == "" || !strings.Contains(err.Error(), row.err)) || err == nil && row.err != "" {
			t.Errorf("%s: %v", row.why, err)
		}
		if got.Value.Reveal() != row.token || !got.Ends.Equal(row.ends) {
			t.Errorf("%s: %q until %v", row.why, got.Value.Reveal(), got.Ends)
		}
	}
}

// TestHintsNameTheSource: whatever is to be looked at about a user access token is looked for where that
// came from.
func TestHintsNameTheSource(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"", envUserAccessToken + "_FILE", "FEISHU_TOKEN_COMMAND", "notiform auth login"} {
		for _, code := range []int{154001, 99991661, 99991663, 99991664, 99991668, 99991671, 99991677, 20005, 20006} {
			s := Settings{
				HelpdeskID: "1", HelpdeskToken: NewSecret("ht-1"), UserAccessToken: NewSecret("u-1"), UserTokens: TokenSource{Name: source},
			}
			answers := &gateway{refusal: fmt.Sprintf(`{"code":%d,"msg":"no"}`, code)}
			c, err := New(s, Options{Transport: answers})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.GetNotification(t.Context(), "1", "")
			e, ok := errors.AsType[*Error](err)
			want := source
			if want == "" {
				want = envUserAccessToken
			}
			if !ok || !strings.Contains(e.Hint(), "("+want+")") || strings.Count(e.Hint(), "("+envUserAccessToken+")") > 0 && source != "" {
				t.Errorf("%d with a token of %q: hint %q", code, source, e.Hint())
			}
		}
	}
}
