package spec

import (
	"encoding"
	"encoding/json"
	"testing"
)

// enumeration is what the three enumerations have in common.
type enumeration interface {
	~int
	Number() int
	String() string
	encoding.TextMarshaler
}

func TestEnumerations(t *testing.T) {
	t.Parallel()
	t.Run("push_type", func(t *testing.T) { testEnumeration(t, PushTypeOf, Scheduled, NewStaff) })
	t.Run("push_scope_type", func(t *testing.T) {
		testEnumeration(t, PushScopeTypeOf, AllMembers, ChatsOnly, SelectedMembers, NewStaffScope)
	})
	t.Run("new_staff_scope_type", func(t *testing.T) { testEnumeration(t, NewStaffScopeTypeOf, AllNewStaff, NewStaffDepartments) })
}

func testEnumeration[E enumeration, P interface {
	*E
	encoding.TextUnmarshaler
}](t *testing.T, of func(int) E, known ...E) {
	for n, e := range known {
		if of(n) != e || e.Number() != n || e == 0 {
			t.Errorf("%v is number %d, want %d", e, e.Number(), n)
		}
	}
	for _, e := range append(known, 0, of(7), of(1000)) {
		text, err := e.MarshalText()
		var back, number E = 99, 99
		if err := P(&back).UnmarshalText(text); err != nil || back != e || string(text) != e.String() {
			t.Errorf("%q became %v, %v", text, back, err)
		}
		digits, _ := json.Marshal(e.Number())
		if e != 0 {
			err = P(&number).UnmarshalText(digits)
		}
		if e != 0 && (err != nil || number != e) {
			t.Errorf("%s became %v, %v", digits, number, err)
		}
	}
	var absent E
	if absent.String() != "" || absent.Number() != -1 || of(7).String() != "7" {
		t.Errorf("absent is %q, %d; 7 is %q", absent, absent.Number(), of(7))
	}
	for _, bad := range []string{"x", "-1", "1.0", " ", "99999999999999999999"} {
		kept := known[0]
		if err := P(&kept).UnmarshalText([]byte(bad)); err == nil || kept != known[0] {
			t.Errorf("%q became %v", bad, kept)
		}
	}
}
