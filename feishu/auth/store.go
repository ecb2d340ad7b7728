package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofrs/flock"

	"notiform/feishu"
)

// Store is the file that holds logins, and those who may write it one after the other.
type Store struct {
	file string
	at   func(step string) // told of each step of a write; nil for nobody
}

// OpenStore returns the store in that file, which need not be there yet.
func OpenStore(file string) *Store { return &Store{file: file} }

// Key names a login in a store. Without an app id it is the only login at the host.
type Key struct{ Accounts, AppID string }

// Login is a user's consent and the pair of tokens that came of it last.
type Login struct {
	Key
	Grant
	User       User
	Granted    time.Time // when the user consented
	Unanswered int       // refreshes in a row that were sent, and of which no answer was seen
}

// yearly is how long after the user's consent a refresh is refused with 20037 (the API page "Refresh
// user_access_token").
const yearly = 365 * 24 * time.Hour

// Due is when the user has to log in again, however often the login was refreshed; where it cannot be, when
// its token ends.
func (l Login) Due() time.Time {
	if l.RefreshToken.IsZero() {
		return l.Ends
	}
	return l.Granted.Add(yearly)
}

// ErrNoLogin is the error of a store that holds no such login; if it holds others, that is an
// ErrOtherLogin as well, which names them.
var (
	ErrNoLogin    = errors.New(noLogin)
	ErrOtherLogin = errors.New(otherLogin)
)

type otherLogins struct{ error }

func (otherLogins) Is(target error) bool { return target == ErrNoLogin || target == ErrOtherLogin }

// fault is what is wrong with a store, and what to do.
type fault struct {
	error
	hint string
}

func (f fault) Hint() string  { return f.hint }
func (f fault) Unwrap() error { return f.error }

// stored is the store as its file has it. The tokens are plain text nowhere else.
type stored struct {
	Version int           `json:"version"`
	Logins  []storedLogin `json:"logins"`
}

const storeVersion = 1

type storedLogin struct {
	Accounts     string    `json:"accounts"`
	AppID        string    `json:"app_id"`
	AccessToken  string    `json:"access_token"`
	Ends         time.Time `json:"access_token_ends"`
	RefreshToken string    `json:"refresh_token,omitzero"`
	RefreshEnds  time.Time `json:"refresh_token_ends,omitzero"`
	Scopes       []string  `json:"scopes"`
	User         User      `json:"user"`
	Granted      time.Time `json:"granted"`
	Unanswered   int       `json:"unanswered_refreshes,omitzero"`
}

func (l Login) stored() storedLogin {
	return storedLogin{
		l.Accounts, l.AppID, l.AccessToken.Reveal(), l.Ends.UTC(), l.RefreshToken.Reveal(), l.RefreshEnds.UTC(), l.Scopes, l.User, l.Granted.UTC(), l.Unanswered,
	}
}

func (l storedLogin) login() Login {
	return Login{
		Key{l.Accounts, l.AppID},
		Grant{AccessToken: feishu.NewSecret(l.AccessToken), RefreshToken: feishu.NewSecret(l.RefreshToken), Ends: l.Ends, RefreshEnds: l.RefreshEnds, Scopes: l.Scopes},
		l.User, l.Granted, l.Unanswered,
	}
}

// Login returns a login. It waits for nobody: the file is replaced as a whole.
func (s *Store) Login(k Key) (Login, error) {
	all, i, err := s.find(k)
	if err != nil {
		return Login{}, err
	}
	return all.Logins[i].login(), nil
}

// find reads the store, and returns it with the place of a login in it.
func (s *Store) find(k Key) (all stored, i int, err error) {
	if all, err = s.read(); err == nil {
		i, err = all.find(k)
	}
	return all, i, err
}

// find returns the place of a login.
func (all stored) find(k Key) (int, error) {
	found := -1
	for i, l := range all.Logins {
		switch {
		case l.Accounts != k.Accounts || k.AppID != "" && l.AppID != k.AppID:
		case found >= 0:
			return -1, fault{errors.New(severalLogins), hintAppID}
		default:
			found = i
		}
	}
	switch {
	case found >= 0:
		return found, nil
	case len(all.Logins) == 0:
		return -1, fault{ErrNoLogin, hintFirstLogin}
	}
	var others []string
	for _, l := range all.Logins {
		others = append(others, fmt.Sprintf(appAt, l.AppID, l.Accounts))
	}
	return -1, fault{otherLogins{fmt.Errorf(noSuchLogin, cmp.Or(k.AppID, anyApp), k.Accounts, strings.Join(others, ", "))}, hintOtherLogin}
}

// Ready returns what would keep Put from storing a login, before somebody consents to one in vain. It
// tries whether the folder takes a file.
func (s *Store) Ready(ctx context.Context) error {
	_, unlock, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	f, err := beside(s.target())
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	return s.unwritten(err)
}

// open locks a store that need not be there yet, and reads it.
func (s *Store) open(ctx context.Context) (all stored, unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(s.target()), 0o700); err != nil {
		return all, nil, s.unwritten(err)
	}
	if unlock, err = s.lock(ctx); err != nil {
		return all, nil, err
	}
	if all, err = s.read(); err != nil && !errors.Is(err, ErrNoLogin) {
		unlock()
		return all, nil, err
	}
	return all, unlock, nil
}

