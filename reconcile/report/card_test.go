package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// drawn is a JSON value: lists and objects of texts of one and of many lines, and of numbers in
// several spellings.
func drawn(t *rapid.T, depth int) any {
	kinds := []string{"text", "lines", "number", "null", "list", "object", "element"}
	if depth == 0 {
		kinds = kinds[:4]
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "text":
		return rapid.SampledFrom([]string{"", "a", "b", "| a", "- x", "{", "a\n"}).Draw(t, "text")
	case "lines":
		line := rapid.SampledFrom([]string{"", "a", "b", "c", " ", "  | a", "}"})
		return strings.Join(rapid.SliceOfN(line, 2, 30).Draw(t, "lines"), "\n")
	case "number":
		return json.Number(rapid.SampledFrom([]string{"1", "1.0", "10e-1", "2", "20E-1", "0", "-0.0"}).Draw(t, "number"))
	case "list":
		list := make([]any, rapid.IntRange(0, 4).Draw(t, "length"))
		for i := range list {
			list[i] = drawn(t, depth-1)
		}
		return list
	case "object":
		object := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "members") {
			object[rapid.SampledFrom([]string{"a", "b", "", "x.y", `""]`}).Draw(t, "name")] = drawn(t, depth-1)
		}
		return object
	case "element":
		return map[string]any{"tag": rapid.SampledFrom([]string{"div", "hr"}).Draw(t, "tag"), "text": drawn(t, depth-1)}
	}
	return nil
}

// touched is v with something in it drawn anew.
func touched(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 && rapid.IntRange(0, 4).Draw(t, "deeper") > 0 {
			out := maps.Clone(v)
			name := rapid.SampledFrom(slices.Sorted(maps.Keys(v))).Draw(t, "member")
			if out[name] = touched(t, v[name]); rapid.IntRange(0, 4).Draw(t, "gone") == 0 {
				delete(out, name)
			}
			return out
		}
	case []any:
		i := rapid.IntRange(0, len(v)).Draw(t, "at")
		switch {
		case rapid.IntRange(0, 2).Draw(t, "one more") == 0:
			return slices.Insert(slices.Clone(v), i, drawn(t, 1))
		case i == len(v):
			return v
		case rapid.Bool().Draw(t, "one less"):
			return slices.Delete(slices.Clone(v), i, i+1)
		}
		out := slices.Clone(v)
		out[i] = touched(t, v[i])
		return out
	}
	return drawn(t, 2)
}

func asCard(t *rapid.T, v any) spec.JSON {
	src, err := json.Marshal(map[string]any{"elements": v})
	if err != nil {
		t.Fatal(err)
	}
	card, err := spec.ParseJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// TestWhatIsDrawnIsExactlyTheChanges, for any two cards: each change is drawn once, in order and
// under a heading of its own; without the added lines the drawing is the card before, without the
// removed ones the card after; and cutting it into hunks loses no line of a change.
func TestWhatIsDrawnIsExactlyTheChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := drawn(t, 3)
		before, after := asCard(t, tree), spec.JSON{}
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			tree = touched(t, tree)
		}
		after = asCard(t, tree)
		lines := cardLines(diff.Align(before, after))
		wantChanges(t, lines, diff.Between(diff.State{PushContent: before}, diff.State{PushContent: after}))
		wantSide(t, lines, '-', after)
		wantSide(t, lines, '+', before)
		wantHunks(t, lines)
	})
}

func wantChanges(t *rapid.T, lines []cardLine, changes []diff.Change) {
	var got, want []string
	var last *diff.Place
	for _, l := range lines {
		if (l.change != nil) != (l.sign != ' ') {
			t.Fatalf("%c %s: a sign and a change go together", l.sign, l.text)
		}
		if l.change != nil && l.change != last {
			got, last = append(got, string(l.change.Op)+" "+l.change.Path), l.change
		}
	}
	for _, c := range changes {
		want = append(want, string(c.Op)+" "+c.Path)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("drawn: %q\nchanged: %q", got, want)
	}
}

