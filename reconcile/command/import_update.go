package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/history"
	"notiform/reconcile/report"
	"notiform/spec"
)

// ofUpdate are the flags of --update alone.
func (o *importing) ofUpdate() []cli.Flag {
	return slices.Concat([]cli.Flag{
		&cli.BoolFlag{Name: "update", Destination: &o.update, Usage: flagUpdate},
		baseFlag(&o.base),
	}, o.only.flags(), o.ofRules())
}

// agree refuses flags that say nothing with --update, or without it.
func (o *importing) agree(c *cli.Context) error {
	of, verb := []string{"base", "only", "rule", "strict"}, flagNeedsUpdate
	if o.update {
		of, verb = []string{"from", "out", "schema", "user-id-type"}, flagForNewFiles
	}
	for _, name := range of {
		if c.IsSet(name) {
			return usage(verb, name)
		}
	}
	return nil
}

// updateFiles takes what somebody changed at the console into the files that are there.
func updateFiles(c *cli.Context, env Env, o *importing) error {
	return o.attended(c.Context, env, o.timeout, stoppingUpdate, func(soft, _ context.Context, run *report.Run) error {
		run.Updated = &reconcile.FileUpdate{FormatVersion: reconcile.FormatVersion} // whenever it ends
		if slices.Contains(c.Args().Slice(), "-") {
			return usage(updateStdin)
		}
		zone, err := zoneNamed(o.zone)
		if err != nil {
			return err
		}
		if err := o.make(soft, env, c.Args().Slice(), run); err != nil || run.Plan == nil {
			return err
		}
		u := updater{env: env, o: o, drafts: run.Judged, cards: o.files, zone: zone, rewritten: map[string][]byte{}}
		updated, err := u.update(soft, *run.Plan)
		*run = o.ended(env, *run, updated.Error)
		if err != nil {
			*run = failed(env, *run, err)
		}
		run.Updated, run.Plan, run.Now = &updated, nil, env.Now()
		found := u.judge(soft, run.Diagnostics)
		_ = report.DiagnosticsText(env.Stderr, found, o.style(env, env.Stderr)) // who closed stderr wants none of it
		run.Diagnostics = append(run.Diagnostics, found...)
		run.ExitCode = worst(run.ExitCode, updateCode(updated.Summary, interrupted(soft)), faultCode(spec.Set{Diagnostics: found}))
		return nil
	})
}

// updateCode is the exit code of an update.
func updateCode(s reconcile.UpdateSummary, interrupted bool) int {
	unwritten := worst(when(s.Failed+s.NotRead > 0, report.ExitFailed), when(s.Blocked+s.Refused > 0, report.ExitRefused))
	return worst(
		unwritten,
		when(s.Written > 0 && unwritten != report.ExitDone, report.ExitPartial),
		when(interrupted, report.ExitInterrupted),
	)
}

// updater rewrites files.
type updater struct {
	env       Env
	o         *importing
	drafts    []spec.Draft      // that were read
	cards     map[string]string // the card files, by the names that drafts have for them
	zone      *time.Location
	read      map[string][]byte // what is to change, as it was read
	left      map[string]bool   // uncommitted
	rewritten map[string][]byte
}

// update changes the files of the drafts that differ. An error is why none was.
func (u *updater) update(ctx context.Context, p reconcile.Plan) (reconcile.FileUpdate, error) {
	updated := reconcile.NewFileUpdate(p, u.drafts, u.o.base == baseNone, u.o.force, u.zone)
	byFile, byCard := map[string][]*reconcile.UpdatedDraft{}, map[string][]*reconcile.UpdatedDraft{}
	for i := range updated.Drafts {
		if d := &updated.Drafts[i]; d.Takes() {
			byFile[d.File] = append(byFile[d.File], d)
			if d.CardFile != "" && d.Takeover.WantsCard() {
				card := u.cards[d.CardFile]
				byCard[card] = append(byCard[card], d)
			}
		}
	}
	err := u.look(ctx, slices.Concat(slices.Collect(maps.Keys(byFile)), slices.Collect(maps.Keys(byCard))))
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		for _, drafts := range byCard {
			refuseAll(drafts, err, true)
		}
		for _, drafts := range byFile {
			refuseAll(drafts, err, false)
		}
	} else {
		u.rewriteAll(ctx, byFile, byCard)
	}
	updated.Settle()
	for _, d := range updated.Drafts {
		if len(d.Taken) > 0 && slices.ContainsFunc(d.Left, func(c diff.Change) bool { return c.Origin == diff.FromRepo }) {
			say(u.env.Stderr, updateWaits, d.File)
			say(u.env.Stderr, asHint, hintWaits)
		}
	}
	return updated, err
}

