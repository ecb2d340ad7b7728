package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth bounds how deeply a card may nest. A card of five levels, the most
// Feishu allows, comes to about thirty; charts add a few.
const maxDepth = 200

// JSON is one JSON value kept exactly: compact, members sorted by name (in UTF-16
// order, as RFC 8785 has it), strings escaped no more than they must be, and
// number literals as written. It holds only that text. The zero JSON is no value.
type JSON struct{ text string }

// jsonError is why a text is not JSON that can be trusted to mean one thing, and
// where in the text.
type jsonError struct {
	place
	offset  int
	message string
	hint    string
}

func (e *jsonError) Error() string {
	return fmt.Sprintf(jsonFault, e.message, e.line, e.column)
}

// ParseJSON reads one JSON value (RFC 8259, in UTF-8). It refuses whatever two
// readers might understand differently: repeated member names, invalid UTF-8 and
// unpaired surrogates, anything after the value; and nesting beyond 200 levels. The
// error names the line and the column of the text, from 1, in characters.
func ParseJSON(src []byte) (JSON, error) {
	if i := tooDeep(src); i >= 0 { // first: the formatter copies what is nested once a level
		return JSON{}, jsonErrorAt(src, i, jsonTooDeep, maxDepth)
	}
	canonical := jsontext.Value(bytes.Clone(src))
	err := canonical.Format(jsontext.ReorderRawObjects(true),
		jsontext.CanonicalizeRawFloats(false), jsontext.CanonicalizeRawInts(false))
	if err != nil {
		return JSON{}, refusal(src, err)
	}
	return JSON{string(canonical)}, nil
}

// TextJSON is the JSON string whose value is s. Bytes that are not UTF-8 become
// U+FFFD, the replacement character.
func TextJSON(s string) JSON {
	b, _ := jsontext.AppendQuote(nil, s) // the error only says that replacing happened
	return JSON{string(b)}
}

// refusal is what jsontext says of a text, in our words where they are plainer.
func refusal(src []byte, err error) error {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return jsonErrorAt(src, 0, asSaid, err)
	}
	offset := int(syntax.ByteOffset)
	switch {
	case errors.Is(syntax.Err, jsontext.ErrDuplicateName):
		return jsonErrorAt(src, offset, jsonMemberTwice, quoted(syntax.JSONPointer.LastToken())).hinted(removeOne)
	case len(bytes.TrimSpace(src)) == 0:
		return jsonErrorAt(src, 0, jsonEmpty).hinted(writeObject)
	case errors.Is(syntax.Err, io.ErrUnexpectedEOF):
		return jsonErrorAt(src, offset, jsonCutOff).hinted(closeJSON)
	}
	if e := mistake(src, offset, syntax.Err.Error()); e != nil {
		return e
	}
	return jsonErrorAt(src, offset, asSaid, inOurEscapes(syntax.Err))
}

func (e *jsonError) hinted(hint string) *jsonError {
	e.hint = hint
	return e
}

