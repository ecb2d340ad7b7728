package spec

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// kinds makes a directory with a file of each kind, and a folder beside it. Its path is
// short: a socket's may not be long.
func kinds(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "k")
	check(t, err)
	t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
	in := filepath.Join(dir, "in")
	check(t, os.MkdirAll(filepath.Join(in, "folder"), 0o755))
	check(t, os.WriteFile(filepath.Join(in, "file"), []byte("in"), 0o644))
	check(t, os.WriteFile(filepath.Join(dir, "outside"), []byte("out"), 0o644))
	check(t, mkfifo(filepath.Join(in, "pipe")))
	socket, err := net.Listen("unix", filepath.Join(in, "socket"))
	check(t, err)
	t.Cleanup(func() { check(t, socket.Close()) })
	for name, to := range map[string]string{
		"link": "file", "linkOut": "../outside", "linkPipe": "pipe", "linkFolder": "folder", "linkDevice": os.DevNull, "linkNowhere": "nowhere", "loop": "loop",
	} {
		check(t, os.Symlink(to, filepath.Join(in, name)))
	}
	return in
}

// TestOpen: what counts is what was opened, and nothing is waited for. Between looking
// and opening, a file may have been replaced by any of these.
func TestOpen(t *testing.T) {
	t.Parallel()
	dir := kinds(t)
	folder, err := os.OpenRoot(dir)
	check(t, err)
	defer folder.Close()
	const ok, notRegular, link, refused = "", "not a regular file", "links in directories are not followed", "other"
	for _, tt := range []struct{ name, named, within, found string }{
		{"file", ok, ok, ok},
		{"folder", notRegular, notRegular, notRegular},
		{"pipe", notRegular, notRegular, notRegular},
		{"socket", notRegular, notRegular, notRegular},
		{"link", ok, ok, link},
		{"linkOut", ok, refused, refused},
		{"linkPipe", notRegular, notRegular, notRegular},
		{"linkFolder", notRegular, notRegular, notRegular},
		{"linkDevice", notRegular, refused, refused},
		{"linkNowhere", refused, refused, refused},
		{"loop", refused, refused, refused},
		{"nowhere", refused, refused, refused},
	} {
		for _, open := range []struct {
			how  string
			file func() (*os.File, error)
			want string
		}{
			{"named", func() (*os.File, error) { return openNamed(filepath.Join(dir, tt.name)) }, tt.named},
			{"within a folder", func() (*os.File, error) { return openWithin(folder, tt.name) }, tt.within},
			{"found in a folder", func() (*os.File, error) { return openFound(folder, tt.name) }, tt.found},
		} {
			f, err := open.file()
			got := ok
			switch {
			case errors.Is(err, errNotRegular), errors.Is(err, errLink):
				got = err.Error()
			case err != nil:
				got = refused
			default:
				if src, err := io.ReadAll(f); err != nil || string(src) != "in" && tt.name != "linkOut" {
					t.Errorf("%s %s: read %q, %v", tt.name, open.how, src, err)
				}
				check(t, f.Close())
			}
			if got != open.want {
				t.Errorf("%s %s: got %q (%v), want %q", tt.name, open.how, got, err, open.want)
			}
		}
	}
}

