package spec

import (
	"strings"
	"testing"
)

// TestSyntaxPlaces: what yaml.v3 says of these, when it says a line, is often that
// where the block began, less one, and in a parser's words.
func TestSyntaxPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"a colon too many", "a: 1\nb: c: d\n", `2:5: a text with a colon and a space in it must stand in quotes`},
		{"indented too far", "a: 1\nb: 2\n  c: 3\n", `3:3: this line is indented by 2, which fits no line above`},
		{"a tab", "a: 1\nb:\n\tc: 1\n", `3:1: a tab stands in the indentation`},
		{"a quote left open", "x: 1\na: \"abc\nb: 1\n", `2:4: the quote " that begins here is not closed`},
		{"a list ends in a key", "# c\n\nk: v\nl:\n  - a\n  b: 1\nm: 2\n", `6:3: this line is indented by 2, which fits no line above`},
		{"a key ends in a list", "# c\nk: 1\nl: 2\n- b\nm: 1\n", `4:1: this line does not fit the lines above it`},
		{"text after a quote", "# c\nn: 1\na: 'it''s' x\nb: 1\n", `3:8: the text goes on behind its closing quote`},
		{"indented too little", "a:\n  b:\n    - 1\n   c: 2\n", `4:4: this line is indented by 3, which fits no line above`},
		{"a bracket left open", "x: 1\na: [1, 2\nb: 3\n", `2:4: the [ that begins here is not closed`},
		{"a brace left open", "x: 1\na: {b: 1\nc: 4\n", `2:4: the { that begins here is not closed`},
		{"an anchor that is not there", "x: 1\ny: [a, *nope]\n", `2:8: *nope refers to &nope, which is not there`},
		{"a control character", "x: 1\ny: 你\x01\n", `2:5: a control character stands here`},
		{"a C1 control", "x: 1\ny: \u009b\n", `2:4: a control character stands here`},
		{"an escape there is not", "a: \"\\q\"\n", `1:5: a backslash stands here before a character that it does not go with`},
		{"a path, for YAML an escape without its digits", "a: \"b \\\\ c:\\users\"\n", `1:12: a backslash stands here before a character that it does not go with`},
		{"an escape of no character", "a: \"\\u4f60 \\U00110000\"\n", `1:12: an escape stands here that is no character`},
		{"a tab in an empty line", "a: b\n\t\nc: 1\n", `2:1: a tab stands in an empty line`},
		{"a tab before a long line", "a: b\n\t" + strings.Repeat("x", longestMended) + "\n", `2:1: a tab stands in the indentation`},
		{"nothing before a comma", "a: 1\nb: [,c]\n", `2:1: no value can begin with the character that stands here`},
		{"a document without its marker", "a: 1\n...\nb: 2\n", `3:1: this line does not fit the lines above it`},
		{"in a later document", "a: 1\n---\nb: 1\n  c: 2\n", `4:3: this line is indented by 2, which fits no line above`},
		{"on Windows", "a: 1\r\nl:\r\n  - a\r\n  b: 1\r\n", `4:3: this line is indented by 2, which fits no line above`},
		{"after a byte order mark", "\ufeff  a: 1\n b: 2\n", `2:2: this line is indented by 1, which fits no line above`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(tt.src), Options{Severity: map[string]Severity{ruleUnknownField: Off}})
			var got []string
			for _, d := range set.Diagnostics {
				if d.Rule == ruleYAMLSyntax {
					got = append(got, strings.TrimPrefix(d.Pos.String(), "f.yaml:")+": "+d.Message)
				}
			}
			if len(got) != 1 || got[0] != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
