package spec

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// suggest makes the candidate nearest to name the hint, if one is near enough to be
// what was meant.
func (d *Diagnostic) suggest(name string, candidates []string) {
	if best := nearest(name, candidates); best != "" {
		d.Hint = fmt.Sprintf(didYouMean, quoted(best))
	}
}

// nearest is the candidate with the fewest edits from name, the first of equals;
// "" if more than half of the name would have to change.
func nearest(name string, candidates []string) string {
	if len(name) > quotedLength {
		return "" // nobody mistypes that much, and distances cost time
	}
	best, bestEdits := "", utf8.RuneCountInString(name)/2+1
	for _, c := range candidates {
		if n := edits(strings.ToLower(name), c); n < bestEdits {
			best, bestEdits = c, n
		}
	}
	return best
}

// edits is the Levenshtein distance in characters.
func edits(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j := range t {
			cost := diagonal
			if s[i] != t[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(t)]
}
