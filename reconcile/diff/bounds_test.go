package diff

import (
	"runtime"
	"strings"
	"testing"
)

// TestAligningIsBounded counts what aligning costs, for what a server can make of a card: a small
// multiple of the input, and past MaxAligned next to nothing. It runs beside no other test, since
// all of a process's memory is counted.
func TestAligningIsBounded(t *testing.T) {
	wide := func(element string, size int) string { return strings.Repeat(element+",", size/(len(element)+1)) + "0" }
	const size = 100 << 10
	for _, row := range []struct {
		why           string
		before, after string
		most          uint64 // bytes of memory for each byte of the input, all in all
	}{
		{"lists of numbers that all differ", "[" + wide("0", size) + "]", "[" + wide("1", size) + "]", 800},
		{"lists in which nothing can be paired", "[" + wide(`""`, size) + "]", "[" + wide("1", size) + "]", 700},
		{"elements of many kinds", "[" + wide(`{"tag":"a"}`, size) + "]", "[" + wide(`{"tag":"b"}`, size) + "]", 200},
		{"as deep as JSON may be", strings.Repeat("[", 190) + wide("0", size) + strings.Repeat("]", 190), strings.Repeat("[", 190) + wide("1", size) + strings.Repeat("]", 190), 1000},
		{"one text of many lines", `"` + wide(`a\n`, size) + `"`, `"` + wide(`b\n`, size) + `"`, 40},
		{"a card of 3.8 MB of zeros", "[" + wide("0", 3800<<10) + "]", "[]", 200},
		{"a number of 3.8 million digits", "[1" + strings.Repeat("0", 3800<<10) + "]", "[1e9]", 30},
	} {
		before, after := Card(`{"x":`+row.before+`}`), Card(`{"x":`+row.after+`}`)
		if !before.IsObject() || !after.IsObject() {
			t.Fatalf("%s: no card", row.why)
		}
		var start, end runtime.MemStats
		runtime.ReadMemStats(&start)
		changes := Exactly(State{PushContent: before}, State{PushContent: after})
		runtime.ReadMemStats(&end)
		bytes := (end.TotalAlloc - start.TotalAlloc) / uint64(len(row.before)+len(row.after))
		t.Logf("%s: %d bytes a byte, %d changes", row.why, bytes, len(changes))
		if bytes > row.most || len(changes) == 0 {
			t.Errorf("%s: %d bytes of memory for each byte, want at most %d; %d changes", row.why, bytes, row.most, len(changes))
		}
	}
}