// Put adds a login, in place of one of the same key.
func (s *Store) Put(ctx context.Context, l Login) error {
	all, unlock, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	all.Logins = append(slices.DeleteFunc(all.Logins, func(old storedLogin) bool { return old.Accounts == l.Accounts && old.AppID == l.AppID }), l.stored())
	return s.write(all)
}

// Forget hands a login to revoke and takes it out of the store, also when that fails.
func (s *Store) Forget(ctx context.Context, k Key, revoke func(Login) error) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	all, i, err := s.find(k)
	if err != nil {
		return err
	}
	failed := revoke(all.Logins[i].login())
	all.Logins = slices.Delete(all.Logins, i, i+1)
	return errors.Join(failed, s.write(all))
}

const (
	maxStore = 1 << 20
	lockWait = 30 * time.Second // longer than a refresh, whose answer may take as long
	lockPoll = 20 * time.Millisecond
)

var errLocked = fmt.Errorf(storeLocked, 2*lockWait)

// lock keeps all other processes from writing. Without it nothing is refreshed.
func (s *Store) lock(ctx context.Context) (unlock func(), err error) {
	ctx, done := context.WithTimeoutCause(ctx, 2*lockWait, errLocked)
	defer done()
	file := flock.New(s.target()+".lock", flock.SetPermissions(0o600)) // gofrs/flock: it has contexts, and so an end
	held, err := file.TryLockContext(ctx, lockPoll)
	switch {
	case ctx.Err() != nil:
		return nil, fault{context.Cause(ctx), hintLocked}
	case err != nil || !held:
		return nil, fault{fmt.Errorf(storeNotLocked, s.file, cause(err)), hintLocked}
	}
	return func() { _ = file.Close() }, nil // which cannot fail in a way that keeps it
}

// target is the file itself, where its name is a link: whoever comes by another name takes the same
// lock, and the link stays one.
func (s *Store) target() string {
	if led, err := filepath.EvalSymlinks(s.file); err == nil {
		return led
	}
	led, err := os.Readlink(s.file) // to a file that is not there yet
	switch {
	case err != nil:
		return s.file
	case filepath.IsAbs(led):
		return led
	}
	return filepath.Join(filepath.Dir(s.file), led)
}

// read reads the whole store. A store that others may read is refused: whoever has the refresh token
// is the user.
func (s *Store) read() (all stored, err error) {
	info, err := os.Stat(s.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return stored{Version: storeVersion}, fault{ErrNoLogin, hintFirstLogin}
	case err != nil:
		return all, fault{fmt.Errorf(storeNotRead, s.file, cause(err)), hintStore}
	case !info.Mode().IsRegular():
		return all, fault{fmt.Errorf(storeNoFile, s.file), hintStore}
	case runtime.GOOS != "windows" && info.Mode().Perm()&^0o600 != 0:
		return all, fault{fmt.Errorf(storeOpen, s.file, info.Mode().Perm()), fmt.Sprintf(hintChmod, s.file)}
	}
	f, err := os.Open(s.file)
	if err != nil {
		return all, fault{fmt.Errorf(storeNotRead, s.file, cause(err)), hintStore}
	}
	defer f.Close() // read only
	text, err := io.ReadAll(io.LimitReader(f, maxStore))
	if err != nil {
		return all, fault{fmt.Errorf(storeNotRead, s.file, cause(err)), hintStore}
	}
	if json.Unmarshal(text, &all) != nil || all.Version == 0 { // its own words may quote a token
		return stored{}, fault{fmt.Errorf(storeDamaged, s.file), hintDamaged}
	}
	if all.Version != storeVersion {
		return stored{}, fault{fmt.Errorf(storeNewer, s.file, all.Version), hintNewer}
	}
	return all, nil
}

// write replaces the store. When it returns nil, the new one is on the disk. Only the holder of the
// lock calls it, so that the file in between has one name, and what a crash leaves of it is overwritten.
func (s *Store) write(all stored) error {
	text, err := json.Marshal(all, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return errors.New(storeNotUTF8)
	}
	return s.unwritten(s.replace(s.target(), append(text, '\n')))
}

// unwritten is why the store was not written; nil if it was.
func (s *Store) unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fault{fmt.Errorf(storeNotWritten, s.file, cause(err)), hintStore}
}

// beside makes the file that is written before it takes the name of the store.
func beside(target string) (*os.File, error) {
	between := target + ".new"
	if err := os.Remove(between); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(between, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (s *Store) replace(target string, text []byte) error {
	f, err := beside(target)
	if err != nil {
		return err
	}
	s.step("created")
	_, err = f.Write(text)
	s.step("written")
	if err == nil {
		err = f.Sync()
	}
	s.step("synced")
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	s.step("renamed")
	return syncFolder(filepath.Dir(target))
}

// syncFolder makes a name durable. Windows has no such thing.
func syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s *Store) step(name string) {
	if s.at != nil {
		s.at(name)
	}
}

// cause is what the system said, without the names of files.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
