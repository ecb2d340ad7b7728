package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// git is Git, run in a directory that may be somebody else's checkout: what lies there, a pull
// request may have written. Every git process is made by command, which leaves a checkout nothing
// to execute anything with.
//
//   - Only rev-parse, merge-base, ls-tree, ls-files, check-attr, cat-file and rev-list are run.
//     None of them starts a filter, a diff driver, a pager, an editor, a signer, a submodule or an alias.
//   - What they would start all the same, they are told not to: see settings and environment.
type git struct {
	dir     string   // without links, so that ".." is what it is for the operating system
	environ []string // of whoever runs this
}

// gitIn is Git in a directory; "" is the working directory.
func gitIn(dir string, environ []string) git {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = resolve(absolute)
	}
	return git{dir, environ}
}

// settings win over any configuration of the checkout. A version of Git that does not know one
// ignores it.
func settings() []string {
	return []string{
		"-c", "safe.bareRepository=explicit", // a folder that looks like a repository can be committed; see ownsTree
		"-c", "core.fsmonitor=", // a program that is asked what changed
		"-c", "core.hooksPath=/dev/null",
		"-c", "advice.graftFileDeprecated=false", // of the file that environment names
		"-c", "core.bigFileThreshold=1m", // what is larger is passed on without being held in memory
	}
}

// environment is what Git is given of the caller's. Of GIT_ variables it is where the caller's own
// configuration stands, without which no safe.directory holds in a container, and how far up to
// look for the repository: all others would lead to another repository, index or program than
// those of the directory.
//
// GIT_ALLOW_PROTOCOL, unlike protocol.allow, wins over every protocol.NAME.allow: with a list that
// no transport is on, nothing can be fetched. Fetching what a partial clone lacks would run what the
// checkout names as its remote; GIT_NO_LAZY_FETCH alone does not prevent that before Git 2.39.4.
func environment(caller []string) []string {
	kept := slices.DeleteFunc(slices.Clone(caller), func(variable string) bool {
		return strings.HasPrefix(variable, "GIT_") && !leadsToConfiguration(variable)
	})
	return append(kept,
		"GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_OPTIONAL_LOCKS=0", "GIT_TRACE2=0", "GIT_TRACE2_EVENT=0", "GIT_TRACE2_PERF=0", // nothing is written
		"GIT_NO_REPLACE_OBJECTS=1", "GIT_GRAFT_FILE=/dev/null", // a commit is what its id says
		"LC_ALL=C") // some of what it says is recognised
}

func leadsToConfiguration(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{
		"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT",
		"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
	}, name) || strings.HasPrefix(name, "GIT_CONFIG_KEY_") || strings.HasPrefix(name, "GIT_CONFIG_VALUE_")
}

func (g git) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(settings(), args...)...)
	cmd.Dir, cmd.Env = g.dir, environment(g.environ)
	return cmd
}

// run runs a git that ends by itself, and returns what it says.
func (g git) run(ctx context.Context, stdin io.Reader, args ...string) (string, error) {
	var out, stderr answer
	cmd := g.command(ctx, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &stderr
	err := cmd.Run()
	switch {
	case out.tooLong || stderr.tooLong:
		err = fmt.Errorf(answerTooLong, maxAnswer>>20)
	case err != nil:
		err = withWords(err, stderr.buffer.Bytes())
	}
	if err != nil {
		return "", fmt.Errorf(gitFailed, args[0], err)
	}
	return out.buffer.String(), nil
}

// withWords adds to the failure of a process what it said itself.
func withWords(err error, stderr []byte) error {
	if words := bytes.TrimSpace(stderr); len(words) > 0 {
		return fmt.Errorf(gitSaid, err, words)
	}
	return err
}

// maxAnswer is how many bytes a list of files may have, a million files or so. Trees that hold
// each other many times list without end.
const maxAnswer = 128 << 20

// answer is what a process says, up to maxAnswer.
type answer struct {
	buffer  bytes.Buffer
	tooLong bool
}

var errTooLong = errors.New(tooLong)

func (a *answer) Write(p []byte) (int, error) {
	if a.buffer.Len()+len(p) > maxAnswer {
		a.tooLong = true
		return 0, errTooLong
	}
	return a.buffer.Write(p)
}

// entry is a file of a commit or of the index.
type entry struct {
	object  string // its object id
	regular bool   // and no link, nor another repository
}

// entries reads the lists of ls-tree and ls-files: a mode first, a tab and the name last, and
// the object id between them at the index given.
func entries(list string, object int) (names []string, byName map[string]entry) {
	byName = map[string]entry{}
	for line := range strings.SplitSeq(list, "\x00") {
		about, name, _ := strings.Cut(line, "\t")
		if fields := strings.Fields(about); len(fields) == 3 {
			byName[name] = entry{fields[object], strings.HasPrefix(fields[0], "100")}
			names = append(names, name)
		}
	}
	return names, byName
}
