package reconcile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/reconcile/diff"
	"notiform/spec"
)

const untouched = `# yaml-language-server: $schema=x.json
notification_id: "1" # from the console
job_name: 'It''s here'   # the name
push_type: scheduled
push_scope_type: 2
user_list:   # who
  # the first
  - ou_a   # 张三
  - {user_id: ou_b, name: 李四} # second
  - user_id: ou_c
    name: 王五

department_list: [od-a, {department_id: od-b, name: "技术部"}, od-c] # all
send_at: 2037-12-01T09:00:00+08:00 # nine
push_content:
  config: {wide_screen_mode: true}
  header:
    # a title
    title: {tag: plain_text, content: Hello}
  elements:
    - tag: div   # one
      text:
        tag: lark_md
        content: |
          first
          second
    # a line
    - tag: hr
    - fields: []
      tag: div
      text: {tag: plain_text, content: "b"}
ext: '{"a":1}'
`

const aDraft = "notification_id: \"1\"\njob_name: a\npush_type: 0\npush_scope_type: 0\n"

// TestRewrite: what a console edit makes of a file, as a diff of lines.
func TestRewrite(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, src string
		edit     func(s *diff.State)
		want     string // lines that went and came
	}{
		{"a text keeps its quotes and its comment", untouched, func(s *diff.State) { s.JobName = "It isn't" }, `
-job_name: 'It''s here'   # the name
+job_name: 'It isn''t'   # the name
`},
		{"a number stays one", untouched, func(s *diff.State) { s.PushScopeType = spec.AllMembers }, `
-push_scope_type: 2
+push_scope_type: 0
`},
		{"a member goes with its own comment", untouched, func(s *diff.State) { s.UserList = s.UserList[1:] }, `
-  - ou_a   # 张三
`},
		{"a member comes, with its name where the last has one", untouched, func(s *diff.State) { s.UserList = append(s.UserList, spec.Target{ID: "ou_d", Name: "赵六"}) }, `
+  - {user_id: ou_d, name: 赵六}
`},
		{"a list is emptied", untouched, func(s *diff.State) { s.UserList = nil }, `
-user_list:   # who
+user_list: []   # who
-  - ou_a   # 张三
-  - {user_id: ou_b, name: 李四} # second
-  - user_id: ou_c
-    name: 王五
`},
		{"a list with an anchor is emptied", aDraft + "user_list: &all # who\n  - ou_a\npush_content: {}\n", func(s *diff.State) { s.UserList = nil }, `
-user_list: &all # who
-  - ou_a
+user_list: &all [] # who
`},
		{"a list in brackets", untouched, func(s *diff.State) { s.DepartmentList = []spec.Target{{ID: "od-a"}, {ID: "od-c"}, {ID: "od-d"}} }, `
-department_list: [od-a, {department_id: od-b, name: "技术部"}, od-c] # all
+department_list: [od-a, od-c, od-d] # all
`},
		{"a time in the offset of the file", untouched, func(s *diff.State) { s.SendAt = "2143249200500" }, `
-send_at: 2037-12-01T09:00:00+08:00 # nine
+send_at: 2037-12-01T11:00:00.5+08:00 # nine
`},
		{"a time is cleared", untouched, func(s *diff.State) { s.SendAt = "" }, `
-send_at: 2037-12-01T09:00:00+08:00 # nine
+send_at: null # nine
`},
		{"a missing list", untouched, func(s *diff.State) { s.ChatList = []spec.Target{{ID: "oc_a", Name: "群"}} }, `
+chat_list:
+  - {chat_id: oc_a, name: 群}
`},
		{"a line of a block text", untouched, replaced("first", "Erste"), `
-          first
+          Erste
`},
		{"a block text without its last line end", untouched, replaced(`second\n`, `2`), `
-        content: |
+        content: |-
-          second
+          2
`},
		{"a value within brackets", untouched, replaced(`"Hello"`, `"Hi, there: #1"`), `
-    title: {tag: plain_text, content: Hello}
+    title: {tag: plain_text, content: "Hi, there: #1"}
`},
		{"an element goes", untouched, replaced(`{"tag":"hr"},`, ``), `
-    - tag: hr
`},
		{"an element comes", untouched, replaced(`{"tag":"hr"},`, `{"tag":"hr"},{"tag":"img","img_key":"k","alt":{"tag":"plain_text","content":"a\nb"}},`), `
+    - tag: img
+      img_key: k
+      alt:
+        tag: plain_text
+        content: |-
+          a
+          b
`},
		{"an element moves with its comments", untouched, replaced(`{"tag":"hr"},{"fields":[],"tag":"div","text":{"content":"b","tag":"plain_text"}}`, `{"fields":[],"tag":"div","text":{"content":"b","tag":"plain_text"}},{"tag":"hr"}`), `
-    # a line
-    - tag: hr
+    # a line
+    - tag: hr
`},
		{"a key comes and a number is exact", untouched, replaced(`"wide_screen_mode":true`, `"width":1.50e+400,"wide_screen_mode":false`), `
-  config: {wide_screen_mode: true}
+  config: {wide_screen_mode: false, width: 1.50e+400}
`},
		{"the key behind the dash goes", untouched, replaced(`"fields":[],`, ``), `
-    - fields: []
-      tag: div
+    - tag: div
`},
		{"the only key behind the dash becomes another", untouched, replaced(`{"tag":"hr"}`, `{"a":[1]}`), `
-    - tag: hr
+    - a:
+        - 1
`},
		{"an empty list is filled", untouched, replaced(`"fields":[]`, `"fields":[{"is_short":true,"text":{"tag":"plain_text","content":"x"}}]`), `
-    - fields: []
+    - fields:
+        - is_short: true
+          text: {tag: plain_text, content: x}
`},
		{"an element comes into a card in JSON", aDraft + "push_content: {\"elements\": [{\"tag\": \"hr\"}]}\n", replaced(`{"tag":"hr"}`, `{"tag":"hr"},{"tag":"note"}`), `
-push_content: {"elements": [{"tag": "hr"}]}
+push_content: {"elements": [{"tag": "hr"}, {"tag": "note"}]}
`},
		{"an element of several lines moves within brackets", aDraft + "push_content: {elements: [\n  {tag: hr,\n   a: b},\n  {tag: note}\n]}\n", replaced(`{"a":"b","tag":"hr"},{"tag":"note"}`, `{"tag":"note"},{"a":"b","tag":"hr"}`), `
+  {tag: note},
-   a: b},
-  {tag: note}
+   a: b}
`},
		{"a paragraph of a folded text", "push_content:\n  a: >\n    one\n    two\n\n    three\n    four\n\n\n    five\n    six\n" + aDraft, replaced("three four", "3"), `
-    three
-    four
+    3
`},
		{"a folded text that begins with a line end", aDraft + "push_content:\n  a: >-\n\n    first\n    second\n", replaced("second", "last"), `
-    first
-    second
+    first last
`},
		{"members that are merged in", aDraft + "push_content: {}\n<<: {user_list: [ou_a, {user_id: ou_b, name: 李四}]}\n", func(s *diff.State) { s.UserList = append(s.UserList, spec.Target{ID: "ou_d"}) }, `
+user_list:
+  - ou_a
+  - {user_id: ou_b, name: 李四}
+  - ou_d
`},
		{"ext", untouched, func(s *diff.State) { s.Ext = `{"a": 2}` }, `
-ext: '{"a":1}'
+ext: '{"a": 2}'
`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			for _, form := range []func(string) string{
				func(s string) string { return s },
				func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") },
				func(s string) string { return strings.TrimSuffix(s, "\n") },
				func(s string) string {
					return "---\n" + s + "---\n# other\n" + strings.Replace(strings.Replace(s, `"1"`, `"2"`, 1), "# yaml", "#", 1)
				},
			} {
				src := form(row.src)
				got, _, err := rewritten(t, src, row.edit)
				if err != nil {
					t.Fatalf("%v\n%s", err, src)
				}
				if d := cmp.Diff(strings.TrimPrefix(row.want, "\n"), lineDiff(src, got)); d != "" {
					t.Errorf("%s\n%s", d, got)
				}
			}
		})
	}
}

