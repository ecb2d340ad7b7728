package command

import (
	"path"
	"slices"

	"github.com/urfave/cli/v2"

	"notiform/spec"
)

// only narrows a run to some of the drafts.
type only struct{ patterns []string }

func (o *only) flags() []cli.Flag {
	return []cli.Flag{&cli.StringSliceFlag{Name: "only", Action: o.read, Usage: flagOnly}}
}

func (o *only) read(_ *cli.Context, patterns []string) error {
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			return usage(noPattern, pattern, err)
		}
	}
	o.patterns = patterns
	return nil
}

// selected are the drafts that --only leaves, or all. A pattern that matches none is a mistake
// worth stopping for: it would otherwise look like "no changes".
func (o *only) selected(all []spec.Draft) ([]spec.Draft, error) {
	if len(o.patterns) == 0 {
		return all, nil
	}
	matched := make([]bool, len(o.patterns))
	var kept []spec.Draft
	for _, d := range all {
		keep := false
		for i, pattern := range o.patterns {
			if matches(pattern, d) {
				matched[i], keep = true, true
			}
		}
		if keep {
			kept = append(kept, d)
		}
	}
	if i := slices.Index(matched, false); i >= 0 {
		return nil, usage(matchesNone, o.patterns[i])
	}
	return kept, nil
}

func matches(pattern string, d spec.Draft) bool {
	for _, name := range []string{d.NotificationID, d.Pos.File, path.Base(d.Pos.File), d.JobName} {
		if ok, _ := path.Match(pattern, name); ok { // read has judged the pattern
			return true
		}
	}
	return false
}

// typed are the flags as they could be typed again.
func (o *only) typed() []string {
	var args []string
	for _, pattern := range o.patterns {
		args = append(args, "--only", pattern)
	}
	return args
}
