package page

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long nothing has to change before the files are read: a save may be several steps.
	quiet = 20 * time.Millisecond
	// patience is how long it may go on changing before they are read all the same.
	patience = 100 * time.Millisecond
)

// watcher sees what changes in folders, and on the way to them.
type watcher struct {
	*fsnotify.Watcher
	folders map[string]bool // watched; true: all that is in it counts
	named   map[string]bool // what counts in the others
	failed  func(folder string, err error)
}

// follow watches the folders among paths with all below them that is not hidden, the folders that the
// files among them are in, and those above: what is gone may come back. It reports whether there
// was a folder that was not watched before: something may have changed there unseen.
func (w *watcher) follow(paths []string) (grew bool) {
	before := w.folders
	w.folders, w.named = map[string]bool{}, map[string]bool{}
	for _, p := range paths {
		if w.folders[filepath.Dir(p)] && isFile(p) { // as nearly all are
			w.named[p] = true
			continue
		}
		w.path(p)
		if target, err := filepath.EvalSymlinks(p); err == nil && target != p {
			w.path(target)
		}
	}
	for folder := range w.folders {
		_, known := before[folder]
		grew = grew || !known
	}
	for folder := range before {
		if _, wanted := w.folders[folder]; !wanted {
			_ = w.Remove(folder) // it may be gone
		}
	}
	return grew
}

func isFile(p string) bool {
	info, err := os.Lstat(p)
	return err == nil && info.Mode().IsRegular()
}

// path watches a path. Folders are watched before they are read, and those above first, so that
// nothing is made between the two unseen.
func (w *watcher) path(p string) {
	w.above(p)
	if info, err := os.Stat(p); err != nil || !info.IsDir() {
		return
	}
	// There is no error but those of folders that are just going.
	_ = filepath.WalkDir(p, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case !entry.IsDir() && name != p: // p may be a link
			return nil
		case strings.HasPrefix(entry.Name(), ".") && name != p:
			return fs.SkipDir
		}
		w.watch(name, true)
		return nil
	})
}

func (w *watcher) above(p string) {
	w.named[p] = true
	if folder := filepath.Dir(p); folder != p {
		w.above(folder)
		w.watch(folder, false)
	}
}

// watch watches a folder, again if it was watched before: another one may have taken its name.
func (w *watcher) watch(folder string, whole bool) {
	known, done := w.folders[folder]
	if done && (known || !whole) {
		return
	}
	err := w.Add(folder)
	switch {
	case err == nil:
		w.folders[folder] = whole
	case whole && !errors.Is(err, fs.ErrNotExist):
		w.failed(folder, err)
	}
}

// counts reports whether a change of a file or folder may be one of what is read.
func (w *watcher) counts(name string) bool {
	return w.named[name] || w.folders[filepath.Dir(name)] && !strings.HasPrefix(filepath.Base(name), ".")
}

// wait waits for a change, and until no more follow. It reports false when ctx has ended.
func (w *watcher) wait(ctx context.Context) bool {
	var settled, late <-chan time.Time
	for {
		changed := false
		select {
		case <-ctx.Done():
			return false
		case <-settled:
			return true
		case <-late:
			return true
		case event := <-w.Events:
			changed = w.counts(event.Name)
		case <-w.Errors: // more has changed than could be told
			changed = true
		}
		if changed {
			settled = time.After(quiet)
		}
		if changed && late == nil {
			late = time.After(patience)
		}
	}
}
