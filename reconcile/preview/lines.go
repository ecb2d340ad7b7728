package preview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Lines draws a view as lines of text. Everything that comes from the card goes through visible, which
// has to make a piece of a text harmless and leave it on one line.
func (v View) Lines(visible func(string) string) []string {
	d := drawing{visible: visible}
	switch {
	case len(v.Boxes) == 0:
		d.add("", chatBlank)
	case v.Chat == ChatFirst:
		d.add("", chatFirst)
	case v.Chat == ChatNone:
		d.add("", chatNone)
	}
	for _, b := range v.Boxes {
		d.box("", b)
	}
	return d.lines
}

type drawing struct {
	visible func(string) string
	lines   []string
}

func (d *drawing) add(lead, line string) { d.lines = append(d.lines, lead+line) }

// deepest bounds how far lines are indented, and so how long all of them are.
const deepest = 40 // bytes

func deeper(lead, by string) string {
	if len(lead) > deepest {
		return lead
	}
	return lead + by
}

// box draws a box behind a lead that its lines have in common.
func (d *drawing) box(lead string, b Box) {
	switch b.Tag {
	case unknownTag:
		d.unknown(lead, b)
		return
	case "hr":
		d.add(lead, "────────")
	case "plain_text", "lark_md", "markdown", "div", "alt":
		d.text(lead, b)
	case "header", "subtitle":
		d.text(lead+"# ", b)
	case "div_field":
		d.text(lead+"· ", b)
	case "language":
		d.language(lead, b)
		lead = deeper(lead, "  ")
	case replacedTag:
		d.add(lead, elementsReplaced)
		lead = deeper(lead, "  ")
	case "action", "column_set", "table":
		d.label(lead, b, b.Addresses != nil)
	case "column":
		d.label(lead, b, b.Addresses != nil)
		lead = deeper(lead, "│ ")
	case "note":
		lead = deeper(lead, "note ")
	case "collapsible_panel":
		d.panel(lead, b)
		return
	default:
		d.label(lead, b, true)
		lead = deeper(lead, "  ")
	}
	d.within(lead, b)
}

// panel draws what is in a panel below its head, which says whether that is seen at once.
func (d *drawing) panel(lead string, b Box) {
	head := "▸ "
	if slices.Contains(b.Facts, "expanded") {
		head = "▾ "
	}
	for _, inner := range b.Boxes {
		if inner.Tag == "panel_header" {
			d.text(lead+head, inner)
			d.within(deeper(lead, "  "), inner)
		} else {
			d.box(deeper(lead, "  "), inner)
		}
	}
}

// within draws what is within a box. Columns are numbered, as they stand beside each other.
func (d *drawing) within(lead string, b Box) {
	d.rows(lead, b)
	column := 0
	for _, inner := range b.Boxes {
		if column++; inner.Tag == "column" && len(b.Boxes) > 1 {
			d.box(deeper(lead, fmt.Sprint(column)), inner)
			continue
		}
		d.box(lead, inner)
	}
}

func (d *drawing) unknown(lead string, b Box) {
	held := strings.Join(d.all(b.Facts), ", ")
	if b.Name == "" {
		d.add(lead, fmt.Sprintf(unknownValue, held))
	} else {
		d.add(lead, fmt.Sprintf(unknownHere, d.visible(b.Name), held))
	}
	d.within(lead, Box{Boxes: b.Boxes})
}

// text draws the text of a box, and what else is known of it behind the last line.
func (d *drawing) text(lead string, b Box) {
	lines := d.spans(b.Text)
	lines[len(lines)-1] = d.more(lines[len(lines)-1], b)
	if len(lines) == 1 && lines[0] == "" {
		return
	}
	for _, line := range lines {
		d.add(lead, line)
	}
}

// label draws a box as its name and what it says, in brackets. A button is what it says.
func (d *drawing) label(lead string, b Box, wanted bool) {
	if !wanted {
		return
	}
	lines := d.spans(b.Text)
	for _, line := range lines[:len(lines)-1] {
		d.add(lead, line)
	}
	name, text := d.visible(cmp.Or(shortName(b.Tag), b.Tag)), lines[len(lines)-1]
	said := d.more(text, b)
	switch {
	case said == "":
		d.add(lead, fmt.Sprintf(namedEmpty, name))
	case b.Tag == "button":
		d.add(lead, fmt.Sprintf(namedEmpty, said))
	case d.more(text, Box{Name: b.Name, Facts: b.Facts}) == "": // an address alone
		d.add(lead, fmt.Sprintf(namedEmpty, d.more(name, b)))
	default:
		d.add(lead, fmt.Sprintf(named, name, said))
	}
}

