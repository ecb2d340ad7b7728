package diff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"notiform/spec"
)

func TestCardChanges(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, before, after string
		want               []string
	}{
		{
			why:    "an element put in front is one addition, and nothing behind it changed",
			before: `{"elements":[{"tag":"div","text":"a"},{"tag":"div","text":"b"},{"tag":"hr"}]}`,
			after:  `{"elements":[{"tag":"div","text":"new"},{"tag":"div","text":"a"},{"tag":"div","text":"b"},{"tag":"hr"}]}`,
			want:   []string{`add push_content @ elements[0]:  -> {"tag":"div","text":"new"}`},
		},
		{
			why:    "also when the numbers behind it are spelt another way",
			before: `{"elements":[{"tag":"img","w":1},{"tag":"img","w":20},{"tag":"img","w":3}]}`,
			after:  `{"elements":[{"tag":"img","w":9},{"tag":"img","w":1.0},{"tag":"img","w":2e1},{"tag":"img","w":30e-1}]}`,
			want:   []string{`add push_content @ elements[0]:  -> {"tag":"img","w":9}`},
		},
		{
			why:    "an element taken from the middle is one removal, at the index it had",
			before: `{"elements":[{"tag":"div","text":"a"},{"tag":"hr"},{"tag":"div","text":"b"}]}`,
			after:  `{"elements":[{"tag":"div","text":"a"},{"tag":"div","text":"b"}]}`,
			want:   []string{`remove push_content @ elements[1]: {"tag":"hr"} -> `},
		},
		{
			why:    "a text that was reworded is one change, at its path",
			before: `{"elements":[{"tag":"hr"},{"tag":"div","text":{"tag":"lark_md","content":"old"}}]}`,
			after:  `{"elements":[{"tag":"hr"},{"tag":"div","text":{"tag":"lark_md","content":"new"}}]}`,
			want:   []string{`replace push_content @ elements[1].text.content: "old" -> "new"`},
		},
		{
			why:    "reworded and moved down: told where it is now",
			before: `{"elements":[{"tag":"div","text":"old"}]}`,
			after:  `{"elements":[{"tag":"hr"},{"tag":"div","text":"new"}]}`,
			want:   []string{`add push_content @ elements[0]:  -> {"tag":"hr"}`, `replace push_content @ elements[1].text: "old" -> "new"`},
		},
		{
			why:    "elements of two kinds at one index are one removed and one added",
			before: `{"elements":[{"tag":"hr"}]}`,
			after:  `{"elements":[{"tag":"img","img_key":"k"}]}`,
			want:   []string{`remove push_content @ elements[0]: {"tag":"hr"} -> `, `add push_content @ elements[0]:  -> {"img_key":"k","tag":"img"}`},
		},
		{
			why:    "deep: columns in columns",
			before: `{"elements":[{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"markdown","content":"a"}]}]}]}`,
			after:  `{"elements":[{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"markdown","content":"b"}]}]}]}`,
			want:   []string{`replace push_content @ elements[0].columns[0].elements[0].content: "a" -> "b"`},
		},
		{
			why:    "keys that could be taken for structure are quoted",
			before: `{"a.b":1,"a":{"b":1,"":1},"x y":[[1]],"[0]":1,"q\"":1,"中文":1}`,
			after:  `{"a.b":2,"a":{"b":2,"":2},"x y":[[true]],"[0]":2,"q\"":2,"中文":2}`,
			want: []string{
				`replace push_content @ ["[0]"]: 1 -> 2`,
				`replace push_content @ a[""]: 1 -> 2`,
				`replace push_content @ a.b: 1 -> 2`,
				`replace push_content @ ["a.b"]: 1 -> 2`,
				`replace push_content @ ["q\""]: 1 -> 2`,
				`replace push_content @ ["x y"][0][0]: 1 -> true`,
				`replace push_content @ ["中文"]: 1 -> 2`,
			},
		},
		{
			why:    "null is a value that can come and go",
			before: `{"a":null,"c":null}`,
			after:  `{"b":null,"c":{}}`,
			want:   []string{`remove push_content @ a: null -> `, `add push_content @ b:  -> null`, `replace push_content @ c: null -> {}`},
		},
		{
			why:    "an empty object is not an empty array",
			before: `{"a":{}}`,
			after:  `{"a":[]}`,
			want:   []string{`replace push_content @ a: {} -> []`},
		},
		{
			why:    "one number changed, and those that are only spelt another way are not told",
			before: `{"a":1,"b":1.0,"c":10e-1}`,
			after:  `{"a":1.00,"b":1,"c":2}`,
			want:   []string{`replace push_content @ c: 10e-1 -> 2`},
		},
		{
			why:    "the card of a server that holds no JSON is replaced whole",
			before: `no JSON`,
			after:  `{"elements":[]}`,
			want:   []string{`replace push_content: "no JSON" -> {"elements":[]}`},
		},
		{
			why:    "and so is one that is JSON and no object: it is told as the text that it is",
			before: `[1]`,
			after:  `{"elements":[]}`,
			want:   []string{`replace push_content: "[1]" -> {"elements":[]}`},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			changes := Between(State{PushContent: Card(row.before)}, State{PushContent: Card(row.after)})
			if diff := cmp.Diff(row.want, lines(changes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOneInsertedElementIsOneAddition, wherever it is put and however the rest is spelt: a
// reviewer reads what was done.
func TestOneInsertedElementIsOneAddition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var elements []any
		for i := range rapid.IntRange(0, 6).Draw(t, "elements") {
			elements = append(elements, map[string]any{"tag": "div", "nth": decimal{int64(10*i + 1), 0}, "text": drawTree(t, 1)})
		}
		at := rapid.IntRange(0, len(elements)).Draw(t, "at")
		more := slices.Insert(slices.Clone(elements), at, any(map[string]any{"tag": "div", "nth": decimal{7, 0}}))
		without := State{PushContent: spelt(t, map[string]any{"elements": elements})}
		with := State{PushContent: spelt(t, map[string]any{"elements": more})}
		place := fmt.Sprintf("push_content elements[%d]", at)
		if got := places(Between(without, with)); !slices.Equal(got, []string{"add " + place}) {
			t.Fatalf("put in: %q", got)
		}
		if got := places(Between(with, without)); !slices.Equal(got, []string{"remove " + place}) {
			t.Fatalf("taken out: %q", got)
		}
	})
}

// undone takes back, in the value after, all that changes tell of a field. Paths count the
// elements of after, but for the last index of what was removed, which counts those of before;
// so going back needs nothing but the changes.
func undone(t rapid.TB, changes []Change, field string, after spec.JSON) spec.JSON {
	u := undoing{removed: map[string][]Change{}, told: map[string]Change{}}
	for _, c := range changes {
		if c.Field != field {
			continue
		}
		if c.Path == "" {
			if !c.After.Equal(after) {
				t.Fatalf("%s, and after is %s", line(c), after)
			}
			return c.Before
		}
		if c.Op == Remove {
			parent, _ := cut(t, c.Path)
			u.removed[parent] = append(u.removed[parent], c)
		} else {
			u.told[c.Path] = c
		}
	}
	if after.IsZero() {
		return after
	}
	before := u.undo(t, "", after.Value())
	if len(u.told)+len(u.removed) > 0 {
		t.Fatalf("changes of places that are not there: %v %v", u.told, u.removed)
	}
	return jsonOf(before)
}

// undoing holds the changes not yet undone, those of removed places by their parent's path.
type undoing struct {
	removed map[string][]Change
	told    map[string]Change
}

func (u undoing) undo(t rapid.TB, path string, after any) any {
	if c, ok := u.told[path]; ok {
		delete(u.told, path)
		if !c.After.Equal(jsonOf(after)) {
			t.Fatalf("%s, and what stands there is %s", line(c), jsonOf(after))
		}
		return c.Before.Value()
	}
	removed := u.removed[path]
	delete(u.removed, path)
	switch after := after.(type) {
	case map[string]any:
		return u.undoObject(t, path, after, removed)
	case []any:
		return u.undoArray(t, path, after, removed)
	}
	if len(removed) > 0 {
		t.Fatalf("something was removed from %s, which holds nothing", path)
	}
	return after
}

// added says whether what stands at path was added, and counts it as undone.
func (u undoing) added(path string) bool {
	c, ok := u.told[path]
	if !ok || c.Op != Add {
		return false
	}
	delete(u.told, path)
	return true
}

func (u undoing) undoObject(t rapid.TB, path string, after map[string]any, removed []Change) any {
	before := map[string]any{}
	for name, v := range after {
		if at := path + joined(path, name); !u.added(at) {
			before[name] = u.undo(t, at, v)
		}
	}
	for _, c := range removed {
		_, last := cut(t, c.Path)
		before[last] = c.Before.Value()
	}
	return before
}

func (u undoing) undoArray(t rapid.TB, path string, after []any, removed []Change) any {
	before := []any{}
	for i, v := range after {
		if at := element(path, i); !u.added(at) {
			before = append(before, u.undo(t, at, v))
		}
	}
	for _, c := range removed { // told from top to bottom, so each index is right once it is its turn
		_, last := cut(t, c.Path)
		i, err := strconv.Atoi(last)
		if err != nil || i > len(before) {
			t.Fatalf("%s: no such index", line(c))
		}
		before = slices.Insert(before, i, c.Before.Value())
	}
	return before
}

// cut splits a path before its last step, and reads the step.
func cut(t rapid.TB, path string) (parent, last string) {
	if inner, ok := strings.CutSuffix(path, "]"); ok {
		i := strings.LastIndex(inner, "[")
		if q := strings.LastIndex(inner, `["`); strings.HasSuffix(inner, `"`) {
			for i = q; ; i = strings.LastIndex(inner[:i], `["`) { // a quoted name may hold the same signs
				if json.Unmarshal([]byte(inner[i+1:]), &last) == nil {
					return path[:i], last
				}
			}
		}
		return path[:i], inner[i+1:]
	}
	i := strings.LastIndex(path, ".")
	return path[:max(i, 0)], path[i+1:]
}

// FuzzCardChanges tries the law of TestChangesLeadFromBeforeToAfter on any two texts a server
// and a file could hold.
func FuzzCardChanges(f *testing.F) {
	seeds := [][2]string{
		{`{"elements":[{"tag":"hr"}]}`, `{"elements":[{"tag":"div"},{"tag":"hr"}]}`},
		{`{"a":[1,2,3,[4]]}`, `{"a":[3,[5],1.0]}`},
		{`{"":{"":[]}}`, `{"":{"":{}}}`},
		{"no JSON", `{}`},
	}
	for _, s := range seeds {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		b, a := Card(before), Card(after)
		changes := Between(State{PushContent: b}, State{PushContent: a})
		if (len(changes) == 0) != b.Equal(a) {
			t.Fatalf("%d changes between %s and %s", len(changes), b, a)
		}
		if got := undone(t, changes, "push_content", a); !got.Equal(b) {
			t.Fatalf("undone: %s, want %s, by %q", got, b, lines(changes))
		}
	})
}
