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
		&cli.StringFlag{Name: "expect-digest", Destination: &g.expectDigest, Usage: "write only what was reviewed: the `DIGEST` that plan printed"},
		&cli.IntFlag{Name: "max-changes", Value: noMaxChanges, DefaultText: "no limit", Destination: &g.maxChanges, Usage: "write nothing when more than `N` drafts would change"},
		&cli.DurationFlag{Name: "max-plan-age", Value: defaultMaxPlanAge, DefaultText: "24h", Destination: &g.maxPlanAge, Usage: "with --plan: refuse a plan older than `DURATION`"},
		&cli.BoolFlag{Name: "refuse-console-edits", Destination: &g.refuseConsoleEdits, Usage: "with --base: write nothing when that would overwrite an edit made at the console"},
	}
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// check faults what was typed; plan and base are those flags.
func (g *guards) check(plan, base string) error {
	switch {
	case g.refuseConsoleEdits && plan == "" && base == "":
		return usage("--refuse-console-edits needs --base REV: only a base tells whose edit a difference is")
	case g.expectDigest != "" && !digestForm.MatchString(g.expectDigest):
		return usage("--expect-digest %q is no digest: sha256: and 64 hexadecimal digits", g.expectDigest)
	case g.maxChanges < noMaxChanges:
		return usage("--max-changes %d is negative", g.maxChanges)
	case g.maxPlanAge <= 0:
		return usage("--max-plan-age %s is not positive", g.maxPlanAge)
	}
	return nil
}

// refusal is every reason not to write p, or nil.
func (g *guards) refusal(p reconcile.Plan) error {
	var why []error
	if g.expectDigest != "" && p.Digest != g.expectDigest {
		why = append(why, hinted{
			fmt.Errorf("this is not what was reviewed: the digest is %s, and %s is expected", p.Digest, g.expectDigest),
			"the plan above is what would be written now, with who changed each notification last; review it and use its digest",
		})
	}
	if g.maxChanges != noMaxChanges && p.Summary.Update > g.maxChanges {
		why = append(why, hinted{
			fmt.Errorf("%s would change, and --max-changes allows %d", report.Plural(p.Summary.Update, "draft"), g.maxChanges),
			"if so many changes are meant, raise --max-changes, or apply them in parts with --only",
		})
	}
	if g.refuseConsoleEdits && p.Base == "" {
		why = append(why, hinted{
			errors.New("the plan was made without --base, so nobody can tell whether it would overwrite edits made at the console"),
			"plan again with --base REV",
		})
	}
	if n := p.ConsoleEdits(); g.refuseConsoleEdits && n > 0 {
		why = append(why, hinted{
			fmt.Errorf("this would overwrite edits made at the console, in %s", report.Plural(n, "draft")),
			"take the edits over into the files, or apply without --refuse-console-edits",
		})
	}
	if n := p.Untold(); g.refuseConsoleEdits && n > 0 {
		why = append(why, hinted{
			fmt.Errorf("%s may hold edits made at the console: nobody can tell, because %s at fault at %s", report.Plural(n, "draft"), faulty(p.BaseFaulty), p.Base),
			"plan again with a --base REV at which every draft file can be read",
		})
	}
	if !p.Complete {
		why = append(why, hinted{errors.New("the plan is not complete: not every draft was read"), "plan again"})
	}
	return errors.Join(why...)
}

// faulty names files, "a.yaml is" or "a.yaml and 2 files more are".
func faulty(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return fmt.Sprintf("%s and %s more are", names[0], report.Plural(len(names)-1, "file"))
}

// acceptable holds a saved plan against the target that the settings name and against its age.
func (g *guards) acceptable(saved reconcile.SavedPlan, target reconcile.Helpdesk, now time.Time) error {
	if saved.Helpdesk != target {
		return &exitError{report.ExitRefused, hinted{
			fmt.Errorf("the plan is for helpdesk %s at %s, and the settings name helpdesk %s at %s", saved.HelpdeskID, saved.BaseURL, target.HelpdeskID, target.BaseURL),
			"apply it with the settings it was made with, or plan again with these",
		}}
	}
	if age := now.Sub(saved.CreatedAt); age > g.maxPlanAge {
		return &exitError{report.ExitRefused, hinted{
			fmt.Errorf("the plan is %s old, and --max-plan-age allows %s", age.Round(time.Second), g.maxPlanAge),
			"plan again, and have that plan reviewed",
		}}
	}
	return nil
}
