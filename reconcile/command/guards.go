package command

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// guards are the conditions under which apply writes nothing at all. None of them can be forced.
// plan knows them as well, and says what apply would refuse.
type guards struct {
	expectDigest       string
	maxChanges         int
	refuseConsoleEdits bool
	editsDecided       bool                // whether that was typed
	approved           []string            // the files of --approved
	approvals          reconcile.Approvals // what they hold
	allowed            []spec.PushScopeType
	ofTeam             spec.Guards
	unjudged           bool // the drafts, by the rules of the team's file: they come from a plan file
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
		&cli.BoolFlag{Name: "refuse-console-edits", Destination: &g.refuseConsoleEdits, Usage: flagRefuseConsoleEdits, Action: func(*cli.Context, bool) error {
			g.editsDecided = true
			return nil
		}},
		g.ofAudience(),
	}
}

// ofSize is the flag of the guard against a run that writes too much.
func (g *guards) ofSize() cli.Flag {
	return &cli.IntFlag{Name: "max-changes", Value: noMaxChanges, DefaultText: noLimit, Destination: &g.maxChanges, Action: notNegative[int]("max-changes"), Usage: flagMaxChanges}
}

// ofAudience is the flag that lets a protected audience be reached.
func (g *guards) ofAudience() cli.Flag {
	return someOf{&cli.StringSliceFlag{Name: "allow-audience", Action: g.readAllowed, Usage: flagAllowAudience}, always(spec.PushScopeNames()...)}
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func checkDigest(_ *cli.Context, digest string) error {
	if !digestForm.MatchString(digest) {
		return usage(noDigest, digest)
	}
	return nil
}

func checkMaxPlanAge(_ *cli.Context, age time.Duration) error {
	if age <= 0 {
		return usage(isNotPositive, "max-plan-age", age)
	}
	return nil
}

func (g *guards) readAllowed(_ *cli.Context, names []string) error {
	for _, name := range names {
		scope, ok := spec.PushScopeNamed(name)
		if !ok {
			return usage(isNoneOf, "allow-audience", name, strings.Join(spec.PushScopeNames(), ", "))
		}
		g.allowed = append(g.allowed, scope)
	}
	return nil
}

// take adds the guards of the team's file. What was typed wins, one way or the other; a rule that the
// file itself makes less than an error refuses nothing.
func (g *guards) take(file spec.Team) {
	g.ofTeam = file.Guards
	if !g.editsDecided {
		g.refuseConsoleEdits = file.Guards.RefuseConsoleEdits
	}
	if file.Lowers("link-host") {
		g.ofTeam.LinkHosts = nil
	}
	if file.Lowers("send-window") {
		g.ofTeam.SendWindow = spec.SendWindow{}
	}
}

// most is how many drafts may change at most, and who says so.
func (g *guards) most() (n int, said string) {
	if g.maxChanges == noMaxChanges && g.ofTeam.MaxChanges.Given {
		return g.ofTeam.MaxChanges.Value, fmt.Sprintf(maxChangesOfTeam, g.ofTeam.File)
	}
	return g.maxChanges, maxChangesTyped
}

// typed are the flags that let pass what the team's file would not, as they could be typed again.
func (g *guards) typed() []string {
	var args []string
	for _, scope := range g.allowed {
		args = append(args, "--allow-audience", scope.String())
	}
	if g.maxChanges != noMaxChanges && g.ofTeam.MaxChanges.Given {
		args = append(args, "--max-changes", strconv.Itoa(g.maxChanges))
	}
	if g.ofTeam.RefuseConsoleEdits && !g.refuseConsoleEdits {
		args = append(args, "--refuse-console-edits=false")
	}
	return args
}

// refusals are the guards that do not let p pass. One by which nothing would be written or created
// passes them all: a pipeline that is run again after it has done its work finds nothing to refuse.
func (g *guards) refusals(p reconcile.Plan) []reconcile.Refusal {
	var why refusals
	if p.Summary.Update > 0 {
		g.ofUpdates(p, &why)
	}
	g.ofAudiences(p, &why)
	return why
}

func (g *guards) ofUpdates(p reconcile.Plan, why *refusals) {
	if len(g.approved) > 0 {
		why.unapproved(p, g.approvals)
	}
	if g.expectDigest != "" && p.Digest != g.expectDigest {
		why.add("expect-digest", hintOtherDigest, otherDigest, p.Digest, g.expectDigest)
	}
	if most, said := g.most(); most != noMaxChanges && p.Summary.Update > most {
		why.add("max-changes", hintTooManyChanges, tooManyChanges, report.Plural(p.Summary.Update, "draft"), said, most)
	}
	if g.refuseConsoleEdits {
		why.consoleEdits(p)
	}
	if g.unjudged {
		why.ofRules(p, g.ofTeam)
	}
}

// ofRules adds what is a fault of draft files, where a plan has it: a link that leads elsewhere than it
// may, and a time to send at that the plan sets.
func (why *refusals) ofRules(p reconcile.Plan, team spec.Guards) {
	for _, d := range p.Drafts {
		if d.Action != reconcile.Update {
			continue
		}
		for _, stray := range team.Stray(d.Desired.PushContent) {
			why.add("link-hosts", hintMendDraft, draftBreaks, d.File, d.Line, stray)
		}
		at, _, sets := d.SetsSendAt()
		if outside := team.Outside(at); sets && outside != "" {
			why.add("send-window", hintMendDraft, draftBreaks, d.File, d.Line, outside)
		}
	}
}

// ofAudiences adds each draft that comes to reach a protected audience without leave. One that is yet
// to be created counts as well: nobody would look at it again.
func (g *guards) ofAudiences(p reconcile.Plan, why *refusals) {
	for _, d := range p.Drafts {
		for _, scope := range d.Gained() {
			leave := slices.Contains(g.allowed, scope) || slices.Contains(g.approvals.Allowed(d), scope)
			if !leave && slices.Contains(g.ofTeam.ProtectedAudiences, scope) {
				why.add("protected-audiences", fmt.Sprintf(hintProtected, scope), gainsProtected, d.File, d.Line, scope, g.ofTeam.File)
			}
		}
	}
}

type refusals []reconcile.Refusal

func (why *refusals) add(guard, hint, format string, args ...any) {
	*why = append(*why, reconcile.Refusal{Guard: guard, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// refusal is every reason not to write p, or nil.
func (g *guards) refusal(p reconcile.Plan) error {
	var incomplete error
	if !p.Complete {
		incomplete = hinted{errors.New(planIncomplete), hintPlanAgain}
	}
	return errors.Join(append(errorsOf(g.refusals(p)), incomplete)...)
}

func errorsOf(all []reconcile.Refusal) []error {
	var why []error
	for i, r := range all {
		if i+1 < len(all) && all[i+1].Hint == r.Hint {
			r.Hint = "" // said once, behind the last of those that it is for
		}
		why = append(why, hinted{errors.New(r.Message), r.Hint})
	}
	return why
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
