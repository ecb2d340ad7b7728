package report

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"notiform/reconcile"
	"notiform/spec"
)

// cardLine is one line of a card as a reader sees it, and the place it belongs to.
type cardLine struct{ text, path string }

// cardLines lays a JSON value out for reading and for a line diff: members by name, no commas
// (a change of the last member would touch its neighbour), and a text of several lines as a
// block, one line of text a line behind a bar, so that a reworded paragraph is one changed line.
func cardLines(v spec.JSON) []cardLine {
	if v.IsZero() {
		return nil
	}
	l := cardLayout{}
	l.value("", "", "", v.Value())
	return l.lines
}

type cardLayout struct{ lines []cardLine }

func (l *cardLayout) add(indent, text, path string) {
	l.lines = append(l.lines, cardLine{indent + text, path})
}

// value lays out v behind label, which is a member's name with its colon or "".
func (l *cardLayout) value(indent, label, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			l.add(indent, label+"{}", path)
			return
		}
		l.add(indent, label+"{", path)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			l.value(indent+"  ", quoted(name)+": ", path+"."+Visible(name), v[name])
		}
		l.add(indent, "}", path)
	case []any:
		if len(v) == 0 {
			l.add(indent, label+"[]", path)
			return
		}
		l.add(indent, label+"[", path)
		for i, item := range v {
			l.value(indent+"  ", "", path+"["+strconv.Itoa(i)+"]", item)
		}
		l.add(indent, "]", path)
	case string:
		l.text(indent, label, path, v)
	default:
		l.add(indent, label+scalar(v), path)
	}
}

func (l *cardLayout) text(indent, label, path, s string) {
	if !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") {
		l.add(indent, label+quoted(s), path)
		return
	}
	l.add(indent, label+"|", path)
	for _, line := range strings.Split(s, "\n") {
		l.add(indent, "  | "+blockLine(line), path)
	}
}

// blockLine is a line of a text block. A space at its end would be invisible, so it is escaped.
func blockLine(s string) string {
	if strings.HasSuffix(s, " ") {
		return Visible(strings.TrimSuffix(s, " ")) + `\u{20}`
	}
	return Visible(s)
}

// scalar is the literal of a number, a truth value or null.
func scalar(v any) string {
	switch v := v.(type) {
	case json.Number:
		return Visible(v.String())
	case bool:
		return strconv.FormatBool(v)
	default:
		return "null"
	}
}

// context is how many unchanged lines are shown around a change.
const context = 3

// hunk is a run of changed lines with their surroundings.
type hunk struct {
	path  string
	lines []hunkLine
}

type hunkLine struct {
	sign byte // ' ', '-', '+'
	text string
}

// hunks compares two laid out cards line by line. A hunk is headed by the place of its first
// changed line.
func hunks(before, after []cardLine) []hunk {
	edits := reconcile.Edits(lineTexts(before), lineTexts(after))
	var out []hunk
	shown := 0 // edits before this index are in a hunk already, or skipped
	for i := 0; i < len(edits); i++ {
		if edits[i].Op == reconcile.Keep {
			continue
		}
		h := hunk{path: placeOf(edits[i], before, after)}
		last := i
		for j := i; j < len(edits) && j <= last+2*context; j++ {
			if edits[j].Op != reconcile.Keep {
				last = j
			}
		}
		end := min(last+context+1, len(edits))
		for _, e := range edits[max(shown, i-context):end] {
			h.lines = append(h.lines, lineOf(e, before, after))
		}
		out = append(out, h)
		shown, i = end, end-1
	}
	return out
}

func placeOf(e reconcile.Edit, before, after []cardLine) string {
	if e.Op == reconcile.Insert {
		return strings.TrimPrefix(after[e.After].path, ".")
	}
	return strings.TrimPrefix(before[e.Before].path, ".")
}

func lineOf(e reconcile.Edit, before, after []cardLine) hunkLine {
	switch e.Op {
	case reconcile.Delete:
		return hunkLine{'-', before[e.Before].text}
	case reconcile.Insert:
		return hunkLine{'+', after[e.After].text}
	default:
		return hunkLine{' ', after[e.After].text}
	}
}

func lineTexts(lines []cardLine) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.text
	}
	return out
}
