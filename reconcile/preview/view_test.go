package preview_test

import (
	"strings"
	"testing"

	"notiform/reconcile/preview"
)

func TestLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, card, want string }{
		{
			"the title says what stands in the list of chats; the colour and the tags stand beside it",
			`{"header":{"title":{"tag":"plain_text","content":"欢迎"},"subtitle":{"tag":"plain_text","content":"新人"},"template":"blue","text_tag_list":[{"tag":"text_tag","text":{"tag":"plain_text","content":"入职"},"color":"red"}]},"elements":[]}`,
			"# 欢迎 · blue\n# 新人\n[ tag: 入职 · red ]",
		}, {
			"without a title the list of chats shows the first text",
			`{"elements":[{"tag":"markdown","content":"hello"}]}`,
			"(no title: the list of chats shows the first text)\nhello",
		}, {
			"or nothing",
			`{"elements":[{"tag":"hr"}]}`,
			"(no title: the list of chats only says 卡片消息)\n────────",
		}, {
			"a blank card", `{}`, "(a blank card)",
		}, {
			"what is no card", `{"a":1}`, "(no title: the list of chats only says 卡片消息)\n[ cannot be drawn: {\"a\":1} ]",
		}, {
			"the body of a card of another version", `{"header":{"title":{"tag":"plain_text","content":"T"}},"body":{"elements":["b"]}}`,
			`[ body cannot be drawn: {"elements":["b"]} ]`,
		}, {
			"styles, links, mentions, colours and pictures of a markdown element",
			element(`{"tag":"markdown","content":"**b** *i* ~~s~~ [t](https://x.cn) <font color='red'>r</font> <at id=all></at> ![alt](img_v2_1) &lt;"}`),
			"**b** *i* ~~s~~ t ‹https://x.cn› <red>r</red> @all [ image: alt · img_v2_1 ] <",
		}, {
			"a link by name opens what the name stands for",
			element(`{"tag":"markdown","content":"[t]($u)","href":{"u":{"url":"https://x.cn"}}}`), "t ‹https://x.cn›",
		}, {
			"and one that no link opens is there all the same",
			element(`{"tag":"markdown","content":"t","href":{"u":{"url":"https://x.cn","pc_url":"https://y.cn"}}}`), "t → u https://x.cn, pc https://y.cn",
		}, {
			"a mark that is not closed is text, and so is HTML that no engine knows",
			element(`{"tag":"markdown","content":"2 * 3 **x <b>y [z](w"}`), "2 * 3 **x <b>y [z](w",
		}, {
			"a plain text has no styles",
			element(`{"tag":"div","text":{"tag":"plain_text","content":"**b** [t](https://x.cn)"}}`), "**b** [t](https://x.cn)",
		}, {
			"fields, and what stands beside a text",
			element(`{"tag":"div","text":{"tag":"lark_md","content":"a"},"fields":[{"is_short":true,"text":{"tag":"lark_md","content":"**f**"}}],"extra":{"tag":"img","img_key":"img_1","alt":{"tag":"plain_text","content":"logo"}}}`),
			"a\n· **f**\n[ image: logo · img_1 ]",
		}, {
			"buttons with what they open, and for whom",
			element(`{"tag":"action","actions":[{"tag":"button","type":"primary","text":{"tag":"plain_text","content":"go"},"multi_url":{"url":"https://x.cn","pc_url":"https://y.cn"}},{"tag":"button","text":{"tag":"plain_text","content":"no"}}]}`),
			"[ go · primary → https://x.cn, pc https://y.cn ]\n[ no ]",
		}, {
			"columns stand beside each other, numbered",
			element(`{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"markdown","content":"a\nb"}]},{"tag":"column","elements":[{"tag":"markdown","content":"c"}]}]}`),
			"1│ a\n1│ b\n2│ c",
		}, {
			"a table with its cells in the order of the columns",
			element(`{"tag":"table","columns":[{"name":"a","display_name":"A"},{"name":"b","data_type":"lark_md"}],"rows":[{"b":"**x**","a":1},{"b":"y"}]}`),
			"| A | b\n| 1 | **x**\n|  | y",
		}, {
			"each language, Chinese first, and what is seen in no other",
			element(`{"tag":"markdown","content":"x","i18n_content":{"en_us":"e","zh_cn":"z"}}`), "(zh_cn) z\n(en_us) e\n(else) x",
		}, {
			"elements of each language",
			`{"header":{"title":{"tag":"plain_text","content":"t"}},"i18n_elements":{"en_us":[{"tag":"markdown","content":"e"}],"zh_cn":[{"tag":"markdown","content":"z"}]}}`,
			"# t\nin zh_cn:\n  z\nin en_us:\n  e",
		}, {
			"what does not exist is named, with all that it holds",
			element(`{"tag":"divider","text":"x"}`), `[ divider cannot be drawn: {"tag":"divider","text":"x"} ]`,
		}, {
			"and so is a value of the wrong type",
			element(`{"tag":"div","text":"x"}`), `[ text cannot be drawn: "x" ]`,
		}, {
			"people act on it, though nothing answers",
			element(`{"tag":"action","actions":[{"tag":"select_static","placeholder":{"tag":"plain_text","content":"choose"},"options":[{"text":{"tag":"plain_text","content":"one"},"value":"1"}]}]}`),
			"[ select: choose ]\n  [ option: one · 1 ]",
		}, {
			"what a tip says is not what a button says, an address may be all there is, and nothing is nothing",
			`{"card_link":{"url":"https://x.cn"},"header":{"title":{"tag":"plain_text","content":"T"}},"elements":[{},{"tag":"action","actions":[{"tag":"button","hover_tips":{"tag":"plain_text","content":"tip"},"text":{"tag":"plain_text","content":"go"},"url":"https://y.cn"}]},{"tag":"interactive_container","elements":[]}]}`,
			"[ card → https://x.cn ]\n# T\n[ go → https://y.cn ]\n  [ hover_tips: tip ]\n[ container ]",
		}, {
			"a panel and what is folded in it",
			element(`{"tag":"collapsible_panel","header":{"title":{"tag":"plain_text","content":"more"}},"elements":[{"tag":"markdown","content":"m"}]}`),
			"▸ more\n  m",
		}, {
			"one that is open, and a button that is not to be clicked",
			element(`{"tag":"collapsible_panel","expanded":true,"header":{"title":{"tag":"plain_text","content":"more"}},"elements":[{"tag":"button","disabled":true,"text":{"tag":"plain_text","content":"go"}}]}`),
			"▾ more\n  [ go · disabled ]",
		}, {
			"a picture of each language",
			element(`{"tag":"img","img_key":"img_1","i18n_img_key":{"en_us":"img_2"}}`), "[ image: img_1 ]\n  in en_us: img_2",
		}, {
			"options and people of a table",
			element(`{"tag":"table","columns":[{"name":"o","data_type":"options"},{"name":"p","data_type":"persons"}],"rows":[{"o":[{"text":"S1","color":"red"},{"text":"S2"}],"p":["ou_1","ou_2"]}]}`),
			"| o | p\n| S1 (red), S2 | ou_1, ou_2",
		}, {
			"dates of a table, and what cannot be one",
			element(`{"tag":"table","columns":[{"name":"d","display_name":"D","data_type":"date"}],"rows":[{"d":1796083200000},{"d":1e99},{"d":"x"}]}`),
			"| D\n| 2026-12-01 00:00 UTC\n| 1e99\n| x",
		}, {
			"a chart is its data",
			element(`{"tag":"chart","chart_spec":{"type":"bar","data":[1]}}`), `[ chart: {"type":"bar","data":[1]} ]`,
		},
	} {
		got := strings.TrimPrefix(strings.Join(preview.New().View(tt.card).Lines(asItIs), "\n"), "# T\n")
		if got != tt.want {
			t.Errorf("%s:\n%s\ngot\n%s\nwant\n%s", tt.why, tt.card, got, tt.want)
		}
	}
}

// element is a card of one element, under a title.
func element(e string) string {
	return `{"header":{"title":{"tag":"plain_text","content":"T"}},"elements":[` + e + `]}`
}

func asItIs(s string) string { return s }
