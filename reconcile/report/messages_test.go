package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"notiform/reconcile"
)

// TestTicketWords: everything is said in both languages, of the same values in the same order, and
// one differs from many only where there is a count to tell by.
func TestTicketWords(t *testing.T) {
	t.Parallel()
	table := ticketTable()
	all := slices.Clone(table[:])
	for _, w := range ticketLabels() {
		all = append(all, w)
	}
	for _, c := range outcomeCounts(reconcile.ResultSummary{}) {
		all = append(all, c.words)
	}
	for i, e := range endingTable() {
		if all = append(all, e.ticket); e.page == "" {
			t.Errorf("ending %d has no words for a page", i)
		}
	}
	verbs := regexp.MustCompile(`%(\[[0-9]+\])?[a-z%]`)
	for i, w := range all {
		want := verbs.FindAllString(w.zh, -1)
		if w.zh == "" || w.en == "" || !slices.Equal(verbs.FindAllString(w.en, -1), want) {
			t.Errorf("words %d: %+v", i, w)
		}
		if w.enMany != "" && (!slices.Equal(verbs.FindAllString(w.enMany, -1), want) || !strings.HasPrefix(strings.Join(want, ""), "%d") || w.enMany == w.en) {
			t.Errorf("words %d have no count, or say the same of many: %+v", i, w)
		}
		if said := verbs.ReplaceAllString(w.en, ""); strings.ContainsFunc(said, unicode.IsLetter) && !strings.ContainsFunc(w.zh, isHan) {
			t.Errorf("words %d are not in Chinese: %+v", i, w)
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
