package card_test

import (
	"testing"

	"notiform/spec/card"
)

// TestPointer: a pointer leads to the value whose it is, whatever its keys are; one that leads on to nothing leads
// to the last value that there is.
func TestPointer(t *testing.T) {
	t.Parallel()
	root := card.NewTable().Read(`{"":{"":1},"a/b":{"~":[0,{"~1":"x"}]},"0":[[],{}],"elements":[{"tag":"hr"},null]}`)
	seen := map[string]bool{}
	var walk func(*card.Node)
	walk = func(n *card.Node) {
		if at := n.Pointer(); root.At(at) != n || seen[at] {
			t.Errorf("%s leads to %q", at, root.At(at).Pointer())
		}
		seen[n.Pointer()] = true
		for _, m := range n.Nodes {
			walk(m)
		}
	}
	walk(root)
	for pointer, want := range map[string]string{
		"#/elements/0/tag/x": "#/elements/0/tag", "#/elements/2": "#/elements", "#/elements/-1": "#/elements", "#/none/0": "#", "": "#",
	} {
		if got := root.At(pointer).Pointer(); got != want {
			t.Errorf("%q leads to %q, want %q", pointer, got, want)
		}
	}
	if !seen["#/a~1b/~0/1/~01"] || !seen["#//"] {
		t.Errorf("pointers %v", seen)
	}
}
