package report

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"notiform/spec"
)

// A rich-text message is a list of tags, and only the tags of this file are ever made: plain text
// that Feishu is told not to decode, and links to an approval. Text from outside goes nowhere but
// into plain text, with what hides or steers as escapes. So are the two beginnings that somebody
// might read more into than text: of an address, which clients make a link of and which Feishu
// may refuse the whole message for, and of a tag, which its plain messages take for a mention.

// language is one of those that a message is in.
type language int

const (
	chinese language = iota
	english
	languages // how many there are
)

// in is the sentence in a language, with values in it. Values that are words, or a list, are said
// in that language too; whatever comes from outside was made plain before.
func (w words) in(l language, values ...any) string {
	format := w.en
	if l == chinese {
		format = w.zh
	} else if len(values) > 0 && w.enMany != "" && values[0] != 1 {
		format = w.enMany
	}
	said := make([]any, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case words:
			said[i] = v.in(l)
		case []string:
			said[i] = strings.Join(v, ticketTable()[ticketFieldsJoin].in(l))
		case []count:
			counts := make([]string, len(v))
			for i, c := range v {
				counts[i] = c.in(l, c.n)
			}
			said[i] = strings.Join(counts, ticketTable()[ticketCountsJoin].in(l))
		default:
			said[i] = v
		}
	}
	return fmt.Sprintf(format, said...)
}

// paragraph is one line of a message as the tags of each language.
type paragraph [languages][]any

type paragraphs []paragraph

// say adds a line with a sentence.
func (list *paragraphs) say(t ticketText, values ...any) {
	*list = append(*list, paragraph{}.say(t, values...))
}

type textTag struct {
	Tag      string `json:"tag"`
	UnEscape bool   `json:"un_escape"`
	Text     string `json:"text"`
}

type linkTag struct {
	Tag  string `json:"tag"`
	Text string `json:"text"`
	Href string `json:"href"`
}

// say adds a sentence to a line.
func (p paragraph) say(t ticketText, values ...any) paragraph {
	for l := range p {
		p[l] = append(p[l], textTag{Tag: "text", Text: ticketTable()[t].in(language(l), values...)})
	}
	return p
}

// link adds a link to a line, or its address as text if nobody should follow it.
func (p paragraph) link(t ticketText, address string) paragraph {
	label := ticketTable()[t]
	if !isWebLink(address) {
		return p.say(ticketAddress, label, plain(address, longText))
	}
	for l := range p {
		p[l] = append(p[l], linkTag{"a", label.in(language(l)), address})
	}
	return p
}

// maxLink is the most bytes of a link.
const maxLink = 2000

// isWebLink reports whether a text is a whole web address, without anything hidden in it.
func isWebLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		len(s) <= maxLink && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf || strings.ContainsRune("\x7f\"<>\\^`{|}", r) })
}

// How much of a text is shown, in columns.
const (
	shortText = 100 // a name
	longText  = 200 // an error
)

// plain is a text from outside as it stands in a message: on one line, with nothing hidden and
// nothing to follow, and shortened.
func plain(s string, columns int) string { return withoutLinks(clip(s, columns, unclear)) }

// plainDiagnostic is plain of what a diagnostic says, with its place.
func plainDiagnostic(d spec.Diagnostic) string {
	return withoutLinks(clip(fmt.Sprintf(labelled, Visible(d.Pos.String()), d.Message), longText, unclearInMessage))
}

// withoutLinks leaves nothing to follow in a visible text.
func withoutLinks(s string) string {
	return strings.NewReplacer("://", `:\u{2F}/`, "<", `\u{3C}`).Replace(s)
}

// clip makes visible as much of s as fits into so many columns, with what is suspect escaped and a
// mark where something is left out, which is never a part of a character.
func clip(s string, columns int, suspect func(rune) bool) string {
	used, joined, pair := 0, false, false
	for g := range glyphs(s, suspect) {
		n := columnsOf(g)
		used += n
		if g.at > 0 && (used > columns && n > 0 && !joined || g.at > columns*utf8.UTFMax) {
			return withEscapes(s[:g.at], suspect) + "…"
		}
		pair = isRegional(g.rune) && !pair // two make a flag
		joined = g.rune == zeroWidthJoiner || pair
	}
	return withEscapes(s, suspect)
}

// columnsOf is how many columns a character takes; one that belongs to what stands before it
// takes none.
func columnsOf(g glyph) int {
	switch r := g.rune; {
	case g.escaped:
		return len(g.shown)
	case r == zeroWidthJoiner, r >= 0x1F3FB && r <= 0x1F3FF, unicode.In(r, unicode.M): // a skin colour is no mark
		return 0
	default:
		return cells().RuneWidth(r)
	}
}

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
