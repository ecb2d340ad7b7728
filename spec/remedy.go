package spec

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mends are those of a line by some remedies.
func (f *file) mends(number int, remedies func(line) []mend) []mend {
	f.findLines()
	if number > len(f.lineStarts) {
		return nil
	}
	l := line{number: number, text: string(f.line(number)), beside: f.indentBeside(number)}
	switch blank := strings.TrimSpace(l.text) == ""; {
	case len(l.text) > longestMended:
		return nil
	case blank && strings.Contains(l.text, "\t"):
		return []mend{l.mend("", strings.IndexByte(l.text, '\t'), tabAlone, deleteTab)}
	case blank:
		return nil
	}
	l.begun = f.begun(number)
	if textForm.MatchString(l.text) {
		l.below = f.textBelow(number)
	}
	open := scan(l.text).quote >= 0
	return slices.DeleteFunc(remedies(l), func(m mend) bool { return !open && scan(m.after).quote >= 0 }) // it hides what follows
}

// likely are the remedies of what people often do, the likeliest first.
func likely(l line) []mend {
	return slices.Concat(wide(l), tab(l), slashes(l), otherSign(l), severalLines(l), oddBracket(l), noColon(l), noComma(l), valueInQuotes(l), quoteEnd(l), blankBehind(l), bracketEnd(l))
}

// lastResort are the remedies that may hide another mistake.
func lastResort(l line) []mend { return slices.Concat(otherIndent(l), noDash(l), noField(l)) }

// longestMended is how many bytes a line may have in which a mistake is looked for.
const longestMended = 2000

// line is a line of a file that could not be read.
type line struct {
	number int
	text   string
	beside []int // the indentations of the lines before it, the nearest first, and of the next
	begun  []begun
	below  string // the lines that follow and look like no fields and no entries, each with its break before it
}

func (l line) mend(after string, at int, message, hint string) mend {
	return mend{number: l.number, before: l.text, after: after, at: at, message: message, hint: hint}
}

// mostIndents is how many indentations are tried.
const mostIndents = 8

// indentBeside are the columns at which some lines before one begin, and what stands behind their
// dashes, and at which the next begins.
func (f *file) indentBeside(number int) (indents []int) {
	for i := number - 1; i > 0 && i >= number-linesAbove && len(indents) < mostIndents; i-- {
		if text := f.line(i); !isBlankOrComment(text) {
			behind, at := len(text)-len(bytes.TrimLeft(text, " -")), len(text)-len(bytes.TrimLeft(text, " "))
			for _, column := range []int{behind, at} {
				if !slices.Contains(indents, column) {
					indents = append(indents, column)
				}
			}
		}
	}
	if next := f.line(number + 1); !isBlankOrComment(next) {
		indents = append(indents, len(next)-len(bytes.TrimLeft(next, " ")))
	}
	return indents
}

// narrow is what to type for a character that a Chinese keyboard has in its place.
func narrow(r rune) string {
	switch r {
	case '“', '”', '„', '‟', '＂', '「', '」', '『', '』':
		return `"`
	case '‘', '’', '＇':
		return "'"
	case '、':
		return ","
	case '—', '–', '−', '－':
		return "-"
	case '。':
		return "."
	case '【':
		return "["
	case '】':
		return "]"
	}
	if 0xFF01 <= r && r <= 0xFF5E { // the block of full-width ASCII
		return string(r - 0xFF01 + '!')
	}
	if r > unicode.MaxASCII && unicode.Is(unicode.Zs, r) {
		return " "
	}
	return ""
}

// ofYAML reports whether what a character would be has a meaning to YAML or JSON.
func ofYAML(ascii string) bool { return ascii != "" && strings.Contains(":,-[]{}\"'# ", ascii) }

// typed is what to say of a character in whose place another is to be typed.
func typed(r rune) (message, hint string) {
	ascii := narrow(r)
	switch {
	case ascii == " ":
		return fmt.Sprintf(noBlank, r), typeBlank
	case ascii == `"`, ascii == "'":
		return fmt.Sprintf(noQuote, string(r)), fmt.Sprintf(typeQuote, ascii)
	case ascii == ":" || ascii == "," || ascii == "-":
		return fmt.Sprintf(wideSign, string(r)), fmt.Sprintf(typeSignAndBlank, ascii)
	default:
		return fmt.Sprintf(wideSign, string(r)), fmt.Sprintf(typeSign, ascii)
	}
}

// firstWide is the first character of a text in whose place YAML or JSON has another.
func firstWide(s string) (at int, r rune, ok bool) {
	for i, r := range s {
		if r > unicode.MaxASCII && ofYAML(narrow(r)) {
			return i, r, true
		}
	}
	return 0, 0, false
}

// typed gives the diagnostic, as its hint, what to type for a character of a text that a Chinese
// keyboard has in the place of one that YAML knows.
func (d *Diagnostic) typed(text string) {
	if strings.Contains(text, " - ") {
		d.Hint = dashesInColumn
		return
	}
	if _, _, wide := firstWide(text); !wide && len(text) > 1 && text[0] == '-' && text[1] != ' ' {
		d.Hint = fmt.Sprintf(writeLine, first(quotedLength, "- "+text[1:]))
		return
	}
	d.refuse(d.Hint, text)
}

// refuse gives the diagnostic a hint and, where a text has such a character, that of it.
func (d *Diagnostic) refuse(hint, text string) {
	d.Hint = hint
	if _, r, ok := firstWide(text); ok {
		_, d.Hint = typed(r)
	}
}

