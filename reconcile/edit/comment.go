package edit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// findComments finds what of the text is comment: from a # that no scalar has to the end of the line.
func (t *text) findComments() {
	slices.SortFunc(t.leaves, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	leaves := t.leaves
	for at := 0; at < len(t.src); at++ {
		for len(leaves) > 0 && leaves[0].end <= at {
			leaves = leaves[1:]
		}
		switch {
		case len(leaves) > 0 && leaves[0].start <= at:
			at = leaves[0].end - 1
		case t.src[at] == '#' && (at == 0 || strings.IndexByte(" \t\n", t.src[at-1]) >= 0):
			end := at + strings.IndexAny(t.src[at:], "\r\n")
			t.comments = append(t.comments, span{at, end})
			at = end
		}
	}
}

// hasComment reports whether a comment begins in a part of the text.
func (t *text) hasComment(start, end int) bool {
	return slices.ContainsFunc(t.comments, func(c span) bool { return start <= c.start && c.start < end })
}

// texts counts comments.
func (t *text) texts() map[string]int {
	count := map[string]int{}
	for _, c := range t.comments {
		count[t.src[c.start:c.end]]++
	}
	return count
}

// proveComments takes the edited text apart and wants every comment of the old one in it, but for
// those on the lines of entries that went, which it returns. lossy lets the others go as well.
func (t *text) proveComments(edited string, lossy bool) (gone []string, err error) {
	now, err := take([]byte(edited), t.isJSON)
	if err != nil {
		return nil, errUnmeasured
	}
	may := map[string]int{}
	for _, c := range t.comments {
		if !t.ownsLine(c.start) && slices.ContainsFunc(t.patches, func(p patch) bool { return p.goes && p.start <= c.start && c.end <= p.end }) {
			may[t.src[c.start:c.end]]++
		}
	}
	there := now.texts()
	for _, c := range t.comments {
		comment := t.src[c.start:c.end]
		switch {
		case there[comment] > 0:
			there[comment]--
		case may[comment] > 0 || lossy:
			may[comment]--
			gone = append(gone, comment)
		default:
			return nil, &LossError{fmt.Sprintf(losesComment, comment)}
		}
	}
	return gone, nil
}

// LossError says what an edit would lose.
type LossError struct{ message string }

func (e *LossError) Error() string { return e.message }
