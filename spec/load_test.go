package spec

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// told is what a Set says in full, and the files its drafts are from.
func told(set Set) (drafts, said []string) {
	for _, d := range set.Drafts {
		drafts = append(drafts, d.Pos.File)
	}
	for _, d := range set.Diagnostics {
		said = append(said, d.String())
	}
	return drafts, said
}

func TestLoadFindsDrafts(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"b.yaml":           draftWith(),
		"a.yml":            draftWith() + "---\n" + draftWith(),
		"notes.txt":        "not a draft",
		"empty.yaml":       "# later\n",
		"sub/c.yaml":       draftWith(),
		"sub/d.draft":      draftWith(),
		"sub/deep/e.yaml":  draftWith(),
		".hidden.yaml":     "title: x\n",
		".git/x.yaml":      "title: x\n",
		"sub/.y/z.yaml":    "title: x\n",
		"yaml":             "title: x\n",
		"folder.yaml/":     "",
		"named.txt":        draftWith(),
		".drafts/own.yaml": draftWith(),
	})
	for _, tt := range []struct {
		why   string
		paths []string
		want  []string
		files int
	}{
		{"no path is the working directory", nil, []string{"a.yml", "a.yml", "b.yaml", "sub/c.yaml", "sub/deep/e.yaml"}, 5},
		{"a dot is as well", []string{"."}, []string{"a.yml", "a.yml", "b.yaml", "sub/c.yaml", "sub/deep/e.yaml"}, 5},
		{"a directory, however written", []string{"./sub//"}, []string{"sub/c.yaml", "sub/deep/e.yaml"}, 2},
		{"files, in the order of names", []string{"sub/c.yaml", "b.yaml"}, []string{"b.yaml", "sub/c.yaml"}, 2},
		{"what is named need not look like a draft", []string{"named.txt", "sub/d.draft"}, []string{"named.txt", "sub/d.draft"}, 2},
		{"nor is it hidden", []string{".drafts"}, []string{".drafts/own.yaml"}, 1},
		{"twice is once", []string{"sub", "sub/c.yaml", "./sub/../sub/c.yaml", filepath.Join(dir, "sub", "c.yaml")}, []string{"sub/c.yaml", "sub/deep/e.yaml"}, 2},
		{"absolute paths stay", []string{filepath.Join(dir, "b.yaml")}, []string{filepath.ToSlash(filepath.Join(dir, "b.yaml"))}, 1},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Load(t.Context(), tt.paths, Options{Dir: dir})
			drafts, said := told(set)
			if diff := cmp.Diff(tt.want, drafts); diff != "" || len(said) > 0 || set.Files != tt.files {
				t.Errorf("%d files, %q, -want +got:\n%s", set.Files, said, diff)
			}
		})
	}
}