// TestRewriteAnchors: what stands in several places changes in all of them, or is written out, or the
// file is left.
func TestRewriteAnchors(t *testing.T) {
	t.Parallel()
	const anchored = `notification_id: "1"
job_name: &name Hello
push_type: 0
push_scope_type: 0
push_content:
  header: {title: &title {tag: plain_text, content: *name, n: 1}}
  elements:
    - tag: note
      elements: [*title, {<<: *title, content: b}]
`
	for _, row := range []struct {
		why  string
		edit func(s *diff.State)
		want string // "" where the file is left
	}{
		{"a value that others repeat", func(s *diff.State) { s.JobName = "Other" }, ""},
		{"a value that only repeats another", replaced(`"elements":[{"content":"Hello"`, `"elements":[{"content":"Bye"`), `
-      elements: [*title, {<<: *title, content: b}]
+      elements: [{tag: plain_text, content: Bye, "n": 1}, {<<: *title, content: b}]
`},
		{"one of two members merged in", replaced(`"content":"b","n":1`, `"content":"b","n":2`), `
-      elements: [*title, {<<: *title, content: b}]
+      elements: [*title, {<<: *title, content: b, "n": 2}]
`},
		{"a member merged in goes", replaced(`"content":"b","n":1`, `"content":"b"`), ""},
		{"a value that another merges in", replaced(`"title":{"content":"Hello","n":1`, `"title":{"content":"Hello","n":2`), ""},
		{"a value and all that repeat it", func(s *diff.State) {
			s.JobName = "Other"
			replaced(`"elements":[{"content":"Hello"`, `"elements":[{"content":"Other"`)(s)
			replaced(`"title":{"content":"Hello"`, `"title":{"content":"Other"`)(s)
		}, `
-job_name: &name Hello
+job_name: &name Other
`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			got, _, err := rewritten(t, anchored, row.edit)
			if want := strings.TrimPrefix(row.want, "\n"); (err != nil) != (want == "") || err == nil && lineDiff(anchored, got) != want {
				t.Errorf("%v\n%s", err, lineDiff(anchored, got))
			}
		})
	}
}

