package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

func mustJSON(t testing.TB, src string) JSON {
	t.Helper()
	j, err := ParseJSON([]byte(src))
	if err != nil {
		t.Fatalf("ParseJSON(%q): %v", src, err)
	}
	return j
}

func TestParseJSONIsCanonical(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"white space is dropped", " {\n\t\"a\" : [ 1 , 2 ] }\n", `{"a":[1,2]}`},
		{"members are sorted", `{"b":1,"a":{"d":1,"c":2}}`, `{"a":{"c":2,"d":1},"b":1}`},
		{"lists are not", `[3,1,2]`, `[3,1,2]`},
		{"numbers stay as written", `[1.0,1e2,-0,1E+400,12345678901234567890]`, `[1.0,1e2,-0,1E+400,12345678901234567890]`},
		{"escapes that need not be are undone", `"\u4f60\/\u0041"`, `"你/A"`},
		{"nothing is escaped for HTML", `"\u003ca\u003e&"`, `"<a>&"`},
		{"controls keep the shortest escape", `"\u000a\u0001"`, `"\n\u0001"`},
		{"a pair of surrogates is one character", `"\ud83d\ude00"`, `"😀"`},
		{"names sort as in UTF-16", "{\"\ue000\":1,\"😀\":2}", "{\"😀\":2,\"\ue000\":1}"},
		{"any value will do", `null`, `null`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if got := mustJSON(t, tt.src).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestParseJSONRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)
	for _, tt := range []struct {
		why, src     string
		line, column int
		message      string
	}{
		{"two values for one name", "{\"a\": 1,\n \"a\": 2}", 2, 2, `member "a" is given twice`},
		{"two spellings of one name", `{"a":1,"\u0061":2}`, 1, 8, `member "a" is given twice`},
		{"a repeated name further in", "{\"名字\":[{},{\"c\":1,\"c\":2}]}", 1, 18, `member "c" is given twice`},
		{"bytes that are not UTF-8", "\"a\xff\"", 1, 3, "invalid UTF-8"},
		{"half a surrogate pair", `"\ud800"`, 1, 2, `the escape \ud800 is half`},
		{"a second value", "{} {}", 1, 4, "more stands behind the card"},
		{"a value cut off", `{"a":`, 1, 6, "ends too early"},
		{"nothing", ``, 1, 1, "nothing stands there"},
		{"a trailing comma", "[1,\n2,\n]", 2, 2, "a comma stands before ]"},
		{"a comment", "{} // x", 1, 4, "JSON has no comments"},
		{"a byte order mark", "\ufeff{}", 1, 1, "does not begin with {"},
		{"a stack of brackets", deep, 1, maxDepth + 1, "nested more than"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			_, err := ParseJSON([]byte(tt.src))
			at := fmt.Sprintf(" (line %d, column %d of the JSON)", tt.line, tt.column)
			if err == nil || !strings.Contains(err.Error(), tt.message) || !strings.HasSuffix(err.Error(), at) {
				t.Errorf("got %v, want %s%s", err, tt.message, at)
			}
		})
	}
}

func TestParseJSONAllowsTheDeepestCard(t *testing.T) {
	t.Parallel()
	mustJSON(t, strings.Repeat("[", maxDepth)+`"]]]]{{{{"`+strings.Repeat("]", maxDepth))
}