func TestLoadRefusesPaths(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"empty/":           "",
		"comment.yaml":     "# later\n",
		"comments/a.yaml":  "# later\n",
		"ok.yaml":          draftWith(),
		"links/a.yaml":     "->../ok.yaml",
		"links/sub":        "->..",
		"links/.hidden":    "->..",
		"links/notes":      "->../ok.yaml",
		"shouting/A.Yml":   draftWith(),
		"link.yaml":        "->ok.yaml",
		"dangling.yaml":    "->nowhere",
		"broken/bad.yaml":  "a: [\n",
		"large/large.yaml": strings.Repeat("#", maxFile+1),
	})
	check(t, mkfifo(filepath.Join(dir, "pipe.yaml")))
	for _, tt := range []struct {
		why   string
		paths []string
		want  []string
	}{
		{"a path that is not there", []string{"ok.yaml", "nope.yaml"}, []string{"nope.yaml:1:1: error: no such file or directory [unreadable-file]"}},
		{"a path that was left empty", []string{"ok.yaml", ""}, []string{".:1:1: error: the path is empty [unreadable-file]"}},
		{"a link to nowhere", []string{"dangling.yaml"}, []string{"dangling.yaml:1:1: error: no such file or directory [unreadable-file]"}},
		{"a directory without a draft", []string{"empty"}, []string{"empty:1:1: error: no draft here [draft-file]"}},
		{"a directory of empty files", []string{"comments", "ok.yaml"}, []string{"comments:1:1: error: no draft here [draft-file]"}},
		{"a file without a draft", []string{"comment.yaml"}, []string{"comment.yaml:1:1: error: the file holds no draft: it is empty, or all of it is comments [draft-file]"}},
		{"a pipe, without waiting for it", []string{"pipe.yaml"}, []string{"pipe.yaml:1:1: error: not a regular file [draft-file]"}},
		{"a large file", []string{"large"}, []string{"large/large.yaml:1:1: error: the file is larger than 1 MiB [draft-file]"}},
		{"links in a directory, to a draft and to a folder", []string{"links"}, []string{
			"links/a.yaml:1:1: error: links in directories are not followed [draft-file]",
			"links/sub:1:1: error: links in directories are not followed [draft-file]",
		}},
		{"a file that is only nearly named like a draft", []string{"shouting", "ok.yaml"}, []string{
			"shouting:1:1: error: no draft here [draft-file]",
			"shouting/A.Yml:1:1: warning: the file is not looked at: only *.yaml and *.yml, in small letters, are drafts [draft-file]",
		}},
		{"but not one that is named", []string{"link.yaml"}, nil},
		{"a broken file is not an empty one", []string{"broken"}, []string{"broken/bad.yaml:1:4: error: the [ that begins here is not closed [yaml-syntax]"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			_, said := told(Load(t.Context(), tt.paths, Options{Dir: dir}))
			if diff := cmp.Diff(tt.want, said); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLoadWithoutPermission(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.yaml": draftWith(), "sub/b.yaml": draftWith()})
	check(t, os.Chmod(filepath.Join(dir, "a.yaml"), 0))
	check(t, os.Chmod(filepath.Join(dir, "sub"), 0))
	t.Cleanup(func() { check(t, os.Chmod(filepath.Join(dir, "sub"), 0o700)) })
	want := []string{"a.yaml:1:1: error: permission denied [unreadable-file]", "sub:1:1: error: permission denied [unreadable-file]"}
	if os.Getuid() == 0 {
		want = nil // root may read everything
	}
	if _, said := told(Load(t.Context(), nil, Options{Dir: dir})); !cmp.Equal(want, said) {
		t.Errorf("got %q, want %q", said, want)
	}
}

func TestLoadStdin(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"card.json": "{}", "a.yaml": draftWith()})
	for _, tt := range []struct {
		why    string
		stdin  io.Reader
		drafts []string
		said   []string
	}{
		{"drafts", strings.NewReader(draftWith("-push_content", "push_content_file: card.json") + "---\n" + draftWith()), []string{"-", "-", "a.yaml"}, nil},
		{"faults", strings.NewReader(draftWith("x: y")), []string{"-", "a.yaml"}, []string{`-:5:1: error: unknown field "x" [unknown-field]`}},
		{"nothing", strings.NewReader(""), []string{"a.yaml"}, []string{"-:1:1: error: no draft here [draft-file]"}},
		{"no standard input", nil, []string{"a.yaml"}, []string{"-:1:1: error: no draft here [draft-file]"}},
		{"one that fails", iotest.ErrReader(fmt.Errorf("pulled out")), []string{"a.yaml"}, []string{"-:1:1: error: pulled out [unreadable-file]"}},
		{"one without end", endless{}, []string{"a.yaml"}, []string{"-:1:1: error: the file is larger than 1 MiB [draft-file]"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			drafts, said := told(Load(t.Context(), []string{"a.yaml", "-", "-"}, Options{Dir: dir, Stdin: tt.stdin}))
			if !cmp.Equal(tt.drafts, drafts) || !cmp.Equal(tt.said, said) {
				t.Errorf("got %q %q", drafts, said)
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '#'
	}
	return len(p), nil
}

func TestLoadDuplicateIDs(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"b.yaml": draftWith("notification_id: '1'"), "a/x.yaml": draftWith("notification_id: '1'"), "c.yaml": draftWith("notification_id: '2'"),
	})
	_, said := told(Load(t.Context(), []string{"b.yaml", "."}, Options{Dir: dir}))
	want := []string{`b.yaml:5:18: error: notification_id "1" is owned by two drafts, first at a/x.yaml:5:18 [duplicate-id]`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestLoadCards: a card kept as YAML beside the drafts is no draft, as long as a
// draft says so and it does not look like one itself.
func TestLoadCards(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"a.yaml":          draftWith("-push_content", "push_content_file: cards/a.yaml"),
		"b.yaml":          draftWith("-push_content", "push_content_file: cards/bad.yaml"),
		"cards/a.yaml":    "elements: []\n",
		"cards/bad.yaml":  "elements: 010\n",
		"loops/c.yaml":    draftWith("-push_content", "push_content_file: d.yaml"),
		"loops/d.yaml":    draftWith("-push_content", "push_content_file: c.yaml"),
		"stray/card.yaml": "elements: []\n",
		"link.yaml":       "->cards/a.yaml",
		"folder":          "->cards",
		"l.yaml":          draftWith("-push_content", "push_content_file: link.yaml"),
		"f.yaml":          draftWith("-push_content", "push_content_file: folder/a.yaml"),
	})
	for _, tt := range []struct {
		why    string
		paths  []string
		drafts []string
		rules  []string
	}{
		{"cards are not drafts, and their faults are told once", []string{"a.yaml", "b.yaml", "cards"}, []string{"a.yaml", "b.yaml"},
			[]string{"cards/bad.yaml wrong-type"}},
		{"nor by a link", []string{"l.yaml", "link.yaml", "cards/a.yaml"}, []string{"l.yaml"}, nil},
		{"nor in a folder that is one", []string{"f.yaml", "cards/a.yaml"}, []string{"f.yaml"}, nil},
		{"even when named", []string{"a.yaml", "cards/a.yaml"}, []string{"a.yaml"}, nil},
		{"drafts that call each other cards stay drafts", []string{"loops"}, []string{"loops/c.yaml", "loops/d.yaml"}, nil},
		{"a card that no draft names is other YAML, and said to be in one fault", []string{"stray"}, nil, []string{"stray/card.yaml draft-file"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Load(t.Context(), tt.paths, anyCard(Options{Dir: dir}))
			drafts, _ := told(set)
			var rules []string
			for _, d := range set.Diagnostics {
				rules = append(rules, d.Pos.File+" "+d.Rule)
			}
			if !cmp.Equal(tt.drafts, drafts) || !cmp.Equal(tt.rules, rules) {
				t.Errorf("got %q %q", drafts, rules)
			}
		})
	}
}

func TestLoadIsDeterministic(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("%03d.yaml", i)] = draftWith(fmt.Sprintf("notification_id: %d", i/2), fmt.Sprintf("x%d: y", i))
	}
	dir := writeFiles(t, files)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := Load(t.Context(), nil, Options{Dir: dir})
	for range 5 {
		runtime.GOMAXPROCS(16)
		if diff := cmp.Diff(one, Load(t.Context(), nil, Options{Dir: dir}), cmp.AllowUnexported(Draft{}, place{})); diff != "" {
			t.Fatal(diff)
		}
	}
	if len(one.Drafts) != 200 || one.Errors() != 300 || warnings(one) != 200 {
		t.Errorf("got %d drafts, %d errors, %d warnings", len(one.Drafts), one.Errors(), warnings(one))
	}
}