// TestReplacedAfterItWasFound: what a walk found is read through its folder, as it is then.
func TestReplacedAfterItWasFound(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why     string
		replace func(file string) error
		want    string
	}{
		{"nothing happens", func(string) error { return nil }, ""},
		{"by a link", func(file string) error { return errors.Join(os.Remove(file), os.Symlink("other.yaml", file)) },
			"d/sub/a.yaml:1:1: error: links in directories are not followed [draft-file]"},
		{"by a link out of the folder", func(file string) error { return errors.Join(os.Remove(file), os.Symlink("../../secret.yaml", file)) },
			"d/sub/a.yaml:1:1: error: path escapes from parent [unreadable-file]"},
		{"by a pipe", func(file string) error { return errors.Join(os.Remove(file), mkfifo(file)) },
			"d/sub/a.yaml:1:1: error: not a regular file [draft-file]"},
		{"by a folder", func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) },
			"d/sub/a.yaml:1:1: error: not a regular file [draft-file]"},
		{"by nothing", os.Remove, "d/sub/a.yaml:1:1: error: no such file or directory [unreadable-file]"},
		{"its folder by a link out", func(file string) error {
			sub := filepath.Dir(file)
			return errors.Join(os.Rename(sub, sub+".old"), os.Symlink("../elsewhere", sub))
		}, "d/sub/a.yaml:1:1: error: path escapes from parent [unreadable-file]"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			dir := writeFiles(t, map[string]string{
				"d/b.yaml": draftWith("x: y"), "d/sub/a.yaml": draftWith(), "d/sub/other.yaml": draftWith(),
				"elsewhere/a.yaml": draftWith(), "elsewhere/other.yaml": draftWith(), "secret.yaml": draftWith(),
			})
			l := &loader{decoder: newDecoder(Options{Dir: dir}), finder: find(Options{Dir: dir}, []string{"d"})}
			l.files = make([]contents, len(l.sources))
			check(t, tt.replace(filepath.Join(dir, "d", "sub", "a.yaml")))
			l.readAll(t.Context())
			set := l.join()
			set.settle(Options{})
			var got []string
			for _, d := range set.Diagnostics {
				if !strings.HasPrefix(d.String(), "d/sub/other.yaml:") { // which the link took along
					got = append(got, d.String())
				}
			}
			want := []string{`d/b.yaml:5:1: error: unknown field "x" [unknown-field]`}
			if tt.want != "" {
				want = append(want, tt.want)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestCardsOfEveryKind: a card file is what was opened, too.
func TestCardsOfEveryKind(t *testing.T) {
	t.Parallel()
	dir := kinds(t)
	for _, name := range []string{"folder", "pipe", "socket", "linkPipe", "linkFolder", "linkOut", "linkDevice", "linkNowhere", "loop", "nowhere"} {
		set := Decode("f.yaml", []byte(draftWith("-push_content", "push_content_file: "+name)), Options{Dir: dir, Severity: lowest()})
		if len(set.Diagnostics) != 1 || set.Diagnostics[0].Rule != ruleContentFile || !set.Drafts[0].PushContent.IsZero() {
			t.Errorf("%s: got %q", name, saidBy(set))
		}
	}
}

// TestReadToTheEnd: of what cannot be read to its end, nothing is used, and of the others
// everything.
func TestReadToTheEnd(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.yaml": draftWith("x: y"), "z.yaml": draftWith(), "pipes/": ""})
	check(t, mkfifo(filepath.Join(dir, "pipes", "p.yaml")))
	check(t, os.Symlink("nowhere", filepath.Join(dir, "pipes", "l.yaml")))
	stdin := io.MultiReader(strings.NewReader(draftWith()+"---\n"), iotest.ErrReader(errors.New("pulled out")))
	set := Load(t.Context(), []string{"-", "gone.yaml", "a.yaml", "pipes", "z.yaml"}, Options{Dir: dir, Stdin: stdin})
	drafts, said := told(set)
	want := []string{
		"-:1:1: error: pulled out [unreadable-file]",
		`a.yaml:5:1: error: unknown field "x" [unknown-field]`,
		"gone.yaml:1:1: error: no such file or directory [unreadable-file]",
		"pipes/l.yaml:1:1: error: links in directories are not followed [draft-file]",
		"pipes/p.yaml:1:1: error: not a regular file [draft-file]",
	}
	if diff := cmp.Diff(want, said); diff != "" || !cmp.Equal(drafts, []string{"a.yaml", "z.yaml"}) {
		t.Errorf("drafts of %q, -want +got:\n%s", drafts, diff)
	}
}
