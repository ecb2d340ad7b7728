package feishu

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestClasses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		codes []int
		want  class
	}{
		{"the helpdesk turns down", []int{154000, 154002, 154003, 154004, 154005}, turnedDown},
		{"a closed ticket under HTTP 401 says nothing of a token", []int{154400, 154401, 154499}, turnedDown},
		{"the gateway turns down", []int{9499, 99991200, 99991660, 99991699}, turnedDown},
		{"what a request names is not there", []int{99992300, 99992351, 99992357, 99992361, 99992402, 99992499}, turnedDown},
		{"a credential is not accepted", []int{154001, 20005, 20006, 99991543, 99991661, 99991663, 99991670, 99991671, 99991677}, turnedDown | badCredential},
		{"whoever asks is turned away", []int{99991401, 99991403, 99991672, 99991673, 99991676, 99991679}, turnedDown | shutOut},
		{"unread", []int{99991400}, turnedDown | tooOften},
		{"Feishu's own trouble", []int{155000, 1500, 1642, 1663, 1668, 2200, 5000, 10101, 10105}, trouble},
		{"nobody knows", []int{-1, 0, 1, 10003, 153999, 154006, 154500, 99991199, 99991700, 99992500}, 0},
	} {
		for _, code := range row.codes {
			if got := lookUp(code).class; got != row.want {
				t.Errorf("%s: %d has class %b, want %b", row.why, code, got, row.want)
			}
		}
	}
}

// TestCodeRowsAreReached: no row is empty, and none stands behind one that holds all its codes.
func TestCodeRowsAreReached(t *testing.T) {
	t.Parallel()
	for _, row := range codes() {
		reached := false
		for code := row.first; code <= row.last; code++ {
			reached = reached || lookUp(code) == row
		}
		if !reached {
			t.Errorf("%+v is never found", row)
		}
	}
}

// TestWhatHoldsForAll: an answer about the one notification that was asked for says nothing of
// the others, and neither does one that may be another the next time.
func TestWhatHoldsForAll(t *testing.T) {
	t.Parallel()
	for want, codes := range map[bool][]int{
		true: {
			154001, 20005, 20006, 99991401, 99991403, 99991543, 99991661, 99991662, 99991663, 99991668, 99991671,
			99991672, 99991673, 99991676, 99991677, 99991679,
		},
		false: {0, 1, 154000, 154003, 154004, 154005, 154401, 155000, 99991400, 99991660, 99991680, 99992351, 99992402},
	} {
		for _, code := range codes {
			if got := HoldsForAll(fmt.Errorf("read: %w", &Error{Code: code})); got != want {
				t.Errorf("%d: %v", code, got)
			}
		}
	}
	if HoldsForAll(nil) || HoldsForAll(errors.New("99991677")) {
		t.Error("no answer holds for none")
	}
}

// TestUnknownIDs: the hint names the list in which the id stands (the API page "Common
// error codes").
func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	for hint, list := range map[string][]int{
		hintUnknownID:     {99992351, 99992355, 99992356, 99992359, 99992360, 99992363},
		hintForeignApp:    {99992361},
		hintForeignTenant: {99992364, 99992381},
		hintDepartment:    {99992357, 99992379, 99992380},
	} {
		for _, code := range list {
			if got := lookUp(code).hint; got != hint {
				t.Errorf("%d: %s", code, got)
			}
		}
	}
}

func TestEveryDocumentedCodeHasAHint(t *testing.T) {
	t.Parallel()
	for _, code := range []int{
		154000, 154001, 154003, 154004, 154005, 155000, 99991400, 99991401, 99991403, 99991543,
		99991661, 99991662, 99991663, 99991664, 99991665, 99991668, 99991669, 99991671, 99991672, 99991673,
		99991676, 99991677, 99991679, 20005, 20006, 9499, 99992402, 99992351, 99992359, 99992360, 99992361,
		99992363, 99992364, 99992381, 99992355, 99992356, 99992357, 99992379, 99992380,
	} {
		if hint := (&Error{Code: code}).Hint(); hint == "" || strings.HasSuffix(hint, ".") {
			t.Errorf("%d: %q", code, hint)
		}
	}
	if hint := (&Error{Code: 1}).Hint(); hint != "" {
		t.Error(hint)
	}
}
