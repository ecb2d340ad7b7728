package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// hiddenCharacters warns of characters that make a text say something else than a
// reviewer sees, in the draft's names; hiddenInCard does in a card.
func hiddenCharacters(d *document) {
	if found := hidden(d.draft.JobName, false); found != "" {
		d.fault(d.draft.at[fieldJobName], ruleHiddenCharacter, hiddenInName, fieldJobName, found).Hint = removeHidden
	}
	for f := range d.lists {
		for _, t := range d.lists[f].read {
			if found := hidden(t.Name, false); found != "" {
				d.fault(t.name, ruleHiddenCharacter, hiddenInEntry, field(f), found).Hint = removeHidden
			}
		}
	}
}

// hiddenInCard looks at a card's texts and keys.
func (f *file) hiddenInCard(card JSON, at place) {
	if !mayHide(card.String()) {
		return
	}
	texts := cardTexts{dec: jsontext.NewDecoder(strings.NewReader(card.String()))}
	for text, ok := texts.next(); ok; text, ok = texts.next() {
		if found := hidden(text, true); found != "" {
			f.fault(at, ruleHiddenCharacter, hiddenInCardAt, found, quoted(texts.pointer())).Hint = removeHidden
		}
	}
}

// mayHide reports whether canonical JSON text can hold a hidden character: the
// cheap question, asked of every card, so that nearly none is taken apart.
func mayHide(text string) bool {
	for i, r := range text {
		if r == '\\' && i+1 < len(text) && strings.IndexByte("bfru", text[i+1]) >= 0 || isHidden(r) {
			return true
		}
	}
	return false
}

// cardTexts goes through all strings of a card, its keys included.
type cardTexts struct {
	dec   *jsontext.Decoder
	names []string // by depth: the key last read, in a mapping
}

func (c *cardTexts) next() (text string, ok bool) {
	for {
		tok, err := c.dec.ReadToken()
		if err != nil { // the end; the card is valid JSON
			return "", false
		}
		if tok.Kind() != '"' {
			continue
		}
		text := tok.String()
		depth := c.dec.StackDepth()
		if kind, read := c.dec.StackIndex(depth); kind == '{' && read%2 == 1 {
			for len(c.names) <= depth {
				c.names = append(c.names, "")
			}
			c.names[depth] = text
		}
		return text, true
	}
}

// pointer is the JSON pointer (RFC 6901) to the string that next gave, as far as a
// message repeats it: the whole could be as long as the card, for each of its strings.
func (c *cardTexts) pointer() string {
	var p strings.Builder
	for depth := 1; depth <= c.dec.StackDepth() && p.Len() <= utf8.UTFMax*quotedLength; depth++ {
		p.WriteByte('/')
		if kind, read := c.dec.StackIndex(depth); kind == '[' {
			p.WriteString(strconv.FormatInt(read-1, 10))
		} else {
			name := strings.ReplaceAll(first(quotedLength+1, c.names[depth]), "~", "~0")
			p.WriteString(strings.ReplaceAll(name, "/", "~1"))
		}
	}
	return p.String()
}

// mostHidden is how many different hidden characters of a text are named.
const mostHidden = 10

// hidden names the hidden characters of a text, each once: "U+202E (bidi control)".
// A multiline text may have line breaks and tabs.
func hidden(text string, multiline bool) string {
	if strings.IndexFunc(text, isHidden) < 0 {
		return ""
	}
	var found []rune
	runes := []rune(text)
	for i, r := range runes {
		if !isHidden(r) || multiline && (r == '\n' || r == '\t') || isSpelling(runes, i) || slices.Contains(found, r) {
			continue
		}
		if len(found) == mostHidden {
			return fmt.Sprintf(hiddenAndOthers, namesOf(found))
		}
		found = append(found, r)
	}
	return namesOf(found)
}

func namesOf(found []rune) string {
	names := make([]string, len(found))
	for i, r := range found {
		names[i] = fmt.Sprintf(hiddenItem, r, hiddenKind(r))
	}
	return strings.Join(names, ", ")
}
