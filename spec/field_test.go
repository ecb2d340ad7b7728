package spec

import (
	"fmt"
	"strings"
	"testing"
)

// TestFieldsAreWellFormed holds every definition to what the code takes for granted.
func TestFieldsAreWellFormed(t *testing.T) {
	t.Parallel()
	d := newDecoder(Options{})
	for i, e := range d.fields {
		if f, ok := d.fieldNamed(e.name); !ok || f != field(i) || f.String() != e.name || isServerField(e.name) {
			t.Errorf("field %d is %q", i, e.name)
		}
		if held := count(e.text != nil, e.number != nil, e.list != nil, e.decode != nil); held != 1 {
			t.Errorf("%s holds %d kinds of value", e.name, held)
		}
		if (e.number != nil) != (e.values != nil) || (e.list != nil) != (e.id != "") || e.everybody != "" && e.id != "department_id" {
			t.Errorf("%s is told in part: %+v", e.name, e)
		}
		if (e.missing != nil || e.number != nil) && e.hint == "" {
			t.Errorf("nobody says what to write as %s", e.name)
		}
	}
}

func count(all ...bool) int {
	n := 0
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

// TestHintsNameEveryValue: the hints are sentences, not made from the lists of values.
func TestHintsNameEveryValue(t *testing.T) {
	t.Parallel()
	for _, e := range fields() {
		if e.values == nil {
			continue
		}
		said := e.hint
		for n, name := range e.values {
			value := fmt.Sprintf("%s (%d)", name, n)
			if !strings.Contains(said, value) {
				t.Errorf("%s: %q does not name %s", e.name, e.hint, value)
			}
			said = strings.Replace(said, value, "", 1)
		}
		if strings.Contains(said, "(") {
			t.Errorf("%s: %q names more than there is", e.name, e.hint)
		}
	}
	for _, kind := range []UserIDType{OpenID, UnionID, UserID} {
		if !strings.Contains(writeUserIDType, string(kind)) {
			t.Errorf("%q does not name %s", writeUserIDType, kind)
		}
	}
}
