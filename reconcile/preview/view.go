package preview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"notiform/spec/card"
)

// View is what people see of a card.
type View struct {
	Chat  Chat   // what stands in the list of chats
	Width string // which of the widths that a card may have, "" for the usual one
	Notes []Note // of the card as a whole
	Boxes []Box
}

// Note is something to say of a value of a card, such as a fault.
type Note struct {
	At    string // see [card.Node.Pointer]
	Level string // "error", "warning" or "note"
	Text  string // made harmless
}

// Chat is which text of a card stands in the list of chats.
type Chat byte

// What may stand there.
const (
	ChatTitle Chat = iota
	ChatFirst      // the text of the first element
	ChatNone       // 卡片消息
)

// Box is one thing that a card shows, and what is within it.
type Box struct {
	Tag       string // that of an element, or the key of what has none
	Name      string // which one of its kind: a language, a colour of a header
	Text      []Span
	Facts     []string // what is no text to read: keys of images, ids of people, dates, data
	Addresses []string
	Boxes     []Box
	Rows      [][][]Span // of a table, its head first
	Aligned   []string   // of a table, how its columns are: "right", "center" or ""
	Looks     []string   // how it is drawn where there is more than text: field-value, see lookOf
	Of        string     // of a language, the field that is there once for each
	Notes     []Note

	node *card.Node // that it was made of
}

// Span is a piece of a text in one style.
type Span struct {
	Text                 string
	Bold, Italic, Struck bool
	Color                string
	Own                  []string // of a colour that the card defines, the classes
	Address              string   // of a link
	Image                string   // its key
	Language             string   // that what follows is in
	Kind                 string   // "text_tag", "option" or "code", "" of a text that is none
}

// Viewer makes views.
type Viewer struct{ table *card.Table }

// New makes a viewer.
func New() *Viewer { return &Viewer{card.NewTable()} }

// View is the view of a card's JSON, which was found to be that, with each note in the smallest box that
// it is about.
func (v *Viewer) View(text string, notes ...Note) View {
	root := v.table.Read(text)
	view := Of(root)
	if len(notes) == 0 {
		return view
	}
	boxes := map[*card.Node]*Box{}
	made(view.Boxes, boxes)
	for _, note := range notes {
		n := root.At(note.At)
		for n != nil && boxes[n] == nil {
			n = n.Parent
		}
		if n == nil {
			view.Notes = append(view.Notes, note)
		} else {
			boxes[n].Notes = append(boxes[n].Notes, note)
		}
	}
	return view
}

// made notes of which values boxes were made.
func made(boxes []Box, of map[*card.Node]*Box) {
	for i := range boxes {
		if b := &boxes[i]; b.node != nil {
			of[b.node] = b
		}
		made(boxes[i].Boxes, of)
	}
}

// Of is the view of a card that was read.
func Of(root *card.Node) View {
	view := View{Chat: chat(root), Width: str(root.Get("config"), "width_mode")}
	for _, key := range []string{"header", "i18n_header", "elements", "i18n_elements"} {
		if root.Get(key) != nil {
			view.Boxes = whole(root).Boxes
			return view
		}
	}
	view.Chat = ChatNone
	if root.Kind == card.Object && len(root.Nodes) == 0 {
		return view // blank, which Feishu allows
	}
	view.Boxes = []Box{{Tag: unknownTag, Facts: []string{literal(root)}}}
	return view
}

// unknownTag is the tag of what the table does not know.
const unknownTag = "?"

func whole(root *card.Node) Box {
	b := boxOf(root)
	if len(b.Addresses) > 0 {
		b.Boxes = append([]Box{{Tag: "card_link", Addresses: b.Addresses, node: root.Get("card_link")}}, b.Boxes...)
	}
	b.Boxes = replaced(b.Boxes, root.Get("elements"))
	return b
}

