package auth

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

// TestManyRefreshAtOnce: one refresh reaches the server, and everybody ends with a token that lives.
func TestManyRefreshAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			l, err := newKeeper(d.file, d.url).Refresh(t.Context(), old.AccessToken, false) // a lock of its own, as a process has
			if err != nil || same(l.AccessToken, old.AccessToken) || !d.lives(l.AccessToken) {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if n := d.Count("oauth_token"); n != 1 {
		t.Errorf("%d refreshes reached the server", n)
	}
}

// TestManyProcessesRefreshAtOnce is the same with processes.
func TestManyProcessesRefreshAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			out, err := d.process(old, 0)
			if token := feishu.NewSecret(strings.TrimSpace(out)); err != nil || same(token, old.AccessToken) || !d.lives(token) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	if n := d.Count("oauth_token"); n != 1 {
		t.Errorf("%d refreshes reached the server", n)
	}
}

// process runs refreshProcess, killed at a step unless that is 0.
func (d *desk) process(old Login, step int) (out string, err error) {
	cmd := exec.CommandContext(d.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "REFRESH_STORE="+d.file, "REFRESH_AT="+d.url, "REFUSED="+old.AccessToken.Reveal(), "KILL_AT="+strconv.Itoa(step))
	printed, err := cmd.Output()
	return string(printed), err
}

// TestKilledAtEveryStep: a refresh whose process is killed leaves a store that can be read, with the
// old pair or the new one; a killed one keeps no lock; and the next process goes on from there: it has
// a token that lives, or says that the answer was lost with the process.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	const steps = 10 // four of the note, that it is noted, that it is answered, four of the new pair
	for step := 1; step <= steps+1; step++ {
		t.Run(strconv.Itoa(step), func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{})
			old := d.login()
			_, err := d.process(old, step)
			if killed := err != nil; killed != (step <= steps) {
				t.Fatalf("step %d: %v", step, err)
			}
			now := d.stored()
			isOld, isNew := same(now.RefreshToken, old.RefreshToken), !same(now.RefreshToken, old.RefreshToken) && now.Unanswered == 0
			if want := step >= steps; isOld == isNew || isNew != want {
				t.Errorf("step %d: old pair %v, new pair %v", step, isOld, isNew)
			}
			answered := d.Count("oauth_token") == 1
			l, err := newKeeper(d.file, d.url).Refresh(t.Context(), old.AccessToken, false)
			switch lost := isOld && answered; {
			case lost:
				wantError(t, err, "the answer of an earlier refresh was lost, and with it the login", "notiform auth login")
			case err != nil || !d.lives(l.AccessToken):
				t.Errorf("step %d: %v", step, err)
			}
		})
	}
}

// TestLostAnswer: the old pair is kept and the loss noted; this run does not try again, the next one
// does, once.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, fault string
		spent      bool // the server has carried it out
	}{
		{"cut before it was looked at", "drop-before-commit", false},
		{"cut after it was carried out", "drop-after-commit", true},
		{"cut in the answer", "drop-in-answer", true},
		{"half an answer", "truncate", true},
		{"a gateway's page", "html=502", false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{})
			old := d.login()
			d.fault(row.fault)
			for range 2 {
				_, err := d.keeper.Refresh(t.Context(), old.AccessToken, false)
				wantError(t, err, "the answer was lost, so nobody knows", "the next run tries it once more")
			}
			if n, now := d.Count("oauth_token"), d.stored(); n != 1 || !same(now.RefreshToken, old.RefreshToken) || now.Unanswered != 1 {
				t.Errorf("%d refreshes were sent, %d noted", n, now.Unanswered)
			}
			l, err := newKeeper(d.file, d.url).Refresh(t.Context(), old.AccessToken, false)
			if row.spent {
				wantError(t, err, "the refresh token was used already", "notiform auth login")
			} else if err != nil || !d.lives(l.AccessToken) || d.stored().Unanswered != 0 {
				t.Error(err)
			}
		})
	}
}