// mistake is what is wrong at an offset of what is no JSON, in words that say what to type; nil if
// jsontext, which said so, has to say it.
func mistake(src []byte, offset int, said string) *jsonError {
	if strings.Contains(said, jsontextLiteral) { // of which some letters were right
		offset = len(bytes.TrimRightFunc(src[:offset], unicode.IsLetter))
	}
	before := bytes.TrimRight(src[:min(offset, len(src))], " \t\r\n")
	r, _ := utf8.DecodeRune(src[min(offset, len(src)):])
	at := func(message string, values ...any) *jsonError { return jsonErrorAt(src, offset, message, values...) }
	last := string(before[max(len(before)-1, 0):])
	switch {
	case ofYAML(narrow(r)) && r > unicode.MaxASCII:
		message, hint := typed(r)
		return at(asSaid, message).hinted(hint)
	case r == '/' || r == '#':
		return at(jsonComment).hinted(removeComment)
	case !strings.ContainsAny(string(bytes.TrimLeft(src, " \t\r\n")[:1]), "{[\"-0123456789"):
		return jsonErrorAt(src, len(src)-len(bytes.TrimLeft(src, " \t\r\n")), jsonNone).hinted(writeObject)
	case (r == ']' || r == '}') && last == ",":
		return jsonErrorAt(src, len(before)-1, jsonCommaAtEnd, string(r)).hinted(removeComma)
	case r == ',' && strings.ContainsAny(last, ",[{:"), (r == ']' || r == '}') && last == ":":
		return at(jsonNothing, string(r)).hinted(writeOrRemove)
	case strings.Contains(said, jsontextHalf):
		return at(halfCharacter, src[offset:min(offset+len(`\ud83c`), len(src))]).hinted(writeCharacter)
	case r == '\'':
		return at(jsonSingleQuote).hinted(typeDouble)
	}
	if i := chineseEnd(before); i >= 0 && (r == '\n' || strings.Contains(said, jsontextNoComma) || strings.Contains(said, jsontextNoColon)) {
		r, _ := utf8.DecodeRune(src[i:])
		message, hint := typed(r)
		return jsonErrorAt(src, i, asSaid, message).hinted(hint)
	}
	if e := jsonNotClosed(before, string(lineOf(src[min(offset, len(src)):], 1)), r, said); e != nil {
		return e
	}
	return jsonShape(at, before, r, said)
}

// nameEnds is the rest of a name, with its quote and its colon.
var nameEnds = regexp.MustCompile(`^[^"]*"\s*:`)

// jsonNotClosed is a quote or a bracket before a character that is not closed, nil if there is none: a text that goes on in
// the next line, or that ends where the next begins.
func jsonNotClosed(before []byte, rest string, r rune, said string) *jsonError {
	open := scan(string(before)).open
	if (r == ']' || r == '}') && len(open) > 0 && closingOf(before[open[len(open)-1]]) != string(r) {
		begun := open[len(open)-1]
		message, hint := notClosed(string(before[begun]), closingOf(before[begun]))
		return jsonErrorAt(before, begun, asSaid, message).hinted(hint)
	}
	begun, last := -1, ""
	for i := 0; i < len(before); i++ {
		if before[i] == '"' {
			begun, last = i, string(stringLiteral(before[i:]))
			i += len(last) - 1
		}
	}
	inner := strings.TrimRight(strings.TrimSuffix(last, `"`), " ")
	switch {
	case begun < 0:
	case r == '\n' || r == '\r':
		return jsonErrorAt(before, begun, quoteNotClosed, `"`).hinted(closeOrEscape)
	case strings.Contains(said, jsontextNoColon) && strings.HasSuffix(inner, ":"),
		strings.Contains(said, jsontextNoComma) && strings.HasSuffix(string(before), `"`) && nameEnds.MatchString(rest) && strings.ContainsAny(inner[max(len(inner)-1, 0):], "{[,"):
		return jsonErrorAt(before, begun, quoteNotClosed, `"`).hinted(fmt.Sprintf(closeQuote, `"`))
	}
	return nil
}

// jsonShape is what is missing at a character of JSON, or does not belong there.
func jsonShape(at func(string, ...any) *jsonError, before []byte, r rune, said string) *jsonError {
	switch {
	case r < ' ':
		return at(jsonControl, r).hinted(writeEscape)
	case strings.Contains(said, jsontextEscape):
		return at(backslashAlone).hinted(writeBackslash)
	case strings.Contains(said, jsontextNoComma) && unicode.IsLetter(r) && before[len(before)-1] == '"':
		return at(jsonQuoteWithin).hinted(escapeQuote)
	case strings.Contains(said, jsontextNoComma):
		return at(jsonNoComma).hinted(instead(r, ",", typeComma))
	case strings.Contains(said, jsontextNoColon):
		return at(jsonNoColon).hinted(instead(r, ":", typeColon))
	case strings.Contains(said, jsontextTwo):
		return at(jsonTwo).hinted(keepOneObject)
	case strings.Contains(said, jsontextNoName):
		return at(jsonNoName).hinted(quoteName)
	case strings.Contains(said, jsontextNumber), r == '+' || r == '.':
		return at(jsonNumber).hinted(writeNumber)
	case strings.Contains(said, jsontextNoValue):
		return at(jsonBareWord).hinted(quoteWord)
	}
	return nil
}

