package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// UserIDType says which of a person's ids a file uses; it is the API's
// user_id_type query parameter.
type UserIDType string

// The three kinds of user id, from the API page "Update notification".
const (
	OpenID  UserIDType = "open_id"  // begins ou_; one per app
	UnionID UserIDType = "union_id" // begins on_; one per developer
	UserID  UserIDType = "user_id"  // the tenant's own
)

// PushType says when a notification goes out. The zero PushType is absence, so
// the value is the API's number plus one: a number this package has no name for
// can still be held, shown and compared.
type PushType int

// The documented push types.
const (
	Scheduled PushType = iota + 1 // 0: at a time
	NewStaff                      // 1: when somebody joins
)

// PushScopeType says who a notification goes to. Zero is absence; the value is
// the API's number plus one.
type PushScopeType int

// The documented scopes.
const (
	AllMembers      PushScopeType = iota + 1 // 0: everybody in the organisation
	ChatsOnly                                // 1: nobody in person, only chats
	SelectedMembers                          // 2: the users and departments listed
	NewStaffScope                            // 3: new staff
)

// NewStaffScopeType says which new staff a NewStaff notification is for. Zero is
// unset; the value is the API's number plus one.
type NewStaffScopeType int

// The documented new staff scopes.
const (
	AllNewStaff         NewStaffScopeType = iota + 1 // 0: all of them
	NewStaffDepartments                              // 1: those of the departments listed
)

func pushTypeNames() []string      { return []string{"scheduled", "new_staff"} }
func newStaffScopeNames() []string { return []string{"all", "departments"} }

// PushScopeNames are the names of the documented scopes.
func PushScopeNames() []string {
	return []string{"all_members", "chats_only", "selected_members", "new_staff"}
}

// PushTypeOf is the push type with the API's number n ≥ 0, known or not.
func PushTypeOf(n int) PushType { return PushType(n + 1) }

// Number is the API's number; -1 when absent.
func (p PushType) Number() int { return int(p) - 1 }

// String is the name in draft files, the number in decimal where there is no
// name, or "" when absent.
func (p PushType) String() string { return enumText(pushTypeNames(), p.Number()) }

// MarshalText is String.
func (p PushType) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a name or a decimal number; empty text is absence.
func (p *PushType) UnmarshalText(text []byte) error {
	return readEnum(fieldPushType, pushTypeNames(), text, (*int)(p))
}

// PushScopeTypeOf is the scope with the API's number n ≥ 0, known or not.
func PushScopeTypeOf(n int) PushScopeType { return PushScopeType(n + 1) }

// PushScopeNamed is the documented scope of a name.
func PushScopeNamed(name string) (p PushScopeType, ok bool) {
	n := slices.Index(PushScopeNames(), name)
	return PushScopeTypeOf(n), n >= 0
}

// Number is the API's number; -1 when absent.
func (p PushScopeType) Number() int { return int(p) - 1 }

// String is the name in draft files, the number in decimal where there is no
// name, or "" when absent.
func (p PushScopeType) String() string { return enumText(PushScopeNames(), p.Number()) }

// MarshalText is String.
func (p PushScopeType) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a name or a decimal number; empty text is absence.
func (p *PushScopeType) UnmarshalText(text []byte) error {
	return readEnum(fieldPushScopeType, PushScopeNames(), text, (*int)(p))
}

// NewStaffScopeTypeOf is the new staff scope with the API's number n ≥ 0, known
// or not.
func NewStaffScopeTypeOf(n int) NewStaffScopeType { return NewStaffScopeType(n + 1) }

// Number is the API's number; -1 when unset.
func (p NewStaffScopeType) Number() int { return int(p) - 1 }

// String is the name in draft files, the number in decimal where there is no
// name, or "" when unset.
func (p NewStaffScopeType) String() string { return enumText(newStaffScopeNames(), p.Number()) }

// MarshalText is String.
func (p NewStaffScopeType) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a name or a decimal number; empty text is unset.
func (p *NewStaffScopeType) UnmarshalText(text []byte) error {
	return readEnum(fieldNewStaffScopeType, newStaffScopeNames(), text, (*int)(p))
}

func enumText(names []string, n int) string {
	switch {
	case n == -1:
		return ""
	case n >= 0 && n < len(names):
		return names[n]
	}
	return strconv.Itoa(n)
}

// readEnum reads a name or a decimal number as the API's number plus one, empty text as 0.
func readEnum(f field, names []string, text []byte, into *int) error {
	s := string(text)
	n := slices.Index(names, s)
	if n < 0 && s != "" {
		number, err := strconv.ParseInt(s, 10, 32)
		if err != nil || number < 0 {
			return fmt.Errorf(noneOfValues, f, quoted(s), strings.Join(names, ", "))
		}
		n = int(number)
	}
	*into = n + 1
	return nil
}