// TestLostTwice: nothing is tried any more unless somebody insists.
func TestLostTwice(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	d.fault("drop-before-commit:2")
	for range 2 {
		if _, err := newKeeper(d.file, d.url).Refresh(t.Context(), old.AccessToken, false); err == nil {
			t.Error("no error")
		}
	}
	_, err := newKeeper(d.file, d.url).Refresh(t.Context(), old.AccessToken, false)
	wantError(t, err, "the last two refreshes of the login got no answer", "notiform auth refresh")
	if n := d.Count("oauth_token"); n != 2 {
		t.Errorf("%d were sent", n)
	}
	if l, err := newKeeper(d.file, d.url).Refresh(t.Context(), old.AccessToken, true); err != nil || !d.lives(l.AccessToken) {
		t.Error(err)
	}
}

// TestWhatEndsALogin: of the codes of a refusal only those of the API's page end the login; it is kept
// aside then. All others leave the store as it was.
func TestWhatEndsALogin(t *testing.T) {
	t.Parallel()
	ends := []int{20008, 20009, 20010, 20024, 20026, 20037, 20048, 20064, 20066, 20069, 20073, 20074}
	keeps := []int{20001, 20002, 20036, 20063, 20067, 20068, 20070, 21000, 21001, 99991400, 99991401, 12345}
	for i, code := range append(ends, keeps...) {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			t.Parallel()
			d := open(t, sandbox.Options{})
			old := d.login()
			d.fault("error-before-commit=400/" + strconv.Itoa(code))
			_, err := d.keeper.Refresh(t.Context(), old.AccessToken, false)
			wantError(t, err, "feishu answered code "+strconv.Itoa(code), "")
			aside, _ := filepath.Glob(d.file + ".ended-*")
			_, gone := OpenStore(d.file).Login(old.Key)
			if ended := i < len(ends); ended != (len(aside) == 1) || ended != errors.Is(gone, ErrNoLogin) || hintOf(err) == "" {
				t.Errorf("aside %q, in the store: %v, hint %q", aside, gone, hintOf(err))
			}
			if len(aside) == 1 {
				l, err := OpenStore(aside[0]).Login(old.Key)
				if err != nil || !same(l.RefreshToken, old.RefreshToken) {
					t.Errorf("kept aside: %v", err)
				}
			} else if now := d.stored(); now.Unanswered != 0 || !same(now.RefreshToken, old.RefreshToken) {
				t.Errorf("%d noted", now.Unanswered)
			}
			if n := d.Count("oauth_token"); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

// TestOthersStay: a login that ends takes no other with it, nor the place that another one is kept at.
func TestOthersStay(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	other := old
	other.AppID = "cli_other"
	if err := d.keeper.Store.Put(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	_, err := d.keeper.Store.Login(Key{Accounts: d.url})
	wantError(t, err, "the store holds logins of several apps", "FEISHU_APP_ID")
	_, err = d.keeper.Store.Login(Key{d.url, "cli_third"})
	wantError(t, err, "nobody is logged in here with cli_third at "+d.url+"; the store holds logins of "+sandbox.DefaultAppID+" at "+d.url+", cli_other at "+d.url, "FEISHU_APP_ID")
	_, err = d.keeper.Store.Login(Key{Accounts: "https://accounts.larksuite.com"})
	wantError(t, err, "nobody is logged in here with any app at https://accounts.larksuite.com; the store holds logins of", "FEISHU_BASE_URL")
	if !errors.Is(err, ErrNoLogin) || !errors.Is(err, ErrOtherLogin) {
		t.Error(err)
	}
	d.fault("error-before-commit=400/20064")
	d.keeper.Key = old.Key
	if _, err := d.keeper.Refresh(t.Context(), old.AccessToken, false); !endsLogin(err) {
		t.Error(err)
	}
	if l, err := d.keeper.Store.Login(Key{Accounts: d.url}); err != nil || l.AppID != "cli_other" {
		t.Error(l.AppID, err)
	}
	d.fault("error-before-commit=400/20064")
	d.keeper.Key = other.Key
	if _, err := d.keeper.Refresh(t.Context(), other.AccessToken, false); !endsLogin(err) {
		t.Error(err)
	}
	if aside, _ := filepath.Glob(d.file + ".ended-*"); len(aside) != 2 {
		t.Errorf("of two that end at once %q are kept", aside)
	}
}

// TestStoreIsRefused where it is not what it has to be, and nothing of it is quoted.
func TestStoreIsRefused(t *testing.T) {
	t.Parallel()
	const good = `{"version":1,"logins":[{"accounts":"a","app_id":"b","access_token":"u-secret-token","refresh_token":"ur-secret-token"}]}`
	for _, row := range []struct {
		why, text   string
		mode        os.FileMode
		says, hints string
	}{
		{"the group may read it", good, 0o640, "has the permissions -rw-r-----", "chmod 600"},
		{"everybody may read it", good, 0o604, "has the permissions -rw----r--", "chmod 600"},
		{"it may be run", good, 0o700, "has the permissions -rwx------", "chmod 600"},
		{"it is cut", good[:100], 0o600, "is damaged", "log in again"},
		{"it is empty", "", 0o600, "is damaged", "log in again"},
		{"it is another file", `{"u-secret-token":1}`, 0o600, "is damaged", "log in again"},
		{"a newer notiform wrote it", `{"version":2,"logins":[]}`, 0o600, "has version 2", "newer notiform"},
	} {
		file := filepath.Join(t.TempDir(), "login.json")
		if err := os.WriteFile(file, []byte(row.text), row.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, row.mode); err != nil { // whatever the umask is
			t.Fatal(err)
		}
		for _, err := range []error{
			func() error { _, err := OpenStore(file).Login(Key{Accounts: "a"}); return err }(),
			OpenStore(file).Ready(t.Context()),
			OpenStore(file).Put(t.Context(), Login{Key: Key{"a", "b"}}),
		} {
			wantError(t, err, row.says, row.hints)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", row.why, err)
			}
		}
		if text, _ := os.ReadFile(file); string(text) != row.text {
			t.Errorf("%s: it was written over", row.why)
		}
	}
}

// TestStoreOnDisk: it is its owner's alone, a link stays a link, and what a crash left beside it is gone.
func TestStoreOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "real.json"), filepath.Join(dir, "new", "login.json")
	if err := errors.Join(os.Mkdir(filepath.Dir(link), 0o700), os.Symlink(file, link), os.WriteFile(file, []byte(`{"version":1}`), 0o600),
		os.WriteFile(file+".new", []byte("left by a crash"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := OpenStore(link).Put(t.Context(), Login{Key: Key{"a", "b"}, Grant: Grant{AccessToken: feishu.NewSecret("u-1")}}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if kind, _ := os.Lstat(link); kind.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.new")); len(left) != 0 {
		t.Error(left)
	}
	if l, err := OpenStore(link).Login(Key{Accounts: "a"}); err != nil || l.AccessToken.Reveal() != "u-1" {
		t.Error(err)
	}
}

// TestLinkToNothingYet leads to where the store is made.
func TestLinkToNothingYet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "login.json")
	for _, leads := range []string{filepath.Join("below", "real.json"), filepath.Join(t.TempDir(), "far", "real.json")} {
		if err := os.Symlink(leads, link); err != nil {
			t.Fatal(err)
		}
		store := OpenStore(link)
		if err := errors.Join(store.Ready(t.Context()), store.Put(t.Context(), Login{Key: Key{"a", "b"}})); err != nil {
			t.Error(err)
		}
		if led, err := os.Readlink(link); err != nil || led != leads {
			t.Error("the link is gone", err)
		}
		if _, err := store.Login(Key{"a", "b"}); err != nil {
			t.Error(err)
		}
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNoLockNoRefresh: while somebody else holds the lock nothing is sent, and the wait ends.
func TestNoLockNoRefresh(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	held := flock.New(d.file + ".lock")
	if ok, err := held.TryLock(); !ok || err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := d.keeper.Refresh(t.Context(), old.AccessToken, false)
		wantError(t, err, "another process has held the store's lock for 1m0s", "which process")
		if took := time.Since(began); took != 2*lockWait {
			t.Error(took)
		}
	})
	if n := d.Count("oauth_token"); n != 0 {
		t.Errorf("%d were sent", n)
	}
}

// TestLockOfALink is that of the file: whoever comes by another name waits all the same.
func TestLockOfALink(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(d.file, link); err != nil {
		t.Fatal(err)
	}
	unlock, err := d.keeper.Store.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, stop := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, errors.New("still locked"))
	defer stop()
	_, err = newKeeper(link, d.url).Refresh(ctx, old.AccessToken, false)
	wantError(t, err, "still locked", "which process")
}

