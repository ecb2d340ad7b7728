package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"notiform/spec"
)

// repository is a Git repository as of one commit, and the process that its contents come from.
type repository struct {
	git
	commit   string
	top      string                   // absolute path of the work tree
	gitDir   string                   // and of what Git keeps for it
	rules    map[string]spec.Severity // see onlyFixed
	listed   []string                 // the names of all that the commit holds, in Git's order
	entries  map[string]entry         // by name
	drafts   map[string]bool          // the suffixes of files that drafts are looked for in
	suffixes map[string]bool          // of the names of card files that were met
	conversation
	failed error // why there are no more contents
}

func openRepository(ctx context.Context, g git, revision string) (*repository, error) {
	r := newRepository(g)
	if err := r.locate(ctx); err != nil {
		return nil, err
	}
	if err := r.choose(ctx, revision); err != nil {
		return nil, err
	}
	if err := r.list(ctx); err != nil {
		return nil, err
	}
	return r, r.start(r.command(ctx, "cat-file", "--batch"))
}

func newRepository(g git) *repository {
	return &repository{git: g, rules: onlyFixed(), drafts: map[string]bool{".yaml": true, ".yml": true}, suffixes: map[string]bool{".json": true}}
}

// list reads what the commit holds.
func (r *repository) list(ctx context.Context) error {
	list, err := r.run(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", r.commit)
	if err != nil {
		return &baseError{err, hintFetchObjects}
	}
	r.listed, r.entries = entries(list, 2) // <mode> <type> <id>
	return nil
}

// locate finds the work tree.
func (r *repository) locate(ctx context.Context) error {
	where, err := r.run(ctx, nil, "rev-parse", "--show-toplevel", "--absolute-git-dir")
	if err == nil {
		r.top, r.gitDir, _ = strings.Cut(strings.TrimSuffix(where, "\n"), "\n")
		err = r.ownsTree(ctx)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, exec.ErrDot):
		return &baseError{noneError{err}, hintInstallGit}
	case saysOutside.MatchString(err.Error()):
		return &baseError{noneError{err}, hintRunInside}
	default:
		return &baseError{err, hintRunInside}
	}
}