func TestLoadStopsWithItsContext(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.yaml": draftWith()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if set := Load(ctx, nil, Options{Dir: dir}); set.Files != 0 || len(set.Drafts) != 0 || len(set.Diagnostics) != 0 {
		t.Errorf("got %+v", set)
	}
}

// TestPanicReachesTheCaller: a panic in a worker comes to where it can be recovered, with where it
// came from.
func TestPanicReachesTheCaller(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := `{notification_id: "1", job_name: a, push_type: 0, push_scope_type: 0, push_content_file: card.json}`
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "the dog ate it\n\n") || !strings.Contains(text, "load_test.go") {
			t.Errorf("the caller gets %s", text)
		}
	}()
	Load(t.Context(), nil, Options{Dir: dir, ReadCard: func(string) ([]byte, error) { panic("the dog ate it") }})
}

// TestBrokenFilesAreBounded: where very many files are no YAML, what is wrong is looked for in the first; of each
// something is told.
func TestBrokenFilesAreBounded(t *testing.T) {
	t.Parallel()
	broken := map[string]string{}
	for i := range 20 {
		broken[fmt.Sprintf("%03d.yaml", i)] = "job_name: **新人**\n"
	}
	opts := Options{Dir: writeFiles(t, broken)}
	for _, row := range []struct{ patience, mended int }{{1, 0}, {500, 7}, {patienceOfRun, 20}} {
		l := &loader{decoder: newDecoder(opts), finder: find(opts, []string{"."})}
		l.files = make([]contents, len(l.sources))
		l.readAll(t.Context())
		l.mendAll(t.Context(), row.patience)
		told := 0
		for i := range l.files {
			if len(l.files[i].faults) == 0 {
				t.Errorf("nothing is told of %s", l.sources[i].name)
			} else if strings.Contains(l.files[i].faults[0].Message, "begins with *") {
				told++
			}
		}
		if told != row.mended {
			t.Errorf("with a patience of %d, %d files were mended, want %d", row.patience, told, row.mended)
		}
	}
}
