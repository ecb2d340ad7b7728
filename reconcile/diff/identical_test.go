package diff

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"notiform/spec"
)

// TestIdenticalIsNeverMoreThanEqual holds the short cut of Diff against go-cmp: what it takes for
// the same has no fact that differs. (That it overlooks no field, TestDiffSeesEveryField shows.)
func TestIdenticalIsNeverMoreThanEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, other := drawState(t), drawState(t)
		b := a // but for one field, or two states at random would never be the same
		i := rapid.IntRange(0, reflect.TypeFor[State]().NumField()-1).Draw(t, "field")
		reflect.ValueOf(&b).Elem().Field(i).Set(reflect.ValueOf(other).Field(i))
		if identical(&a, &b) && !cmp.Equal(a.facts(), b.facts()) {
			t.Fatalf("taken for identical:\n%v\n%v", a, b)
		}
	})
}

// TestIdenticalOverlooksNames fails when the short cut is never taken.
func TestIdenticalOverlooksNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawState(t)
		b := a
		for _, list := range []*[]spec.Target{&b.NewStaffScopeDepartmentList, &b.UserList, &b.DepartmentList, &b.ChatList} {
			*list = slices.Clone(*list)
			for i := range *list {
				(*list)[i].Name = drawText(t)
			}
		}
		if !identical(&a, &b) {
			t.Fatalf("only names differ:\n%v\n%v", a, b)
		}
	})
}
