package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/spec"
)

// checkout is a Git repository of the test's own.
type checkout struct {
	t   testing.TB
	dir string
}

// newCheckout makes an empty repository below a directory whose name needs care.
func newCheckout(t testing.TB) checkout {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatalf("these tests need git, as --base does: %v", err)
	}
	c := checkout{t, filepath.Join(t.TempDir(), "a 仓库 'of' drafts")}
	if err := os.Mkdir(c.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c.git("init", "--quiet", "--initial-branch=main")
	return c
}

// environ is the environment of the tests, away from the settings of whoever runs them.
func environ() []string {
	return append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
}

// git runs git in the repository, away from the settings of whoever runs the test.
func (c checkout) git(args ...string) string {
	c.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = c.dir, environ()
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (c checkout) write(name, content string) checkout {
	c.t.Helper()
	file := filepath.Join(c.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		c.t.Fatal(err)
	}
	return c
}

func (c checkout) remove(name string) checkout {
	c.t.Helper()
	if err := os.Remove(filepath.Join(c.dir, filepath.FromSlash(name))); err != nil {
		c.t.Fatal(err)
	}
	return c
}

// link makes a link of that name.
func (c checkout) link(to, name string) checkout {
	c.t.Helper()
	if err := os.Symlink(to, filepath.Join(c.dir, filepath.FromSlash(name))); err != nil {
		c.t.Fatal(err)
	}
	return c
}

func (c checkout) commit() checkout {
	c.t.Helper()
	c.git("add", "--all")
	c.git("commit", "--quiet", "--allow-empty", "--message=x")
	return c
}

// draftFile is a document for the i-th notification.
func draftFile(i int, name string) string {
	return fmt.Sprintf("notification_id: %q\njob_name: %q\npush_type: scheduled\npush_scope_type: all_members\npush_content: {}\n", notificationID(i), name)
}

// drafts are what the files say now, loaded as plan loads them.
func (c checkout) drafts(dir string, paths ...string) []spec.Draft {
	c.t.Helper()
	set := spec.Load(c.t.Context(), paths, spec.Options{Dir: dir})
	if set.Errors() > 0 {
		c.t.Fatal(set.Diagnostics)
	}
	return set.Drafts
}

func (c checkout) base(dir, revision string, drafts []spec.Draft) Base {
	c.t.Helper()
	b, err := Read(c.t.Context(), dir, environ(), revision, drafts)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}

// said are the names that a base gives to drafts, "#1 Old" and so on.
func said(b Base) []string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(b.Drafts)) {
		if b.Drafts[id].NotificationID != id {
			return []string{"a draft under another's id"}
		}
		out = append(out, strings.TrimLeft(id[14:], "0")+" "+b.Drafts[id].JobName)
	}
	return out
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		was    func(c checkout) // committed as HEAD~1
		now    func(c checkout) // then changed, and committed as HEAD
		paths  []string
		want   []string
		faulty []string
	}{
		{
			why:  "a draft is found in its own file",
			was:  func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "Old")) },
			now:  func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "New")) },
			want: []string{"1 Old"},
		},
		{
			why:  "a file that did not change says what it says",
			was:  func(c checkout) { c.write("a.yml", draftFile(1, "Same")) },
			now:  func(checkout) {},
			want: []string{"1 Same"},
		},
		{
			why: "a draft in a renamed file is found by its id",
			was: func(c checkout) {
				c.write("drafts/a.yaml", draftFile(1, "Old")).write("drafts/b.yaml", draftFile(2, "Other"))
			},
			now: func(c checkout) {
				c.git("mv", "drafts/a.yaml", "moved.yaml")
				c.write("moved.yaml", draftFile(1, "New"))
			},
			want: []string{"1 Old", "2 Other"},
		},
		{
			why:  "two drafts that changed places are found by their ids",
			was:  func(c checkout) { c.write("a.yaml", draftFile(1, "One")).write("b.yaml", draftFile(2, "Two")) },
			now:  func(c checkout) { c.write("a.yaml", draftFile(2, "Two!")).write("b.yaml", draftFile(1, "One!")) },
			want: []string{"1 One", "2 Two"},
		},
		{
			why: "a file that was split, and one that holds several documents",
			was: func(c checkout) {
				c.write("all.yaml", draftFile(1, "One")+"---\n"+draftFile(2, "Two")+"---\n"+draftFile(3, "Three"))
			},
			now: func(c checkout) {
				c.write("all.yaml", draftFile(2, "Two!")).write("split/1.yaml", draftFile(1, "One!"))
			},
			want: []string{"1 One", "2 Two"},
		},
		{
			why:  "a draft that is new since then is not in it",
			was:  func(c checkout) { c.write("a.yaml", draftFile(1, "Old")) },
			now:  func(c checkout) { c.write("b.yaml", draftFile(2, "New")) },
			want: []string{"1 Old"},
		},
		{
			why:  "a draft that takes over another's file is not that other one",
			was:  func(c checkout) { c.write("a.yaml", draftFile(1, "Old")) },
			now:  func(c checkout) { c.write("a.yaml", draftFile(2, "New")) },
			want: nil,
		},
		{
			why:  "an id that is only mentioned is no draft",
			was:  func(c checkout) { c.write("a.yaml", "# was "+notificationID(2)+"\n"+draftFile(1, "Old")) },
			now:  func(c checkout) { c.write("b.yaml", draftFile(2, "New")) },
			want: []string{"1 Old"},
		},
		{
			why: "file names with spaces, quotes, line breaks, Chinese and a look of flags or of revisions",
			was: func(c checkout) {
				c.write(`a b/"入 职".yaml`, draftFile(1, "One")).write("-x.yaml", draftFile(2, "Two")).write(`c\d:e.yaml`, draftFile(3, "Three"))
				c.write("line\nbreak\t.yaml", draftFile(4, "Four"))
			},
			now:  func(checkout) {},
			want: []string{"1 One", "2 Two", "3 Three", "4 Four"},
		},
		{
			why: "a file that was hidden may have been a draft, as a path may have led there; a text was none",
			was: func(c checkout) {
				c.write("b/.x.yaml", draftFile(1, "Hidden")).write("x.txt", draftFile(2, "Text"))
			},
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")).write("b.yaml", draftFile(2, "New")) },
			want: []string{"1 Hidden"},
		},
		{
			why:  "of a file found twice, the one in its own place counts",
			was:  func(c checkout) { c.write("a/copy.yaml", draftFile(1, "Copy")).write("b.yaml", draftFile(1, "Own")) },
			now:  func(c checkout) { c.git("rm", "-q", "a/copy.yaml") },
			want: []string{"1 Own"},
		},
		{
			why: "a file that was broken costs its own drafts their base, and is named",
			was: func(c checkout) {
				c.write("a.yaml", draftFile(1, "Old")+"job_name: twice\n").write("b.yaml", draftFile(2, "Two"))
			},
			now:    func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want:   []string{"2 Two"},
			faulty: []string{"a.yaml"},
		},
		{
			why:  "a file that was broken and has nothing to do with it is not even named",
			was:  func(c checkout) { c.write("b.yaml", draftFile(1, "Old")).write("a.yaml", "}{") },
			now:  func(c checkout) { c.git("rm", "-q", "a.yaml"); c.git("mv", "b.yaml", "c.yaml") },
			want: []string{"1 Old"},
		},
		{
			why: "what a file said is known though it broke a rule",
			was: func(c checkout) {
				c.write("a.yaml", draftFile(1, "Old")+"status: 0\nuser_list: [someone]\njob_title: x\n")
			},
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: []string{"1 Old"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			row.was(c)
			c.commit()
			row.now(c)
			c.commit()
			b := c.base(c.dir, "HEAD~1", c.drafts(c.dir, "."))
			if diff := cmp.Diff(row.want, said(b)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(row.faulty, b.Faulty); diff != "" {
				t.Errorf("faulty: %s", diff)
			}
			if want := c.git("rev-parse", "HEAD~1"); b.Commit != want {
				t.Errorf("commit %q, want %q", b.Commit, want)
			}
		})
	}
}

