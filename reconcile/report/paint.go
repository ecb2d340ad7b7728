package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"notiform/reconcile/diff"
)

// Style says how text is drawn.
type Style struct {
	Color bool // SGR colours; they never carry meaning alone
	Width int  // of the terminal that lines are folded at, in columns; 0 to leave every line whole
}

// The few colours that are used.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// painter writes lines of text. Its writer keeps the first error, so that callers look once, at
// the end, when they close it.
type painter struct {
	w *bufio.Writer
	Style
	apart bool // nothing stands above, or a blank line
}

func newPainter(w io.Writer, s Style) *painter { return &painter{bufio.NewWriter(w), s, true} }

func (p *painter) close() error { return p.w.Flush() }

func (p *painter) write(s string) {
	_, _ = p.w.WriteString(s)
	p.apart = false
}

// line writes one line: indent columns of space, then text in the colour, folded where that is
// wanted. Continued lines keep the sign and the indentation of the text and start with an arrow, so
// that a folded value cannot pass for a line of ours.
func (p *painter) line(indent int, color, text string) {
	lead, pieces := "", []string{text}
	if p.Width > 0 {
		lead = text[:len(text)-len(strings.TrimLeft(text, "+- "))]
		lead = lead[:min(len(lead), max(p.Width/2-indent, 0))]
		pieces = wrap(text[len(lead):], p.Width-indent-len(lead)-continuedWidth)
	}
	for i, piece := range pieces {
		if i > 0 {
			piece = continued + piece
		}
		text := inert(lead + strings.TrimRight(piece, " "))
		if p.Color && (color == red || color == green) {
			text = emphasised(text)
		}
		p.write(strings.Repeat(" ", indent) + p.paint(color, text) + "\n")
	}
}

const (
	continued      = "  ↳ "
	continuedWidth = 4
)

// blank sets what follows apart from what stands above.
func (p *painter) blank() {
	if !p.apart {
		p.write("\n")
		p.apart = true
	}
}

func (p *painter) paint(color, text string) string {
	if !p.Color || color == "" || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// draft draws the lines of a draft under a heading.
func (p *painter) draft(label string, i identity, parts ...[]line) {
	p.blank()
	p.line(0, bold, fmt.Sprintf(labelled, label, Visible(i.title())))
	for _, l := range slices.Concat(parts...) {
		if l.change != nil {
			p.value(l.indent, *l.change)
		} else {
			p.line(l.indent, l.color, l.lead+l.text)
		}
	}
}

func signColor(sign byte) string {
	switch sign {
	case '+':
		return green
	case '-':
		return red
	case '~':
		return yellow
	default:
		return ""
	}
}

// longLine is how many columns a line may have before the values in it stand below each other,
// where there is no terminal to ask.
const longLine = 100

// value draws a value that differs. Two that do not fit in a line stand below each other.
func (p *painter) value(indent int, c diff.Change) {
	sign, place := opSign(c.Op), placeOf(c)
	before, after := literals(c)
	color := signColor(sign)
	if _, ok := c.Member(); ok {
		p.line(indent, color, fmt.Sprintf(oneValue, sign, c.Field, memberText(c)))
		return
	}
	whole := fmt.Sprintf(oneValue, sign, place, before+after)
	if c.Op == diff.Replace {
		whole = fmt.Sprintf(twoValues, place, before, after)
	}
	if whole += originOf(c); cells().StringWidth(whole) <= cmp.Or(p.Width, longLine)-indent-continuedWidth {
		p.line(indent, color, whole)
		return
	}
	p.line(indent, color, fmt.Sprintf(valueBelow, sign, place)+originOf(c))
	if before != "" {
		p.line(indent+4, red, "- "+before)
	}
	if after != "" {
		p.line(indent+4, green, "+ "+after)
	}
}
