package spec

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// compiledSchema is the schema as a validator reads it.
func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("draft.json", parsed); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("draft.json")
}

// asEdited are the documents of a file as a validator of JSON gets them.
func asEdited(src []byte) []any {
	var documents []any
	f := newDecoder(Options{}).newFile("f.yaml", src)
	f.each = func(f *file, root *yaml.Node) { documents = append(documents, f.plain(root)) }
	f.readAll()
	return documents
}

func (f *file) plain(n *yaml.Node) any {
	n = resolved(n)
	switch kindOf(n) {
	case kindMapping:
		object := map[string]any{}
		for _, m := range f.members(n, 0) {
			object[m.key] = f.plain(m.value)
		}
		return object
	case kindList:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, f.plain(item))
		}
		return list
	case kindNull:
		return nil
	case kindBool:
		return strings.EqualFold(n.Value, "true")
	case kindNumber:
		return json.Number(n.Value)
	case kindOddNumber:
		var number float64
		if n.Decode(&number) == nil {
			return number
		}
	}
	return n.Value
}

// schemaRefusal is why the schema refuses a file; nil if it does not.
func schemaRefusal(s *jsonschema.Schema, src string) error {
	for _, document := range asEdited([]byte(src)) {
		if err := s.Validate(document); err != nil {
			return err
		}
	}
	return nil
}

// TestSchemaHasTheTruthTable: of every combination of types and lists the schema says what validate says.
func TestSchemaHasTheTruthTable(t *testing.T) {
	t.Parallel()
	s := compiledSchema(t)
	eachTruthRow(func(src string, want bool) {
		if err := schemaRefusal(s, src); (err == nil) != want {
			t.Errorf("legal is %v, but the schema says %v of\n%s", want, err, src)
		}
	})
}

// spellings are values of each field, with and without a fault.
func spellings() [fieldCount][]string {
	ids := func(id, prefix string) []string {
		mapping := "{" + id + ": " + prefix + "a, name: 张三}"
		return []string{
			"", "null", "[]", "[" + prefix + "a]", "[" + mapping + "]", "[*id , " + prefix + "b]", "[{" + id + ": 7, name: }]", "[1, 1.0]", "[010, 10]", "[true]", `["0"]`,
			"[{" + id + ": x, title: y}]", "[{name: x}]", "[张三]", "[[]]", "[~]", "[" + prefix + "a, " + prefix + "a]", "[1e+5, 0x1F]", "x", "{}", "[{<<: " + mapping + "}]",
		}
	}
	return [fieldCount][]string{
		fieldNotificationID: {`"6985032626234982420"`, "6985032626234982420", `""`, "", "007", "7.0", "abc", "-1", "true", "[1]", strings.Repeat("9", 400)},
		fieldUserIDType:     {"open_id", "union_id", "user_id", `""`, "", "x", "0"},
		fieldJobName:        {"新人", "yes", "2026-12-01", "!!str 7", "1.x", `""`, "", "7", "true", "{}"},
		fieldPushType:       {"scheduled", "new_staff", "0", "1", "2", `"0"`, `""`, "", "1.0", "false"},
		fieldPushScopeType:  {"all_members", "chats_only", "selected_members", "new_staff", "0", "1", "2", "3", "4", ""},
		fieldNewStaffScopeType: {
			"all", "departments", "0", "1", `""`, "", "2", "[]",
		},
		fieldNewStaffScopeDepartmentList: ids("department_id", "od-"),
		fieldUserList:                    append(ids("user_id", "ou_"), "[on_a]", "[{user_id: on_a, avatar_url: [1]}]", "[ou_]"),
		fieldDepartmentList:              ids("department_id", "od-"),
		fieldChatList:                    append(ids("chat_id", "oc_"), "[oc_]"),
		fieldSendAt: {
			"2026-12-01T09:00:00+08:00", `"2026-12-01t09:00:00.1230000z"`, "1764550800000", `"1764550800000"`, `""`, "", "~", "2026-02-30T09:00:00Z", "2026-12-01", "2026-12-01 09:00:00Z",
			"2026-12-01T09:00:00.1234Z", "2026-12-01T24:00:00Z", "2026-12-01T09:00:00-23:59", "1764550800", "0176455080000", "true", "[]",
		},
		fieldPushContent: {
			"{}", "{elements: [{tag: hr}]}", "&card {elements: [&hr {tag: hr}, *hr , {<<: *hr }]}", `"{}"`, "\" \\t\\n{\\\"elements\\\": []}\"", "|\n  {\"elements\": [{\"tag\": \"hr\"}]}", `""`, "",
			"{elements: [{tag: dvi}]}", "{header: {title: a}}", "[]", "a", "7", `"[]"`,
		},
		fieldPushContentFile: {`""`, "", "card.json", "../card.json", "/card.json", "7"},
		fieldExt:             {"a", `"{}"`, `""`, "", "7", "{}"},
	}
}

