package spec

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// pieces are what texts are made of that YAML, editors, file systems or terminals may take for
// something else.
func pieces() []string {
	return []string{
		"a", "7", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\r", "#", " #", ": ", ":", "- ", "-", "?", "? ", "{", "}", "[", "]", ",", "&", "*a", "!", "|", ">",
		"'", `"`, `\`, "%", "@", "`", "~", "null", "yes", "No", "0x1F", "010", "1_000", "1e3", ".5", ".inf", "2026-12-01", "12:30:45", "=", "<<", "---", "...",
		"新人欢迎", "：", "“", "”", "😀", "👨\u200d👩\u200d👧", "1\ufe0f\u20e3", "e\u0301", "\u00a0", "\u3000", "\ufeff", "\u202e", "\u2028", "\u2029", "\u0085", "\u200b", "\x00", "\x1b[31m",
		"\x7f", "\ufffd", "\uffff", "\ufffe", "\U000e0041", "\uf000", "\ue000", "**b**", "<at id=all></at>", "https://a.example/?q=1&b=[2]", "/", `C:\`, "CON", "…",
	}
}

func drawNasty(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces()), 0, 6).Draw(t, "pieces"), "")
}

func drawCardValue(t *rapid.T, depth int) any {
	switch kind := rapid.IntRange(0, 7).Draw(t, "kind"); {
	case kind == 0:
		return nil
	case kind == 1:
		return rapid.Bool().Draw(t, "bool")
	case kind == 2:
		return JSON{rapid.SampledFrom([]string{"0", "-0", "1.0", "1e400", "12345678901234567890123", "0.1", "-1E-7"}).Draw(t, "number")}
	case kind == 3 && depth > 0:
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return drawCardValue(t, depth-1) }), 0, 3).Draw(t, "list")
	case kind <= 5 && depth > 0:
		return drawCardObject(t, depth-1)
	}
	return drawNasty(t)
}

func drawCardObject(t *rapid.T, depth int) map[string]any {
	object := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		key := drawNasty(t)
		if rapid.Bool().Draw(t, "known") {
			key = rapid.SampledFrom([]string{"tag", "text", "content", "elements", "config", "url"}).Draw(t, "name")
		}
		object[key] = drawCardValue(t, depth)
	}
	return object
}

// drawHeld draws what a helpdesk may hold, whether a rule allows it or not.
func drawHeld(t *rapid.T) Draft {
	list := func(label string) []Target {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Target {
			return Target{ID: "x" + drawNasty(t), Name: drawNasty(t)}
		}), 0, 2).Draw(t, label)
	}
	d := Draft{
		NotificationID: "6985032626234982420", UserIDType: rapid.SampledFrom([]UserIDType{OpenID, UnionID, UserID}).Draw(t, "user_id_type"),
		JobName: drawNasty(t), PushType: PushTypeOf(rapid.IntRange(0, 3).Draw(t, "push_type")),
		PushScopeType: PushScopeTypeOf(rapid.IntRange(0, 5).Draw(t, "scope")), NewStaffScopeType: NewStaffScopeType(rapid.IntRange(0, 4).Draw(t, "new_staff")),
		NewStaffScopeDepartmentList: list("new staff"), UserList: list("users"), DepartmentList: list("departments"), ChatList: list("chats"),
		Ext: Owned[string]{drawNasty(t), true},
	}
	if rapid.Bool().Draw(t, "time") {
		ms := rapid.Int64Range(minMilliseconds, maxMilliseconds).Draw(t, "ms")
		d.SendAt = Owned[time.Time]{time.UnixMilli(ms).In(time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "zone"))), true}
	}
	if d.PushContent = TextJSON(drawNasty(t)); rapid.IntRange(0, 5).Draw(t, "card") > 0 {
		d.PushContent = heldCard(t, drawCardObject(t, 4))
	}
	return d
}

func heldCard(t interface{ Fatal(...any) }, object map[string]any) JSON {
	card, err := ParseJSON([]byte(jsonText(object)))
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func jsonText(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var members []string
		for key, value := range v {
			members = append(members, TextJSON(key).text+":"+jsonText(value))
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		items := make([]string, len(v))
		for i := range v {
			items[i] = jsonText(v[i])
		}
		return "[" + strings.Join(items, ",") + "]"
	case string:
		return TextJSON(v).text
	case JSON:
		return v.text
	case nil:
		return "null"
	default:
		return fmt.Sprint(v)
	}
}

// TestEncodeCarriesEverything: whatever a helpdesk holds, a file says exactly that, the same bytes each
// time, and nobody is misled by it: no invisible character stands in it as such.
func TestEncodeCarriesEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawHeld(t)
		src, set, err := Encode(d, "a.yaml", "", Options{})
		if err != nil {
			t.Fatalf("%v: %+v", err, d)
		}
		if again, _, _ := Encode(d, "a.yaml", "", Options{}); string(again) != string(src) {
			t.Fatalf("two files\n%s\n%s", src, again)
		}
		text := []rune(string(src))
		for i, r := range text {
			if r != '\n' && r != '\t' && isUnseen(text, i) {
				t.Fatalf("%U stands in\n%s", r, src)
			}
		}
		if d.PushContent.IsObject() && set.Drafts[0].PushContent.String() != d.PushContent.String() {
			t.Fatalf("the card is %s, was %s", set.Drafts[0].PushContent, d.PushContent)
		}
		for line := range strings.Lines(string(src)) {
			if trimmed := strings.TrimRight(line, " \t\n"); trimmed+"\n" != line {
				t.Fatalf("an editor would change the line %q", line)
			}
		}
	})
}

// TestEncodeAsPeopleWrite wants a file as somebody would have typed it.
func TestEncodeAsPeopleWrite(t *testing.T) {
	t.Parallel()
	card, err := ParseJSON([]byte(`{"elements":[{"content":"**你好**\n第二行","tag":"markdown","text_align":"center"},{"tag":"hr"},
		{"tag":"action","actions":[{"url":"https://a.example/?b=1","text":{"content":"1","tag":"plain_text"},"tag":"button","value":{}}]},
		{"tag":"markdown","content":"two blanks end this line  \n and one begins this one"}],
		"header":{"title":{"tag":"plain_text","content":"Yes"},"template":"blue"},"config":{"wide_screen_mode":true},"weight":1.0}`))
	if err != nil {
		t.Fatal(err)
	}
	src, set, err := Encode(Draft{
		NotificationID: "6985032626234982420", UserIDType: UserID, JobName: "IT: 维护", PushType: Scheduled, PushScopeType: SelectedMembers,
		UserList: []Target{{ID: "0123"}, {ID: "zhang", Name: "张三, IT"}}, PushContent: card,
		SendAt: Owned[time.Time]{time.UnixMilli(1796086800009).In(time.FixedZone("", 8*60*60)), true}, Ext: Owned[string]{`{"a":1}`, true},
	}, "a.yaml", "../s.json", Options{})
	want := `# yaml-language-server: $schema=../s.json
notification_id: "6985032626234982420"
user_id_type: user_id
job_name: "IT: 维护"
push_type: scheduled
push_scope_type: selected_members
user_list:
  - "0123"
  - {user_id: zhang, name: "张三, IT"}
send_at: 2026-12-01T09:00:00.009+08:00
push_content:
  config: {wide_screen_mode: true}
  header:
    template: blue
    title: {tag: plain_text, content: "Yes"}
  weight: 1.0
  elements:
    - tag: markdown
      text_align: center
      content: |-
        **你好**
        第二行
    - tag: hr
    - tag: action
      actions:
        - tag: button
          text: {tag: plain_text, content: "1"}
          url: https://a.example/?b=1
          value: {}
    - tag: markdown
      content: "two blanks end this line  \n\
        \ and one begins this one"
ext: '{"a":1}'
`
	if err != nil || string(src) != want || set.Errors() != 0 {
		t.Errorf("%v, %v:\n%s", err, set.Diagnostics, src)
	}
}

// TestEncodeFallsBackToJSON: what YAML as it is read here cannot carry is a text; what no file holds is
// an error.
func TestEncodeFallsBackToJSON(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, card, begins, fails string
	}{
		{why: "a key that YAML takes for none", card: `{"` + strings.Repeat("k", 2000) + `":1}`, begins: "push_content: |-\n  {\n    \"k"},
		{why: "a card that is longer than what is read of YAML", card: `{"a":"` + strings.Repeat("b", maxCard) + `"}`, begins: "push_content: |-\n  {\n    \"a\""},
		{why: "a card that only fits without indentation", card: `{"a":[` + strings.Repeat("1,", maxFile/4) + `1]}`, begins: "push_content: |-\n  {\"a\":[1,1"},
		{why: "a card that is larger than a file", card: `{"a":"` + strings.Repeat("b", maxFile) + `"}`, fails: "its card is too large for the 1 MiB that a draft file may have"},
	} {
		card, err := ParseJSON([]byte(row.card))
		if err != nil {
			t.Fatal(err)
		}
		src, _, err := Encode(Draft{NotificationID: "1", UserIDType: OpenID, JobName: "a", PushType: Scheduled, PushScopeType: AllMembers, PushContent: card}, "a.yaml", "", Options{})
		if got := fmt.Sprint(err); row.fails != "" && got != row.fails || row.fails == "" && err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		if row.fails == "" && !strings.Contains(string(src), "\n"+row.begins) {
			t.Errorf("%s: %.200s", row.why, src)
		}
	}
}

// TestFileName wants names that no file system, shell or reader stumbles over.
func TestFileName(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, name, want string }{
		{"letters of any script", "新人欢迎 Добро пожаловать", "新人欢迎-Добро-пожаловать-1.yaml"},
		{"what Windows and shells reserve", `a/b\c:d*e?f"g<h>i|j$k&l;m`, "a-b-c-d-e-f-g-h-i-j-k-l-m-1.yaml"},
		{"no dot or dash in front, no dot or blank at the end", "..--.a. ", "a-1.yaml"},
		{"a name of a device", "CON", "CON-1.yaml"},
		{"nothing that is left", "🎉!?", "1.yaml"},
		{"no name", "", "1.yaml"},
		{"the same letter has one form", "e\u0301te\u0301", "été-1.yaml"},
		{"nothing that hides", "a\u202eb\u200b\x00c", "abc-1.yaml"},
		{"words stay apart", "a\nb\tc\u2028d", "a-b-c-d-1.yaml"},
		{"marks belong to letters", "हिन्दी \u0301x", "हिन्दी-x-1.yaml"},
		{"not too long", strings.Repeat("很长", 100), strings.Repeat("很长", 16) + "很-1.yaml"},
	} {
		if got := (Draft{JobName: row.name, NotificationID: "1"}).FileName(); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := Draft{JobName: strings.Repeat(drawNasty(t), 9), NotificationID: "6985032626234982420"}.FileName()
		if len(name) > 143 || !utf8.ValidString(name) || strings.ContainsAny(name, `/\:*?"<>| `) || strings.ContainsFunc(name, isHidden) || strings.ContainsAny(name[:1], ".-~") {
			t.Fatalf("%q", name)
		}
	})
}
