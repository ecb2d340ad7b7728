package diff

// Edit is one step in turning one list into another: Add, Remove, or "" for what is kept. Before is its index in the one list, After in the other; -1 where it is not in it.
type Edit struct {
	Op            Op
	Before, After int
}

// editCells bounds the table of Edits: 4 Mi cells of 4 bytes are enough for two texts of 2 000
// lines that differ throughout. Past it the middle is replaced as a whole, which is still a
// true edit, only not the shortest.
const editCells = 4 << 20

// Edits returns a shortest sequence of steps that turns before into after, removals in front
// of additions. The same input gives the same steps: the elements of cards are aligned with it,
// and so are the lines of one text.
func Edits[T comparable](before, after []T) []Edit {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	edits := make([]Edit, 0, max(len(before), len(after)))
	for i := range head {
		edits = append(edits, Edit{"", i, i})
	}
	edits = appendMiddle(edits, before[head:len(before)-tail], after[head:len(after)-tail], head)
	for i := range tail {
		edits = append(edits, Edit{"", len(before) - tail + i, len(after) - tail + i})
	}
	return edits
}

// appendMiddle appends the steps for the part between common head and tail; offset is the
// length of the head.
func appendMiddle[T comparable](edits []Edit, before, after []T, offset int) []Edit {
	var common func(i, j int) int32 // length of the longest common subsequence of before[i:], after[j:]
	if (len(before)+1)*(len(after)+1) <= editCells {
		common = commonLengths(before, after)
	} else {
		common = func(i, j int) int32 { return 0 }
	}
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j] && common(i, j) > 0:
			edits = append(edits, Edit{"", offset + i, offset + j})
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && common(i+1, j) >= common(i, j+1):
			edits = append(edits, Edit{Remove, offset + i, -1})
			i++
		default:
			edits = append(edits, Edit{Add, -1, offset + j})
			j++
		}
	}
	return edits
}

func commonLengths[T comparable](before, after []T) func(i, j int) int32 {
	width := len(after) + 1
	table := make([]int32, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			} else {
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	return func(i, j int) int32 { return table[i*width+j] }
}
