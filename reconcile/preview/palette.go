package preview

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// colours are those of cards: a name, and its shades in the light scheme and in the dark one, by the page
// "Colour enumeration".
//
//go:embed palette.txt
var colours string

func shades() []string { return []string{"50", "100", "200", "500", "600", "700"} }

// shadeOf is the shade of those that stand here which is nearest to another.
func shadeOf(name string) string {
	switch name {
	case "":
		return "600" // of a bare name
	case "300", "350":
		return "200"
	case "400":
		return "500"
	case "800", "900":
		return "700"
	}
	return name
}

// colourClass is the class of a text or a background in a colour, "" of one that is not here.
func colourClass(kind, name string) string {
	base, shade, _ := strings.Cut(name, "-")
	if base == "neutral" {
		base = "grey"
	}
	shade = shadeOf(shade)
	if base == "" || !strings.Contains("\n"+colours, "\n"+base+" ") || !slices.Contains(shades(), shade) {
		return ""
	}
	return kind + "-" + base + "-" + shade
}

// colourRules are the rules of colours: of texts, backgrounds, tags and headers, which are tinted
// with a lighter field in the middle.
func colourRules() string {
	var b strings.Builder
	rule := func(format string, values ...any) { fmt.Fprintf(&b, format+"\n", values...) }
	for c := range strings.Lines(colours) {
		fields := strings.Fields(c)
		name, light, dark := fields[0], fields[1:1+len(shades())], fields[1+len(shades()):]
		both := func(l, d int) string { return fmt.Sprintf("light-dark(#%s,#%s)", light[l], dark[d]) }
		for i, shade := range shades() {
			rule(".c-%s-%s{color:%s}", name, shade, both(i, i))
			rule(".bg-%s-%s{background:%s}", name, shade, both(i, i))
		}
		rule(tinted, name, both(5, 5), both(0, 0), both(1, 1))
		rule(".text_tag.color-%s{color:%s;background:%s}", name, both(5, 5), both(1, 2))
	}
	return b.String()
}

// tinted is the rule of a header.
const tinted = ".template-%s{color:%s;background:radial-gradient(circle,%s,%s 70%%)}"
