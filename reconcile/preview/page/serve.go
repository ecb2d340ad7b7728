package page

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/maphash"
	"html/template"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"notiform/reconcile/preview"
)

// Options is what Serve needs from the world around it.
type Options struct {
	Port    int                                        // on loopback; 0 is any free one
	Dir     string                                     // in which the names of a Reading begin
	Read    func(ctx context.Context) (Reading, error) // reads everything
	Visible func(string) string                        // shows what would hide in a text, on one line
	Ready   func(address string)                       // is told where the page is, once
	Deaf    func(folder string, err error)             // is told of a folder whose saves are not followed
}

// Serve shows what is read until ctx ends, which is no error. A reading that fails later than the
// first leaves what was shown, and is told there.
func Serve(ctx context.Context, o Options) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf(notWatched, err)
	}
	defer w.Close() // nothing is written
	s := newServer(o)
	watching := &watcher{Watcher: w, failed: s.deafOnce()}
	if err := s.readAll(ctx, watching); err != nil || ctx.Err() != nil {
		return err
	}
	stop, err := s.listen()
	if err != nil {
		return err
	}
	defer stop()
	for watching.wait(ctx) {
		if err := s.readAll(ctx, watching); err != nil && ctx.Err() == nil {
			s.show(Reading{}, err)
		}
	}
	return nil
}

func newServer(o Options) *server {
	return &server{
		Options: o, path: "/" + rand.Text() + "/", policy: policy(), seed: maphash.MakeSeed(),
		template: template.Must(template.New("page").Parse(pageTemplate)),
		cards:    preview.NewHTML(o.Visible), viewer: preview.New(), past: map[key]entry{}, changed: make(chan struct{}),
	}
}

// readAll reads until nothing more can have changed unseen.
func (s *server) readAll(ctx context.Context, w *watcher) error {
	for grew := true; grew && ctx.Err() == nil; {
		r, err := s.Read(ctx)
		if err != nil {
			return err
		}
		s.show(r, nil)
		grew = w.follow(r.Paths)
	}
	return nil
}

// deafOnce tells of the first folder alone: where one cannot be watched, thousands cannot.
func (s *server) deafOnce() func(string, error) {
	var once sync.Once
	return func(folder string, err error) { once.Do(func() { s.Deaf(folder, err) }) }
}

// server answers with what was read last.
type server struct {
	Options
	path     string // below which all addresses are
	hosts    []string
	policy   string
	seed     maphash.Seed
	template *template.Template
	cards    *preview.HTML

	guard   sync.Mutex // of all below
	viewer  *preview.Viewer
	files   files // as they were read last
	entries []entry
	past    map[key]entry // all that there ever were
	latest  int           // the entry that was saved last
	trouble string        // why nothing could be read, last time
	version int
	changed chan struct{} // closed when there is another version
}

// show takes a reading, or why there is none. What makes no difference is no new version.
func (s *server) show(r Reading, failed error) {
	s.guard.Lock()
	defer s.guard.Unlock()
	entries, trouble := s.entries, ""
	if failed != nil {
		trouble = failed.Error()
	} else {
		s.files = r.files(s.files)
		entries = s.files.follow(s.past, s.version+1)
	}
	if s.version > 0 && trouble == s.trouble && slices.EqualFunc(entries, s.entries, entry.alike) {
		return
	}
	s.entries, s.trouble, s.latest = entries, trouble, s.savedLast(entries)
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// savedLast is the entry that was saved last, as far as that was seen, and of those that were there
// from the beginning, as the file system says.
func (s *server) savedLast(entries []entry) int {
	newest, last := 0, -1
	for _, e := range entries {
		newest = max(newest, e.saved)
	}
	var when time.Time
	for i, e := range entries {
		if e.saved < newest {
			continue
		}
		if at := s.modified(e); last < 0 || at.After(when) {
			last, when = i, at
		}
	}
	return last
}

func (s *server) modified(e entry) (last time.Time) {
	for _, t := range e.Texts {
		name := filepath.FromSlash(t.File)
		if !filepath.IsAbs(name) {
			name = filepath.Join(s.Dir, name)
		}
		if info, err := os.Stat(name); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last
}

// listen serves on loopback until stop is called, which ends every connection: those that follow
// would never end.
func (s *server) listen() (stop func() error, err error) {
	l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", s.Port))
	if err != nil {
		return nil, fmt.Errorf(notListening, err)
	}
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	s.hosts = []string{"127.0.0.1:" + port, "localhost:" + port}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go server.Serve(l) // it ends by stop
	s.Ready("http://" + s.hosts[0] + s.path)
	return server.Close, nil
}
