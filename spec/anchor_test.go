package spec

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnchorsEndWithTheirDocument(t *testing.T) {
	t.Parallel()
	const foreign = "error: alias *a has its anchor in another document [yaml-syntax]"
	for _, tt := range []struct {
		why, first, second string
		want               []string
	}{
		{"a value", draftWith("ext: &a x"), draftWith("job_name: *a"), []string{"7:11: " + foreign}},
		{"a key", draftWith("ext: &a job_name"), draftWith("-job_name", "*a : b"), []string{"10:1: " + foreign}},
		{"an entry", draftWith("ext: &a ou_x"), draftWith("push_scope_type: 2", "user_list: [ou_a, *a ]"), []string{"11:19: " + foreign}},
		{"what is merged", draftWith("push_content: &a {x: y}"), draftWith("push_content: {<<: *a }"), []string{"9:20: " + foreign}},
		{"a card", draftWith("push_content: &a {x: y}"), draftWith("push_content: *a"), []string{"9:15: " + foreign}},
		{"deep in a card", draftWith("ext: &a x"), draftWith("push_content: {e: [{f: *a }]}"), []string{"10:24: " + foreign}},
		{"a field that is none", draftWith("ext: &a x"), draftWith("ext: x", "extra: *a"), []string{`12:1: error: unknown field "extra" [unknown-field]`, "12:8: " + foreign}},
		{"a whole document", "&a\n" + draftWith(), "*a\n", []string{
			"7:1: error: a draft is a mapping, not a value with a tag of its own [wrong-type]", "7:1: " + foreign}},
		{"an anchor of the same name makes it right", draftWith("ext: &a x"), draftWith("job_name: &a b", "ext: *a"), nil},
		{"unless it comes later", draftWith("ext: &a x"), draftWith("job_name: *a", "ext: &a b"), []string{"7:11: " + foreign}},
		{"one that there is not at all", draftWith(), draftWith("ext: *a"), []string{"10:6: error: *a refers to &a, which is not there [yaml-syntax]"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			got := saidBy(Decode("f.yaml", []byte(tt.first+"---\n"+tt.second), anyCard(Options{})))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestDocumentsShareNothing: a file passes exactly if each of its documents would, alone.
func TestDocumentsShareNothing(t *testing.T) {
	t.Parallel()
	line := rapid.SampledFrom([]string{"&a a: b", "a: &a b", "a: &b c", "b: *a", "c: *b", "d: {e: *a , f: &a g}", "h: &b [*a ]", "i:\n  - &a\n  - *a", "*a : j", "k: &a {<<: *b }"})
	between := rapid.SampledFrom([]string{"---\n", "--- # c\n", "...\n---\n", "---\n# c\n", "\ufeff---\n", "%YAML 1.1\n---\n"})
	rapid.Check(t, func(t *rapid.T) {
		var src strings.Builder
		alone := true
		for i := range rapid.IntRange(1, 4).Draw(t, "documents") {
			document := strings.Join(rapid.SliceOfN(line, 1, 3).Draw(t, "lines"), "\n") + "\n"
			separator := between.Draw(t, "between")
			if strings.HasPrefix(separator, "%") {
				separator = "...\n" + separator
			}
			if i > 0 {
				src.WriteString(separator)
			}
			src.WriteString(document)
			alone = alone && !isSyntaxFault(Decode("f.yaml", []byte(document), Options{}))
		}
		if together := !isSyntaxFault(Decode("f.yaml", []byte(src.String()), Options{})); together != alone {
			t.Errorf("%q: alone %v, together %v", src.String(), alone, together)
		}
	})
}

func isSyntaxFault(set Set) bool {
	return slices.ContainsFunc(set.Diagnostics, func(d Diagnostic) bool { return d.Rule == ruleYAMLSyntax })
}
