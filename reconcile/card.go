package reconcile

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/google/go-cmp/cmp"

	"notiform/spec"
)

// cardChanges tells what differs between two JSON values, one change a place. Arrays are
// aligned by a longest common subsequence of their elements first, so that an element put in
// front is one addition and not a change of everything behind it; go-cmp, which starts its own
// alignment at a random end, then only sees flat maps.
//
// A value that is no object or array on either side is one change of the whole.
func cardChanges(field string, before, after spec.JSON) []Change {
	if before.IsZero() || after.IsZero() {
		return []Change{newChange(field, "", before, after)}
	}
	a := alignment{before: map[place]spec.JSON{}, after: map[place]spec.JSON{}}
	a.pair("", before.Value(), after.Value())
	var found placeReporter
	cmp.Equal(a.before, a.after, cmp.Reporter(&found))
	changes := make([]Change, 0, len(found.differ))
	for _, p := range a.order {
		if found.differ[p] {
			changes = append(changes, newChange(field, p.path, a.before[p], a.after[p]))
		}
	}
	return changes
}

// place is where a value stands in a card. Removed and added elements of an array are told
// apart by side, since both may stand at the same index.
type place struct {
	path string
	side side
}

type side int

const (
	both side = iota
	onlyBefore
	onlyAfter
)

// alignment lays two JSON trees out as flat maps from place to value, recording only places
// whose text differs, in the order of the card.
type alignment struct {
	before, after map[place]spec.JSON
	order         []place
}

func (a *alignment) add(p place, before, after any) {
	if p.side != onlyAfter {
		a.before[p] = jsonOf(before)
	}
	if p.side != onlyBefore {
		a.after[p] = jsonOf(after)
	}
	a.order = append(a.order, p)
}

// pair lays out two values that stand in the same place.
func (a *alignment) pair(path string, before, after any) {
	switch b := before.(type) {
	case map[string]any:
		if o, ok := after.(map[string]any); ok {
			a.pairObjects(path, b, o)
			return
		}
	case []any:
		if o, ok := after.([]any); ok {
			a.pairArrays(path, b, o)
			return
		}
	}
	if jsonOf(before).String() != jsonOf(after).String() {
		a.add(place{path, both}, before, after)
	}
}

func (a *alignment) pairObjects(path string, before, after map[string]any) {
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b, inBefore := before[name]
		o, inAfter := after[name]
		switch at := path + joined(path, name); {
		case !inBefore:
			a.add(place{at, onlyAfter}, nil, o)
		case !inAfter:
			a.add(place{at, onlyBefore}, b, nil)
		default:
			a.pair(at, b, o)
		}
	}
}

// pairArrays keeps equal elements together and, in the gaps between them, pairs elements of
// the same kind in order; what is left was removed or added. Elements that are kept are paired
// as well, because they are aligned by a text in which numbers are rounded.
func (a *alignment) pairArrays(path string, before, after []any) {
	var gapBefore, gapAfter []int
	flush := func() {
		a.pairGap(path, before, after, gapBefore, gapAfter)
		gapBefore, gapAfter = nil, nil
	}
	for _, e := range Edits(texts(before), texts(after)) {
		switch e.Op {
		case Keep:
			flush()
			a.pair(element(path, e.After), before[e.Before], after[e.After])
		case Delete:
			gapBefore = append(gapBefore, e.Before)
		case Insert:
			gapAfter = append(gapAfter, e.After)
		}
	}
	flush()
}

func (a *alignment) pairGap(path string, before, after []any, gapBefore, gapAfter []int) {
	for _, i := range gapBefore {
		j := slices.IndexFunc(gapAfter, func(j int) bool { return kind(before[i]) == kind(after[j]) })
		if j < 0 {
			a.add(place{element(path, i), onlyBefore}, before[i], nil)
			continue
		}
		for _, skipped := range gapAfter[:j] {
			a.add(place{element(path, skipped), onlyAfter}, nil, after[skipped])
		}
		a.pair(element(path, gapAfter[j]), before[i], after[gapAfter[j]])
		gapAfter = gapAfter[j+1:]
	}
	for _, j := range gapAfter {
		a.add(place{element(path, j), onlyAfter}, nil, after[j])
	}
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

// texts are what elements are aligned by: equal ones have the same, whatever form their
// numbers have.
func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = jsonOf(rounded(v)).String()
	}
	return out
}

// rounded is v with each number as the text of its nearest float64, which 1, 1.0 and 10e-1
// share. Numbers that only rounding makes the same do no harm: what is aligned is compared.
func rounded(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, _ := v.Float64()                          // beyond its range this is an infinity
		return strconv.FormatFloat(f+0, 'g', -1, 64) // -0 + 0 is 0
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = rounded(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = rounded(v[name])
		}
		return out
	default:
		return v
	}
}

// jsonOf is the JSON of a value that JSON.Value made; it cannot fail on one.
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

// placeReporter collects the places that differ by value: 1 and 1.0 differ as text only.
type placeReporter struct {
	path   cmp.Path
	differ map[place]bool
}

func (r *placeReporter) PushStep(s cmp.PathStep) { r.path = append(r.path, s) }
func (r *placeReporter) PopStep()                { r.path = r.path[:len(r.path)-1] }
func (r *placeReporter) Report(res cmp.Result) {
	if res.Equal() {
		return
	}
	for _, step := range r.path {
		if index, ok := step.(cmp.MapIndex); ok {
			if r.differ == nil {
				r.differ = map[place]bool{}
			}
			r.differ[index.Key().Interface().(place)] = true
			return
		}
	}
}
