package card_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"notiform/spec/card"
)

// TestAddresses: every address that a click could open is found, and where it stands in its text.
func TestAddresses(t *testing.T) {
	t.Parallel()
	button := func(members string) string {
		return `{"elements":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"a"},` + members + `}]}]}`
	}
	words := func(tag, content string) string {
		return fmt.Sprintf(`{"elements":[{"tag":"div","text":{"tag":%q,"content":%q}},{"tag":"markdown","content":%q}]}`, tag, content, content)
	}
	for _, tt := range []struct{ why, card, want string }{
		{"of the whole card, for each client", `{"card_link":{"url":"https://a","pc_url":"lark://msgcard/unsupported_action","ios_url":"https://c","android_url":""}}`, "0 https://a, 0 https://c"},
		{"of a button", button(`"url":"https://a","multi_url":{"url":"b","android_url":"https://c"}`), "0 https://a, 0 b, 0 https://c"},
		{"of a behavior", button(`"behaviors":[{"type":"open_url","default_url":"https://a","ios_url":"https://b"}]`), "0 https://a, 0 https://b"},
		{"of options", `{"elements":[{"tag":"action","actions":[{"tag":"overflow","options":[{"url":"https://a"},{"multi_url":{"url":"https://b"}}]}]}]}`, "0 https://a, 0 https://b"},
		{"of columns", `{"elements":[{"tag":"column_set","action":{"multi_url":{"url":"https://a"}},"columns":[{"tag":"column","action":{"multi_url":{"url":"https://b"}}}]}]}`, "0 https://a, 0 https://b"},
		{"that a text has by name", `{"elements":[{"tag":"markdown","content":"[t]($n)","href":{"n":{"url":"https://a"}}}]}`, "0 https://a"},
		{"in both engines", words("lark_md", "文\n[t]( https://a ) HTTPS://b."), "9 https://a, 21 HTTPS://b, 9 https://a, 21 HTTPS://b"},
		{"in tags", words("lark_md", "<a href='https://a'>t</a> <link url=https://b ios_url=https://c></link>"), "0 https://a, 26 https://b, 26 https://c, 0 https://a, 26 https://b, 26 https://c"},
		{"as a tag by itself", words("lark_md", "<https://a>"), "0 https://a, 0 https://a"},
		{"written with entities", words("lark_md", "[t](https://&#97;&#46;cn)"), "4 https://a.cn, 4 https://a.cn"},
		{"not of an image, nor in a block of code", `{"elements":[{"tag":"markdown","content":"![t](img_v2_1)\n` + "```\\nhttps://a\\n```" + `"}]}`, ""},
		{"in what is no block of code, as it does not begin its line", `{"elements":[{"tag":"markdown","content":" ` + "```\\nhttps://a\\n ```" + `"}]}`, "5 https://a"},
		{"that plain text names", words("plain_text", "see https://a, or (http://b)"), "4 https://a, 19 http://b, 4 https://a, 19 http://b"},
		{"in a cell that has Markdown", `{"elements":[{"tag":"table","columns":[{"name":"a","data_type":"lark_md"},{"name":"b"}],"rows":[{"a":"[t](https://a)","b":"https://b"}]}]}`, "4 https://a"},
		{"in every language", `{"i18n_elements":{"zh_cn":[{"tag":"markdown","content":"https://a"}],"en_us":[{"tag":"markdown","i18n_content":{"ja_jp":"https://b"}}]}}`, "0 https://a, 0 https://b"},
	} {
		found := card.NewTable().Read(tt.card).Addresses()
		got := slices.Collect(func(yield func(string) bool) {
			for _, l := range found {
				yield(fmt.Sprint(l.Within, " ", l.Address))
			}
		})
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.why, s, tt.want)
		}
	}
}
