package spec

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// mends are those of a line by some remedies.
func (f *file) mends(number int, remedies func(line) []mend) []mend {
	f.findLines()
	if number > len(f.lineStarts) {
		return nil
	}
	l := line{number: number, text: string(f.line(number)), beside: f.indentBeside(number)}
	if len(l.text) > longestMended || strings.TrimSpace(l.text) == "" {
		return nil
	}
	l.begun, l.below = f.begun(number), f.textBelow(number)
	open := scan(l.text).quote >= 0
	return slices.DeleteFunc(remedies(l), func(m mend) bool { return !open && scan(m.after).quote >= 0 }) // it hides what follows
}

// likely are the remedies of what people often do, the likeliest first.
func likely(l line) []mend {
	return slices.Concat(wide(l), tab(l), slashes(l), severalLines(l), oddBracket(l), noColon(l), noComma(l), valueInQuotes(l), quoteEnd(l), blankBehind(l), bracketEnd(l))
}

// lastResort are the remedies that may hide another mistake.
func lastResort(l line) []mend { return slices.Concat(otherIndent(l), noField(l)) }

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
	indent := l.text[:len(l.text)-len(strings.TrimLeft(l.text, " \t-"))]
	at := strings.IndexByte(indent, '\t')
	if at < 0 {
		return nil
	}
	var all []mend
	for _, width := range []int{1, 2, 4, 8} {
		all = append(all, l.mend(strings.ReplaceAll(indent, "\t", strings.Repeat(" ", width))+l.text[len(indent):], at, tabIndents, indentWithSpaces))
	}
	for _, n := range l.beside {
		if strings.Contains(indent, "-") {
			break
		}
		all = append(all, l.mend(strings.Repeat(" ", n)+l.text[len(indent):], at, tabIndents, indentWithSpaces))
	}
	return all
}

var (
	// entryForm is a line of a block: dashes, a key, and what stands behind them.
	entryForm = regexp.MustCompile(`^(\s*(?:- +)*)(?:("[^"]*"|'[^']*'|[^\s"'\[\]{},#:][^:#]*?):[ \t]+)?(.*?)\s*$`)
	// flowValue is a plain value within brackets, behind its key or on its own.
	flowValue = regexp.MustCompile(`([{,]\s*["']?[\w.-]+["']?:\s+|[\[,]\s*)` +
		`([^\s"'\[\]{},][^\[\]{},]*|(?:"[^"]*"|'[^']*'|(?:\[[^\[\]{}]*\]|\{[^\[\]{}]*\})+)\s*[^\s,:\[\]{}][^,\[\]{}]*)`)
	// pair is a key with its value.
	pair = regexp.MustCompile(`^["']?[\w.-]+["']?:(?:\s|$)`)
	// unspaced is a key whose colon has nothing behind it that ends it, or a dash of an entry.
	unspaced = regexp.MustCompile(`^(\s*(?:- +)*)([A-Za-z_][\w-]*:|-)([^\s:/-])`)
)

// valueInQuotes puts a value in quotes that YAML takes for something else than a text.
func valueInQuotes(l line) (all []mend) {
	if m := entryForm.FindStringSubmatchIndex(l.text); m != nil {
		all = inQuotes(all, l, m[6], m[7])
	}
	for _, m := range flowValue.FindAllStringSubmatchIndex(l.text, -1) {
		if strings.Contains(l.text[m[2]:m[3]], ":") || !pair.MatchString(l.text[m[4]:m[5]]) {
			all = inQuotes(all, l, m[4], m[5])
		}
	}
	return all
}

func inQuotes(all []mend, l line, from, to int) []mend {
	value := strings.TrimRight(l.text[from:to], " ")
	message, at := whyQuotes(value)
	if message == "" {
		return all
	}
	quoted := inDoubleQuotes(value)
	hint := fmt.Sprintf(writeQuoted, first(quotedLength, quoted))
	if strings.HasPrefix(value, "- ") {
		hint = fmt.Sprintf(writeListBelow, first(quotedLength, quoted))
	}
	return append(all, l.mend(l.text[:from]+quoted+l.text[from+len(value):], from+at, message, hint))
}

