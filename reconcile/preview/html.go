package preview

import (
	_ "embed"
	"html/template"
	"slices"
	"strings"
	"unicode"
)

// HTML draws views as cards of a page, whose style sheet is [Sheet]. Nothing of a card has an effect
// in it: addresses are texts, and classes are made of known names alone.
type HTML struct {
	Whole bool // of two long cards, what is as before is not folded

	page    *template.Template
	visible func(string) string
}

// NewHTML makes one. Everything that comes from a card goes through visible, as in [View.Lines].
func NewHTML(visible func(string) string) *HTML {
	return &HTML{page: template.Must(template.New("card").Parse(strings.TrimSpace(cardPage))), visible: visible}
}

// Card draws one card, in every language that it has; [View.In] leaves one.
func (h *HTML) Card(v View) template.HTML { return h.draw(h.sheetOf(v)) }

func (h *HTML) draw(s sheet) template.HTML {
	var b strings.Builder
	if err := h.page.Execute(&b, s); err != nil {
		panic(err) // only a builder is written to, and the template is a constant
	}
	return template.HTML(strings.ReplaceAll(b.String(), "\n", "&#10;")) // no line of the page begins with what a card says
}

// cardPage is a card: classes are all that its elements have.
//
//go:embed card.html
var cardPage string

// sheet is a card as the template takes it.
type sheet struct {
	Chat, Class string
	Inner       []drawn
	Notes       []Note // of its boxes in their order, and then those of the card as a whole

	languages []string // that it has anything in
}

// drawn is a box as the template takes it.
type drawn struct {
	Kind, Class, Label string
	Else               string // the classes of the languages that it is also seen in, being first
	Head               string // the class of what is seen of a panel that is closed
	Open               bool
	Lang               string // of Text, as far as its characters say
	Text, Held         []piece
	Rows               [][]tableCell
	Notes              []noted
	Inner              []drawn
}

// tableCell is a cell of a table as the template takes it.
type tableCell struct {
	Class  string // how it is aligned
	Pieces []piece
}

// noted is where a note of those below the card belongs.
type noted struct {
	Level  string
	Number int
}

// piece is a piece of a text in one style.
type piece struct {
	Class, Lang string
	Else        string // as of a box
	Words       []word
}

// word is a part of a piece, marked ins or del where two cards differ.
type word struct{ Mark, Text string }

func (h *HTML) sheetOf(v View) sheet {
	s := sheet{Class: "card", languages: v.Languages()}
	s.languages = slices.DeleteFunc(s.languages, func(l string) bool { return langOf(l) == "" })
	s.languages = s.languages[:min(len(s.languages), mostLanguages)]
	switch {
	case len(v.Boxes) == 0:
		s.Chat = chatBlank
	case v.Chat == ChatFirst:
		s.Chat = chatFirst
	case v.Chat == ChatNone:
		s.Chat = chatNone
	}
	if slices.Contains([]string{"compact", "fill"}, v.Width) {
		s.Class += " " + v.Width
	}
	s.Inner = s.boxes(h, v.Boxes, 0)
	s.Notes = append(s.Notes, v.Notes...)
	return s
}

func (s *sheet) boxes(h *HTML, boxes []Box, depth int) []drawn {
	out := make([]drawn, 0, len(boxes))
	for i, b := range boxes {
		d := s.box(h, b, depth)
		if i == 0 || b.Of != boxes[i-1].Of {
			if names := sideBySide(boxes[i:]); len(names) > 0 {
				d.Else = s.classesBut(names)
			}
		}
		out = append(out, d)
	}
	return out
}

// mostLanguages is more than there are.
const mostLanguages = 20

// classesBut are the classes of the languages that a card has anything in, but for some.
func (s *sheet) classesBut(names []string) string {
	var classes strings.Builder
	for _, l := range s.languages {
		if !slices.Contains(names, l) {
			classes.WriteString(" of-" + l)
		}
	}
	return classes.String()
}

// mostSunk is how deeply boxes are indented: a card may nest five.
const mostSunk = 12

