package edit

import (
	"cmp"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// write puts another value in the place of one, of which nothing is kept but its style.
func (t *text) write(n *yaml.Node, v any, s site) {
	at := t.spans[n]
	t.quotes = s.quotes
	written, isText := v.(string)
	isBlock := n.Kind == yaml.ScalarNode && n.Style&block != 0
	switch {
	case len(n.Content) > 0 && !t.isFlow(at.start):
		t.inPlaceOfEntries(n, t.flowText(v, -1), s)
	case isBlock && isText:
		t.writeBlock(n, written, s)
	case isBlock:
		t.replace(at.start, at.end, t.flowText(v, -1)+"\n")
	case s.key && (isLong(v) || isText && n.Style&quoted == 0 && strings.HasPrefix(valueText(v, s.indent), " |")):
		t.writeBelow(at, valueText(v, s.indent), s)
	case isText:
		t.replace(at.start, at.end, t.lead(at, s)+t.scalar(written, n.Style, s.inFlow))
	default:
		t.replace(at.start, at.end, t.lead(at, s)+t.flowText(v, -1))
	}
}

// lead is the blank in front of a value where none stood.
func (t *text) lead(at span, s site) string {
	if at.start == at.end && at.start == s.after {
		return " "
	}
	return ""
}

// writeBelow puts a value that begins behind its colon or on the next line in the place of a short
// one, whose comment stays on its line.
func (t *text) writeBelow(at span, value string, s site) {
	head, lines, below := strings.Cut(value, "\n")
	t.replace(s.after, at.end, head)
	if next := t.lineEnd(at.end); below {
		t.replace(next, next, lines+"\n")
	}
}

// blockHeader is what may stand behind the | or > of a block text.
var blockHeader = regexp.MustCompile(`^[|>][-+1-9]*`)

// writeBlock puts another text in the place of a block text, as deep as that was.
func (t *text) writeBlock(n *yaml.Node, written string, s site) {
	at := t.spans[n]
	body := t.lineEnd(at.start + 1)
	header := blockHeader.FindString(t.src[at.start:body])
	deep := depthOf(header, s.indent)
	if deep < 0 {
		deep = s.indent + 2
		if first := strings.TrimLeft(t.src[body:at.end], "\r\n"); first != "" {
			deep = len(first) - len(strings.TrimLeft(first, " "))
		}
	}
	if !fitsBlock(written) || strings.HasSuffix(written, "\n\n") && !strings.HasSuffix(n.Value, "\n\n") {
		t.replace(at.start, at.start+len(header), t.scalar(written, yaml.DoubleQuotedStyle, false))
		t.replace(body, at.end, "")
		return
	}
	folded := header[0] == '>' && !strings.Contains("\n"+written, "\n ") && !strings.Contains("\n"+written, "\n\t")
	var known map[string]string
	if folded {
		known = foldedFrom(t.src[body:at.end], deep)
	}
	newHeader, lines := blockLines(written, deep, deep-max(s.indent, 0), known)
	if strings.ContainsAny(header, "123456789") && !strings.ContainsAny(newHeader, "123456789") {
		newHeader += header[strings.IndexAny(header, "123456789"):][:1]
	}
	t.replace(at.start, at.start+len(header), newHeader)
	t.replace(body, at.end, lines)
}

// fitsBlock reports whether a text can be a block: it is not blank, and nothing in it has to be escaped.
func fitsBlock(s string) bool {
	return strings.TrimSpace(s) != "" && !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && isEscaped(r) })
}

// runs are the line ends of a folded text.
var runs = regexp.MustCompile(`\n+`)

// foldedFrom are the lines of a folded text, as it is folded, by what each comes to.
func foldedFrom(body string, deep int) map[string]string {
	known := map[string]string{}
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		var parts []string
		for line := range strings.SplitSeq(strings.Trim(paragraph, "\n"), "\n") {
			parts = append(parts, line[min(deep, len(line)):])
		}
		known[strings.Join(parts, " ")] = strings.Trim(paragraph, "\n")
	}
	return known
}

// blockLines are the header and the lines of a block text. step is by how much they are deeper than
// what they belong to. It is folded if there are folded lines, which stay as they are.
func blockLines(s string, deep, step int, folded map[string]string) (header, lines string) {
	inner := strings.TrimRight(s, "\n")
	header = "|"
	if folded != nil {
		text := strings.TrimLeft(inner, "\n") // in front of it each counts
		header, inner = ">", inner[:len(inner)-len(text)]+runs.ReplaceAllString(text, "$0\n")
	}
	if strings.HasPrefix(strings.TrimLeft(inner, "\n"), " ") {
		header += string(rune('0' + step))
	}
	ends := len(s) - len(strings.TrimRight(s, "\n"))
	switch {
	case ends == 0:
		header += "-"
	case ends > 1:
		header += "+"
	}
	var b strings.Builder
	for line := range strings.SplitSeq(inner, "\n") {
		if line != "" {
			line = cmp.Or(folded[line], strings.Repeat(" ", deep)+line)
		}
		b.WriteString(line + "\n")
	}
	b.WriteString(strings.Repeat("\n", max(ends-1, 0)))
	return header, b.String()
}
