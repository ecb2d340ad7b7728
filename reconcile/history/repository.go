package history

import (
	"bufio"
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
	commit  string
	top     string                   // absolute path of the work tree
	rules   map[string]spec.Severity // see onlyFixed
	listed  []string                 // the names of all that the commit holds, in Git's order
	entries map[string]entry         // by name
	cmd     *exec.Cmd                // nil once it has ended
	ask     io.WriteCloser
	answers *bufio.Reader
	stderr  answer
	failed  error // why there are no more contents
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
	return r, r.start(ctx)
}

func newRepository(g git) *repository { return &repository{git: g, rules: onlyFixed()} }

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
		var gitDir string
		r.top, gitDir, _ = strings.Cut(strings.TrimSuffix(where, "\n"), "\n")
		err = r.ownsTree(ctx, gitDir)
	}
	switch {
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, exec.ErrDot):
		return &baseError{err, hintInstallGit}
	case err != nil:
		return &baseError{err, hintRunInside}
	}
	return nil
}

// choose takes a revision for the commit that r is of.
func (r *repository) choose(ctx context.Context, revision string) error {
	commit, err := r.run(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return r.noRevision(ctx, revision)
	}
	r.commit = strings.TrimSpace(commit)
	return nil
}

// ownsTree wants the repository found to be the one that the top of its work tree names: its .git,
// or what that leads to. A folder that looks like a repository, as anybody can commit one, may call
// any folder its work tree, and Git before 2.38 believes it.
func (r *repository) ownsTree(ctx context.Context, gitDir string) error {
	own := filepath.Join(r.top, ".git")
	if filepath.FromSlash(gitDir) == own {
		return nil
	}
	named, err := r.run(ctx, nil, "rev-parse", "--resolve-git-dir", own)
	if err != nil {
		return fmt.Errorf(foreignTree, gitDir, r.top)
	}
	named = strings.TrimSuffix(named, "\n")
	if !filepath.IsAbs(named) {
		named = filepath.Join(r.top, named)
	}
	if resolve(named) != resolve(gitDir) {
		return fmt.Errorf(foreignTree, gitDir, r.top)
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

func (r *repository) start(ctx context.Context) (err error) {
	cmd := r.command(ctx, "cat-file", "--batch")
	cmd.Stderr = &r.stderr
	if r.ask, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	r.answers = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf(gitFailed, "cat-file", err)
	}
	r.cmd = cmd
	return nil
}

func (r *repository) close() error {
	if r.cmd == nil {
		return nil
	}
	err := r.ask.Close()
	if _, drained := io.Copy(io.Discard, r.answers); drained != nil {
		err = errors.Join(err, drained)
	}
	if waited := r.cmd.Wait(); waited != nil {
		err = fmt.Errorf(gitFailed, "cat-file", withWords(waited, r.stderr.buffer.Bytes()))
	}
	r.cmd = nil
	return err
}

// maxContent is how many bytes a draft file may have, and a card file.
const maxContent = 1 << 20

// errTooLarge is said of a content of more than maxContent. It is not read.
var errTooLarge = errors.New(tooLarge)

// blob is the content of a regular file of the commit; ok is false when there is none of that
// name. Any error but errTooLarge is the end of reading.
func (r *repository) blob(name string) (src []byte, ok bool, err error) {
	file := r.entries[name]
	if !file.regular || r.failed != nil {
		return nil, false, r.failed
	}
	if _, err := fmt.Fprintln(r.ask, file.object); err != nil {
		return nil, false, r.lost(name, err)
	}
	header, err := r.answers.ReadString('\n')
	if err != nil {
		return nil, false, r.lost(name, err)
	}
	size, err := sizeIn(header)
	if err != nil {
		return nil, false, r.lost(name, err)
	}
	if size > maxContent {
		if _, err := io.CopyN(io.Discard, r.answers, size+1); err != nil {
			return nil, false, r.lost(name, err)
		}
		return nil, true, errTooLarge
	}
	src = make([]byte, size+1) // and the line end behind it
	if _, err := io.ReadFull(r.answers, src); err != nil {
		return nil, false, r.lost(name, err)
	}
	return src[:size], true, nil
}

// lost ends the reading, as the repository does not hold a file of its commit, or Git died of it.
// In a partial clone both mean that the file was not fetched, and nothing is fetched here.
func (r *repository) lost(name string, err error) error {
	if died := r.close(); died != nil {
		err = died
	}
	r.failed = &baseError{fmt.Errorf(notHere, name, r.commit, err), hintFetchObjects}
	return r.failed
}

// sizeIn reads the line "<id> blob <size>" that precedes a content. Git says something else
// there, such as "<id> missing", when it does not hold what the commit refers to.
func sizeIn(header string) (int64, error) {
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[1] != "blob" {
		return 0, fmt.Errorf(gitAnswers, strings.TrimSpace(header))
	}
	return strconv.ParseInt(fields[2], 10, 64)
}

// draftFiles are the names that Load would read as drafts, of the whole commit, in order.
func (r *repository) draftFiles() []string {
	return slices.DeleteFunc(r.listed, func(name string) bool { return !namesDrafts(name) })
}

func namesDrafts(name string) bool {
	ext := path.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.")
}

// card reads a push_content_file as it was at that commit.
func (r *repository) card(name string) ([]byte, error) {
	src, ok, err := r.blob(path.Clean(filepath.ToSlash(name)))
	if err == nil && !ok {
		err = fs.ErrNotExist
	}
	return src, err
}