// TestReadBaseFromAnywhere: where the run stands and how paths are typed makes no difference.
func TestReadBaseFromAnywhere(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("drafts/通知/a b.yaml", draftFile(1, "Old")).write("drafts/通知/deep/c.yaml", draftFile(2, "Deep")).write("elsewhere/d.yaml", draftFile(3, "Else"))
	c.write("copies/all.yaml", draftFile(1, "Copy")+"---\n"+draftFile(2, "Copy")).commit() // its own file comes first
	c.write("drafts/通知/a b.yaml", draftFile(1, "New"))
	if err := os.RemoveAll(filepath.Join(c.dir, "copies")); err != nil {
		t.Fatal(err)
	}
	sub := filepath.Join(c.dir, "drafts", "通知")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(c.dir, link); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why, dir string
		paths    []string
		want     []string
	}{
		{"the root", c.dir, []string{"."}, []string{"1 Old", "2 Deep", "3 Else"}},
		{"a sub-directory", sub, []string{"."}, []string{"1 Old", "2 Deep"}},
		{"a sub-directory, one file", sub, []string{"a b.yaml"}, []string{"1 Old"}},
		{"a sub-directory and up again", filepath.Join(sub, "deep"), []string{"../a b.yaml", "../../../elsewhere"}, []string{"1 Old", "3 Else"}},
		{"absolute paths", c.dir, []string{filepath.Join(sub, "a b.yaml")}, []string{"1 Old"}},
		{"absolute paths from a sub-directory", sub, []string{filepath.Join(c.dir, "elsewhere")}, []string{"3 Else"}},
		{"through a link to the repository", link, []string{"."}, []string{"1 Old", "2 Deep", "3 Else"}},
		{"absolute paths through a link to the repository", c.dir, []string{filepath.Join(link, "elsewhere")}, []string{"3 Else"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			b := c.base(row.dir, "HEAD", c.drafts(row.dir, row.paths...))
			if diff := cmp.Diff(row.want, said(b)); diff != "" || len(b.Faulty) > 0 {
				t.Errorf("%s\nfaulty: %q", diff, b.Faulty)
			}
		})
	}
	outside := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(outside, []byte(draftFile(3, "Outside")), 0o644); err != nil {
		t.Fatal(err)
	}
	if b := c.base(c.dir, "HEAD", c.drafts(c.dir, outside)); len(b.Drafts) > 0 || b.Untold[notificationID(3)] != outsideTree {
		t.Errorf("a file outside the repository: %q, untold %q", said(b), b.Untold)
	}
}