func (s *sheet) box(h *HTML, b Box, depth int) drawn {
	d := drawn{Kind: "box", Class: b.class(), Label: h.label(b)}
	if depth > mostSunk {
		d.Class += " flat"
	}
	switch b.Tag {
	case "hr", "chart":
		d.Kind = b.Tag
	case "collapsible_panel":
		d.Kind, d.Open = "panel", b.has("expanded-true")
		if i := slices.IndexFunc(b.Boxes, func(inner Box) bool { return inner.Tag == "panel_header" }); i >= 0 {
			head := b.Boxes[i]
			d.Head = head.class()
			b.Text, b.Facts = head.Text, slices.Concat(b.Facts, head.Facts)
			b.Addresses = slices.Concat(b.Addresses, head.Addresses)
			b.Boxes = slices.Concat(head.Boxes, b.Boxes[:i], b.Boxes[i+1:])
			b.Notes = slices.Concat(b.Notes, head.Notes)
		}
		d.Open = d.Open || b.noted()
	}
	d.Lang, d.Text, d.Held = writtenIn(b.Text), s.spans(h, b.Text), h.held(b)
	for _, n := range b.Notes {
		s.Notes = append(s.Notes, n)
		d.Notes = append(d.Notes, noted{n.Level, len(s.Notes)})
	}
	for _, row := range b.Rows {
		cells := make([]tableCell, len(row))
		for i, c := range row {
			cells[i].Pieces = s.spans(h, c)
			if i < len(b.Aligned) {
				cells[i].Class = b.Aligned[i]
			}
		}
		d.Rows = append(d.Rows, cells)
	}
	d.Inner = s.boxes(h, b.Boxes, depth+1)
	return d
}

// noted reports whether there is a note in a box.
func (b Box) noted() bool { return len(b.Notes) > 0 || slices.ContainsFunc(b.Boxes, Box.noted) }

// class is what a box is, its looks, and the colours among them.
func (b Box) class() string {
	all := append([]string{strings.Replace(b.Tag, unknownTag, "unknown", 1)}, b.Looks...)
	if langOf(b.Name) != "" && b.Tag == "language" {
		all = append(all, "of-"+b.Name)
	}
	for _, l := range b.Looks {
		var c string
		switch name, value, _ := strings.Cut(l, "-"); {
		case name == "text_color" || name == "color" && b.Tag != "text_tag":
			c = colourClass("c", value)
		case strings.HasPrefix(name, "background_") && !strings.Contains(value, "-"):
			c = colourClass("bg", value+"-200") // as measured of grey
		case strings.HasPrefix(name, "background_"):
			c = colourClass("bg", value)
		}
		if c != "" {
			all = append(all, c)
		}
	}
	return strings.Join(all, " ")
}

// label is the name of what is no text by itself, and that of what cannot be drawn.
func (h *HTML) label(b Box) string {
	switch b.Tag {
	case unknownTag:
		return h.unknown(b)
	case "plain_text", "lark_md", "markdown", "div", "header", "subtitle", "title", "div_field", "action", "column_set", "table", "column",
		"note", "collapsible_panel", "panel_header", "button", "text_tag", "person_item", "hr", "overflow_option", "static_option",
		"person_option", "form", "interactive_container", "input", "label", "text":
		return ""
	case "language":
		return h.visible(b.Name)
	case replacedTag:
		return elementsReplaced
	}
	if name := shortName(b.Tag); name != "" {
		return name
	}
	return h.visible(b.Tag)
}

func (h *HTML) unknown(b Box) string {
	if b.Name == "" {
		return notDrawn
	}
	return h.visible(b.Name)
}

// held is what else is known of a box: which one of its kind it is, unless it looks so, its facts and its
// addresses.
func (h *HTML) held(b Box) []piece {
	var out []piece
	add := func(class, text string) { out = append(out, h.piece(class, text)) }
	looksSo := slices.ContainsFunc(b.Looks, func(l string) bool { return strings.HasSuffix(l, "-"+b.Name) })
	if b.Name != "" && b.Name != "default" && !looksSo && b.Tag != "language" && b.Tag != unknownTag {
		add("fact", b.Name)
	}
	for _, f := range b.Facts {
		if f != "expanded" {
			add("fact", f)
		}
	}
	for _, a := range b.Addresses {
		add("to", a)
	}
	return out
}

