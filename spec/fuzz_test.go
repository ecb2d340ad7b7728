package spec

import (
	"cmp"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzDecode: whatever the bytes, Decode returns, names the file in every
// diagnostic, knows every rule it speaks of, and says nothing out of order.
func FuzzDecode(f *testing.F) {
	dir := f.TempDir()
	check(f, os.WriteFile(filepath.Join(dir, "card.json"), []byte(`{"elements":[]}`), 0o600))
	for _, seed := range fuzzSeeds(f) {
		f.Add([]byte(seed))
	}
	for _, card := range []string{"|\n  {\"elements\":[{\"tag\":\"markdown\",\"content\":\"a\\n<x>\"}]}", "{elements: [{tag: markdown, content: &a !!str \"\\u4f60\\\n  <x>\"}]}", "{elements: [{tag: markdown, content: 'it''s\n\n <x>'}]}"} {
		f.Add([]byte(draftWith("push_content: " + card)))
	}
	rules := map[string]bool{}
	for _, r := range Rules() {
		rules[r.ID] = true
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		set := Decode("f.yaml", src, Options{Dir: dir, Now: now()})
		for i, d := range set.Diagnostics {
			if d.Pos.File != "f.yaml" && d.Pos.File != "card.json" || d.Pos.Line < 1 || d.Pos.Column < 1 ||
				!rules[d.Rule] || d.Message == "" || strings.ContainsAny(d.Message, "\n\x1b") {
				t.Errorf("%q: %+v", src, d)
			}
			if i > 0 && cmp.Or(set.Diagnostics[i-1].Pos.compare(d.Pos), strings.Compare(set.Diagnostics[i-1].Rule, d.Rule)) > 0 {
				t.Errorf("%q: %s comes before %s", src, set.Diagnostics[i-1], d)
			}
		}
		for _, d := range set.Drafts {
			checkDraft(t, src, d, set)
		}
		if _, _, ok := Documents(src); !ok && set.Errors() == 0 {
			t.Errorf("%q has no documents, and is in order", src)
		}
		again := Decode("f.yaml", src, Options{Dir: dir, Now: now()})
		if !reflect.DeepEqual(again.Diagnostics, set.Diagnostics) || len(again.Drafts) != len(set.Drafts) {
			t.Errorf("%q is not read alike twice", src)
		}
	})
}

// checkDraft holds a draft to what Decode promises of it.
func checkDraft(t *testing.T, src []byte, d Draft, set Set) {
	for f := range field(fieldCount) {
		if at := d.place(f); d.Pos.File != "f.yaml" || at.line < 1 || at.column < 1 {
			t.Errorf("%q: %s is at %v of %s", src, f, at, d.Pos.File)
		}
	}
	if d.PushContent.IsZero() {
		if set.Errors() == 0 {
			t.Errorf("%q: a draft without a card is in order", src)
		}
		return
	}
	if card, err := ParseJSON([]byte(d.PushContent.String())); err != nil || card != d.PushContent || !card.IsObject() {
		t.Errorf("%q: card %s: %v", src, d.PushContent, err)
	}
}

// fuzzSeeds are the drafts of the examples and a few that are not.
func fuzzSeeds(f *testing.F) []string {
	seeds := []string{
		"", draftWith(), draftWith("-push_content", "push_content_file: card.json"), draftWith("user_list: [ou_a, {user_id: ou_b, name: x}]"),
		draftWith("push_content: &x {a: *x, <<: {b: 0x1F}}"), draftWith("send_at: 2026-12-01T09:00:00+08:00", "push_content: |\n  {\"a\": 1,\n   \"a\": 2}"),
		"a: [\n", "---\n---\n- x\n", "&a [*a]: *a\n", "\ufeff? x\n: !!set {}\n", "\xff", "a: \x01", "# c\n\nl:\n  - a\n  b: 1\n",
		"%YAML 1.2\n---\n" + draftWith(), draftWith(`push_content: {"a": "\ud83c\udf75", b: c?d, ? e : \ud83c}`), draftWith(`job_name: "\ud83c"`),
		draftWith("push_content: {a: \u2028\ufeff}") + "\ufeff---\n" + draftWith(), draftWith(`job_name: "\u200b` + "\u200b\r\"\n"),
	}
	examples, err := filepath.Glob("../examples/drafts/*.yaml")
	if err != nil || len(examples) == 0 {
		f.Fatalf("no examples to start from: %v", err)
	}
	for _, name := range examples {
		src, err := os.ReadFile(name)
		check(f, err)
		seeds = append(seeds, string(src))
	}
	return seeds
}
