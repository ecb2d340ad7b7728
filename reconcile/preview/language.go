package preview

import (
	"slices"

	"notiform/spec/card"
)

// In is what people see of a card in one language. Where theirs is missing they see that which
// comes first.
func (v View) In(language string) View {
	v.Boxes = boxesIn(v.Boxes, language)
	return v
}

// boxesIn has of what is there once for each language the one that is seen, and in its place what is in it.
func boxesIn(boxes []Box, language string) []Box {
	var out []Box
	for i := 0; i < len(boxes); i++ {
		b := boxes[i]
		if b.Tag == replacedTag {
			continue
		}
		if names := sideBySide(boxes[i:]); len(names) > 0 {
			b = boxes[i+max(0, slices.Index(names, language))]
			i += len(names) - 1
		} else {
			b.Text = spansIn(b.Text, language)
		}
		b.Boxes = boxesIn(b.Boxes, language)
		out = append(out, b)
	}
	return out
}

// sideBySide are the languages of one thing that boxes begin with.
func sideBySide(boxes []Box) (names []string) {
	for _, b := range boxes {
		if b.Tag != "language" || b.Of != boxes[0].Of {
			break
		}
		names = append(names, b.Name)
	}
	return names
}

// replacedTag is the tag of a box of the elements that languages stand in place of.
const replacedTag = "replaced"

// replaced has the elements of a card in a box of their own if people see those of their language instead,
// by the page "Configure multi-language content".
func replaced(boxes []Box, elements *card.Node) []Box {
	if !slices.ContainsFunc(boxes, func(b Box) bool { return b.Of == "i18n_elements" }) {
		return boxes
	}
	var seen, not []Box
	for _, b := range boxes {
		if b.node != nil && b.node.Parent == elements {
			not = append(not, b)
		} else {
			seen = append(seen, b)
		}
	}
	if not != nil {
		seen = append(seen, Box{Tag: replacedTag, Boxes: not})
	}
	return seen
}

// spansIn are those of a text in one language.
func spansIn(spans []Span, language string) []Span {
	begins := func(s Span) bool { return s.Language != "" }
	names := spokenIn(spans)
	if !slices.Contains(names, language) {
		language = elseOf(names)
	}
	from := slices.IndexFunc(spans, func(s Span) bool { return begins(s) && s.Language == language })
	if from < 0 {
		return spans
	}
	spans = spans[from+1:]
	if to := slices.IndexFunc(spans, begins); to >= 0 {
		spans = spans[:to]
	}
	return spans
}

// spokenIn are the languages of a text.
func spokenIn(spans []Span) (names []string) {
	for _, s := range spans {
		if s.Language != "" {
			names = append(names, s.Language)
		}
	}
	return names
}

// elseOf is what people see of a text whose language is missing: what is for none, or else what comes first.
func elseOf(names []string) string {
	if len(names) == 0 || slices.Contains(names, noLanguage) {
		return noLanguage
	}
	return names[0]
}

// Languages are those that a card has anything in, in the order in which they are drawn.
func (v View) Languages() []string {
	var names []string
	add := func(name string) {
		if name != noLanguage && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var walk func([]Box)
	walk = func(boxes []Box) {
		for _, b := range boxes {
			if b.Tag == "language" {
				add(b.Name)
			}
			for _, s := range b.Text {
				add(s.Language)
			}
			walk(b.Boxes)
		}
	}
	walk(v.Boxes)
	return names
}
