package spec

import (
	"fmt"
	"testing"
)

// legal is what the API page "Update notification" says of scopes, written down once
// more and without a look at the rules. Absent values are -1.
func legal(pushType, scope, newStaffScope int, users, departments, chats, newStaffDepartments bool) bool {
	newStaff := newStaffScope == 0 || newStaffScope == 1 && newStaffDepartments
	switch [2]int{pushType, scope} {
	case [2]int{0, 0}:
		return !users && !departments
	case [2]int{0, 1}:
		return !users && !departments && chats
	case [2]int{0, 2}:
		return users || departments
	case [2]int{1, 1}:
		return newStaff && !users && !departments && chats
	case [2]int{1, 3}:
		// The page is silent on users and departments here; they are refused.
		return newStaff && !users && !departments
	}
	return false
}

// TestTruthTable walks every combination, in numbers, and in names.
func TestTruthTable(t *testing.T) {
	t.Parallel()
	rows, legalRows := 0, 0
	eachTruthRow(func(src string, want bool) {
		if rows++; want {
			legalRows++
		}
		if set := Decode("f.yaml", []byte(src), Options{}); (set.Errors() == 0) != want {
			t.Errorf("legal is %v, but %q of\n%s", want, saidBy(set), src)
		}
	})
	if rows != 2*4*5*3*16 || legalRows != 2*63 {
		t.Errorf("walked %d rows, %d of them legal", rows, legalRows)
	}
}

// eachTruthRow makes a draft of every combination, and says whether it is legal.
func eachTruthRow(do func(src string, legal bool)) {
	for pushType := range 4 { // 3 is a text that names none
		for scope := range 5 {
			for newStaffScope := -1; newStaffScope <= 1; newStaffScope++ {
				for lists := range 16 {
					users, departments, chats, newStaffDepartments := lists&1 > 0, lists&2 > 0, lists&4 > 0, lists&8 > 0
					isLegal := legal(pushType, scope, newStaffScope, users, departments, chats, newStaffDepartments)
					for _, named := range []bool{false, true} {
						do(truthRow(named, pushType, scope, newStaffScope, users, departments, chats, newStaffDepartments), isLegal)
					}
				}
			}
		}
	}
}

func truthRow(named bool, pushType, scope, newStaffScope int, users, departments, chats, newStaffDepartments bool) string {
	value := func(n int, names ...string) string {
		if named && n < len(names) {
			return names[n]
		}
		return fmt.Sprint(n)
	}
	push := value(pushType, "scheduled", "new_staff")
	if pushType == 3 {
		push = "sometimes"
	}
	lines := []string{"push_type: " + push, "push_scope_type: " + value(scope, "all_members", "chats_only", "selected_members", "new_staff")}
	if newStaffScope >= 0 {
		lines = append(lines, "new_staff_scope_type: "+value(newStaffScope, "all", "departments"))
	}
	for _, list := range []struct {
		filled bool
		line   string
	}{
		{users, "user_list: [ou_a]"}, {departments, "department_list: [od-a]"},
		{chats, "chat_list: [oc_a]"}, {newStaffDepartments, "new_staff_scope_department_list: [od-b]"},
	} {
		if list.filled {
			lines = append(lines, list.line)
		}
	}
	return draftWith(lines...)
}
