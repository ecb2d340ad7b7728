package reconcile

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// TestPanicReachesTheCaller: a panic in a worker ends the work and comes to where it can be
// recovered, with where it came from; nothing new is started.
func TestPanicReachesTheCaller(t *testing.T) {
	t.Parallel()
	const drafts = 1_000_000
	for _, parallelism := range []int{1, 4} {
		var began atomic.Int64
		text := func() (text string) {
			defer func() { text = fmt.Sprint(recover()) }()
			each(drafts, Options{Parallelism: parallelism, Tell: func(done, _ int) {
				if done == 3 {
					panic("the dog ate it")
				}
			}}, func(int) { began.Add(1) })
			return ""
		}()
		if !strings.HasPrefix(text, "the dog ate it\n\n") || !strings.Contains(text, "panic_test.go") {
			t.Errorf("the caller gets %s", text)
		}
		if n := int(began.Load()); n < 3 || n == drafts {
			t.Errorf("%d of %d drafts were begun, %d at a time", n, drafts, parallelism)
		}
	}
}
