package spec

import (
	"bytes"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"notiform/spec/card"
)

// finding is how the place of a card's fault is found, and what is said there. It costs nothing
// until there is a fault, and the faults together cost no more than a few looks at the card.
type finding func(card.Fault) (place, string)

// offsetOf is where in the card's JSON a fault is.
func offsetOf(fault card.Fault) int {
	if fault.AtKey {
		return int(fault.At.KeyOffset)
	}
	return int(fault.At.Offset)
}

// inJSON finds in a file of JSON.
func inJSON(src []byte) finding {
	walk := walker{src: src, at: firstPlace()}
	return func(fault card.Fault) (place, string) {
		walk.to(offsetOf(fault))
		return walk.at, fault.Message
	}
}

// inText finds in JSON that is a text in YAML.
func (f *file) inText(n *yaml.Node) finding {
	var walk walker
	return func(fault card.Fault) (place, string) {
		if walk.src == nil {
			walk = walker{src: []byte(n.Value), at: firstPlace()}
		}
		walk.to(offsetOf(fault))
		return f.jsonPlace(n, lineOf(walk.src[walk.begin:], 1), &jsonError{place: walk.at, message: fault.Message})
	}
}

// walker knows the places of offsets that are asked for in ascending order.
type walker struct {
	src    []byte
	offset int
	begin  int // of the line
	at     place
}

func (w *walker) to(offset int) {
	for w.offset < offset {
		next := bytes.IndexByte(w.src[w.offset:offset], '\n')
		if next < 0 {
			w.at.column += int32(utf8.RuneCount(w.src[w.offset:offset]))
			w.offset = offset
			return
		}
		w.offset += next + 1
		w.begin, w.at = w.offset, place{w.at.line + 1, 1}
	}
}

// inYAML finds in a card written as YAML.
func inYAML(root *yaml.Node) finding {
	found := nodes{}
	return func(fault card.Fault) (place, string) {
		m := found.of(fault.At, root)
		if fault.AtKey {
			return placeOfNode(m.node), fault.Message
		}
		return placeOfNode(resolved(m.value)), fault.Message
	}
}

// nodes are the YAML nodes that the values of a card were made of, as far as they were looked for:
// of a mapping or a list always all.
type nodes map[*card.Node]member

func (ns nodes) of(n *card.Node, root *yaml.Node) member {
	if n.Parent == nil {
		return member{node: root, value: root}
	}
	if m, ok := ns[n]; ok {
		return m
	}
	from := resolved(ns.of(n.Parent, root).value)
	if from.Kind == yaml.SequenceNode {
		for i, item := range n.Parent.Nodes {
			ns[item] = member{node: from.Content[i], value: from.Content[i]}
		}
		return ns[n]
	}
	members := map[string]member{}
	spread(from, members, 0)
	for _, m := range n.Parent.Nodes {
		ns[m] = members[m.Key]
	}
	return ns[n]
}

// spread collects the members of a mapping that was read before: its own, and then what is merged
// into it.
func spread(n *yaml.Node, into map[string]member, merging int) {
	if n.Kind != yaml.MappingNode || merging > maxMerging {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolved(n.Content[i])
		if _, known := into[key.Value]; !known && key.Tag != "!!merge" {
			into[key.Value] = member{key.Value, key, n.Content[i+1]}
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if from := resolved(n.Content[i+1]); resolved(n.Content[i]).Tag != "!!merge" {
			continue
		} else if from.Kind == yaml.SequenceNode {
			for _, item := range from.Content {
				spread(resolved(item), into, merging+1)
			}
		} else {
			spread(from, into, merging+1)
		}
	}
}
