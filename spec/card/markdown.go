package card

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// marked is a text with Markdown being judged. Every byte is
// looked at a bounded number of times, whatever the text.
type marked struct {
	*judge
	node    *Node
	full    bool                // the Markdown of a markdown element, not that of a text
	told    map[string][]string // by message, the things it was told of
	fonts   int                 // that are open
	font    int                 // where in the text the last <font> or </font> is
	noTag   bool                // no > is left in the line
	bracket int                 // where the last [ of the line is; -1 for nowhere
	begin   int                 // of the line in the text
}

// at notes where in the line what is told next stands.
func (m *marked) at(column int) { m.spot = m.begin + column }

// markdown judges a text by what the engine that draws it knows, by the pages "Rich text" and "Card
// FAQ".
func (j *judge) markdown(n *Node, text string, full bool) {
	m := &marked{judge: j, node: n, full: full}
	fenced := false
	for line := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case full && strings.HasPrefix(line, "```"):
			fenced = !fenced
		case !fenced:
			m.at(len(line) - len(trimmed))
			m.block(trimmed)
			m.line(line)
		}
		m.begin += len(line) + 1
	}
	if m.fonts != 0 {
		m.spot = m.font
		m.tell(fontUnbalanced).Hint = closeFont
	}
	j.spot = 0
}

// tell tells a fault of the text once.
func (m *marked) tell(message string, values ...any) *Fault {
	return m.tellOf("", message, values...)
}

// tellOf tells a fault of the text once of each thing, of a few.
func (m *marked) tellOf(thing, message string, values ...any) *Fault {
	if !m.isNew(thing, message) {
		return new(Fault)
	}
	return m.doubt(m.node, ruleMarkdown, message, values...)
}

// mostTold is of how many things a text is told the same.
const mostTold = 3

func (m *marked) isNew(thing, message string) bool {
	things := m.told[message]
	if slices.Contains(things, thing) || len(things) >= mostTold {
		return false
	}
	if m.told == nil {
		m.told = map[string][]string{}
	}
	m.told[message] = append(things, thing)
	return true
}

// block tells what a line begins with and the engine does not know.
func (m *marked) block(line string) {
	switch {
	case strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "##"):
		m.tell(headingUnknown, m.Quote(line)).Hint = writeBold
	case isQuotation(line):
		m.tell(quoteUnknown, m.Quote(line)).Hint = writeGrey
	case isTableRule(line):
		m.tell(tableUnknown).Hint = writeTable
	case strings.Contains(line, "```"):
		if m.full {
			m.tell(fenceInLine).Hint = fenceOnLine
		} else {
			m.tell(fenceUnknown).Hint = useMarkdown
		}
	case m.full:
	case strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "+ "):
		m.tell(listUnknown, m.Quote(line)).Hint = useMarkdown
	case isRule(line):
		m.tell(ruleUnknown, m.Quote(line)).Hint = useRule
	}
}

// isQuotation reports whether a line is a quotation in Markdown, and no comparison such as >5.
func isQuotation(line string) bool {
	rest, ok := strings.CutPrefix(line, ">")
	return ok && rest != "" && !strings.ContainsAny(rest[:1], "0123456789=.-")
}

// isTableRule reports whether a line is the one below the head of a table.
func isTableRule(line string) bool {
	return strings.Contains(line, "|") && strings.Contains(line, "-") && strings.Trim(line, "|-: \t\r") == ""
}

func isRule(line string) bool {
	line = strings.TrimRight(line, " \t\r")
	return len(line) >= 3 && (strings.Trim(line, "-") == "" || strings.Trim(line, "*") == "")
}

// line tells what is in a line and the engine does not know.
func (m *marked) line(s string) {
	m.noTag, m.bracket = false, -1
	ticks := 0
	for i := 0; i < len(s); {
		step := 1
		m.at(i)
		switch s[i] {
		case '`':
			if ticks++; ticks == 2 && !strings.Contains(s, "```") {
				m.tell(codeUnknown).Hint = leaveTicks
			}
		case '*':
			step = len(s[i:]) - len(strings.TrimLeft(s[i:], "*"))
			if step == 4 || step > 4 && m.full && strings.Trim(s, "* \t\r") != "" {
				m.tell(fourStars).Hint = writeTwoStars
			}
		case '<':
			step = m.tag(s[i:])
		case '&':
			step = m.entity(s[i:])
		case '[':
			m.bracket = i
		case ']':
			step = m.link(s, i)
		case 'h', 'H':
			step = m.bare(s[i:])
		}
		i += max(step, 1)
	}
}

