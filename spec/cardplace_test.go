package spec

import (
	"slices"
	"strings"
	"testing"
)

// TestFaultsOfCardsHavePlaces: a fault within a card stands where it is written, whatever the form
// of the card.
func TestFaultsOfCardsHavePlaces(t *testing.T) {
	t.Parallel()
	const yamlCard = "elements:\n  - {tag: markdown, content: a}\n  - tag: dvi\n  - {tag: hr, colums: []}\n  - {tag: note, elemnts: [1]}\n"
	const jsonCard = "{\"elements\": [\n  {\"tag\": \"markdown\", \"content\": \"文\"}, {\"tag\": \"dvi\"}\n]}\n"
	indented := func(text string) string { return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") }
	for _, tt := range []struct{ why, src, card, want string }{
		{"as YAML", draftWith("push_content:\n" + indented(yamlCard)), "", "f.yaml:7:12"},
		{"as JSON within YAML", draftWith("push_content: |\n" + indented(jsonCard)), "", "f.yaml:6:50"},
		{"as JSON on a line", draftWith("push_content: '" + strings.ReplaceAll(strings.TrimSpace(jsonCard), "\n", "") + "'"), "", "f.yaml:4:15"},
		{"in a file of YAML", draftWith("-push_content", "push_content_file: c.yaml"), yamlCard, "c.yaml:3:10"},
		{"in a file of JSON", draftWith("-push_content", "push_content_file: c.json"), jsonCard, "c.json:2:48"},
		{"behind an alias", draftWith("ext: &a dvi", "-push_content") + "push_content: {elements: [{tag: markdown, content: a}, {tag: *a }]}\n", "", "f.yaml:4:6"},
		{"merged in", draftWith("push_content:\n  header: {title: {tag: plain_text, content: a}}\n  x: &x {tag: dvi}\n  elements:\n    - <<: *x\n"), "", "f.yaml:6:15"},
	} {
		set := Decode("f.yaml", []byte(tt.src), Options{ReadCard: func(string) ([]byte, error) { return []byte(tt.card), nil }})
		i := slices.IndexFunc(set.Diagnostics, func(d Diagnostic) bool { return d.Rule == "card-unknown-element" })
		if i < 0 || set.Diagnostics[i].Pos.String() != tt.want || set.Diagnostics[i].Hint != `did you mean "div"?` {
			t.Errorf("%s: got %q, want one at %s", tt.why, saidBy(set), tt.want)
		}
	}
}

// TestKeysOfCardsHavePlaces: a key that is wrong is told at the key.
func TestKeysOfCardsHavePlaces(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith("push_content:\n  elements:\n    - {tag: markdown, content: a, text_aling: left}")), Options{})
	if got := saidBy(set); len(got) != 1 || !strings.HasPrefix(got[0], `6:35: warning: markdown has no key "text_aling"`) {
		t.Errorf("got %q", got)
	}
}

// TestManyFaultsOfCards: a card of nothing but faults is told of up to the bound, with its places
// found in one walk.
func TestManyFaultsOfCards(t *testing.T) {
	t.Parallel()
	src := `{"elements":[` + strings.Repeat(`{"tag":"x"},`, maxFaults+5) + `{"tag":"hr"}]}`
	for _, name := range []string{"c.json", "c.yaml"} {
		set := Decode("f.yaml", []byte(draftWith("-push_content", "push_content_file: "+name)), Options{ReadCard: func(string) ([]byte, error) { return []byte(src), nil }})
		if len(set.Diagnostics) != maxFaults+1 {
			t.Errorf("%s: %d faults", name, len(set.Diagnostics))
		}
	}
}