// TestReadBaseReadsTheCardOfItsTime: a card in a file of its own is read at the revision, too.
func TestReadBaseReadsTheCardOfItsTime(t *testing.T) {
	t.Parallel()
	withCard := strings.Replace(draftFile(1, "Same"), "push_content: {}", "push_content_file: ../cards/卡 1.json", 1)
	c := newCheckout(t)
	c.write("drafts/a.yaml", withCard).write("cards/卡 1.json", `{"n": 1.0}`).commit()
	c.write("cards/卡 1.json", `{"n": 2}`).commit()
	c.git("mv", "cards/卡 1.json", "cards/2.json")
	c.write("drafts/a.yaml", strings.Replace(withCard, "卡 1", "2", 1)).commit()
	drafts := c.drafts(c.dir, "drafts")
	for revision, want := range map[string]string{"HEAD": `{"n":2}`, "HEAD~1": `{"n":2}`, "HEAD~2": `{"n":1.0}`} {
		b := c.base(c.dir, revision, drafts)
		if got := b.Drafts[notificationID(1)].PushContent.String(); got != want || len(b.Faulty) > 0 {
			t.Errorf("at %s the card is %s, want %s (faulty: %q)", revision, got, want, b.Faulty)
		}
	}
	c.git("rm", "-q", "cards/2.json")
	c.commit()
	c.write("cards/2.json", "{}")
	if b := c.base(c.dir, "HEAD", drafts); len(b.Drafts) > 0 || !slices.Equal(b.Faulty, []string{"drafts/a.yaml"}) {
		t.Errorf("without its card, the base is %q, faulty %q", said(b), b.Faulty)
	}
}

// TestReadBaseOfARevisionGoneBy: a draft that was deleted and written anew has the base of the
// revision that is asked for, whichever that is.
func TestReadBaseOfARevisionGoneBy(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("a.yaml", draftFile(1, "First")).commit()
	c.git("tag", "first")
	c.git("rm", "-q", "a.yaml")
	c.write("other.yaml", draftFile(2, "Other")).commit()
	c.git("tag", "--annotate", "--message=x", "gone")
	c.write("b.yaml", draftFile(1, "Second")).commit()
	drafts := c.drafts(c.dir, "b.yaml")
	for revision, want := range map[string][]string{
		"HEAD": {"1 Second"}, "main": {"1 Second"}, "gone": nil, "first": {"1 First"}, "main@{0}": {"1 Second"},
	} {
		if diff := cmp.Diff(want, said(c.base(c.dir, revision, drafts))); diff != "" {
			t.Errorf("at %s: %s", revision, diff)
		}
	}
}

