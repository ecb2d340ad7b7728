package command

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/history"
	"notiform/reconcile/preview/page"
	"notiform/reconcile/report"
	"notiform/spec"
)

func previewCommand(env Env) *cli.Command {
	o := looking{drafts: drafts{outputs: outputs{command: "preview"}}}
	return &cli.Command{
		Name: "preview", Usage: aboutPreview, UsageText: examplePreview, ArgsUsage: "[PATH ...]", Description: storyPreview,
		Flags: slices.Concat([]cli.Flag{
			&cli.IntFlag{Name: "port", Destination: &o.port, DefaultText: anyFreePort, Action: between("port", 0, 65535), Usage: flagPreviewPort},
			&cli.StringFlag{Name: "base", Destination: &o.against, Usage: flagPreviewBase},
		}, o.team.flags(), o.ofRules()),
		Action: func(c *cli.Context) error { return o.serve(c.Context, env, c.Args().Slice()) },
	}
}

// looking are the options of preview.
type looking struct {
	drafts
	port     int
	kept     spec.Memory
	texts    map[string]string // as they were read last
	base     history.Base
	mark     string   // what the base is of
	gitFiles []string // in which is seen that it may be another
}

// serve shows the drafts until it is interrupted, as sandbox serves; whoever interrupts the first
// reading has seen nothing.
func (o *looking) serve(ctx context.Context, env Env, paths []string) error {
	if slices.Contains(paths, "-") {
		return usage(previewWithStdin)
	}
	soft, _, release := interruptible(ctx, env, 0, stoppingPreview)
	defer release()
	ready := false
	err := page.Serve(soft, page.Options{
		Port: o.port, Dir: env.Dir, Visible: report.Visible,
		Read: func(ctx context.Context) (page.Reading, error) { return o.reading(ctx, env, paths) },
		Ready: func(address string) {
			ready = true
			say(env.Stderr, previewServes)
			_, _ = env.Stdout.Write([]byte(address + "\n"))
		},
		Deaf: func(folder string, err error) { say(env.Stderr, previewDeaf, folder, err) },
	})
	switch {
	case interrupted(soft) && !ready:
		return &exitError{report.ExitInterrupted, errInterrupted}
	case interrupted(soft):
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return hinted{err, hintPreviewPort}
	default:
		return err
	}
}

// reading reads the drafts as validate does, with what they said at the revision.
func (o *looking) reading(ctx context.Context, env Env, paths []string) (page.Reading, error) {
	r := page.Reading{Texts: map[string]string{}, Revision: o.against}
	var guard sync.Mutex
	o.memory, o.seen = &o.kept, func(name string, src []byte) {
		guard.Lock()
		defer guard.Unlock()
		if r.Texts[name] = o.texts[name]; r.Texts[name] != string(src) {
			r.Texts[name] = string(src)
		}
	}
	set, err := o.load(ctx, env, paths)
	if err != nil {
		return r, err
	}
	o.texts = r.Texts
	if r.Set = set; o.against != "" {
		if err := o.readBase(ctx, env, set.Drafts); err != nil {
			return r, err
		}
		r.Base, r.Untold = o.base.Drafts, o.base.Untold
	}
	r.Paths, err = o.depends(env, set)
	return r, err
}

// readBase reads what the drafts said at the revision, unless that is known of the same drafts.
func (o *looking) readBase(ctx context.Context, env Env, drafts []spec.Draft) (err error) {
	var of strings.Builder
	var created []spec.Draft
	for _, d := range drafts {
		if d.NotificationID != "" {
			created = append(created, d)
			of.WriteString(d.NotificationID + "\x00" + d.Pos.File + "\x00")
		}
	}
	mark, files, err := history.Mark(ctx, env.Dir, env.Environ(), o.against)
	if mark += of.String(); err != nil || mark == o.mark {
		return err
	}
	if o.base, err = history.Read(ctx, env.Dir, env.Environ(), o.against, created); err == nil {
		o.mark, o.gitFiles = mark, files
	}
	return err
}

// depends are the paths of all that a reading depends on.
func (o *looking) depends(env Env, set spec.Set) (paths []string, err error) {
	for _, p := range slices.Concat(o.read, set.Read, []string{o.team.name}, o.gitFiles) {
		full, err := filepath.Abs(inDir(env.Dir, p))
		if err != nil {
			return nil, err
		}
		paths = append(paths, full)
	}
	return paths, nil
}
