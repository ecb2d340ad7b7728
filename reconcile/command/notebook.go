package command

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"notiform/spec"
)

// notebook keeps what create has asked for in the draft files themselves: it is a reconcile.Notes.
// A file is only written as it was last known, and is at any time the old one or the new one, also on
// a disk that loses its power.
type notebook struct {
	env    Env
	mu     sync.Mutex       // for files, while they are read
	files  map[string]known // by the names that drafts have for them
	drafts []spec.Draft     // of the plan
	nth    []int            // of each draft, its place in its file
	before []byte           // the file of the draft that was asked for last, without its note
}

// known is what is known of a file.
type known struct {
	sum   [sha256.Size]byte
	asked []bool // see spec.Asked
}

func newNotebook(env Env) *notebook { return &notebook{env: env, files: map[string]known{}} }

// saw is a spec.Options.Seen.
func (n *notebook) saw(name string, src []byte) {
	k := known{sha256.Sum256(src), spec.Asked(src)}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.files[name] = k
}

// hold takes the drafts of a plan, all that the files have and in their order.
func (n *notebook) hold(drafts []spec.Draft) {
	in := map[string]int{}
	n.drafts, n.nth = drafts, make([]int, len(drafts))
	for i, d := range drafts {
		n.nth[i] = in[d.Pos.File]
		in[d.Pos.File]++
	}
}

// asked reports whether a draft's file says that it was asked for before.
func (n *notebook) asked(draft int) bool {
	asked := n.files[n.drafts[draft].Pos.File].asked
	return n.nth[draft] < len(asked) && asked[n.nth[draft]]
}

func (n *notebook) Ask(draft int) (time.Time, error) {
	at := n.env.Now()
	return at, n.rewrite(draft, func(src []byte) ([]byte, error) {
		if _, err := spec.EnterID(src, n.nth[draft], "1"); err != nil { // there will be an id to enter
			return nil, err
		}
		n.before = src
		return spec.NoteAsked(src, n.nth[draft], at)
	})
}

func (n *notebook) Enter(draft int, id string) error {
	err := n.rewrite(draft, func([]byte) ([]byte, error) { return spec.EnterID(n.before, n.nth[draft], id) })
	if err != nil { // told at once, whatever becomes of the run and its output
		say(n.env.Stderr, createdAs, n.drafts[draft].Pos.File, n.drafts[draft].Pos.Line, id)
	}
	return err
}

func (n *notebook) Withdraw(draft int) error {
	return n.rewrite(draft, func([]byte) ([]byte, error) { return n.before, nil })
}

// rewrite replaces the file of a draft, unless it is not as it was known. A link stays, and what it
// leads to is replaced.
func (n *notebook) rewrite(draft int, edit func(src []byte) ([]byte, error)) error {
	name := n.drafts[draft].Pos.File
	k := n.files[name]
	path, err := filepath.EvalSymlinks(inDir(n.env.Dir, filepath.FromSlash(name)))
	if err == nil {
		err = rewriteIn(filepath.Dir(path), filepath.Base(path), func(src []byte) ([]byte, error) {
			if sha256.Sum256(src) != k.sum {
				return nil, errChangedMeanwhile
			}
			after, err := edit(src)
			k.sum = sha256.Sum256(after)
			return after, err
		})
	}
	if err != nil {
		return fmt.Errorf(fileNotWritten, name, reason(err))
	}
	n.files[name] = k
	return nil
}

var (
	errChangedMeanwhile = errors.New(fileChangedMeanwhile)
	errInTheWay         = errors.New(otherCreateAtWork)
)

// newDraft is the file of a folder that takes the place of a draft file once it is whole.
const newDraft = ".notiform-create"

func rewriteIn(folder, name string, edit func(src []byte) ([]byte, error)) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close() // nothing is written by it
	lock := flock.New(folder, flock.SetFlag(os.O_RDONLY))
	defer lock.Close()
	f, err := makeNew(root, lock)
	if err != nil {
		return err
	}
	return f.fill(func() error {
		src, mode, err := readWritable(root, name)
		if err == nil {
			src, err = edit(src)
		}
		if err == nil {
			_, err = f.Write(src)
		}
		return errors.Join(err, f.Chmod(mode))
	}, func() error { return root.Rename(newDraft, name) })
}

// makeNew makes the new file of a folder that no other run writes in; two that read the same file would
// each write their own. It waits a second for another run, and clears away what a killed one has left.
// Where a folder cannot be locked, the new file that is there is the lock.
func makeNew(root *os.Root, lock *flock.Flock) (wholeFile, error) {
	held, err := lock.TryLock()
	for range 100 {
		if held || err != nil {
			break
		}
		<-time.After(10 * time.Millisecond)
		held, err = lock.TryLock()
	}
	if held {
		_ = root.Remove(newDraft) // if that fails, so does what follows
	}
	f, err := newFile(root, newDraft, 0o600)
	if errors.Is(err, fs.ErrExist) {
		err = errInTheWay
	}
	return f, err
}

// readWritable reads a file that may be written.
func readWritable(root *os.Root, name string) ([]byte, fs.FileMode, error) {
	f, err := root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close() // it was only read
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, 0, err
	}
	src, err := io.ReadAll(io.LimitReader(f, maxInput))
	return src, info.Mode().Perm(), err
}
