package reconcile

import (
	"errors"

	"notiform/feishu"
)

// endsRun reports whether err is an answer to one request that ends the run, because every other
// one would bring the same. A draft that this kept from its turn, or whose request it broke off,
// has not met it: of those, err is errNotRead.
func endsRun(err error) bool { return feishu.HoldsForAll(err) && !errors.Is(err, errNotRead) }

// runError is the error of a run of which each draft met that, if anything: the answer that holds
// for all, as the first draft met it in their order, and told of none of them. How many met it is a
// matter of speed.
func runError(met []error) *Fault {
	for _, err := range met {
		if e, ok := errors.AsType[*feishu.Error](err); ok && endsRun(err) {
			ofAll := *e
			ofAll.ID = ""
			return NewFault(&ofAll)
		}
	}
	return nil
}
