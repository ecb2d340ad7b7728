package edit

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// site is where a value stands.
type site struct {
	inFlow bool // within brackets
	quotes bool // in which names have double quotes
	key    bool // it is that of a key in a block
	after  int  // behind the colon or the dash
	indent int  // the column of the key or the dash
}

// addition is a new entry of a collection.
type addition struct {
	behind int    // the entry it comes behind, -1 in front of all
	key    string // of a mapping
	value  any
	moved  int // the entry of a list that it was, or -1
}

// change makes a value say what a place says after.
func (t *text) change(n *yaml.Node, p *diff.Place, s site) {
	if !differs(p) {
		return
	}
	if n.Kind == yaml.AliasNode {
		if want, ok := t.wanted[n.Alias]; ok && want.Equal(jsonOf(p.After)) {
			t.followed[n] = struct{}{}
			return
		}
		t.quotes = s.quotes
		t.replace(t.spans[n].start, t.spans[n].end, t.flowText(p.After, -1))
		return
	}
	if n.Anchor != "" {
		t.changed[n], t.wanted[n] = struct{}{}, jsonOf(p.After)
	}
	switch {
	case p.Op != "" || len(n.Content) == 0:
		t.write(n, p.After, s)
	case n.Kind == yaml.MappingNode:
		t.changeMapping(n, p, s)
	default:
		t.changeList(n, p, s)
	}
}

// differs reports whether anything at a place or in it does.
func differs(p *diff.Place) bool { return p.Op != "" || slices.ContainsFunc(p.Inner, differs) }

func jsonOf(v any) spec.JSON {
	src, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was made from JSON
	}
	parsed, _ := spec.ParseJSON(src)
	return parsed
}

// valueSite is where the value of an entry of a collection stands.
func (t *text) valueSite(n *yaml.Node, entry int, s site) site {
	start := t.entries[n][entry]
	inner := site{inFlow: s.inFlow || t.isFlow(t.spans[n].start), indent: t.column(start), after: start + len("-")}
	inner.quotes = inner.inFlow && (s.quotes || isQuoted(n.Content[0]))
	if n.Kind == yaml.MappingNode {
		inner.key, inner.after = !inner.inFlow, t.colons[n.Content[2*entry]]
	}
	return inner
}

// isQuoted reports whether a value, or what comes first in it, has double quotes.
func isQuoted(n *yaml.Node) bool {
	for len(n.Content) > 0 {
		n = n.Content[0]
	}
	return n.Style&yaml.DoubleQuotedStyle != 0
}

func (t *text) changeMapping(n *yaml.Node, p *diff.Place, s site) {
	left := map[string]*diff.Place{}
	for _, inner := range p.Inner {
		if differs(inner) {
			left[inner.Name] = inner
		}
	}
	gone := map[int]bool{}
	for i := 0; 2*i < len(n.Content); i++ {
		key := n.Content[2*i]
		inner := left[key.Value]
		switch delete(left, key.Value); {
		case inner == nil:
		case inner.Op == diff.Remove:
			gone[i] = true
		default:
			t.change(n.Content[2*i+1], inner, t.valueSite(n, i, s))
		}
	}
	var added []addition
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if left[name].Op == diff.Remove {
			t.refuse(fmt.Errorf(mergedIn, name))
		}
		added = append(added, addition{len(n.Content)/2 - 1, name, left[name].After, -1})
	}
	t.splice(n, s, gone, added)
}

func (t *text) changeList(n *yaml.Node, p *diff.Place, s site) {
	gone, was, next := map[int]bool{}, map[int]spec.JSON{}, 0
	var added []addition
	for _, inner := range p.Inner {
		if inner.Op == diff.Add {
			added = append(added, addition{next - 1, "", inner.After, -1})
			continue
		}
		if next >= len(n.Content) {
			t.refuse(errUnmeasured)
			return
		}
		if inner.Op == diff.Remove {
			gone[next], was[next] = true, jsonOf(inner.Before)
		} else {
			t.change(n.Content[next], inner, t.valueSite(n, next, s))
		}
		next++
	}
	for i, a := range added { // what went and came again was moved, and keeps its text
		for _, from := range slices.Sorted(maps.Keys(was)) {
			if was[from].Equal(jsonOf(a.value)) {
				added[i].moved = from
				delete(was, from)
				break
			}
		}
	}
	t.splice(n, s, gone, added)
}

// splice takes entries out of a collection and puts others in.
func (t *text) splice(n *yaml.Node, s site, gone map[int]bool, added []addition) {
	if t.quotes = false; len(n.Content) > 0 {
		t.quotes = t.valueSite(n, 0, s).quotes
	}
	switch {
	case t.refused != nil || len(gone)+len(added) == 0:
	case s.inFlow || t.isFlow(t.spans[n].start):
		t.spliceFlow(n, gone, added)
	default:
		t.spliceBlock(n, s, gone, added)
	}
}

// ends is where the value of an entry ends.
func (t *text) ends(n *yaml.Node, entry int) int {
	if n.Kind == yaml.MappingNode {
		entry = 2*entry + 1
	}
	return t.spans[n.Content[entry]].end
}

// checkAnchors refuses to change what stands in several places and is to change in some of them. What
// is merged in may be covered by a member of the mapping: that is for the proof to see.
func (t *text) checkAnchors() {
	var look func(n *yaml.Node)
	look = func(n *yaml.Node) {
		if _, followed := t.followed[n]; n.Kind == yaml.AliasNode && !followed {
			if _, changed := t.changed[n.Alias]; changed && !t.isReplaced(n) {
				t.refuse(fmt.Errorf(behindAnchor, n.Value))
			}
		}
		for i, inner := range n.Content {
			if n.Kind != yaml.MappingNode || i%2 == 0 || n.Content[i-1].Tag != "!!merge" {
				look(inner)
			}
		}
	}
	for _, root := range t.roots {
		look(root)
	}
}

// isReplaced reports whether a node is not in the new text.
func (t *text) isReplaced(n *yaml.Node) bool {
	at := t.spans[n]
	return slices.ContainsFunc(t.patches, func(p patch) bool { return p.start <= at.start && at.end <= p.end })
}

// Card is a card file, or a card's JSON, that says after where it says before. See Drafts.
func Card(src []byte, isJSON bool, before, after spec.JSON, lossy bool) (edited []byte, gone []string, err error) {
	t, err := take(src, isJSON)
	if err != nil {
		return nil, nil, err
	}
	if len(t.roots) != 1 {
		return nil, nil, errUnmeasured
	}
	tree, err := aligned(before, after)
	if err != nil {
		return nil, nil, err
	}
	t.change(t.roots[0], tree, site{})
	return t.carryOut(src, lossy)
}

// aligned lays two cards beside each other.
func aligned(before, after spec.JSON) (*diff.Place, error) {
	switch {
	case !after.IsObject():
		return nil, errors.New(noCard)
	case max(len(before.String()), len(after.String())) > diff.MaxAligned:
		return nil, errors.New(cardTooLarge)
	}
	return diff.Align(before, after), nil
}
