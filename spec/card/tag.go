package card

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	if bareAddress(inner) != "" {
		m.found(inner)
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
		m.colour(inner, m.isColour, writeColour)
	case "/font":
		m.fonts--
		m.font = m.spot
	case "text_tag":
		isColour := func(colour string) bool { return slices.Contains(tagColours(), colour) }
		m.colour(inner, isColour, fmt.Sprintf(writeOneOf, strings.Join(tagColours(), ", ")))
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
		m.tellOf(strings.TrimPrefix(name, "/"), htmlVanishes, m.Quote("<"+inner+">")).Hint = escapeAngle
	}
}

// attributes judges the addresses that a tag has. Of those for one kind of client samples have empty ones.
func (m *marked) attributes(inner string, names ...string) {
	for i, name := range names {
		switch address, ok := attribute(inner, name); {
		case address != "":
			m.linked(address)
		case ok && i == 0:
			m.tell(linkWithoutAddress, m.Quote("<"+inner+">")).Hint = writeScheme
		}
	}
}

func (m *marked) colour(inner string, isColour func(string) bool, hint string) {
	if colour, ok := attribute(inner, "color"); ok && colour != "" && unfilled(colour) == "" && !isColour(colour) {
		m.tellOf(colour, fontColour, m.Quote(colour)).Hint = hint
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
		if m.isNew("", mentionOfAll) {
			m.doubt(m.node, ruleMentionAll, mentionOfAll).Hint = removeMention
		}
	case id == "" && ids == "" && mail == "" && user+open != "":
		m.tellOf(inner, mentionOfMessage, m.Quote("<"+inner+">")).Hint = writeMention
	case id == "" && ids == "" && mail == "":
		m.tellOf(inner, mentionOfNobody, m.Quote("<"+inner+">")).Hint = writeMention
	case mail != "" && !strings.Contains(mail, "@"):
		m.tellOf(mail, mentionByID, m.Quote(mail)).Hint = writeMention
	case strings.Contains(id, "@"):
		m.tellOf(id, mentionByMail, m.Quote(id)).Hint = writeMail
	case !isASCII(id+ids) || strings.ContainsAny(id+ids, " <"):
		m.tellOf(id+ids, mentionOfName, m.Quote(id+ids)).Hint = writeMention
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
