package reconcile

import (
	"bufio"
	"bytes"
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

// Base is what the draft files said at a Git revision.
type Base struct {
	Commit string                // the revision's full id
	Drafts map[string]spec.Draft // by notification_id; only of drafts that were asked for
	Faulty []string              // files at that revision that could not be read as drafts, in the order met
}

// baseError says why the base revision cannot be read.
type baseError struct{ what, hint string }

func (e *baseError) Error() string { return e.what }
func (e *baseError) Hint() string  { return e.hint }

// ReadBase reads what the given drafts said at a revision of the Git repository that dir is in
// ("" is the working directory). A draft is looked for in its own file first and, since files
// are renamed, in every other draft file of that revision by its notification_id. A fault in an
// old file costs only that file's labels.
//
// All contents come from one "git cat-file --batch"; git is run, never a shell, and the
// revision is never taken for a flag.
func ReadBase(ctx context.Context, dir, revision string, drafts []spec.Draft) (Base, error) {
	r, err := openRepository(ctx, dir, revision)
	if err != nil {
		return Base{}, err
	}
	b := Base{Commit: r.commit, Drafts: map[string]spec.Draft{}}
	missing := map[string]bool{}
	for _, d := range drafts {
		missing[d.NotificationID] = true
	}
	err = errors.Join(r.read(ctx, &b, missing, drafts), r.close())
	return b, err
}

// read fills b: first from the files that the drafts are in now, then from all others.
func (r *repository) read(ctx context.Context, b *Base, missing map[string]bool, drafts []spec.Draft) error {
	seen := map[string]bool{}
	for _, d := range drafts {
		if name, ok := r.inTree(d.Pos.File); ok && !seen[name] {
			seen[name] = true
			if err := r.collect(b, missing, name); err != nil {
				return err
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	names, err := r.draftFiles(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if len(missing) > 0 && !seen[name] {
			if err := r.collect(b, missing, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// collect takes the missing drafts out of one file of the revision. A file that names none of
// them is not even decoded.
func (r *repository) collect(b *Base, missing map[string]bool, name string) error {
	src, ok, err := r.blob(name)
	if err != nil || !ok || !mentions(src, missing) {
		return err
	}
	set := spec.Decode(name, src, spec.Options{ReadCard: r.card})
	if set.Errors() > 0 {
		b.Faulty = append(b.Faulty, name)
		return nil
	}
	for _, d := range set.Drafts {
		if missing[d.NotificationID] {
			b.Drafts[d.NotificationID] = d
			delete(missing, d.NotificationID)
		}
	}
	return nil
}

func mentions(src []byte, missing map[string]bool) bool {
	for id := range missing {
		if bytes.Contains(src, []byte(id)) {
			return true
		}
	}
	return false
}

// repository is a Git repository as of one commit, and the process that its contents come from.
type repository struct {
	dir, commit string
	top, prefix string // absolute path of the work tree; dir within it, slash-separated
	cmd         *exec.Cmd
	ask         io.WriteCloser
	answers     *bufio.Reader
}

func openRepository(ctx context.Context, dir, revision string) (*repository, error) {
	r := &repository{dir: dir}
	where, err := r.git(ctx, "rev-parse", "--show-toplevel", "--show-prefix")
	if err != nil {
		return nil, &baseError{"--base: " + err.Error(), "run notiform inside the Git repository that holds the drafts"}
	}
	r.top, r.prefix, _ = strings.Cut(strings.TrimSuffix(where, "\n"), "\n")
	commit, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, r.noRevision(ctx, revision)
	}
	r.commit = strings.TrimSpace(commit)
	return r, r.start(ctx)
}

// noRevision explains a revision that is not there. In a shallow clone, as CI makes them, it
// usually only was not fetched.
func (r *repository) noRevision(ctx context.Context, revision string) error {
	what := fmt.Sprintf("--base: %q is no commit of this repository", revision)
	if shallow, err := r.git(ctx, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(shallow) == "true" {
		return &baseError{what + ", which is a shallow clone", "fetch it first: git fetch --unshallow, or in GitHub Actions fetch-depth: 0 for actions/checkout"}
	}
	return &baseError{what, "name a commit, a tag or a branch that git rev-parse knows, such as HEAD or origin/main"}
}

func (r *repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.dir
	return cmd
}

func (r *repository) git(ctx context.Context, args ...string) (string, error) {
	var stderr bytes.Buffer
	cmd := r.command(ctx, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(out), nil
}

func (r *repository) start(ctx context.Context) (err error) {
	r.cmd = r.command(ctx, "cat-file", "--batch")
	if r.ask, err = r.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	r.answers = bufio.NewReader(out)
	if err := r.cmd.Start(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	return nil
}

func (r *repository) close() error {
	err := r.ask.Close()
	if _, drained := io.Copy(io.Discard, r.answers); drained != nil {
		err = errors.Join(err, drained)
	}
	if waited := r.cmd.Wait(); waited != nil {
		err = errors.Join(err, fmt.Errorf("git cat-file: %w", waited))
	}
	return err
}

// blob is the content of a file of the commit; ok is false when there is none of that name.
func (r *repository) blob(name string) (src []byte, ok bool, err error) {
	if strings.ContainsAny(name, "\n") {
		return nil, false, nil // cannot be asked for by name
	}
	if _, err := fmt.Fprintf(r.ask, "%s:%s\n", r.commit, name); err != nil {
		return nil, false, fmt.Errorf("git cat-file: %w", err)
	}
	header, err := r.answers.ReadString('\n')
	if err != nil {
		return nil, false, fmt.Errorf("git cat-file: %w", err)
	}
	kind, size := answered(header)
	if size < 0 {
		return nil, false, nil
	}
	src = make([]byte, size+1) // and the line end behind it
	if _, err := io.ReadFull(r.answers, src); err != nil {
		return nil, false, fmt.Errorf("git cat-file %s: %w", name, err)
	}
	return src[:size], kind == "blob", nil
}

// answered reads the line "<id> <kind> <size>" that precedes a content. Whatever else git
// says there ("… missing", "… ambiguous") is -1.
func answered(header string) (kind string, size int) {
	fields := strings.Fields(header)
	if len(fields) < 3 {
		return "", -1
	}
	size, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil {
		return "", -1
	}
	return fields[len(fields)-2], size
}

// draftFiles are the names that Load would read as drafts, of the whole commit, in order.
func (r *repository) draftFiles(ctx context.Context) ([]string, error) {
	out, err := r.git(ctx, "ls-tree", "-r", "-z", "--full-tree", "--name-only", r.commit)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(out, "\x00"), func(name string) bool {
		ext := path.Ext(name)
		return ext != ".yaml" && ext != ".yml" || strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
	}), nil
}

// card reads a push_content_file as it was at that commit.
func (r *repository) card(name string) ([]byte, error) {
	src, ok, err := r.blob(path.Clean(filepath.ToSlash(name)))
	if err == nil && !ok {
		err = fs.ErrNotExist
	}
	return src, err
}

// inTree is a file's name in the commit, from its name as typed.
func (r *repository) inTree(file string) (string, bool) {
	if filepath.IsAbs(file) {
		rel, err := filepath.Rel(r.top, file)
		return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
	}
	name := path.Join(r.prefix, filepath.ToSlash(file))
	return name, name != ".." && !strings.HasPrefix(name, "../")
}
