package diff

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"

	"notiform/spec"
)

// Place is one place of two JSON values that are laid beside each other: what both have there,
// or what only one has. The places of a card make one tree: its changes are those whose Op is
// not "", and drawing the tree draws exactly them.
type Place struct {
	Path string // "elements[2].text.content": in after, but in before for what was removed; "" is the whole
	Name string // of a member of an object; "" for an element
	Op   Op     // "" where nothing changed here; of Inner something may have
	// Before and After are the values, as spec.JSON.Value gives them; nil also where there is none.
	Before, After any
	// Inner are the places inside, in order, of an object or an array that both sides have.
	Inner []*Place
}

// MaxAligned is how many bytes of JSON a value may have to be compared place by place: some times
// what spec reads of a card in a file. What a server holds may be larger; it is one change then.
const MaxAligned = 128 << 10

// Align lays two JSON values beside each other. Arrays are aligned by a longest common
// subsequence of their elements, so that an element put in front is one addition and not a
// change of everything behind it; in the gaps between equal elements those of one kind are
// paired in order. Numbers of one value are equal, however they are written. The same values
// give the same tree.
func Align(before, after spec.JSON) *Place {
	switch {
	case before.IsZero():
		return &Place{Op: Add, After: after.Value()}
	case after.IsZero():
		return &Place{Op: Remove, Before: before.Value()}
	case max(len(before.String()), len(after.String())) > MaxAligned:
		return whole(before, after)
	}
	a := alignment{before: map[int]spec.JSON{}, after: map[int]spec.JSON{}}
	top := a.pair("", "", before.Value(), after.Value())
	for i := range differing(a.before, a.after) {
		a.unlike[i].Op = Replace
	}
	return top
}

// whole is two values as one place, whatever is in them.
func whole(before, after spec.JSON) *Place {
	p := &Place{Before: before.Value(), After: after.Value()}
	if !before.Equal(after) {
		p.Op = Replace
	}
	return p
}

// alignment collects the places whose texts are unlike. Whether their values differ is for
// go-cmp to say, which starts its own alignment of lists at a random end and therefore only
// sees these flat maps, by index in unlike.
type alignment struct {
	unlike        []*Place
	before, after map[int]spec.JSON
}

// pair lays out two values that stand in the same place.
func (a *alignment) pair(path, name string, before, after any) *Place {
	p := &Place{Path: path, Name: name, Before: before, After: after}
	switch b := before.(type) {
	case map[string]any:
		if o, ok := after.(map[string]any); ok {
			p.Inner = a.pairObjects(path, b, o)
			return p
		}
	case []any:
		if o, ok := after.([]any); ok {
			p.Inner = a.pairArrays(path, b, o)
			return p
		}
	}
	if b, o := jsonOf(before), jsonOf(after); b != o {
		i := len(a.unlike)
		a.unlike, a.before[i], a.after[i] = append(a.unlike, p), b, o
	}
	return p
}

func (a *alignment) pairObjects(path string, before, after map[string]any) []*Place {
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	var inner []*Place
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b, inBefore := before[name]
		o, inAfter := after[name]
		switch at := path + joined(path, name); {
		case !inBefore:
			inner = append(inner, &Place{Path: at, Name: name, Op: Add, After: o})
		case !inAfter:
			inner = append(inner, &Place{Path: at, Name: name, Op: Remove, Before: b})
		default:
			inner = append(inner, a.pair(at, name, b, o))
		}
	}
	return inner
}

// pairArrays keeps equal elements together; what lies in the gaps between them was changed,
// removed or added. Elements that are kept are paired as well, because they are aligned by a
// hash in which numbers are rounded.
func (a *alignment) pairArrays(path string, before, after []any) []*Place {
	g := gap{alignment: a, path: path, before: before, after: after}
	for _, e := range Edits(sums(before), sums(after)) {
		switch e.Op {
		case Remove:
			g.removed = append(g.removed, e.Before)
		case Add:
			g.added = append(g.added, e.After)
		default:
			g.close()
			g.inner = append(g.inner, a.pair(element(path, e.After), "", before[e.Before], after[e.After]))
		}
	}
	g.close()
	return g.inner
}

