package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"notiform/reconcile"
	"notiform/spec"
)

// changeIn is what the work tree that dir is in says otherwise than the merge base.
func changeIn(t testing.TB, dir string, environ []string, revision string) (Change, error) {
	since, err := NewSince(t.Context(), dir, environ, revision)
	if err != nil {
		return Change{}, err
	}
	set := spec.Load(t.Context(), nil, spec.Options{Dir: dir, Seen: since.Saw, Vacant: since.Held})
	return since.Change(t.Context(), []string{"."}, set)
}

// change is what is changed of a path since a revision.
func (c checkout) change(t failer, revision string, paths ...string) (Change, spec.Set) {
	since, err := NewSince(c.t.Context(), c.dir, environ(), revision)
	if err != nil {
		t.Fatal(err)
	}
	set := spec.Load(c.t.Context(), paths, spec.Options{Dir: c.dir, Seen: since.Saw, Vacant: since.Held})
	change, err := since.Change(c.t.Context(), paths, set)
	if err != nil {
		t.Fatal(err)
	}
	return change, set
}

// selected are the names of the drafts that mean something else.
func (c Change) selected() (names []string) {
	for _, d := range reconcile.Changed(c.Drafts, c.Was, c.Unnamed) {
		names = append(names, d.JobName)
	}
	slices.Sort(names)
	return names
}

// removed are the ids of the drafts that are gone.
func (c Change) removed() (ids []string) {
	for _, d := range c.Removed {
		ids = append(ids, d.NotificationID)
	}
	slices.Sort(ids)
	return ids
}

// failer is a test, or one run of a law.
type failer interface{ Fatal(args ...any) }

// unnamed is a document without a notification_id.
func unnamed(name string) string {
	return "job_name: " + name + "\npush_type: scheduled\npush_scope_type: all_members\npush_content: {}\n"
}