// choose takes a revision for the commit that r is of.
func (r *repository) choose(ctx context.Context, revision string) error {
	commit, err := r.run(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil || strings.HasPrefix(commit, "^") { // "^HEAD" is all that HEAD is not made of
		return r.noRevision(ctx, revision)
	}
	r.commit = strings.TrimSpace(commit)
	return nil
}

// ownsTree wants the repository found to be the one that the top of its work tree names: its .git,
// or what that leads to. A folder that looks like a repository, as anybody can commit one, may call
// any folder its work tree, and Git before 2.38 believes it.
func (r *repository) ownsTree(ctx context.Context) error {
	own := filepath.Join(r.top, ".git")
	if filepath.FromSlash(r.gitDir) == own {
		return nil
	}
	named, err := r.run(ctx, nil, "rev-parse", "--resolve-git-dir", own)
	if err != nil {
		return fmt.Errorf(foreignTree, r.gitDir, r.top)
	}
	named = strings.TrimSuffix(named, "\n")
	if !filepath.IsAbs(named) {
		named = filepath.Join(r.top, named)
	}
	if resolve(named) != resolve(r.gitDir) {
		return fmt.Errorf(foreignTree, r.gitDir, r.top)
	}
	return nil
}

// resolve tells where a path leads to, as far as that can be told.
func resolve(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return filepath.Clean(path)
}

// noRevision explains a revision that is not there. In a shallow clone, as CI makes them, it
// usually only was not fetched.
func (r *repository) noRevision(ctx context.Context, revision string) error {
	if revision == "HEAD" {
		return &baseError{noneError{errors.New(noCommitYet)}, hintCommit}
	}
	err := fmt.Errorf(noCommit, revision)
	if r.isShallow(ctx) {
		return &baseError{fmt.Errorf(notFetched, err), hintFetch}
	}
	return &baseError{err, hintRevision}
}

func (r *repository) isShallow(ctx context.Context) bool {
	shallow, err := r.run(ctx, nil, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(shallow) == "true"
}

// onlyFixed switches off the rules behind which every value is known: a file that broke one of
// them said something for all that, and may have been applied with that rule lowered.
func onlyFixed() map[string]spec.Severity {
	rules := map[string]spec.Severity{}
	for _, r := range spec.Rules() {
		if !r.Fixed {
			rules[r.ID] = spec.Off
		}
	}
	return rules
}

// maxContent is how many bytes a draft file may have, and a card file.
const maxContent = 1 << 20

// maxTree is how many bytes the list of one folder may have.
const maxTree = 32 << 20

// errTooLarge is said of a content of more than maxContent. It is not read.
var errTooLarge = errors.New(tooLarge)

// blob is the content of a regular file of the commit; ok is false when there is none of that
// name. Any error but errTooLarge is the end of reading.
func (r *repository) blob(name string) (src []byte, ok bool, err error) {
	file := r.entries[name]
	if !file.regular {
		return nil, false, r.failed
	}
	kind, src, err := r.object(file.object, name, r.commit)
	if err == nil && kind != "blob" {
		err = r.lost(name, r.commit, fmt.Errorf(gitAnswers, kind))
	}
	return src, err == nil || errors.Is(err, errTooLarge), err
}

// object is the content of anything that Git holds, and of which kind it is, by its id, or as what
// of which commit. Its kind is "missing" when there is none; name and commit are for errors.
func (r *repository) object(asked, name, commit string) (kind string, src []byte, err error) {
	if r.failed != nil {
		return "", nil, r.failed
	}
	if _, err := fmt.Fprintln(r.ask, asked); err != nil {
		return "", nil, r.lost(name, commit, err)
	}
	header, err := r.answers.ReadString('\n')
	if err != nil {
		return "", nil, r.lost(name, commit, err)
	}
	if strings.HasSuffix(header, " missing\n") {
		return "missing", nil, nil
	}
	kind, size, err := kindAndSize(header)
	if err != nil {
		return "", nil, r.lost(name, commit, err)
	}
	if size > maxContent && kind == "blob" || size > maxTree {
		if _, err := io.CopyN(io.Discard, r.answers, size+1); err != nil {
			return "", nil, r.lost(name, commit, err)
		}
		return kind, nil, errTooLarge
	}
	src = make([]byte, size+1) // and the line end behind it
	if _, err := io.ReadFull(r.answers, src); err != nil {
		return "", nil, r.lost(name, commit, err)
	}
	return kind, src[:size], nil
}

// lost ends the reading, as the repository does not hold a file of its commit, or Git died of it.
// In a partial clone both mean that the file was not fetched, and nothing is fetched here.
func (r *repository) lost(name, commit string, err error) error {
	if died := r.close(); died != nil {
		err = died
	}
	r.failed = &baseError{fmt.Errorf(notHere, name, commit, err), hintFetchObjects}
	return r.failed
}

// kindAndSize reads the line "<id> <kind> <size>" that precedes a content.
func kindAndSize(header string) (kind string, size int64, err error) {
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return "", 0, fmt.Errorf(gitAnswers, strings.TrimSpace(header))
	}
	size, err = strconv.ParseInt(fields[2], 10, 64)
	return fields[1], size, err
}

// draftFiles are the files of the whole commit that may hold drafts, in order.
func (r *repository) draftFiles() []string {
	return slices.DeleteFunc(r.listed, func(name string) bool { return !r.mayHoldDrafts(name) })
}

// mayHoldDrafts reports whether a file may be named as a draft, also where a dot hides it: a path may
// have led there.
func (r *repository) mayHoldDrafts(name string) bool { return r.drafts[path.Ext(name)] }

// card reads a push_content_file as it was at that commit.
func (r *repository) card(name string) ([]byte, error) {
	name = r.cardName(name)
	src, ok, err := r.blob(name)
	if err == nil && !ok {
		err = fs.ErrNotExist
	}
	return src, err
}

// cardName is the name of a card file in the commit.
func (r *repository) cardName(name string) string {
	name = path.Clean(filepath.ToSlash(name))
	r.suffixes[path.Ext(name)] = true
	return name
}
