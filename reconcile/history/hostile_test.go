package history

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// trap is a checkout that wants its reader to run a command.
type trap struct {
	checkout
	mark string // a file that the command makes
}

func newTrap(t testing.TB) trap {
	t.Helper()
	c := newCheckout(t)
	c.write("drafts/a.yaml", draftFile(1, "Old")).write("drafts/gone.yaml", draftFile(2, "Gone")).commit()
	c.must(os.Remove(filepath.Join(c.dir, "drafts", "gone.yaml")))
	c.write("drafts/a.yaml", draftFile(1, "New")).commit()
	mark := filepath.Join(t.TempDir(), "executed")
	return trap{c, mark}
}

// shell is a command line that makes the mark, whatever is put behind it.
func (p trap) shell() string { return "touch " + p.mark + "; false" }

// program is the path of a program that makes the mark.
func (p trap) program() string {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "program")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+p.shell()+"\n"), 0o755); err != nil {
		p.t.Fatal(err)
	}
	return file
}

// executed reports whether the command ran, and forgets it.
func (p trap) executed() bool {
	return os.Remove(p.mark) == nil
}

// runs reports whether git, started as it usually is, falls into the trap.
func (p trap) runs(dir string, environ []string, args ...string) bool {
	p.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = filepath.Join(p.dir, dir), environ
	out, _ := cmd.CombinedOutput() // most commands fail
	if p.executed() {
		return true
	}
	p.t.Logf("git %q: %s", args, out)
	return false
}

// promisor makes the repository a partial clone of a remote, whose old draft was never fetched.
func (p trap) promisor(url string) {
	p.t.Helper()
	p.git("config", "core.repositoryFormatVersion", "1")
	p.git("config", "extensions.partialClone", "origin")
	p.git("config", "remote.origin.promisor", "true")
	p.git("config", "remote.origin.url", url)
	p.forget("HEAD~1:drafts/a.yaml")
}

// sign puts a signature into a commit, which becomes HEAD.
func (p trap) sign(commit string) {
	p.t.Helper()
	head, message, _ := strings.Cut(p.git("cat-file", "commit", commit), "\n\n")
	signature := "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
	p.write("signed", head+"\n"+signature+"\n\n"+message+"\n")
	p.git("update-ref", "HEAD", p.git("hash-object", "-t", "commit", "-w", "signed"))
	p.remove("signed")
}

// forget removes an object that is there.
func (p trap) forget(name string) {
	p.t.Helper()
	id := p.git("rev-parse", name)
	if err := os.Remove(filepath.Join(p.dir, ".git", "objects", id[:2], id[2:])); err != nil {
		p.t.Fatal(err)
	}
}