func TestReadBaseFaults(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("a.yaml", draftFile(1, "Old")).commit()
	c.write("a.yaml", draftFile(1, "New")).commit()
	shallow := filepath.Join(t.TempDir(), "shallow")
	c.git("clone", "--quiet", "--depth=1", "file://"+c.dir, shallow)
	empty := newCheckout(t)
	for _, row := range []struct{ why, dir, revision, want, hint string }{
		{"no repository", t.TempDir(), "HEAD", "not a git repository", "inside the Git repository"},
		{"no such revision", c.dir, "v1.0", `"v1.0" is no commit of this repository`, "git rev-parse knows"},
		{"a repository without a commit", empty.dir, "HEAD", "there is no commit yet", "commit the draft files first"},
		{"a file is no commit", c.dir, "HEAD:a.yaml", "is no commit", "git rev-parse knows"},
		{"a tree is no commit", c.dir, "HEAD^{tree}", "is no commit", "git rev-parse knows"},
		{"what was not fetched", shallow, "HEAD~1", `"HEAD~1" is no commit of this repository, which is a shallow clone`, "fetch-depth: 0"},
		{"a flag", c.dir, "--output=" + filepath.Join(c.dir, "pwned"), "is no commit", "git rev-parse knows"},
		{"another flag", c.dir, "--git-dir", "is no commit", "git rev-parse knows"},
		{"a flag of one letter", c.dir, "-h", "is no commit", "git rev-parse knows"},
		{"two revisions", c.dir, "HEAD HEAD~1", "is no commit", "git rev-parse knows"},
		{"a range", c.dir, "HEAD~1..HEAD", "is no commit", "git rev-parse knows"},
		{"the one end of a range", c.dir, "^HEAD", "is no commit", "git rev-parse knows"},
		{"a line break", c.dir, "HEAD\nHEAD", "is no commit", "git rev-parse knows"},
		{"a command", c.dir, "$(touch pwned); `touch pwned`", "is no commit", "git rev-parse knows"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, err := Read(t.Context(), row.dir, environ(), row.revision, nil)
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), "--base: ") {
				t.Fatalf("Read: %v, want --base: …%s…", err, row.want)
			}
			var h interface{ Hint() string }
			if !errors.As(err, &h) || !strings.Contains(h.Hint(), row.hint) {
				t.Errorf("hint of %v, want …%s…", err, row.hint)
			}
		})
	}
	t.Cleanup(func() { // when the rows are through
		if _, err := os.Stat(filepath.Join(c.dir, "pwned")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a revision was taken for a flag or a command (%v)", err)
		}
	})
	drafts := c.drafts(c.dir, ".")
	if b := c.base(shallow, "HEAD", drafts); !slices.Equal(said(b), []string{"1 New"}) {
		t.Errorf("a revision that a shallow clone has: %q", said(b))
	}
	enough := errors.New("enough")
	if _, err := Read(ended(t.Context(), enough), c.dir, environ(), "HEAD", drafts); !errors.Is(err, enough) || err.Error() != "--base: enough" {
		t.Errorf("after the end: %v", err)
	}
}

// TestReadBaseOfMany: one process serves all files, however many, and what is not there costs
// little.
func TestReadBaseOfMany(t *testing.T) {
	t.Parallel()
	const n = 300
	c := newCheckout(t)
	for i := range n {
		c.write(fmt.Sprintf("old/%d.yaml", i), draftFile(i, "Old "+fmt.Sprint(i)))
	}
	c.commit()
	c.git("mv", "old", "new")
	for i := range n {
		c.write(fmt.Sprintf("added/%d.yaml", i), draftFile(n+i, "Added"))
	}
	drafts := c.drafts(c.dir, "new", "added")
	b := c.base(c.dir, "HEAD", drafts)
	if len(drafts) != 2*n || len(b.Drafts) != n || len(b.Faulty) > 0 {
		t.Fatalf("of %d drafts, %d have a base (faulty: %q)", len(drafts), len(b.Drafts), b.Faulty)
	}
	for i := range n {
		if got := b.Drafts[notificationID(i)].JobName; got != "Old "+fmt.Sprint(i) {
			t.Errorf("draft %d was %q", i, got)
		}
	}
}

// notificationID is the i-th id.
func notificationID(i int) string { return fmt.Sprintf("70000000000000%05d", i) }

// ended is a context that has ended for a reason.
func ended(ctx context.Context, why error) context.Context {
	ctx, stop := context.WithCancelCause(ctx)
	stop(why)
	return ctx
}