// chat is what the list of chats shows, by the page "Card FAQ".
func chat(root *card.Node) Chat {
	header := root.Get("header")
	if all := root.Get("i18n_header"); header == nil && all != nil && len(all.Nodes) > 0 {
		header = all.Nodes[0]
	}
	elements := root.Get("elements")
	if all := root.Get("i18n_elements"); all != nil && len(all.Nodes) > 0 {
		elements = all.Nodes[0]
	}
	switch {
	case says(header.Get("title")) || says(header.Get("subtitle")):
		return ChatTitle
	case elements != nil && len(elements.Nodes) > 0 && (says(elements.Nodes[0]) || says(elements.Nodes[0].Get("text"))):
		return ChatFirst
	}
	return ChatNone
}

func says(n *card.Node) bool {
	if n == nil || n.Kind != card.Object {
		return false
	}
	return slices.ContainsFunc(words(n), func(s Span) bool { return strings.TrimSpace(s.Text) != "" })
}

// boxOf is the box of an object.
func boxOf(n *card.Node) Box {
	if n.Kind != card.Object {
		return Box{Tag: unknownTag, Facts: []string{literal(n)}, node: n}
	}
	if n.Shape == nil {
		return Box{Tag: unknownTag, Name: str(n, "tag"), Facts: []string{literal(n)}, node: n}
	}
	b := Box{Tag: n.Shape.Name, Text: words(n), node: n}
	b.tabled(n)
	for i := range n.Shape.Fields {
		if m := n.Get(n.Shape.Fields[i].Name); m != nil {
			b.Looks = append(b.Looks, looksOf(m)...)
			b.part(m)
		}
	}
	for _, m := range n.Nodes {
		if isMeant(m) {
			b.odd(m)
		}
	}
	return b
}

// isMeant reports whether a member by a key that there is not may be what people were to read, such as the
// text of a note or the body of version 2.0.
func isMeant(m *card.Node) bool {
	return m.Field == nil && !m.IsZero() && (m.Kind >= card.List || slices.Contains([]string{"content", "text", "title", "label"}, m.Key))
}

// part adds a member of an object to its box.
func (b *Box) part(m *card.Node) {
	switch f := m.Field; {
	case isWords(m) || b.Rows != nil && (f.Name == "columns" || f.Name == "rows"):
	case f.Kind != 0 && !fits(m.Kind, f.Kind):
		b.odd(m)
	case f.Kind == card.Text:
		b.value(m)
	case f.Kind == card.Object:
		b.object(m)
	case f.Kind == card.List:
		for _, e := range m.Nodes {
			b.entry(e)
		}
	case f.Kind == card.Languages:
		b.languages(m)
	case m.Text == "true" && slices.Contains([]string{"disabled", "checked", "expanded"}, f.Name):
		b.Facts = append(b.Facts, f.Name)
	case f.Kind == card.Names && f.Each.Kind == card.Object:
		for _, named := range m.Nodes {
			b.named(named)
		}
	case f.Name == "chart_spec":
		b.Facts = append(b.Facts, literal(m))
	}
}

// named adds what a text has by a name: an address that no link of it leads to.
func (b *Box) named(m *card.Node) {
	if m.Kind == card.Null {
		return
	} else if m.Kind != card.Object {
		b.odd(m)
		return
	}
	inner := boxOf(m)
	b.Boxes = append(b.Boxes, inner.Boxes...)
	held := strings.Join(inner.Addresses, addressesJoin)
	if held != "" && !slices.ContainsFunc(b.Text, func(s Span) bool { return s.Address == held }) {
		b.Addresses = append(b.Addresses, fmt.Sprintf(unusedName, m.Key, held))
	}
}

// fits reports whether a value is of the kind that its field wants, as far as that nests.
func fits(is, wants card.Kind) bool {
	switch wants {
	case card.Languages, card.Names:
		return is == card.Object
	case card.List, card.Object, card.Text:
		return is == wants || is < card.Text && wants == card.Text
	}
	return is < card.List
}

// odd names a value that Feishu does not read as it stands.
func (b *Box) odd(m *card.Node) {
	if held := literal(m); held != `""` && held != "{}" && held != "[]" {
		b.Boxes = append(b.Boxes, Box{Tag: unknownTag, Name: m.Key, Facts: []string{held}, node: m})
	}
}