// gap is what lies between two kept elements of an array while it is laid out.
type gap struct {
	*alignment
	path           string
	before, after  []any
	removed, added []int // indexes into them
	inner          []*Place
}

// close pairs elements of the same kind in order; what is left was removed or added. However many
// there are, each is looked at a few times only.
func (g *gap) close() {
	ofKind := map[string][]int{} // positions in added, ascending
	for at, j := range g.added {
		k := kind(g.after[j])
		ofKind[k] = append(ofKind[k], at)
	}
	next := 0 // in added
	for _, i := range g.removed {
		k := kind(g.before[i])
		for len(ofKind[k]) > 0 && ofKind[k][0] < next {
			ofKind[k] = ofKind[k][1:]
		}
		if len(ofKind[k]) == 0 {
			g.inner = append(g.inner, &Place{Path: element(g.path, i), Op: Remove, Before: g.before[i]})
			continue
		}
		at := ofKind[k][0]
		g.add(g.added[next:at])
		g.inner = append(g.inner, g.pair(element(g.path, g.added[at]), "", g.before[i], g.after[g.added[at]]))
		next = at + 1
	}
	g.add(g.added[next:])
	g.removed, g.added = nil, nil
}

func (g *gap) add(indexes []int) {
	for _, j := range indexes {
		g.inner = append(g.inner, &Place{Path: element(g.path, j), Op: Add, After: g.after[j]})
	}
}

// appendChanges appends the changes of a tree, from top to bottom.
func (p *Place) appendChanges(changes []Change, field string) []Change {
	if p.Op == "" {
		for _, inner := range p.Inner {
			changes = inner.appendChanges(changes, field)
		}
		return changes
	}
	c := Change{Field: field, Path: p.Path, Op: p.Op}
	if p.Op != Add {
		c.Before = jsonOf(p.Before)
	}
	if p.Op != Remove {
		c.After = jsonOf(p.After)
	}
	return append(changes, c)
}

// kind says which elements are worth comparing with each other: card elements by their tag,
// everything else by its JSON type.
func kind(v any) string {
	switch v := v.(type) {
	case map[string]any:
		tag, _ := v["tag"].(string)
		return "object " + tag
	case []any:
		return "array"
	case string:
		return "string"
	default:
		return "other"
	}
}

func element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// joined is how a member's name joins a path: dotted when it is a plain word, and quoted in
// brackets when a dot, a bracket or a space in it could be mistaken for structure.
func joined(path, name string) string {
	for _, r := range name {
		if !(r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return "[" + spec.TextJSON(name).String() + "]"
		}
	}
	if name == "" {
		return `[""]`
	}
	if path == "" {
		return name
	}
	return "." + name
}

// sums are what elements are aligned by: equal ones have the same, whatever form their numbers
// have. Two that only happen to have the same do no harm: what is aligned is compared.
func sums(list []any) []uint64 {
	out := make([]uint64, len(list))
	for i, v := range list {
		out[i] = sum(v)
	}
	return out
}

// sum is a hash of a value: FNV-1a of texts, and of numbers by the nearest float64, which 1, 1.0
// and 10e-1 share. The members of an object count in no order.
func sum(v any) uint64 {
	switch v := v.(type) {
	case json.Number:
		f, _ := v.Float64()                           // beyond its range this is an infinity
		return 3 * (math.Float64bits(f+0) ^ fnvStart) // -0 + 0 is 0
	case string:
		return fnv(fnvStart, v)
	case bool:
		return fnv(5, strconv.FormatBool(v))
	case []any:
		h := uint64(7)
		for _, e := range v {
			h = h*fnvPrime ^ sum(e)
		}
		return h
	case map[string]any:
		h := uint64(11)
		for name, e := range v {
			h += fnv(sum(e), name)
		}
		return h
	}
	return 13
}

const (
	fnvStart uint64 = 14695981039346656037
	fnvPrime uint64 = 1099511628211
)

func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// jsonOf is the JSON of a value that spec.JSON.Value made, or of a target; it cannot fail on one.
func jsonOf(v any) spec.JSON {
	src, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	parsed, err := spec.ParseJSON(src)
	if err != nil {
		panic(err)
	}
	return parsed
}
