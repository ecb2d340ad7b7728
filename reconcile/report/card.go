package report

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"notiform/reconcile/diff"
)

// cardLine is one line of a drawn card. A line that only one side has is signed and belongs to a
// change.
type cardLine struct {
	sign   byte // ' ', '-', '+'
	text   string
	change *diff.Place // nil on a line of both sides
}

// cardLines draws two cards laid beside each other, what both have once and what differs twice:
// members by name, no commas (a change of the last member would touch its neighbour), and a text
// of several lines as a block, one line of text a line behind a bar, so that a reworded paragraph
// is one changed line. What is signed is exactly the changes, because both are the same tree.
func cardLines(whole *diff.Place) []cardLine {
	l := cardLayout{visible: Visible}
	l.place("", "", whole)
	return l.lines
}

// cardLayout collects lines, those that are being drawn behind sign.
type cardLayout struct {
	lines   []cardLine
	sign    byte
	change  *diff.Place         // that they belong to
	visible func(string) string // how texts are shown
}

func (l *cardLayout) add(indent, text string) {
	line := cardLine{sign: l.sign, text: indent + text}
	if l.sign != ' ' {
		line.change = l.change
	}
	l.lines = append(l.lines, line)
}

// place draws one place and all that is in it, behind label.
func (l *cardLayout) place(indent, label string, p *diff.Place) {
	l.sign = ' '
	switch {
	case p.Op != "":
		l.changed(indent, label, p)
	case len(p.Inner) == 0:
		l.value(indent, label, p.After)
	default:
		l.inner(indent, label, p)
	}
}

func (l *cardLayout) inner(indent, label string, p *diff.Place) {
	brackets, named := "{}", true
	if _, isArray := p.After.([]any); isArray {
		brackets, named = "[]", false
	}
	l.add(indent, label+brackets[:1])
	for _, inner := range p.Inner {
		label := ""
		if named {
			label = quoted(inner.Name, exact) + ": "
		}
		l.place(indent+"  ", label, inner)
	}
	l.sign = ' '
	l.add(indent, brackets[1:])
}

// changed draws what differs in a place: both sides of it, or the one that there is.
func (l *cardLayout) changed(indent, label string, p *diff.Place) {
	l.change = p
	before, wasText := p.Before.(string)
	after, isText := p.After.(string)
	if wasText && isText && isBlock(before) && isBlock(after) {
		l.add(indent, label+"|")
		l.reworded(indent, strings.Split(before, "\n"), strings.Split(after, "\n"))
		return
	}
	if wasText && isText {
		l.visible = telling(before, after)
		defer func() { l.visible = Visible }()
	}
	if p.Op != diff.Add {
		l.sign = '-'
		l.value(indent, label, p.Before)
	}
	if p.Op != diff.Remove {
		l.sign = '+'
		l.value(indent, label, p.After)
	}
}

// reworded draws the lines of a text that was changed.
func (l *cardLayout) reworded(indent string, before, after []string) {
	removed, added := map[string]string{}, map[string]string{} // by their looks
	edits := diff.Edits(before, after)
	for _, e := range edits {
		switch e.Op {
		case diff.Remove:
			removed[looks(before[e.Before])] = before[e.Before]
		case diff.Add:
			added[looks(after[e.After])] = after[e.After]
		}
	}
	for _, e := range edits {
		switch e.Op {
		case diff.Remove:
			l.sign = '-'
			l.twin(indent, before[e.Before], added)
		case diff.Add:
			l.sign = '+'
			l.twin(indent, after[e.After], removed)
		default:
			l.sign = ' '
			l.add(indent, "  | "+blockLine(after[e.After], Visible))
		}
	}
}

// twin draws a line of a text so that it can be told from the one of others that looks like it.
func (l *cardLayout) twin(indent, line string, others map[string]string) {
	visible := Visible
	if other, ok := others[looks(line)]; ok {
		visible = telling(line, other)
	}
	l.add(indent, "  | "+blockLine(line, visible))
}

// value draws v behind label, which is a member's name with its colon or "".
func (l *cardLayout) value(indent, label string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			l.add(indent, label+"{}")
			return
		}
		l.add(indent, label+"{")
		for _, name := range slices.Sorted(maps.Keys(v)) {
			l.value(indent+"  ", quoted(name, exact)+": ", v[name])
		}
		l.add(indent, "}")
	case []any:
		if len(v) == 0 {
			l.add(indent, label+"[]")
			return
		}
		l.add(indent, label+"[")
		for _, item := range v {
			l.value(indent+"  ", "", item)
		}
		l.add(indent, "]")
	case string:
		l.text(indent, label, v)
	default:
		l.add(indent, label+scalar(v))
	}
}

func (l *cardLayout) text(indent, label, s string) {
	if !isBlock(s) {
		l.add(indent, label+quoted(s, l.visible))
		return
	}
	l.add(indent, label+"|")
	for line := range strings.SplitSeq(s, "\n") {
		l.add(indent, "  | "+blockLine(line, l.visible))
	}
}

// isBlock reports whether a text has several lines.
func isBlock(s string) bool { return strings.Contains(strings.TrimSuffix(s, "\n"), "\n") }

// blockLine is a line of a text block. A space at its end would be invisible, so it is escaped.
func blockLine(s string, visible func(string) string) string {
	if last, size := utf8.DecodeLastRuneInString(s); isSpace(last) {
		return visible(s[:len(s)-size]) + escape(last)
	}
	return visible(s)
}

// scalar is the literal of a number, a truth value or null.
func scalar(v any) string {
	switch v := v.(type) {
	case json.Number:
		return exact(v.String())
	case bool:
		return strconv.FormatBool(v)
	default:
		return "null"
	}
}

// context is how many unchanged lines are shown around a change.
const context = 3

// hunk is a run of lines under one heading.
type hunk struct {
	heading string
	lines   []cardLine
}

// hunks cuts a drawn card into its changes and what surrounds them: one hunk a change, headed by
// its place. What lies between two changes that are near each other is shown once. A text that
// was changed in lines far from each other goes on in further hunks, whose heading only says
// that lines lie between.
func hunks(lines []cardLine) []hunk {
	var out []hunk
	add := func(lines ...cardLine) { out[len(out)-1].lines = append(out[len(out)-1].lines, lines...) }
	var change *diff.Place // the last one
	seen := 0              // lines before this index are shown, or skipped
	for i, l := range lines {
		if l.change == nil {
			continue
		}
		between := lines[seen:i]
		near := change != nil && len(between) <= 2*context
		switch {
		case near:
			add(between...)
			between = nil
		case change != nil:
			add(between[:context]...)
		}
		if l.change != change || !near {
			out = append(out, hunk{heading: heading(l.change, change)})
			add(between[max(0, len(between)-context):]...)
		}
		add(l)
		change, seen = l.change, i+1
	}
	if change != nil {
		add(lines[seen:min(seen+context, len(lines))]...)
	}
	return out
}

func heading(change, last *diff.Place) string {
	switch {
	case change == last:
		return linesBetween
	case change.Path == "":
		return theCard
	default:
		return exact(change.Path)
	}
}
