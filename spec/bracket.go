package spec

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// begun is what an earlier line has begun and no line since has ended.
type begun struct {
	at      place
	sign    string // a quote or a bracket
	closing string // what ends it, and all within it that is open
}

// linesBegun is how many lines before one are looked at for what they have begun.
const linesBegun = 30

// begun is what is open at the end of a line since lines before it, the nearest first.
func (f *file) begun(number int) (all []begun) {
	for from := number - 1; from > 0 && from >= number-linesBegun; from-- {
		first := string(f.line(from))
		if len(first) > longestMended || !strings.ContainsAny(first, "\"'[{") {
			continue
		}
		var text strings.Builder
		for i := from; i <= number; i++ {
			text.Write(f.line(i))
			text.WriteByte('\n')
		}
		s := scan(text.String())
		if at := s.outermost(); at >= 0 && at < len(first) {
			all = append(all, begun{place{int32(from), int32(utf8.RuneCountInString(first[:at]) + 1)}, first[at : at+1], s.closing()})
		}
	}
	return all
}

// scanned is what of quotes and brackets is open at the end of a text.
type scanned struct {
	text  string
	quote int   // where it is, or -1
	open  []int // where brackets are
	odd   int   // where the first bracket closes none or another, or -1
	last  rune  // the last character that is no blank
}

func newScan(text string) *scanned { return &scanned{text: text, quote: -1, odd: -1, last: '\n'} }

func scan(text string) *scanned {
	s := newScan(text)
	for i, r := range text {
		s.step(i, r)
	}
	return s
}

// step goes on over the character at i.
func (s *scanned) step(i int, r rune) {
	switch {
	case s.quote >= 0:
		if r == rune(s.text[s.quote]) && (r != '"' || s.text[i-1] != '\\') {
			s.quote = -1
		}
	case (r == '"' || r == '\'') && (strings.ContainsRune("\n:[{,-", s.last) || narrow(s.last) != ""):
		s.quote = i
	case r == '[' || r == '{':
		s.open = append(s.open, i)
	case r == ']' || r == '}':
		if n := len(s.open) - 1; n >= 0 && closingOf(s.text[s.open[n]]) == string(r) {
			s.open = s.open[:n]
		} else if s.odd < 0 {
			s.odd = i
		}
	}
	if r != ' ' && r != '\t' {
		s.last = r
	}
}

// wentWrong is the line up to which all is as it should be, of a text of which so many lines were read until an
// error was noticed: in which the brackets or the quote begin that are at fault, or a quote that was open over
// several lines up to there, for it may be the end of another.
func (f *file) wentWrong(err error, read int) int {
	said, _ := strconv.Atoi(syntaxLine.FindStringSubmatch(err.Error())[1])
	switch message := err.Error(); {
	case strings.Contains(message, yamlEndOfStream):
		return f.quoteOver(said)
	case strings.HasSuffix(message, yamlNoCommaOrBracket), strings.HasSuffix(message, yamlNoCommaOrBrace):
		return min(said+1, f.quoteOver(read))
	}
	return f.quoteOver(read)
}

// quoteOver is the line in which a quote begins that is open at the end of a line or was just before, and
// otherwise that line.
func (f *file) quoteOver(noticed int) int {
	s, line, begun, comment := newScan(string(f.src)), 1, 0, false
	for i, r := range s.text {
		if r == '\n' {
			line, comment = line+1, false
		}
		if line > noticed {
			break
		}
		if comment = comment || s.quote < 0 && r == '#' && strings.ContainsAny(s.text[max(i-1, 0):i], " \n"); comment {
			continue
		}
		within := s.quote >= 0
		s.step(i, r)
		switch now := s.quote >= 0; {
		case now && !within:
			begun = line
		case !now && within && begun < line && line >= noticed-2:
			return begun
		}
	}
	if s.quote >= 0 {
		return begun
	}
	return noticed
}

// outermost is where the first begins of what is open, or -1.
func (s *scanned) outermost() int {
	if len(s.open) > 0 {
		return s.open[0]
	}
	return s.quote
}

// closing is what ends all that is open.
func (s *scanned) closing() (all string) {
	for _, at := range s.open {
		all = closingOf(s.text[at]) + all
	}
	if s.quote >= 0 {
		all = s.text[s.quote:s.quote+1] + all
	}
	return all
}

func closingOf(bracket byte) string {
	if bracket == '[' {
		return "]"
	}
	return "}"
}

// notClosed is what to say of a quote or a bracket that is not.
func notClosed(sign, closing string) (message, hint string) {
	if sign == `"` || sign == "'" {
		return fmt.Sprintf(quoteNotClosed, sign), fmt.Sprintf(closeQuote, closing)
	}
	return fmt.Sprintf(bracketNotClosed, sign), fmt.Sprintf(closeBracket, closing)
}

// bracketEnd closes what is open at the end of the line.
func bracketEnd(l line) (all []mend) {
	text := strings.TrimRight(l.text, " ")
	if s := scan(l.text); len(s.open) > 0 && s.quote < 0 {
		at := s.open[len(s.open)-1]
		message, hint := notClosed(l.text[at:at+1], s.closing())
		all = append(all, l.mend(text+s.closing(), at, message, hint))
	}
	return all
}