// TestNothingInACheckoutIsExecuted sets every trap that Git has, sees that Git falls into it when
// it is started as usual, and that neither Read nor NewSince and Change do.
func TestNothingInACheckoutIsExecuted(t *testing.T) {
	t.Parallel()
	lazy := []string{"cat-file", "-p", "HEAD~1:drafts/a.yaml"}
	const notFetched = "drafts/a.yaml of commit"
	for _, row := range []struct {
		why   string
		set   func(p trap) (environ []string)
		dir   string   // that is read, below the work tree
		usual []string // the git command that falls into the trap
		want  string   // of the error; "" is none
	}{
		{
			why: "a monitor of the file system",
			set: func(p trap) []string {
				p.git("config", "core.fsmonitor", p.program())
				return nil
			},
			usual: []string{"ls-files", "--modified"},
		},
		{
			why: "a monitor of the file system, in a file that the configuration includes",
			set: func(p trap) []string {
				p.write(".config", "[core]\nfsmonitor = "+p.program()+"\n")
				p.git("config", "include.path", "../.config")
				return nil
			},
			usual: []string{"ls-files", "--modified"},
		},
		{
			why: "a repository that is committed as a folder, and calls another folder its work tree",
			set: func(p trap) []string {
				p.git("init", "--quiet", "--bare", "drafts")
				p.git("-C", "drafts", "config", "core.bare", "false")
				p.git("-C", "drafts", "config", "core.worktree", p.dir)
				p.git("-C", "drafts", "config", "core.fsmonitor", p.program())
				p.git("-C", "drafts", "config", "core.hooksPath", p.dir)
				return nil
			},
			dir: "drafts", usual: []string{"-c", "safe.bareRepository=all", "status"},
			want: "drafts",
		},
		{
			why: "a repository in a folder that calls the whole its work tree",
			set: func(p trap) []string {
				p.git("init", "--quiet", "drafts")
				p.git("-C", "drafts", "config", "core.worktree", "../..")
				p.git("-C", "drafts", "config", "core.fsmonitor", p.program())
				return nil
			},
			dir: "drafts", usual: []string{"status"},
			want: "is not that of the work tree",
		},
		{
			why: "a .git file that leads to another repository",
			set: func(p trap) []string {
				elsewhere := newCheckout(p.t)
				elsewhere.write("a.yaml", draftFile(1, "Elsewhere")).commit()
				elsewhere.git("config", "core.fsmonitor", p.program())
				p.write("drafts/.git", "gitdir: "+filepath.Join(elsewhere.dir, ".git")+"\n")
				return nil
			},
			dir: "drafts", usual: []string{"status"}, want: `"HEAD~1" is no commit`,
		},
		{
			why: "a partial clone of a remote that is a command, which the checkout allows",
			set: func(p trap) []string {
				p.promisor("ext::sh -c touch% " + p.mark)
				p.git("config", "protocol.allow", "always")
				p.git("config", "protocol.ext.allow", "always")
				return nil
			},
			usual: lazy, want: notFetched,
		},
		{
			why: "a partial clone over ssh",
			set: func(p trap) []string {
				p.promisor("ssh://git@localhost/x")
				p.git("config", "core.sshCommand", p.shell())
				return nil
			},
			usual: lazy, want: notFetched,
		},
		{
			why: "a partial clone over ssh, by a command of the environment",
			set: func(p trap) []string {
				p.promisor("git@localhost:x")
				return []string{"GIT_SSH_COMMAND=" + p.shell(), "GIT_SSH=" + p.program(), "GIT_ALLOW_PROTOCOL=ssh", "GIT_NO_LAZY_FETCH=0"}
			},
			usual: lazy, want: notFetched,
		},
		{
			why: "a partial clone of a folder, by a command that sends it",
			set: func(p trap) []string {
				p.promisor(p.dir)
				p.git("config", "remote.origin.uploadpack", p.shell())
				return nil
			},
			usual: lazy, want: notFetched,
		},
		{
			why: "a partial clone through a proxy of the git protocol",
			set: func(p trap) []string {
				p.promisor("git://localhost/x")
				p.git("config", "core.gitProxy", p.program())
				return nil
			},
			usual: lazy, want: notFetched,
		},
		{
			why: "a remote under another name, by an address that is written anew",
			set: func(p trap) []string {
				p.promisor("https://example.com/x")
				p.git("config", "url.ext::sh -c touch% "+p.mark+"% .insteadOf", "https://example.com/")
				p.git("config", "protocol.ext.allow", "always")
				return nil
			},
			usual: lazy, want: notFetched,
		},
		{
			why: "a revision that a partial clone has not fetched",
			set: func(p trap) []string {
				p.promisor("ext::sh -c touch% " + p.mark)
				p.git("config", "protocol.ext.allow", "always")
				p.forget("HEAD~1")
				return nil
			},
			usual: []string{"rev-parse", "HEAD~1^{commit}"}, want: "is no commit",
		},
		{
			why: "a folder that a partial clone has not fetched",
			set: func(p trap) []string {
				p.promisor("ext::sh -c touch% " + p.mark)
				p.git("config", "protocol.ext.allow", "always")
				p.forget("HEAD~1:drafts")
				return nil
			},
			usual: []string{"ls-tree", "-r", "HEAD~1"}, want: "git ls-tree",
		},
		{
			why: "filters",
			set: func(p trap) []string {
				p.write(".gitattributes", "*.yaml filter=x\n")
				for _, which := range []string{"smudge", "clean", "process"} {
					p.git("config", "filter.x."+which, p.shell())
				}
				return nil
			},
			usual: []string{"cat-file", "--filters", "HEAD~1:drafts/a.yaml"},
		},
		{
			why: "drivers that show and convert differences",
			set: func(p trap) []string {
				p.write(".gitattributes", "*.yaml diff=x\n")
				p.git("config", "diff.external", p.program())
				p.git("config", "diff.x.textconv", p.program())
				p.git("config", "diff.x.command", p.program())
				return nil
			},
			usual: []string{"diff", "HEAD~1"},
		},
		{
			why: "a signature that every log shows, once a program has checked it",
			set: func(p trap) []string {
				p.sign("HEAD")
				p.git("config", "log.showSignature", "true")
				p.git("config", "gpg.program", p.program())
				return nil
			},
			usual: []string{"log", "-1"},
		},
		{
			why: "a driver that converts what a log shows, and one of a submodule",
			set: func(p trap) []string {
				p.write(".gitattributes", "*.yaml diff=x\n")
				p.git("config", "diff.x.textconv", p.program())
				p.git("config", "diff.x.cachetextconv", "true")
				p.git("config", "diff.submodule", "diff")
				p.git("config", "diff.ignoreSubmodules", "none")
				p.git("config", "diff.renames", "copies")
				p.git("config", "diff.noprefix", "true")
				p.git("config", "core.abbrev", "4")
				p.git("config", "core.quotePath", "true")
				return nil
			},
			usual: []string{"diff-tree", "-p", "--textconv", "HEAD"},
		},
		{
			why: "hooks, a pager, an editor, a signer, helpers and aliases",
			set: func(p trap) []string {
				hooks := filepath.Dir(p.program())
				for _, hook := range []string{"pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout"} {
					if err := os.Link(filepath.Join(hooks, "program"), filepath.Join(hooks, hook)); err != nil {
						p.t.Fatal(err)
					}
				}
				p.git("config", "core.hooksPath", hooks)
				for _, name := range []string{"core.pager", "core.editor", "core.askPass", "gpg.program", "core.alternateRefsCommand", "sequence.editor"} {
					p.git("config", name, p.program())
				}
				p.git("config", "credential.helper", "!"+p.shell())
				for _, name := range []string{"rev-parse", "ls-tree", "ls-files", "check-attr", "cat-file", "rev-list"} {
					p.git("config", "alias."+name, "!"+p.shell())
					p.git("config", "pager."+name, p.program())
				}
				return nil
			},
			usual: []string{"commit", "--allow-empty", "--message=x"},
		},
		{
			why: "settings of the environment",
			set: func(p trap) []string {
				return []string{
					"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=core.fsmonitor", "GIT_CONFIG_VALUE_0=" + p.program(),
					"GIT_CONFIG_PARAMETERS='core.fsmonitor=" + p.program() + "'",
					"GIT_EXTERNAL_DIFF=" + p.program(), "GIT_PAGER=" + p.program(), "GIT_ASKPASS=" + p.program(), "GIT_EDITOR=" + p.program(),
				}
			},
			usual: []string{"ls-files", "--modified"},
		},
		{
			why: "a home that is the checkout, with files that are written to",
			set: func(p trap) []string {
				p.write(".gitconfig", "[core]\nfsmonitor = "+p.program()+"\n[trace2]\nnormalTarget = "+p.mark+"\neventTarget = "+p.mark+"\nperfTarget = "+p.mark+"\n")
				return []string{"HOME=" + p.dir, "GIT_CONFIG_GLOBAL=" + filepath.Join(p.dir, ".gitconfig"), "GIT_TRACE=" + p.mark, "GIT_TRACE2=" + p.mark}
			},
			usual: []string{"rev-parse", "HEAD"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p := newTrap(t)
			drafts := p.drafts(p.dir, "drafts")
			more := row.set(p)
			environ := append(environ(), more...)
			p.executed() // while it was set
			dir := filepath.Join(p.dir, row.dir)
			_, err := Read(t.Context(), dir, environ, "HEAD~1", drafts)
			if p.executed() {
				t.Error("the command was executed")
			}
			_ = Check(t.Context(), dir, environ)
			if p.executed() {
				t.Error("Check executed the command")
			}
			told := 0
			untold := Versions(t.Context(), dir, environ, drafts, func(Version) bool { told++; return false })
			if p.executed() {
				t.Error("Versions executed the command")
			}
			if row.want == "" && told+2*len(untold) != 2 || row.want != "" && len(untold) != len(drafts) {
				t.Errorf("Versions told %d, untold %q", told, untold)
			}
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("Read: %v, want …%s…", err, row.want)
			}
			_, err = changeIn(t, filepath.Join(p.dir, row.dir), environ, "HEAD~1")
			if p.executed() {
				t.Error("the command was executed to find a change")
			}
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("Change: %v, want …%s…", err, row.want)
			}
			if !p.runs(row.dir, environ, row.usual...) {
				t.Error("this is no trap")
			}
		})
	}
}

