package auth

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

// TestMain lets the test binary be a process that refreshes a store, and that is killed on the way.
func TestMain(m *testing.M) {
	if os.Getenv("REFRESH_STORE") != "" {
		os.Exit(refreshProcess())
	}
	os.Exit(m.Run())
}

// refreshProcess refreshes a store as it is told to and prints how long the token that it has lives.
func refreshProcess() int {
	k := newKeeper(os.Getenv("REFRESH_STORE"), os.Getenv("REFRESH_AT"))
	steps, _ := strconv.Atoi(os.Getenv("KILL_AT"))
	k.Store.at = func(string) {
		if steps--; steps == 0 {
			self, _ := os.FindProcess(os.Getpid())
			self.Kill() // as kill -9 does
			select {}
		}
	}
	l, err := k.Refresh(noEnd{}, feishu.NewSecret(os.Getenv("REFUSED")), false)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(l.AccessToken.Reveal())
	return 0
}

// noEnd is a context that nothing ends.
type noEnd struct{}

func (noEnd) Deadline() (time.Time, bool) { return time.Time{}, false }
func (noEnd) Done() <-chan struct{}       { return nil }
func (noEnd) Err() error                  { return nil }
func (noEnd) Value(any) any               { return nil }

func app() App { return App{sandbox.DefaultAppID, feishu.NewSecret(sandbox.DefaultAppSecret)} }

func newKeeper(file, url string) *Keeper {
	return &Keeper{
		Store: OpenStore(file), Key: Key{Accounts: url}, Secret: app().Secret,
		Client: func(a App) (*Client, error) { return New(url, url, a, Options{}) },
	}
}

// desk is a sandbox, a client of it, and a store in a folder of its own.
type desk struct {
	*sandbox.Server
	t      *testing.T
	url    string
	client *Client
	file   string
	keeper *Keeper
}

func open(t *testing.T, o sandbox.Options) *desk {
	t.Helper()
	server, url := sandbox.Start(t, o)
	client, err := New(url, url, app(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "login.json")
	return &desk{server, t, url, client, file, newKeeper(file, url)}
}

// login puts a login into the store, as the code grant gives it.
func (d *desk) login() Login {
	d.t.Helper()
	r := d.client.StartCode("http://127.0.0.1:1/callback", Scopes(false))
	back := d.browse(r.URL)
	g, err := d.client.Exchange(d.t.Context(), r, back.Get("code"))
	if err != nil {
		d.t.Fatal(err)
	}
	l := Login{Key: Key{d.url, sandbox.DefaultAppID}, Grant: g, Granted: time.Now()}
	if err := d.keeper.Store.Put(d.t.Context(), l); err != nil {
		d.t.Fatal(err)
	}
	d.ForgetRequests()
	return l
}

// browse goes where a browser is sent and returns what it is sent back with.
func (d *desk) browse(url string) query {
	d.t.Helper()
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := stay.Get(url)
	if err != nil {
		d.t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		d.t.Fatal(resp.Status, err)
	}
	return query(back.Query())
}

type query map[string][]string

func (q query) Get(name string) string { return cmp.Or(append(q[name], "")...) }

// lives reports whether Feishu takes a token.
func (d *desk) lives(token feishu.Secret) bool {
	d.t.Helper()
	_, err := d.client.User(d.t.Context(), token)
	return err == nil
}

// stored is the login as the file has it now.
func (d *desk) stored() Login {
	d.t.Helper()
	l, err := OpenStore(d.file).Login(Key{Accounts: d.url})
	if err != nil {
		d.t.Fatal(err)
	}
	return l
}

// fault scripts trouble for the token endpoint.
func (d *desk) fault(text string) {
	d.t.Helper()
	f, err := sandbox.ParseFault("oauth_token:*:" + text)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Fail(f)
}

func hintOf(err error) string {
	h, ok := errors.AsType[interface {
		error
		Hint() string
	}](err)
	if !ok {
		return ""
	}
	return h.Hint()
}

func same(a, b feishu.Secret) bool { return a.Reveal() == b.Reveal() }

// wantError wants an error that says this, and a hint that says that.
func wantError(t *testing.T, err error, says, hints string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(hintOf(err), hints) {
		t.Errorf("%v\nhint: %s\nwant %q and %q", err, hintOf(err), says, hints)
	}
}