func inDoubleQuotes(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// whyQuotes says why a value needs quotes, or nothing, and where in it that is seen.
func whyQuotes(value string) (message string, at int) {
	switch colon, hash := strings.Index(value, ": "), strings.Index(value, " #"); {
	case value == "":
		return "", 0
	case strings.ContainsRune("*&!@%`|>?,#]}", rune(value[0])), strings.HasPrefix(value, "- "):
		return fmt.Sprintf(textBeginsWith, value[:1]), 0
	case value[0] == '"' || value[0] == '\'':
		if end := strings.IndexByte(value[1:], value[0]) + 1; end > 0 && end+1 < len(value) {
			return textBehindQuote, end + 1
		}
		return "", 0
	case value[0] == '[' || value[0] == '{':
		if strings.HasSuffix(value, "]") || strings.HasSuffix(value, "}") || !strings.ContainsAny(value, "]}") {
			return "", 0
		}
		return fmt.Sprintf(textBeginsWith, value[:1]), 0
	case colon >= 0:
		return textWithColon, colon
	case hash >= 0:
		return textWithHash, hash + 1
	}
	return "", 0
}

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
	// textForm is a field of a text that people read, which has begun.
	textForm = regexp.MustCompile(`^(\s*(?:- +)*)((?:job_name|content|[a-z]{2}_[a-z]{2}):)[ \t]+([^\s"'|>\[{].*?)\s*$`)
	// structure is a line that looks like fields, entries, brackets or what stands between documents.
	structure = regexp.MustCompile(`^[\s\p{Zs}]*(?:[-－—–][\s\p{Zs}]*)*(?:["'“”‘’]?[A-Za-z_]\w*["'“”‘’]?\s*[:：=]|[\[\]{}｛｝#])|^\s*-\s*[\w.@-]*\s*$|^(?:---|\.\.\.)`)
)

// textBelow are the lines below one that look like no structure.
func (f *file) textBelow(number int) string {
	last := number
	for i := number + 1; i <= min(number+linesAbove, len(f.lineStarts)) && !structure.Match(f.line(i)); i++ {
		if len(bytes.TrimSpace(f.line(i))) > 0 {
			last = i
		}
	}
	from, to := int(f.lineStarts[number-1])+len(f.line(number)), int(f.lineStarts[last-1])+len(f.line(last))
	return string(f.src[from:to])
}

// severalLines makes a text and the lines below it one.
func severalLines(l line) []mend {
	m := textForm.FindStringSubmatchIndex(l.text)
	if m == nil || l.below == "" {
		return nil
	}
	hint := writeInOneLine
	if name := l.text[m[4]:m[5]]; name != "job_name:" {
		hint = fmt.Sprintf(writeTextBelow, name, m[3]+2)
	}
	all := l.mend(l.text[:m[6]]+inDoubleQuotes(l.text[m[6]:]+l.below), m[6], textOverLines, hint)
	all.before += l.below
	return []mend{all}
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

// cutOff warns of a text of which YAML leaves a part out: what stands behind a #, unless that is
// written as a comment is, or before it as an anchor that nothing refers to.
func (f *file) cutOff(n *yaml.Node) {
	if n.Style != 0 || n.Line == 0 {
		return
	}
	f.commentTaken(n)
	if c := n.LineComment; strings.ContainsFunc(first(2, c), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		if at := strings.LastIndex(string(f.line(n.Line)), " "+c); at >= 0 {
			at = utf8.RuneCount(f.line(n.Line)[:at])
			f.fault(place{int32(n.Line), int32(at + 2)}, ruleTextCutOff, cutAtHash).Hint = quoteWhole
		}
	}
	if n.Anchor != "" && !bytes.Contains(f.src, []byte("*"+n.Anchor)) {
		f.fault(placeOfNode(n), ruleTextCutOff, cutAnchor, first(quotedLength, n.Anchor)).Hint = quoteAnchored
	}
}

// commentTaken warns of a text that ends in a comment, for the blank before its # is none to YAML.
func (f *file) commentTaken(n *yaml.Node) {
	if n.Style != 0 || n.Line == 0 {
		return
	}
	for hash := range len(n.Value) {
		if !strings.HasPrefix(n.Value[hash:], "# ") {
			continue
		}
		blank, size := utf8.DecodeLastRuneInString(n.Value[:hash])
		if text := f.followText(n); isWideBlank(blank) && text.to(hash-size) {
			f.fault(text.at, ruleTextCutOff, commentInText, blank).Hint = typeBlank
			return
		}
	}
}

// isText reports whether a value with a tag of its own is a text that begins with !.
func isText(n *yaml.Node, k kind) bool {
	return k == kindForeign && n.Kind == yaml.ScalarNode && n.Style&^yaml.TaggedStyle == 0 && !strings.HasPrefix(n.Tag, "!!")
}

// bangText faults a text that begins with !, which YAML takes for a tag.
func (f *file) bangText(n *yaml.Node) {
	text := strings.TrimRight(n.Tag+" "+n.Value, " ")
	f.fault(placeOfNode(n), ruleWrongType, textBeginsWith, "!").Hint = fmt.Sprintf(writeQuoted, first(quotedLength, inDoubleQuotes(text)))
}
