package command

import (
	"context"
	"errors"
	"slices"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/history"
	"notiform/reconcile/report"
	"notiform/spec"
)

// baseNone is the --base of a run without a third side.
const baseNone = "none"

func baseFlag(into *string) cli.Flag {
	return oneOf{&cli.StringFlag{Name: "base", Destination: into, Usage: flagBase}, always(reconcile.BaseHistory, baseNone)}
}

// chooseBase is --base where that is not given: the history of the drafts inside a work tree, else
// none. A guard needs one.
func (o *planning) chooseBase(ctx context.Context, env Env) error {
	var outside error
	if o.base == "" {
		o.base, o.baseByDefault = reconcile.BaseHistory, true
		if outside = history.Check(ctx, env.Dir, env.Environ()); errors.Is(outside, history.ErrNone) {
			o.base = baseNone
		}
	}
	switch {
	case o.base != baseNone || !o.refuseConsoleEdits:
		return nil
	case outside != nil:
		return usage(refuseOutside, outside)
	default:
		return usage(refuseWithNone)
	}
}

// readBase reads what the drafts said at --base, if that is one revision, and says of which drafts
// nobody can tell it: they carry no label then. History that was asked for must be there, too, before
// the helpdesk is asked anything.
func (o *planning) readBase(ctx context.Context, env Env, drafts []spec.Draft) (base history.Base, err error) {
	switch {
	case o.base == baseNone || o.baseByDefault:
	case o.base == reconcile.BaseHistory:
		err = history.Check(ctx, env.Dir, env.Environ())
	default:
		drafts = slices.DeleteFunc(slices.Clone(drafts), func(d spec.Draft) bool { return d.NotificationID == "" }) // new, whatever Git knows
		base, err = history.Read(ctx, env.Dir, env.Environ(), o.base, drafts)
		sayUntold(env, drafts, base.Untold)
	}
	return base, err
}

// labelByHistory tells who made the differences of p by the versions that Git has of the drafts that
// differ, and says of which of them nobody can tell it.
func (o *planning) labelByHistory(ctx context.Context, env Env, p *reconcile.Plan, drafts []spec.Draft) {
	var differing []spec.Draft
	for i, d := range p.Drafts {
		if len(d.Changes) > 0 && d.NotificationID != "" {
			differing = append(differing, drafts[i])
		}
	}
	nearest, untold := p.Nearest(), map[string]string{}
	if len(differing) > 0 {
		untold = history.Versions(ctx, env.Dir, env.Environ(), differing, func(v history.Version) bool {
			return nearest.Offer(v.Commit, v.Age, v.Draft)
		})
	}
	if o.changes.since != nil {
		nearest.Before(o.changes.since.Commit, o.changes.was)
	}
	nearest.Label(untold)
	for _, d := range p.Drafts {
		untold[d.NotificationID] = d.BaseUntold
	}
	sayUntold(env, differing, untold)
}

// sayUntold says each reason once, with the first of the files that it holds for.
func sayUntold(env Env, drafts []spec.Draft, untold map[string]string) {
	files := map[string][]string{} // by reason
	var reasons []string
	for _, d := range drafts {
		why := untold[d.NotificationID]
		if why != "" && files[why] == nil {
			reasons = append(reasons, why)
		}
		files[why] = append(files[why], d.Pos.File)
	}
	for _, why := range reasons {
		told := slices.Compact(files[why]) // drafts of one file follow each other
		if more := len(told) - 1; more > 0 {
			say(env.Stderr, baseUntoldOfFiles, told[0], report.Plural(more, "file"), why)
		} else {
			say(env.Stderr, baseUntold, told[0], why)
		}
	}
}
