package card

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is what a JSON value is.
type Kind byte

// The kinds. Languages and Names are objects too, whose keys are not fields: those of languages,
// and names that the author made up.
const (
	Null Kind = iota + 1
	Bool
	Number
	Text
	List
	Object
	Languages
	Names
)

// Node is one value of a card.
type Node struct {
	Kind   Kind
	Key    string  // by which its parent has it; "" in a list
	Text   string  // of a text, its value; of a number, true or false as it is written
	Nodes  []*Node // of an object, in the order of the text, or of a list
	Parent *Node
	Field  *Field // what the table says of it by its key; nil if nothing
	Shape  *Shape // what the table says of an object; nil if nothing

	Offset, KeyOffset int32 // where the value and its key begin in the text
}

// Get is the value that an object has by a key, unless that is null; nil if there is none.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	for _, m := range n.Nodes {
		if m.Key == key && m.Kind != Null {
			return m
		}
	}
	return nil
}

// Pointer is where in its card a value is: a JSON Pointer as in an address, "#" for the card itself.
func (n *Node) Pointer() string {
	if n.Parent == nil {
		return "#"
	}
	name := strings.NewReplacer("~", "~0", "/", "~1").Replace(n.Key)
	if n.Parent.Kind == List {
		name = strconv.Itoa(slices.Index(n.Parent.Nodes, n))
	}
	return n.Parent.Pointer() + "/" + name
}

// At is the value that a pointer leads to from the card as a whole or, where it leads on to nothing,
// the last one on its way.
func (n *Node) At(pointer string) *Node {
	for _, name := range strings.Split(pointer, "/")[1:] {
		i, err := strconv.Atoi(name)
		if n.Kind == Object {
			key := strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
			i, err = slices.IndexFunc(n.Nodes, func(m *Node) bool { return m.Key == key }), nil
		}
		if err != nil || i < 0 || i >= len(n.Nodes) {
			break
		}
		n = n.Nodes[i]
	}
	return n
}

// Text is the text that an object has by a key, or nothing.
func (n *Node) text(key string) string {
	if m := n.Get(key); m != nil && m.Kind == Text {
		return m.Text
	}
	return ""
}

// IsZero reports whether a value says nothing: programs write such for what they do not use.
func (n *Node) IsZero() bool {
	switch {
	case n == nil || n.Kind == Null:
		return true
	case n.Kind == Bool:
		return n.Text == "false"
	case n.Kind == Number:
		return n.Text == "0"
	case n.Kind == Text:
		return n.Text == ""
	}
	for _, m := range n.Nodes {
		if !m.IsZero() {
			return false
		}
	}
	return true
}

// within reports whether a value is within an element of that tag.
func (n *Node) within(tag string) bool {
	for n = n.Parent; n != nil; n = n.Parent {
		if n.Shape != nil && n.Shape.Name == tag {
			return true
		}
	}
	return false
}

// all goes through a value and everything within it.
func (n *Node) all(visit func(*Node)) {
	visit(n)
	for _, m := range n.Nodes {
		m.all(visit)
	}
}

// maxDepth bounds how deeply a card is taken apart; whoever reads one allows no more.
const maxDepth = 200

// parser takes a JSON value apart that was found to be one; of anything else it makes something.
type parser struct {
	text  string
	at    int
	depth int
	spare []Node // made some at a time
}

func (p *parser) node() *Node {
	if len(p.spare) == 0 {
		p.spare = make([]Node, min(32, 1+(len(p.text)-p.at)/8))
	}
	n := &p.spare[0]
	p.spare = p.spare[1:]
	n.Offset = int32(p.at)
	return n
}

// next is the byte that follows blanks; 0 at the end.
func (p *parser) next() byte {
	for ; p.at < len(p.text); p.at++ {
		if c := p.text[p.at]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

func (p *parser) value() *Node {
	first := p.next()
	n := p.node()
	switch first {
	case '{':
		n.Kind = Object
		p.nested(n, '}')
	case '[':
		n.Kind = List
		p.nested(n, ']')
	case '"':
		n.Kind, n.Text = Text, p.string()
	default:
		n.Kind, n.Text = p.literal(first)
	}
	return n
}

func (p *parser) literal(first byte) (Kind, string) {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(",]} \n\t\r", p.text[p.at]) < 0 {
		p.at++
	}
	switch first {
	case 't', 'f':
		return Bool, p.text[start:p.at]
	case 'n', 0:
		return Null, p.text[start:p.at]
	}
	return Number, p.text[start:p.at]
}

func (p *parser) nested(n *Node, end byte) {
	p.at++
	if p.depth++; p.depth > maxDepth {
		p.at = len(p.text)
	}
	for c := p.next(); c != end && c != 0; c = p.next() {
		start := p.at
		p.member(n)
		if c = p.next(); c == ',' {
			p.at++
		} else if p.at == start {
			p.at = len(p.text)
		}
	}
	p.depth--
	p.at++
}

// member reads one entry of an object or a list.
func (p *parser) member(of *Node) {
	key, offset := "", p.at
	if of.Kind == Object {
		key = p.string()
		if p.next() == ':' {
			p.at++
		}
	}
	m := p.value()
	m.Key, m.KeyOffset, m.Parent = key, int32(offset), of
	of.Nodes = append(of.Nodes, m)
}

func (p *parser) string() string {
	start, escaped := p.at, false
	for p.at++; p.at < len(p.text) && p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	p.at = min(p.at+1, len(p.text))
	literal := p.text[min(start, p.at):p.at]
	if !escaped {
		return strings.Trim(literal, `"`)
	}
	text, _ := jsontext.AppendUnquote(nil, literal) // of JSON it cannot fail
	return string(text)
}
