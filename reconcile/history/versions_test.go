package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"notiform/spec"
)

// versions are what is told of the drafts that dir holds now, newest first: "1 Old" and so on, with
// the card where it has one.
func (c checkout) versions(drafts []spec.Draft) (told []string, untold map[string]string) {
	c.t.Helper()
	var all []Version
	untold = Versions(c.t.Context(), c.dir, environ(), drafts, func(v Version) bool {
		all = append(all, v)
		return false
	})
	slices.SortStableFunc(all, func(a, b Version) int { return cmp.Compare(a.Age, b.Age) })
	for _, v := range all {
		line := strings.TrimLeft(v.Draft.NotificationID[14:], "0") + " " + v.Draft.JobName
		if card := v.Draft.PushContent.String(); card != "{}" {
			line += " " + card
		}
		told = append(told, line)
	}
	return told, untold
}

// withCard is a draft whose card is in a file.
func withCard(i int, name, card string) string {
	return strings.Replace(draftFile(i, name), "push_content: {}", "push_content_file: "+card, 1)
}

// branch commits what edit does on a side branch, and comes back.
func (c checkout) branch(name string, edit func(c checkout)) checkout {
	c.git("checkout", "--quiet", "-b", name)
	edit(c)
	c.commit()
	c.git("checkout", "--quiet", "main")
	return c
}

