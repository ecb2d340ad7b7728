package card

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// compiled is the schema of a card, as a validator reads it.
func compiled(t testing.TB, table *Table) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(map[string]any{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": SchemaRef, "definitions": table.Schema()})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("card.json", parsed); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("card.json")
}

func valid(t require, s *jsonschema.Schema, text string) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s.Validate(value)
}

type require interface{ Fatalf(string, ...any) }

// TestSchemaRefuses: what the schema can say of what is told as an error, it says.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	table := NewTable()
	s := compiled(t, table)
	const text = `{"tag":"plain_text","content":"a"}`
	for _, element := range []string{
		`{"tag":"divider"}`, `{"text":` + text + `}`, `{"tag":"button","text":` + text + `,"url":"https://a.cn"}`, text,
		`{"tag":"div","text":"a"}`, `{"tag":"div"}`, `{"tag":"div","fields":[{"text":null}]}`, `{"tag":"note","elements":[{"tag":"img"}]}`, `{"tag":"markdown","content":["a"]}`, `{"tag":"img"}`, `{"tag":"img","img_key":null}`,
		`{"tag":"img","img_key":"https://a.cn/a.png"}`, `{"tag":"img","img_key":"a.PNG"}`, `{"tag":"note","elements":` + text + `}`,
		`{"tag":"action","actions":[{"tag":"button","text":` + text + `,"url":"www.a.cn"}]}`,
		`{"tag":"action","actions":[{"tag":"button","text":` + text + `,"url":"https:///a"}]}`,
		`{"tag":"action","actions":[{"tag":"button","text":` + text + `,"url":"https://a.cn/b c"}]}`,
		`{"tag":"action","actions":[{"tag":"button","text":` + text + `,"multi_url":{"pc_url":"https://a.cn"}}]}`,
		`{"tag":"action","actions":[{"tag":"button","text":` + text + `,"multi_url":{"url":"ftp://a.cn"}}]}`,
		`{"tag":"action","actions":[{"tag":"button","text":` + text + `,"behaviors":[{"type":"open_url"}]}]}`,
		`{"tag":"action","actions":[{"tag":"div","text":` + text + `}]}`, `{"tag":"table","columns":[{}],"rows":[]}`,
		`{"tag":"table","columns":[{"name":"a"}],"rows":["a"]}`, `{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"form","name":"a","elements":[]}]}]}`,
	} {
		refused(t, table, s, `{"elements":[`+element+`]}`)
	}
	for _, card := range []string{
		`{"header":{"title":"a"}}`, `{"i18n_elements":{"zh-CN":[]}}`, `{"card_link":{"ios_url":"https://a.cn"}}`, `{"msg_type":"interactive","card":{}}`,
		`{"content":"{}"}`, `{"elements":{}}`, `{"elements":[[{"tag":"text"}]]}`,
	} {
		refused(t, table, s, card)
	}
}

func refused(t *testing.T, table *Table, s *jsonschema.Schema, card string) {
	t.Helper()
	if valid(t, s, card) == nil || !hasError(table, card) {
		t.Errorf("%s is valid: %v; has an error: %v", card, valid(t, s, card) == nil, hasError(table, card))
	}
}

func hasError(table *Table, text string) bool {
	faults := table.Judge(table.Read(text), Options{Most: 1000, Quote: strconv.Quote, Nearest: func(string, int, []string) string { return "" }})
	return slices.ContainsFunc(faults, func(f Fault) bool { return f.Sure })
}

// TestSchemaAccepts: a card that is told no error is valid, whatever doubts there are: cards made from the
// table itself, with values here and there that it does not want.
func TestSchemaAccepts(t *testing.T) {
	t.Parallel()
	table := NewTable()
	s := compiled(t, table)
	seen := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := maker{t, table, rapid.SampledFrom([]int{0, 1, 5}).Draw(t, "oddity")}
		made, err := json.Marshal(m.shape(table.root, 6))
		if err != nil {
			t.Fatal(err)
		}
		faulty := hasError(table, string(made))
		if seen[faulty]++; faulty {
			return
		}
		if err := valid(t, s, string(made)); err != nil {
			t.Fatalf("%s: %v", made, err)
		}
	})
	if seen[false] < seen[true]/20 {
		t.Errorf("only %d of %d cards were without an error", seen[false], seen[true])
	}
}

// maker makes cards from the table.
type maker struct {
	t      *rapid.T
	table  *Table
	oddity int // of a hundred values, how many are anything
}

func (m maker) chance(percent int, of string) bool {
	return rapid.IntRange(0, 99).Draw(m.t, of) < percent
}

func (m maker) shape(s *Shape, depth int) any {
	made := map[string]any{}
	if s.In != 0 {
		made[tagKey] = s.Name
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Need == Required || slices.Contains(s.OneOf, f.Name) || depth > 0 && m.chance(25, f.Name) {
			made[f.Name] = m.value(f, depth-1)
		}
	}
	return made
}

func (m maker) value(f *Field, depth int) any {
	if m.chance(m.oddity, "odd") {
		return rapid.SampledFrom([]any{nil, "", "x", 0, 7, true, []any{}, []any{nil}, map[string]any{}, map[string]any{"tag": ""}, "${x}", "%s",
			"a.png", "www.example.com", "lark://x", "https://example.com/${x}"}).Draw(m.t, "value")
	}
	switch f.Kind {
	case Object:
		return m.object(f, depth)
	case List:
		made := []any{}
		for range rapid.IntRange(0, 2).Draw(m.t, "entries") {
			made = append(made, m.value(f.Each, depth))
		}
		return made
	case Languages:
		return map[string]any{rapid.SampledFrom(languages()).Draw(m.t, "language"): m.value(f.Each, depth)}
	case Names:
		return map[string]any{"n": m.value(f.Each, depth)}
	case Bool:
		return true
	case Number:
		return max(f.Min, 1)
	}
	return m.text(f)
}

func (m maker) object(f *Field, depth int) any {
	if f.At == 0 {
		return m.shape(m.table.shapes[f.Of], depth)
	}
	tags := m.table.standing(f.At)
	if depth <= 0 && f.At&(InRoot|InColumn|InForm|InContainer|InPanel) != 0 {
		tags = []string{"hr", "markdown"}
	}
	if m.chance(m.oddity, "misplaced") {
		tags = m.table.tags
	}
	return m.shape(m.table.shapes[rapid.SampledFrom(tags).Draw(m.t, "tag")], depth)
}

func (m maker) text(f *Field) string {
	if values := f.known(); len(values) > 0 {
		return rapid.SampledFrom(values).Draw(m.t, "word")
	}
	switch {
	case slices.Contains(f.Formats, ImageKey):
		return "img_v2_0123"
	case slices.Contains(f.Formats, Address), slices.Contains(f.Formats, AppAddress), slices.Contains(f.Formats, LooseAddress):
		return "https://example.com/a?b=c"
	case formOf(f) != "":
		return formOf(f)
	}
	return fmt.Sprint("t", rapid.IntRange(0, 9).Draw(m.t, "text"))
}