// TestChange: what counts as changed, and what is outside.
func TestChange(t *testing.T) {
	t.Parallel()
	const broken = "job_name: ["
	tooLarge := strings.Repeat("# long\n", maxContent/7+1)
	for _, row := range []struct {
		why      string
		was, now func(c checkout)
		path     string // "drafts", unless given
		selected []string
		removed  []int
		outside  map[string]bool
	}{
		{
			why: "line ends and a mode are no difference", was: func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "A")) },
			now: func(c checkout) {
				c.write("drafts/a.yaml", strings.ReplaceAll(draftFile(1, "A"), "\n", "\r\n"))
				c.must(os.Chmod(filepath.Join(c.dir, "drafts", "a.yaml"), 0o755))
			},
			outside: map[string]bool{"drafts/a.yaml": true},
		},
		{
			why: "what cannot be read at the base counts", was: func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "A")+"---\n"+broken) },
			now: func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "A")) }, selected: []string{"A"},
		},
		{
			why: "a rule that is no more than a rule hides nothing at the base", was: func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "A")+"old: 1\n") },
			now: func(c checkout) { c.write("drafts/a.yaml", draftFile(1, "A")) },
		},
		{
			why: "what Git does not know counts, unless the base has it elsewhere", was: func(c checkout) { c.write(".gitignore", "new*\n").write("elsewhere.yaml", draftFile(2, "B")) },
			now: func(c checkout) {
				c.write("drafts/new1.yaml", draftFile(1, "A")).write("drafts/new2.yaml", draftFile(2, "B"))
			}, selected: []string{"A"},
		},
		{
			why: "what a Git filter hides counts: nobody can tell what it said", was: func(c checkout) {
				c.git("config", "filter.x.clean", "echo pointer")
				c.write(".gitattributes", "drafts/a.yaml filter=x\n").write("drafts/a.yaml", draftFile(1, "A")).write("drafts/b.yaml", draftFile(2, "B"))
			},
			now: func(checkout) {}, selected: []string{"A"}, outside: map[string]bool{"drafts/a.yaml": false, "drafts/b.yaml": true},
		},
		{
			why: "a draft without an id is the one that the base holds, wherever", was: func(c checkout) {
				c.write("drafts/a.yaml", unnamed("A")).write("drafts/b.yaml", unnamed("B")+"---\n"+unnamed("C"))
			},
			now: func(c checkout) {
				c.remove("drafts/a.yaml").write("drafts/b.yaml", unnamed("B2")).write("drafts/new.yaml", unnamed("C")+"---\n"+unnamed("A"))
			},
			selected: []string{"B2"},
		},
		{
			why: "a copy of a draft without an id is a draft of its own, beside it or of one that moved", was: func(c checkout) {
				c.write("drafts/a.yaml", unnamed("A")).write("drafts/b.yaml", unnamed("B"))
			},
			now: func(c checkout) {
				c.write("drafts/copy.yaml", unnamed("A")).remove("drafts/b.yaml").write("drafts/new.yaml", unnamed("B")+"---\n"+unnamed("B"))
			},
			selected: []string{"A", "B"},
		},
		{
			why: "a draft that came from outside of the path, changed", was: func(c checkout) { c.write("elsewhere.yaml", draftFile(1, "A")) },
			now: func(c checkout) {
				c.must(os.Remove(filepath.Join(c.dir, "elsewhere.yaml")))
				c.write("drafts/a.yaml", draftFile(1, "A2"))
			},
			selected: []string{"A2"},
		},
		{
			why: "a draft that went out of the path, as the index has it", was: func(c checkout) {
				c.write("drafts/a.yaml", draftFile(1, "A")).write("drafts/b.yaml", draftFile(2, "B"))
			},
			now: func(c checkout) {
				c.git("mv", "drafts/a.yaml", "elsewhere.yaml")
				c.git("rm", "--quiet", "drafts/b.yaml")
				c.write("drafts/README", "")
			},
			removed: []int{2},
		},
		{
			why: "in a folder that a dot hides, which the path names", was: func(c checkout) {
				c.write(".feishu/a.yaml", draftFile(1, "A")).write(".feishu/b.yaml", draftFile(2, "B")).write(".feishu/.c.yaml", draftFile(3, "C"))
			},
			now: func(c checkout) {
				c.write(".feishu/a.yaml", draftFile(1, "A2")).remove(".feishu/b.yaml").remove(".feishu/.c.yaml")
			},
			path: ".feishu", selected: []string{"A2"}, removed: []int{2},
		},
		{
			why: "in a folder that a dot hides, which the path does not name", was: func(c checkout) {
				c.write("drafts/.old/a.yaml", draftFile(1, "A")).write("drafts/b.yaml", draftFile(2, "B"))
			},
			now: func(c checkout) { c.must(os.RemoveAll(filepath.Join(c.dir, "drafts", ".old"))) },
		},
		{
			why: "a sparse checkout removes nothing, and no card", was: func(c checkout) {
				c.write("drafts/a.yaml", draftFile(1, "A")).write("drafts/deep/b.yaml", draftFile(2, "B"))
				c.write("drafts/c.yaml", withCard(3, "C", "../cards/c.json")).write("cards/c.json", "{}")
			},
			now: func(c checkout) {
				c.git("sparse-checkout", "set", "--no-cone", "/drafts/*.yaml")
				c.write("drafts/a.yaml", draftFile(1, "A2"))
			},
			selected: []string{"A2"}, outside: map[string]bool{"drafts/c.yaml": true},
		},
		{
			why: "a link that was there is outside, one that is new is not, nor one in place of a draft",
			was: func(c checkout) {
				c.write("drafts/a.yaml", draftFile(1, "A"))
				c.must(os.Symlink("a.yaml", filepath.Join(c.dir, "drafts", "link.yaml")))
			},
			now: func(c checkout) {
				c.must(os.Symlink("a.yaml", filepath.Join(c.dir, "drafts", "new.yaml")))
			},
			outside: map[string]bool{"drafts/link.yaml": true, "drafts/new.yaml": false},
		},
		{
			why: "a link that was there and leads elsewhere now is of the change",
			was: func(c checkout) {
				c.write("drafts/a.yaml", draftFile(1, "A"))
				c.must(os.Symlink("a.yaml", filepath.Join(c.dir, "drafts", "link.yaml")))
			},
			now: func(c checkout) {
				c.must(os.Remove(filepath.Join(c.dir, "drafts", "link.yaml")))
				c.must(os.Symlink("b.yaml", filepath.Join(c.dir, "drafts", "link.yaml")))
				c.git("add", "--all")
			},
			outside: map[string]bool{"drafts/link.yaml": false, "drafts/a.yaml": true},
		},
		{
			why:     "a file that is too large is outside while it is as the base has it",
			was:     func(c checkout) { c.write("drafts/a.yaml", tooLarge).write("drafts/b.yaml", draftFile(2, "B")) },
			now:     func(c checkout) { c.write("drafts/b.yaml", tooLarge) },
			outside: map[string]bool{"drafts/a.yaml": true, "drafts/b.yaml": false},
		},
		{
			why: "a path by way of a link to a folder", was: func(c checkout) {
				c.write("real/a.yaml", draftFile(1, "A")).write("real/b.yaml", draftFile(2, "B")).write("real/c.yaml", draftFile(3, "C"))
				c.must(os.Symlink("real", filepath.Join(c.dir, "drafts")))
			},
			now: func(c checkout) {
				c.write("real/a.yaml", draftFile(1, "A2"))
				c.must(os.Remove(filepath.Join(c.dir, "real", "c.yaml")))
			},
			path: "drafts/", selected: []string{"A2"}, removed: []int{3},
		},
		{
			why: "a path that is gone, and its folder with it", was: func(c checkout) {
				c.write("drafts/deep/er/a.yaml", draftFile(1, "A")).write("drafts-too.yaml", draftFile(2, "B"))
			},
			now: func(c checkout) { c.must(os.RemoveAll(filepath.Join(c.dir, "drafts"))) }, path: "drafts/deep", removed: []int{1},
		},
		{
			why: "a card behind a link that leads elsewhere now: nobody can tell what that led to", was: func(c checkout) {
				c.write("drafts/a.yaml", strings.Replace(draftFile(1, "A"), "push_content: {}", "push_content_file: c/x.json", 1)).write("one/x.json", "{}").write("two/x.json", `{"a":1}`)
				c.must(os.Symlink("../one", filepath.Join(c.dir, "drafts", "c")))
			},
			now: func(c checkout) {
				c.must(os.Remove(filepath.Join(c.dir, "drafts", "c")))
				c.must(os.Symlink("../two", filepath.Join(c.dir, "drafts", "c")))
			},
			path: "drafts/a.yaml", selected: []string{"A"},
		},
		{
			why: "a card behind a link that leads nowhere now", was: func(c checkout) {
				c.write("drafts/a.yaml", strings.Replace(draftFile(1, "A"), "push_content: {}", "push_content_file: c/x.json", 1)).write("one/x.json", "{}")
				c.must(os.Symlink("../one", filepath.Join(c.dir, "drafts", "c")))
			},
			now: func(c checkout) { c.must(os.RemoveAll(filepath.Join(c.dir, "one"))) }, path: "drafts/a.yaml", selected: []string{"A"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			row.was(c)
			c.commit()
			row.now(c)
			path := "drafts"
			if row.path != "" {
				path = row.path
			}
			change, set := c.change(t, "HEAD", path)
			if got := change.selected(); !slices.Equal(got, row.selected) {
				t.Errorf("selected are %q, want %q; %v", got, row.selected, set.Diagnostics)
			}
			var removed []string
			for _, i := range row.removed {
				removed = append(removed, notificationID(i))
			}
			if got := change.removed(); !slices.Equal(got, removed) {
				t.Errorf("removed are %q, want %q", got, removed)
			}
			for file, want := range row.outside {
				if change.Outside(file) != want {
					t.Errorf("%s: outside is %t; %v", file, !want, set.Diagnostics)
				}
			}
		})
	}
}

