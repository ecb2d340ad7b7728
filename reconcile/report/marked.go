package report

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	segments "github.com/clipperhouse/uax29/v2/words"

	"notiform/reconcile/diff"
)

// Where a line of text changed in part, the words that did are marked as Git marks them, so that
// it is seen without colours as well: [-so-] on the line before and {+so+} on the line after. A
// line that changed in half of it or more has no marks: they would only be in the way.

// marked marks the changed words of lines that were replaced, the first of those that are gone
// beside the first that came, and so on.
func marked(lines []cardLine) []cardLine {
	for i := 0; i < len(lines); {
		gone := signs(lines[i:], '-')
		came := signs(lines[i+gone:], '+')
		for k := range min(gone, came) {
			before, after := &lines[i+k].text, &lines[i+gone+k].text
			*before, *after = markedWords(*before, *after)
		}
		i += max(gone+came, 1)
	}
	return lines
}

// signs is how many lines have a sign, from the first on.
func signs(lines []cardLine, sign byte) int {
	for i, l := range lines {
		if l.sign != sign {
			return i
		}
	}
	return len(lines)
}

// mostWords is how many words lines may have to be compared word by word, so that a card of few long
// lines costs no more than any other.
const mostWords = 1 << 10

// lineLabel is what a line of a card begins with: a name, or the bar of a text of several lines.
var lineLabel = regexp.MustCompile(`^ *(?:"(?:[^"\\]|\\.)*": |\| )?`)

// markedWords are two lines with the words marked in which they differ.
func markedWords(before, after string) (string, string) {
	label := lineLabel.FindString(before)
	if !strings.HasPrefix(after, label) || lineLabel.FindString(after) != label {
		return before, after
	}
	x, y := wordsOf(before[len(label):]), wordsOf(after[len(label):])
	if tooMany(x, y) {
		return before, after
	}
	pieces, same := aligned(x, y)
	if 2*same <= max(weight(x...), weight(y...)) {
		return before, after
	}
	var gone, came strings.Builder
	gone.WriteString(label)
	came.WriteString(label)
	for _, p := range pieces {
		mark(&gone, x[p.x0:p.x1], "[-", "-]", p.same)
		mark(&came, y[p.y0:p.y1], "{+", "+}", p.same)
	}
	return gone.String(), came.String()
}

// tooMany reports whether so many words lie between the first and the last in which two lines differ
// that comparing them would take long.
func tooMany(x, y []string) bool {
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return len(x)*len(y) > mostWords*mostWords
}

func mark(b *strings.Builder, words []string, begin, end string, same bool) {
	text := strings.Join(words, "")
	if !same && text != "" {
		text = begin + text + end
	}
	b.WriteString(text)
}

// markedWord is a word with its marks.
var markedWord = regexp.MustCompile(`\[-.*?-\]|\{\+.*?\+\}`)

// emphasised is a line with its marked words in bold, for where there are colours.
func emphasised(text string) string { return markedWord.ReplaceAllString(text, "\x1b[1m$0\x1b[22m") }

// piece is a part of two lines, the same in both or not: the words from x0 to x1 of the one, and from
// y0 to y1 of the other.
type piece struct {
	x0, x1, y0, y1 int
	same           bool
}

// aligned lays the words of two lines beside each other, and weighs those that are the same. What stands
// between changes is part of them, if it weighs nothing.
func aligned(x, y []string) (pieces []piece, same int) {
	i, j := 0, 0
	for _, e := range diff.Edits(x, y) {
		p := piece{i, i, j, j, e.Op == ""}
		if e.Op != diff.Add {
			i++
		}
		if e.Op != diff.Remove {
			j++
		}
		p.x1, p.y1 = i, j
		if p.same {
			same += weight(x[p.x0])
		}
		pieces = joined(pieces, p, x)
	}
	return pieces, same
}

// joined adds a piece to others that end where it begins.
func joined(pieces []piece, p piece, x []string) []piece {
	n := len(pieces)
	if n > 1 && !p.same && pieces[n-1].same && weight(x[pieces[n-1].x0:pieces[n-1].x1]...) == 0 {
		pieces, n = pieces[:n-1], n-1 // its neighbour is a change
		pieces[n-1].x1, pieces[n-1].y1 = p.x0, p.y0
	}
	if n > 0 && pieces[n-1].same == p.same {
		pieces[n-1].x1, pieces[n-1].y1 = p.x1, p.y1
		return pieces
	}
	return append(pieces, p)
}

// weight is how many letters and digits words have, but for escapes.
func weight(words ...string) int {
	n := 0
	for _, w := range words {
		for i := 0; i < len(w); {
			r, size := utf8.DecodeRuneInString(w[i:])
			if unicode.In(r, unicode.L, unicode.N) {
				n++
			}
			i += max(size, len(escapeAt(w[i:])))
		}
	}
	return n
}

// wordsOf cuts a text that was made visible into words: of Chinese, characters. What stands between
// is words too. None ends within an escape, or within what is read as one character.
func wordsOf(s string) []string {
	var out []string
	for s != "" {
		n := len(escapeAt(s))
		if n == 0 {
			n = wordLength(s)
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

func wordLength(s string) int {
	w := segments.FromString(s)
	w.Next()
	n := len(w.Value())
	end := 0
	for g := graphemes.FromString(s); end < n && g.Next(); {
		end += len(g.Value())
	}
	return max(end, 1)
}
