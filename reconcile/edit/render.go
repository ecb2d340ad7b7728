package edit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"gopkg.in/yaml.v3"

	"notiform/spec"
)

// scalar is a text on one line, in the style that was there where it can be.
func (t *text) scalar(s string, style yaml.Style, inFlow bool) string {
	switch {
	case t.isJSON || t.quotes || style&yaml.DoubleQuotedStyle != 0:
	case style&yaml.SingleQuotedStyle != 0 && !strings.ContainsFunc(s, isEscaped) && !strings.Contains(s, "\n"):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case style&yaml.SingleQuotedStyle == 0 && !strings.Contains(s, "\n"):
		return spec.Inline(s, inFlow)
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
		deeper += t.step
	}
	switch v := v.(type) {
	case map[string]any:
		open, shut = "{", "}"
		for _, name := range spec.Members(v) {
			parts = append(parts, t.scalar(name, 0, true)+t.colon()+t.flowText(v[name], deeper))
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
	if indent < 0 || len(parts) == 0 || !t.isJSON && len(parts) <= 2 && !slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(part, "\n") }) {
		return open + strings.Join(parts, t.comma()) + shut
	}
	pad := "\n" + t.pad(deeper)
	return open + pad + strings.Join(parts, ","+pad) + "\n" + t.pad(indent) + shut
}

// isLong reports whether a value takes lines of its own.
func isLong(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

// valueText is a value behind the colon of a key at an indentation, without a line end at its end.
func valueText(v any, indent int) string {
	return strings.TrimSuffix(strings.TrimPrefix(spec.Entry("x", v, indent), "x:"), "\n")
}