func TestJSONEqual(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, a, b string
		want      bool
	}{
		{"a fraction of zero is none", `1`, `1.0`, true},
		{"an exponent is a way of writing", `1`, `10e-1`, true},
		{"so is its sign", `[100]`, `[1E+2]`, true},
		{"zero has no sign", `-0`, `0.0e5`, true},
		{"other numbers have", `-1`, `1`, false},
		{"float64 would round these together", `9007199254740993`, `9007199254740992.0`, false},
		{"float64 would lose these", `1e400`, `10e399`, true},
		{"float64 would lose the difference", `1e400`, `1e401`, false},
		{"exponents may be absurd", `1e99999999999999999999`, `10e99999999999999999998`, true},
		{"and absurdly small", `1e-99999999999999999999`, `0`, false},
		{"digits matter to the last", `0.1000000000000000000000000000001`, `0.1`, false},
		{"a number is no text", `1`, `"1"`, false},
		{"numbers inside texts are text", `"1.0"`, `"1"`, false},
		{"an escaped quote does not end a text", `["\"1",1]`, `["\"1",1.0]`, true},
		{"a longer list is another", `[1,2]`, `[1]`, false},
		{"the order of a list matters", `[1,2]`, `[2,1]`, false},
		{"the order of members does not", `{"a":1,"b":2}`, `{"b":2.0,"a":1}`, true},
		{"null is not absent", `{"a":null}`, `{}`, false},
		{"a number's neighbour counts", `[1,true]`, `[1.0,false]`, false},
		{"a text that looks like a number and what follows it", `["1.0,"]`, `["1,"]`, false},
		{"like one at the end of a list", `["1.0]"]`, `["1]"]`, false},
		{"like one at the end of a mapping", `{"a":"1.0}"}`, `{"a":"1}"}`, false},
		{"a key that looks like one", `{"1.0":1}`, `{"1":1}`, false},
		{"a number at the text's end", `1.50`, `1.5`, true},
		{"two numbers are not one", `[1,2]`, `[12]`, false},
		{"a sign of a fraction of nothing", `-0.000e-7`, `0`, true},
		{"zeros in front of an exponent", `1e0000000000000000000000000001`, `10`, true},
		{"an exponent that carries", `1e1000000000000000000`, `10e999999999999999999`, true},
		{"and one that borrows", `0.1e-999999999999999999`, `1e-1000000000000000000`, true},
		{"one that borrows from more digits than an integer has", `0.1e1000000000000000000`, `1e999999999999999999`, true},
		{"whatever its sign", `10e-1000000000000000000`, `1e-999999999999999999`, true},
		{"exponents that differ in their first digit", `1e1000000000000000000`, `1e2000000000000000000`, false},
		{"or in their sign", `1e1000000000000000000`, `1e-1000000000000000000`, false},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			a, b := mustJSON(t, tt.a), mustJSON(t, tt.b)
			if a.Equal(b) != tt.want || b.Equal(a) != tt.want {
				t.Errorf("%s equal to %s: got %v and %v, want %v", a, b, a.Equal(b), b.Equal(a), tt.want)
			}
		})
	}
	if (JSON{}).Equal(mustJSON(t, "null")) || !(JSON{}).Equal(JSON{}) {
		t.Error("no value is equal to no value only")
	}
}

// jsonValue draws any JSON value as a tree.
func jsonValue() *rapid.Generator[any] {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "\"", "\\", "</a>", "\x00\n", "😀", "\ue000", "\u2028"}))
	return rapid.Custom(func(t *rapid.T) any {
		return drawJSON(t, text, 3)
	})
}

