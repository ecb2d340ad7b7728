package command_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile"
)

// TestIDThatCannotBeWritten: Feishu has created it, and meanwhile its file is no longer what it was. The id is
// printed and reported, nothing more is asked for, and what somebody else made of the file stays.
func TestIDThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for why, happens := range map[string]func(file string) error{
		"somebody edits it": func(file string) error { return os.WriteFile(file, []byte("# theirs\n"), 0o644) },
		"it is gone":        os.Remove,
		"it is a folder": func(file string) error {
			if err := os.Remove(file); err != nil {
				return err
			}
			return os.Mkdir(file, 0o755)
		},
		"its folder moved": func(file string) error { return os.Rename(filepath.Dir(file), filepath.Dir(file)+"-2") },
		"somebody is in the way": func(file string) error {
			return os.MkdirAll(filepath.Join(filepath.Dir(file), ".notiform-create", "x"), 0o755)
		},
		"it is a link to elsewhere": func(file string) error { return relink(file) },
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			b := newBirths(t)
			if err := os.Mkdir(filepath.Join(b.dir, "in"), 0o755); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(b.dir, "in", "a.yaml")
			if err := os.Rename(filepath.Join(b.dir, "a.yaml"), file); err != nil {
				t.Fatal(err)
			}
			b.server.Fail(sandbox.Fault{Method: "create", Kind: sandbox.Slow, Value: "2s"})
			cmd, stdout, stderr := b.notiform(unlimited("create", "--auto-approve", "--format", "json", "in")...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for b.server.Count("create") == 0 {
				time.Sleep(time.Millisecond)
			}
			err := happens(file)
			_ = cmd.Wait()
			var r reconcile.Result
			if bad := json.Unmarshal(stdout.Bytes(), &r); err != nil || bad != nil {
				t.Fatal(err, bad, stdout)
			}
			id := b.held("A")
			if r.ExitCode != 5 || len(id) != 1 || b.server.Count("create") != 1 || !strings.Contains(stderr.String(), "was created as notification "+id[0]) || !strings.Contains(stdout.String(), fmt.Sprintf("%q", id[0])) {
				t.Errorf("%d creates, ids %v, exit %d\n%s%s", b.server.Count("create"), id, r.ExitCode, stderr, stdout)
			}
			if why == "somebody edits it" {
				if src, err := os.ReadFile(file); err != nil || string(src) != "# theirs\n" {
					t.Errorf("%v: %q", err, src)
				}
			}
		})
	}
}

// relink puts a link in the place of a file.
func relink(file string) error {
	if err := os.Remove(file); err != nil {
		return err
	}
	return os.Symlink("../b.yaml", file)
}

// TestFilesStayWhatTheyAre: mode, links and what lies beside a draft stay; a file that changed between plan
// and yes, or that is a link from a second name, is not created.
func TestFilesStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	b := newBirths(t)
	if err := os.Chmod(filepath.Join(b.dir, "a.yaml"), 0o604); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(b.dir, "links"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../a.yaml", filepath.Join(b.dir, "links", "l.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := b.write(".notiform-create", "half of what a killed run wrote"); err != nil {
		t.Fatal(err)
	}
	cmd, stdout, _ := b.notiform(unlimited("create", "--auto-approve", "links/l.yaml", "a.yaml")...)
	_ = cmd.Run()
	if len(b.held("A")) != 1 || len(b.held("B")) != 1 {
		t.Errorf("one file of two names: A is %v, B is %v\n%s", b.held("A"), b.held("B"), stdout)
	}
	info, err := os.Stat(filepath.Join(b.dir, "a.yaml"))
	link, bad := os.Lstat(filepath.Join(b.dir, "links", "l.yaml"))
	if err != nil || bad != nil || info.Mode() != 0o604 || link.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("%v %v: %v %v", err, bad, info, link)
	}
	if left := b.halves(); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	b.judge("links", false)
}

// TestTwoAtOnce: two runs over the same files create each draft once; what one of them has noted the other
// leaves alone.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		b := newBirths(t)
		b.server.Fail(sandbox.Fault{Method: "create", Kind: sandbox.Slow, Value: "5ms", Count: sandbox.Always})
		var runs []*exec.Cmd
		for range 3 {
			cmd, _, _ := b.notiform(unlimited("create", "--auto-approve")...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			runs = append(runs, cmd)
		}
		for _, cmd := range runs {
			_ = cmd.Wait()
		}
		b.judge("at once", true)
		b.run(0, unlimited("create", "--auto-approve")...)
		b.judge("and again", false)
	}
}
