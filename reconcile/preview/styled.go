package preview

import (
	"html"
	"slices"
	"strings"

	"notiform/spec/card"
)

// styled is a text as spans, by what the engine of its format knows, by the page "Rich text". Of a
// list, a rule and a block of code the marks stay: people know them.
func styled(text string, format card.Format, hrefs map[string]string) []Span {
	if text == "" {
		return nil
	}
	if format == card.Plain {
		var lines []Span // each by itself, so that two texts are compared by lines
		for line := range strings.Lines(text) {
			lines = append(lines, Span{Text: line})
		}
		return lines
	}
	p := styler{full: format == card.FullMarkdown, hrefs: hrefs}
	fenced := false
	for line := range strings.Lines(text) {
		fence := p.full && strings.HasPrefix(line, "```")
		if fence {
			fenced = !fenced
		}
		if fence || fenced {
			p.now.Kind = "code"
			p.plain(line)
			p.flush()
			p.now.Kind = ""
			continue
		}
		p.line(line)
	}
	p.flush()
	return p.spans
}

// styler makes spans of a text. Every byte is looked at a bounded number of times.
type styler struct {
	full  bool
	hrefs map[string]string
	spans []Span
	now   Span // the style, and the text so far
	left  map[string]int
	fonts []string // colours of fonts that are open around the one that counts
}

func (p *styler) plain(s string) { p.now.Text += s }

// flush ends the span that is being made.
func (p *styler) flush() {
	if p.now.Text != "" {
		span := p.now
		p.spans = append(p.spans, span)
	}
	p.now.Text = ""
}

// marks are those of styles, the longer first.
func marks() []string { return []string{"**", "__", "~~", "*"} }

// line reads a line. A style ends with it at the latest, and begins only where its mark comes again.
func (p *styler) line(s string) {
	p.left = map[string]int{}
	if strings.ContainsAny(s, "*_~") {
		p.count(s)
	}
	start := 0
	for i := 0; i < len(s); {
		n := p.special(s, i, start)
		if n == 0 {
			i++
			continue
		}
		i += n
		start = i
	}
	p.plain(html.UnescapeString(s[start:]))
	p.flush()
	p.now.Bold, p.now.Italic, p.now.Struck = false, false, false
}

// count notes how often each mark comes in a line.
func (p *styler) count(s string) {
	for i := 0; i < len(s); {
		if m := markAt(s[i:]); m != "" {
			p.left[m]++
			i += len(m)
		} else {
			i++
		}
	}
}

func markAt(s string) string {
	for _, m := range marks() {
		if strings.HasPrefix(s, m) {
			return m
		}
	}
	return ""
}

// special reads what stands at s[i] if it is more than text, which there is from start to it, and
// returns its length.
func (p *styler) special(s string, i, start int) int {
	before := func() {
		p.plain(html.UnescapeString(s[start:i]))
		p.flush()
	}
	switch s[i] {
	case '*', '_', '~':
		return p.mark(s[i:], before)
	case '[', '!':
		return p.link(s[i:], before)
	case '<':
		return p.tag(s[i:], before)
	}
	return 0
}

func (p *styler) mark(s string, before func()) int {
	m := markAt(s)
	if m == "" {
		return 0
	}
	on := map[string]*bool{"**": &p.now.Bold, "__": &p.now.Bold, "~~": &p.now.Struck, "*": &p.now.Italic}[m]
	if p.left[m]--; !*on && (p.left[m] < 1 || strings.TrimLeft(s[len(m):], " \n") == "" || s[len(m)] == ' ') {
		return 0
	}
	before()
	*on = !*on
	return len(m)
}

// link reads [text](address) and, in a markdown element, ![text](key).
func (p *styler) link(s string, before func()) int {
	open := strings.IndexByte(s[:min(2, len(s))], '[')
	if open < 0 || open == 1 && !p.full {
		return 0
	}
	end := strings.IndexAny(s[open+1:], "[]")
	if end < 0 || !strings.HasPrefix(s[open+1+end:], "](") {
		return 0
	}
	text, target := s[open+1:open+1+end], s[open+end+3:]
	closed := strings.IndexAny(target, ")(\n ")
	if closed < 0 || target[closed] != ')' {
		return 0
	}
	before()
	span := p.now
	span.Text, span.Address = unmarked(text), target[:closed]
	if named, ok := p.hrefs[span.Address]; ok {
		span.Address = named
	}
	if open == 1 {
		span.Image, span.Address = span.Address, ""
	}
	p.spans = append(p.spans, span)
	return open + end + 3 + closed + 1
}

// unmarked is the text of a link, without the marks around it.
func unmarked(s string) string {
	for _, m := range marks() {
		if len(s) > 2*len(m) && strings.HasPrefix(s, m) && strings.HasSuffix(s, m) {
			return html.UnescapeString(s[len(m) : len(s)-len(m)])
		}
	}
	return html.UnescapeString(s)
}

// tag reads what looks like HTML. What the engine does not know stays: it may not be lost here as
// well.
func (p *styler) tag(s string, before func()) int {
	end := strings.IndexAny(s[1:], "<>\n")
	if end < 0 || s[1+end] != '>' {
		return 0
	}
	inner := s[1 : 1+end]
	name, rest, _ := strings.Cut(strings.TrimSuffix(inner, "/"), " ")
	if !slices.Contains([]string{"at", "/at", "font", "/font", "a", "/a", "link", "/link", "person", "/person", "text_tag", "/text_tag"}, name) {
		return 0
	}
	before()
	switch name {
	case "font", "text_tag":
		p.fonts = append(p.fonts, p.now.Color)
		p.now.Color, p.now.Kind = attribute(rest, "color"), strings.TrimPrefix(name, "font")
	case "/font", "/text_tag":
		if n := len(p.fonts); n > 0 {
			p.now.Color, p.fonts = p.fonts[n-1], p.fonts[:n-1]
		}
		p.now.Kind = ""
	case "at", "person":
		p.spans = append(p.spans, Span{Text: "@" + firstOf(attribute(rest, "id"), attribute(rest, "ids"), attribute(rest, "email"), rest)})
	case "a", "link":
		p.now.Address = firstOf(attribute(rest, "href"), attribute(rest, "url"))
	case "/a", "/link":
		if len(p.spans) == 0 || p.spans[len(p.spans)-1].Address != p.now.Address {
			p.spans = append(p.spans, Span{Address: p.now.Address})
		}
		p.now.Address = ""
	}
	return end + 2
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// attribute is the value of an attribute of a tag, in quotes or without.
func attribute(inner, name string) string {
	_, value, ok := strings.Cut(" "+inner, " "+name+"=")
	if !ok || value == "" {
		return ""
	}
	if value[0] == '"' || value[0] == '\'' {
		value, _, _ = strings.Cut(value[1:], value[:1])
		return value
	}
	value, _, _ = strings.Cut(value, " ")
	return strings.TrimSuffix(value, "/")
}
