package spec

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"gopkg.in/yaml.v3"

	"notiform/spec/card"
)

// tellHidden goes through the file's text, comments and what is between tokens included, and
// tells of hidden characters at their places, on a line of each once, and of few kinds. It reports whether there
// are any, spelling included.
func (f *file) tellHidden() bool {
	from := oddAt(f.src)
	if from < 0 {
		return false
	}
	line := bytes.Count(f.src[:from], []byte{'\n'}) + 1
	begin := bytes.LastIndexByte(f.src[:from], '\n') + 1
	for begin < len(f.src) {
		text := lineOf(f.src[begin:], 1)
		if oddAt(text) >= 0 {
			f.tellHiddenIn([]rune(string(text)), line)
		}
		next := bytes.IndexByte(f.src[begin:], '\n') + 1
		if next == 0 {
			break
		}
		begin += next
		line++
	}
	return true
}

func (f *file) tellHiddenIn(text []rune, line int) {
	var told []rune
	for i, r := range text {
		at := place{int32(line), int32(i + 1)}
		switch {
		case !isHidden(r) || isLayout(r) && r != '\r' || slices.Contains(told, r) || isSpelling(text, i):
			continue
		case breaksLine(r):
			f.fault(at, ruleLineBreak, brokenLine, r).Hint = writeLineBreak
		case len(told) >= mostHidden, refusedByYAML(r): // the latter yaml.v3 tells of
			continue
		default:
			f.fault(at, ruleHiddenCharacter, hiddenHere, r, hiddenKind(r)).Hint = removeHidden
		}
		told = append(told, r)
	}
}

// oddAt is where a text first has something hidden, but for the breaks of its lines, or -1.
func oddAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := rune(src[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(src[i:])
		}
		if (r < ' ' || r >= 0x7F) && isHidden(r) && (!isLayout(r) || r == '\r' && !isLineEnd(r, src[i+size:])) {
			return i
		}
		i += size
	}
	return -1
}

// isLayout reports whether a character that is hidden puts text in its place.
func isLayout(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }

// standing is what of a node's value stands in the file as such, and was told there if it is
// hidden: in double quotes there may be escapes besides.
func (f *file) standing(n *yaml.Node) string {
	if n.Style&yaml.DoubleQuotedStyle == 0 {
		return n.Value
	}
	text, _ := f.inQuotes(n)
	return string(text)
}

// escaped names the hidden characters of a node's value that tellHidden has not told.
func (f *file) escaped(n *yaml.Node, multiline bool) string {
	if strings.IndexFunc(n.Value, isHidden) < 0 {
		return ""
	}
	standing := f.standing(n)
	return hidden(n.Value, multiline, func(r rune) bool { return strings.ContainsRune(standing, r) })
}

// hiddenInJSON looks at the texts and keys of a card written as JSON; standing is what the
// file has of it as such, or nothing if its text was not looked at.
func (f *file) hiddenInJSON(src, standing string, find finding) {
	if !mayHide(src) {
		return
	}
	texts := cardTexts{dec: jsontext.NewDecoder(strings.NewReader(src))}
	for text, ok := texts.next(); ok; text, ok = texts.next() {
		stands := func(r rune) bool { return strings.ContainsRune(standing, r) && strings.ContainsRune(texts.literal, r) }
		if found := hidden(text, true, stands); found != "" {
			literal, pointer := &card.Node{Offset: int32(texts.dec.InputOffset()) - int32(len(texts.literal))}, texts.pointer()
			told := f.fault(find(card.Fault{At: literal}), ruleHiddenCharacter, hiddenInCardAt, found, quoted(pointer))
			told.Hint, told.InCard = removeHidden, "#"+pointer
		}
	}
}

// mayHide reports whether JSON text can hold a hidden character: the
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
	dec     *jsontext.Decoder
	names   []string // by depth: the key last read, in a mapping
	literal string   // what next gave, as the text has it
}

func (c *cardTexts) next() (text string, ok bool) {
	for {
		if c.dec.PeekKind() != '"' {
			if _, err := c.dec.ReadToken(); err != nil { // the end; the card is valid JSON
				return "", false
			}
			continue
		}
		literal, err := c.dec.ReadValue()
		if err != nil {
			return "", false
		}
		c.literal = string(literal)
		unquoted, _ := jsontext.AppendUnquote(nil, literal)
		text := string(unquoted)
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

// mostHidden is how many different hidden characters of a text, or of a line, are named.
const mostHidden = 10

// hidden names the hidden characters of a text, each once: "U+202E (bidi control)".
// A multiline text may have line breaks and tabs. What stands in the file as such is left
// out, but for those: tellHidden, which tells of the others and of a CR, does not know in what they are.
func hidden(text string, multiline bool, stands func(rune) bool) string {
	if strings.IndexFunc(text, isHidden) < 0 {
		return ""
	}
	var found []rune
	runes := []rune(text)
	for i, r := range runes {
		if !isHidden(r) || multiline && (r == '\n' || r == '\t') || isSpelling(runes, i) || slices.Contains(found, r) {
			continue
		}
		if (!isLayout(r) || r == '\r') && stands(r) {
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