// overLines closes, at the end of the line, what lines before it have begun, or parts it from what follows.
func overLines(l line) (all []mend) {
	text := strings.TrimRight(l.text, " ")
	for _, b := range l.begun {
		m := l.mend(text+b.closing, len(text), "", "")
		m.begun = b.at
		m.message, m.hint = notClosed(b.sign, b.closing)
		all = append(all, m)
		if isQuote := strings.ContainsAny(b.sign, `"'`); !isQuote && !strings.ContainsAny(text[len(text)-1:], ",[{:") {
			all = append(all, l.mend(text+",", len(text), lineWantsComma, typeCommaHere))
		}
	}
	return all
}

var (
	// quoteBegins is a quote where a value or a key may begin, and quoteEnds what may stand behind it.
	quoteBegins = regexp.MustCompile(`(?:^\s*(?:- +)*|[:\[{,-]\s+|[\[{,])(["'])`)
	quoteEnds   = regexp.MustCompile(`^(?:\s*(?:[,:\]}]|$)|\s+#)`)
)

// quoteEnd closes a quote: where a Chinese one stands, at the end of the line, before the brackets
// that end it, or before what may follow a text.
func quoteEnd(l line) (all []mend) {
	text := strings.TrimRight(l.text, " ")
	for _, m := range quoteBegins.FindAllStringSubmatchIndex(text, mostQuotes) {
		at := m[2]
		sign, rest := text[at:m[3]], text[m[3]:]
		if _, behind, closed := strings.Cut(rest, sign); closed && quoteEnds.MatchString(behind) {
			continue
		}
		for i, r := range rest {
			if narrow(r) == sign {
				message, hint := typed(r)
				all = append(all, l.mend(text[:m[3]+i]+sign+rest[i+utf8.RuneLen(r):], m[3]+i, message, hint))
				break
			}
		}
		message, hint := notClosed(sign, sign)
		for _, end := range []int{len(rest), len(strings.TrimRight(rest, "]},")), strings.IndexAny(rest, ",]}"), strings.IndexByte(rest, ':')} {
			if next := strings.Index(rest, sign); end >= 0 && (next < 0 || end < next) {
				all = append(all, l.mend(text[:m[3]+end]+sign+rest[end:], at, message, hint))
			}
		}
	}
	return all
}

// mostQuotes is how many quotes of a line are tried.
const mostQuotes = 12

// oddBracket mends the first bracket of the line that closes none or another: it becomes the one that is
// missing, or that is put in before it, or the bracket that it closes is put in, or it is deleted; or the
// brackets at the end of the line become those that close what is open.
func oddBracket(l line) []mend {
	s := scan(l.text)
	if s.odd < 0 {
		return nil
	}
	odd, before, behind := l.text[s.odd:s.odd+1], l.text[:s.odd], l.text[s.odd+1:]
	if inner := scan(before); len(inner.open) > 0 {
		at := inner.open[len(inner.open)-1]
		right := closingOf(l.text[at])
		message, hint := notClosed(l.text[at:at+1], right)
		all := []mend{
			l.mend(before+right+behind, s.odd, fmt.Sprintf(bracketOfOther, odd, l.text[at:at+1]), fmt.Sprintf(typeInPlace, right, odd)),
			l.mend(before+right+odd+behind, at, message, hint),
		}
		if end := strings.TrimRight(l.text, " ]}"); len(end) <= s.odd {
			closing := scan(end).closing()
			all = append(all, l.mend(end+closing, len(end), bracketsAtEnd, fmt.Sprintf(typeInPlace, closing, strings.TrimRight(l.text[len(end):], " "))))
		}
		return all
	}
	all := []mend{l.mend(before+behind, s.odd, fmt.Sprintf(bracketOfNone, odd), deleteBracket)}
	if m := entryForm.FindStringSubmatchIndex(l.text); m != nil && m[6] < s.odd {
		opening := map[string]string{"]": "[", "}": "{"}[odd]
		all = append(all, l.mend(l.text[:m[6]]+opening+l.text[m[6]:], m[6], fmt.Sprintf(bracketNotOpened, odd), fmt.Sprintf(writeLine, first(quotedLength, opening+l.text[m[6]:]))))
	}
	return all
}

var (
	// keyAlone is a line that begins as one with a key does, but for the colon.
	keyAlone = regexp.MustCompile(`^(\s*(?:- +)*)([A-Za-z_]\w*)(?:\s*=\s*|\s+|$)(.*)$`)
	// besideKey is where a key follows something within brackets without a comma, or a bracket another.
	besideKey = regexp.MustCompile(`(?:[^\s,:\[{(](\s+)["']?[A-Za-z_]\w*["']?:(?:\s|$)|[\]}](\s*)[\[{])`)
)

// noColon puts a colon behind the key that a line begins with.
func noColon(l line) []mend {
	m := keyAlone.FindStringSubmatch(l.text)
	if m == nil {
		return nil
	}
	entry := strings.TrimRight(m[2]+": "+m[3], " ")
	return []mend{l.mend(m[1]+entry, len(m[1]+m[2]), fmt.Sprintf(colonMissing, m[2]), fmt.Sprintf(writeLine, first(quotedLength, entry)))}
}

// noComma puts a comma before a key within brackets.
func noComma(l line) (all []mend) {
	if !strings.ContainsAny(l.text, "{[") {
		return nil
	}
	for _, m := range besideKey.FindAllStringSubmatchIndex(l.text, mostQuotes) {
		from, to := max(m[2], m[4]), max(m[3], m[5])
		all = append(all, l.mend(l.text[:from]+", "+l.text[to:], to, jsonNoComma, typeComma))
	}
	return all
}
