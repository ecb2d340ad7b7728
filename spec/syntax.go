package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

var (
	syntaxLine    = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	noEscape      = regexp.MustCompile(`^(?:\\(?:[0abtnvfre "/\\N_LP\r\n]|x[[:xdigit:]]{2}|u[[:xdigit:]]{4}|U[[:xdigit:]]{8})|[^\\])*(\\)`)
	noCharacter   = regexp.MustCompile(`(\\)(?:(?:u|U0000)[dD][89a-fA-F]|U(?:[1-9a-fA-F]|0[1-9a-fA-F]|00[2-9a-fA-F]|001[1-9a-fA-F]))`)
	tabInFront    = regexp.MustCompile(`(?m)^ *(\t)`)
	never         = regexp.MustCompile(`[^\s\S]`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// longestSaid is how many characters of what yaml.v3 says are repeated: it names an
// unknown anchor in full.
const longestSaid = 200

// plainly says what yaml.v3 said of the file, at the best place that can be found: its errors are
// texts, with a line at most.
func (f *file) plainly(err error) (at place, message, hint string) {
	text := err.Error()
	prefix := syntaxLine.FindStringSubmatch(text)
	said := strings.TrimPrefix(text, prefix[0])
	line, _ := strconv.Atoi(prefix[1]) // 0 without one
	message, hint = inPlainWords(said)
	return f.syntaxPlace(said, line), message, hint
}

// saying is what we say for what yaml.v3 says.
type saying struct{ said, message, hint string }

// sayings are in the order in which they are looked at.
func sayings() []saying {
	return []saying{
		{yamlMappingValues, fieldCannotBegin, quoteColon},
		{yamlNoEntryHere, entryCannotBegin, quoteDash},
		{yamlNoToken, noValueBegins, indentBySpaces},
		{yamlNoCommaOrBracket, notInBrackets, checkBrackets},
		{yamlNoCommaOrBrace, notInBrackets, checkBrackets},
		{yamlNoContent, noValueBegins, checkBrackets},
		{yamlNoDocument, lineDoesNotFit, beginDocument},
		{yamlNoDigits, backslashAlone, doubleBackslash},
		{yamlTab, tabIndents, indentWithSpaces},
		{yamlNotFound, lineDoesNotFit, checkBrackets},
		{yamlCouldNotFind, lineNoField, checkBrackets},
		{yamlEndOfStream, quoteOpenToEnd, closeQuoteOpen},
		{yamlControl, controlHere, removeHidden},
		{yamlUnknownEscape, backslashAlone, doubleBackslash},
		{yamlBadEscape, halfEscape, writeCharacter},
	}
}

// inPlainWords is what to say for what yaml.v3 says, and what to do.
func inPlainWords(message string) (plain, hint string) {
	if anchor := unknownAnchor.FindStringSubmatch(message); anchor != nil {
		return fmt.Sprintf(anchorNowhere, first(quotedLength, anchor[1])), quoteAsterisk
	}
	for _, s := range sayings() {
		if strings.HasPrefix(message, s.said) {
			return s.message, s.hint
		}
	}
	return first(longestSaid, message), ""
}

func (f *file) syntaxPlace(message string, line int) place {
	if anchor := unknownAnchor.FindStringSubmatch(message); anchor != nil {
		return f.placeOf(max(bytes.Index(f.src, []byte("*"+first(longestSaid, anchor[1]))), 0))
	}
	switch message {
	case yamlControl:
		return f.placeOf(max(bytes.IndexFunc(f.src, refusedByYAML), 0))
	case yamlNoKey, yamlNoDash, yamlNoDocument:
		line = f.blockFaultLine(message)
	case yamlNoCommaOrBracket, yamlNoCommaOrBrace, yamlNoContent:
		line++ // yaml.v3 adds one to the lines of its scanner, but not to those of its parser
	}
	line = max(line, 1)
	f.findLines()
	from := int(f.lineStarts[min(line, len(f.lineStarts))-1])
	if m := mistakeOf(message).FindSubmatchIndex(f.src[from:]); m != nil { // in a text that begins in this line
		return f.placeOf(from + m[2])
	}
	return f.lineStart(line)
}

// mistakeOf finds what a message is about, its first group, from the beginning of a text on.
func mistakeOf(message string) *regexp.Regexp {
	switch {
	case message == yamlUnknownEscape || message == yamlNoDigits:
		return noEscape
	case message == yamlBadEscape:
		return noCharacter
	case strings.HasPrefix(message, yamlTab):
		return tabInFront
	default:
		return never
	}
}

// refusedByYAML mirrors yaml.v3's reader.
func refusedByYAML(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == 0x85:
		return false
	case r < ' ' || 0x7F <= r && r < 0xA0 || r == 0xFFFE || r == 0xFFFF:
		return true
	}
	return false
}

// lineStart is the first character of a line that is not a space.
func (f *file) lineStart(line int) place {
	text := f.line(line)
	indent := len(text) - len(bytes.TrimLeft(text, " "))
	return place{int32(line), int32(utf8.RuneCount(text[:indent]) + 1)}
}

// line is a line's bytes without its break; nothing beyond the end.
func (f *file) line(line int) []byte {
	f.findLines()
	if line > len(f.lineStarts) {
		return nil
	}
	return lineOf(f.src[f.lineStarts[line-1]:], 1)
}

// findLines looks, once, for where the lines begin: there may be as many faults as lines.
func (f *file) findLines() {
	if f.lineStarts != nil {
		return
	}
	f.lineStarts = append(make([]int32, 0, bytes.Count(f.src, []byte{'\n'})+1), 0)
	for i, c := range f.src {
		if c == '\n' {
			f.lineStarts = append(f.lineStarts, int32(i+1))
		}
	}
}

// lineOf is a line's bytes without its break; nothing beyond the end.
func lineOf(rest []byte, line int) []byte {
	for range line - 1 {
		_, rest, _ = bytes.Cut(rest, []byte{'\n'})
	}
	text, _, _ := bytes.Cut(rest, []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'})
}

// blockFaultLine finds the line of a fault in indentation, the commonest mistake
// there is, for which yaml.v3 names the line where the block began. It parses
// again, handing out the text by the line, to see how far the parser came: that
// is the faulty line or, when it had to look ahead, the one after it.
func (f *file) blockFaultLine(message string) int {
	lines := &lineReader{rest: f.text}
	if parseAll(lines) == nil {
		return 1 // not reached: the same text failed before
	}
	read := f.text[:len(f.text)-len(lines.rest)]
	before := read[:bytes.LastIndexByte(bytes.TrimSuffix(read, []byte{'\n'}), '\n')+1]
	if err := parseAll(bytes.NewReader(before)); err != nil && strings.HasSuffix(err.Error(), message) {
		return lines.count - 1
	}
	return lines.count
}

// parseAll is the error in a YAML stream, nil for none.
func parseAll(r io.Reader) error {
	for dec := yaml.NewDecoder(r); ; {
		if _, err := nextDocument(dec); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// lineReader hands out a text one line a Read and counts them.
type lineReader struct {
	rest  []byte
	count int
}

func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		return 0, io.EOF
	}
	end := bytes.IndexByte(l.rest, '\n') + 1
	if end == 0 {
		end = len(l.rest)
	}
	n := copy(p, l.rest[:end])
	l.rest = l.rest[n:]
	if n == end {
		l.count++
	}
	return n, nil
}
