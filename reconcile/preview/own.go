package preview

import (
	"cmp"
	"fmt"
	"strings"

	"notiform/spec/card"
)

// ownStyle is what the card that a value is in defines by a name, by the page "Card JSON 1.0 structure"; nil
// if nothing.
func ownStyle(n *card.Node, kind, name string) *card.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n.Get("config").Get("style").Get(kind).Get(name)
}

// ownLooks are those of a value that names what the card defines.
func ownLooks(m *card.Node) []string {
	switch {
	case formatOf(m.Field) == card.TextSize:
		return ownSize(m, m.Text)
	case formatOf(m.Field) == card.Colour && strings.HasPrefix(m.Field.Name, "background_"):
		return ownColour(m, "bg", m.Text)
	case formatOf(m.Field) == card.Colour && !strings.HasPrefix(m.Field.Name, "border_"):
		return ownColour(m, "c", m.Text)
	}
	return nil
}

// ownSize are the looks of a size of text that the card defines, which may differ on a phone.
func ownSize(n *card.Node, name string) []string {
	own := ownStyle(n, "text_size", name)
	usual := str(own, "default")
	return append(look("text_size", cmp.Or(str(own, "pc"), usual)), look("phone_size", cmp.Or(str(own, "mobile"), usual))...)
}

// ownColour are the classes of a colour that the card defines, for a text (c) or a background (bg). A sheet
// whose digest is known beforehand has no rule for every colour there may be: it has one for each of 16 levels
// of red, green and blue, and of ten of what is seen through it, in each scheme.
func ownColour(n *card.Node, of, name string) []string {
	own := ownStyle(n, "color", name)
	light, dark := str(own, "light_mode"), str(own, "dark_mode")
	if own == nil {
		return nil
	}
	classes := []string{"own-" + of}
	for i, rgba := range []string{cmp.Or(light, dark), cmp.Or(dark, light)} {
		var r, g, b int
		var alpha float64
		_, err := fmt.Sscanf(strings.ReplaceAll(rgba, " ", ""), "rgba(%d,%d,%d,%g)", &r, &g, &b, &alpha)
		if err != nil || max(r, g, b) > 255 || min(r, g, b) < 0 || alpha < 0 || alpha > 1 {
			return nil
		}
		scheme := of + [...]string{"l", "d"}[i]
		classes = append(classes, fmt.Sprintf("%[1]sr-%[2]x %[1]sg-%[3]x %[1]sb-%[4]x %[1]sa-%[5]d", scheme, (r+8)/17, (g+8)/17, (b+8)/17, int(alpha*10+0.5)))
	}
	return classes
}

// ownRules are the rules of all colours that cards may define.
func ownRules() string {
	var out strings.Builder
	for _, of := range []string{"c", "bg"} {
		for _, scheme := range []string{"l", "d"} {
			for level := range 16 {
				for _, channel := range []string{"r", "g", "b"} {
					fmt.Fprintf(&out, ".%[1]s%[2]s%[3]s-%[4]x{--%[1]s%[2]s%[3]s:%[5]d}", of, scheme, channel, level, 17*level)
				}
			}
			for tenth := range 11 {
				fmt.Fprintf(&out, ".%[1]s%[2]sa-%[3]d{--%[1]s%[2]sa:%[3]d0%%}", of, scheme, tenth)
			}
		}
	}
	return out.String()
}
