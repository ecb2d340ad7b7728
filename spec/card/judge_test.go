package card_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/spec/card"
)

func options() card.Options {
	return card.Options{Most: 1000, Quote: strconv.Quote, Nearest: func(name string, _ int, candidates []string) string {
		for _, c := range candidates {
			if strings.ReplaceAll(c, "_", "") == strings.ToLower(strings.ReplaceAll(name, "_", "")) {
				return c
			}
		}
		return ""
	}}
}

// told are the rules of the faults of a card; ! is put before those that are sure.
func told(text string) string {
	t := card.NewTable()
	var all []string
	for _, f := range t.Judge(t.Read(text), options()) {
		rule := strings.TrimPrefix(f.Rule, "card-")
		if f.Sure {
			rule = "!" + rule
		}
		all = append(all, rule)
	}
	return strings.Join(all, " ")
}

// TestJudge judges cards whose first element is a text, so that the list of chats shows one.
func TestJudge(t *testing.T) {
	t.Parallel()
	text := `{"tag":"plain_text","content":"a"}`
	button := `{"tag":"action","actions":[{"tag":"button","text":` + text + `,%s}]}`
	md := `{"tag":"markdown","content":%q}`
	lark := `{"tag":"div","text":{"tag":"lark_md","content":%q}}`
	for _, tt := range []struct{ why, element, want string }{
		{"an element without a fault", fmt.Sprintf(button, `"url":"https://example.com"`), ""},
		{"zero values of keys of others say nothing", `{"tag":"hr","text":{"tag":"","content":""},"columns":null,"content":"","weight":0}`, ""},
		{"an unknown tag", `{"tag":"divider"}`, "!unknown-element"},
		{"a panel holds buttons and panels", `{"tag":"collapsible_panel","header":{"title":` + text + `},"elements":[{"tag":"button","text":` + text + `,"url":"https://example.com"},{"tag":"collapsible_panel","header":{"title":` + text + `}}]}`, ""},
		{"an older client drops an input", `{"tag":"action","actions":[{"tag":"input","fallback":"drop"}]}`, "dead-button"},
		{"what an input may not, others need not", `{"tag":"action","actions":[{"tag":"input","required":true},{"tag":"date_picker","required":true}]}`, "!place dead-button place dead-button"},
		{"a key of an image that is empty", `{"tag":"img","alt":` + text + `,"img_key":""}`, "!missing"},
		{"fewer images than places", `{"tag":"img_combination","combination_mode":"triple","img_list":[{"img_key":"img_v2_0"}]}`, "limit"},
		{"a shade that there is not", `{"tag":"column_set","columns":[],"background_style":"blue-250"}`, "value"},
		{"a date as samples have it", `{"tag":"action","actions":[{"tag":"date_picker","initial_date":"2026-2-1"}]}`, "dead-button"},
		{"an angle", `{"tag":"collapsible_panel","header":{"title":` + text + `,"icon_expanded_angle":45},"elements":[]}`, "value"},
		{"a link by a name that there is not", fmt.Sprintf(md, "[a]($b)"), "markdown"},
		{"two tags that vanish, one of them closed", fmt.Sprintf(md, "<b>a</b> <name>"), "markdown markdown"},
		{"no tag", `{"text":` + text + `}`, "!missing"},
		{"a tag that is no text", `{"tag":1}`, "!wrong-type"},
		{"a key that says nothing is not there", `{"tag":"collapsible_panel","header":{},"elements":[]}`, "!missing"},
		{"nor is a text that says nothing", `{"tag":"div","text":{}}`, "!missing"},
		{"two of a name, outside a form", `{"tag":"action","actions":[{"tag":"date_picker","name":"a"},{"tag":"date_picker","name":"a"}]}`, "dead-button value dead-button"},
		{"pixels of a column that flows", `{"tag":"column_set","flex_mode":"flow","columns":[{"tag":"column","elements":[],"width":"100px"},{"tag":"column","elements":[],"width":"auto"}]}`, "value"},
		{"no whole number", `{"tag":"column_set","columns":[{"tag":"column","elements":[],"weight":1.5}]}`, "value"},
		{"an option of an empty address", `{"tag":"action","actions":[{"tag":"overflow","options":[{"text":` + text + `,"url":""}]}]}`, "!link"},
		{"an option that would answer an app", `{"tag":"action","actions":[{"tag":"overflow","options":[{"text":` + text + `,"url":"","value":"a"}]}]}`, "dead-button"},
		{"a link by a name that leads nowhere", `{"tag":"markdown","content":"[a]($b)","href":{"b":{"url":""}}}`, "markdown"},
		{"a key of card JSON 2.0", `{"tag":"markdown","content":"a","element_id":"b"}`, "unknown-key"},
		{"quotations and comparisons", fmt.Sprintf(md, ">a\n>5 b\n>= c"), "markdown"},
		{"a block of code behind blanks", fmt.Sprintf(md, "- a\n  ```\n  `b` `c`\n  ```"), "markdown markdown"},
		{"a colour that tags do not have", fmt.Sprintf(lark, "<text_tag color='blue-500'>a</text_tag>"), "markdown"},
		{"HTML in a plain text", `{"tag":"div","text":{"tag":"plain_text","content":"a<br>b"}}`, "markdown"},
		{"a plain text as people write it", `{"tag":"div","text":{"tag":"plain_text","content":"- a_b_c < d & e > f*2*3 #4 10~20 (|) ____ [x] ~~"}}`, ""},
		{"a button outside an action", `{"tag":"button","text":` + text + `,"url":"https://example.com"}`, "!place"},
		{"one page allows it, another does not", `{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"img_combination","combination_mode":"double","img_list":[]}]}]}`, "place"},
		{"a text instead of an object", `{"tag":"div","text":"a"}`, "!wrong-type"},
		{"a number instead of a text", `{"tag":"markdown","content":7}`, "wrong-type"},
		{"a key of it that is missing", `{"tag":"img"}`, "!missing missing"},
		{"a misspelt key", fmt.Sprintf(button, `"url":"https://example.com","multiurl":{"url":"x"}`), "unknown-key"},
		{"a key of another element", `{"tag":"note","elements":[` + text + `],"flex_mode":"none"}`, "unknown-key"},
		{"a key of none", `{"tag":"hr","my_own":1}`, ""},
		{"a value that there is not", fmt.Sprintf(button, `"url":"https://example.com","type":"success"`), "value"},
		{"pixels out of bounds", `{"tag":"column_set","columns":[],"margin":"40px"}`, "value"},
		{"a colour with its shade", `{"tag":"column_set","columns":[],"background_style":"blue-50"}`, ""},
		{"a colour in hex", `{"tag":"column_set","columns":[],"background_style":"#fff"}`, "value"},
		{"an address as image", `{"tag":"img","alt":` + text + `,"img_key":"https://example.com/a.png"}`, "!image-key"},
		{"what is no key", `{"tag":"img","alt":` + text + `,"img_key":"logo"}`, "image-key"},
		{"no scheme", fmt.Sprintf(button, `"url":"www.example.com"`), "!link"},
		{"no scheme where samples have none", fmt.Sprintf(button, `"multi_url":{"url":"www.example.com"}`), "link"},
		{"another scheme", fmt.Sprintf(button, `"multi_url":{"url":"ftp://example.com"}`), "!link"},
		{"blanks", fmt.Sprintf(button, `"url":"https://example.com/a b"`), "!link"},
		{"nothing", fmt.Sprintf(button, `"url":""`), "!link"},
		{"some clients", fmt.Sprintf(button, `"multi_url":{"pc_url":"https://example.com"}`), "!link"},
		{"both", fmt.Sprintf(button, `"url":"https://example.com","multi_url":{"url":"https://example.com"}`), "link"},
		{"only a value", fmt.Sprintf(button, `"value":{"a":"b"}`), "dead-button"},
		{"neither", fmt.Sprintf(button, `"type":"primary"`), "dead-button"},
		{"an app is needed", `{"tag":"action","actions":[{"tag":"date_picker"}]}`, "dead-button"},
		{"a form that nobody sends", `{"tag":"form","name":"f","elements":[]}`, "!missing dead-button"},
		{"two of a name", `{"tag":"form","name":"f","elements":[{"tag":"input","name":"f"},{"tag":"button","name":"b","text":` + text + `,"action_type":"form_submit"}]}`, "!value dead-button"},
		{"a placeholder", fmt.Sprintf(md, "Dear ${name}"), "placeholder"},
		{"a percentage is none", fmt.Sprintf(md, "100%, https://example.com/%E4%BD%A0%d0"), ""},
		{"instead of a list", `{"tag":"action","actions":"${actions}"}`, "placeholder"},
		{"a heading", fmt.Sprintf(md, "# a"), "markdown"},
		{"a tag of a topic", fmt.Sprintf(md, "#a"), ""},
		{"a table", fmt.Sprintf(md, "|a|b|\n|-|-|"), "markdown"},
		{"a list", fmt.Sprintf(md, "- a\n- b"), ""},
		{"a list in lark_md", fmt.Sprintf(lark, "- a\n- b"), "markdown"},
		{"code", fmt.Sprintf(md, "`a`"), "markdown"},
		{"a block of code", fmt.Sprintf(md, "```go\n# <a> &reg\n```"), ""},
		{"HTML", fmt.Sprintf(md, "<b>a</b>"), "markdown"},
		{"empty addresses for clients", fmt.Sprintf(md, "<link url='https://example.com' pc_url='' ios_url=''>a</link>"), ""},
		{"addresses of tags", fmt.Sprintf(md, "<a href=''>a</a> <link url='example.com'></link>"), "markdown link"},
		{"refused HTML", fmt.Sprintf(lark, "<code>a</code>"), "!markdown"},
		{"a comparison", fmt.Sprintf(md, "a < b > c, 1<2"), ""},
		{"known marks", fmt.Sprintf(lark, "<font color='green-500'>a</font> <at id=ou_1></at> <a href='https://example.com'>b</a> <text_tag color='blue'>c</text_tag>"), ""},
		{"an open font", fmt.Sprintf(md, "<font color=red>a"), "markdown"},
		{"a colour in hex", fmt.Sprintf(md, "<font color='#f00'>a</font>"), "markdown"},
		{"everybody", fmt.Sprintf(lark, "<at id=all></at>"), "mention-all"},
		{"as messages mention", fmt.Sprintf(lark, `<at user_id="ou_1">a</at>`), "markdown"},
		{"a mail as id", fmt.Sprintf(lark, `<at id=a@example.com></at>`), "markdown"},
		{"an entity in an address", fmt.Sprintf(md, "[a](https://example.com?a=1&reg=2)"), "markdown"},
		{"no entity", fmt.Sprintf(md, "[a](https://example.com?a=1&region=2) R&D &amp; &nbsp;"), ""},
		{"an address and Chinese", fmt.Sprintf(md, "https://example.com请"), "!link"},
		{"with a blank", fmt.Sprintf(md, "https://example.com 请"), ""},
		{"a link without a scheme", fmt.Sprintf(md, "[a](example.com)"), "link"},
		{"an image by its key", fmt.Sprintf(md, "![a](img_v2_0123)"), ""},
		{"an image in lark_md", fmt.Sprintf(lark, "![a](img_v2_0123)"), "markdown"},
		{"a cell of another column", `{"tag":"table","columns":[{"name":"a","display_name":"A"}],"rows":[{"b":"c"}]}`, "!value"},
		{"cells of a table without columns", `{"tag":"table","rows":[{"b":"c"}]}`, "!missing"},
		{"options and persons of cells", `{"tag":"table","columns":[{"name":"a","display_name":"A","data_type":"options"},{"name":"b","display_name":"B","data_type":"persons"}],"rows":[{"a":[{"text":"x","color":"pink"},{"color":"red"}],"b":["ou_1",{"id":"ou_2"}]},{"a":[{"text":"x","color":"red"},"y"],"b":"ou_1"}]}`, "value !missing !wrong-type"},
		{"a cell of another type", `{"tag":"table","columns":[{"name":"a","display_name":"A","data_type":"number"}],"rows":[{"a":"c"}]}`, "!wrong-type"},
		{"a date in seconds", `{"tag":"table","columns":[{"name":"a","display_name":"A","data_type":"date"}],"rows":[{"a":1700000000}]}`, "value"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if got := told(`{"elements":[{"tag":"markdown","content":"a"},` + tt.element + `]}`); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.element, got, tt.want)
			}
		})
	}
}