// TestChangeReadsOnlyWhatDiffers: of a repository whose old contents are gone but for the files
// that were edited, a change is found all the same, a draft with a new id included.
func TestChangeReadsOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	const n = 30
	p := trap{checkout: newCheckout(t)}
	name := func(i int) string { return fmt.Sprintf("drafts/%02d.yaml", i) }
	for i := range n {
		p.write(name(i), draftFile(i, fmt.Sprint("Old ", i)))
	}
	p.commit()
	for i := range n {
		if i%10 == 0 {
			p.write(name(i), draftFile(i, fmt.Sprint("New ", i)))
		} else {
			p.forget("HEAD:" + name(i))
		}
	}
	p.write("drafts/new.yaml", draftFile(n, "New"))
	if change, _ := p.change(t, "HEAD", "drafts"); !slices.Equal(change.selected(), []string{"New", "New 0", "New 10", "New 20"}) || len(change.Was) != 3 {
		t.Errorf("selected are %q, and %d had a base", change.selected(), len(change.Was))
	}
	p.forget("HEAD:" + name(0))
	if _, err := changeIn(t, p.dir, environ(), "HEAD"); err == nil || !strings.HasPrefix(err.Error(), "--changed: drafts/00.yaml of commit ") {
		t.Errorf("a content that is not there: %v", err)
	}
}

