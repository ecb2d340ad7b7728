package preview_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"notiform/reconcile/preview"
)

// TestHTML has for each thing that a card shows the element of the page.
func TestHTML(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, card, want string }{
		{
			"a header is tinted by its template, whose name is no text, with its tags and what stands below the title",
			`{"header":{"title":{"tag":"plain_text","content":"欢迎"},"subtitle":{"tag":"plain_text","content":"新人"},"template":"blue","text_tag_list":[{"tag":"text_tag","text":{"tag":"plain_text","content":"入职"},"color":"red"}]},"elements":[]}`,
			`<div class="header template-blue"><span lang="zh" class="says">欢迎</span><div class="subtitle"><span lang="zh" class="says">新人</span></div><div class="text_tag color-red"><span lang="zh" class="says">入职</span></div></div>`,
		}, {
			"a template that does not exist is named", `{"header":{"title":{"tag":"plain_text","content":"T"},"template":"#ff0000"}}`,
			`<div class="header"><span class="says">T</span> <span class="fact">#ff0000</span></div>`,
		}, {
			"styles are classes, and so are sizes and colours", element(`{"tag":"markdown","text_size":"heading","text_align":"center","content":"**b** *i* <font color='red'>r</font> <font color='x'>y</font>"}`),
			`<div class="markdown text_align-center text_size-heading"><span class="says"><span class="b">b</span> <span class="i">i</span> <span class="c-red-600">r</span> y<span class="fact">x</span></span></div>`,
		}, {
			"a link is a text with its address beside it, and leads nowhere", element(`{"tag":"markdown","content":"[t](https://x.cn)"}`),
			`<span class="link">t</span><span class="to">https://x.cn</span>`,
		}, {
			"a button by its type, with what it opens", element(`{"tag":"action","actions":[{"tag":"button","type":"primary","text":{"tag":"plain_text","content":"go"},"url":"https://x.cn"}]}`),
			`<div class="action"><div class="button type-primary"><span class="says">go</span> <span class="to">https://x.cn</span></div></div>`,
		}, {
			"columns with their weights, and how they stand on a phone", element(`{"tag":"column_set","flex_mode":"stretch","background_style":"grey","columns":[{"tag":"column","width":"weighted","weight":2,"elements":[{"tag":"markdown","content":"a"}]},{"tag":"column","width":"125px","elements":[]}]}`),
			`<div class="column_set flex_mode-stretch background_style-grey bg-grey-200"><div class="column width-weighted weight-2"><div class="markdown"><span class="says">a</span></div></div><div class="column width-130"></div></div>`,
		}, {
			"a picture is a box with what it is called, in its size", element(`{"tag":"img","img_key":"img_1","size":"100px 45px","alt":{"tag":"plain_text","content":"logo"}}`),
			`<div class="img width-100 height-50"><span class="label">image</span> <span class="says">logo</span> <span class="fact">img_1</span></div>`,
		}, {
			"a panel is folded as people find it", element(`{"tag":"collapsible_panel","header":{"title":{"tag":"plain_text","content":"more"}},"elements":[{"tag":"markdown","content":"m"}]}`),
			`<details class="collapsible_panel"><summary class="panel_header"><span class="says">more</span></summary><div class="markdown"><span class="says">m</span></div></details>`,
		}, {
			"or open", element(`{"tag":"collapsible_panel","expanded":true,"header":{"title":{"tag":"plain_text","content":"more"}},"elements":[]}`),
			`<details class="collapsible_panel expanded-true" open><summary class="panel_header">`,
		}, {
			"a panel has the colour of its head there, and a border if it says so",
			element(`{"tag":"collapsible_panel","border":{"color":"grey"},"header":{"background_color":"yellow","icon_position":"left","title":{"tag":"plain_text","content":"more"}},"elements":[]}`),
			`<details class="collapsible_panel has_border-true"><summary class="panel_header background_color-yellow icon_position-left bg-yellow-200">`,
		}, {
			"tags within a text, blocks of code, and emoji by their keys where those are known",
			element(`{"tag":"markdown","content":"<text_tag color='red'>T</text_tag> :THUMBSUP::Nope:\n` + "```" + `\n:OK:\n` + "```" + `"}`),
			`<span class="says"><span class="text_tag color-red">T</span> 👍:Nope:` + "&#10;" + `<span class="code">` + "```&#10;</span>" + `<span class="code">:OK:&#10;</span>`,
		}, {
			"a table", element(`{"tag":"table","columns":[{"name":"a","display_name":"A"}],"rows":[{"a":"<b>"}]}`),
			`<table><tr><th scope="col">A</th></tr><tr><td>&lt;b&gt;</td></tr></table>`,
		}, {
			"options as tags, and numbers with their digits below each other",
			element(`{"tag":"table","columns":[{"name":"a","data_type":"number"},{"name":"b","data_type":"options","horizontal_align":"center"}],"rows":[{"a":1,"b":[{"text":"S2","color":"blue"},"x"]}]}`),
			`<tr><td class="right">1</td><td class="center"><span class="text_tag color-blue">S2</span>, x</td></tr>`,
		}, {
			"each language in its own, for whoever reads it aloud", element(`{"tag":"markdown","i18n_content":{"en_us":"e","zh_cn":"z"}}`),
			`<span class="label in of-zh_cn">zh_cn</span><span class="in of-zh_cn" lang="zh-CN">z</span><span class="label in of-en_us">en_us</span><span class="in of-en_us" lang="en-US">e</span>`,
		}, {
			"what people see who have another language is in theirs as well", `{"i18n_header":{"zh_cn":{"title":{"tag":"plain_text","content":"z"}},"ja_jp":{}},"elements":[{"tag":"hr"}],"i18n_elements":{"en_us":[{"tag":"markdown","content":"a","i18n_content":{"ko_kr":"k"}}]}}`,
			`<div class="language of-zh_cn of-en_us of-ko_kr"><span class="label">zh_cn</span><div class="header"><span class="says">z</span></div></div>` +
				`<div class="language of-en_us of-zh_cn of-ko_kr"><span class="label">en_us</span><div class="markdown"><span class="says"><span class="label in of-ko_kr">ko_kr</span><span class="in of-ko_kr" lang="ko-KR">k</span>` +
				`<span class="label in of-else of-zh_cn of-en_us">else</span><span class="in of-else of-zh_cn of-en_us">a</span></span></div></div>` +
				`<div class="replaced"><span class="label">elements, in whose place people see i18n_elements:</span><hr></div>`,
		}, {
			"what does not exist is named, with all that it holds", element(`{"tag":"divider"}`),
			`<div class="unknown"><span class="label">divider</span> <span class="fact">{&#34;tag&#34;:&#34;divider&#34;}</span></div>`,
		}, {
			"a colour and a size that the card defines, in both schemes and on a phone",
			`{"config":{"style":{"text_size":{"big":{"default":"medium","pc":"xxx-large","mobile":"x-large"}},"color":{"品牌":{"light_mode":"rgba(176, 0, 99, 1)","dark_mode":"rgba(255,150,200,0.5)"}}}},
			"elements":[{"tag":"div","text":{"tag":"plain_text","text_size":"big","text_color":"品牌","content":"a"}},{"tag":"markdown","content":"<font color='品牌'>b</font>"}]}`,
			`<div class="div text_size-xxx-large phone_size-x-large own-c clr-a clg-0 clb-6 cla-10 cdr-f cdg-9 cdb-c cda-5"><span class="says">a</span></div><div class="markdown"><span class="says"><span class="own-c clr-a clg-0 clb-6 cla-10 cdr-f cdg-9 cdb-c cda-5">b</span></span></div>`,
		}, {
			"one that is no colour is none", `{"config":{"style":{"color":{"x":{"light_mode":"rgba(300,0,0,1)"}}}},"elements":[{"tag":"column_set","background_style":"x","columns":[]},{"tag":"markdown","content":"<font color='x'>b</font>"}]}`,
			`<div class="column_set background_style-x"></div><div class="markdown"><span class="says">b<span class="fact">x</span></span></div>`,
		}, {
			"what could be a class of ours is none of its own", element(`{"tag":"markdown","text_size":"x card","text_align":"\" onclick=\"","content":"m"}`),
			`<div class="markdown"><span class="says">m</span></div>`,
		},
	} {
		if got := string(preview.NewHTML(asItIs).Card(preview.New().View(tt.card))); !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n%s\ngot\n%s\nwant\n%s", tt.why, tt.card, got, tt.want)
		}
	}
}