// TestJudgeWhole judges what is not in an element.
func TestJudgeWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, card, want string }{
		{"a message", `{"msg_type":"interactive","card":{"elements":[]}}`, "!wrapper"},
		{"what was in one", `{"content":"{\"elements\":[]}"}`, "!wrapper"},
		{"what holds one, by whatever key", `{"data":{"interactive":{"elements":[]}}}`, "!wrapper"},
		{"a message of text", `{"text":"a"}`, "!wrapper"},
		{"something else", `{"my_own":{"a":1}}`, "empty"},
		{"colours of the card", `{"config":{"style":{"color":{"a":{"light_mode":"#fff","dark_mode":"rgba(1, 2, 3, 0.5)"}}}},"elements":[{"tag":"column_set","columns":[],"background_style":"a"},{"tag":"hr"}],"header":{"title":{"tag":"plain_text","content":"a"}}}`, "value"},
		{"a title of five lines, and Markdown", `{"header":{"title":{"tag":"lark_md","content":"**a**\n\n\n\nb"}},"elements":[]}`, "limit markdown"},
		{"a name in two forms within each other", `{"elements":[{"tag":"form","name":"f","elements":[{"tag":"form","name":"g","elements":[]},{"tag":"button","name":"b","text":{"tag":"plain_text","content":"a"},"action_type":"form_submit"}]}]}`, "!place dead-button"},
		{"six charts", `{"elements":[` + strings.Repeat(`{"tag":"chart","chart_spec":{"type":"bar"}},`, 6) + `{"tag":"hr"}],"header":{"title":{"tag":"plain_text","content":"a"}}}`, "limit"},
		{"a post", `{"zh_cn":{"title":"a","content":[[{"tag":"text","text":"b"}]]}}`, "!wrapper"},
		{"a card as it is read back", `{"title":"a","elements":[[{"tag":"text","text":"b"}]]}`, "!wrapper"},
		{"a request", `{"push_content":"{}"}`, "!wrapper"},
		{"card JSON 2.0 without its mark", `{"body":{"elements":[]}}`, "wrapper"},
		{"one element", `{"tag":"hr"}`, "wrapper"},
		{"nothing, as it says", `{}`, ""},
		{"nothing", `{"elements":[]}`, "empty"},
		{"nothing for the list of chats", `{"elements":[{"tag":"hr"}]}`, "empty"},
		{"a header", `{"header":{"title":{"tag":"plain_text","content":"a"}},"elements":[{"tag":"hr"}]}`, ""},
		{"a language that there is not", `{"i18n_elements":{"zh-CN":[{"tag":"markdown","content":"a"}]}}`, "!value"},
		{"a link of the card that is not used", `{"card_link":{"url":"","pc_url":"","ios_url":"","android_url":""},"elements":[{"tag":"markdown","content":"a"}]}`, ""},
		{"six levels", `{"elements":[{"tag":"markdown","content":"a"},` + strings.Repeat(`{"tag":"column_set","columns":[{"tag":"column","elements":[`, 6) + strings.Repeat(`]}]}`, 6) + `]}`, "!limit"},
		{"conditions that are none", `{"elements":[{"tag":"markdown","content":"a"}],"fallback":{"tag":"markdown","content":"b"}}`, "missing unknown-key"},
		{"five levels", `{"elements":[{"tag":"markdown","content":"a"},` + strings.Repeat(`{"tag":"column_set","columns":[{"tag":"column","elements":[`, 5) + strings.Repeat(`]}]}`, 5) + `]}`, ""},
	} {
		if got := told(tt.card); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.why, got, tt.want)
		}
	}
}

