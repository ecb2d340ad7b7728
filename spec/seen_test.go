package spec

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestLoadTellsWhatItRead: every file once with its bytes, a card under the name that its faults
// have, and nothing that could not be read to its end.
func TestLoadTellsWhatItRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	draft := "job_name: a\npush_type: 0\npush_scope_type: 0\npush_content_file: "
	files := map[string]string{
		"d/a.yaml": draft + "../c/link.json\n", "d/b.yaml": draft + "../c/card.json\n", "d/none.yaml": draft + "../c/none.json\n",
		"c/card.json": `{"a": 1}`, "d/large.yaml": "# " + strings.Repeat("x", maxFile), "d/empty.yaml": "",
	}
	for name, content := range files {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("card.json", filepath.Join(dir, "c", "link.json")); err != nil {
		t.Fatal(err)
	}
	var guard sync.Mutex
	seen := map[string]string{}
	set := Load(t.Context(), []string{"d", "-"}, Options{
		Dir: dir, Stdin: strings.NewReader(draft + "c/card.json\n"),
		Seen: func(name string, src []byte) {
			guard.Lock()
			defer guard.Unlock()
			seen[name] = string(src)
		},
	})
	for _, name := range []string{"d/a.yaml", "d/b.yaml", "d/none.yaml", "d/empty.yaml", "c/card.json"} {
		if got, ok := seen[name]; !ok || got != files[name] {
			t.Errorf("%s: told %t, %q", name, ok, got)
		}
	}
	if len(seen["d/large.yaml"]) != maxFile+1 || len(seen) != 6 {
		t.Errorf("told of %q", slices.Sorted(maps.Keys(seen)))
	}
	want := map[string]string{"c/link.json": "c/card.json", "c/card.json": "c/card.json", "c/none.json": "c/none.json"}
	if !maps.Equal(set.Cards, want) {
		t.Errorf("cards are %v, want %v", set.Cards, want)
	}
	var cards []string
	for _, d := range set.Drafts {
		cards = append(cards, d.CardFile)
	}
	if !slices.Equal(cards, []string{"c/card.json", "c/link.json", "c/card.json", "c/none.json"}) {
		t.Errorf("the drafts' cards are %q", cards)
	}
}

// TestVacantPaths: a path that may be gone, or may hold no draft, is no fault; any other is.
func TestVacantPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		path   string
		vacant bool
		want   string
	}{
		{"gone", true, ""}, {"gone", false, ruleUnreadableFile},
		{"empty", true, ""}, {"empty", false, ruleDraftFile},
	} {
		set := Load(t.Context(), []string{row.path}, Options{Dir: dir, Vacant: func(path string) bool { return row.vacant && path == row.path }})
		got := ""
		for _, d := range set.Diagnostics {
			got += d.Rule
		}
		if got != row.want {
			t.Errorf("%s, vacant %t: %v", row.path, row.vacant, set.Diagnostics)
		}
	}
}

// TestOutsideIsANote: it counts for nothing, whatever its severity is.
func TestOutsideIsANote(t *testing.T) {
	t.Parallel()
	src := "notification_id: \"1\"\njob_name: a\npush_type: 0\npush_scope_type: 0\npush_content: {}\n"
	set := Decode("a.yaml", []byte(src+"---\n"+src), Options{})
	if set.Errors() != 1 || *set.Diagnostics[0].Other != (Pos{"a.yaml", 1, 18}) {
		t.Fatalf("%+v", set.Diagnostics)
	}
	set.Diagnostics[0].Outside = true
	if got := set.Diagnostics[0].String(); set.Errors() != 0 || !strings.HasPrefix(got, "a.yaml:7:18: note: notification_id") {
		t.Errorf("%d errors, %s", set.Errors(), got)
	}
	if _, _, err := ParseRuleSetting("card-size=note"); err == nil {
		t.Error("a rule can be set to note")
	}
}