// TestReadIsNotLedAstray: what a draft said is what the commits of its own repository say.
func TestReadIsNotLedAstray(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why string
		set func(c, other checkout) (environ []string)
	}{
		{"by another repository in the environment", func(_, other checkout) []string {
			return []string{"GIT_DIR=" + filepath.Join(other.dir, ".git"), "GIT_WORK_TREE=" + other.dir}
		}},
		{"by parts of another repository in the environment", func(_, other checkout) []string {
			return []string{
				"GIT_COMMON_DIR=" + filepath.Join(other.dir, ".git"), "GIT_INDEX_FILE=" + filepath.Join(other.dir, ".git", "index"),
				"GIT_OBJECT_DIRECTORY=" + filepath.Join(other.dir, ".git", "objects"), "GIT_NAMESPACE=x", "GIT_PREFIX=x/",
			}
		}},
		{"by ways to read paths in the environment", func(checkout, checkout) []string {
			return []string{"GIT_LITERAL_PATHSPECS=0", "GIT_ICASE_PATHSPECS=1", "GIT_ATTR_SOURCE=HEAD~1"}
		}},
		{"by a commit that another one replaces", func(c, _ checkout) []string {
			c.git("replace", "HEAD~1", "HEAD")
			return nil
		}},
		{"by a content that another one replaces", func(c, _ checkout) []string {
			c.git("replace", "HEAD~1:a.yaml", "HEAD:a.yaml")
			return nil
		}},
		{"by other parents", func(c, _ checkout) []string {
			c.write(".git/info/grafts", c.git("rev-parse", "HEAD")+" "+c.git("commit-tree", "-m", "x", "HEAD^{tree}")+"\n")
			return nil
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c, other := newCheckout(t), newCheckout(t)
			other.write("a.yaml", draftFile(1, "Other")).commit().commit()
			c.write("a.yaml", draftFile(1, "Old")).commit()
			c.write("a.yaml", draftFile(1, "New")).commit()
			drafts := c.drafts(c.dir, ".")
			environ := append(environ(), row.set(c, other)...)
			b, err := Read(t.Context(), c.dir, environ, "HEAD~1", drafts)
			if err != nil || !slices.Equal(said(b), []string{"1 Old"}) {
				t.Errorf("%q, untold %q, %v", said(b), b.Untold, err)
			}
			if change, err := changeIn(t, c.dir, environ, "HEAD~1"); err != nil || change.Was[notificationID(1)].JobName != "Old" {
				t.Errorf("%v, %v", change.Was, err)
			}
			var told []string
			untold := Versions(t.Context(), c.dir, environ, drafts, func(v Version) bool {
				told = append(told, v.Draft.JobName)
				return false
			})
			if !slices.Equal(told, []string{"New", "Old"}) || len(untold) > 0 {
				t.Errorf("told %q, untold %q", told, untold)
			}
		})
	}
}