// wantSide compares the lines without those behind a sign with a card drawn on its own.
func wantSide(t *rapid.T, lines []cardLine, without byte, card spec.JSON) {
	texts := func(lines []cardLine) (out []string) {
		for _, l := range lines {
			if l.sign != without {
				out = append(out, byValue(l.text))
			}
		}
		return out
	}
	got, want := texts(lines), texts(cardLines(diff.Align(card, card)))
	// What has lost all its members is still drawn open, around them.
	if got := emptied(got); !slices.Equal(got, want) {
		t.Fatalf("without %c:\n%s\nwant\n%s", without, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

var number = regexp.MustCompile(`(^|: ) *-?[0-9][-+.0-9eE]*$`)

// byValue is a line with its number, if it ends in one, in one spelling.
func byValue(line string) string {
	if strings.Contains(line, "| ") {
		return line
	}
	return number.ReplaceAllStringFunc(line, func(s string) string {
		digits := strings.TrimLeft(s, ": ")
		value, ok := new(big.Rat).SetString(digits)
		if !ok {
			return s
		}
		return strings.TrimSuffix(s, digits) + value.RatString()
	})
}

func emptied(lines []string) []string {
	var out []string
	for _, l := range lines {
		if n := len(out); n > 0 && (strings.TrimLeft(l, " ") == "}" && opens(out[n-1], l, "{") || strings.TrimLeft(l, " ") == "]" && opens(out[n-1], l, "[")) {
			out[n-1] += strings.TrimLeft(l, " ")
			continue
		}
		out = append(out, l)
	}
	return out
}

// opens reports whether the bracket that closing closes is the last of line.
func opens(line, closing, bracket string) bool {
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }
	return indent(line) == indent(closing) && (strings.TrimLeft(line, " ") == bracket || strings.HasSuffix(line, `": `+bracket))
}

func wantHunks(t *rapid.T, lines []cardLine) {
	var signed, shown []string
	changes := map[*diff.Place]bool{}
	for _, l := range lines {
		if l.change != nil {
			signed, changes[l.change] = append(signed, string(l.sign)+l.text), true
		}
	}
	headed := 0
	for _, h := range hunks(lines) {
		if h.heading != "…" {
			headed++
		}
		for i, l := range h.lines {
			if l.change != nil {
				shown = append(shown, string(l.sign)+l.text)
			}
			if l.change != nil && l.change != h.lines[slices.IndexFunc(h.lines, func(l cardLine) bool { return l.change != nil })].change {
				t.Fatalf("hunk %q holds two changes, at line %d", h.heading, i)
			}
		}
	}
	if !slices.Equal(signed, shown) || headed != len(changes) {
		t.Fatalf("%d changes under %d headings\nsigned %q\nshown %q", len(changes), headed, signed, shown)
	}
}

// TestHunks shows how the places of changes are headed.
func TestHunks(t *testing.T) {
	t.Parallel()
	paragraph := func(edits map[int]string) string {
		lines := make([]string, 30)
		for i := range lines {
			lines[i] = fmt.Sprint("line ", i)
		}
		for i, text := range edits {
			lines[i] = text
		}
		return `{"elements":[{"tag":"markdown","content":"` + strings.Join(lines, `\n`) + `"}]}`
	}
	for _, row := range []struct {
		why, before, after string
		want               []string
	}{
		{"a removed element is headed by itself", `{"elements":[{"tag":"div","text":"a"},{"tag":"hr"},{"tag":"div","text":"b"}]}`,
			`{"elements":[{"tag":"div","text":"a"},{"tag":"div","text":"b"}]}`, []string{"elements[1]"}},
		{"numbers of one value are no change", `{"a":1.0,"b":[1,10e-1]}`, `{"a":1,"b":[1.00,1]}`, nil},
		{"an element that moved left one place and came to another", `{"elements":[{"tag":"hr"},{"tag":"div"},{"tag":"img"}]}`,
			`{"elements":[{"tag":"div"},{"tag":"img"},{"tag":"hr"}]}`, []string{"elements[0]", "elements[2]"}},
		{"one in place of another is two changes at one index", `{"elements":[{"tag":"hr"}]}`, `{"elements":[{"tag":"img"}]}`, []string{"elements[0]", "elements[0]"}},
		{"a text changed in two places far from each other is named once", paragraph(nil), paragraph(map[int]string{2: "x", 25: "y"}),
			[]string{"elements[0].content", "…"}},
		{"and in two places near each other it is one run", paragraph(nil), paragraph(map[int]string{2: "x", 6: "y"}), []string{"elements[0].content"}},
		{"a card in place of none", `"no JSON"`, `{}`, []string{"the card"}},
		{"a name that steers a terminal is shown", `{}`, "{\"\x7f\":1}", []string{`["\u{7F}"]`}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var sides [2]spec.JSON
			for i, text := range []string{row.before, row.after} {
				v, err := spec.ParseJSON([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				sides[i] = v
			}
			var got []string
			for _, h := range hunks(cardLines(diff.Align(sides[0], sides[1]))) {
				got = append(got, h.heading)
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("headings %q, want %q", got, row.want)
			}
		})
	}
}