// link judges [text](address) and ![text](key), of which s[i] is the ]; it returns how long that is
// from there.
func (m *marked) link(s string, i int) int {
	open := m.bracket
	if open < 0 || !strings.HasPrefix(s[i:], "](") {
		return 1
	}
	m.bracket = -1
	target := s[i+2:]
	end := strings.IndexByte(target, ')')
	if end < 0 {
		return 1
	}
	target = strings.TrimSpace(target[:end])
	switch {
	case open > 0 && s[open-1] == '!':
		m.at(open - 1)
		m.image(target)
	case target == "":
		m.at(open)
		m.tellOf(s[open:i+1], linkWithoutAddress, m.Quote(s[open:i+1])).Hint = writeScheme
	case strings.HasPrefix(target, "$") && unfilled(target) == "":
		m.at(open)
		m.named(s[open:i+1], target[1:])
	default:
		m.at(i + 2 + strings.Index(s[i+2:], target))
		m.linked(target)
	}
	return end + 3
}

// linked judges an address that words lead to.
func (m *marked) linked(address string) {
	m.found(address)
	if unfilled(address) != "" {
		return
	}
	format := LarkMarkdown
	if m.full {
		format = FullMarkdown
	}
	m.entities(address)
	m.address(m.node, address, format)
}

// named judges a link to an address that the text has by a name.
func (m *marked) named(link, name string) {
	owner := m.node.Parent
	for owner != nil && owner.Shape == nil {
		owner = owner.Parent
	}
	if owner.Get("href").Get(name).IsZero() {
		m.tellOf(name, nameUnknown, m.Quote(link), m.Quote(name)).Hint = fmt.Sprintf(writeHref, m.Quote(name))
	}
}

func (m *marked) image(key string) {
	switch {
	case !m.full:
		m.tell(imageUnknown).Hint = useImage
	case unfilled(key) == "":
		m.imageKey(m.node, key)
	}
}

// bare judges an address that stands in the text as it is, if s begins with one, and returns how long
// it is.
func (m *marked) bare(s string) int {
	address := bareAddress(s)
	if address == "" {
		return 1
	}
	m.found(withoutStop(address))
	m.entities(address)
	rest := s[len(address):]
	if after, _ := utf8.DecodeRuneInString(rest); unicode.Is(unicode.Han, after) {
		m.sure(m.node, ruleLink, addressGlued, m.Quote(address)).Hint = addBlank
	} else if rest != "" && after >= utf8.RuneSelf && !unicode.IsSpace(after) {
		m.doubt(m.node, ruleLink, addressGlued, m.Quote(address)).Hint = addBlank
	}
	return len(address)
}

// bareAddress is the address that a text begins with, or nothing.
func bareAddress(s string) string {
	if scheme, rest := cutScheme(s[:min(len(s), len("https://"))]); scheme != "http" && scheme != "https" || !strings.HasPrefix(rest, "//") {
		return ""
	}
	end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r >= utf8.RuneSelf || strings.ContainsRune("<>()[]\"'`|*", r)
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// withoutStop is an address without what ends the sentence that it stands in.
func withoutStop(address string) string { return strings.TrimRight(address, ".,;:!?") }

// entities tells the entities of an address.
func (m *marked) entities(address string) {
	for rest := address; ; {
		i := strings.IndexByte(rest, '&')
		if i < 0 {
			return
		}
		name := entityName(rest[i:])
		if name != "amp" && decodes(name) {
			m.tellOf(name, entityInAddress, m.Quote("&"+name), decoded(name)).Hint = escapeAmpersand
		}
		rest = rest[i+1:]
	}
}

// entity tells a name that the engine reads as a character, though no ; ends it.
func (m *marked) entity(s string) int {
	name := entityName(s)
	if ended := strings.HasPrefix(s[1+len(name):], ";"); !ended && decodes(name) {
		m.tellOf(name, entityUnended, m.Quote("&"+name), decoded(name)).Hint = escapeAmpersand
	}
	return 1 + len(name)
}

// longestEntity is longer than every name that needs no ; at its end.
const longestEntity = 8

func entityName(s string) string {
	end := 1
	for end < len(s) && end <= longestEntity && isWordByte(s[end]) && s[end] != '_' {
		end++
	}
	return s[1:end]
}

// decodes reports whether a name is that of a character, even if no ; ends it.
func decodes(name string) bool {
	return name != "" && utf8.RuneCountInString(decoded(name)) == 1 && decoded(name) != "&"+name
}

func decoded(name string) string { return html.UnescapeString("&" + name) }

// mark is what only Markdown and HTML give a meaning, beside what people write in a plain text too.
var mark = regexp.MustCompile("(?m)\\*\\*[^*\n]+\\*\\*|~~[^~\n]+~~|`[^`\n]+`|^```|^#{1,6} |^\\|[ :|-]*--[ :|-]*$" +
	`|\]\((https?:|img_|tel:|\$)|<(at|font|a|text_tag|link|person|img) [a-z_]+=|</?(b|i|u|p|div|code)>|<br ?/?>`)

// hasMarks reports whether a text has such a mark.
func hasMarks(text string) bool {
	return strings.ContainsAny(text, "*~`#|]<") && mark.MatchString(text)
}

// plain judges a text that shows as it is.
func (j *judge) plain(n *Node, text string) {
	if hasMarks(text) {
		j.doubt(n, ruleMarkdown, markdownInPlain).Hint = useLarkMarkdown
	}
}
