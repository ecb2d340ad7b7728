package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestMark wants another mark whenever Read may answer otherwise, and one of the files to be written then,
// also where the work tree is a linked one.
func TestMark(t *testing.T) {
	t.Parallel()
	c := newCheckout(t).write("a.yaml", draftFile(1, "a")).commit()
	linked := checkout{t, filepath.Join(t.TempDir(), "linked")}
	c.git("worktree", "add", "--quiet", linked.dir)
	for _, c := range []checkout{c, linked} {
		mark, files, err := Mark(t.Context(), c.dir, environ(), "HEAD")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			why     string
			do      func()
			differs bool
		}{
			{"nothing happens", func() {}, false},
			{"a file that Git keeps is saved", func() { c.write("a.yaml", draftFile(1, "b")) }, false},
			{"a new one is", func() { c.write("b.yaml", draftFile(2, "c")) }, false},
			{"Git is told of it", func() { c.git("add", "b.yaml") }, true},
			{"a commit", func() { c.commit() }, true},
			{"HEAD is another commit with the same files", func() { c.git("commit", "--quiet", "--allow-empty", "--message", "again") }, true},
		} {
			before := stamps(t, files)
			row.do()
			next, _, err := Mark(t.Context(), c.dir, environ(), "HEAD")
			if err != nil || (next != mark) != row.differs {
				t.Errorf("%s: the mark differs: %t, %v", row.why, next != mark, err)
			}
			if row.differs && slices.Equal(before, stamps(t, files)) {
				t.Errorf("%s: none of %q is written", row.why, files)
			}
			mark = next
		}
	}
	if _, _, err := Mark(t.Context(), c.dir, environ(), "gone"); err == nil {
		t.Error("a revision that is not there has a mark")
	}
}

// stamps are what is seen of a file that is written.
func stamps(t *testing.T, files []string) (stamps []string) {
	t.Helper()
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		stamps = append(stamps, fmt.Sprint(info.ModTime(), info.Size()))
	}
	return stamps
}
