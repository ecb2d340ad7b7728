package preview

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed card.css
var cardRules string

// Sheet is the style sheet of everything that [HTML] draws. A card is as wide as there is room for
// one; a class phone or desktop, light or dark on what is around it decides instead of the window
// and the reader's scheme.
func Sheet() string {
	var b strings.Builder
	b.WriteString(cardRules)
	b.WriteString(colourRules())
	b.WriteString(ownRules())
	for n := 10; n <= mostPixels; n += 10 {
		fmt.Fprintf(&b, ".width-%[1]d,.custom_width-%[1]d{width:%[1]dpx}.height-%[1]d{min-height:%[1]dpx}", n)
	}
	for n := 1; n <= 5; n++ {
		fmt.Fprintf(&b, ".width-weighted.weight-%[1]d{flex:%[1]d 1 0}", n)
	}
	return b.String()
}
