package spec

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// cardVersion refuses cards the helpdesk does not take: JSON 2.0, whose mark is
// its schema, and references to a card template. (The API fact sheet, section 8.1.)
func cardVersion(d *document) {
	for name, value := range topMembers(d.draft.PushContent) {
		switch {
		case name == "schema" && strings.HasPrefix(strings.Trim(value, `"`), "2"):
			d.cardFault(ruleCardVersion, cardVersion2, quoted(strings.Trim(value, `"`))).Hint = exportVersion1
		case name == "type" && value == `"template"`:
			d.cardFault(ruleCardVersion, cardTemplate).Hint = writeCardItself
		}
	}
}

// cardFault reports a fault of the card as a whole.
func (d *document) cardFault(rule, message string, values ...any) *Diagnostic {
	return d.card.in.fault(d.card.at, rule, message, values...)
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
	switch size := len(d.draft.PushContent.String()); {
	case size > largestCard:
		d.cardFault(ruleCardSize, cardOverLimit, size, largestCard).Hint = shortenCard
	case size > largeCard:
		near := d.cardFault(ruleCardSize, cardNearLimit, size, largestCard)
		near.Severity, near.Hint = Warning, shortenCard
	}
}