// TestNotes are marked at the smallest box that they are about, and told below the card in the order of the marks.
func TestNotes(t *testing.T) {
	t.Parallel()
	const text = `{"card_link":{"url":"u"},"header":{"title":{"tag":"plain_text","content":"T"}},"elements":[{"tag":"hr"},
		{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"div","text":{"tag":"lark_md","content":"m"}}]}]},
		{"tag":"collapsible_panel","header":{"title":{"tag":"plain_text","content":"more"}},"elements":[{"tag":"divider"}]}]}`
	for _, tt := range []struct{ why, at, want string }{
		{"a text is that of its element", "#/elements/1/columns/0/elements/0/text/content", `<div class="div"><span class="says">m</span><span class="told is-error">1</span></div>`},
		{"a value that is not drawn is of what it is within", "#/elements/1/columns/0/weight", `<div class="column"><span class="told is-error">1</span><div class="div">`},
		{"a title is of the header", "#/header/title", `<span class="says">T</span><span class="told is-error">1</span>`},
		{"a line has no inside", "#/elements/0/x", `<hr><div><span class="told is-error">1</span></div>`},
		{"what is in a closed panel is seen", "#/elements/2/elements/0/tag", `<details class="collapsible_panel" open><summary class="panel_header"><span class="says">more</span></summary><div class="unknown">`},
		{"and what is said of its head", "#/elements/2/header/title", `<span class="says">more</span><span class="told is-error">1</span></summary>`},
		{"what cannot be drawn", "#/elements/2/elements/0", `&#34;divider&#34;}</span><span class="told is-error">1</span>`},
		{"where the card leads", "#/card_link/url", `<span class="to">u</span><span class="told is-error">1</span>`},
		{"the card as a whole", "#", `</div><ol class="told"><li class="is-error">said</li></ol>`},
	} {
		got := string(preview.NewHTML(asItIs).Card(preview.New().View(text, preview.Note{At: tt.at, Level: "error", Text: "said"})))
		if !strings.Contains(got, tt.want) || strings.Count(got, ">said<") != 1 {
			t.Errorf("%s:\n%s\nwant\n%s", tt.why, got, tt.want)
		}
	}
	two := preview.New().View(text, preview.Note{At: "#/elements/2", Level: "warning", Text: "late"}, preview.Note{At: "#", Text: "whole"}, preview.Note{At: "#/header", Level: "error", Text: "early <b>"})
	if got, want := textOfPage(t, string(preview.NewHTML(asItIs).Card(two))), "card uT1mmore2divider {\"tag\":\"divider\"}early <b>latewhole"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestPair marks what differs: words, and boxes that only look otherwise.
func TestPair(t *testing.T) {
	t.Parallel()
	of := func(text, template string) preview.View {
		return preview.New().View(`{"header":{"title":{"tag":"plain_text","content":"T"},"template":"` + template + `"},"elements":[{"tag":"markdown","content":"` + text + `"}]}`)
	}
	was, is := preview.NewHTML(asItIs).Pair(of("见面会在周五下午三点开始", "blue"), of("见面会在周四下午三点开始", "red"))
	for _, want := range []struct{ in, want string }{
		{string(was), "见面会在周<del>五</del>下午三点开始"}, {string(was), `class="header template-blue changed"`},
		{string(is), "见面会在周<ins>四</ins>下午三点开始"}, {string(is), `class="header template-red changed"`},
	} {
		if !strings.Contains(want.in, want.want) {
			t.Errorf("no %q in\n%s", want.want, want.in)
		}
	}
	if was, is := preview.NewHTML(asItIs).Pair(of("a", "blue"), of("a", "blue")); was != is || strings.Contains(string(was), "changed") {
		t.Errorf("the same card is marked:\n%s\n%s", was, is)
	}
}

// TestPairFolds: of a long card what is as before is folded, but for what stands next to a change.
func TestPairFolds(t *testing.T) {
	t.Parallel()
	of := func(changed int) preview.View {
		var elements []string
		for i := range 20 {
			elements = append(elements, fmt.Sprintf(`{"tag":"markdown","content":"t%d %t"}`, i, i == changed))
		}
		return preview.New().View(`{"elements":[` + strings.Join(elements, ",") + `]}`)
	}
	h := preview.NewHTML(asItIs)
	was, is := h.Pair(of(-1), of(10))
	for _, page := range []string{string(was), string(is)} {
		if got := regexp.MustCompile(`… \d+ parts as before`).FindAllString(page, -1); !slices.Equal(got, []string{"… 8 parts as before", "… 7 parts as before"}) {
			t.Errorf("%q in\n%s", got, page)
		}
		if shown := regexp.MustCompile(`<details.*?</details>`).ReplaceAllString(page, ""); !strings.Contains(shown, "t9 false") || !strings.Contains(shown, "t11 false") || strings.Contains(shown, "t5 false") {
			t.Errorf("what is beside the change is folded, or what is not is not:\n%s", shown)
		}
	}
	h.Whole = true
	if _, is := h.Pair(of(-1), of(10)); strings.Contains(string(is), "details") {
		t.Errorf("it is not whole:\n%s", is)
	}
}

// TestPairFoldsLines: of a long text too, whatever it is written in.
func TestPairFoldsLines(t *testing.T) {
	t.Parallel()
	for _, element := range []string{`{"tag":"markdown","content":"%s"}`, `{"tag":"div","text":{"tag":"plain_text","content":"%s"}}`} {
		of := func(word string) preview.View {
			return preview.New().View(fmt.Sprintf(`{"elements":[`+element+`]}`, strings.Repeat(`**same** line\n`, 100)+word+` line`+strings.Repeat(`\n\nsame line`, 50)))
		}
		was, is := preview.NewHTML(asItIs).Pair(of("old"), of("new"))
		for page, want := range map[string]string{string(was): "<del>old</del> line", string(is): "<ins>new</ins> line"} {
			shown := regexp.MustCompile(`<details.*?</details>`).ReplaceAllString(page, "")
			if !strings.Contains(shown, want) || strings.Count(shown, "line&") > 5 || strings.Count(page, "98 parts as before") != 2 {
				t.Errorf("no %s, or too much of\n%s", want, shown)
			}
		}
	}
}

// TestPairLaw marks, and says nothing else than the cards by themselves do.
func TestPairLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := preview.New().View(anyCard(t)), preview.New().View(anyCard(t))
		h := preview.NewHTML(asItIs)
		was, is := h.Pair(before, after)
		for _, pair := range [][2]string{{string(was), string(h.Card(before))}, {string(is), string(h.Card(after))}} {
			if got, want := textOfPage(t, pair[0]), textOfPage(t, pair[1]); got != want {
				t.Fatalf("marked, it says\n%s\ninstead of\n%s", got, want)
			}
		}
	})
}

