package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"notiform/reconcile"
	"notiform/spec"
)

// headLines say how many people a draft reaches and when it is sent, before anything of it changes.
func headLines(d reconcile.PlannedDraft) []line {
	said := []string{}
	if d.Action == reconcile.Create && d.Desired != nil {
		said = append(said, fmt.Sprintf(mayReach, audienceOf(d)))
	}
	if d.Reaches != nil && *d.Reaches >= 0 {
		said = append(said, fmt.Sprintf(reachesNow, people(*d.Reaches)))
	}
	switch {
	case d.Desired == nil:
	case d.Desired.PushType == spec.NewStaff:
		said = append(said, sentOnJoining)
	case d.SendAt != "":
		said = append(said, fmt.Sprintf(sentAt, timeText(d.SendAt, Visible)))
	}
	if len(said) == 0 {
		return nil
	}
	return []line{noteLine("", "%s", strings.Join(said, "; "))}
}

// people is a number of people.
func people(n int) string {
	if n == 1 {
		return fmt.Sprintf(onePerson, grouped(n))
	}
	return fmt.Sprintf(manyPeople, grouped(n))
}

// grouped is a number with its thousands apart, as a reader has to tell 13160 from 1316.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// peopleIn is a number of people for a table, "" where Feishu does not say.
func peopleIn(n *int) string {
	if n == nil || *n < 0 {
		return ""
	}
	return grouped(*n)
}

// reachIn is reachOf for a table.
func reachIn(d reconcile.DraftResult) string {
	before, after := peopleIn(d.ReachesBefore), peopleIn(d.Reaches)
	if reachOf(d) == "" || before == "" || before == after {
		return after
	}
	return before + " → " + after
}

// audienceOf is whom a draft that is not created yet is made for.
func audienceOf(d reconcile.PlannedDraft) string {
	s := d.Desired
	switch s.PushScopeType {
	case spec.AllMembers:
		return everyMember
	case spec.NewStaffScope:
		if s.NewStaffScopeType == spec.NewStaffDepartments {
			return fmt.Sprintf(whoeverJoinsOneOf, Plural(len(s.NewStaffScopeDepartmentList), nounDepartment))
		}
		return whoeverJoins
	default:
		var said []string
		for _, list := range []struct {
			n    int
			noun string
		}{{len(s.DepartmentList), nounDepartment}, {len(s.ChatList), nounChat}} {
			if list.n > 0 {
				said = append(said, Plural(list.n, list.noun))
			}
		}
		if len(s.UserList) > 0 {
			said = append([]string{people(len(s.UserList))}, said...)
		}
		return cmp.Or(strings.Join(said, ", "), nobody)
	}
}

// closedOf says of what was sent or submitted that nobody asked for a change.
func closedOf(status *int) string {
	if status == nil {
		return ""
	}
	return fmt.Sprintf(closedNote, *status)
}

// reachOf is how many people what was written reached before and reaches now, as far as Feishu says.
func reachOf(d reconcile.DraftResult) string {
	before, after := d.ReachesBefore, d.Reaches
	if d.Outcome == reconcile.OutcomeCreated && after != nil && *after >= 0 {
		return fmt.Sprintf(reachesNow, people(*after))
	}
	if d.Outcome != reconcile.OutcomeApplied || before == nil || after == nil || *before < 0 || *after < 0 {
		return ""
	}
	if *before == *after {
		return fmt.Sprintf(reachesAsBefore, people(*after))
	}
	return fmt.Sprintf(reachedBefore, people(*before), people(*after))
}

// reachInAll is how many people everything together reaches that is planned or was written; "" of nothing.
func reachInAll(r Run) string {
	total, known, silent := 0, 0, 0
	add := func(n *int) {
		if n == nil || *n < 0 {
			silent++
			return
		}
		total, known = total+*n, known+1
	}
	switch {
	case r.Result != nil:
		for _, d := range r.Result.Drafts {
			if d.Outcome == reconcile.OutcomeApplied || d.Outcome == reconcile.OutcomeCreated {
				add(d.Reaches)
			}
		}
	case r.Plan != nil:
		for _, d := range r.Plan.Drafts {
			if d.Action == reconcile.Update || d.Action == reconcile.Create {
				add(d.Reaches)
			}
		}
	}
	value := people(total)
	if known > 1 {
		value = fmt.Sprintf(reachOfMany, value, Plural(known, nounDraft))
	}
	switch {
	case known == 0 && silent == 0:
		return ""
	case known == 0:
		return fmt.Sprintf(reachOfNone, Plural(silent, nounDraft))
	case silent > 0:
		return fmt.Sprintf(reachOfSome, value, Plural(silent, nounDraft))
	}
	return value
}

// noteOf is what became of a draft, and how many people it reaches by that.
func noteOf(d reconcile.DraftResult) string {
	if reach := reachOf(d); reach != "" {
		return fmt.Sprintf(andReach, outcomeNote(d), reach)
	}
	return outcomeNote(d)
}
