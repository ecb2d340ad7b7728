package spec

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// judgeCard looks at a card as a whole; at is where its faults are reported.
func (f *file) judgeCard(card JSON, at place) {
	f.cardVersion(card, at)
	f.cardSize(card, at)
}

// cardVersion refuses card JSON 2.0, whose mark is its schema, and references to a
// card template. That the helpdesk takes neither is undocumented; assumed, because
// every sample card of its API pages is JSON 1.0, and the page on messages of the
// helpdesk's bot (helpdesk-v1/ticket-management/ticket-message/create-2) refuses 2.0.
func (f *file) cardVersion(card JSON, at place) {
	for name, value := range topMembers(card) {
		switch {
		case name == "schema" && strings.HasPrefix(strings.Trim(value, `"`), "2"):
			f.fault(at, ruleCardVersion, cardVersion2, quoted(strings.Trim(value, `"`))).Hint = exportVersion1
		case name == "type" && value == `"template"`:
			f.fault(at, ruleCardVersion, cardTemplate).Hint = writeCardItself
		}
	}
}

// topMembers yields an object's own members, each with its value's JSON text; none
// of a card that cannot be at fault here.
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

// The API page "Send message" gives cards 30 KB, without saying which kilobytes, and
// those of notifications say nothing. The warning is there for the other reading.
const (
	largestCard = 30 << 10
	largeCard   = 28 << 10
)

func (f *file) cardSize(card JSON, at place) {
	switch size := len(card.String()); {
	case size > largestCard:
		f.fault(at, ruleCardSize, cardOverLimit, size, largestCard).Hint = shortenCard
	case size > largeCard:
		near := f.fault(at, ruleCardSize, cardNearLimit, size, largestCard)
		near.Severity, near.Hint = Warning, shortenCard
	}
}