// instead is the hint to type a sign in place of one that other languages have there.
func instead(r rune, sign, hint string) string {
	if r == ';' || r == '=' || r == '.' {
		return fmt.Sprintf(typeInPlace, sign, string(r))
	}
	return hint
}

// chineseClosed is a text that is closed by a Chinese quote, and was opened by none.
var chineseClosed = regexp.MustCompile(`"[^"“\n]*(”)\s*(?:[,:}\]]|$)`)

// chineseEnd is where a Chinese quote closes a text of the last line, or -1.
func chineseEnd(src []byte) int {
	begin := bytes.LastIndexByte(src, '\n') + 1
	if m := chineseClosed.FindSubmatchIndex(src[begin:]); m != nil {
		return begin + m[2]
	}
	return -1
}

func jsonErrorAt(src []byte, offset int, message string, values ...any) *jsonError {
	return &jsonError{place: placeIn(src, offset), offset: offset, message: fmt.Sprintf(message, values...)}
}

// placeIn turns a byte offset into a place.
func placeIn(src []byte, offset int) place {
	before := src[:min(offset, len(src))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return place{int32(bytes.Count(before, []byte{'\n'}) + 1), int32(utf8.RuneCount(before[start:]) + 1)}
}

// tooDeep is where JSON exceeds maxDepth, or -1.
func tooDeep(src []byte) int {
	depth := 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			i += len(stringLiteral(src[i:])) - 1
		case '{', '[':
			if depth++; depth > maxDepth {
				return i
			}
		case '}', ']':
			depth--
		}
	}
	return -1
}

// stringLiteral is the string literal valid JSON begins with, quotes included.
func stringLiteral[T []byte | string](s T) T {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[:i+1]
		}
	}
	return s
}

// compareUTF16 is the order of member names in canonical JSON. It is the order of
// the bytes, except that in UTF-16 what lies beyond U+FFFF comes before U+E000.
func compareUTF16(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			continue
		}
		const fromE000, beyondFFFF = 0xEE, 0xF0 // first bytes of such characters
		if min(a[i], b[i]) >= fromE000 && (a[i] >= beyondFFFF) != (b[i] >= beyondFFFF) {
			return strings.Compare(b, a)
		}
		break
	}
	return strings.Compare(a, b)
}

// String is the compact text; "" for no value.
func (j JSON) String() string { return j.text }

// IsZero reports whether j is no value at all.
func (j JSON) IsZero() bool { return j.text == "" }

// IsObject reports whether j is a JSON object.
func (j JSON) IsObject() bool { return strings.HasPrefix(j.text, "{") }

// Equal reports whether both are the same JSON value. White space, the order of
// members and the way strings are escaped never matter; numbers are equal when
// their decimal values are, exactly and whatever their size: 1.0 is 1 is 10e-1.
func (j JSON) Equal(k JSON) bool {
	return j.text == k.text || equalButForNumbers(j.text, k.text)
}

// Value is the value as a tree of map[string]any, []any, string, json.Number,
// bool and nil, made afresh by every call; nil also for no value.
func (j JSON) Value() any {
	dec := json.NewDecoder(strings.NewReader(j.text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil // only for no value: the text was valid when j was made
	}
	return v
}

// MarshalJSON is the value itself; null for no value.
func (j JSON) MarshalJSON() ([]byte, error) {
	if j.IsZero() {
		return []byte("null"), nil
	}
	return []byte(j.text), nil
}

// UnmarshalJSON reads what MarshalJSON writes, so that null is no value.
func (j *JSON) UnmarshalJSON(src []byte) error {
	if string(src) == "null" {
		*j = JSON{}
		return nil
	}
	parsed, err := ParseJSON(src)
	if err != nil {
		return err
	}
	*j = parsed
	return nil
}
