package diff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEdits(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, before, after, want string }{
		{"nothing to nothing", "", "", ""},
		{"equal texts are kept", "a b", "a b", "a b"},
		{"a line in front", "a b", "x a b", "+x a b"},
		{"a line at the end", "a b", "a b x", "a b +x"},
		{"a line from the middle", "a b c", "a c", "a -b c"},
		{"deletions stand in front of insertions", "a b c", "a x y c", "a -b +x +y c"},
		{"also when nothing is common", "a b", "x y", "-a -b +x +y"},
		{"a repeated line is taken from the front of a run", "a a b", "a b", "a -a b"},
		{"moved down", "a b", "b a", "-a b +a"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			before, after := strings.Fields(row.before), strings.Fields(row.after)
			if got := shown(Edits(before, after), before, after); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}

func shown(edits []Edit, before, after []string) string {
	var out []string
	for _, e := range edits {
		switch e.Op {
		case "":
			out = append(out, before[e.Before])
		case Remove:
			out = append(out, "-"+before[e.Before])
		case Add:
			out = append(out, "+"+after[e.After])
		}
	}
	return strings.Join(out, " ")
}

// TestEditsReplay: the steps, carried out in their order, turn before into after, touch each
// text exactly once, and are as few as can be.
func TestEditsReplay(t *testing.T) {
	t.Parallel()
	few := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 9)
	rapid.Check(t, func(t *rapid.T) {
		before, after := few.Draw(t, "before"), few.Draw(t, "after")
		edits := Edits(before, after)
		if err := replay(edits, before, after); err != nil {
			t.Fatalf("%s: %v", shown(edits, before, after), err)
		}
		if got, want := kept(edits), longestCommon(before, after); got != want {
			t.Fatalf("%s keeps %d, and %d can be kept", shown(edits, before, after), got, want)
		}
		if again := Edits(before, after); !slices.Equal(again, edits) {
			t.Fatalf("%v, then %v", edits, again)
		}
	})
}

// replay follows the steps and says where they go wrong.
func replay(edits []Edit, before, after []string) error {
	i, j := 0, 0
	var last Op
	for _, e := range edits {
		switch {
		case e.Op == "" && (e.Before != i || e.After != j || before[i] != after[j]),
			e.Op == Remove && e.Before != i,
			e.Op == Add && e.After != j:
			return fmt.Errorf("%v at %d, %d", e, i, j)
		case e.Op == Remove && last == Add:
			return fmt.Errorf("a deletion behind an insertion at %d, %d", i, j)
		}
		if e.Op != Add {
			i++
		}
		if e.Op != Remove {
			j++
		}
		last = e.Op
	}
	if i != len(before) || j != len(after) {
		return fmt.Errorf("it ends at %d, %d", i, j)
	}
	return nil
}

func kept(edits []Edit) int {
	n := 0
	for _, e := range edits {
		if e.Op == "" {
			n++
		}
	}
	return n
}

// longestCommon tries every way there is.
func longestCommon(a, b []string) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if a[0] == b[0] {
		return 1 + longestCommon(a[1:], b[1:])
	}
	return max(longestCommon(a[1:], b), longestCommon(a, b[1:]))
}

// TestEditsBeyondTheTable: two texts too long for the table are still edited truly, and what
// they begin and end with is kept.
func TestEditsBeyondTheTable(t *testing.T) {
	t.Parallel()
	many := func(n int, text string) []string { return slices.Repeat([]string{text, text + "'"}, n/2) }
	for _, row := range []struct {
		why           string
		before, after []string
		kept          int
	}{
		{"nothing in common", many(2100, "a"), many(2100, "b"), 0},
		{
			"head and tail in common",
			slices.Concat(many(10, "h"), many(2100, "a"), many(20, "t")),
			slices.Concat(many(10, "h"), many(2100, "b"), many(20, "t")), 30,
		},
		{
			"something in common in the middle, which is not looked for",
			slices.Concat(many(2100, "a"), many(10, "c"), many(100, "d")),
			slices.Concat(many(2100, "b"), many(10, "c"), many(100, "e")), 0,
		},
		{"a long text put into a short one", many(10, "a"), slices.Concat(many(10, "a"), many(1<<20, "b")), 10},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			edits := Edits(row.before, row.after)
			if err := replay(edits, row.before, row.after); err != nil {
				t.Error(err)
			}
			if got := kept(edits); got != row.kept {
				t.Errorf("%d are kept, want %d", got, row.kept)
			}
		})
	}
	if n := 2100; n*n <= editCells {
		t.Error("these texts fit into the table, so nothing was shown")
	}
}

// TestEditsJustWithinTheTable: the bound is not so low that cards of a sensible size lose out.
func TestEditsJustWithinTheTable(t *testing.T) {
	t.Parallel()
	before := make([]string, 2000)
	for i := range before {
		before[i] = fmt.Sprint("line ", i)
	}
	after := slices.Clone(before)
	after[0], after[1000], after[1999] = "first", "middle", "last"
	if got := kept(Edits(before, after)); got != 1997 {
		t.Errorf("%d of 2000 lines are kept, want 1997", got)
	}
}
