package spec

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// cardOf decodes a draft with a card given as indented YAML lines or a value.
func cardOf(lines ...string) Set {
	src := draftWith("-push_content") + "push_content: " + strings.Join(lines, "\n") + "\n"
	return Decode("f.yaml", []byte(src), anyCard(Options{}))
}

func TestCardFromYAML(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"an empty card is a card", `{}`, `{}`},
		{"members are sorted, lists are not", `{b: [2, 1], a: 1}`, `{"a":1,"b":[2,1]}`},
		{"numbers stay as written", `{a: [1.0, 1e2, -0, 12345678901234567890, 1e999]}`, `{"a":[1.0,1e2,-0,12345678901234567890,1e999]}`},
		{"quoted numbers are texts", `{a: ["1", '2', !!str 007]}`, `{"a":["1","2","007"]}`},
		{"a tag may say what is so", `{a: [!!int "5", !!bool "TRUE", !!null ""]}`, `{"a":[5,true,null]}`},
		{"truths", `{a: [true, False, TRUE]}`, `{"a":[true,false,true]}`},
		{"words of YAML 1.1 are texts", `{a: [yes, no, on, off, y, N]}`, `{"a":["yes","no","on","off","y","N"]}`},
		{"also as keys", `{on: 1, yes: 2}`, `{"on":1,"yes":2}`},
		{"nothing", `{a: , b: ~, c: null}`, `{"a":null,"b":null,"c":null}`},
		{"dates are texts", `{a: 2026-12-01, 2026-12-01: b}`, `{"2026-12-01":"b","a":"2026-12-01"}`},
		{"times of day are texts", `{a: 09:30}`, `{"a":"09:30"}`},
		{"texts are not escaped for HTML", `{a: "<b>&\n\"\\"}`, `{"a":"<b>&\n\"\\"}`},
		{"anchors and aliases", `{a: &x {t: 1}, b: *x, c: [*x, *x]}`, `{"a":{"t":1},"b":{"t":1},"c":[{"t":1},{"t":1}]}`},
		{"merge keys give way", `{a: &x {p: 1, q: 1}, b: {<<: *x, q: 2}}`, `{"a":{"p":1,"q":1},"b":{"p":1,"q":2}}`},
		{"of several merged, the first wins", `{a: &x {p: 1}, b: &y {p: 2, q: 2}, c: {<<: [*x, *y]}}`, `{"a":{"p":1},"b":{"p":2,"q":2},"c":{"p":1,"q":2}}`},
		{"merged mappings may merge", `{a: &x {p: 1}, b: &y {<<: *x}, c: {<<: *y}}`, `{"a":{"p":1},"b":{"p":1},"c":{"p":1}}`},
		{"a quoted << is a key", `{"<<": 1}`, `{"<<":1}`},
		{"keys may be aliases", `{a: &k key, *k : 1}`, `{"a":"key","key":1}`},
		{"JSON in YAML is YAML", `{"a":{"b":[1,null,"\u4f60"]}}`, `{"a":{"b":[1,null,"你"]}}`},
		{"JSON as a text", `'{"b": 1.0, "a": "\/"}'`, `{"a":"/","b":1.0}`},
		{"JSON as a block", "|\n  {\n    \"a\": 1\n  }", `{"a":1}`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := cardOf(tt.src)
			if got := set.Drafts[0].PushContent.String(); len(set.Diagnostics) > 0 || got != tt.want {
				t.Errorf("got %s %q, want %s", got, saidBy(set), tt.want)
			}
		})
	}
}

func TestCardFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, src string
		want     []string
	}{
		{"no two tools agree on these", `{a: [010, 0x1F, 1_000, .5, 5., +1, .inf, .nan, 0b1, 0o7]}`, []string{
			`4:20: error: "010" is a number to YAML but not to JSON [wrong-type]`, `4:25: error: "0x1F" is a number to YAML but not to JSON [wrong-type]`,
			`4:31: error: "1_000" is a number to YAML but not to JSON [wrong-type]`, `4:38: error: ".5" is a number to YAML but not to JSON [wrong-type]`,
			`4:42: error: "5." is a number to YAML but not to JSON [wrong-type]`, `4:46: error: "+1" is a number to YAML but not to JSON [wrong-type]`,
			`4:50: error: ".inf" is a number to YAML but not to JSON [wrong-type]`, `4:56: error: ".nan" is a number to YAML but not to JSON [wrong-type]`,
			`4:62: error: "0b1" is a number to YAML but not to JSON [wrong-type]`, `4:67: error: "0o7" is a number to YAML but not to JSON [wrong-type]`}},
		{"a repeated key has a place", `{a: {x: 1, x: 2}, "\u0061": 1}`, []string{
			`4:26: error: "x" is given twice, first at line 4 [duplicate-field]`, `4:33: error: "a" is given twice, first at line 4 [duplicate-field]`}},
		{"merging twice is repeating a key", `{a: &x {}, b: {<<: *x, <<: *x}}`, []string{`4:38: error: "<<" is given twice, first at line 4 [duplicate-field]`}},
		{"keys are text", `{1: a, true: b, ~: c, [d]: e}`, []string{
			`4:16: error: a key must be text, not a number [wrong-type]`, `4:22: error: a key must be text, not true or false [wrong-type]`,
			`4:31: error: a key must be text, not nothing [wrong-type]`, `4:37: error: a key must be text, not a list [wrong-type]`}},
		{"JSON has no such tags", `{a: !!binary aGk=, b: !x [], c: !!set {}, d: !!bool 7}`, []string{
			`4:19: error: a card has no values with the tag "!!binary" [wrong-type]`, `4:37: error: a card has no values with the tag "!x" [wrong-type]`,
			`4:47: error: a card has no values with the tag "!!set" [wrong-type]`, `4:60: error: a card has no values with the tag "!!bool" [wrong-type]`}},
		{"only mappings can be merged", `{<<: 1}`, []string{`4:20: error: << wants a mapping or a list of mappings, not a number [wrong-type]`}},
		{"a card is no list", `[]`, []string{`4:15: error: push_content must be a card, not a list [card-json]`}},
		{"nor a number", `7`, []string{`4:15: error: push_content must be a card, not a number [card-json]`}},
		{"nor any text", `hello`, []string{`4:15: error: the card is not JSON: it does not begin with { [card-json]`}},
		{"nor JSON that is no object", `"[]"`, []string{`4:16: error: the card's JSON is not an object [card-json]`}},
		{"JSON in quotes has the places of the file", `'{"a":1,"b":{"c":1,"c":2}}'`,
			[]string{`4:34: error: the card is not JSON: member "c" is given twice [card-json]`}},
		{"and so has JSON in a block", "|\n    {\n      \"名\": 1, \"a\": 1,\n      \"a\": 2\n    }",
			[]string{`7:7: error: the card is not JSON: member "a" is given twice [card-json]`}},
		{"and in a folded one", ">\n  {\n  \"a\": 1,\n  \"a\": 2}",
			[]string{`7:3: error: the card is not JSON: member "a" is given twice [card-json]`}},
		{"a value that contains itself has no end", `&x {a: [*x]}`, []string{`4:23: error: alias *x contains itself [yaml-syntax]`}},
		{"nor has one merged into itself", `&x {<<: *x}`, []string{`4:23: error: << is nested more than 20 deep, or in a circle [yaml-syntax]`}},
		{"no card is so deep", `{a: ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`,
			[]string{`4:218: error: the card is nested more than 200 levels deep [card-json]`}},
		{"JSON 2.0 is not for helpdesks", `{schema: "2.0", body: {}}`, []string{`4:15: error: the card is card JSON 2.0 (schema "2.0") [card-version]`}},
		{"not as a number either", `{schema: 2.0}`, []string{`4:15: error: the card is card JSON 2.0 (schema "2.0") [card-version]`}},
		{"1.0 is, said or not", `{schema: "1.0", elements: [{schema: "2.0", type: template}]}`, nil},
		{"templates are not", `{type: template, data: {template_id: AAq}}`, []string{`4:15: error: the card is a reference to a card template [card-version]`}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, saidBy(cardOf(tt.src))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestCardSize(t *testing.T) {
	t.Parallel()
	const rest = len(`{"a":""}`)
	for _, tt := range []struct {
		why   string
		bytes int
		want  Severity
	}{
		{"28 KiB pass", 28 << 10, 0}, {"a byte more is close", 28<<10 + 1, Warning},
		{"30 KiB are the limit", 30 << 10, Warning}, {"a byte more is over it", 30<<10 + 1, Error},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			// Three bytes a character, and spaces that do not count.
			n := tt.bytes - rest
			set := cardOf(`{a:     "` + strings.Repeat("长", n/3) + strings.Repeat("x", n%3) + `"}`)
			if got := len(set.Drafts[0].PushContent.String()); got != tt.bytes {
				t.Fatalf("made %d bytes", got)
			}
			if tt.want == 0 && len(set.Diagnostics) == 0 {
				return
			}
			if len(set.Diagnostics) != 1 || set.Diagnostics[0].Rule != ruleCardSize || set.Diagnostics[0].Severity != tt.want {
				t.Errorf("got %q", saidBy(set))
			}
		})
	}
}