// TestEnvironment: the caller's own configuration holds, or a checkout of another user, as
// containers have them, could not be read. Of all else there is only what we say.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	kept := []string{
		"HOME=/h", "XDG_CONFIG_HOME=/x", "PATH=/bin", "GIT_CONFIG_GLOBAL=/g", "GIT_CONFIG_SYSTEM=/s", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		"GIT_CEILING_DIRECTORIES=/c", "GIT_DISCOVERY_ACROSS_FILESYSTEM=1",
	}
	got := environment(append(slices.Clone(kept), "GIT_DIR=/d", "GIT_CONFIG=/c", "GIT_CONFIG_KEY=x", "GIT_TRACE=/t", "GIT_EXEC_PATH=/e"))
	if len(got) < len(kept) || !slices.Equal(got[:len(kept)], kept) {
		t.Fatalf("%q, want %q first", got, kept)
	}
	// Each of these guards the others, or older versions of Git, so that no trap shows its lack.
	own := []string{
		"GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
		"GIT_TRACE2=0", "GIT_TRACE2_EVENT=0", "GIT_TRACE2_PERF=0", "GIT_NO_REPLACE_OBJECTS=1", "GIT_GRAFT_FILE=/dev/null", "LC_ALL=C",
	}
	if !slices.Equal(got[len(kept):], own) {
		t.Errorf("%q, want %q", got[len(kept):], own)
	}
	for _, setting := range []string{"safe.bareRepository=explicit", "core.hooksPath=/dev/null", "core.bigFileThreshold=1m"} {
		if !slices.Contains(git{}.command(t.Context(), "rev-parse").Args, setting) {
			t.Errorf("git is run without %s", setting)
		}
	}
}

