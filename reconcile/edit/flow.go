package edit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// flow is a collection in brackets while it is changed.
type flow struct {
	*text
	n      *yaml.Node
	starts []int
	gone   map[int]bool
	kept   []int // the entries that are
	spread bool  // each entry on lines of its own
	indent int   // of those
}

// spliceFlow changes a collection that has brackets.
func (t *text) spliceFlow(n *yaml.Node, gone map[int]bool, added []addition) {
	f := flow{text: t, n: n, starts: t.entries[n], gone: gone, indent: -1}
	for i := range f.starts {
		if !gone[i] {
			f.kept = append(f.kept, i)
		}
	}
	if f.spread = t.ownsLine(f.starts[0]); f.spread {
		f.indent = t.column(f.starts[0])
	}
	behind := map[int][]string{} // by the entry that is kept in front of it, -1: none is
	for _, a := range added {
		at := a.behind
		for at >= 0 && gone[at] {
			at--
		}
		behind[at] = append(behind[at], f.entry(a))
	}
	if len(f.kept) == 0 {
		f.instead(behind[-1])
		return
	}
	last := f.kept[len(f.kept)-1]
	for at, entries := range behind {
		if at != last || last == len(f.starts)-1 {
			f.insert(at, strings.Join(entries, f.between()))
		}
	}
	f.remove(last, strings.Join(behind[last], f.between()))
}

// entry is an addition as it is written.
func (f flow) entry(a addition) string {
	switch {
	case a.moved >= 0:
		return strings.ReplaceAll(f.src[f.starts[a.moved]:f.ends(f.n, a.moved)], "\r\n", "\n")
	case f.n.Kind == yaml.MappingNode:
		return f.scalar(a.key, 0, true) + f.colon() + f.flowText(a.value, f.indent)
	default:
		return f.flowText(a.value, f.indent)
	}
}

// between is what stands between two entries.
func (f flow) between() string {
	if f.spread {
		return ",\n" + f.pad(f.indent)
	}
	return f.comma()
}

// instead puts others, or nothing, in the place of all entries.
func (f flow) instead(entries []string) {
	inner := patch{span{f.starts[0], f.ends(f.n, len(f.starts)-1)}, strings.Join(entries, f.between()), true}
	if entries == nil {
		inner.span = span{f.spans[f.n].start + 1, f.spans[f.n].end - 1}
	}
	f.patches = append(f.patches, inner)
}

// insert puts entries behind one that is kept, or in front of all.
func (f flow) insert(at int, entries string) {
	if at < 0 {
		start := f.starts[f.kept[0]]
		f.replace(start, start, entries+f.between())
		return
	}
	end := f.ends(f.n, at)
	comma := f.pastBlanks(end)
	switch next := f.lineEnd(end); {
	case f.spread && f.src[comma] == ',' && comma < next && f.ownsLine(f.pastBlanks(comma+1)):
		f.replace(next, next, f.pad(f.indent)+entries+",\n")
	case f.spread && f.src[comma] != ',' && comma >= next:
		f.replace(end, end, ",")
		f.replace(next, next, f.pad(f.indent)+entries+"\n")
	default:
		f.replace(end, end, f.between()+entries)
	}
}

// remove takes out the entries that go; last is the last one that is kept. behind takes the place of
// those at the end.
func (f flow) remove(last int, behind string) {
	for i := range last {
		switch start, next := f.starts[i], f.starts[i+1]; {
		case !f.gone[i]:
		case f.ownsLine(start) && f.ownsLine(next):
			f.drop(f.lineStart(start), f.lineEnd(f.ends(f.n, i)))
		default:
			f.drop(start, next)
		}
	}
	if last == len(f.starts)-1 {
		return
	}
	start, end := f.ends(f.n, last), f.ends(f.n, len(f.starts)-1)
	switch next := f.starts[last+1]; {
	case behind != "":
		start = next
	case f.hasComment(start, end) && f.ownsLine(next) && f.ownsLine(f.spans[f.n].end-1): // the comma stays, as it may
		f.drop(f.lineStart(next), f.lineEnd(end))
		return
	}
	f.patches = append(f.patches, patch{span{start, end}, behind, true})
}
