package command

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/urfave/cli/v2"

	"notiform/spec"
)

// only narrows a run to some of the drafts.
type only struct{ patterns []string }

func (o *only) flags() []cli.Flag {
	return []cli.Flag{&cli.StringSliceFlag{Name: "only", Action: o.read, Usage: flagOnly}}
}

func (o *only) read(_ *cli.Context, patterns []string) error {
	o.patterns = patterns
	return nil
}

// selected are the drafts that --only leaves, or all. A pattern that matches none is a mistake
// worth stopping for, also beside others: it would otherwise look like "no changes".
func (o *only) selected(all []spec.Draft) ([]spec.Draft, error) {
	if len(o.patterns) == 0 {
		return all, nil
	}
	keep := make([]bool, len(all))
	for _, pattern := range o.patterns {
		found, err := mark(keep, all, pattern)
		switch {
		case err != nil:
			return nil, err
		case !found:
			return nil, usage(matchesNone, pattern)
		}
	}
	var kept []spec.Draft
	for i, d := range all {
		if keep[i] {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

// mark sets keep for the drafts that a pattern means: those that it names to the letter and, only
// if there are none, those that it matches. So a job_name such as [IT] * can be typed as it is.
func mark(keep []bool, all []spec.Draft, pattern string) (found bool, err error) {
	for i, d := range all {
		if slices.Contains([]string{d.NotificationID, d.JobName, d.Pos.File, path.Base(d.Pos.File)}, pattern) || d.Pos.File == path.Clean(pattern) {
			keep[i], found = true, true
		}
	}
	if found {
		return true, nil
	}
	if !doublestar.ValidatePattern(pattern) {
		return false, usage(noPattern, pattern, doublestar.ErrBadPattern)
	}
	for i, d := range all {
		if matches(pattern, d) {
			keep[i], found = true, true
		}
	}
	return found, nil
}

// matches holds a valid pattern against a draft. In a path * stops at a folder's end and ** does not.
// A job_name is no path: in it a / is a character like any other.
func matches(pattern string, d spec.Draft) bool {
	plain := strings.NewReplacer("/", "\x00").Replace
	return doublestar.MatchUnvalidated(pattern, d.NotificationID) ||
		doublestar.MatchUnvalidated(pattern, d.Pos.File) || doublestar.MatchUnvalidated(path.Clean(pattern), d.Pos.File) ||
		doublestar.MatchUnvalidated(pattern, path.Base(d.Pos.File)) ||
		doublestar.MatchUnvalidated(plain(pattern), plain(d.JobName))
}

// typed are the flags as they could be typed again.
func (o *only) typed() []string {
	var args []string
	for _, pattern := range o.patterns {
		args = append(args, "--only", pattern)
	}
	return args
}
