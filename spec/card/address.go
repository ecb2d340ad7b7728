package card

import (
	"html"
	"strings"
)

// Link is an address in a card to which a click sends a person.
type Link struct {
	At      *Node  // the address itself, or a text that it stands in
	Within  int    // how many bytes of the text of At come before it
	Address string // as Feishu reads it; in a text its entities are characters
}

// Addresses are all addresses within a card to which a person could be sent, in the order of the
// card: those of card_link, buttons, options, behaviors and actions, each for every client, those that
// links have by name (href), and in texts and in the cells of tables links, tags with an address and
// addresses that stand there as they are, also in plain_text, where it is unknown whether Feishu makes
// links of them. An address may lack a scheme or a host; none is what says that nothing opens on a client.
func (n *Node) Addresses() []Link {
	var found []Link
	n.all(func(m *Node) {
		switch {
		case m.Kind == Text && m.Text != "" && m.Text != noClient && m.Field != nil:
			found = append(found, m.links(m.Field.Formats)...)
		case m.Shape != nil && m.Shape.Name == "table":
			types := m.columnTypes()
			for _, row := range m.items("rows") {
				for _, cell := range row.Nodes {
					found = append(found, cell.links(cellFormats(types[cell.Key]))...)
				}
			}
		}
	})
	return found
}

// links are the addresses of a text that is read so.
func (n *Node) links(formats []Format) []Link {
	if n.Kind != Text || len(formats) == 0 {
		return nil
	}
	var found []Link
	j := judge{Options: Options{Quote: strings.Clone}, links: &found}
	switch format := formats[0]; format {
	case Address, AppAddress, LooseAddress:
		return []Link{{At: n, Address: n.Text}}
	case LarkMarkdown, FullMarkdown:
		j.markdown(n, n.Text, format == FullMarkdown)
	case Plain:
		for i := 0; i < len(n.Text); i++ {
			if address := bareAddress(n.Text[i:]); address != "" {
				found = append(found, Link{n, i, withoutStop(address)})
				i += len(address)
			}
		}
	}
	return found
}

// cellFormats is how the cells of a column of that type are read.
func cellFormats(kind string) []Format {
	switch kind {
	case "lark_md":
		return []Format{LarkMarkdown}
	case "markdown":
		return []Format{FullMarkdown}
	}
	return nil
}

// found keeps an address of the text.
func (m *marked) found(address string) {
	if m.links == nil {
		return
	}
	if address = html.UnescapeString(address); address != "" && address != noClient {
		*m.links = append(*m.links, Link{m.node, m.spot, address})
	}
}
