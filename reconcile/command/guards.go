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
type guards struct {
	expectDigest       string
	maxChanges         int
	maxPlanAge         time.Duration
	refuseConsoleEdits bool
}

const (
	noMaxChanges      = -1
	defaultMaxPlanAge = 24 * time.Hour
)

func (g *guards) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "expect-digest", Destination: &g.expectDigest, Action: checkDigest, Usage: flagExpectDigest},
		&cli.IntFlag{Name: "max-changes", Value: noMaxChanges, DefaultText: noLimit, Destination: &g.maxChanges, Action: checkMaxChanges, Usage: flagMaxChanges},
		&cli.DurationFlag{Name: "max-plan-age", Value: defaultMaxPlanAge, DefaultText: "24h", Destination: &g.maxPlanAge, Action: checkMaxPlanAge, Usage: flagMaxPlanAge},
		&cli.BoolFlag{Name: "refuse-console-edits", Destination: &g.refuseConsoleEdits, Usage: flagRefuseConsoleEdits},
	}
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func checkDigest(_ *cli.Context, digest string) error {
	if !digestForm.MatchString(digest) {
		return usage(noDigest, digest)
	}
	return nil
}

func checkMaxChanges(_ *cli.Context, n int) error {
	if n < noMaxChanges {
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

// refusal is every reason not to write p, or nil.
func (g *guards) refusal(p reconcile.Plan) error {
	var why []error
	if g.expectDigest != "" && p.Digest != g.expectDigest {
		why = append(why, hinted{fmt.Errorf(otherDigest, p.Digest, g.expectDigest), hintOtherDigest})
	}
	if g.maxChanges != noMaxChanges && p.Summary.Update > g.maxChanges {
		why = append(why, hinted{fmt.Errorf(tooManyChanges, report.Plural(p.Summary.Update, "draft"), g.maxChanges), hintTooManyChanges})
	}
	if g.refuseConsoleEdits {
		why = append(why, consoleEdits(p)...)
	}
	if !p.Complete {
		why = append(why, hinted{errors.New(planIncomplete), hintPlanAgain})
	}
	return errors.Join(why...)
}

// consoleEdits are the reasons to think that p would overwrite an edit made at the console.
func consoleEdits(p reconcile.Plan) (why []error) {
	if p.Base == "" {
		why = append(why, hinted{errors.New(plannedWithoutBase), hintPlanWithBase})
	}
	if n := p.ConsoleEdits(); n > 0 {
		why = append(why, hinted{fmt.Errorf(overwritesEdits, report.Plural(n, "draft")), hintOverwrites})
	}
	if n := p.Untold(); n > 0 {
		err := fmt.Errorf(untoldForOneFile, report.Plural(n, "draft"), p.BaseFaulty[0], p.Base)
		if more := len(p.BaseFaulty) - 1; more > 0 {
			err = fmt.Errorf(untoldForFiles, report.Plural(n, "draft"), p.BaseFaulty[0], report.Plural(more, "file"), p.Base)
		}
		why = append(why, hinted{err, hintUntold})
	}
	return why
}

// acceptable holds a saved plan against the helpdesk that the settings name and against its age.
func (g *guards) acceptable(p reconcile.Plan, h reconcile.Helpdesk, now time.Time) error {
	if p.Helpdesk != h {
		return hinted{refuse(otherHelpdesk, p.HelpdeskID, p.BaseURL, h.HelpdeskID, h.BaseURL), hintOtherHelpdesk}
	}
	if age := now.Sub(p.CreatedAt); age > g.maxPlanAge {
		return hinted{refuse(planTooOld, age.Round(time.Second), g.maxPlanAge), hintPlanTooOld}
	}
	return nil
}
