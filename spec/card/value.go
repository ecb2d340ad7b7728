package card

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// isRead reports whether a text is one that people read.
func isRead(f *Field) bool {
	return slices.ContainsFunc(f.Formats, func(f Format) bool { return f == Plain || f == LarkMarkdown || f == FullMarkdown })
}

// text judges a text by its format and by the values that its key has. An empty one is none.
func (j *judge) text(n *Node) {
	f := n.Field
	if n.Text == "" {
		return
	}
	for _, format := range f.Formats {
		switch format {
		case Address, AppAddress, LooseAddress:
			j.address(n, n.Text, format)
			return
		case ImageKey:
			j.imageKey(n, n.Text)
			return
		case Plain:
			j.plain(n, n.Text)
			return
		case LarkMarkdown, FullMarkdown:
			j.markdown(n, n.Text, format == FullMarkdown)
			return
		}
	}
	if most := f.Max; most > 0 && len(f.Formats) == 0 && utf8.RuneCountInString(n.Text) > most {
		j.doubt(n, ruleValue, textTooLong, nameOf(n), most)
	}
	if len(f.Values)+len(f.Formats) > 0 && !slices.Contains(f.Values, n.Text) && !j.fits(n.Text, f) {
		j.wrongValue(n)
	}
}

func (j *judge) wrongValue(n *Node) {
	fault := j.doubt(n, ruleValue, wrongValue, n.Key, j.Quote(n.Text))
	values := n.Field.known()
	form := formOf(n.Field)
	switch {
	case len(values) > 0 && form != "":
		fault.Hint = fmt.Sprintf(writeOneOfOr, strings.Join(values, ", "), form)
	case len(values) > 0:
		fault.Hint = fmt.Sprintf(writeOneOf, strings.Join(values, ", "))
	default:
		fault.Hint = fmt.Sprintf(writeLike, form)
	}
	j.suggest(fault, n.Text, 2, values)
}

// known are the values of a key that can be listed.
func (f *Field) known() []string {
	switch {
	case slices.Contains(f.Formats, Colour):
		return slices.Concat(f.Values, colours())
	case slices.Contains(f.Formats, TextSize):
		return textSizes()
	}
	return f.Values
}

// formOf is an example of what a key wants, of the first of its formats that has one.
func formOf(f *Field) string {
	for _, format := range f.Formats {
		switch format {
		case Pixels, Box:
			return strconv.Itoa(max(f.Min, 8)) + "px"
		case Percent:
			return "50%"
		case Area:
			return "24px 24px"
		case Date:
			return time.DateOnly
		case Clock:
			return "09:00"
		case DateClock:
			return "2006-01-02 15:04"
		case Identity:
			return "ou_…"
		case RGBA:
			return "rgba(20,86,240,0.5)"
		}
	}
	return ""
}

// fits reports whether a text is of one of the formats.
func (j *judge) fits(text string, f *Field) bool {
	return slices.ContainsFunc(f.Formats, func(format Format) bool {
		switch format {
		case Colour:
			return j.isColour(text)
		case TextSize:
			return slices.Contains(textSizes(), text) || slices.Contains(j.sizes, text)
		case Pixels:
			return measures(text, "px", f, 1)
		case Percent:
			return measures(text, "%", &Field{Min: 0, Max: 100}, 1)
		case Box:
			return measures(text, "px", f, 4)
		case Area:
			return measures(text, "px", f, 2) || measures(text, "", f, 2)
		case Date: // samples of Feishu leave out zeros
			return isTime("2006-1-2", text)
		case Clock:
			return isTime("15:04", text)
		case DateClock:
			return isTime("2006-1-2 15:04", text)
		case RGBA:
			return rgba.MatchString(text)
		case Identity:
			return !strings.ContainsAny(text, " \t\n<>\"'") && isASCII(text)
		}
		return false
	})
}

var rgba = regexp.MustCompile(`^rgba\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*(0|1|[01]?\.\d+)\s*\)$`)

