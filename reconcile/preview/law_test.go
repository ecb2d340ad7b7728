package preview_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/reconcile/preview"
	"notiform/spec/card"
)

// TestEachTextOnce draws values of any shape that use the words of cards, rightly and wrongly, each
// text of which is there once: every one that people read is drawn once, and so is all that nothing
// is known of.
func TestEachTextOnce(t *testing.T) {
	t.Parallel()
	table := card.NewTable()
	rapid.Check(t, func(t *rapid.T) { eachOnce(t, table, anyCard(t)) })
}

// foreign is in every text of a card that is tried, and what makes texts harmless takes it away.
const foreign = "\u2042"

// eachOnce draws a card whose texts, but for tags, end with ; and are there once.
func eachOnce(t interface{ Fatalf(string, ...any) }, table *card.Table, text string) {
	root := table.Read(text)
	drawn := preview.Of(root).Lines(func(s string) string { return strings.ReplaceAll(s, foreign, "") })
	lines := strings.Join(drawn, "\n") + "\n"
	for _, want := range readable(root) {
		want, ok := strings.CutSuffix(want, foreign)
		if n := strings.Count(lines, want); ok && n != 1 {
			t.Fatalf("%s: %q is drawn %d times:\n%s", text, want, n, lines)
		}
	}
	page := string(preview.NewHTML(func(s string) string { return strings.ReplaceAll(s, foreign, "") }).Card(preview.Of(root)))
	shown := textOfPage(t, page)
	for _, want := range readable(root) {
		want, ok := strings.CutSuffix(want, foreign)
		if n := strings.Count(shown, want); ok && n != 1 {
			t.Fatalf("%s: %q is drawn %d times in the page:\n%s", text, want, n, page)
		}
	}
	if strings.Contains(page, foreign) {
		t.Fatalf("%s: something is in the page as it is:\n%s", text, page)
	}
	if strings.Contains(lines, foreign) {
		t.Fatalf("%s: something is drawn as it is:\n%s", text, lines)
	}
	if len(lines) > 60*len(text)+200 {
		t.Fatalf("%d bytes are drawn of %d", len(lines), len(text))
	}
}

// readable are the texts that people read, or would if the element were one.
func readable(n *card.Node) (texts []string) {
	isElement := n.Kind == card.Object && n.Field != nil && n.Field.Kind == card.Object && n.Shape == nil
	reads := n.Field != nil && (slices.ContainsFunc(n.Field.Formats, func(f card.Format) bool {
		return f == card.Plain || f == card.LarkMarkdown || f == card.FullMarkdown
	}) || n.Field.Kind >= card.List)
	if n.Kind == card.Text && reads && n.Text != "" {
		texts = append(texts, n.Text)
	}
	for _, m := range n.Nodes {
		if n.Shape != nil && m.Field == nil {
			texts = append(texts, meant(m)...)
		}
		if isElement && m.Kind == card.Text && m.Text != "" {
			texts = append(texts, m.Text)
			continue
		}
		texts = append(texts, readable(m)...)
	}
	return texts
}

// meant are the texts within what an element has by a key that there is not.
func meant(n *card.Node) (texts []string) {
	for _, m := range n.Nodes {
		if m.Kind == card.Text {
			texts = append(texts, m.Text)
		}
		texts = append(texts, meant(m)...)
	}
	return texts
}

