package card

import (
	"slices"
	"strings"
)

// pasted tells a member of what has no elements that shows that not a card was pasted but what one
// is sent in.
func (j *judge) pasted(m *Node) bool {
	rows := m
	if m.Key != "content" {
		rows = m.Get("content") // of one language
	}
	switch {
	case m.Key == "post" || len(rows.list()) > 0 && rows.Nodes[0].Kind == List:
		j.sure(m, ruleWrapper, postPasted).with(writeCard).AtKey = true
	case slices.Contains(requestKeys(), m.Key):
		j.sure(m, ruleWrapper, requestPasted, m.Key).with(writeCard).AtKey = true
	case slices.Contains(messageKeys(), m.Key),
		m.Key == "content" && strings.HasPrefix(strings.TrimSpace(m.Text), "{"):
		j.sure(m, ruleWrapper, messagePasted, m.Key).with(writeCard).AtKey = true
	case m.Key != "body" && m.Field == nil && holdsCard(m):
		j.sure(m, ruleWrapper, cardWithin, j.Quote(m.Key)).with(writeCard).AtKey = true
	default:
		return false
	}
	return true
}

func requestKeys() []string { return []string{"push_content", "notification"} }

func messageKeys() []string {
	return []string{"msg_type", "receive_id", "card", "text", "image_key", "open_id", "chat_id"}
}

// holdsCard reports whether a value has a card within it, as JSON or as its text.
func holdsCard(n *Node) bool {
	if n.Kind == Text {
		return strings.HasPrefix(strings.TrimSpace(n.Text), "{") && strings.Contains(n.Text, `"elements"`)
	}
	return n.Kind == Object && (n.Get("elements") != nil || n.Get("i18n_elements") != nil || slices.ContainsFunc(n.Nodes, holdsCard))
}

// empty tells a card that shows nothing, and one of which the list of chats shows nothing: that has
// the title, or else the text of the first element, if it is one of text. A card of no members at all
// says itself that it is blank, which is allowed.
func (j *judge) empty(n *Node) {
	elements := n.Get("elements").list()
	if all := n.Get("i18n_elements"); all != nil && all.Kind == Object {
		for _, m := range all.Nodes {
			if len(m.list()) > 0 {
				elements = m.list()
				break
			}
		}
	}
	header := n.Get("header")
	if all := n.Get("i18n_header"); header.IsZero() && !all.IsZero() && len(all.Nodes) > 0 {
		header = all.Nodes[0]
	}
	switch {
	case len(n.Nodes) == 0:
	case slices.ContainsFunc(j.faults, func(f Fault) bool { return f.Sure }): // there may be more, once that is mended
	case header.IsZero() && len(elements) == 0:
		j.doubt(n, ruleEmpty, nothingShown).Hint = writeElements
	case says(header.Get("title")) || says(header.Get("subtitle")):
	case len(elements) == 0 || !says(elements[0].Get("text")) && !says(elements[0]):
		j.doubt(n, ruleEmpty, nothingInList).Hint = writeTitle
	}
}

// says reports whether a text has words, in any language.
func says(n *Node) bool {
	if n == nil || n.Kind != Object {
		return false
	}
	return strings.TrimSpace(n.text("content")) != "" || !n.Get("i18n").IsZero() || !n.Get("i18n_content").IsZero()
}

// wrapped tells something else that was pasted instead of a card; nothing else is said of it then.
func (j *judge) wrapped(n *Node) bool {
	kind := n.text("type")
	if schema := n.Get("schema"); schema != nil && strings.HasPrefix(schema.Text, "2") || kind == "template" || kind == "card" && n.Get("data") != nil {
		return true // another kind of card, of which others tell
	}
	if elements := n.items("elements"); len(elements) > 0 && elements[0].Kind == List {
		j.sure(n.Get("elements"), ruleWrapper, postPasted).Hint = writeCard
		return true
	}
	if n.Get("elements") != nil || n.Get("i18n_elements") != nil {
		return false
	}
	if n.Get(tagKey) != nil {
		j.doubt(n, ruleWrapper, elementPasted, j.Quote(n.text(tagKey))).Hint = writeInElements
		return true
	}
	if slices.ContainsFunc(n.Nodes, j.pasted) {
		return true
	}
	body := n.Get("body")
	if body == nil || body.Kind != Object {
		return false
	}
	j.doubt(body, ruleWrapper, bodyPasted).with(writeElements).AtKey = true
	return true
}
