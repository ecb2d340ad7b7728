package diff

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"notiform/spec"
)

// fact names one thing that can differ: a field, or one member of a list.
type fact struct{ field, member string }

// facts lays a state out flat, so that every edge case is gone before anything is compared: a
// list is one fact a member, whatever its order; what is unset is no fact at all.
func (s State) facts() map[fact]spec.JSON {
	all := make(map[fact]spec.JSON, 8+len(s.UserList)+len(s.DepartmentList)+len(s.ChatList))
	for _, f := range fields() {
		if f.list != nil {
			for _, t := range *f.list(&s) {
				all[fact{f.name, t.ID}] = spec.JSON{} // that the id is a member is all there is to compare
			}
		} else if v := f.value(&s); !v.IsZero() {
			all[fact{field: f.name}] = v
		}
	}
	return all
}

// identical reports whether a and b say the same to the letter, as most drafts of most runs do:
// it spares them being laid out as facts. Whatever is equal in another form is for go-cmp to say.
func identical(a, b *State) bool {
	for _, f := range fields() {
		if f.list == nil && f.value(a) != f.value(b) || f.list != nil && !sameIDs(*f.list(a), *f.list(b)) {
			return false
		}
	}
	return true
}

func sameIDs(a, b []spec.Target) bool {
	return slices.EqualFunc(a, b, func(x, y spec.Target) bool { return x.ID == y.ID })
}

// differing returns the keys under which two maps do not hold the same, be it that only one of
// them has the key. go-cmp compares; of what it says only the keys are taken, since its own
// text is unstable by design.
func differing[K comparable](before, after map[K]spec.JSON) map[K]bool {
	r := reporter[K]{differ: map[K]bool{}}
	cmp.Equal(before, after, cmp.Reporter(&r))
	return r.differ
}

// reporter collects keys of maps for go-cmp.
type reporter[K comparable] struct {
	path   cmp.Path
	differ map[K]bool
}

func (r *reporter[K]) PushStep(s cmp.PathStep) { r.path = append(r.path, s) }
func (r *reporter[K]) PopStep()                { r.path = r.path[:len(r.path)-1] }
func (r *reporter[K]) Report(res cmp.Result) {
	if res.Equal() {
		return
	}
	for _, step := range r.path {
		if index, ok := step.(cmp.MapIndex); ok {
			r.differ[index.Key().Interface().(K)] = true
			return
		}
	}
}
