package history

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"notiform/spec"
)

// Since is the commit that the work tree was made from: the merge base of a revision and HEAD. Of
// several, as branches have that were merged into each other both ways, it is the one whose id
// is the first in the alphabet: each will do, and everybody has the same.
type Since struct {
	Commit string // its full id

	tip     string // the commit of the revision
	r       *repository
	drafts  []string            // the names of its draft files
	folders map[string]string   // see inTree
	guard   sync.Mutex          // of seen
	seen    map[string][]string // by file as read: the ids that Git may have for its bytes
}

// NewSince finds the merge base of a revision and HEAD, in the Git repository that dir is in, and
// what files it holds. See Read for dir and environ.
func NewSince(ctx context.Context, dir string, environ []string, revision string) (*Since, error) {
	var tip string
	r := newRepository(gitIn(dir, environ))
	err := r.locate(ctx)
	if err == nil {
		tip, err = r.chooseMergeBase(ctx, revision)
	}
	if err == nil {
		err = r.list(ctx)
	}
	if err != nil {
		return nil, notSince(ctx, err)
	}
	return &Since{Commit: r.commit, tip: tip, r: r, drafts: r.draftFiles(), folders: map[string]string{}, seen: map[string][]string{}}, nil
}

// sinceError says why nothing can be held against the merge base.
type sinceError struct{ *baseError }

func (e sinceError) Error() string { return fmt.Sprintf(changedFailed, e.err) }

// notSince is an error of --changed. When ctx has ended, git was killed and has nothing to say.
func notSince(ctx context.Context, err error) error {
	why, ok := errors.AsType[*baseError](err)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		why = &baseError{context.Cause(ctx), ""}
	case !ok:
		why = &baseError{err, ""}
	}
	return sinceError{why}
}

// chooseMergeBase takes the merge base of a revision and HEAD for the commit that r is of. tip is the
// commit of the revision.
func (r *repository) chooseMergeBase(ctx context.Context, revision string) (tip string, err error) {
	if err := r.choose(ctx, revision); err != nil {
		return "", err
	}
	tip = r.commit
	if err := r.choose(ctx, "HEAD"); err != nil {
		return "", err
	}
	list, err := r.run(ctx, nil, "merge-base", "--all", tip, r.commit)
	if all := strings.Fields(list); err == nil && len(all) > 0 {
		r.commit = slices.Min(all)
		return tip, nil
	}
	if ended, _ := errors.AsType[*exec.ExitError](err); err != nil && (ended == nil || ended.ExitCode() != 1) {
		return "", &baseError{err, hintFetchObjects}
	}
	err = fmt.Errorf(noMergeBase, revision)
	if r.isShallow(ctx) {
		return "", &baseError{fmt.Errorf(notFetched, err), hintFetch}
	}
	return "", &baseError{err, hintNoMergeBase}
}

// Held reports whether there were drafts at a path.
func (s *Since) Held(path string) bool {
	prefix, inside := s.prefix(path)
	if !inside {
		return false
	}
	return s.r.entries[prefix].regular || slices.ContainsFunc(s.drafts, func(name string) bool { return leadsTo(prefix, name) })
}

// prefix is the name in the work tree that a path leads to, whether or not anything is there now.
func (s *Since) prefix(path string) (name string, inside bool) {
	name, err := filepath.Rel(resolve(s.r.top), landing(s.r.at(path)))
	return filepath.ToSlash(name), err == nil && filepath.IsLocal(name)
}

// landing is resolve of a path whose end may be gone.
func landing(path string) string {
	resolved, err := filepath.EvalSymlinks(path)
	if up := filepath.Dir(path); err != nil && up != path {
		return filepath.Join(landing(up), filepath.Base(path))
	}
	return resolved
}

// leadsTo reports whether a file would be found by way of a path, both by their names in the work
// tree: as the path itself, or below it where no dot hides it.
func leadsTo(prefix, name string) bool {
	rest, below := name, true
	if prefix != "." {
		rest, below = strings.CutPrefix(name, prefix+"/")
	}
	return name == prefix || below && !isHidden(rest)
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// Saw notes the bytes of a file that was read. It may be called from several goroutines at once.
func (s *Since) Saw(file string, src []byte) {
	if len(src) > maxContent { // not all of it was read
		return
	}
	ids := blobIDs(hashOf(s.Commit), src)
	s.guard.Lock()
	defer s.guard.Unlock()
	s.seen[file] = ids
}

// unchanged reports whether a file that was read under one name has the bytes that the base has
// under another.
func (s *Since) unchanged(file, name string) bool {
	there := s.r.entries[name]
	return there.regular && slices.Contains(s.seen[file], there.object)
}

// Change is what the work tree says otherwise than the merge base. Drafts that are not in Drafts
// mean what they meant.
type Change struct {
	Drafts  []spec.Draft          // whose file or card file has other bytes
	Was     map[string]spec.Draft // by notification_id: what they said, as far as that can be read
	Unnamed []spec.Draft          // the drafts without an id that there were, in files that have other bytes or are gone
	Removed []spec.Draft          // that no file has any more
	outside map[string]bool       // the files, as diagnostics call them, that are as they were
}

// Outside reports whether a file, as diagnostics call it, has the bytes that it had.
func (c Change) Outside(file string) bool { return c.outside[file] }

// Change holds what was read of paths, all of which Saw was told, against the merge base. Only what
// differs is read and decoded there: files with other bytes, those that are gone and, while an id
// is not found, others that name it.
func (s *Since) Change(ctx context.Context, paths []string, set spec.Set) (Change, error) {
	c := survey{
		Since: s, set: set, names: map[string]string{}, same: map[string]bool{},
		decoded: map[string][]spec.Draft{}, left: map[string]bool{},
		change: Change{Was: map[string]spec.Draft{}, outside: map[string]bool{}},
	}
	for _, path := range paths {
		if prefix, inside := s.prefix(path); inside {
			c.prefixes = append(c.prefixes, prefix)
		}
	}
	c.here, _ = s.prefix(".") // inside, as Git ran there
	err := s.r.start(s.r.command(ctx, "cat-file", "--batch"))
	if err != nil {
		return Change{}, notSince(ctx, err)
	}
	err = c.make(ctx)
	if closed := s.r.close(); err == nil && closed != nil {
		err = &baseError{closed, ""}
	}
	return c.change, notSince(ctx, err)
}

// Uncommitted are those of the given files, by their names as typed, that are not as HEAD has them. See
// Read for dir and environ.
func Uncommitted(ctx context.Context, dir string, environ []string, files map[string][]byte) (map[string]bool, error) {
	s, err := NewSince(ctx, dir, environ, "HEAD")
	if err != nil {
		return nil, err
	}
	uncommitted := map[string]bool{}
	for file, src := range files {
		s.Saw(file, src)
		name, inside := s.prefix(file)
		uncommitted[file] = !inside || !s.unchanged(file, name)
	}
	return uncommitted, nil
}
