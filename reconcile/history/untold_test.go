package history

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/spec"
)

// TestReadTellsNewFromUntold: a draft that is not found at the revision is new only if nothing
// that Git holds could have said it.
func TestReadTellsNewFromUntold(t *testing.T) {
	t.Parallel()
	const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 200\n"
	large := func(draft string) string { return draft + strings.Repeat("# more\n", maxContent/7) }
	same := func(c checkout) {}
	for _, row := range []struct {
		why  string
		was  func(c checkout) // committed as HEAD~1
		now  func(c checkout) // then changed, and committed as HEAD
		then func(c checkout) // and changed once more
		want string           // why draft 1 is untold; "" is new
	}{
		{why: "new in a new file", was: same, now: func(c checkout) { c.write("a.yaml", draftFile(1, "New")) }},
		{
			why:  "new in a new file that is to be committed next",
			was:  same,
			now:  same,
			then: func(c checkout) { c.write("a.yaml", draftFile(1, "New")).git("add", "a.yaml") },
		},
		{
			why:  "new in a file that will be",
			was:  same,
			now:  same,
			then: func(c checkout) { c.write("a.yaml", draftFile(1, "New")).git("add", "--intent-to-add", "a.yaml") },
		},
		{
			why: "new beside another one",
			was: func(c checkout) { c.write("a.yaml", draftFile(2, "Old")) },
			now: func(c checkout) { c.write("a.yaml", draftFile(2, "Old")+"---\n"+draftFile(1, "New")) },
		},
		{
			why: "new in place of another one",
			was: func(c checkout) { c.write("a.yaml", draftFile(2, "Old")) },
			now: func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
		},
		{
			why: "new in a file that said nothing",
			was: func(c checkout) { c.write("a.yaml", "# to be written\n") },
			now: func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
		},
		{
			why: "new beside files that are no drafts and come and go",
			was: func(c checkout) {
				c.write("gone.yaml", "kind: Deployment\nspec: {replicas: 1}\n").write("list.yaml", "- {hosts: all}\n").write("t.yaml", "{{- if .x }}\na: {{ .b }}\n")
				c.write("card.yaml", "elements: []\n").write("empty.yaml", "").write("lfs.bin", pointer).write("compact.yaml", `{"a":1}`)
			},
			now: func(c checkout) {
				c.git("rm", "-q", "gone.yaml", "list.yaml", "t.yaml", "card.yaml", "empty.yaml", "lfs.bin", "compact.yaml")
				c.write("a.yaml", draftFile(1, "New"))
			},
		},
		{
			why: "new beside files that nobody could read, and that stayed as they are",
			was: func(c checkout) {
				c.write("b/lfs.yaml", pointer).write("b/binary.yaml", "\x00GITCRYPT\x00\xff").write("b/large.yaml", large(draftFile(1, "Large")))
			},
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			then: func(c checkout) { c.must(os.RemoveAll(filepath.Join(c.dir, "b"))) },
		},
		{
			why:  "not tracked",
			was:  same,
			now:  same,
			then: func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: notTracked,
		},
		{
			why:  "not tracked, though a tracked file once said it",
			was:  func(c checkout) { c.write("b.yaml", draftFile(1, "Old")) },
			now:  func(c checkout) { c.git("rm", "-q", "b.yaml") },
			then: func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: notTracked,
		},
		{
			why:  "ignored",
			was:  func(c checkout) { c.write(".gitignore", "a.yaml\n") },
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: notTracked,
		},
		{
			why:  "no more tracked",
			was:  func(c checkout) { c.write("a.yaml", draftFile(1, "Old")) },
			now:  same,
			then: func(c checkout) { c.git("rm", "-q", "--cached", "a.yaml") },
			want: notTracked,
		},
		{
			why: "of a repository within",
			was: same,
			now: same,
			then: func(c checkout) {
				c.git("init", "--quiet", "inner")
				checkout{c.t, filepath.Join(c.dir, "inner")}.write("a.yaml", draftFile(1, "New")).commit()
				c.git("-c", "advice.addEmbeddedRepo=false", "add", "inner")
			},
			want: notTracked,
		},
		{
			why: "behind a filter, though Git holds what could be read",
			was: func(c checkout) { c.write("a.yaml", draftFile(1, "Old")) },
			now: func(c checkout) {
				c.write("a.yaml", draftFile(1, "New")).write(".gitattributes", "*.yaml filter=keywords\n")
			},
			want: fmt.Sprintf(behindFilter, "keywords"),
		},
		{
			why:  "behind a filter that is set without being committed",
			was:  same,
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			then: func(c checkout) { c.write(".git/info/attributes", "a.yaml filter=git-crypt diff=git-crypt\n") },
			want: fmt.Sprintf(behindFilter, "git-crypt"),
		},
		{
			why: "behind a filter of other files",
			was: same,
			now: func(c checkout) {
				c.write("a.yaml", draftFile(1, "New")).write(".gitattributes", "*.yaml filter=x\na.yaml -filter\nb.yaml filter\n")
			},
		},
		{
			why:  "behind a filter until now",
			was:  func(c checkout) { c.write("a.yaml", pointer) },
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(faultyThen, "a.yaml"),
		},
		{
			why:  "behind a filter until it was renamed",
			was:  func(c checkout) { c.write("b.yaml", pointer) },
			now:  func(c checkout) { c.git("mv", "b.yaml", "a.yaml"); c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(opaqueThen, "b.yaml"),
		},
		{
			why:  "encrypted until it was renamed",
			was:  func(c checkout) { c.write("b.yaml", "\x00GITCRYPT\x00\xff\xfe: x\n") },
			now:  func(c checkout) { c.git("mv", "b.yaml", "a.yaml"); c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(opaqueThen, "b.yaml"),
		},
		{
			why:  "encoded until another took its place",
			was:  func(c checkout) { c.write("b.yaml", "bm90aWZpY2F0aW9uX2lk\nOiAxCg==\n") },
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")).write("b.yaml", draftFile(2, "New")) },
			want: fmt.Sprintf(opaqueThen, "b.yaml"),
		},
		{
			why:  "at fault in its own file, which does not name it",
			was:  func(c checkout) { c.write("a.yaml", "\tx: 1\n") },
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(faultyThen, "a.yaml"),
		},
		{
			why:  "at fault in another file, which names it",
			was:  func(c checkout) { c.write("b.yaml", draftFile(1, "Old")+"job_name: twice\n") },
			now:  func(c checkout) { c.git("mv", "b.yaml", "a.yaml"); c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(faultyThen, "b.yaml"),
		},
		{
			why:  "in a file that was too large",
			was:  func(c checkout) { c.write("a.yaml", large(draftFile(1, "Old"))) },
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(largeThen, "a.yaml", 1),
		},
		{
			why:  "in another file that was too large",
			was:  func(c checkout) { c.write("b.yaml", large(draftFile(1, "Old"))) },
			now:  func(c checkout) { c.git("mv", "b.yaml", "a.yaml"); c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(largeThen, "b.yaml", 1),
		},
		{
			why: "with a card that was too large",
			was: func(c checkout) {
				c.write("a.yaml", strings.Replace(draftFile(1, "Old"), "push_content: {}", "push_content_file: c.json", 1))
				c.write("c.json", "{}"+strings.Repeat(" ", maxContent))
			},
			now:  func(c checkout) { c.write("a.yaml", draftFile(1, "New")) },
			want: fmt.Sprintf(faultyThen, "a.yaml"),
		},
		{
			why: "a link then",
			was: func(c checkout) { c.must(os.Symlink("../elsewhere.yaml", filepath.Join(c.dir, "a.yaml"))) },
			now: func(c checkout) {
				c.must(os.Remove(filepath.Join(c.dir, "a.yaml")))
				c.write("a.yaml", draftFile(1, "New"))
			},
			want: fmt.Sprintf(linkThen, "a.yaml"),
		},
		{
			why: "in a folder that was another repository then",
			was: func(c checkout) {
				c.git("init", "--quiet", "a")
				checkout{c.t, filepath.Join(c.dir, "a")}.write("a.yaml", draftFile(1, "Old")).commit()
			},
			now: func(c checkout) {
				c.must(os.RemoveAll(filepath.Join(c.dir, "a")))
				c.git("rm", "-q", "--cached", "a")
				c.write("a/deep/a.yaml", draftFile(1, "New"))
			},
			want: fmt.Sprintf(linkThen, "a"),
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			for _, change := range []func(checkout){row.was, row.now} {
				change(c)
				c.commit()
			}
			if row.then != nil {
				row.then(c)
			}
			b := c.base(c.dir, "HEAD~1", c.drafts(c.dir, "."))
			if diff := cmp.Diff(row.want, b.Untold[notificationID(1)]); diff != "" || len(b.Drafts) > 0 && row.want != "" {
				t.Errorf("found %q: %s", said(b), diff)
			}
		})
	}
}

func (c checkout) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// TestReadOfOtherFiles: standard input, a link, and a file that only seems to be elsewhere.
func TestReadOfOtherFiles(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("drafts/a.yaml", draftFile(1, "Old")).commit()
	elsewhere := t.TempDir()
	c.must(os.Symlink(filepath.Join(c.dir, "drafts"), filepath.Join(elsewhere, "within")))
	c.must(os.Symlink(filepath.Join(c.dir, "drafts", "a.yaml"), filepath.Join(elsewhere, "link.yaml")))
	c.must(os.Symlink("drafts/a.yaml", filepath.Join(c.dir, "link.yaml")))
	c.commit()
	for path, want := range map[string]string{
		"drafts/a.yaml": "", filepath.Join(elsewhere, "within"): "", filepath.Join(elsewhere, "within", "a.yaml"): "",
		"link.yaml": isLink, filepath.Join(elsewhere, "link.yaml"): outsideTree,
	} {
		b := c.base(c.dir, "HEAD~1", c.drafts(c.dir, path))
		if got := b.Untold[notificationID(1)]; got != want || (len(b.Drafts) == 1) != (want == "") {
			t.Errorf("%s is %q, want %q; found %q", path, got, want, said(b))
		}
	}
	set := spec.Load(t.Context(), []string{"-"}, spec.Options{Stdin: strings.NewReader(draftFile(1, "New"))})
	if b := c.base(c.dir, "HEAD", set.Drafts); b.Untold[notificationID(1)] != fromStdin || len(b.Drafts) > 0 {
		t.Errorf("standard input is %q, found %q", b.Untold, said(b))
	}
}

// TestReadInEveryKindOfCheckout: what makes a .git a file, or lacks old commits, makes no
// difference.
func TestReadInEveryKindOfCheckout(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("drafts/a.yaml", draftFile(1, "Old")).commit()
	c.write("drafts/a.yaml", draftFile(1, "New")).commit()
	super := newCheckout(t)
	super.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", c.dir, "sub")
	super.commit()
	parent := t.TempDir()
	c.git("worktree", "add", "--quiet", "--detach", filepath.Join(parent, "worktree"))
	c.git("clone", "--quiet", "--depth=2", "file://"+c.dir, filepath.Join(parent, "shallow"))
	c.git("clone", "--quiet", "--separate-git-dir", filepath.Join(parent, "apart"), c.dir, filepath.Join(parent, "separate"))
	c.git("clone", "--quiet", "--shared", c.dir, filepath.Join(parent, "shared"))
	c.git("clone", "--quiet", c.dir, filepath.Join(parent, "linked"))
	c.must(os.Rename(filepath.Join(parent, "linked", ".git"), filepath.Join(parent, "real.git")))
	c.must(os.Symlink(filepath.Join(parent, "real.git"), filepath.Join(parent, "linked", ".git")))
	for _, dir := range []string{
		filepath.Join(super.dir, "sub"), filepath.Join(parent, "worktree"), filepath.Join(parent, "shallow"), filepath.Join(parent, "separate"),
		filepath.Join(parent, "shared"), filepath.Join(parent, "linked"),
	} {
		for _, from := range []string{dir, filepath.Join(dir, "drafts")} {
			b := c.base(from, "HEAD~1", c.drafts(from, "."))
			if diff := cmp.Diff([]string{"1 Old"}, said(b)); diff != "" || len(b.Untold) > 0 {
				t.Errorf("%s: %s\nuntold: %q", from, diff, b.Untold)
			}
		}
	}
}