// TestSchemaAccepts: what validate is told no error of the schema accepts, whatever way it is written.
func TestSchemaAccepts(t *testing.T) {
	t.Parallel()
	s, table, rows := compiledSchema(t), spellings(), []string(nil)
	eachTruthRow(func(src string, legal bool) {
		if legal {
			rows = append(rows, src)
		}
	})
	opts := Options{ReadCard: func(string) ([]byte, error) { return []byte("{}"), nil }}
	accepted, drawn := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		lines := append(strings.Split(strings.TrimSpace(rapid.SampledFrom(rows).Draw(t, "row")), "\n"), "<<: {ext: a, job_name: &id ou_x}")
		for f, values := range table {
			likely, seldom := len(values), 2
			if fieldPushType <= field(f) && field(f) <= fieldChatList {
				seldom = 9
			}
			if rapid.IntRange(1, seldom).Draw(t, "given") < seldom {
				continue
			}
			if rapid.IntRange(0, 3).Draw(t, "odd") > 0 {
				likely = min(likely, 6)
			}
			lines = append(lines, field(f).String()+": "+rapid.SampledFrom(values[:likely]).Draw(t, field(f).String()))
		}
		src := draftWith(lines...)
		if drawn++; Decode("f.yaml", []byte(src), opts).Errors() > 0 {
			return
		}
		accepted++
		if err := schemaRefusal(s, src); err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
	})
	if accepted < drawn/10 {
		t.Errorf("only %d of %d drafts were without an error", accepted, drawn)
	}
}

// TestSchemaOnEachField: every way to write one field, in a draft that it fits, is judged alike; but for
// what a schema cannot say.
func TestSchemaOnEachField(t *testing.T) {
	t.Parallel()
	s, opts := compiledSchema(t), Options{ReadCard: func(string) ([]byte, error) { return []byte("{}"), nil }}
	around := [fieldCount][]string{
		fieldUserList:                    {"push_scope_type: selected_members", "department_list: [0]"},
		fieldDepartmentList:              {"push_scope_type: 2", "user_list: [ou_x]"},
		fieldNewStaffScopeDepartmentList: {"push_type: 1", "push_scope_type: new_staff", "new_staff_scope_type: 0"},
		fieldPushContentFile:             {"-push_content:"},
	}
	beyond := map[string]bool{
		"push_type: 1.0": true, "notification_id: 7.0": true, "send_at: 2026-02-30T09:00:00Z": true, "push_content_file: ../card.json": true,
		"[1e+5, 0x1F]": true, // a number is its value, however it is written
		"[010, 10]":    true,
	}
	for f, values := range spellings() {
		for _, value := range values {
			line := field(f).String() + ": " + value
			src := draftWith(append(around[f], strings.ReplaceAll(line, "*id ", "x"))...)
			valid, err := Decode("f.yaml", []byte(src), opts).Errors() == 0, schemaRefusal(s, src)
			if said := err == nil; said != valid && !(said && (beyond[line] || beyond[value])) {
				t.Errorf("valid is %v, but the schema says %v of\n%s", valid, err, src)
			}
		}
	}
}

// TestSchemaOnExamples: the examples are accepted as they stand.
func TestSchemaOnExamples(t *testing.T) {
	t.Parallel()
	s, files := compiledSchema(t), exampleDrafts(t)
	for name, src := range files {
		if err := schemaRefusal(s, src); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(files) < 10 {
		t.Errorf("only %d examples", len(files))
	}
}

// exampleDrafts are the drafts of examples/.
func exampleDrafts(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"drafts/*.yaml", "drafts/*/*.yaml", "blocked/*.yaml"} {
		names, err := filepath.Glob(filepath.Join("..", "examples", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(name)] = string(src)
		}
	}
	return files
}

// TestSchemaIsForReaders: always the same bytes, the fields in the order of the manual, each with what it
// is before what it holds.
func TestSchemaIsForReaders(t *testing.T) {
	t.Parallel()
	text := Schema()
	if !bytes.Equal(text, Schema()) {
		t.Error("two runs differ")
	}
	at := -1
	for f, def := range fields() {
		place := bytes.Index(text, []byte("\n    \""+def.name+"\": {"))
		if rest := bytes.TrimSpace(text[max(place, 0)+len("\n    \"\": {")+len(def.name):]); place < at || def.about == "" || !bytes.HasPrefix(rest, []byte(`"description": "`+def.about)) {
			t.Errorf("%s stands at %d, what is before it at %d", field(f), place, at)
		}
		at = place
	}
	if definitions := bytes.Index(text, []byte("\n  \"definitions\": {")); definitions < at {
		t.Error("the definitions do not come last")
	}
}
