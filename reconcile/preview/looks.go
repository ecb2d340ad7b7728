package preview

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"notiform/spec/card"
)

// looksOf are what a field says of how its element is drawn: field-value, where the value is one of
// those that there are, a colour, a size or a number. What looks like none is not taken over.
func looksOf(m *card.Node) []string {
	f := m.Field
	if own := ownLooks(m); own != nil {
		return own
	}
	switch format := formatOf(f); {
	case m.Kind == card.Object && f.Name == "border":
		return look("has_border", "true")
	case m.Kind >= card.List:
		return nil
	case format == card.Area && len(strings.Fields(m.Text)) == 2:
		size := strings.Fields(m.Text)
		return slices.Concat(look("width", tens(size[0])), look("height", tens(size[1])))
	case format == card.Pixels && strings.HasSuffix(m.Text, "px"), f.Name == "custom_width":
		return look(f.Name, tens(m.Text))
	case format == card.Colour, format == card.TextSize, f.Kind == card.Bool, f.Kind == card.Number, slices.Contains(f.Values, m.Text):
		return look(f.Name, m.Text)
	}
	return nil
}

// lookable is what may stand in a look, and so in a class of a page.
var lookable = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

func look(name, value string) []string {
	if value = strings.ReplaceAll(value, ":", "-"); !lookable.MatchString(value) {
		return nil
	}
	return []string{name + "-" + value}
}

// tens are pixels in steps of ten, so that a bounded sheet has them all; "" of what is none.
func tens(pixels string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(pixels, "px"))
	if err != nil || n < 0 {
		return ""
	}
	return strconv.Itoa(min((n+9)/10*10, mostPixels))
}

// mostPixels is as large as anything in a card may be.
const mostPixels = 1000

// has reports whether a box has a look.
func (b Box) has(look string) bool { return slices.Contains(b.Looks, look) }
