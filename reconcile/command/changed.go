package command

import (
	"context"
	"slices"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/history"
	"notiform/reconcile/report"
	"notiform/spec"
)

// changes narrow a run to the drafts whose meaning a change touches.
type changes struct {
	revision string                // "": it is not narrowed
	since    *history.Since        // what the revision and HEAD have in common
	differ   map[spec.Pos]bool     // where the drafts that differ begin
	was      map[string]spec.Draft // what they said, by notification_id
	removed  []reconcile.RemovedDraft
}

func (o *changes) flags() []cli.Flag {
	return []cli.Flag{&cli.StringFlag{Name: "changed", Destination: &o.revision, Usage: flagChanged}}
}

// begin finds what the files are held against, and has it told of every file that is read.
func (o *changes) begin(ctx context.Context, env Env, options *spec.Options) (err error) {
	if o.revision == "" {
		return nil
	}
	if o.since, err = history.NewSince(ctx, env.Dir, env.Environ(), o.revision); err == nil {
		options.Seen, options.Vacant = o.since.Saw, o.since.Held
	}
	return err
}

// compare finds the drafts that differ, and marks what is said of anything else.
func (o *changes) compare(ctx context.Context, paths []string, set spec.Set) error {
	if o.since == nil {
		return nil
	}
	change, err := o.since.Change(ctx, paths, set)
	if err != nil {
		return err
	}
	o.differ, o.was = map[spec.Pos]bool{}, change.Was
	concerned := map[string]bool{} // the files of the drafts that differ
	for _, d := range reconcile.Changed(change.Drafts, change.Was, change.Unnamed) {
		o.differ[d.Pos], concerned[d.Pos.File], concerned[set.Cards[d.CardFile]] = true, true, true
	}
	outside := func(p spec.Pos) bool {
		return change.Outside(p.File) && !concerned[p.File]
	}
	for i, d := range set.Diagnostics {
		set.Diagnostics[i].Outside = outside(d.Pos) && (d.Other == nil || outside(*d.Other))
	}
	for _, d := range change.Removed {
		o.removed = append(o.removed, reconcile.RemovedDraft{File: d.Pos.File, NotificationID: d.NotificationID, JobName: d.JobName})
	}
	return nil
}

// narrow leaves of the drafts those that differ, and says what it did.
func (o *changes) narrow(drafts []spec.Draft) ([]spec.Draft, *report.Changed) {
	if o.differ == nil { // or the run ended before that was known
		return drafts, nil
	}
	kept := slices.DeleteFunc(slices.Clone(drafts), func(d spec.Draft) bool { return !o.differ[d.Pos] })
	return kept, &report.Changed{Revision: o.revision, Commit: o.since.Commit, Drafts: kept, Of: len(drafts)}
}

// typed is the flag as it could be typed again.
func (o *changes) typed() []string {
	if o.revision == "" {
		return nil
	}
	return []string{"--changed", o.revision}
}
