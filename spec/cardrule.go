package spec

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// cardVersion refuses cards the helpdesk does not take: JSON 2.0, whose mark is
// its schema, and references to a card template. (The API fact sheet, section 8.1.)
func cardVersion(d *document) {
	for name, value := range topMembers(d.draft.PushContent) {
		switch {
		case name == "schema" && strings.HasPrefix(strings.Trim(value, `"`), "2"):
			d.cardFault(ruleCardVersion, "the card is card JSON 2.0 (schema "+quoted(strings.Trim(value, `"`))+")",
				"the helpdesk takes card JSON 1.0: export it without schema and body")
		case name == "type" && value == `"template"`:
			d.cardFault(ruleCardVersion, "the card is a reference to a card template",
				"write out the card itself: the helpdesk takes card JSON 1.0")
		}
	}
}

func (d *document) cardFault(rule, message, hint string) {
	d.card.in.fault(d.card.at, rule, message, hint)
}

// topMembers yields an object's own members; a value that is no string, number or
// literal as "".
func topMembers(card JSON) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		if !strings.Contains(card.String(), `"schema":`) && !strings.Contains(card.String(), `"type":"template"`) {
			return // the common case, seen without taking the card apart
		}
		dec := jsontext.NewDecoder(strings.NewReader(card.String()))
		if _, err := dec.ReadToken(); err != nil {
			return
		}
		for {
			name, err := dec.ReadToken()
			if err != nil || name.Kind() != '"' {
				return
			}
			key := name.String()
			value, err := dec.ReadValue()
			if err != nil || !yield(key, string(value)) {
				return
			}
		}
	}
}

// Feishu documents 30 KB for cards, without saying which kilobytes; the warning
// is there for the other reading.
const (
	largestCard = 30 << 10
	largeCard   = 28 << 10
)

func cardSize(d *document) {
	size := len(d.draft.PushContent.String())
	if size <= largeCard {
		return
	}
	severity, limit := Warning, "close to the limit of 30 KiB"
	if size > largestCard {
		severity, limit = Error, "over the limit of 30 KiB"
	}
	d.card.in.faultAs(severity, d.card.at, ruleCardSize,
		fmt.Sprintf("the card is %d bytes as compact JSON, %s (%d bytes)", size, limit, largestCard),
		"shorten it, or split it into two notifications")
}