func drawJSON(t *rapid.T, text *rapid.Generator[string], depth int) any {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch rapid.IntRange(1, kinds).Draw(t, "kind") {
	case 1:
		return nil
	case 2:
		return rapid.Bool().Draw(t, "bool")
	case 3, 4:
		return text.Draw(t, "text")
	case 5:
		return json.Number(rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,5})?`).Draw(t, "number"))
	case 6:
		list := make([]any, rapid.IntRange(0, 4).Draw(t, "items"))
		for i := range list {
			list[i] = drawJSON(t, text, depth-1)
		}
		return list
	}
	object := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		object[text.Draw(t, "name")] = drawJSON(t, text, depth-1)
	}
	return object
}

// scribble writes a tree as JSON in some order, with some white space and escapes.
func scribble(t *rapid.T, b *strings.Builder, v any) {
	space := func() { b.WriteString(rapid.SampledFrom([]string{"", "", " ", "\n", "\t\r\n"}).Draw(t, "space")) }
	space()
	switch v := v.(type) {
	case map[string]any:
		names := rapid.Permutation(slices.Sorted(maps.Keys(v))).Draw(t, "order")
		b.WriteByte('{')
		for i, name := range names {
			b.WriteString(strings.Repeat(",", min(i, 1)))
			scribble(t, b, name)
			b.WriteByte(':')
			scribble(t, b, v[name])
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			b.WriteString(strings.Repeat(",", min(i, 1)))
			scribble(t, b, item)
		}
		b.WriteByte(']')
	case string:
		escape(t, b, v)
	default:
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	space()
}

func escape(t *rapid.T, b *strings.Builder, s string) {
	all := rapid.Bool().Draw(t, "escape")
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case all && r < 0x10000, r < ' ', r == '"', r == '\\':
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

func TestJSONEqualWhateverTheSpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := jsonValue().Draw(t, "value")
		var one, two strings.Builder
		scribble(t, &one, v)
		scribble(t, &two, v)
		a, err := ParseJSON([]byte(one.String()))
		b, err2 := ParseJSON([]byte(two.String()))
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if !a.Equal(b) || a.String() != b.String() {
			t.Errorf("%q and %q: %s is not %s", one.String(), two.String(), a, b)
		}
		if !reflect.DeepEqual(a.Value(), v) {
			t.Errorf("value of %s: %#v, want %#v", a, a.Value(), v)
		}
	})
}

func TestCompareUTF16(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab\x7fé\ud7ff\ue000\uffff\U00010000😀")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		// jsontext's own order is the reference.
		src, _ := json.Marshal(map[string]int{a: 1, b: 2})
		j, err := ParseJSON(src)
		if err != nil {
			t.Fatal(err)
		}
		quotedA, _ := jsontext.AppendQuote([]byte{'{'}, a)
		aFirst := strings.HasPrefix(j.String(), string(quotedA)+":")
		if got := compareUTF16(a, b); (got == 0) != (a == b) || a != b && (got < 0) != aFirst {
			t.Errorf("%q, %q: got %d in %s", a, b, got, j)
		}
	})
}

func TestJSONEmbedsItself(t *testing.T) {
	t.Parallel()
	type change struct{ Before, After JSON }
	src, err := json.Marshal(change{After: mustJSON(t, `{"a":1.0}`)})
	if err != nil || string(src) != `{"Before":null,"After":{"a":1.0}}` {
		t.Fatalf("got %s, %v", src, err)
	}
	var back change
	if err := json.Unmarshal(src, &back); err != nil {
		t.Fatal(err)
	}
	if !back.Before.IsZero() || back.After.String() != `{"a":1.0}` {
		t.Errorf("got %+v", back)
	}
	if err := json.Unmarshal([]byte(`{"After":{"a":1,"a":2}}`), &back); err == nil {
		t.Error("a repeated name came through")
	}
}

func TestTextJSON(t *testing.T) {
	t.Parallel()
	if got := TextJSON("a\xff\"<\n").String(); got != "\"a\ufffd\\\"<\\n\"" {
		t.Errorf("got %s", got)
	}
	if TextJSON("{").IsObject() || !mustJSON(t, "{}").IsObject() || (JSON{}).IsObject() {
		t.Error("IsObject is wrong")
	}
	if (JSON{}).Value() != nil || (JSON{}).String() != "" {
		t.Error("no value has a value")
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"a":[1,2.50,"x\u00e9",null,true]}`, `{"a":1,"a":2}`, `[1e400,-0]`, "\"\xff\"", `"\ud800"`,
		strings.Repeat("[", 300), `{"b":{"d":1,"c":"\/"},"a":" "}`, `1 2`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		before := bytes.Clone(src)
		j, err := ParseJSON(src)
		if !bytes.Equal(src, before) {
			t.Fatal("the source was changed")
		}
		want, accepted := standard(src)
		if err != nil {
			var e *jsonError
			if !errors.As(err, &e) || e.line < 1 || e.column < 1 || e.message == "" {
				t.Fatalf("%q: %#v", src, err)
			}
			if accepted && !strings.Contains(e.message, "given twice") && !mayRefuse(src) {
				t.Fatalf("%q is JSON: %v", src, err)
			}
			return
		}
		if !accepted || !reflect.DeepEqual(j.Value(), want) {
			t.Fatalf("%q: got %#v, encoding/json has %#v, %v", src, j.Value(), want, accepted)
		}
		again, err := ParseJSON([]byte(j.String()))
		if err != nil || again.String() != j.String() || !again.Equal(j) {
			t.Fatalf("%q: %s became %s, %v", src, j, again, err)
		}
	})
}

// standard is what encoding/json makes of a text.
func standard(src []byte) (v any, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return nil, false
	}
	_, err := dec.Token()
	return v, errors.Is(err, io.EOF)
}

// mayRefuse reports whether ParseJSON is meant to be stricter than encoding/json.
func mayRefuse(src []byte) bool {
	return !utf8.Valid(src) || bytes.Contains(bytes.ToLower(src), []byte(`\ud`)) || bytes.Count(src, []byte("["))+bytes.Count(src, []byte("{")) > maxDepth
}
