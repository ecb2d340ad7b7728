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

// lineLabel is what a line of a card begins with: a name, or the bar of a text of several lines.
var lineLabel = regexp.MustCompile(`^ *(?:"(?:[^"\\]|\\.)*": |\| )?`)

// markedWords are two lines with the words marked in which they differ.
func markedWords(before, after string) (string, string) {
	label := lineLabel.FindString(before)
	if !strings.HasPrefix(after, label) || lineLabel.FindString(after) != label {
		return before, after
	}
	x, y := wordsOf(before[len(label):]), wordsOf(after[len(label):])
	pieces, same := aligned(x, y)
	if 2*same <= max(weight(x...), weight(y...)) {
		return before, after
	}
	gone, came := label, label
	for _, p := range pieces {
		gone += mark(p.before, "[-", "-]", p.same)
		came += mark(p.after, "{+", "+}", p.same)
	}
	return gone, came
}

func mark(text, begin, end string, same bool) string {
	if same || text == "" {
		return text
	}
	return begin + text + end
}

// markedWord is a word with its marks.
var markedWord = regexp.MustCompile(`\[-.*?-\]|\{\+.*?\+\}`)

// emphasised is a line with its marked words in bold, for where there are colours.
func emphasised(text string) string { return markedWord.ReplaceAllString(text, "\x1b[1m$0\x1b[22m") }

// piece is a part of two lines, the same in both or not.
type piece struct {
	before, after string
	same          bool
}

// aligned lays the words of two lines beside each other, and weighs those that are the same. A word
// that stands alone between changes is part of them, if it weighs nothing.
func aligned(x, y []string) (pieces []piece, same int) {
	for _, e := range diff.Edits(x, y) {
		p := piece{}
		switch e.Op {
		case diff.Remove:
			p.before = x[e.Before]
		case diff.Add:
			p.after = y[e.After]
		default:
			p = piece{x[e.Before], y[e.After], true}
			same += weight(x[e.Before])
		}
		n := len(pieces)
		if n > 1 && !p.same && pieces[n-1].same && !pieces[n-2].same && weight(pieces[n-1].before) == 0 {
			pieces[n-2].join(pieces[n-1])
			pieces, n = pieces[:n-1], n-1
		}
		if n > 0 && pieces[n-1].same == p.same {
			pieces[n-1].join(p)
		} else {
			pieces = append(pieces, p)
		}
	}
	return pieces, same
}

func (p *piece) join(q piece) {
	p.before += q.before
	p.after += q.after
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