// TestNewSinceOfSeveralMergeBases: everybody takes the same.
func TestNewSinceOfSeveralMergeBases(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("a.yaml", draftFile(1, "A")).commit()
	c.git("branch", "other")
	c.write("b.yaml", draftFile(2, "B")).commit()
	c.git("switch", "--quiet", "other")
	c.write("c.yaml", draftFile(3, "C")).commit()
	main, other := c.git("rev-parse", "main"), c.git("rev-parse", "other")
	c.git("merge", "--quiet", "--no-edit", main)
	c.git("switch", "--quiet", "main")
	c.git("merge", "--quiet", "--no-edit", other)
	for _, revision := range []string{"other", "other^{commit}"} {
		since, err := NewSince(t.Context(), c.dir, environ(), revision)
		if err != nil {
			t.Fatal(err)
		}
		if want := min(main, other); since.Commit != want {
			t.Errorf("the merge base of %s is %s, want %s", revision, since.Commit, want)
		}
	}
}

// TestChangeInEveryKindOfRepository: another hash, a folder below, another work tree.
func TestChangeInEveryKindOfRepository(t *testing.T) {
	t.Parallel()
	modern := checkout{t, t.TempDir()}
	modern.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
	for _, c := range []checkout{newCheckout(t), modern} {
		c.write("drafts/a.yaml", draftFile(1, "A")).write("drafts/b.yaml", draftFile(2, "B")).commit()
		worktree := checkout{t, filepath.Join(t.TempDir(), "worktree")}
		c.git("worktree", "add", "--quiet", "--detach", worktree.dir)
		for _, dir := range []string{c.dir, worktree.dir} {
			at := checkout{t, filepath.Join(dir, "drafts")}
			at.write("a.yaml", draftFile(1, "A2"))
			change, _ := at.change(t, "HEAD", ".")
			if got := change.selected(); !slices.Equal(got, []string{"A2"}) {
				t.Errorf("%s: selected are %q", dir, got)
			}
			at.must(os.Remove(filepath.Join(at.dir, "b.yaml")))
			if change, _ := at.change(t, "HEAD", at.dir); len(change.Removed) != 1 || change.Removed[0].Pos.File != "b.yaml" {
				t.Errorf("%s: removed are %v", dir, change.Removed)
			}
		}
	}
}

// TestNewSinceStopped: whoever ends the run is told as the cause.
func TestNewSinceStopped(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("a.yaml", draftFile(1, "A")).commit()
	since, err := NewSince(t.Context(), c.dir, environ(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	stop := ended(t.Context(), os.ErrDeadlineExceeded)
	if _, err := NewSince(stop, c.dir, environ(), "HEAD"); err == nil || err.Error() != "--changed: i/o timeout" {
		t.Errorf("NewSince: %v", err)
	}
	if _, err := since.Change(stop, []string{"."}, spec.Set{}); err == nil || err.Error() != "--changed: i/o timeout" {
		t.Errorf("Change: %v", err)
	}
}