func TestVersions(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		past   func(c checkout)
		paths  []string
		want   []string
		untold string // of the first draft
	}{
		{
			why: "every commit that changed a draft, and none that did not",
			past: func(c checkout) {
				for _, name := range []string{"A", "B", "B", "A"} {
					c.write("a.yaml", draftFile(1, name)).commit()
				}
				c.write("a.yaml", draftFile(1, "not committed"))
			},
			want: []string{"1 A", "1 B", "1 A"},
		},
		{
			why: "a renamed file, which changed in the same commit",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).write("b.yaml", draftFile(2, "Other")).commit()
				c.git("mv", "a.yaml", "deep.yaml")
				c.write("deep.yaml", draftFile(1, "B")).commit()
			},
			paths: []string{"deep.yaml"}, want: []string{"1 B", "1 A"},
		},
		{
			why: "a rename that is not committed yet",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.write("a.yaml", draftFile(1, "B")).commit()
				c.git("mv", "a.yaml", "b.yaml")
			},
			want: []string{"1 B", "1 A"},
		},
		{
			why: "out of a file of two documents, into another one, and back",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")+"---\n"+draftFile(2, "Two")).write("b.yaml", draftFile(3, "Three")).commit()
				c.write("a.yaml", draftFile(2, "Two")).write("b.yaml", draftFile(3, "Three")+"---\n"+draftFile(1, "B")).commit()
				c.write("b.yaml", draftFile(3, "Three")).write("a.yaml", draftFile(1, "C")+"---\n"+draftFile(2, "Two")).commit()
			},
			paths: []string{"a.yaml"}, want: []string{"1 C", "2 Two", "1 B", "2 Two", "1 A", "2 Two"},
		},
		{
			why: "a neighbour in the file that changes makes no version",
			past: func(c checkout) {
				for _, name := range []string{"A", "B", "C"} {
					c.write("a.yaml", draftFile(2, "Two "+name)+"---\n"+draftFile(1, "One")).commit()
				}
			},
			want: []string{"2 Two C", "1 One", "2 Two B", "2 Two A"},
		},
		{
			why: "moved by two commits, the new file first",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.write("b.yaml", draftFile(1, "B")).commit()
				c.git("rm", "--quiet", "a.yaml")
				c.commit()
			},
			want: []string{"1 B", "1 A"},
		},
		{
			why: "moved by two commits, the old file first",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.git("rm", "--quiet", "a.yaml")
				c.commit()
				c.write("b.yaml", draftFile(1, "B")).commit()
			},
			want: []string{"1 B", "1 A"},
		},
		{
			why: "removed, and there again, but not committed",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.git("rm", "--quiet", "a.yaml")
				c.commit()
				c.write("b.yaml", draftFile(1, "B")).git("add", "b.yaml")
			},
			want: []string{"1 A"},
		},
		{
			why: "a side branch that was merged, and what the merge itself made of both",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.branch("side", func(c checkout) { c.write("a.yaml", draftFile(1, "Side")) })
				c.write("a.yaml", draftFile(1, "Main")).commit()
				c.git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
				c.write("a.yaml", draftFile(1, "Both")).commit()
			},
			want: []string{"1 Both", "1 Side", "1 Main", "1 A"},
		},
		{
			why: "what a merge takes from one side is the commit's of that side",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.branch("side", func(c checkout) { c.write("a.yaml", draftFile(1, "Side")) })
				c.write("else", "x").commit()
				c.git("merge", "--quiet", "side")
			},
			want: []string{"1 Side", "1 A"},
		},
		{
			why: "edited on one side under the old name, and renamed on the other",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.branch("side", func(c checkout) { c.write("a.yaml", draftFile(1, "Side")) })
				c.git("mv", "a.yaml", "b.yaml")
				c.commit()
				c.git("merge", "--quiet", "side")
			},
			want: []string{"1 Side", "1 Side", "1 A", "1 A"},
		},
		{
			why: "a card that changed alone, for both drafts that share it",
			past: func(c checkout) {
				c.write("d/a.yaml", withCard(1, "A", "card.json")).write("d/b.yaml", withCard(2, "B", "card.json")).write("d/card.json", `{"n":1}`).commit()
				c.write("d/card.json", `{"n":2}`).commit()
				c.write("d/a.yaml", withCard(1, "C", "card.json")).commit()
			},
			want: []string{`1 C {"n":2}`, `1 A {"n":2}`, `2 B {"n":2}`, `1 A {"n":1}`, `2 B {"n":1}`},
		},
		{
			why: "a card that changed alone, between a change of the draft and another",
			past: func(c checkout) {
				c.write("a.yaml", withCard(1, "A", "card.json")).write("card.json", `{"n":1}`).commit()
				c.write("a.yaml", withCard(1, "B", "card.json")).commit()
				c.write("card.json", `{"n":2}`).commit()
				c.write("a.yaml", withCard(1, "C", "card.json")).commit()
			},
			want: []string{`1 C {"n":2}`, `1 B {"n":2}`, `1 B {"n":1}`, `1 A {"n":1}`},
		},
		{
			why: "a card that changed alone on one side, and a draft that was renamed on the other",
			past: func(c checkout) {
				c.write("a.yaml", withCard(1, "A", "card.json")).write("card.json", `{"n":1}`).commit()
				c.branch("side", func(c checkout) { c.write("card.json", `{"n":2}`) })
				c.git("mv", "a.yaml", "b.yaml")
				c.commit()
				c.git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
				c.write("b.yaml", withCard(1, "B", "card.json")).commit()
			},
			want: []string{`1 B {"n":1}`, `1 A {"n":2}`, `1 A {"n":1}`, `1 A {"n":1}`},
		},
		{
			why: "a card under another name, which is none of JSON's",
			past: func(c checkout) {
				c.write("a.yaml", withCard(1, "A", "old.card")).write("old.card", `{"n":1}`).commit()
				c.write("old.card", `{"n":2}`).commit()
				c.write("a.yaml", withCard(1, "B", "new.card")).write("new.card", `{"n":3}`).commit()
			},
			want: []string{`1 B {"n":3}`, `1 A {"n":2}`, `1 A {"n":1}`},
		},
		{
			why: "the draft of one side with the card of the other is a version of the merge",
			past: func(c checkout) {
				c.write("a.yaml", withCard(1, "A", "card.json")).write("card.json", `{"n":1}`).commit()
				c.branch("side", func(c checkout) { c.write("card.json", `{"n":2}`) })
				c.write("a.yaml", withCard(1, "B", "card.json")).commit()
				c.git("merge", "--quiet", "side")
				c.write("a.yaml", withCard(1, "C", "card.json")).commit()
			},
			want: []string{`1 C {"n":2}`, `1 B {"n":2}`, `1 A {"n":2}`, `1 B {"n":1}`, `1 A {"n":1}`},
		},
		{
			why: "a version with faults is none",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).commit()
				c.write("a.yaml", draftFile(1, "B")+"\tx\n").commit()
				c.write("a.yaml", draftFile(1, "C")).commit()
			},
			want: []string{"1 C", "1 A"},
		},
		{
			why: "a neighbour in the file that was broken for a time hides no version",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")+"---\n"+draftFile(2, "Two")).commit()
				c.write("a.yaml", draftFile(1, "A")+"---\n"+draftFile(2, "Two")+"\tx\n").commit()
				c.write("a.yaml", draftFile(1, "B")+"---\n"+draftFile(2, "Two")).commit()
			},
			want: []string{"1 B", "2 Two", "1 A", "2 Two"},
		},
		{
			why: "nothing but versions with faults leaves open what was said",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")+"\tx\n").commit()
				c.write("a.yaml", draftFile(1, "B"))
			},
			untold: "a.yaml has errors in commit ",
		},
		{
			why: "a pointer in place of the file leaves it open, too",
			past: func(c checkout) {
				c.write("a.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n").commit()
				c.write("a.yaml", draftFile(1, "B"))
			},
			untold: "a.yaml has errors in commit ",
		},
		{
			why: "and so does a file that is too large",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")+strings.Repeat("# more\n", 200_000)).commit()
				c.write("a.yaml", draftFile(1, "B"))
			},
			untold: "a.yaml has more than 1 MiB in commit ",
		},
		{
			why: "new in a file of others",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(2, "Two")).commit()
				c.write("a.yaml", draftFile(1, "New")+"---\n"+draftFile(2, "Two"))
			},
			want: []string{"2 Two"},
		},
		{
			why: "files of any name, as long as a path leads there",
			past: func(c checkout) {
				for _, name := range []string{"A", "B"} {
					c.write(".feishu/a.yaml", draftFile(1, name)).write("b.txt", draftFile(2, name)).write("line\nbreak.yaml", draftFile(3, name)).commit()
				}
				c.git("mv", "b.txt", "moved.txt")
				c.commit()
			},
			paths: []string{".feishu", "moved.txt", "line\nbreak.yaml"}, want: []string{"2 B", "1 B", "2 B", "3 B", "1 A", "2 A", "3 A"},
		},
		{
			why:    "not tracked",
			past:   func(c checkout) { c.commit().write("a.yaml", draftFile(1, "New")) },
			untold: "not tracked by Git",
		},
		{
			why: "a link, for a time, is no version",
			past: func(c checkout) {
				c.write("a.yaml", draftFile(1, "A")).write("else", draftFile(1, "Else")).commit()
				c.remove("a.yaml").link("else", "a.yaml").commit()
				c.remove("a.yaml").write("a.yaml", draftFile(1, "B")).commit()
			},
			paths: []string{"a.yaml"}, want: []string{"1 B", "1 A"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			row.past(c)
			if row.paths == nil {
				row.paths = []string{"."}
			}
			drafts := c.drafts(c.dir, row.paths...)
			told, untold := c.versions(drafts)
			if !slices.Equal(told, row.want) {
				t.Errorf("told %q,\nwant %q", told, row.want)
			}
			if got := untold[notificationID(1)]; !strings.HasPrefix(got, row.untold) || (got == "") != (row.untold == "") {
				t.Errorf("untold %q, want %q", got, row.untold)
			}
		})
	}
}

