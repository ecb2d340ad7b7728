package command_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The house rules as tests: where things live (here), what code looks like (house_code_test.go)
// and what tests and pages look like (house_pages_test.go).

// source is one Go file of the project.
type source struct {
	path string // from the project's directory, with slashes
	file *ast.File
	set  *token.FileSet
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }
func (s source) room() string { return path.Dir(s.path) }

// at is a place in the source, for messages.
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(n.Pos()).Line)
}

// parsed is every Go file of the project, parsed once for all tests, which only read it.
var parsed = sync.OnceValues(parse)

func parse() ([]source, error) {
	project := filepath.Join("..", "..")
	var all []source
	err := fs.WalkDir(os.DirFS(project), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && name != "."):
			return fs.SkipDir
		case path.Ext(name) != ".go":
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(project, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, source{name, file, set})
		return err
	})
	return all, err
}

func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d Go files read: %v", len(all), err)
	}
	return slices.Clone(all)
}

// code are the sources that are no tests.
func code(t *testing.T) []source {
	t.Helper()
	return slices.DeleteFunc(sources(t), source.isTest)
}

// TestRooms holds the imports of every room against the plan of the house: which rooms a room
// stands on, and how it may touch the world. No arrow goes from a lower room to a higher one, and
// what is pure cannot be anything else.
func TestRooms(t *testing.T) {
	t.Parallel()
	type room struct{ ours, world []string }
	rooms := map[string]room{
		".":                      {[]string{"reconcile/command"}, nil},
		"spec/card":              {nil, []string{"time"}},                                                     // time: to see whether a text is a date
		"spec":                   {[]string{"spec/card"}, []string{"context", "io", "os", "syscall", "time"}}, // syscall: to open a file without waiting for it
		"feishu":                 {nil, []string{"context", "io", "net", "time"}},
		"feishu/auth":            {[]string{"feishu"}, []string{"context", "io", "net", "os", "time"}}, // os: the store
		"feishu/sandbox":         {nil, []string{"context", "io", "net", "time"}},
		"reconcile":              {[]string{"spec", "feishu", "reconcile/diff", "reconcile/edit"}, []string{"context", "time"}},
		"reconcile/diff":         {[]string{"spec"}, nil},
		"reconcile/edit":         {[]string{"spec", "reconcile/diff"}, []string{"time"}},
		"reconcile/history":      {[]string{"spec"}, []string{"context", "io", "os/exec"}},
		"reconcile/preview":      {[]string{"reconcile/diff", "spec/card"}, []string{"time"}}, // time: to write dates of tables
		"reconcile/report":       {[]string{"reconcile", "reconcile/diff", "reconcile/preview", "spec"}, []string{"io", "net/url", "time"}},
		"reconcile/preview/page": {[]string{"reconcile/preview", "spec"}, []string{"context", "io", "net", "os", "time"}},
		"reconcile/command": {
			[]string{"reconcile", "reconcile/diff", "reconcile/history", "reconcile/preview/page", "reconcile/report", "spec", "feishu", "feishu/auth", "feishu/sandbox"},
			[]string{"context", "io", "os", "os/exec", "os/signal", "syscall", "time"},
		},
		// The recipes' own programs: they speak to GitHub and GitLab, and share nothing with notiform.
		"examples/pipelines/github/action": {nil, []string{"context", "io", "net", "os", "os/exec", "os/signal", "syscall", "time"}},
		"examples/pipelines/gitlab":        {nil, []string{"context", "io", "net", "os", "os/signal", "syscall", "time"}},
	}
	used := map[string]bool{}
	for _, s := range code(t) {
		r, known := rooms[s.room()]
		if !known {
			t.Errorf("%s is in a room that the house does not have", s.path)
			continue
		}
		used[s.room()] = true
		for _, spec := range s.file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			ours, isOurs := strings.CutPrefix(name, "notiform/")
			if isOurs && !slices.Contains(r.ours, ours) {
				t.Errorf("%s: %s may not import %s", s.at(spec), s.room(), ours)
			}
			if s.path != "main.go" && isWorld(name) && !allows(r.world, name) {
				t.Errorf("%s: %s may not touch %s", s.at(spec), s.room(), name)
			}
		}
	}
	for name := range rooms {
		if !used[name] {
			t.Errorf("the plan has the room %s, and the house has not", name)
		}
	}
}

// isWorld reports whether a package of the standard library does I/O, waits or tells the time.
func isWorld(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{"context", "io", "net", "os", "plugin", "syscall", "time"}, top)
}

// allows takes what is below a package for a part of it, but for os/exec and os/signal.
func allows(world []string, name string) bool {
	return slices.ContainsFunc(world, func(w string) bool {
		return name == w || strings.HasPrefix(name, w+"/") && !strings.HasPrefix(name, "os/")
	})
}

// TestTopLevel wants the fixed top level and no other folder, Go file or document beside it.
func TestTopLevel(t *testing.T) {
	t.Parallel()
	fixed := []string{
		"go.mod", "go.sum", "main.go", "reconcile", "spec", "feishu", "examples", "testdata", "Makefile",
		"README.md", "REFERENCE.md", "LICENSE", ".gitignore", ".ci",
	}
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	missing := slices.Clone(fixed)
	for _, e := range entries {
		name := e.Name()
		missing = slices.DeleteFunc(missing, func(f string) bool { return f == name })
		built := name == "bin" || strings.HasPrefix(name, ".") // by make, by Git, by an editor
		matters := e.IsDir() || path.Ext(name) == ".go" || path.Ext(name) == ".md"
		if matters && !built && !slices.Contains(fixed, name) {
			t.Errorf("%s does not belong on the top level", name)
		}
	}
	for _, name := range missing {
		t.Errorf("%s is missing", name)
	}
}

// TestLibraries wants the fixed libraries, in a module called notiform.
func TestLibraries(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"module notiform\n", "\tgopkg.in/yaml.v3 ", "\tgithub.com/google/go-cmp ", "\tgithub.com/hashicorp/go-retryablehttp ", "\tgithub.com/urfave/cli/v2 "} {
		if !strings.Contains(string(src), line) {
			t.Errorf("go.mod lacks %q", line)
		}
	}
}