// TestCardTooLargeIsNotLost: whatever card-size is set to, a card that was not
// read to the end cannot come out as no card.
func TestCardTooLargeIsNotLost(t *testing.T) {
	t.Parallel()
	src := draftWith(`push_content: {a: "` + strings.Repeat("x", maxCard) + `"}`)
	set := Decode("f.yaml", []byte(src), Options{Severity: map[string]Severity{ruleCardSize: Off}})
	if set.Errors() != 1 {
		t.Errorf("got %q", saidBy(set))
	}
}

// bomb is YAML whose levels each repeat the one before nine times.
func bomb(levels int, first, next string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n  a0: &a0 %s\n", first)
	for i := 1; i <= levels; i++ {
		again := strings.Repeat(fmt.Sprintf(", *a%d", i-1), 9)[2:]
		fmt.Fprintf(&b, "  a%d: &a%d %s\n", i, i, fmt.Sprintf(next, again))
	}
	return b.String()
}

func TestAliasBombs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, rule string }{
		{"lists of lists", bomb(10, "[lol]", "[%s]"), ruleDraftFile},
		{"lists of nothing", bomb(10, "[]", "[%s]"), ruleDraftFile},
		{"mappings merged from mappings", bomb(10, "{x: 1}", "{<<: [%s]}"), ruleYAMLSyntax},
		{"one long text", "\n  a: &a " + strings.Repeat("x", 1000) + "\n  b: [" + strings.Repeat("*a, ", 1000) + "]\n", ruleDraftFile},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			// Both are bounded by what is spelled out plus maxSpread; a bomb that
			// went off would not return at all.
			for _, src := range []string{tt.src, "{}\nuser_list:" + tt.src} {
				set := cardOf(src)
				if set.Errors() == 0 {
					t.Errorf("nothing to say of %s", src)
				}
			}
			if set := cardOf(tt.src); set.Diagnostics[0].Rule != tt.rule || len(set.Diagnostics) != 1 {
				t.Errorf("got %q", saidBy(set))
			}
		})
	}
}

// TestManyBombsInOneFile: each stays below what one card may have, but the file
// as a whole may not multiply without end.
func TestManyBombsInOneFile(t *testing.T) {
	t.Parallel()
	one := draftWith("push_content: {a: &a ["+strings.Repeat("x, ", 100)+"], b: ["+strings.Repeat("*a, ", 100)+"]}") + "---\n"
	set := Decode("f.yaml", []byte(strings.Repeat(one, 1000)), Options{})
	last := set.Diagnostics[len(set.Diagnostics)-1]
	if last.Rule != ruleYAMLSyntax || len(set.Drafts) > 200 {
		t.Errorf("%d drafts read, then %s", len(set.Drafts), last)
	}
}

// TestCardFromYAMLIsCanonical: what is written from YAML is what ParseJSON makes
// of it, and the same value as the same card in JSON.
func TestCardFromYAMLIsCanonical(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := map[string]any{"card": jsonValue().Draw(t, "value")}
		src, err := yaml.Marshal(plain(v))
		if err != nil {
			t.Fatal(err)
		}
		var root yaml.Node
		if err := yaml.Unmarshal(src, &root); err != nil {
			t.Fatal(err)
		}
		f := &file{decoder: &decoder{}, name: "f.yaml", src: src, allowance: maxSpread}
		got, ok := f.yamlCard(root.Content[0])
		if !ok {
			t.Fatalf("%q: %v", src, f.faults)
		}
		if want := marshalled(t, plain(v)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if again, err := ParseJSON([]byte(got.String())); err != nil || again != got {
			t.Errorf("%s became %s, %v", got, again, err)
		}
	})
}

// plain replaces what yaml.v3 writes in forms of its own, numbers and texts that
// are not printable, by what it does not.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		object := map[string]any{}
		for k := range v {
			object[printable(k)] = plain(v[k])
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case string:
		return printable(v)
	case nil, bool:
		return v
	}
	return 42
}

func printable(s string) string { return strings.Trim(fmt.Sprintf("%q", s), `"`) }

func marshalled(t *rapid.T, v any) JSON {
	src, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	j, err := ParseJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	return j
}