// rewriteAll changes card files and then draft files, each of which is left if something stands in
// its way.
func (u *updater) rewriteAll(ctx context.Context, byFile, byCard map[string][]*reconcile.UpdatedDraft) {
	var here spec.Set
	if len(byCard) > 0 {
		here = spec.Load(ctx, nil, spec.Options{Dir: u.env.Dir})
	}
	for _, file := range slices.Sorted(maps.Keys(byCard)) {
		drafts := byCard[file]
		reconcile.ShareCard(file, drafts, u.others(file, drafts, here))
		drafts = slices.DeleteFunc(drafts, func(d *reconcile.UpdatedDraft) bool { return !d.Takeover.WantsCard() })
		if len(drafts) == 0 {
			continue
		}
		refuseAll(drafts, u.rewrite(file, func(src []byte) ([]byte, []string, error) {
			t := drafts[0].Takeover
			return reconcile.RewriteCard(file, src, t.Said.PushContent, t.Wanted.PushContent, u.o.force)
		}, drafts), true)
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		drafts, wanted := byFile[file], map[spec.Pos]reconcile.Takeover{}
		for _, d := range drafts {
			if d.Takes() && !(d.CardFile != "" && d.TakesOnlyCard()) {
				wanted[d.Draft.Pos] = d.Takeover
			}
		}
		if len(wanted) == 0 {
			continue
		}
		err := u.rewrite(file, func(src []byte) ([]byte, []string, error) {
			return reconcile.Rewrite(file, src, wanted, u.o.force, spec.Options{Dir: u.env.Dir})
		}, drafts)
		refuseAll(drafts, err, false)
	}
}

// refuseAll says of drafts why their file, or their card file, is left.
func refuseAll(drafts []*reconcile.UpdatedDraft, err error, card bool) {
	_, unwritten := errors.AsType[unwrittenError](err)
	for _, d := range drafts {
		switch {
		case unwritten:
			d.Fail(err, card)
		case err != nil:
			d.Refuse(err, card)
		}
	}
}

// look reads the files that are to change, and asks Git which of them hold changes that are not committed.
func (u *updater) look(ctx context.Context, files []string) (err error) {
	u.read = map[string][]byte{}
	for _, file := range files {
		if u.read[file], err = os.ReadFile(inDir(u.env.Dir, filepath.FromSlash(file))); err != nil {
			return err
		}
	}
	if u.o.force || len(files) == 0 || errors.Is(history.Check(ctx, u.env.Dir, u.env.Environ()), history.ErrNone) {
		return nil
	}
	u.left, err = history.Uncommitted(ctx, u.env.Dir, u.env.Environ(), u.read)
	return err
}

// others are the drafts, in the working directory as well as among those that were read, that have a
// card file and are not to take another card.
func (u *updater) others(card string, drafts []*reconcile.UpdatedDraft, here spec.Set) (others []spec.Draft) {
	for _, set := range []spec.Set{{Drafts: u.drafts, Cards: u.cards}, here} {
		for _, d := range set.Drafts {
			takes := slices.ContainsFunc(drafts, func(t *reconcile.UpdatedDraft) bool {
				return t.NotificationID == d.NotificationID && path.Base(t.File) == path.Base(d.Pos.File)
			})
			if d.CardFile != "" && set.Cards[d.CardFile] == card && !takes {
				others = append(others, d)
			}
		}
	}
	return others
}

// rewrite changes a file, which must be as it was read.
func (u *updater) rewrite(file string, edit func(src []byte) ([]byte, []string, error), drafts []*reconcile.UpdatedDraft) error {
	if u.left[file] {
		return hinted{fmt.Errorf(updateUncommitted, file), hintUncommitted}
	}
	after, gone, err := edit(u.read[file])
	if err != nil {
		return hinted{fmt.Errorf(updateRefused, file, err), hintRefused}
	}
	if err := replaceText(inDir(u.env.Dir, filepath.FromSlash(file)), u.read[file], after); err != nil {
		err = fmt.Errorf(fileNotWritten, file, reason(err))
		if errors.Is(err, errMoved) {
			return err
		}
		return unwrittenError{err}
	}
	u.rewritten[file] = after
	for _, d := range drafts[:1] {
		d.Comments = append(d.Comments, gone...)
	}
	return nil
}

// judge judges the files that were written, of which some things were said before.
func (u *updater) judge(ctx context.Context, before []spec.Diagnostic) []spec.Diagnostic {
	if len(u.rewritten) == 0 {
		return nil
	}
	files := map[string]bool{}
	for _, d := range u.drafts {
		if u.rewritten[d.Pos.File] != nil || u.rewritten[u.cards[d.CardFile]] != nil {
			files[d.Pos.File] = true
		}
	}
	set := spec.Load(ctx, slices.Sorted(maps.Keys(files)), spec.Options{
		Dir: u.env.Dir, Now: u.env.Now(), Severity: u.o.severity, Strict: u.o.strict,
	})
	return slices.DeleteFunc(set.Diagnostics, func(d spec.Diagnostic) bool {
		return slices.ContainsFunc(before, func(b spec.Diagnostic) bool {
			return b.Pos.File == d.Pos.File && b.Rule == d.Rule && b.Message == d.Message
		})
	})
}

// unwrittenError is of a file that the system did not let be written.
type unwrittenError struct{ error }

var errMoved = errors.New(updateMoved)

// replaceText puts a text in the place of another, which must be there still: never half of it, and
// with the rights of the file. A link stays, and what it leads to is replaced.
func replaceText(name string, before, after []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return err
	}
	return replace(name, func(f wholeFile) error {
		_, err := f.Write(after)
		return errors.Join(err, f.Chmod(info.Mode().Perm()))
	}, func(folder *os.Root) error { return stillThere(folder, filepath.Base(name), before) })
}

// stillThere wants a file to have the text that was read.
func stillThere(folder *os.Root, name string, text []byte) error {
	now, err := folder.ReadFile(name)
	if err == nil && string(now) != string(text) {
		err = errMoved
	}
	return err
}
