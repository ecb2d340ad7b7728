package card

import "slices"

// Place is where in a card an element may stand; places add up to sets.
type Place uint32

// The places, each named for what has it.
const (
	InRoot      Place = 1 << iota // elements and i18n_elements of the card
	InAction                      // actions of an action
	InExtra                       // extra of a div
	InNote                        // elements of a note
	InColumnSet                   // columns of a column_set
	InColumn                      // elements of a column
	InForm                        // elements of a form
	InContainer                   // elements of an interactive_container
	InPanel                       // elements of a collapsible_panel
	InPanelHead                   // title of a collapsible_panel
	InChecker                     // buttons of a checker
	InText                        // a text that may have Markdown
	InPlain                       // a text that may have none
	InIcon                        // an icon
	InTags                        // text_tag_list of a header
	InFallback                    // what an older client shows instead
)

// Need is whether a field may be left out.
type Need byte

// The needs.
const (
	Optional Need = iota
	Advised       // without it something is not as it should be
	Required      // without it Feishu refuses the card, or it is documented so
)

// Format is how a text is read.
type Format byte

// The formats; the zero Format is any text.
const (
	Address      Format = iota + 1 // an address to open
	AppAddress                     // that of one kind of client, which may say that there is none
	LooseAddress                   // one of which samples of Feishu leave the scheme out
	ImageKey                       // what an upload of an image returned
	Plain                          // people read it as it is
	LarkMarkdown                   // the Markdown of a text
	FullMarkdown                   // that of a markdown element
	Colour                         // a colour's name, with its shade or without
	TextSize                       // a size's name
	Pixels                         // 8px
	Percent                        // 50%
	Box                            // 1 to 4 times pixels
	Area                           // width and height in pixels
	Date                           // 2026-12-01
	Clock                          // 09:00
	DateClock                      // 2026-12-01 09:00
	Identity                       // of a person
	RGBA                           // rgba(0,0,0,0.5)
)

// Field is what the table says of one value of a card.
type Field struct {
	Name     string
	Kind     Kind // 0 is any
	Need     Need
	Of       string // an object: the name of its shape
	At       Place  // an object that is an element: where it stands
	Each     *Field // a list, Languages or Names: what is in it
	Values   []string
	Formats  []Format
	Min, Max int // of a number, or of pixels; of a list or of a text, how long it may be
}

// Shape is what the table says of one kind of object: an element, whose Name is its tag, or one
// without a tag.
type Shape struct {
	Name    string
	In      Place // where it may stand, if it is an element
	Perhaps Place // where it may stand by one page of the API and not by another
	Fields  []Field
	OneOf   []string // one of these fields is needed
	Nests   bool     // it counts as a level of nesting
	Dead    bool     // it does nothing without an app behind the card
}

// Field is what the table says of a field; nil if there is none.
func (s *Shape) Field(name string) *Field {
	if s == nil {
		return nil
	}
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// Table is all that is known of cards.
type Table struct {
	shapes map[string]*Shape
	root   *Shape
	tags   []string // of the elements, sorted
	checks map[string]func(*judge, *Node)
}

// NewTable makes the table.
func NewTable() *Table {
	t := &Table{shapes: map[string]*Shape{}, checks: checks()}
	for _, s := range slices.Concat(objects(), contents(), containers(), interactive()) {
		t.shapes[s.Name] = &s
		if s.In != 0 {
			t.tags = append(t.tags, s.Name)
		}
	}
	slices.Sort(t.tags)
	t.root = t.shapes[rootShape]
	return t
}

// element is the element of a tag; nil if there is none.
func (t *Table) element(tag string) *Shape {
	if s := t.shapes[tag]; s != nil && s.In != 0 {
		return s
	}
	return nil
}

// Read takes apart a card's JSON, which was found to be that.
func (t *Table) Read(text string) *Node {
	p := parser{text: text}
	root := p.value()
	t.read(root, &Field{Kind: Object, Of: rootShape})
	return root
}

// read notes what the table says of a value and of what is within it.
func (t *Table) read(n *Node, f *Field) {
	n.Field = f
	switch {
	case f.Kind == Object && n.Kind == Object:
		n.Shape = t.shapeOf(n, f)
		for _, m := range n.Nodes {
			if of := n.Shape.Field(m.Key); of != nil {
				t.read(m, of)
			}
		}
	case f.Each != nil && (f.Kind == List) == (n.Kind == List):
		for _, m := range n.Nodes {
			t.read(m, f.Each)
		}
	}
}

func (t *Table) shapeOf(n *Node, f *Field) *Shape {
	if f.At != 0 {
		return t.element(n.text(tagKey))
	}
	return t.shapes[f.Of]
}

const (
	rootShape = "card"
	tagKey    = "tag"
)

// What follows makes fields.

func (f Field) need(n Need) Field        { f.Need = n; return f }
func (f Field) must() Field              { return f.need(Required) }
func (f Field) should() Field            { return f.need(Advised) }
func (f Field) values(v ...string) Field { f.Values = v; return f }
func (f Field) between(least, most int) Field {
	f.Min, f.Max = least, most
	return f
}

func anything(name string) Field { return Field{Name: name} }
func flag(name string) Field     { return Field{Name: name, Kind: Bool} }
func number(name string, least, most int) Field {
	return Field{Name: name, Kind: Number, Min: least, Max: most}
}
func text(name string, formats ...Format) Field {
	return Field{Name: name, Kind: Text, Formats: formats}
}
func words(name string, values ...string) Field { return text(name).values(values...) }
func object(name, shape string) Field           { return Field{Name: name, Kind: Object, Of: shape} }
func element(name string, at Place) Field       { return Field{Name: name, Kind: Object, At: at} }
func list(name string, of Field) Field          { return Field{Name: name, Kind: List, Each: &of} }
func list1(name, shape string) Field            { return list(name, object("", shape)) }
func elements(name string, at Place) Field      { return list(name, element("", at)) }

// byLanguage is a field whose value is one such value for each language.
func byLanguage(name string, of Field) Field {
	of.Name = ""
	return Field{Name: name, Kind: Languages, Each: &of}
}

// byName is a field whose value is one such value for each of names that the author made up.
func byName(name string, of Field) Field { return Field{Name: name, Kind: Names, Each: &of} }
