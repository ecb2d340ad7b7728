package spec

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writer writes YAML as people would: yaml.v3 escapes every emoji, and takes indicators at the
// beginning of a block text for granted. What it wrote is read again by whoever uses it.
type writer struct{ out []byte }

// What it writes is a tree of mapping, []any, string and literal.
type (
	mapping []entry
	entry   struct {
		key   string
		value any
	}
	literal string // stands as it is: a number, a name, a time
)

// tree is a value of JSON as the writer has it.
func tree(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(mapping, 0, len(v))
		for _, key := range Members(v) {
			m = append(m, entry{key, tree(v[key])})
		}
		return m
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = tree(item)
		}
		return items
	case string:
		return v
	case json.Number:
		return literal(v)
	case nil:
		return literal("null")
	default:
		return literal(fmt.Sprint(v)) // true or false
	}
}

// Members are the names of an object's members, in the order in which people write them in a card.
func Members(object map[string]any) []string {
	order := memberOrder()
	return slices.SortedFunc(maps.Keys(object), func(a, b string) int {
		return cmp.Or(order.of(a)-order.of(b), strings.Compare(a, b))
	})
}

// Entry is a key with its value as YAML, as Encode writes a card: lines of which all but the first
// stand at an indentation. The value is as JSON.Value has it.
func Entry(key string, value any, indent int) string {
	w := new(writer)
	w.entries(mapping{{key, tree(value)}}, indent)
	return string(w.out)
}

// Item is a value as an entry of a list, like Entry.
func Item(value any, indent int) string {
	w := new(writer)
	w.items([]any{tree(value)}, indent)
	return strings.TrimLeft(string(w.out), " ")
}

// Inline is a text as YAML on one line, within brackets or not, in quotes where it needs them.
func Inline(s string, inFlow bool) string { return inline(s, inFlow) }

// memberNames is an order of members. Those that it does not have come between, by name.
type memberNames struct{ first, last []string }

// memberOrder is the order in which people write what is in a card: what it is, what it says, how it
// looks, and last what is long.
func memberOrder() memberNames {
	return memberNames{
		[]string{
			"tag", "user_id", "department_id", "chat_id", "schema", "config", "card_link", "header", "i18n_header", "template", "is_short", "title", "subtitle", "text_tag_list",
			"name", "text_align", "text", "content", "i18n", "img_key", "alt", "type", "size", "width", "weight", "flex_mode", "background_style",
			"url", "pc_url", "ios_url", "android_url", "multi_url", "zh_cn", "en_us",
		},
		[]string{"extra", "fields", "actions", "options", "columns", "elements", "i18n_elements", "fallback"},
	}
}

func (o memberNames) of(name string) int {
	if i := slices.Index(o.first, name); i >= 0 {
		return i
	}
	return len(o.first) + 1 + slices.Index(o.last, name) // of the others: -1
}

// step is by how much a line is indented below another.
const step = 2

func (w *writer) indent(n int) { w.out = append(w.out, strings.Repeat(" ", n)...) }

// entries writes a mapping, an entry a line. The first begins where the writer is.
func (w *writer) entries(m mapping, indent int) {
	for i, e := range m {
		if i > 0 {
			w.indent(indent)
		}
		w.out = append(w.out, inline(e.key, false)...)
		w.out = append(w.out, ':')
		if block, ok := e.value.(mapping); ok && !inFlow(block) {
			w.out = append(w.out, '\n')
			w.indent(indent + step)
		}
		w.value(e.value, indent)
	}
}

// items writes a list, an item a line.
func (w *writer) items(list []any, indent int) {
	for _, item := range list {
		w.indent(indent)
		w.out = append(w.out, '-')
		if block, ok := item.(mapping); ok && !inFlow(block) {
			w.out = append(w.out, ' ')
		}
		w.value(item, indent)
	}
}

// value writes what stands behind a key or a dash, to the end of its last line.
func (w *writer) value(v any, indent int) {
	switch v := v.(type) {
	case mapping:
		if inFlow(v) {
			w.line(flow(v))
			return
		}
		w.entries(v, indent+step)
	case []any:
		if len(v) == 0 {
			w.line("[]")
			return
		}
		w.out = append(w.out, '\n')
		w.items(v, indent+step)
	case literal:
		w.line(string(v))
	case string:
		w.text(v, indent+step)
	}
}

// line writes the rest of a line.
func (w *writer) line(s string) {
	if s != "" {
		w.out = append(append(w.out, ' '), s...)
	}
	w.out = append(w.out, '\n')
}

// widest is how wide what stands on one line may be to be read at a glance.
const widest = 88

// inFlow reports whether a mapping is written between braces: it is small and holds nothing large. An
// element of a card is not, but for a text.
func inFlow(m mapping) bool {
	const most = 3 // members
	for _, e := range m {
		text, isText := e.value.(string)
		_, isLiteral := e.value.(literal)
		isElement := e.key == "tag" && text != "plain_text" && text != "lark_md"
		if !isText && !isLiteral || isElement || strings.Contains(text, "\n") {
			return false
		}
	}
	return len(m) <= most && width(flow(m)) <= widest
}