// TestIn leaves of a card what is seen in one language.
func TestIn(t *testing.T) {
	t.Parallel()
	v := preview.New().View(`{"header":{"title":{"tag":"plain_text","i18n":{"zh_cn":"题","en_us":"title"}}},"elements":[{"tag":"markdown","content":"never"}],"i18n_elements":{"en_us":[{"tag":"markdown","content":"o","i18n_content":{"ja_jp":"j"}}],"zh_cn":[{"tag":"markdown","content":"z"}]}}`)
	if got := v.Languages(); !slices.Equal(got, []string{"zh_cn", "en_us", "ja_jp"}) {
		t.Errorf("languages %q", got)
	}
	for language, want := range map[string]string{"zh_cn": "# 题\nin zh_cn:\n  z", "en_us": "# title\nin en_us:\n  o", "ja_jp": "# 题\nin zh_cn:\n  z"} {
		if got := strings.Join(v.In(language).Lines(asItIs), "\n"); got != want {
			t.Errorf("in %s:\n%s\nwant\n%s", language, got, want)
		}
	}
}

// textOfPage is what a page says; all that it consists of is inert.
func textOfPage(t interface{ Fatalf(string, ...any) }, page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%v", err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
			continue
		case !slices.Contains(strings.Fields("html head body div span p hr details summary table tbody tr th td ins del ol li"), n.Data):
			t.Fatalf("<%s> in\n%s", n.Data, page)
		}
		for _, a := range n.Attr {
			if !slices.Contains([]string{"class", "lang", "open", "scope", "tabindex"}, a.Key) || !harmless.MatchString(a.Val) {
				t.Fatalf("%s=%q in\n%s", a.Key, a.Val, page)
			}
		}
	}
	return b.String()
}

