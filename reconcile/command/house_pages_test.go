package command_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"notiform/reconcile/command"
)

// TestPages holds the pages of testdata/script against their form: the first line says which
// page it is and what it shows, and nothing is left out.
func TestPages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(root(t), "testdata", "script", "*"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages (%v)", err)
	}
	for _, page := range pages {
		name, isPage := strings.CutSuffix(filepath.Base(page), ".txtar")
		if !isPage {
			t.Errorf("%s is no page", page)
			continue
		}
		src, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := strings.Cut(string(src), "\n-- ")
		if !strings.HasPrefix(script, "# "+name+": ") {
			t.Errorf("%s does not begin with its name and what it shows", name)
		}
		wantNothingLeftOut(t, name, script)
	}
}

var leavesOut = regexp.MustCompile(`^(skip|stop|\[.*\])`)

func wantNothingLeftOut(t *testing.T, name, script string) {
	t.Helper()
	for lines := bufio.NewScanner(strings.NewReader(script)); lines.Scan(); {
		if leavesOut.MatchString(lines.Text()) {
			t.Errorf("%s leaves something out: %s", name, lines.Text())
		}
	}
}

// TestEveryCommandHasPages wants a page about every command that help lists.
func TestEveryCommandHasPages(t *testing.T) {
	pages, err := os.ReadDir(filepath.Join(root(t), "testdata", "script"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range commandNames(t) {
		if !slices.ContainsFunc(pages, func(page os.DirEntry) bool {
			return strings.HasPrefix(page.Name(), name+"_") || page.Name() == name+".txtar"
		}) {
			t.Errorf("no page is about %s", name)
		}
	}
}

var listed = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}\S`)

// commandNames are the commands that help lists.
func commandNames(t *testing.T) []string {
	t.Helper()
	var out, said bytes.Buffer
	if code := command.Run(t.Context(), []string{"notiform", "help"}, command.Env{Stdout: &out, Stderr: &said}); code != 0 {
		t.Fatalf("help exits with %d: %s", code, said.String())
	}
	var names []string
	for _, match := range listed.FindAllStringSubmatch(out.String(), -1) {
		names = append(names, match[1])
	}
	if !slices.Contains(names, "plan") || !slices.Contains(names, "sandbox") {
		t.Fatalf("the commands %v are not all", names)
	}
	return names
}