func replaced(old, new string) func(*diff.State) {
	return func(s *diff.State) {
		text := strings.Replace(s.PushContent.String(), old, new, 1)
		card, err := spec.ParseJSON([]byte(text))
		if err != nil || text == s.PushContent.String() {
			panic(s.PushContent.String())
		}
		s.PushContent = card
	}
}

// rewritten is a file whose first draft was edited at the console.
func rewritten(t *testing.T, src string, change func(*diff.State)) (string, []string, error) {
	t.Helper()
	set := spec.Decode("a.yaml", []byte(src), spec.Options{})
	if len(set.Drafts) == 0 {
		t.Fatalf("%v", set.Diagnostics)
	}
	d := set.Drafts[0]
	is := said(d, diff.State{})
	wanted := is
	change(&wanted)
	got, gone, err := Rewrite("a.yaml", []byte(src), map[spec.Pos]Takeover{d.Pos: {Said: is, Wanted: wanted}}, false, spec.Options{})
	return string(got), gone, err
}

// lineDiff are the lines of a text that went, and those that came.
func lineDiff(before, after string) string {
	b, a := strings.Split(strings.ReplaceAll(before, "\r", ""), "\n"), strings.Split(strings.ReplaceAll(after, "\r", ""), "\n")
	var out strings.Builder
	for _, e := range diff.Edits(b, a) {
		switch e.Op {
		case diff.Remove:
			out.WriteString("-" + b[e.Before] + "\n")
		case diff.Add:
			out.WriteString("+" + a[e.After] + "\n")
		}
	}
	return out.String()
}

// TestRewriteCard: a card file in JSON keeps its indentation, and one without blanks stays without.
func TestRewriteCard(t *testing.T) {
	t.Parallel()
	before, after := card(`{"elements":[{"tag":"hr"}]}`), card(`{"elements":[{"tag":"hr"},{"tag":"div","text":{"tag":"plain_text","content":"a\nb"}}]}`)
	for _, row := range []struct{ why, src, want string }{
		{"tabs", "{\n\t\"elements\": [\n\t\t{\"tag\": \"hr\"}\n\t]\n}\n", "{\n\t\"elements\": [\n\t\t{\"tag\": \"hr\"},\n\t\t{\n\t\t\t\"tag\": \"div\",\n\t\t\t\"text\": {\n\t\t\t\t\"tag\": \"plain_text\",\n\t\t\t\t\"content\": \"a\\nb\"\n\t\t\t}\n\t\t}\n\t]\n}\n"},
		{"four blanks", "{\n    \"elements\": [\n        {\"tag\": \"hr\"}\n    ]\n}", "{\n    \"elements\": [\n        {\"tag\": \"hr\"},\n        {\n            \"tag\": \"div\",\n            \"text\": {\n                \"tag\": \"plain_text\",\n                \"content\": \"a\\nb\"\n            }\n        }\n    ]\n}"},
		{"none", `{"elements":[{"tag":"hr"}]}`, `{"elements":[{"tag":"hr"},{"tag":"div","text":{"tag":"plain_text","content":"a\nb"}}]}`},
	} {
		got, _, err := RewriteCard("card.json", []byte(row.src), before, after, false)
		if d := cmp.Diff(row.want, string(got)); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", row.why, err, d)
		}
	}
}
