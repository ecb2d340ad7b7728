package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PageWithin is the page about a run in at most so many characters and bytes, for tests of what is
// left out: the formats have limits of their own.
func PageWithin(r Run, characters, bytes int) string {
	return pageOf(r).draw(limits{characters, bytes})
}

// Harmless is how programs get the name of a file.
func Harmless(name string) string { return harmless(name) }

// TicketWords are all sentences of a ticket message, one a line.
func TicketWords() string {
	var b strings.Builder
	say := func(id string, w words) { fmt.Fprintf(&b, "%s\n\t%q\n\t%q\n\t%q\n", id, w.zh, w.en, w.enMany) }
	for i, w := range ticketTable() {
		say(fmt.Sprint("text ", i), w)
	}
	for _, label := range slices.Sorted(maps.Keys(ticketLabels())) {
		say(label, ticketLabels()[label])
	}
	for i, e := range endingTable() {
		say(fmt.Sprint("ending ", i, ": ", e.page), e.ticket)
	}
	return b.String()
}
