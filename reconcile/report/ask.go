package report

import (
	"fmt"
	"io"
	"strings"
)

// Ask writes what a person is asked before a plan is written: where to, how much, and what must not
// be overlooked in it. Each part has a line of its own, since a terminal folds a long one anywhere.
func Ask(w io.Writer, r Run, s Style) error {
	p := newPainter(w, s)
	plan := r.Plan
	question, n := writeThem, plan.Summary.Update
	forAll := 0
	if r.Command == "create" {
		question, n, forAll = createThem, plan.Summary.Create, plan.CreatedForAll()
	}
	p.line(0, bold, fmt.Sprintf(question, Plural(n, nounDraft), Visible(plan.HelpdeskID), Visible(plan.BaseURL)))
	var mind []string
	for _, danger := range []struct {
		drafts    int
		one, many string
	}{
		{plan.Widened(), oneReaches, manyReach},
		{forAll, oneForAll, manyForAll},
		{plan.SendAtPassed(r.Now), onePassed, manyPassed},
		{plan.ConsoleEdits(), oneOverwrites, manyOverwrite},
	} {
		if danger.drafts > 0 {
			mind = append(mind, counted(danger.drafts, danger.one, danger.many))
		}
	}
	if len(mind) > 0 {
		p.line(0, red, fmt.Sprintf(minding, strings.Join(mind, ", ")))
	}
	p.write(typeYes)
	return p.close()
}