// TestSource: what the API's client is given, and when that is refreshed.
func TestSource(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	var told []error
	d.keeper.Tell = func(err error) { told = append(told, err) }
	source := d.keeper.Source()
	get := func(refused feishu.Secret) (feishu.Token, error) { return source.Fetch(t.Context(), refused) }

	if got, err := get(feishu.Secret{}); err != nil || !same(got.Value, old.AccessToken) || d.Count("") != 0 {
		t.Error("a token that lives", err)
	}
	got, err := get(old.AccessToken)
	if err != nil || same(got.Value, old.AccessToken) || d.Count("oauth_token") != 1 {
		t.Error("a token that was refused", err)
	}
	if again, err := get(old.AccessToken); err != nil || !same(again.Value, got.Value) || d.Count("oauth_token") != 1 {
		t.Error("a token that was refused, and replaced since", err)
	}
	soon := d.stored()
	soon.Ends = time.Now().Add(feishu.TokenLead - time.Second)
	if err := d.keeper.Store.Put(t.Context(), soon); err != nil {
		t.Fatal(err)
	}
	d.fault("error-before-commit=400/20002")
	if kept, err := get(feishu.Secret{}); err != nil || !same(kept.Value, soon.AccessToken) || len(told) != 1 {
		t.Error("what is left of a token does, and it is told why", err, told)
	}
	if next, err := get(feishu.Secret{}); err != nil || same(next.Value, soon.AccessToken) || len(told) != 1 {
		t.Error("a token that ends soon", err)
	}
	d.keeper.Secret = feishu.Secret{}
	_, err = get(d.stored().AccessToken)
	wantError(t, err, "FEISHU_APP_SECRET is not set", "set FEISHU_APP_SECRET")
}

// TestInterruptedRefreshIsWaitedFor: its answer holds the only token that counts.
func TestInterruptedRefreshIsWaitedFor(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	old := d.login()
	ctx, stop := context.WithCancel(t.Context())
	d.keeper.Store.at = func(step string) {
		if step == "noted" {
			stop()
		}
	}
	if l, err := d.keeper.Refresh(ctx, old.AccessToken, false); err != nil || !d.lives(l.AccessToken) {
		t.Error(err)
	}
}

// TestForget revokes, and forgets also when that fails.
func TestForget(t *testing.T) {
	t.Parallel()
	for _, fails := range []error{nil, errors.New("no answer")} {
		d := open(t, sandbox.Options{})
		old := d.login()
		err := d.keeper.Store.Forget(t.Context(), old.Key, func(l Login) error {
			return errors.Join(fails, d.client.Revoke(t.Context(), l.Grant))
		})
		if !errors.Is(err, fails) || d.lives(old.AccessToken) {
			t.Error(err)
		}
		if _, err := d.keeper.Store.Login(old.Key); !errors.Is(err, ErrNoLogin) {
			t.Error(err)
		}
	}
}
