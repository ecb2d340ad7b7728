package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"notiform/spec/card"
)

// wideForm is a text that was to be an object, a list or an address.
var wideForm = regexp.MustCompile(`^(?:[A-Za-z_]\w*)?\s*([：｛［【])`)

// judgeCard looks at a card: as a whole, of which faults are reported at a place, and at what is
// within it, where find knows the place. text is its JSON, as the file has it or
// else as it was made.
func (f *file) judgeCard(text string, content JSON, at place, find finding) {
	before := len(f.faults)
	f.cardSize(content, at)
	root := f.table().Read(text)
	f.cardVersion(root, at)
	for i := range f.faults[before:] {
		f.faults[before+i].InCard = root.Pointer()
	}
	faults := f.table().Judge(root, card.Options{Off: f.off, Most: maxFaults + 1, Quote: quoted, Nearest: nearest})
	if !f.off[ruleLinkHost] {
		faults = append(faults, f.guards.linkFaults(root)...)
	}
	slices.SortStableFunc(faults, func(a, b card.Fault) int {
		return cmp.Or(cmp.Compare(offsetOf(a), offsetOf(b)), cmp.Compare(a.Within, b.Within))
	})
	for i, fault := range faults {
		told := f.fault(find(fault), fault.Rule, asSaid, fault.Message)
		told.Hint, told.Severity = fault.Hint, Warning
		if fault.Sure {
			told.Severity = Error
		}
		if at := wideForm.FindStringSubmatchIndex(fault.At.Text); at != nil && !isTextKey(fault.At.Key) && !fault.AtKey {
			r, _ := utf8.DecodeRuneInString(fault.At.Text[at[2]:])
			if told.Message, told.Hint = typed(r); strings.HasPrefix(fault.At.Text[at[3]:], "//") {
				told.Hint = fmt.Sprintf(typeSign, ":")
			}
			told.Pos.Column += utf8.RuneCountInString(fault.At.Text[:at[2]])
		}
		if i < mostExcerpts {
			told.InCard = fault.At.Pointer()
		}
	}
}

// cardVersion refuses card JSON 2.0, whose mark is its schema, and references to a card that is kept
// elsewhere. That the helpdesk takes neither is undocumented; assumed, because
// every sample card of its API pages is JSON 1.0, and the page on messages of the
// helpdesk's bot (helpdesk-v1/ticket-management/ticket-message/create-2) refuses 2.0.
func (f *file) cardVersion(root *card.Node, at place) {
	schema, kind := root.Get("schema"), root.Get("type")
	switch {
	case schema != nil && strings.HasPrefix(schema.Text, "2"):
		f.fault(at, ruleCardVersion, cardVersion2, quoted(schema.Text)).Hint = exportVersion1
	case kind != nil && kind.Text == "template":
		f.fault(at, ruleCardVersion, cardTemplate).Hint = writeCardItself
	case kind != nil && kind.Text == "card" && root.Get("data") != nil:
		f.fault(at, ruleCardVersion, cardEntity).Hint = writeCardItself
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