func isTime(layout, text string) bool {
	_, err := time.Parse(layout, text)
	return err == nil
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// isColour reports whether a text names a colour, with a shade or without, or one that the card
// defines.
func (j *judge) isColour(text string) bool {
	if slices.Contains(colours(), text) || slices.Contains(j.colours, text) {
		return true
	}
	name, shade, ok := strings.Cut(text, "-")
	return ok && slices.Contains(colours(), name) && slices.Contains(shades(), shade)
}

// measures reports whether a text is up to so many measures of a unit, each within the bounds of
// the field.
func measures(text, unit string, f *Field, most int) bool {
	parts := strings.Fields(text)
	if len(parts) == 0 || len(parts) > most {
		return false
	}
	for _, part := range parts {
		digits, ok := strings.CutSuffix(part, unit)
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < f.Min || f.Max > 0 && n > f.Max {
			return false
		}
	}
	return true
}

// number judges a number by the bounds of its key; zero is none.
func (j *judge) number(n *Node) {
	f := n.Field
	v, err := strconv.ParseFloat(n.Text, 64)
	switch {
	case err == nil && v == 0 || f.Min == 0 && f.Max == 0:
	case f.Max > 0 && (err != nil || v < float64(f.Min) || v > float64(f.Max)):
		j.doubt(n, ruleValue, outOfRange, n.Key, n.Text, f.Min, f.Max)
	case err == nil && v < float64(f.Min):
		j.doubt(n, ruleValue, belowRange, n.Key, n.Text, f.Min)
	case v != math.Trunc(v):
		j.doubt(n, ruleValue, notWhole, n.Key, n.Text)
	}
}

// imageKey judges the key of an image.
func (j *judge) imageKey(n *Node, key string) {
	switch {
	case strings.Contains(key, "://") || strings.HasPrefix(key, "data:") || strings.ContainsAny(key, "/\\"):
		j.sure(n, ruleImageKey, addressAsImage, j.Quote(key)).Hint = uploadImage
	case hasImageName(key):
		j.sure(n, ruleImageKey, fileAsImage, j.Quote(key)).Hint = uploadImage
	case !strings.HasPrefix(key, "img_") || len(key) < len("img_v2_x") || strings.ContainsAny(key, " \t\n") || !isASCII(key):
		j.doubt(n, ruleImageKey, noImageKey, j.Quote(key)).Hint = uploadImage
	}
}

func hasImageName(key string) bool {
	dot := strings.LastIndexByte(key, '.')
	return dot >= 0 && slices.Contains([]string{"png", "jpg", "jpeg", "gif", "webp", "svg", "bmp"}, strings.ToLower(key[dot+1:]))
}

// placeholder tells what was to be replaced before people read it.
func (j *judge) placeholder(n *Node) bool {
	found := unfilled(n.Text)
	if found == "" {
		return false
	}
	j.doubt(n, rulePlaceholder, unfilledPlace, j.Quote(found)).Hint = fillPlace
	return true
}

// unfilled is the first placeholder of a text, or nothing.
func unfilled(text string) string {
	for _, pair := range [...][2]string{{"${", "}"}, {"{{", "}}"}, {"#{", "}"}, {"<%", "%>"}} {
		_, after, ok := strings.Cut(text, pair[0])
		if inner, _, closed := strings.Cut(after, pair[1]); ok && closed {
			return pair[0] + inner + pair[1]
		}
	}
	for _, word := range [...]string{"%s", "%d", "%v", "TO" + "DO", "FIX" + "ME"} {
		if hasWord(text, word) {
			return word
		}
	}
	return ""
}

// hasWord reports whether a text has a word that no letter or digit follows, and, but for a verb
// of formats, none comes before.
func hasWord(text, word string) bool {
	for {
		i := strings.Index(text, word)
		if i < 0 {
			return false
		}
		after := text[i+len(word):]
		before := i > 0 && (text[i-1] == '%' || word[0] != '%' && isWordByte(text[i-1]))
		if !before && (after == "" || !isWordByte(after[0])) {
			return true
		}
		text = after
	}
}

func isWordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
