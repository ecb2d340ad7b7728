package preview

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"notiform/spec/card"
)

// isWords reports whether a value is a text that people read, or one for each language.
func isWords(m *card.Node) bool {
	f := m.Field
	if f.Kind == card.Languages && m.Kind == card.Object {
		f = f.Each
	} else if m.Kind >= card.List {
		return false
	}
	format := formatOf(f)
	return format == card.Plain || format == card.LarkMarkdown || format == card.FullMarkdown
}

// words are what a text says: if it is there in several languages in each, and then what stands
// beside them for no language.
func words(n *card.Node) []Span {
	var spans, rest []Span
	named := hrefs(n)
	for _, m := range n.Nodes {
		switch {
		case m.Field == nil || m.Kind == card.Null || !isWords(m):
		case m.Kind == card.Object:
			for _, l := range inOrder(m.Nodes) {
				if l.Kind == card.Null || l.Kind == card.Text && l.Text == "" {
					continue
				}
				spans = append(spans, Span{Language: l.Key})
				spans = append(spans, styled(plainOf(l), formatOf(m.Field.Each), named)...)
			}
		default:
			rest = append(rest, styled(plainOf(m), formatOf(m.Field), named)...)
		}
	}
	if spans != nil && rest != nil {
		spans = append(spans, Span{Language: noLanguage})
	}
	spans = append(spans, rest...)
	for i, s := range spans {
		if s.Color != "" {
			spans[i].Own = ownColour(n, "c", s.Color)
		}
	}
	return spans
}

// noLanguage is what a text is in that people see where nothing is in their language.
const noLanguage = "*"

// plainOf is a text, or what stands where one is due.
func plainOf(n *card.Node) string {
	if n.Kind < card.List {
		return n.Text
	}
	return literal(n)
}

// hrefs are the addresses that a text has by names.
func hrefs(n *card.Node) map[string]string {
	all := n.Get("href")
	if all == nil || all.Kind != card.Object {
		return nil
	}
	named := map[string]string{}
	for _, m := range all.Nodes {
		named["$"+m.Key] = strings.Join(boxOf(m).Addresses, addressesJoin)
	}
	return named
}

func str(n *card.Node, key string) string {
	if m := n.Get(key); m != nil {
		return m.Text
	}
	return ""
}

// literal is the JSON of a value.
func literal(n *card.Node) string { return string(appendLiteral(nil, n)) }

func appendLiteral(b []byte, n *card.Node) []byte {
	if n.Kind == card.Text {
		return appendQuoted(b, n.Text)
	} else if n.Kind < card.List {
		return append(b, n.Text...)
	}
	brackets := "[]"
	if n.Kind == card.Object {
		brackets = "{}"
	}
	b = append(b, brackets[0])
	for i, m := range n.Nodes {
		if i > 0 {
			b = append(b, ',')
		}
		if n.Kind == card.Object {
			b = append(appendQuoted(b, m.Key), ':')
		}
		b = appendLiteral(b, m)
	}
	return append(b, brackets[1])
}

func appendQuoted(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // what is no UTF-8 is replaced
	return b
}

// tabled makes the rows of a table, its head first, unless it is none.
func (b *Box) tabled(n *card.Node) {
	columns, all := n.Get("columns"), n.Get("rows")
	if n.Shape.Name != "table" || columns == nil || all == nil || columns.Kind != card.List || all.Kind != card.List {
		return
	}
	head, types, at := [][]Span{}, []string{}, map[string]int{}
	for i, c := range columns.Nodes {
		title := str(c, "display_name")
		if c.Kind != card.Object {
			title = literal(c)
		}
		if name := str(c, "name"); title == "" {
			title = name
		}
		head, types = append(head, []Span{{Text: title}}), append(types, str(c, "data_type"))
		b.Aligned = append(b.Aligned, aligned(c))
		at[str(c, "name")] = i
	}
	b.Rows = append(b.Rows, head)
	for _, r := range all.Nodes {
		b.row(r, at, types)
	}
}

// aligned is how a column is, by the page "Table": numbers are so that their digits are below each other.
func aligned(column *card.Node) string {
	switch how := str(column, "horizontal_align"); {
	case how == "right" || how == "" && str(column, "data_type") == "number":
		return "right"
	case how == "center":
		return how
	}
	return ""
}

// row adds a row; what has no column stands behind the others.
func (b *Box) row(r *card.Node, at map[string]int, types []string) {
	if r.Kind != card.Object {
		b.odd(r)
		return
	}
	cells := make([][]Span, 0, len(r.Nodes))
	byTurn := slices.SortedStableFunc(slices.Values(r.Nodes), func(x, y *card.Node) int { return turn(at, x) - turn(at, y) })
	for _, c := range byTurn {
		i, known := at[c.Key]
		if !known {
			b.odd(c)
			continue
		}
		for len(cells) < i && len(cells) < len(types) && len(cells) < mostBlank {
			cells = append(cells, nil)
		}
		cells = append(cells, cell(c, types[i]))
	}
	b.Rows = append(b.Rows, cells)
}

// mostBlank bounds what is added to the cells of a row; people see no more columns.
const mostBlank = 50

func turn(at map[string]int, c *card.Node) int {
	if i, ok := at[c.Key]; ok {
		return i
	}
	return len(at)
}

// cell is a cell by the type of its column.
func cell(c *card.Node, kind string) []Span {
	switch {
	case kind == "lark_md" && c.Kind == card.Text:
		return styled(c.Text, card.LarkMarkdown, nil)
	case kind == "markdown" && c.Kind == card.Text:
		return styled(c.Text, card.FullMarkdown, nil)
	case kind == "date" && c.Kind == card.Number:
		return []Span{{Text: dated(c.Text)}}
	case c.Kind < card.List:
		return []Span{{Text: c.Text}}
	}
	return entries(c)
}

// dated is the moment that milliseconds are. People see it by their own clock, and here by that of UTC.
func dated(milliseconds string) string {
	ms, err := strconv.ParseInt(milliseconds, 10, 64)
	if err != nil || ms < firstDate || ms > lastDate {
		return milliseconds
	}
	return time.UnixMilli(ms).UTC().Format(dateAndZone)
}

// Beyond these a year has not four digits.
const (
	firstDate   = -62_135_596_800_000
	lastDate    = 253_402_300_799_999
	dateAndZone = "2006-01-02 15:04 UTC"
)

// entries are the options or the persons of a cell.
func entries(c *card.Node) (spans []Span) {
	if c.Kind != card.List {
		return []Span{{Text: literal(c)}}
	}
	for i, e := range c.Nodes {
		if i > 0 {
			spans = append(spans, Span{Text: cellJoin})
		}
		switch text := e.Get("text"); {
		case e.Kind < card.List:
			spans = append(spans, Span{Text: e.Text})
		case text != nil && text.Kind == card.Text && len(e.Nodes) == 1:
			spans = append(spans, Span{Text: text.Text, Kind: "option"})
		case text != nil && text.Kind == card.Text && len(e.Nodes) == 2 && e.Get("color") != nil:
			spans = append(spans, Span{Text: text.Text, Kind: "option", Color: plainOf(e.Get("color"))})
		default:
			spans = append(spans, Span{Text: literal(e)})
		}
	}
	return spans
}
