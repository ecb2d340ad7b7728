package edit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"gopkg.in/yaml.v3"
)

// scalar is a text on one line, in the style that was there where it can be.
func (t *text) scalar(s string, style yaml.Style, inFlow bool) string {
	switch {
	case t.isJSON || t.quotes || style&yaml.DoubleQuotedStyle != 0:
	case style&yaml.SingleQuotedStyle != 0 && !strings.ContainsFunc(s, isEscaped) && !strings.Contains(s, "\n"):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case isPlain(s, inFlow) && style&yaml.SingleQuotedStyle == 0:
		return s
	}
	return inQuotes(s)
}

// inQuotes is a text in double quotes, as YAML and JSON read them.
func inQuotes(s string) string {
	b, _ := jsontext.AppendQuote(nil, s) // the error only says that what is no UTF-8 was replaced
	var out strings.Builder
	for _, r := range string(b) {
		if isEscaped(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// isEscaped reports whether a character cannot stand in a file as such, or must not: yaml.v3 refuses
// it, or takes it for a line end.
func isEscaped(r rune) bool {
	return r != '\t' && unicode.IsControl(r) || slices.Contains([]rune{0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF}, r)
}

// otherwise are texts that some reader of YAML takes for something else than a text.
var otherwise = regexp.MustCompile(`(?i)^([-+.0-9][-+.0-9a-z_:]*|y|n|yes|no|on|off|true|false|null)$`)

// isPlain reports whether a text can do without quotes.
func isPlain(s string, inFlow bool) bool {
	switch {
	case s != strings.TrimSpace(s), s == "", otherwise.MatchString(s),
		strings.ContainsAny(s[:1], "-?:,[]{}#&*!|>'\"%@`~="),
		strings.Contains(s, ": "), strings.Contains(s, " #"), strings.HasSuffix(s, ":"),
		strings.ContainsFunc(s, func(r rune) bool { return r == '\t' || r == '\n' || isEscaped(r) }),
		inFlow && strings.ContainsAny(s, ",[]{}?:"):
		return false
	}
	var n yaml.Node
	return yaml.Unmarshal([]byte(s), &n) == nil && len(n.Content) == 1 && n.Content[0].Kind == yaml.ScalarNode &&
		n.Content[0].Tag == "!!str" && n.Content[0].Value == s
}

// key is a name of a mapping in a block.
func (t *text) key(name string) string { return t.scalar(name, 0, true) }

// flowKey is a name of a mapping in brackets.
func (t *text) flowKey(name string) string { return t.scalar(name, 0, true) }

// tight reports whether the text is JSON without blanks.
func (t *text) tight() bool { return t.isJSON && !loose.MatchString(t.src) }

// loose is JSON for people.
var loose = regexp.MustCompile(`"[:,]?\s`)

func (t *text) colon() string {
	if t.tight() {
		return ":"
	}
	return ": "
}

func (t *text) comma() string {
	if t.tight() {
		return ","
	}
	return ", "
}

// bare is what needs no quotes though some reader of YAML may not take it for a text.
type bare string

// flowText is a value in brackets: on one line, or spread from an indentation on.
func (t *text) flowText(v any, indent int) string {
	var parts []string
	open, shut := "[", "]"
	deeper := indent
	if indent >= 0 {
		deeper += 2
	}
	switch v := v.(type) {
	case map[string]any:
		open, shut = "{", "}"
		for _, name := range order(v) {
			parts = append(parts, t.flowKey(name)+t.colon()+t.flowText(v[name], deeper))
		}
	case []any:
		for _, item := range v {
			parts = append(parts, t.flowText(item, deeper))
		}
	case string:
		return t.scalar(v, 0, true)
	case bare:
		return string(v)
	default:
		b, _ := json.Marshal(v) // a number, true, false or null
		return string(b)
	}
	if indent < 0 || len(parts) == 0 || isBrief(v) && !t.isJSON {
		return open + strings.Join(parts, t.comma()) + shut
	}
	pad := "\n" + strings.Repeat(" ", deeper)
	return open + pad + strings.Join(parts, ","+pad) + "\n" + strings.Repeat(" ", indent) + shut
}

// order is that of names as people write cards: what it is first, then what is short.
func order(object map[string]any) []string {
	rank := func(name string) int {
		switch {
		case name == "tag" || strings.HasSuffix(name, "_id"):
			return 0
		case !isLong(object[name]):
			return 1
		default:
			return 2
		}
	}
	return slices.SortedFunc(maps.Keys(object), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// valueText is a value behind the colon of a key at an indentation, without a line end at its end.
func (t *text) valueText(v any, indent int) string {
	if isLong(v) && !isBrief(v) {
		return "\n" + t.linesOf(v, indent+2)
	}
	return t.shortText(v, indent)
}

// itemText is a value behind the dash of a list at an indentation, without a line end at its end.
func (t *text) itemText(v any, indent int) string {
	if isLong(v) && !isBrief(v) {
		return " " + strings.TrimLeft(t.linesOf(v, indent+2), " ")
	}
	return t.shortText(v, indent)
}

// isBrief reports whether people write an object on one line: {tag: hr}.
func isBrief(v any) bool {
	object, _ := v.(map[string]any)
	for _, inner := range object {
		if s, isText := inner.(string); isLong(inner) || isText && (len(s) > 40 || inBlock(s)) {
			return false
		}
	}
	return 0 < len(object) && len(object) <= 2
}

// shortText is a text, a number or nothing, which begins on the line of its key.
func (t *text) shortText(v any, indent int) string {
	s, isText := v.(string)
	if isText && inBlock(s) {
		header, lines := blockLines(s, indent+2, 2, false)
		return " " + header + "\n" + strings.TrimSuffix(lines, "\n")
	}
	if isText {
		return " " + t.scalar(s, 0, false)
	}
	return " " + t.flowText(v, -1)
}

// linesOf are the entries of a collection on lines of their own, without a line end at their end.
func (t *text) linesOf(v any, indent int) string {
	pad := strings.Repeat(" ", indent)
	var lines []string
	switch v := v.(type) {
	case map[string]any:
		for _, name := range order(v) {
			lines = append(lines, pad+t.key(name)+":"+t.valueText(v[name], indent))
		}
	case []any:
		for _, item := range v {
			lines = append(lines, pad+"-"+t.itemText(item, indent))
		}
	}
	return strings.Join(lines, "\n")
}
