package history

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

// repository is a Git repository as of one commit, and the process that its contents come from.
type repository struct {
	dir, commit string
	top, prefix string                   // absolute path of the work tree; dir within it, slash-separated
	rules       map[string]spec.Severity // see onlyFixed
	names       []string                 // of its regular files, in Git's order
	objects     map[string]string        // the object id of each
	cmd         *exec.Cmd
	ask         io.WriteCloser
	answers     *bufio.Reader
}

func openRepository(ctx context.Context, dir, revision string) (*repository, error) {
	r := &repository{dir: dir, rules: onlyFixed()}
	where, err := r.git(ctx, "rev-parse", "--show-toplevel", "--show-prefix")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, &baseError{err, "install git, or plan without --base"}
	case err != nil:
		return nil, &baseError{err, "run notiform inside the Git repository that holds the drafts; git status must work there"}
	}
	r.top, r.prefix, _ = strings.Cut(strings.TrimSuffix(where, "\n"), "\n")
	commit, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, r.noRevision(ctx, revision)
	}
	r.commit = strings.TrimSpace(commit)
	if err := r.list(ctx); err != nil {
		return nil, err
	}
	return r, r.start(ctx)
}

// noRevision explains a revision that is not there. In a shallow clone, as CI makes them, it
// usually only was not fetched.
func (r *repository) noRevision(ctx context.Context, revision string) error {
	err := fmt.Errorf("%q is no commit of this repository", revision)
	if shallow, failed := r.git(ctx, "rev-parse", "--is-shallow-repository"); failed == nil && strings.TrimSpace(shallow) == "true" {
		return &baseError{fmt.Errorf("%w, which is a shallow clone", err), "fetch it first: git fetch --unshallow, or in GitHub Actions fetch-depth: 0 for actions/checkout"}
	}
	return &baseError{err, "name a commit, a tag or a branch that git rev-parse knows, such as HEAD or origin/main"}
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
	if said := bytes.TrimSpace(stderr.Bytes()); err != nil && len(said) > 0 {
		err = fmt.Errorf("%w: %s", err, said)
	}
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
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

// list notes every regular file of the commit under its object id. Asking git for each content
// by its name would have it search the directory anew for every one.
func (r *repository) list(ctx context.Context) error {
	out, err := r.git(ctx, "ls-tree", "-r", "-z", "--full-tree", r.commit)
	if err != nil {
		return &baseError{err, ""}
	}
	r.objects = map[string]string{}
	for entry := range strings.SplitSeq(out, "\x00") { // <mode> <type> <id>, a tab and the name
		about, name, _ := strings.Cut(entry, "\t")
		if fields := strings.Fields(about); len(fields) == 3 && strings.HasPrefix(fields[0], "100") {
			r.objects[name] = fields[2]
			r.names = append(r.names, name)
		}
	}
	return nil
}

// blob is the content of a file of the commit; ok is false when there is none of that name.
func (r *repository) blob(name string) (src []byte, ok bool, err error) {
	id, ok := r.objects[name]
	if !ok {
		return nil, false, nil
	}
	if _, err := fmt.Fprintln(r.ask, id); err != nil {
		return nil, false, fmt.Errorf("git cat-file: %w", err)
	}
	header, err := r.answers.ReadString('\n')
	if err != nil {
		return nil, false, fmt.Errorf("git cat-file: %w", err)
	}
	size, err := sizeIn(header)
	if err != nil {
		return nil, false, fmt.Errorf("git cat-file %s: %w", name, err)
	}
	src = make([]byte, size+1) // and the line end behind it
	if _, err := io.ReadFull(r.answers, src); err != nil {
		return nil, false, fmt.Errorf("git cat-file %s: %w", name, err)
	}
	return src[:size], true, nil
}

// sizeIn reads the line "<id> blob <size>" that precedes a content. Git says something else
// there, such as "<id> missing", when it does not hold what the commit refers to.
func sizeIn(header string) (int, error) {
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[1] != "blob" {
		return 0, fmt.Errorf("git answers %q", strings.TrimSpace(header))
	}
	return strconv.Atoi(fields[2])
}

// draftFiles are the names that Load would read as drafts, of the whole commit, in order.
func (r *repository) draftFiles() []string {
	return slices.DeleteFunc(r.names, func(name string) bool {
		ext := path.Ext(name)
		return ext != ".yaml" && ext != ".yml" || strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
	})
}

// card reads a push_content_file as it was at that commit.
func (r *repository) card(name string) ([]byte, error) {
	src, ok, err := r.blob(path.Clean(filepath.ToSlash(name)))
	if err == nil && !ok {
		err = fs.ErrNotExist
	}
	return src, err
}

// inTree is a file's name in the commit, from its name as typed. Outside the work tree that is
// the name of nothing.
func (r *repository) inTree(file string) string {
	if !filepath.IsAbs(file) {
		return path.Join(r.prefix, filepath.ToSlash(file))
	}
	name, err := filepath.Rel(r.top, file)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(name)
}