var harmless = regexp.MustCompile(`^[A-Za-z0-9 _-]*$`)

// TestContrast holds every pair of colours that the sheet sets on each other against 4.5:1.
func TestContrast(t *testing.T) {
	t.Parallel()
	both := regexp.MustCompile(`(?m)^\.(?:template|text_tag\.color)-\w+\{color:light-dark\((#\w+),(#\w+)\);background:(.*)\}$`)
	shades := regexp.MustCompile(`light-dark\((#\w+),(#\w+)\)`)
	rules := both.FindAllStringSubmatch(preview.Sheet(), -1)
	if len(rules) < 28 {
		t.Fatalf("%d rules", len(rules))
	}
	for _, rule := range rules {
		for _, behind := range shades.FindAllStringSubmatch(rule[3], -1) {
			for scheme := 1; scheme <= 2; scheme++ {
				if c := contrast(t, rule[scheme], behind[scheme]); c < 4.5 {
					t.Errorf("%.2f: %s on %s of %s", c, rule[scheme], behind[scheme], rule[0])
				}
			}
		}
	}
	for _, rule := range regexp.MustCompile(`\.bg-\w+-(?:50|100|200)\{background:light-dark\((#\w+),(#\w+)\)`).FindAllStringSubmatch(preview.Sheet(), -1) {
		if c := min(contrast(t, "#1f2329", rule[1]), contrast(t, "#ebebeb", rule[2])); c < 4.5 {
			t.Errorf("%.2f: a text on %s", c, rule[0])
		}
	}
	for _, pair := range strings.Fields("#ffffff/#6f4a01 #ffffff/#a11c17 #292929/#fcd456 #292929/#f89e9b #a11c17/#f5f6f7 #6f4a01/#f5f6f7 #646a73/#eff0f1 #a6a6a6/#373737 #1c4cba/#eff0f1 #8fb4ff/#373737 #1f2329/#b7f0c0 #1f2329/#ffd0cd #ebebeb/#1d5a2a #ebebeb/#7a2723 #1f2329/#ffffff #ebebeb/#292929 #646a73/#ffffff #646a73/#f5f6f7 #a6a6a6/#373737 #1c4cba/#ffffff #8fb4ff/#292929 #1456f0/#ffffff #75a4ff/#292929 #c02a26/#ffffff #f6827e/#292929") {
		text, behind, _ := strings.Cut(pair, "/")
		if c := contrast(t, text, behind); c < 4.5 || !strings.Contains(preview.Sheet(), strings.Replace(text, "#ffffff", "#fff", 1)) {
			t.Errorf("%.2f: %s", c, pair)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, share := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += share * c
	}
	return sum
}

// TestSheetLoadsNothing wants rules alone, and those of every size.
func TestSheetLoadsNothing(t *testing.T) {
	t.Parallel()
	sheet := preview.Sheet()
	for _, word := range []string{"url(", "@import", "@font-face", "<"} {
		if strings.Contains(sheet, word) {
			t.Errorf("%q in the sheet", word)
		}
	}
	for n := 10; n <= 1000; n += 330 {
		if !strings.Contains(sheet, fmt.Sprintf(".width-%d,", n)) {
			t.Errorf("no width %d", n)
		}
	}
}