// wide types the characters of the English keyboard for those of the Chinese one: one of them, or
// all outside quotes.
func wide(l line) []mend {
	var one []mend
	var all strings.Builder
	first, s := -1, newScan(l.text)
	for i, r := range l.text {
		s.step(i, r)
		ascii := narrow(r)
		if s.quote >= 0 || r <= unicode.MaxASCII || !ofYAML(ascii) {
			all.WriteRune(r)
			continue
		}
		if first < 0 {
			first = i
		}
		if strings.Contains(":,-", ascii) && !strings.HasPrefix(l.text[i+utf8.RuneLen(r):], " ") {
			ascii += " "
		}
		all.WriteString(ascii)
		if len(one) < 6 {
			message, hint := typed(r)
			one = append(one, l.mend(l.text[:i]+ascii+l.text[i+utf8.RuneLen(r):], i, message, hint))
		}
	}
	if len(one) > 1 {
		return append(one, l.mend(all.String(), first, one[0].message, one[0].hint))
	}
	return one
}

// tab indents with spaces.
func tab(l line) []mend {
	indent := l.text[:len(l.text)-len(strings.TrimLeft(l.text, " \t"))]
	if !strings.Contains(indent, "\t") { // but behind a dash
		indent = l.text[:len(l.text)-len(strings.TrimLeft(l.text, " \t-"))]
	}
	at := strings.IndexByte(indent, '\t')
	if at < 0 {
		return nil
	}
	var all []mend
	for _, n := range slices.Backward(l.beside) { // the next line's, if they are equally good
		if strings.Contains(indent, "-") {
			break
		}
		all = append(all, l.mend(strings.Repeat(" ", n)+l.text[len(indent):], at, tabIndents, indentWithSpaces))
	}
	for _, width := range []int{1, 2, 4, 8} {
		all = append(all, l.mend(strings.ReplaceAll(indent, "\t", strings.Repeat(" ", width))+l.text[len(indent):], at, tabIndents, indentWithSpaces))
	}
	return all
}

var (
	// entryForm is a line of a block: dashes, a key, and what stands behind them.
	entryForm = regexp.MustCompile(`^(\s*(?:- +)*)(?:("[^"]*"|'[^']*'|[^\s"'\[\]{},#:][^:#]*?):[ \t]+)?(.*?)\s*$`)
	// unspaced is a key whose colon has nothing behind it that ends it, or a dash of an entry.
	unspaced = regexp.MustCompile(`^(\s*(?:- +)*)([A-Za-z_][\w-]*:|-)([^\s:/-])`)
)

// blankBehind puts a space behind a colon or a dash.
func blankBehind(l line) []mend {
	m := unspaced.FindStringSubmatchIndex(l.text)
	if m == nil {
		return nil
	}
	sign := l.text[m[5]-1 : m[5]]
	after := l.text[:m[5]] + " " + l.text[m[5]:]
	return []mend{l.mend(after, m[5]-1, fmt.Sprintf(signWantsBlank, sign), fmt.Sprintf(writeLine, first(quotedLength, strings.TrimSpace(after))))}
}

var (
	// entrySigns are what lists begin with elsewhere: dashes, dots, numbers.
	entrySigns = regexp.MustCompile(`^(\s*)(?:[-－—–]{2,}\s*|[•·●○◦▪■◆]\s*|[*+]\s+|[0-9]+[.)、．]\s*)(\S.*)$`)
	// dashes is a line that was to part documents.
	dashes = regexp.MustCompile(`^[-－—–_=]{2,}\s*$`)
)

// otherSign begins an entry, or a document, with what YAML has for it.
func otherSign(l line) []mend {
	if dashes.MatchString(l.text) && strings.TrimSpace(l.text) != "---" {
		return []mend{l.mend("---", 0, documentSign, fmt.Sprintf(writeLine, "---"))}
	}
	m := entrySigns.FindStringSubmatchIndex(l.text)
	if m == nil {
		return nil
	}
	entry := "- " + l.text[m[4]:]
	return []mend{l.mend(l.text[:m[3]]+entry, m[3], entrySign, fmt.Sprintf(writeLine, first(quotedLength, entry)))}
}

// noDash begins an entry at a field, which stands where the dash does or where the fields behind it do.
func noDash(l line) (all []mend) {
	rest := strings.TrimLeft(l.text, " ")
	indent := len(l.text) - len(rest)
	if indent == 0 || !pair.MatchString(rest) {
		return nil
	}
	for _, from := range []int{indent, indent - 2} {
		if from >= 0 {
			all = append(all, l.mend(l.text[:from]+"- "+rest, indent, dashMissing, fmt.Sprintf(writeLine, first(quotedLength, "- "+rest))))
		}
	}
	return all
}

// slashes makes a comment of one that programmers write.
func slashes(l line) []mend {
	rest := strings.TrimLeft(l.text, " ")
	if !strings.HasPrefix(rest, "//") {
		return nil
	}
	at := len(l.text) - len(rest)
	return []mend{l.mend(l.text[:at]+"#"+rest[len("//"):], at, commentSign, fmt.Sprintf(typeInPlace, "#", "//"))}
}

// otherIndent indents the line as one above it.
func otherIndent(l line) (all []mend) {
	rest := strings.TrimLeft(l.text, " ")
	have := len(l.text) - len(rest)
	for _, want := range l.beside {
		if want != have {
			all = append(all, l.mend(strings.Repeat(" ", want)+rest, have, fmt.Sprintf(indentedBy, have), fmt.Sprintf(indentBy, want)))
		}
	}
	return all
}

// noField leaves out a line without a colon: the last resort.
func noField(l line) []mend {
	if rest := strings.TrimLeft(l.text, " "); strings.Contains(rest, ": ") || strings.HasSuffix(rest, ":") || strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "...") {
		return nil
	}
	return []mend{l.mend("", len(l.text)-len(strings.TrimLeft(l.text, " ")), lineNoField, writeLineAsField)}
}