// shortName is what an element is called where its tag is no word.
func shortName(tag string) string {
	return map[string]string{
		"img": "image", "img_combination": "images", "img_item": "image", "person_list": "people", "person_item": "person",
		"overflow_option": "option", "static_option": "option", "person_option": "option", "image_option": "option",
		"text_tag": "tag", "card_link": "card", "standard_icon": "icon", "custom_icon": "icon", "ud_icon": "icon", "image_icon": "icon",
		"select_static": "select", "multi_select_static": "select", "select_person": selectPerson, "multi_select_person": selectPeople,
		"picker_time": "time", "date_picker": "date", "picker_datetime": dateAndTime, "collapsible_panel": "panel",
		"interactive_container": "container", "column_set": "columns", "select_img": "select", "conditions": "fallback",
	}[tag]
}

// more is what is said of a box, and behind it which one of its kind it is, its facts and addresses.
func (d *drawing) more(said string, b Box) string {
	facts := slices.Clone(b.Facts)
	if b.Name != "" && b.Name != "default" {
		facts = append([]string{b.Name}, facts...)
	}
	if held := strings.Join(d.all(facts), ", "); held != "" && said == "" {
		said = held
	} else if held != "" {
		said = fmt.Sprintf(withFacts, said, held)
	}
	if len(b.Addresses) > 0 {
		said = strings.TrimPrefix(fmt.Sprintf(goesTo, said, strings.Join(d.all(b.Addresses), ", ")), " ")
	}
	return said
}

func (d *drawing) all(texts []string) []string {
	shown := make([]string, len(texts))
	for i, t := range texts {
		shown[i] = d.visible(t)
	}
	return shown
}

func (d *drawing) rows(lead string, b Box) {
	for _, row := range b.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = strings.Join(d.spans(c), " ")
		}
		d.add(lead, fmt.Sprintf(rowOf, strings.TrimRight(strings.Join(cells, cellsJoin), " ")))
	}
}

// spans draws a text, line by line; there is one at least.
func (d *drawing) spans(spans []Span) []string {
	lines := []string{""}
	for _, s := range spans {
		if s.Language != "" {
			if lines[len(lines)-1] != "" {
				lines = append(lines, "")
			}
			lines[len(lines)-1] = d.inLanguage(s.Language)
			continue
		}
		for i, piece := range strings.Split(s.Text, "\n") {
			if i > 0 {
				lines = append(lines, "")
			}
			if i == 0 || piece != "" {
				lines[len(lines)-1] += d.span(s, piece)
			}
		}
	}
	if n := len(lines); n > 1 && lines[n-1] == "" {
		lines = lines[:n-1]
	}
	return lines
}

// language draws the heading of what is there in one language.
func (d *drawing) language(lead string, b Box) {
	if held := d.more("", Box{Facts: b.Facts, Addresses: b.Addresses}); held != "" {
		d.add(lead, fmt.Sprintf(languageHas, d.visible(b.Name), held))
		return
	}
	d.add(lead, fmt.Sprintf(languageIs, d.visible(b.Name)))
}

func (d *drawing) inLanguage(name string) string {
	if name == noLanguage {
		return elseIn
	}
	return fmt.Sprintf(inLanguage, d.visible(name))
}

// span draws a piece of a span. Styles have the marks that Markdown has for them.
func (d *drawing) span(s Span, piece string) string {
	text := d.visible(piece)
	if s.Image != "" {
		return fmt.Sprintf(imageIs, text, d.visible(s.Image))
	}
	for _, style := range []struct {
		on   bool
		mark string
	}{{s.Italic, "*"}, {s.Struck, "~~"}, {s.Bold, "**"}} {
		if style.on && text != "" {
			text = style.mark + text + style.mark
		}
	}
	switch {
	case s.Color == "":
	case s.Kind == "option":
		text = fmt.Sprintf(inBrackets, text, d.visible(s.Color))
	default:
		text = fmt.Sprintf(inColour, d.visible(s.Color), text)
	}
	switch {
	case s.Address == "":
		return text
	case text == "":
		return fmt.Sprintf(bareLink, d.visible(s.Address))
	}
	return fmt.Sprintf(linkTo, text, d.visible(s.Address))
}
