package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"notiform/spec"
)

// This file draws the random values that the laws are tried on. A card is drawn as a tree,
// which can be compared without any of our code, and then spelt in one of its many forms.

// decimal is a number of a tree: digits times ten to the exponent, digits not ending in 0.
type decimal struct {
	digits   int64
	exponent int
}

// drawTree draws a JSON value: nil, bool, decimal, string, []any or map[string]any.
func drawTree(t *rapid.T, depth int) any {
	kinds := []string{"null", "bool", "number", "string", "array", "object"}
	if depth <= 0 {
		kinds = kinds[:4]
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "bool":
		return rapid.Bool().Draw(t, "bool")
	case "number":
		return drawDecimal(t)
	case "string":
		return drawText(t)
	case "array":
		list := make([]any, rapid.IntRange(0, 4).Draw(t, "length"))
		for i := range list {
			list[i] = drawTree(t, depth-1)
		}
		return list
	case "object":
		object := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "members") {
			object[drawName(t)] = drawTree(t, depth-1)
		}
		return object
	}
	return nil
}

func drawDecimal(t *rapid.T) decimal {
	d := decimal{rapid.Int64Range(-30, 30).Draw(t, "digits"), rapid.IntRange(-2, 2).Draw(t, "exponent")}
	if d.digits%10 == 0 {
		return decimal{}
	}
	return d
}

func drawText(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "a", "b", "1", "1.0", "null", "div", "**你好**", "<at id=all></at> & \"x\"", "\u2028\n\t😀"}).Draw(t, "text")
}

// drawName draws the name of a member: the ones that cards have, and some that look like paths.
func drawName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"tag", "text", "content", "elements", "a.b", "a b", "[0]", "", "0", "中文", `"`}).Draw(t, "name")
}

// drawElement draws an object with a tag, as the elements of a card are.
func drawElement(t *rapid.T) any {
	return map[string]any{
		"tag":  rapid.SampledFrom([]string{"div", "hr", "img"}).Draw(t, "tag"),
		"text": drawTree(t, 1),
	}
}

// drawCard draws a card: an object with elements, and something beside them.
func drawCard(t *rapid.T) any {
	elements := make([]any, rapid.IntRange(0, 5).Draw(t, "elements"))
	for i := range elements {
		elements[i] = drawElement(t)
	}
	return map[string]any{"elements": elements, drawName(t): drawTree(t, 3)}
}

// edited draws a tree that is v with one thing changed somewhere.
func edited(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return editedObject(t, v)
	case []any:
		return editedArray(t, v)
	}
	return drawTree(t, 1)
}

func editedObject(t *rapid.T, v map[string]any) any {
	object := maps.Clone(v)
	if len(v) == 0 || rapid.Bool().Draw(t, "new member") {
		object[drawName(t)] = drawTree(t, 2)
		return object
	}
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(v))).Draw(t, "member")
	if rapid.Bool().Draw(t, "without member") {
		delete(object, name)
	} else {
		object[name] = edited(t, v[name])
	}
	return object
}

func editedArray(t *rapid.T, v []any) any {
	if len(v) == 0 || rapid.Bool().Draw(t, "new element") {
		return slices.Insert(slices.Clone(v), rapid.IntRange(0, len(v)).Draw(t, "at"), drawElement(t))
	}
	i := rapid.IntRange(0, len(v)-1).Draw(t, "element")
	if rapid.Bool().Draw(t, "without element") {
		return slices.Delete(slices.Clone(v), i, i+1)
	}
	list := slices.Clone(v)
	list[i] = edited(t, v[i])
	return list
}

// spell writes a tree as JSON text, its white space, order of members, escapes and forms of
// numbers drawn.
func spell(t *rapid.T, v any) string {
	space := rapid.SampledFrom([]string{"", "", " ", "\n\t"}).Draw(t, "space")
	switch v := v.(type) {
	case nil:
		return space + "null"
	case bool:
		return space + fmt.Sprint(v)
	case decimal:
		return space + spellDecimal(t, v)
	case string:
		return space + spellText(t, v)
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = spell(t, v[i])
		}
		return space + "[" + strings.Join(parts, ",") + space + "]"
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, name := range rapid.Permutation(slices.Sorted(maps.Keys(v))).Draw(t, "order") {
			parts = append(parts, spellText(t, name)+space+":"+spell(t, v[name]))
		}
		return space + "{" + strings.Join(parts, ",") + space + "}"
	}
	panic(fmt.Sprintf("no tree holds a %T", v))
}

