package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// lines of a draft in order, to make mistakes in.
func authored() []string {
	return []string{
		`notification_id: "6985032626234982420"`, `job_name: 新人欢迎`, `push_type: scheduled`, `push_scope_type: selected_members`,
		`user_list:`, `  - ou_7277fd1262bfafc363d5b2a1f9c2ac90`,
		`push_content:`, `  header:`, `    title: {tag: plain_text, content: 欢迎}`, `  elements:`, `    - tag: div`, `      text: {tag: lark_md, content: "**欢迎**加入"}`,
	}
}

// TestAuthorsMistakes: what people who do not know YAML type wrongly is told at its place, in words
// that say what to type, and nothing else is told because of it. line is the one that the mistake
// takes the place of, from 1.
func TestAuthorsMistakes(t *testing.T) {
	t.Parallel()
	const (
		wide = "%s is a full-width character, and here a letter like any other"
		sign = "type %s and a space, with the keyboard set to English"
		none = "U+%04X looks like a space, and is none"
	)
	for _, row := range []struct {
		why, typed    string
		line          int
		at, said, sub string // sub is of the hint
	}{
		{"a merge that was not finished", "<<<<<<< HEAD\njob_name: a\n=======\njob_name: b\n>>>>>>> x", 2, "2:1", "lines 2 to 6 are a merge that was not finished", "keep one side"},
		{"the same within the card", "<<<<<<< HEAD\n      text: {tag: a}\n=======\n      text: {tag: b}\n>>>>>>> x", 12, "12:1", "lines 12 to 16 are a merge", "keep one side"},
		{"a full-width colon at first", `notification_id："6985032626234982420"`, 1, "1:16", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"in the middle", `job_name：新人欢迎`, 2, "2:9", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"at last", `      text：{tag: lark_md, content: "a"}`, 12, "12:11", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"within brackets, where it swallows the value", `      text: {tag：lark_md, content: "a"}`, 12, "12:17", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"before a mapping", "    title：\n      tag: plain_text\n      content: 欢迎", 9, "9:10", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"a full-width comma", `      text: {tag: lark_md， content: "a"}`, 12, "12:26", fmt.Sprintf(wide, "，"), fmt.Sprintf(sign, ",")},
		{"without a space", `      text: {tag: lark_md，content: a}`, 12, "12:26", fmt.Sprintf(wide, "，"), fmt.Sprintf(sign, ",")},
		{"in a list of ids", `  - ou_7277fd1262bfafc363d5b2a1f9c2ac90，ou_a`, 6, "6:5", "is no id", "begin each entry in a line of its own"},
		{"the same within brackets", `user_list: [ou_7277fd1262bfafc363d5b2a1f9c2ac90，ou_a]`, 5, "5:13", "is no id", fmt.Sprintf(sign, ",")},
		{"names in a line", `user_list: 张三、李四`, 5, "5:12", "must be a list, not a text", "write it as - entries"},
		{"two dashes", `    -- tag: div`, 11, "11:5", "begins with one - and a space", "write - tag: div"},
		{"a dot", "  - ou_a\n  • ou_b", 6, "7:3", "begins with one - and a space", "write - ou_"},
		{"no dash", "      tag: hr\n    - tag: div", 11, "11:7", "a dash is missing", "write - tag: hr"},
		{"a comma behind a value", `push_type: scheduled，`, 3, "3:12", "push_type cannot be", "write scheduled"},
		{"quotes within quotes", `job_name: "他说"欢迎"加入"`, 2, "2:15", "the text goes on behind its closing quote", `write "他说\"欢迎\"加入"`},
		{"an apostrophe within", `job_name: 'it's a day'`, 2, "2:15", "the text goes on behind its closing quote", `write 'it''s a day'`},
		{"documents parted otherwise", "job_name: a\npush_type: 0\npush_scope_type: 0\npush_content: {}\n－－－\njob_name: b", 2, "6:1", "three dashes", "write ---"},
		{"a comma in a text within braces", `      text: {tag: lark_md, content: 行政部, 综合部, HR}`, 12, "12:42", "a text with a comma in it", `write "行政部, 综合部, HR"`},
		{"in a name", `  - {user_id: ou_a, name: 张三, HR}`, 6, "6:31", "a text with a comma in it", `write "张三, HR"`},
		{"before what has a colon", `      text: {tag: lark_md, content: 年会, 地点: 北京}`, 12, "12:41", "a text with a comma in it", `write "年会, 地点: 北京"`},
		{"a full-width colon in an entry of its own", "      text: {tag: lark_md, content: a}\n    - tag：hr", 12, "13:10", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"in the only field", "  config:\n    wide_screen_mode：true\n  header:", 8, "9:21", fmt.Sprintf(wide, "："), fmt.Sprintf(sign, ":")},
		{"in an address", "    - {tag: action, actions: [{tag: button, text: {tag: plain_text, content: a}, url: https：//a.com}]}\n    - tag: div", 11, "11:92", fmt.Sprintf(wide, "："), "type :, with"},
		{"a full-width brace behind a dash", "      text: {tag: lark_md, content: a}\n    - ｛tag: hr｝", 12, "13:7", fmt.Sprintf(wide, "｛"), "type {, with"},
		{"an id in full-width letters", `  - ｏｕ_b`, 6, "6:5", "is no id", "write ou_b"},
		{"a comma behind an id", `  - ou_b,`, 6, "6:5", "is no id", "write ou_b"},
		{"an entry without its dash", "    - tag: hr\n      tag: div", 11, "12:7", "is given twice", "write - and a space before it"},
		{"a text that begins below its name", "      text:\n        tag: lark_md\n        content:\n          各位同事：\n          时间: 9 点", 12, "14:17", "this text goes on in the next line", "write content: |- here"},
		{"a list for a text", "      text:\n        tag: lark_md\n        content:\n          - 身份证", 12, "15:11", "must be a text", "content: |- and the lines below it"},
		{"no comma between brackets", `    title: {tag: plain_text, content: 欢迎, lines: [{a: 1} {a: 2}]}`, 9, "9:58", "a comma is missing before this", "put a comma"},
		{"a full-width dash", `  － ou_7277fd1262bfafc363d5b2a1f9c2ac90`, 6, "6:3", "must be a list, not a text", fmt.Sprintf(sign, "-")},
		{"behind a good one", "  - ou_a\n  － ou_b", 6, "7:3", fmt.Sprintf(wide, "－"), fmt.Sprintf(sign, "-")},
		{"before a key", `    － tag: div`, 11, "11:5", fmt.Sprintf(wide, "－"), fmt.Sprintf(sign, "-")},
		{"full-width braces", `      text: ｛tag: lark_md, content: "a"｝`, 12, "12:13", fmt.Sprintf(wide, "｛"), "type {, with"},
		{"full-width brackets", `user_list: ［ou_a］`, 5, "5:12", "must be a list, not a text", "type [, with"},
		{"Chinese quotes around a value", `push_type: “scheduled”`, 3, "3:12", "push_type cannot be", `type " on both sides`},
		{"around an id", `notification_id: “6985032626234982420”`, 1, "1:18", "is not a decimal number", `type " on both sides`},
		{"around a key", `      text: {“tag”: lark_md, content: a}`, 12, "12:14", "“ is no quote here", `type " on both sides`},
		{"a no-break space behind a colon", "job_name:\u00a0新人", 2, "2:10", fmt.Sprintf(none, 0xA0), "type a space"},
		{"an ideographic space behind a colon", "job_name:\u3000新人", 2, "2:10", fmt.Sprintf(none, 0x3000), "type a space"},
		{"in the indentation", "\u3000- ou_a", 6, "6:1", fmt.Sprintf(none, 0x3000), "type a space"},
		{"behind a dash", "  -\u00a0ou_a", 6, "6:3", "must be a list, not a text", "type a space"},
		{"a quote that is not closed", `job_name: "新人欢迎`, 2, "2:11", `the quote " that begins here is not closed`, `close it with "`},
		{"a single one", `job_name: '新人欢迎`, 2, "2:11", `the quote ' that begins here is not closed`, `close it with '`},
		{"within braces", `    title: {tag: plain_text, content: "欢迎}`, 9, "9:39", `the quote " that begins here is not closed`, `close it with "`},
		{"in the last line", `      text: {tag: lark_md, content: "加入}`, 12, "12:37", `the quote " that begins here is not closed`, `close it with "`},
		{"a brace that is not closed, and a bracket in a text whose 丢 (U+4E22) ends as a quote does (U+0022)", `      text: {tag: lark_md, content: "丢失[物品"`, 12, "12:13", "the { that begins here is not closed", "close it with }"},
		{"text behind a quote", `job_name: "新人" 欢迎`, 2, "2:15", "the text goes on behind its closing quote", `write "\"新人\" 欢迎"`},
		{"a text begins with *", `job_name: **重要** 欢迎`, 2, "2:11", "a text that begins with * must stand in quotes", `write "**重要** 欢迎"`},
		{"within braces", `      text: {tag: lark_md, content: **欢迎**加入}`, 12, "12:37", "a text that begins with * must stand in quotes", `write "**欢迎**加入"`},
		{"with &", `job_name: &重要 欢迎`, 2, "2:11", "a text that begins with & must", `write "&重要 欢迎"`},
		{"with !", `job_name: !重要 欢迎`, 2, "2:11", "a text that begins with ! must", `write "!重要 欢迎"`},
		{"with @", `job_name: @所有人`, 2, "2:11", "a text that begins with @ must", `write "@所有人"`},
		{"with %", `job_name: %s 欢迎`, 2, "2:11", "a text that begins with % must", `write "%s 欢迎"`},
		{"with [", `job_name: [IT] 欢迎`, 2, "2:11", "a text that begins with [ must", `write "[IT] 欢迎"`},
		{"with -", `job_name: - 重要`, 2, "2:11", "a text that begins with - must", `write "- 重要"`},
		{"a comment that was none", `job_name: VPN 维护 #3 批`, 2, "2:18", "the text ends here", "put the whole text in quotes"},
		{"within braces", `      text: {tag: lark_md, content: 见 #3 批}`, 12, "12:39", "the rest of the line is a comment", `write "见 #3 批"`},
		{"an anchor that was none", `job_name: &IT 欢迎`, 2, "2:11", "&IT is an anchor", "put the text in quotes"},
		{"a colon at the end of a text", `job_name: 各位同事:`, 2, "2:15", "a colon at its end", `write "各位同事:"`},
		{"a link within braces", `      text: {tag: lark_md, content: 查看[链接](https://a.com)}`, 12, "12:39", "a text with [ in it", `write "查看[链接](https://a.com)"`},
		{"a heading", "      text:\n        tag: plain_text\n        content: #欢迎", 12, "14:18", "a text that begins with # must", `write "#欢迎"`},
		{"with !!!", `job_name: !!! 重要`, 2, "2:11", "a text that begins with ! must", `write "!!! 重要"`},
		{"a colon in a text", `job_name: 提醒: 欢迎`, 2, "2:13", "a text with a colon and a space in it", `write "提醒: 欢迎"`},
		{"within braces", `      text: {tag: lark_md, content: 时间: 9 点}`, 12, "12:39", "a text with a colon and a space in it", `write "时间: 9 点"`},
		{"a full-width comma behind a number", `push_type: 0，`, 3, "3:12", "push_type cannot be", "write 0"},
		{"a tab", "\t\ttext: {tag: lark_md, content: a}", 12, "12:1", "a tab stands in the indentation", "indent with spaces"},
		{"one blank too few", `     text: {tag: lark_md, content: a}`, 12, "12:6", "this line is indented by 5", "indent it by 6"},
		{"one blank before a field", ` push_scope_type: selected_members`, 4, "4:2", "this line is indented by 1", "indent it by 0"},
		{"no space behind a colon", `job_name:新人`, 2, "2:9", ": wants a space behind it", "write job_name: 新人"},
		{"no space behind a dash", `  -ou_a`, 6, "6:3", "must be a list, not a text", "write - ou_a"},
		{"a bracket that is not closed", `user_list: [ou_a`, 5, "5:12", "the [ that begins here is not closed", "close it with ]"},
		{"a brace that is not closed", `      text: {tag: lark_md, content: "a"`, 12, "12:13", "the { that begins here is not closed", "close it with }"},
		{"brackets in another order", `      text: {tag: lark_md, content: [a}]`, 12, "12:39", "the brackets at the end of this line are not those", "type ]} in place of }]"},
		{"a bracket that is missing among others", "      text: {tag: lark_md, content: a}\n      fields: [{is_short: true, text: {tag: lark_md, content: a}]", 12, "13:16", "the { that begins here is not closed", "close it with }"},
		{"a quote around a key", `      "text: {tag: lark_md, content: a}`, 12, "12:7", `the quote " that begins here is not closed`, `close it with "`},
		{"a text over lines", "job_name: 新人欢迎\n请看附件\n\n时间: 9 点", 2, "2:11", "this text goes on in the next line", "write it in one line"},
		{"in the card", "      text:\n        tag: lark_md\n        content: 请准备\n        - 身份证\n时间: 9 点", 12, "14:18", "this text goes on in the next line", "write content: |- here and the text below it, with each of its lines indented by 10"},
		{"below | without an indentation", "      text:\n        tag: lark_md\n        content: |\n各位同事：\n大家好", 12, "14:18", "the text below this is not indented", "indent each of its lines by 10"},
		{"a programmer's comment", "push_type: scheduled\n// 定时", 3, "4:1", "a comment begins with #", "type # in place of //"},
		{"a list beside its name", `user_list: - ou_a`, 5, "5:12", "a text that begins with - must stand in quotes", "begin the list in the next line"},
		{"an alias of nothing", `job_name: *welcome`, 2, "2:11", "*welcome refers to &welcome, which is not there", "in quotes"},
		{"a backslash", `job_name: "C:\新人"`, 2, "2:14", "a backslash stands here", `write \\ for a backslash`},
		{"a line that is no field", "push_type: scheduled\n欢迎新同事", 3, "4:1", "no colon and a space", "write it as name: value"},
		{"a day that there is not", `send_at: "2026-02-30T09:00:00+08:00"`, 1, "1:10", "there is no day 30", "from 01 to 28"},
		{"a time in Chinese", `send_at: 2026年12月1日 9:00`, 1, "1:10", "has no offset from UTC", "2026-12-01T09:00:00+08:00"},
		{"a mobile number for an id", `  - 13800138000`, 6, "6:5", "is no open_id", "notiform who"},
		{"a name for an id", `  - 张三`, 6, "6:5", "is no id", "notiform who"},
		{"an e-mail address for a department", "  - ou_a\ndepartment_list:\n  - it@example.com", 6, "8:5", "is no department_id", "notiform who"},
		{"a mobile number", "  - ou_a\ndepartment_list:\n  - {department_id: 13800138000}", 6, "8:21", "is no department_id", "notiform who"},
		{"a person", "  - ou_a\ndepartment_list:\n  - ou_b", 6, "8:5", "is no department_id", "begins with ou_ belongs in user_list"},
		{"a chat for a person", "  - oc_a", 6, "6:5", "is no open_id", "begins with oc_ belongs in chat_list"},
		{"an e-mail address for a chat", "  - ou_a\nchat_list:\n  - it@example.com", 6, "8:5", "is no chat id", "notiform who"},
		{"a name for a chat", "  - ou_a\nchat_list:\n  - 全员群", 6, "8:5", "is no id", "copy the chat_id"},
		{"a name alone", "  - name: 张三", 6, "6:5", "has no user_id", "notiform who"},
		{"user_id for department_id", "  - ou_a\ndepartment_list:\n  - {user_id: od-a}", 6, "8:6", `unknown field "user_id" in department_list`, `did you mean "department_id"?`},
		{"a comment behind a no-break space", "job_name: 新人欢迎\u00a0# 给新人", 2, "2:15", "U+00A0 looks like a space", "type a space"},
		{"behind an ideographic space in the card", "      text:\n        tag: lark_md\n        content: 欢迎\u3000# 标题", 12, "14:20", "U+3000 looks like a space", "type a space"},
		{"behind an id", "  - ou_a\u00a0# 张三", 6, "6:5", "is no id", "type a space"},
		{"behind a time", "send_at: 2036-12-01T09:00:00+08:00\u00a0# 周一", 1, "1:10", "is no time", "type a space"},
		{"id for user_id", `  - {id: ou_a, name: 张三}`, 6, "6:6", `unknown field "id" in user_list`, `did you mean "user_id"?`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			list := authored()
			if list[row.line-1] = row.typed; row.line == 5 {
				list = slices.Delete(list, 5, 6)
			}
			src := strings.Join(list, "\n") + "\n"
			wantMistake(t, src, 1, row.at, row.said, row.sub)
			wantMistake(t, strings.ReplaceAll(src, "\n", "\r\n"), 1, row.at, row.said, row.sub)
			// Beside another, both are told.
			if row.line != 4 {
				list[slices.Index(list, `push_scope_type: selected_members`)] = `push_scope_type: somebody`
				if !strings.Contains(row.said, "merge") {
					wantMistake(t, strings.Join(list, "\n")+"\n", 2, row.at, row.said, row.sub)
				}
			}
		})
	}
}