// TestReadOfWhatWasNotFetched: a partial clone, a damaged repository and a tree that never ends
// are told, and nothing is fetched.
func TestReadOfWhatWasNotFetched(t *testing.T) {
	t.Parallel()
	source := newCheckout(t)
	withCard := strings.Replace(draftFile(1, "New"), "push_content: {}", "push_content_file: card.json", 1)
	source.write("a.yaml", withCard).write("card.json", `{"n": 1}`).commit()
	source.write("a.yaml", withCard+"# and more\n").write("card.json", `{"n": 2}`).commit()
	source.git("config", "uploadpack.allowFilter", "true")
	partial := checkout{t, filepath.Join(t.TempDir(), "partial")}
	source.git("clone", "--quiet", "--filter=blob:none", "file://"+source.dir, partial.dir)
	partial.git("config", "maintenance.auto", "false") // it would go on behind the test's back
	drafts := partial.drafts(partial.dir, ".")
	wantNotHere := func(c checkout, file string) {
		t.Helper()
		_, err := Read(t.Context(), c.dir, environ(), "HEAD~1", drafts)
		h, hinted := errors.AsType[interface {
			error
			Hint() string
		}](err)
		if !hinted || !strings.HasPrefix(err.Error(), "--base: "+file+" of commit "+c.git("rev-parse", "HEAD~1")) || !strings.Contains(h.Hint(), "git fetch --refetch --no-filter") {
			t.Errorf("%s: %v", file, err)
		}
	}
	wantNotHere(partial, "a.yaml")
	if b := partial.base(partial.dir, "HEAD", drafts); !slices.Equal(said(b), []string{"1 New"}) {
		t.Errorf("what is here: %q", said(b))
	}
	partial.git("cat-file", "-e", "HEAD~1:a.yaml") // fetches it
	wantNotHere(partial, "card.json")
	partial.git("fetch", "--quiet", "--refetch", "--no-filter")
	if b := partial.base(partial.dir, "HEAD~1", drafts); b.Drafts[notificationID(1)].PushContent.String() != `{"n":1}` {
		t.Errorf("fetched, it is %q, faulty %q", said(b), b.Faulty)
	}

	p := trap{checkout: source}
	p.forget("HEAD~1:card.json")
	wantNotHere(source, "card.json")
}

// TestReadWithoutEnd: what a repository makes of a few objects does not fill the memory.
func TestReadWithoutEnd(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("a.yaml", draftFile(1, "New")).commit()
	drafts := c.drafts(c.dir, ".")
	tree := c.git("rev-parse", "HEAD^{tree}")
	for range 9 { // ten folders in each, with long names
		var list strings.Builder
		for i := range 10 {
			list.WriteString("040000 tree " + tree + "\t" + strings.Repeat("n", 200) + string(rune('0'+i)) + "\n")
		}
		cmd := exec.Command("git", "mktree")
		cmd.Dir, cmd.Env, cmd.Stdin = c.dir, environ(), strings.NewReader(list.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		tree = strings.TrimSpace(string(out))
	}
	commit := c.git("commit-tree", "-m", "x", tree)
	const want = "the answer has more than 128 MiB"
	if _, err := Read(t.Context(), c.dir, environ(), commit, drafts); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Read: %v", err)
	}
	c.git("update-ref", "HEAD", c.git("commit-tree", "-p", commit, "-m", "x", "HEAD^{tree}"))
	if untold := Versions(t.Context(), c.dir, environ(), drafts, func(Version) bool { return false }); !strings.Contains(untold[notificationID(1)], "changes more than 1000000 files") {
		t.Errorf("Versions: %q", untold)
	}
}