func spellDecimal(t *rapid.T, d decimal) string {
	if d.digits == 0 {
		return rapid.SampledFrom([]string{"0", "-0", "0.0", "0e7", "-0.00E+1"}).Draw(t, "zero")
	}
	forms := []string{
		fmt.Sprintf("%de%d", d.digits, d.exponent),
		fmt.Sprintf("%d.0E%+d", d.digits, d.exponent),
		fmt.Sprintf("%d00e%d", d.digits, d.exponent-2),
	}
	if d.exponent >= 0 {
		forms = append(forms, fmt.Sprint(d.digits)+strings.Repeat("0", d.exponent))
	}
	return rapid.SampledFrom(forms).Draw(t, "number")
}

func spellText(t *rapid.T, s string) string {
	if rapid.Bool().Draw(t, "escaped") {
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(s)) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
		return `"` + b.String() + `"`
	}
	quoted, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

func spelt(t *rapid.T, v any) spec.JSON {
	text := spell(t, v)
	parsed, err := spec.ParseJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return parsed
}

// drawTargets draws a list of distinct ids, some with names, in any order.
func drawTargets(t *rapid.T, label string, least int, ids ...string) []spec.Target {
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), least, len(ids), rapid.ID).Draw(t, label)
	list := make([]spec.Target, len(some))
	for i, id := range some {
		list[i] = spec.Target{ID: id, Name: rapid.SampledFrom([]string{"", "张三", "技术部"}).Draw(t, "name")}
	}
	return list
}

func drawUsers(t *rapid.T, least int) []spec.Target {
	return drawTargets(t, "users", least, "ou_a", "ou_b", "ou_c")
}

func drawDepartments(t *rapid.T, label string, least int) []spec.Target {
	return drawTargets(t, label, least, "od-a", "od-b", "od-c")
}

func drawChats(t *rapid.T, least int) []spec.Target {
	return drawTargets(t, "chats", least, "oc_a", "oc_b")
}

func drawExt(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "{}", `{"a":1}`, "no JSON", `"text"`, "null"}).Draw(t, "ext")
}

// drawState draws what a server may hold, whether any rule allows it or not.
func drawState(t *rapid.T) State {
	s := State{
		JobName:                     rapid.SampledFrom([]string{"", "Welcome", "新人欢迎"}).Draw(t, "job_name"),
		PushType:                    spec.PushType(rapid.IntRange(0, 4).Draw(t, "push_type")),
		PushScopeType:               spec.PushScopeType(rapid.IntRange(0, 6).Draw(t, "push_scope_type")),
		NewStaffScopeType:           spec.NewStaffScopeType(rapid.IntRange(0, 3).Draw(t, "new_staff_scope_type")),
		NewStaffScopeDepartmentList: Members(drawDepartments(t, "new staff departments", 0)),
		UserList:                    Members(drawUsers(t, 0)),
		DepartmentList:              Members(drawDepartments(t, "departments", 0)),
		ChatList:                    Members(drawChats(t, 0)),
		SendAt:                      rapid.SampledFrom([]string{"", "1735700000000", "1735700000001", "soon"}).Draw(t, "send_at"),
		Ext:                         drawExt(t),
	}
	if rapid.Bool().Draw(t, "card") {
		s.PushContent = spelt(t, drawCard(t))
	} else {
		s.PushContent = spec.TextJSON(drawText(t))
	}
	return s
}

func card(text string) spec.JSON {
	v, err := spec.ParseJSON([]byte(text))
	if err != nil {
		panic(err)
	}
	return v
}

// textOf is the text of a JSON string.
func textOf(v spec.JSON) (string, bool) {
	if v.IsZero() {
		return "", false
	}
	s, ok := v.Value().(string)
	return s, ok
}

// asJSON is v as JSON, for comparing whole results.
func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
