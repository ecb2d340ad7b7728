package history

import (
	"context"
	"errors"
	"regexp"

	"notiform/spec"
)

// Version is what a draft said as of a commit.
type Version struct {
	Commit string // its full id
	Age    int    // of two versions the one with the smaller Age is the newer
	Draft  spec.Draft
}

// ErrNone is why drafts have no versions: there is no Git, no work tree, or no commit in it.
var ErrNone = errors.New(noVersions)

// saysOutside is how Git says that a directory is in no work tree.
var saysOutside = regexp.MustCompile(`not a git repository|must be run in a work tree|cannot use bare repository`)

// noneError is an ErrNone that says it in other words.
type noneError struct{ error }

func (noneError) Is(target error) bool { return target == ErrNone }
func (e noneError) Unwrap() error      { return e.error }

// Check tells whether Versions has any commits to go through. ErrNone is that this is no place for
// it; any other error is of a repository that cannot be read.
func Check(ctx context.Context, dir string, environ []string) error {
	r := &repository{git: gitIn(dir, environ)}
	err := r.locate(ctx)
	if err == nil {
		err = r.choose(ctx, "HEAD")
	}
	if err != nil && ctx.Err() != nil {
		err = &baseError{context.Cause(ctx), ""}
	}
	return err
}

// Versions tells what the drafts said in the commits that HEAD is made of, side branches that were
// merged included: each version of each draft, with its card, whatever file it was in. Of a draft
// of which a version is enough no other is told. The work tree says nothing here, and an old file
// with faults is no version.
//
// The answer says of a draft, by its notification_id, why there may be others than those told: Git
// does not keep its file as it is, its history is cut off, or Git failed. A draft without any
// version and any such reason is new.
//
// The cost is one walk over the commits, up to the last one that is needed, and the contents of
// the versions.
func Versions(ctx context.Context, dir string, environ []string, drafts []spec.Draft, enough func(Version) bool) map[string]string {
	p := pursuit{
		trails: map[string]*trail{}, watched: map[string][]*trail{}, touched: map[string][]int{},
		asked: map[string]bool{}, named: map[string][]string{}, enough: enough,
	}
	err := p.run(ctx, gitIn(dir, environ), drafts)
	if flagged, ok := errors.AsType[*baseError](err); ok {
		err = flagged.err
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	untold := map[string]string{}
	for _, d := range drafts {
		if why := p.untold(d.NotificationID, err); why != "" {
			untold[d.NotificationID] = why
		}
	}
	return untold
}