func wantMistake(t *testing.T, src string, faults int, at, said, hint string) {
	t.Helper()
	set := Decode("f.yaml", []byte(src), Options{})
	told := slices.ContainsFunc(set.Diagnostics, func(d Diagnostic) bool {
		return d.Pos.String() == "f.yaml:"+at && strings.Contains(d.Message, said) && strings.Contains(d.Hint, hint)
	})
	if !told || len(set.Diagnostics) != faults {
		t.Errorf("want %s: %s (%s) and %d faults, got", at, said, hint, faults)
		for _, d := range set.Diagnostics {
			t.Errorf("  %s: %s", d, d.Hint)
		}
	}
}

// TestSeveralMistakes: each is told, at its own place, also where one hides the next from YAML.
func TestSeveralMistakes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		typed map[int]string // by the line, from 1
		want  string
	}{
		{"of many kinds", map[int]string{2: `job_name："新人欢迎"`, 3: `push_type:scheduled`, 9: `    title: {tag: plain_text， content: 欢迎}`, 12: `      text: {tag: lark_md, content: **欢迎**}`}, "2:9 3:10 9:28 12:37"},
		{"a tab before an entry, a name for an id, and a colon", map[int]string{6: "\t- ou_a\n  - 张三", 12: `      text: {tag: lark_md, content: 见: 附件}`}, "6:1 7:5 13:38"},
		{"two quotes", map[int]string{2: `job_name: '新人欢迎`, 9: "    title:\n      tag: plain_text\n      content: '欢迎"}, "2:11 11:16"},
		{"two quotes of which one seems to close the other", map[int]string{9: `    title: {tag: plain_text, content: "欢迎}`, 12: `      text: {tag: lark_md, content: "加入}`}, "9:39 12:37"},
		{"in lines beside each other, each hiding the other", map[int]string{9: "    title:\n      tag：plain_text\n      content: **欢迎**"}, "10:10 11:16"},
		{"a comma that is missing over lines, and a bracket", map[int]string{9: "    title: {\n      tag: plain_text\n      content: 欢迎\n    }", 12: `      text: {tag: lark_md, content: a]`}, "10:22 15:38"},
		{"a dash indented otherwise, and a quote", map[int]string{2: `job_name: "新人欢迎`, 11: "    - tag: hr\n     - tag: div"}, "2:11 12:6"},
		{"an alias of nothing, and what only stands behind it", map[int]string{2: `job_name: *welcome`, 3: `push_type: sometimes`}, "2:11 3:12"},
		{"full-width colons in all of a document", map[int]string{12: "      text: {tag: lark_md, content: a}\n---\njob_name：a\npush_content：\n  elements：\n    - tag：hr"}, "14:9 15:13 16:11 17:10"},
		{"documents, of which nothing can be said of the first", map[int]string{2: "a: [}{]\nb: {]\n---\njob_name：新人"}, "2:1 5:9"},
	} {
		list := authored()
		for line, typed := range row.typed {
			list[line-1] = typed
		}
		var got []string
		for _, d := range Decode("f.yaml", []byte(strings.Join(list, "\n")), Options{}).Diagnostics {
			got = append(got, fmt.Sprintf("%d:%d", d.Pos.Line, d.Pos.Column))
		}
		if got := strings.Join(got, " "); got != row.want {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
}

// TestMistakesInJSON: a card that is JSON has its own.
func TestMistakesInJSON(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, json, at, said, hint string }{
		{"a comma behind the last", `{"elements": [{"tag": "hr"},]}`, "1:28", "a comma stands before ]", "remove the comma"},
		{"over lines", "{\"a\": 1,\n}", "1:8", "a comma stands before }", "remove the comma"},
		{"Chinese quotes around a key", `{“elements”: []}`, "1:2", "“ is no quote here", `type " on both sides`},
		{"around a text", `{"tag": “hr”}`, "1:9", "“ is no quote here", `type " on both sides`},
		{"a full-width colon", `{"tag"："hr"}`, "1:7", "： is a full-width", "type :"},
		{"a full-width comma", `{"tag": "hr"，"a": 1}`, "1:13", "， is a full-width", "type ,"},
		{"a no-break space", "{\u00a0\"tag\": \"hr\"}", "1:2", "U+00A0 looks like a space", "type a space"},
		{"a comment", `{"tag": "hr"} // a rule`, "1:15", "JSON has no comments", "remove it"},
		{"a comment within", "{\n  // a rule\n  \"tag\": \"hr\"}", "2:3", "JSON has no comments", "remove it"},
		{"single quotes", `{'tag': "hr"}`, "1:2", "JSON has only double quotes", `write " in place of '`},
		{"a line break in a text", "{\"content\": \"a\nb\"}", "1:13", `the quote " that begins here is not closed`, `write \n`},
		{"a quote that is not closed before a name", `{"tag": "hr, "b": 1}`, "1:9", `the quote " that begins here is not closed`, `close it with "`},
		{"around a name", `{"tag: "hr"}`, "1:2", `the quote " that begins here is not closed`, `close it with "`},
		{"a bracket that is not closed", `{"elements": [{"tag": "hr"]}`, "1:15", "the { that begins here is not closed", "close it with }"},
		{"a semicolon", `{"a": 1; "b": 2}`, "1:8", "a comma is missing before this", "type , in place of ;"},
		{"a name twice", `{"a": 1, "a": 2}`, "1:10", "is given twice", "remove one of the two"},
		{"a comma that is missing", "{\"tag\": \"hr\"\n\"a\": 1}", "2:1", "a comma is missing before this", "put a comma"},
		{"a colon that is missing", `{"tag" "hr"}`, "1:8", "a colon is missing before this", "put a colon"},
		{"Python", `{"a": True}`, "1:7", "must stand in double quotes", "true, false or null"},
		{"cut off", `{"elements": [{"tag": "hr"}`, "1:28", "the text ends too early", "close what is open"},
		{"two of them", `{} {}`, "1:4", "more stands behind the card", "remove what stands behind"},
		{"a merge that was not finished", "{\n<<<<<<< HEAD\n\"a\": 1}", "2:1", "a merge that was not finished", "keep one side"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, told := DecodeCard("card.json", []byte(row.json), Options{})
			if len(told) != 1 || told[0].Pos.String() != "card.json:"+row.at || !strings.Contains(told[0].Message, row.said) || !strings.Contains(told[0].Hint, row.hint) {
				t.Errorf("got %q, hint %q", told, told[0].Hint)
			}
		})
	}
}

