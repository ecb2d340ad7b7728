package card

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// marked is a text with Markdown being judged. Each message is told once of a text. Every byte is
// looked at a bounded number of times, whatever the text.
type marked struct {
	*judge
	node    *Node
	full    bool // the Markdown of a markdown element, not that of a text
	told    []string
	fonts   int  // that are open
	font    int  // where in the text the last <font> or </font> is
	noTag   bool // no > is left in the line
	bracket int  // where the last [ of the line is; -1 for nowhere
	begin   int  // of the line in the text
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
		fence := strings.HasPrefix(trimmed, "```")
		switch {
		case fence && full:
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
	if slices.Contains(m.told, message) {
		return new(Fault)
	}
	m.told = append(m.told, message)
	return m.doubt(m.node, ruleMarkdown, message, values...)
}

// block tells what a line begins with and the engine does not know.
func (m *marked) block(line string) {
	switch {
	case strings.HasPrefix(line, "#") && strings.HasPrefix(strings.TrimLeft(line, "#"), " "):
		m.tell(headingUnknown, m.Quote(line)).Hint = writeBold
	case strings.HasPrefix(line, "> "):
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
		m.tell(linkWithoutAddress, m.Quote(s[open:i+1])).Hint = writeScheme
	case strings.HasPrefix(target, "$"):
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
			m.tell(entityInAddress, m.Quote("&"+name), decoded(name)).Hint = escapeAmpersand
		}
		rest = rest[i+1:]
	}
}

// entity tells a name that the engine reads as a character, though no ; ends it.
func (m *marked) entity(s string) int {
	name := entityName(s)
	if ended := strings.HasPrefix(s[1+len(name):], ";"); !ended && decodes(name) {
		m.tell(entityUnended, m.Quote("&"+name), decoded(name)).Hint = escapeAmpersand
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

// tag judges what looks like HTML, of which s begins with the <, and returns how long it is.
func (m *marked) tag(s string) int {
	if m.noTag {
		return 1
	}
	end := strings.IndexByte(s, '>')
	if end < 0 {
		m.noTag = true
		return 1
	}
	inner := s[1:end]
	name := tagName(inner)
	switch first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(name, "/")); {
	case !unicode.IsLetter(first):
		return 1
	case strings.Contains(inner, "<"):
		return 1 + strings.IndexByte(inner, '<')
	}
	m.element(strings.ToLower(name), inner)
	return end + 1
}

// tagName is what the inside of a tag begins with: a name, with / in front where it ends something.
func tagName(inner string) string {
	end := strings.IndexFunc(strings.TrimPrefix(inner, "/"), func(r rune) bool { return unicode.IsSpace(r) || r == '/' || r == '=' })
	if end < 0 {
		return inner
	}
	return inner[:end+len(inner)-len(strings.TrimPrefix(inner, "/"))]
}

func (m *marked) element(name, inner string) {
	switch name {
	case "at":
		m.mention(inner)
	case "font":
		m.fonts++
		m.font = m.spot
		m.colour(inner)
	case "/font":
		m.fonts--
		m.font = m.spot
	case "text_tag":
		m.colour(inner)
	case "a":
		m.attributes(inner, "href")
	case "link":
		m.attributes(inner, "url", "pc_url", "ios_url", "android_url")
		fallthrough
	case "/link", "person", "/person":
		if !m.full {
			m.tell(htmlVanishes, m.Quote("<"+inner+">")).Hint = useMarkdown
		}
	case "code", "/code":
		fault := m.tell(htmlRefused, m.Quote("<"+inner+">"))
		fault.Hint, fault.Sure = removeHTML, !m.full
	case "/a", "/at", "/text_tag":
	case "br", "br/":
		m.tell(htmlVanishes, m.Quote("<"+inner+">")).Hint = writeLineBreak
	default:
		m.tell(htmlVanishes, m.Quote("<"+inner+">")).Hint = escapeAngle
	}
}

// attributes judges the addresses that a tag has.
func (m *marked) attributes(inner string, names ...string) {
	for _, name := range names {
		if address, ok := attribute(inner, name); ok {
			m.linked(address)
		}
	}
}

func (m *marked) colour(inner string) {
	if colour, ok := attribute(inner, "color"); ok && colour != "" && unfilled(colour) == "" && (strings.HasPrefix(colour, "#") || !m.isColour(colour)) {
		m.tell(fontColour, m.Quote(colour)).Hint = writeColour
	}
}

// mention judges who is mentioned. Of an id, only Feishu knows whether it is somebody's.
func (m *marked) mention(inner string) {
	id, _ := attribute(inner, "id")
	ids, _ := attribute(inner, "ids")
	mail, _ := attribute(inner, "email")
	user, _ := attribute(inner, "user_id")
	open, _ := attribute(inner, "open_id")
	switch {
	case unfilled(inner) != "":
	case id == "all" || slices.Contains(strings.Split(ids, ","), "all"):
		if !slices.Contains(m.told, mentionOfAll) {
			m.told = append(m.told, mentionOfAll)
			m.doubt(m.node, ruleMentionAll, mentionOfAll).Hint = removeMention
		}
	case id == "" && ids == "" && mail == "" && user+open != "":
		m.tell(mentionOfMessage, m.Quote("<"+inner+">")).Hint = writeMention
	case id == "" && ids == "" && mail == "":
		m.tell(mentionOfNobody, m.Quote("<"+inner+">")).Hint = writeMention
	case mail != "" && !strings.Contains(mail, "@"):
		m.tell(mentionByID, m.Quote(mail)).Hint = writeMention
	case strings.Contains(id, "@"):
		m.tell(mentionByMail, m.Quote(id)).Hint = writeMail
	case !isASCII(id+ids) || strings.ContainsAny(id+ids, " <"):
		m.tell(mentionOfName, m.Quote(id+ids)).Hint = writeMention
	}
}

// attribute is the value of an attribute within a tag, in quotes or without.
func attribute(inner, name string) (value string, ok bool) {
	for rest := inner; ; {
		i := strings.Index(rest, name+"=")
		if i < 0 {
			return "", false
		}
		before := i > 0 && (rest[i-1] == ' ' || rest[i-1] == '\t' || rest[i-1] == '"' || rest[i-1] == '\'')
		rest = rest[i+len(name)+1:]
		if !before {
			continue
		}
		if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
			value, _, _ = strings.Cut(rest[1:], rest[:1])
			return value, true
		}
		if end := strings.IndexAny(rest, " \t"); end >= 0 {
			rest = rest[:end]
		}
		return strings.TrimSuffix(rest, "/"), true
	}
}

// mark is what only Markdown gives a meaning.
var mark = regexp.MustCompile(`\*\*[^*\n]+\*\*|\]\((https?:|img_)|<(at|font|a) [a-z]+=`)

// plain judges a text that shows as it is.
func (j *judge) plain(n *Node, text string) {
	if mark.MatchString(text) {
		j.doubt(n, ruleMarkdown, markdownInPlain).Hint = useLarkMarkdown
	}
}