// TestWhateverItIs: whatever the text, it is judged without panic, by rules of the catalogue.
func TestWhateverItIs(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range card.Rules() {
		known[r.ID] = true
	}
	tab := card.NewTable()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[\[\]{}",:a-z0-9<>&!()*#\-|\x60\\ ]{0,80}`).Draw(t, "text")
		for _, src := range []string{text, `{"elements":[{"tag":"markdown","content":` + strconv.Quote(text) + `}]}`} {
			for _, f := range tab.Judge(tab.Read(src), options()) {
				if !known[f.Rule] || f.At == nil || f.Message == "" {
					t.Fatalf("%+v", f)
				}
			}
		}
	})
}

// TestPathologicalTexts: a text of 100 KB that nests or repeats one mark is told of a few times.
func TestPathologicalTexts(t *testing.T) {
	t.Parallel()
	tab := card.NewTable()
	for _, unit := range []string{"[", "](", "![a](", "<", "<a ", "<at id=", "&", "&a", "*", "`", "h", "https://", "${", "{{", "%s1", "\n", "|-", "# ", "```\n", "<font>", "[a](b)"} {
		text := strings.Repeat(unit, 100_000/len(unit))
		faults := tab.Judge(tab.Read(`{"elements":[{"tag":"markdown","content":`+strconv.Quote(text)+`}]}`), options())
		said := map[string]bool{}
		for _, f := range faults {
			said[f.Message] = true
		}
		if len(said) > 5 {
			t.Errorf("%q: %d faults, the first %s", unit, len(said), faults[0].Message)
		}
	}
}