func (b *Box) value(m *card.Node) {
	if m.Text == "" {
		return
	}
	switch format := formatOf(m.Field); {
	case format == card.Address || format == card.AppAddress || format == card.LooseAddress:
		b.Addresses = append(b.Addresses, labelledAddress(m))
	case format == card.ImageKey || format == card.Identity || format >= card.Date:
		b.Facts = append(b.Facts, m.Text)
	case slices.Contains([]string{"template", "color", "type", "combination_mode"}, m.Field.Name):
		b.Name = m.Text
	case slices.Contains([]string{"token", "initial_option", "initial_date", "initial_time", "default_value", "name", "value"}, m.Field.Name):
		b.Facts = append(b.Facts, m.Text)
	}
}

func formatOf(f *card.Field) card.Format {
	if f == nil || len(f.Formats) == 0 {
		return 0
	}
	return f.Formats[0]
}

// labelledAddress is an address, with the kind of client that it is for.
func labelledAddress(m *card.Node) string {
	if client, ok := strings.CutSuffix(m.Key, "_url"); ok && client != "default" {
		return client + " " + m.Text
	}
	return m.Text
}

// object adds an object: of a text what it says, of addresses those, of anything else a box, if it
// shows anything.
func (b *Box) object(m *card.Node) {
	inner := boxOf(m)
	const texts = card.InText | card.InPlain | card.InPanelHead
	switch {
	case m.Field.At&texts != 0 && m.Shape != nil && b.Text == nil && inner.Boxes == nil && !strings.HasSuffix(m.Key, "_tips"):
		b.Text, b.Looks = inner.Text, append(b.Looks, inner.Looks...)
	case m.Field.At&texts != 0 && m.Shape != nil:
		inner.Tag = m.Key
		b.add(inner)
	case inner.Text == nil && inner.Boxes == nil && inner.Facts == nil:
		b.Addresses = append(b.Addresses, inner.Addresses...)
		if m.Field.At != 0 && m.Shape != nil {
			b.Boxes = append(b.Boxes, inner)
		}
	default:
		b.add(inner)
	}
}

// add adds a box that shows anything.
func (b *Box) add(inner Box) {
	if inner.Text != nil || inner.Boxes != nil || inner.Facts != nil || inner.Addresses != nil {
		b.Boxes = append(b.Boxes, inner)
	}
}

// entry adds what is in a list.
func (b *Box) entry(e *card.Node) {
	switch {
	case e.Kind == card.Null || e.Kind >= card.List && len(e.Nodes) == 0:
	case e.Kind < card.List && (e.Field == nil || e.Field.Kind < card.List):
		b.Facts = append(b.Facts, e.Text)
	case e.Shape != nil && e.Shape.Name == "behavior":
		inner := boxOf(e)
		b.Addresses, b.Boxes = append(b.Addresses, inner.Addresses...), append(b.Boxes, inner.Boxes...)
	default:
		b.Boxes = append(b.Boxes, boxOf(e))
	}
}

// languages adds what is there once for each language, that which is shown by default first.
func (b *Box) languages(m *card.Node) {
	for _, l := range inOrder(m.Nodes) {
		inner := Box{Tag: "language", Name: l.Key, Of: m.Key, node: l}
		switch {
		case l.Field == nil:
			inner.odd(l)
		case l.Field.Kind != card.Text && !fits(l.Kind, l.Field.Kind):
			inner.odd(l)
		default:
			inner.part(l)
		}
		b.add(inner)
	}
}

// inOrder are languages in the order in which they are drawn: Chinese is what people see where
// theirs is missing, by the page "Configure multi-language content".
func inOrder(languages []*card.Node) []*card.Node {
	turn := func(n *card.Node) int { return 1 - min(1, strings.Count(n.Key, "zh_cn")) }
	return slices.SortedStableFunc(slices.Values(languages), func(x, y *card.Node) int { return cmp.Compare(turn(x), turn(y)) })
}
