package spec

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"notiform/spec/card"
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
		{"as JSON on a line", draftWith("push_content: '" + strings.ReplaceAll(strings.TrimSpace(jsonCard), "\n", "") + "'"), "", "f.yaml:4:77"},
		{"in a file of YAML", draftWith("-push_content", "push_content_file: c.yaml"), yamlCard, "c.yaml:3:10"},
		{"in a file of JSON", draftWith("-push_content", "push_content_file: c.json"), jsonCard, "c.json:2:48"},
		{"behind an alias", draftWith("ext: &a dvi", "-push_content") + "push_content: {elements: [{tag: markdown, content: a}, {tag: *a }]}\n", "", "f.yaml:4:6"},
		{"merged in", draftWith("push_content:\n  header: {title: {tag: plain_text, content: a}}\n  x: &x {tag: dvi}\n  elements:\n    - <<: *x\n"), "", "f.yaml:6:15"},
	} {
		set := Decode("f.yaml", []byte(tt.src), Options{ReadCard: func(string) ([]byte, error) { return []byte(tt.card), nil }})
		i := slices.IndexFunc(set.Diagnostics, func(d Diagnostic) bool { return d.Rule == "card-unknown-element" })
		if i < 0 || set.Diagnostics[i].Pos.String() != tt.want || set.Diagnostics[i].Hint != `did you mean "div"?` {
			t.Errorf("%s: got %q, want one at %s", tt.why, saidBy(set), tt.want)
			continue
		}
		root := card.NewTable().Read(set.Drafts[0].PushContent.String())
		if at := root.At(set.Diagnostics[i].InCard); at.Text != "dvi" {
			t.Errorf("%s: in the card it is at %s", tt.why, at.Pointer())
		}
	}
}

// TestFaultsInTextsHavePlaces: what is wrong in a text is told where it is in the file, however the file
// writes the text. In each the <x> is the first fault.
func TestFaultsInTextsHavePlaces(t *testing.T) {
	t.Parallel()
	in := func(content string) string {
		return draftWith("push_content:\n  elements:\n    - tag: markdown\n      content: " + content)
	}
	asJSON := func(content string) string { return `{"elements":[{"tag":"markdown","content":"` + content + `"}]}` }
	for _, tt := range []struct{ why, src, card string }{
		{"a plain text", in("文 a <x>"), ""},
		{"in two lines", in("a\n        b  <x>"), ""},
		{"behind an anchor and a tag", in("&a !!str b <x>"), ""},
		{"in single quotes", in("'it''s <x>'"), ""},
		{"in double quotes", in(`"\u4f60 \\ \x41 \" 文 \ud83c\udf75 <x>"`), ""},
		{"whose lines are folded", in("\"a\n\n        b \\n \\\n        c <x>\""), ""},
		{"in a literal block", in("|-\n        文 a\n\n          b <x>"), ""},
		{"in a folded block", in("> # comment\n\n        a\n        b\n\n          c\n        <x>"), ""},
		{"with the other breaks", in("|\r\n        a\r\n        b <x>\r"), ""},
		{"in JSON on a line", draftWith("push_content: '" + asJSON(`a\n文 <x>`) + "'"), ""},
		{"in JSON in double quotes", draftWith(`push_content: "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(asJSON(`\u4f60 <x>`)) + `"`), ""},
		{"in JSON in a block", draftWith("push_content: |\n  " + asJSON(`a\n\"b <x>`)), ""},
		{"in JSON in a folded block", draftWith("push_content: >\n  {\n  \"elements\":\n  [{\"tag\":\"markdown\",\n  \"content\":\"a\\n <x>\"}]}"), ""},
		{"in a file of JSON", draftWith("-push_content", "push_content_file: c.json"), "\n" + asJSON(`\u0061 <x> 文 https://example.com请`)},
		{"in a file of YAML", draftWith("-push_content", "push_content_file: c.yaml"), "elements:\n- tag: markdown\n  content: |\n    a\n    b <x>\n"},
		{"behind an alias", draftWith("ext: &a a <x>", "-push_content") + "push_content: {elements: [{tag: markdown, content: *a }]}\n", ""},
	} {
		set := Decode("f.yaml", []byte(tt.src), Options{ReadCard: func(string) ([]byte, error) { return []byte(tt.card), nil }})
		from := tt.src
		if tt.card != "" {
			from = tt.card
		}
		want := placeIn([]byte(from), strings.Index(from, "<x>"))
		i := slices.IndexFunc(set.Diagnostics, func(d Diagnostic) bool { return d.Rule == "card-markdown" })
		if i < 0 || set.Diagnostics[i].Pos != want.in(set.Diagnostics[i].Pos.File) {
			t.Errorf("%s: got %q, want one at %v\n%s", tt.why, saidBy(set), want, tt.src)
		}
	}
}

// TestPlacesInAnyText: the same of any text, in the styles that a writer of YAML chooses and in JSON.
func TestPlacesInAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := "a" + rapid.StringMatching(`([a-z文🍵 '"\\:#é-]|\n|\t){0,20}`).Draw(t, "before") + "<x>" + rapid.StringMatching(`[a-z ']{0,5}`).Draw(t, "behind")
		card := map[string]any{"elements": []any{map[string]any{"tag": "markdown", "content": text}}}
		src, err := yaml.Marshal(card)
		if err != nil {
			t.Fatal(err)
		}
		name := "c.yaml"
		if rapid.Bool().Draw(t, "as JSON") {
			name, src = "c.json", []byte(marshalled(t, card).String())
		}
		_, faults := DecodeCard(name, src, Options{})
		i := slices.IndexFunc(faults, func(d Diagnostic) bool { return strings.Contains(d.Message, `"<x>"`) })
		if want := placeIn(src, bytes.Index(src, []byte("<x>"))).in(name); i < 0 || faults[i].Pos != want {
			t.Fatalf("%s: got %v, want one at %v", src, faults, want)
		}
	})
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