// TestSeveralMistakesInJSON: each is told, where it stands in the text as it is.
func TestSeveralMistakesInJSON(t *testing.T) {
	t.Parallel()
	for json, want := range map[string]string{
		"{\n  “header”: {},\n  \"elements\"： [\n    {\"tag\": \"markdown”, \"content\"： “a”},\n    {\"tag\": 'hr'}\n    {\"tag\": \"hr\"},\n  ] // all\n}": "2:3 3:13 4:22 4:34 4:36 5:13 6:5 6:18 7:5",
		`{"elements": [{"tag": "hr"},], "a": }`:        "1:28",
		"{\"a\": [1,],\n \"b\": tru}":                  "1:9 2:7",
		"{\"a\": 1,\n \"b\": \"c\nd\"}":                "2:7",
		"{\n\u00a0 \"elements\": [\n\u3000{}\n,]\n}\n": "2:1 3:1 4:1",
	} {
		var got []string
		_, told := DecodeCard("card.json", []byte(json), Options{})
		for _, d := range told {
			got = append(got, fmt.Sprintf("%d:%d", d.Pos.Line, d.Pos.Column))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: got %s, want %s", json, got, want)
		}
	}
}

// TestExcerpts: a diagnostic has its line, and of a long one what is near its place.
func TestExcerpts(t *testing.T) {
	t.Parallel()
	src := "job_name: 新人\npush_type: x # " + strings.Repeat("维", 400) + "\n"
	for _, d := range Decode("f.yaml", []byte(src), Options{}).Diagnostics {
		if d.Rule != ruleInvalidValue {
			continue
		}
		if d.Source.Before != "push_type: " || !strings.HasPrefix(d.Source.After, "x # 维") || !strings.HasSuffix(d.Source.After, "维…") {
			t.Errorf("got %q", d.Source)
		}
	}
	_, told := DecodeCard("c.yaml", []byte("elements: [{tag: div, text: {tag: lark_md, content: "+strings.Repeat("维", 200)+"}, {tag: hr}]\n"), Options{})
	if len(told) != 1 || told[0].Source == nil {
		t.Errorf("got %+v", told)
	}
}

// TestHiddenCharacterLeavesTheCard: a warning about a card file is no reason to take it for empty.
func TestHiddenCharacterLeavesTheCard(t *testing.T) {
	t.Parallel()
	content, told := DecodeCard("c.yaml", []byte("# a\u200bb\nelements:\n  - {tag: markdown, content: a}\n"), Options{})
	if len(told) != 1 || told[0].Rule != ruleHiddenCharacter || !content.IsObject() {
		t.Errorf("got %q and the card %q", told, content)
	}
}