func (h *HTML) piece(class, text string) piece {
	return piece{Class: class, Words: []word{{Text: h.lines(text)}}}
}

// lines is a text made harmless line by line.
func (h *HTML) lines(text string) string {
	all := strings.Split(text, "\n")
	for i := range all {
		all[i] = h.visible(all[i])
	}
	return strings.Join(all, "\n")
}

func (s *sheet) spans(h *HTML, spans []Span) []piece {
	var out []piece
	language, also := "", ""
	names := spokenIn(spans)
	first := elseOf(names)
	for _, span := range spans {
		pieces := h.span(span)
		if span.Language != "" {
			language, also = span.Language, ""
			pieces = []piece{h.piece("label", language)}
			if language == first {
				also = s.classesBut(names)
			}
		}
		if span.Language == noLanguage {
			pieces = []piece{h.piece("label", elseIs)}
		}
		for _, p := range pieces {
			p.Class, p.Else = strings.TrimSpace(p.Class+" "+inClass(language)), also
			if span.Language == "" {
				p.Lang = langOf(language)
			}
			out = append(out, p)
		}
	}
	return out
}

// inClass are the classes of what is in a language, by which a page can show that language alone.
func inClass(language string) string {
	switch {
	case language == "":
		return ""
	case language == noLanguage:
		language = "else"
	case langOf(language) == "":
		return "in"
	}
	return strings.Join([]string{"in", "of-" + language}, " ")
}

// span is a span, with what is not seen of it beside it.
func (h *HTML) span(s Span) []piece {
	out := []piece{h.piece(s.class(), s.seen())}
	for _, beside := range []string{s.Image, s.Address} {
		if beside != "" {
			out = append(out, h.piece("to", beside))
		}
	}
	if s.Color != "" && s.Own == nil && colourClass("c", s.Color) == "" {
		out = append(out, h.piece("fact", s.Color))
	}
	return out
}

// seen is the text of a span, with the emoji that it names.
func (s Span) seen() string {
	if s.Kind == "code" {
		return s.Text
	}
	return withEmoji(s.Text)
}

func (s Span) class() string {
	var all []string
	for _, style := range []struct {
		on    bool
		class string
	}{{s.Bold, "b"}, {s.Italic, "i"}, {s.Struck, "s"}, {s.Address != "", "link"}, {s.Image != "", "picture"}, {strings.HasPrefix(s.Text, "@"), "at"}} {
		if style.on {
			all = append(all, style.class)
		}
	}
	switch c := colourClass("c", s.Color); {
	case s.Kind == "text_tag" || s.Kind == "option":
		all = append(all, "text_tag")
		if colourClass("c", s.Color+"-600") != "" {
			all = append(all, "color-"+s.Color)
		}
	case s.Kind != "":
		all = append(all, s.Kind)
	case c != "":
		all = append(all, c)
	}
	all = append(all, s.Own...)
	return strings.Join(all, " ")
}

// writtenIn is zh of Chinese, by which a browser takes the right shapes of characters and the right voice; ""
// of anything else, and where the languages are named.
func writtenIn(spans []Span) string {
	lang := ""
	for _, s := range spans {
		if s.Language != "" || strings.ContainsFunc(s.Text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul) }) {
			return ""
		}
		if strings.ContainsFunc(s.Text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			lang = "zh"
		}
	}
	return lang
}

// langOf is a language of cards as HTML names it: zh-CN; "" of what is none.
func langOf(language string) string {
	name, region, ok := strings.Cut(language, "_")
	if !ok || len(name) != 2 || len(region) != 2 || !lookable.MatchString(name+region) {
		return ""
	}
	return name + "-" + strings.ToUpper(region)
}
