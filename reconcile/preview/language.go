package preview

import "slices"

// In is what people see of a card in one language. Where theirs is missing they see that which
// comes first.
func (v View) In(language string) View {
	if of := func(b Box) bool { return b.Of == "i18n_elements" }; slices.ContainsFunc(v.Boxes, of) {
		v.Boxes = slices.DeleteFunc(slices.Clone(v.Boxes), func(b Box) bool { // they stand in place of the elements
			return !of(b) && !slices.Contains([]string{"header", "card_link", "language", unknownTag}, b.Tag)
		})
	}
	v.Boxes = boxesIn(v.Boxes, language)
	return v
}

// boxesIn has of what is there once for each language the one that is seen, and in its place what is in it.
func boxesIn(boxes []Box, language string) []Box {
	var out []Box
	for i := 0; i < len(boxes); i++ {
		b := boxes[i]
		if b.Tag != "language" {
			b.Text, b.Boxes = spansIn(b.Text, language), boxesIn(b.Boxes, language)
			out = append(out, b)
			continue
		}
		last := i
		for last+1 < len(boxes) && boxes[last+1].Tag == "language" && boxes[last+1].Of == b.Of {
			last++
		}
		if k := slices.IndexFunc(boxes[i:last+1], func(b Box) bool { return b.Name == language }); k >= 0 {
			b = boxes[i+k]
		}
		i = last
		b.Boxes = boxesIn(b.Boxes, language)
		out = append(out, b)
	}
	return out
}

// spansIn are those of a text in one language.
func spansIn(spans []Span, language string) []Span {
	begins := func(s Span) bool { return s.Language != "" }
	from := slices.IndexFunc(spans, func(s Span) bool { return s.Language == language })
	if from < 0 {
		from = slices.IndexFunc(spans, begins)
	}
	if from < 0 {
		return spans
	}
	spans = spans[from+1:]
	if to := slices.IndexFunc(spans, begins); to >= 0 {
		spans = spans[:to]
	}
	return spans
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