// TestVersionsEndWhereOneIsEnough: what lies behind it is not looked at.
func TestVersionsEndWhereOneIsEnough(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	for i := range 96 {
		c.write("a.yaml", draftFile(1, fmt.Sprint("One ", i))).write("b.yaml", draftFile(2, fmt.Sprint("Two ", i))).commit()
	}
	drafts := c.drafts(c.dir, ".")
	told := map[string]int{}
	untold := Versions(t.Context(), c.dir, environ(), drafts, func(v Version) bool {
		told[v.Draft.NotificationID]++
		return v.Draft.NotificationID == notificationID(1) || v.Draft.JobName == "Two 90"
	})
	if told[notificationID(1)] != 1 || told[notificationID(2)] != 6 || len(untold) != 0 {
		t.Errorf("told %v, untold %v", told, untold)
	}
}

// TestVersionsAreCutOff: at most 200 of a draft are looked at, and what a shallow clone lacks is
// not taken for nothing.
func TestVersionsAreCutOff(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	for i := range maxVersions + 1 {
		c.write("a.yaml", draftFile(1, fmt.Sprint(i)))
		if i > 0 {
			c.write("b.yaml", draftFile(2, fmt.Sprint(i)))
		}
		c.commit()
	}
	told, untold := c.versions(c.drafts(c.dir, "."))
	if len(told) != 2*maxVersions || !strings.HasPrefix(untold[notificationID(1)], "none of its last 200 versions") || untold[notificationID(2)] != "" {
		t.Errorf("told %d, untold %q", len(told), untold)
	}

	shallow := checkout{t, filepath.Join(t.TempDir(), "shallow")}
	c.write("new.yaml", draftFile(3, "New")).commit()
	c.git("clone", "--quiet", "--depth=2", "file://"+c.dir, shallow.dir)
	shallow.write("a.yaml", draftFile(1, "Now"))
	told, untold = shallow.versions(shallow.drafts(shallow.dir, "."))
	if want := []string{"3 New", "1 200", "2 200"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	if !strings.HasPrefix(untold[notificationID(1)], "this is a shallow clone") || untold[notificationID(3)] != "" {
		t.Errorf("untold %q", untold)
	}
}

// TestCheck tells where there is nothing to compare with from what cannot be read.
func TestCheck(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	committed, foreign := newCheckout(t).commit(), newCheckout(t)
	foreign.git("config", "core.worktree", committed.dir)
	check := func(dir string) error { return Check(t.Context(), dir, environ()) }
	for _, row := range []struct {
		why  string
		err  error
		none bool
		want string
	}{
		{"no work tree", check(t.TempDir()), true, "not a git repository"},
		{"no commit", check(c.dir), true, "there is no commit yet"},
		{"the repository itself", check(filepath.Join(c.dir, ".git")), true, "bare repository"},
		{"a repository that calls another folder its work tree", check(foreign.dir), false, "is not that of the work tree"},
		{"a commit", check(committed.dir), false, ""},
	} {
		if (row.err == nil) != (row.want == "") || errors.Is(row.err, ErrNone) != row.none || row.err != nil && !strings.Contains(row.err.Error(), row.want) {
			t.Errorf("%s: %v, want …%s…", row.why, row.err, row.want)
		}
	}
}

// TestVersionsWhereGitFails: whatever becomes of Git, each draft that was not done with has a reason,
// and what was told before holds.
func TestVersionsWhereGitFails(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	for _, name := range []string{"A", "B", "C"} {
		c.write("a.yaml", draftFile(1, name)).write("b.yaml", draftFile(2, name)).commit()
	}
	drafts := c.drafts(c.dir, ".")
	run := func(ctx context.Context, dir string, seen func(Version)) map[string]string {
		return Versions(ctx, dir, environ(), drafts, func(v Version) bool {
			seen(v)
			return v.Draft.NotificationID == notificationID(2)
		})
	}
	ended := errors.New("the run was ended")
	ctx, cancel := context.WithCancelCause(t.Context())
	untold := run(ctx, c.dir, func(Version) { cancel(ended) })
	if untold[notificationID(1)] != ended.Error() {
		t.Errorf("ended: %q", untold)
	}
	untold = run(t.Context(), t.TempDir(), func(Version) {})
	if !strings.Contains(untold[notificationID(1)], "not a git repository") || len(untold) != 2 {
		t.Errorf("elsewhere: %q", untold)
	}
	p := trap{checkout: c}
	p.forget("HEAD~1:a.yaml")
	untold = run(t.Context(), c.dir, func(Version) {})
	if want := "a.yaml of commit " + c.git("rev-parse", "HEAD~1"); !strings.HasPrefix(untold[notificationID(1)], want) || len(untold) != 1 {
		t.Errorf("a content that is missing: %q", untold)
	}
	p.forget("HEAD~1^{tree}")
	if untold = run(t.Context(), c.dir, func(Version) {}); !strings.HasPrefix(untold[notificationID(1)], "the top folder of commit ") {
		t.Errorf("a folder that is missing: %q", untold)
	}
	p.forget("HEAD~1")
	if untold = run(t.Context(), c.dir, func(Version) {}); !strings.HasPrefix(untold[notificationID(1)], "git rev-list: exit status 128: ") || len(untold) != 2 {
		t.Errorf("a commit that is missing: %q", untold)
	}
}

// BenchmarkVersions looks for the first version of a draft through a thousand commits, each of which
// changed another of a thousand files in the top folder.
func BenchmarkVersions(b *testing.B) {
	const many = 1000
	c := newCheckout(b)
	var stream strings.Builder
	file := func(i int, name string) {
		text := draftFile(i, name)
		fmt.Fprintf(&stream, "M 100644 inline %d.yaml\ndata %d\n%s\n", i, len(text), text)
	}
	for commit := range many {
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter a <a@example.com> %d +0000\ndata 1\nx\n", commit)
		for i := range many {
			if commit == 0 || i == commit {
				file(i, fmt.Sprint("Old ", commit))
			}
		}
	}
	cmd := exec.Command("git", "fast-import", "--quiet")
	cmd.Dir, cmd.Env, cmd.Stdin = c.dir, environ(), strings.NewReader(stream.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	c.git("reset", "--quiet", "--hard")
	drafts := c.drafts(c.dir, "0.yaml")
	for b.Loop() {
		told := 0
		untold := Versions(b.Context(), c.dir, environ(), drafts, func(Version) bool { told++; return true })
		if told != 1 || len(untold) > 0 {
			b.Fatal(told, untold)
		}
	}
}