func flow(m mapping) string {
	parts := make([]string, len(m))
	for i, e := range m {
		value, ok := e.value.(literal)
		if !ok {
			text, _ := e.value.(string)
			value = literal(inline(text, true))
		}
		parts[i] = inline(e.key, true) + ": " + string(value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// width is about how wide a text is: Chinese characters, and most others that take three bytes, are
// twice as wide as Latin ones.
func width(s string) int { return (len(s) + utf8.RuneCountInString(s)) / 2 }

// text writes a text: on the line, or below it in a block where it has several lines, or would need
// quotes and is long. Blocks keep what is in them, but for what an editor may take away unseen.
func (w *writer) text(s string, indent int) {
	onLine := inline(s, false)
	switch long := onLine != s && width(s) > widest; {
	case (long || strings.Contains(s, "\n")) && fitsBlock(s):
		w.block(s, indent)
	case strings.Contains(s, "\n"):
		w.line(quotedLines(s, indent))
	default:
		w.line(onLine)
	}
}

func (w *writer) block(s string, indent int) {
	body, ended := strings.CutSuffix(s, "\n")
	if ended {
		w.line("|")
	} else {
		w.line("|-")
	}
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" {
			w.indent(indent)
		}
		w.out = append(append(w.out, line...), '\n')
	}
}

// fitsBlock reports whether a block shows a text as it is: no line of it begins or ends in what nobody
// sees, and it has no more than one line break at its end.
func fitsBlock(s string) bool {
	if strings.TrimLeft(s, " \t\n") != s || strings.HasSuffix(s, "\n\n") || hasUnseen(s, "\n\t") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, "\t") || strings.TrimRight(line, " \t") != line {
			return false
		}
	}
	return true
}

// hasUnseen reports whether a text has characters that have to be escaped, besides those of allowed.
func hasUnseen(s, allowed string) bool {
	if strings.IndexFunc(s, func(r rune) bool { return isHidden(r) || refusedByYAML(r) }) < 0 {
		return false
	}
	text := []rune(s)
	for i, r := range text {
		if isUnseen(text, i) && !strings.ContainsRune(allowed, r) {
			return true
		}
	}
	return false
}

func isUnseen(text []rune, i int) bool {
	return isHidden(text[i]) && !isSpelling(text, i) || refusedByYAML(text[i])
}

// inline is a text on one line, in quotes where any reader of YAML, of version 1.1 or 1.2, might take
// it for something else, or might in a mapping between braces.
func inline(s string, inFlow bool) string {
	switch {
	case hasUnseen(s, ""):
		return doubleQuoted(s)
	case isPlain(s, inFlow):
		return s
	case !strings.ContainsAny(s, `"\`):
		return `"` + s + `"`
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	}
	return doubleQuoted(s)
}

// noPlainText is what is a null, a boolean, a number or a time to some version of YAML, and a little more.
var noPlainText = regexp.MustCompile(`^(?i:null|true|false|yes|no|on|off|y|n|[0-9][-0-9a-fxoz_.,:+t ]*)$`)

// isPlain reports whether a text needs no quotes, neither for programs nor for people: one that begins
// with the quotes of Chinese would seem to have some.
func isPlain(s string, inFlow bool) bool {
	switch {
	case s == "" || strings.TrimFunc(s, unicode.IsSpace) != s, noPlainText.MatchString(s),
		strings.ContainsAny(first(1, s), "-?:,[]{}#&*!|>'\"%@`=~.+“”‘’"), strings.HasPrefix(s, "<<"),
		strings.Contains(s, ": "), strings.Contains(s, " #"), strings.HasSuffix(s, ":"):
		return false
	}
	return !inFlow || !strings.ContainsAny(s, ",[]{}:?#")
}

// doubleQuoted is a text between double quotes, with what nobody sees as escapes.
func doubleQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	text := []rune(s)
	for i, r := range text {
		const special, letters = "\"\\\n\t\r", `"\ntr`
		switch at := strings.IndexRune(special, r); {
		case at >= 0:
			b.WriteByte('\\')
			b.WriteByte(letters[at])
		case r > 0xFFFF && isUnseen(text, i):
			fmt.Fprintf(&b, `\U%08X`, r)
		case isUnseen(text, i):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quotedLines is a text of several lines between double quotes, each on a line of its own. What such
// a line begins with is indentation, so that a blank of the text is escaped there.
func quotedLines(s string, indent int) string {
	var b strings.Builder
	b.WriteByte('"')
	for line := range strings.Lines(s) {
		if b.Len() > 1 {
			b.WriteString("\\\n" + strings.Repeat(" ", indent))
			if strings.HasPrefix(line, " ") {
				b.WriteByte('\\')
			}
		}
		quoted := doubleQuoted(line)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	b.WriteByte('"')
	return b.String()
}
