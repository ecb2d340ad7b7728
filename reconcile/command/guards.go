package command

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/report"
)

// guards are the conditions under which apply writes nothing at all. None of them can be forced.
// plan knows them as well, and says what apply would refuse.
type guards struct {
	expectDigest       string
	maxChanges         int
	refuseConsoleEdits bool
	approved           []string            // the files of --approved
	approvals          reconcile.Approvals // what they hold
}

const (
	noMaxChanges      = -1
	defaultMaxPlanAge = 24 * time.Hour
)

func (g *guards) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "expect-digest", Destination: &g.expectDigest, Action: checkDigest, Usage: flagExpectDigest},
		&cli.StringSliceFlag{Name: "approved", Action: g.nameApproved, Usage: flagApproved},
		g.ofSize(),
		&cli.BoolFlag{Name: "refuse-console-edits", Destination: &g.refuseConsoleEdits, Usage: flagRefuseConsoleEdits},
	}
}

// ofSize is the flag of the guard against a run that writes too much.
func (g *guards) ofSize() cli.Flag {
	return &cli.IntFlag{Name: "max-changes", Value: noMaxChanges, DefaultText: noLimit, Destination: &g.maxChanges, Action: checkMaxChanges, Usage: flagMaxChanges}
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func checkDigest(_ *cli.Context, digest string) error {
	if !digestForm.MatchString(digest) {
		return usage(noDigest, digest)
	}
	return nil
}

func checkMaxChanges(_ *cli.Context, n int) error {
	if n < 0 {
		return usage(isNegative, "max-changes", n)
	}
	return nil
}

func checkMaxPlanAge(_ *cli.Context, age time.Duration) error {
	if age <= 0 {
		return usage(isNotPositive, "max-plan-age", age)
	}
	return nil
}

// refusals are the guards that do not let p pass. One by which nothing would be written passes them
// all: a pipeline that is run again after it has done its work finds nothing to refuse.
func (g *guards) refusals(p reconcile.Plan) []reconcile.Refusal {
	if p.Summary.Update == 0 {
		return nil
	}
	var why refusals
	if len(g.approved) > 0 {
		why.unapproved(p, g.approvals)
	}
	if g.expectDigest != "" && p.Digest != g.expectDigest {
		why.add("expect-digest", hintOtherDigest, otherDigest, p.Digest, g.expectDigest)
	}
	if g.maxChanges != noMaxChanges && p.Summary.Update > g.maxChanges {
		why.add("max-changes", hintTooManyChanges, tooManyChanges, report.Plural(p.Summary.Update, "draft"), g.maxChanges)
	}
	if g.refuseConsoleEdits {
		why.consoleEdits(p)
	}
	return why
}

type refusals []reconcile.Refusal

func (why *refusals) add(guard, hint, format string, args ...any) {
	*why = append(*why, reconcile.Refusal{Guard: guard, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// refusal is every reason not to write p, or nil.
func (g *guards) refusal(p reconcile.Plan) error {
	var why []error
	all := g.refusals(p)
	for i, r := range all {
		if i+1 < len(all) && all[i+1].Hint == r.Hint {
			r.Hint = "" // said once, behind the last of those that it is for
		}
		why = append(why, hinted{errors.New(r.Message), r.Hint})
	}
	if !p.Complete {
		why = append(why, hinted{errors.New(planIncomplete), hintPlanAgain})
	}
	return errors.Join(why...)
}

// consoleEdits adds the reasons to think that p would overwrite an edit made at the console.
func (why *refusals) consoleEdits(p reconcile.Plan) {
	const guard = "refuse-console-edits"
	if p.Base == "" {
		why.add(guard, hintPlanWithBase, plannedWithoutBase)
	}
	if n := p.ConsoleEdits(); n > 0 {
		why.add(guard, hintOverwrites, overwritesEdits, report.Plural(n, "draft"))
	}
	said := map[string]bool{}
	for _, d := range p.Untold() {
		if key := d.File + "\x00" + d.BaseUntold; !said[key] {
			said[key] = true
			why.add(guard, hintUntold, mayHoldEdits, d.File, d.BaseUntold)
		}
	}
}

// clockSkew is how far the clocks of those who plan and those who apply may be apart.
const clockSkew = time.Minute

func fromFuture(p reconcile.Plan, now time.Time) bool { return p.CreatedAt.After(now.Add(clockSkew)) }

// acceptable holds a saved plan against the helpdesk that the settings name and against its age.
func (o *applying) acceptable(p reconcile.Plan, now time.Time) error {
	age := now.Sub(p.CreatedAt)
	switch h := o.helpdesk; {
	case p.Helpdesk != h:
		return hinted{refuse(otherHelpdesk, p.HelpdeskID, p.BaseURL, h.HelpdeskID, h.BaseURL), hintOtherHelpdesk}
	case fromFuture(p, now):
		return hinted{refuse(planFromFuture, p.CreatedAt.Format(time.RFC3339), now.UTC().Format(time.RFC3339)), hintPlanFromFuture}
	case age > o.maxPlanAge:
		return hinted{refuse(planTooOld, age.Round(time.Second), o.maxPlanAge), hintPlanTooOld}
	}
	return nil
}