// anyCard is a card of which nothing is sure but its words.
func anyCard(t *rapid.T) string {
	g := generator{t: t}
	b, err := json.Marshal(map[string]any{
		"header": g.value(3), "elements": g.list(4), "i18n_elements": map[string]any{"zh_cn": g.list(3), "en_us": g.list(2)}, "card_link": g.value(2),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type generator struct {
	t *rapid.T
	n int
}

func (g *generator) list(depth int) []any {
	out := []any{}
	for range rapid.IntRange(0, 4).Draw(g.t, "entries") {
		out = append(out, g.value(depth))
	}
	return out
}

func (g *generator) value(depth int) any {
	kind := rapid.IntRange(0, 9).Draw(g.t, "kind")
	switch {
	case depth <= 0 || kind == 0:
		g.n++
		return token(g.n)
	case kind == 1:
		return g.list(depth - 1)
	case kind == 2:
		return rapid.SampledFrom([]any{nil, true, 1}).Draw(g.t, "literal")
	}
	object := map[string]any{"tag": rapid.SampledFrom(tags()).Draw(g.t, "tag")}
	for range rapid.IntRange(0, 5).Draw(g.t, "members") {
		key := rapid.SampledFrom(keys()).Draw(g.t, "key")
		if strings.HasSuffix(key, "s") && rapid.Bool().Draw(g.t, "right") {
			object[key] = g.list(depth - 1)
		} else {
			object[key] = g.value(depth - 1)
		}
	}
	return object
}

func token(n int) string { return fmt.Sprintf("t%04d;%s", n, foreign) }

func tags() []string {
	return strings.Fields("plain_text lark_md div markdown hr note img img_combination person person_list table chart column_set column " +
		"interactive_container collapsible_panel form action button overflow select_static select_person multi_select_static date_picker " +
		"picker_time picker_datetime input select_img checker standard_icon custom_icon text_tag fallback_text divider ul")
}

func keys() []string {
	return strings.Fields("content content text text title i18n i18n_content zh_cn en_us fields extra icon elements elements columns actions " +
		"options placeholder header subtitle text_tag_list alt img_key url multi_url behaviors confirm label rows chart_spec name value " +
		"display_name data_type href persons user_id button_area buttons disabled_tips hover_tips fallback img_list color type unknown")
}

// FuzzCard takes whatever it gets through all that is done with a card: it is read, judged, searched for
// addresses and drawn. If it is JSON, its shape is drawn with texts that can be told apart.
func FuzzCard(f *testing.F) {
	f.Add(`{"elements":[{"tag":"markdown","content":"**[a](b)** <font color=red>x</font> &#42; ![x](y) https://a.cn请"}]}`)
	f.Add(`{"elements":[{"tag":"table","columns":[{"name":"a","data_type":"date"}],"rows":[{"a":[{"text":"x"}]},1]}]}`)
	f.Add(`{"header":{"title":{"tag":"lark_md","i18n":{"zh_cn":"x"}}},"i18n_elements":{"en_us":[{"tag":"div","fields":[{"text":"y"}],"href":{}}]}}`)
	table := card.NewTable()
	opts := card.Options{Most: 100, Quote: strconv.Quote, Nearest: func(string, int, []string) string { return "" }}
	f.Fuzz(func(t *testing.T, text string) {
		root := table.Read(text)
		for _, fault := range table.Judge(root, opts) {
			if fault.At == nil || fault.Within > len(fault.At.Text) {
				t.Errorf("%q has no such place: %+v", text, fault)
			}
		}
		for _, link := range root.Addresses() {
			if link.Address == "" || link.Within > len(link.At.Text) {
				t.Errorf("%q has no such address: %+v", text, link)
			}
		}
		for _, line := range preview.Of(root).Lines(func(s string) string { return strings.ReplaceAll(s, "\n", "?") }) {
			if strings.Contains(line, "\n") {
				t.Errorf("%q is several lines", line)
			}
		}
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			n := 0
			marked, _ := json.Marshal(named(value, "", &n))
			eachOnce(t, table, string(marked))
		}
	})
}

// named is a value with each of its texts, but for tags, in words of its own.
func named(v any, key string, n *int) any {
	switch v := v.(type) {
	case string:
		if key == "tag" {
			return v
		}
		*n++
		return token(*n)
	case []any:
		for i := range v {
			v[i] = named(v[i], "", n)
		}
	case map[string]any:
		for k := range v {
			v[k] = named(v[k], k, n)
		}
	}
	return v
}
