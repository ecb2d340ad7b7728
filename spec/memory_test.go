package spec

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// TestMemoryMakesNoDifference: whatever was done since the last Load, what it left tells the next one
// nothing that reading everything would not.
func TestMemoryMakesNoDifference(t *testing.T) {
	t.Parallel()
	const draft = "job_name: %s\npush_type: 0\npush_scope_type: 0\n"
	contents := []string{
		fmt.Sprintf(draft, "a") + "push_content_file: ../c/a.json\n", fmt.Sprintf(draft, "b") + "push_content_file: ../c/b.yaml\n---\n" + fmt.Sprintf(draft, "c"),
		"notification_id: \"7000000000000000001\"\n" + fmt.Sprintf(draft, "d") + "send_at: 2030-01-01T09:00:00Z\npush_content: {elements: [{tag: hr}]}\n",
		fmt.Sprintf(draft, "\u200b"), "job_name: [", "", "tag: hr\n",
	}
	cards := []string{`{"elements": [{"tag": "hr"}]}`, `{"elements": [{"tag": "button"}]}`, "{", "tag: hr\n"}
	names := map[string][]string{"d/a.yaml": contents, "d/b.yaml": contents, "d/c.yml": contents, "c/a.json": cards, "c/b.yaml": cards}
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "memory")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		for _, folder := range []string{"c", "d"} {
			if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		opts := Options{Dir: dir, Now: time.Date(2029, 12, 1, 0, 0, 0, 0, time.UTC)}
		var memory Memory
		for range 8 {
			name := rapid.SampledFrom(slices.Sorted(maps.Keys(names))).Draw(t, "name")
			file := filepath.Join(dir, filepath.FromSlash(name))
			switch rapid.IntRange(0, 9).Draw(t, "act") {
			case 0:
				err = os.RemoveAll(file)
			case 1:
				opts.Now = opts.Now.AddDate(0, rapid.SampledFrom([]int{-1, 1}).Draw(t, "months"), 0)
			case 2:
				opts.Severity = rapid.SampledFrom([]map[string]Severity{nil, {ruleHiddenCharacter: Off}}).Draw(t, "rules")
			case 3:
				opts.Guards.LinkHosts = rapid.SampledFrom([][]string{nil, {"example.com"}}).Draw(t, "hosts")
			default:
				err = os.WriteFile(file, []byte(rapid.SampledFrom(names[name]).Draw(t, "content")), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			want := Load(t.Context(), []string{"d", "c"}, opts)
			with := opts
			with.Memory = &memory
			got := Load(t.Context(), []string{"d", "c"}, with)
			if diff := cmp.Diff(want, got, cmpopts.EquateComparable(JSON{}), cmp.AllowUnexported(Draft{}, place{})); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// TestMemorySparesWhatStands wants a file to be decoded again when it, its card or the time has
// changed, and no other with it.
func TestMemorySparesWhatStands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, src string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const draft = "job_name: a\npush_type: 0\npush_scope_type: 0\n"
	write("inline.yaml", draft+"push_content: {elements: []}\n")
	write("timed.yaml", draft+"send_at: 2030-01-01T09:00:00Z\npush_content: {elements: []}\n")
	write("apart.yaml", draft+"push_content_file: card.json\n")
	write("card.json", "{}")
	opts := Options{Dir: dir, Now: time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC), Memory: new(Memory)}
	for _, row := range []struct {
		why     string
		do      func()
		decoded []string
	}{
		{"nothing is known yet", func() {}, []string{"apart.yaml", "inline.yaml", "timed.yaml"}},
		{"nothing has happened", func() {}, nil},
		{"the same was saved", func() { write("inline.yaml", draft+"push_content: {elements: []}\n") }, nil},
		{"a draft was saved", func() { write("inline.yaml", draft+"push_content: {elements: [{tag: hr}]}\n") }, []string{"inline.yaml"}},
		{"a card was saved", func() { write("card.json", `{"elements": []}`) }, []string{"apart.yaml"}},
		{"a time has passed", func() { opts.Now = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC) }, []string{"timed.yaml"}},
		{"a rule was turned off", func() { opts.Severity = map[string]Severity{ruleSendTimePast: Off} }, []string{"apart.yaml", "inline.yaml", "timed.yaml"}},
	} {
		before := opts.Memory.files
		row.do()
		Load(t.Context(), nil, opts)
		var decoded []string
		for name, now := range opts.Memory.files {
			if old, ok := before[name]; !ok || &old.drafts[0] != &now.drafts[0] {
				decoded = append(decoded, name)
			}
		}
		if slices.Sort(decoded); !slices.Equal(decoded, row.decoded) {
			t.Errorf("%s: decoded %q, want %q", row.why, decoded, row.decoded)
		}
	}
}
