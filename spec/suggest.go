package spec

import (
	"fmt"
	"strings"
)

// suggest makes the candidate nearest to name the hint, if one is near enough to be
// what was meant.
func (d *Diagnostic) suggest(name string, candidates []string) {
	if best := Nearest(name, candidates); best != "" {
		d.Hint = fmt.Sprintf(didYouMean, quoted(best))
	}
}

// Nearest is the candidate with the fewest edits from name, the first of equals;
// "" if more than half of the name would have to change.
func Nearest(name string, candidates []string) string {
	return nearest(name, quotedLength, candidates)
}

// nearest is Nearest with no more than so many edits.
func nearest(name string, most int, candidates []string) string {
	if len(name) > quotedLength {
		return "" // nobody mistypes that much, and distances cost time
	}
	typed := []rune(strings.ToLower(name))
	best, bestEdits := "", min(len(typed)/2, most)+1
	for _, c := range candidates {
		if n := edits(typed, c); n < bestEdits {
			best, bestEdits = c, n
		}
	}
	return best
}

// edits is the Levenshtein distance in characters, of which s has no more than
// quotedLength bytes can be.
func edits(s []rune, t string) int {
	var whole [quotedLength + 1]int // on the stack: there may be a suggestion for each of many faults
	row := whole[:len(s)+1]
	for i := range row {
		row[i] = i
	}
	for _, c := range t {
		diagonal := row[0]
		row[0]++
		for i := range s {
			cost := diagonal
			if s[i] != c {
				cost++
			}
			diagonal = row[i+1]
			row[i+1] = min(cost, row[i+1]+1, row[i]+1)
		}
	}
	return row[len(s)]
}
