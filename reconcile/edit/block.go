package edit

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"notiform/spec"
)

// spliceBlock changes a collection that has its entries on lines of their own. The first may stand
// behind the dash of a list instead.
func (t *text) spliceBlock(n *yaml.Node, s site, gone map[int]bool, added []addition) {
	starts := t.entries[n]
	first, compact := 0, !t.ownsLine(starts[0])
	switch {
	case len(gone) == len(starts) && len(added) == 0:
		t.empty(n, s)
		return
	case compact && len(gone) == len(starts):
		t.patches = append(t.patches, patch{span{starts[0], t.ends(n, len(starts)-1)}, strings.TrimSuffix(t.blockEntries(n, added), "\n"), true})
		return
	case compact && gone[0]:
		for gone[first] {
			first++
		}
		t.drop(starts[0], starts[first])
	}
	for i := first; i < len(starts); i++ {
		start, end := t.regionOf(n, i, added)
		switch {
		case gone[i] && slices.ContainsFunc(added, func(a addition) bool { return a.moved == i }):
			t.cut(start, end)
		case gone[i]:
			t.drop(start, end)
		}
	}
	pad := strings.Repeat(" ", t.column(starts[0]))
	for _, a := range added {
		entry := t.blockEntry(n, a)
		switch {
		case a.behind >= first:
			at := t.lineEnd(t.ends(n, a.behind))
			t.replace(at, at, pad+entry)
		case compact:
			t.replace(starts[first], starts[first], entry+pad)
		default:
			at := t.aboveComments(starts[0])
			t.replace(at, at, pad+entry)
		}
	}
}

// regionOf are the lines of an entry that goes. The comments above it go with it only where it is moved.
func (t *text) regionOf(n *yaml.Node, entry int, added []addition) (start, end int) {
	start, end = t.lineStart(t.entries[n][entry]), t.lineEnd(t.ends(n, entry))
	for _, a := range added {
		if a.moved == entry {
			start = t.aboveComments(t.entries[n][entry])
		}
	}
	return start, end
}

// aboveComments is the beginning of the comments that stand right above the line of an offset, or of
// that line.
func (t *text) aboveComments(at int) int {
	start := t.lineStart(at)
	for start > 0 {
		above := t.lineStart(start - 1)
		line := strings.TrimLeft(t.src[above:start], " \t")
		if !strings.HasPrefix(line, "#") || strings.HasPrefix(t.src[above:start], "# yaml-language-server") {
			return start
		}
		start = above
	}
	return start
}

// empty takes all entries out of a collection.
func (t *text) empty(n *yaml.Node, s site) {
	nothing := "[]"
	if n.Kind == yaml.MappingNode {
		nothing = "{}"
	}
	t.inPlaceOfEntries(n, nothing, s)
}

// inPlaceOfEntries writes a value on one line where a collection stood on lines of its own.
func (t *text) inPlaceOfEntries(n *yaml.Node, value string, s site) {
	starts := t.entries[n]
	if !s.key || !t.ownsLine(starts[0]) {
		t.patches = append(t.patches, patch{t.spans[n], value, true})
		return
	}
	at := s.after + len(properties.FindString(t.src[s.after:]))
	t.replace(at, at, " "+value)
	for i := range starts {
		t.drop(t.lineStart(starts[i]), t.lineEnd(t.ends(n, i)))
	}
}

// properties are the anchor and the tag of a collection, behind its key.
var properties = regexp.MustCompile(`^(?:[ \t]+[&!]\S*)*`)

// blockEntries are additions to a collection as lines, the first without its indentation.
func (t *text) blockEntries(n *yaml.Node, added []addition) string {
	pad := strings.Repeat(" ", t.column(t.entries[n][0]))
	var lines strings.Builder
	for i, a := range added {
		if i > 0 {
			lines.WriteString(pad)
		}
		lines.WriteString(t.blockEntry(n, a))
	}
	return lines.String()
}

// blockEntry is an addition to a collection as lines, the first without its indentation.
func (t *text) blockEntry(n *yaml.Node, a addition) string {
	indent := t.column(t.entries[n][0])
	if a.moved >= 0 && t.ownsLine(t.entries[n][a.moved]) {
		start, end := t.regionOf(n, a.moved, []addition{a})
		return strings.ReplaceAll(strings.TrimLeft(t.src[start:end], " "), "\r\n", "\n")
	}
	if n.Kind == yaml.MappingNode {
		return spec.Entry(a.key, a.value, indent)
	}
	like := n.Content[min(max(a.behind, 0), len(n.Content)-1)]
	if like.Kind != yaml.AliasNode && len(like.Content) > 0 && t.isFlow(t.spans[like].start) {
		return "- " + t.flowText(a.value, -1) + "\n"
	}
	return spec.Item(a.value, indent)
}
