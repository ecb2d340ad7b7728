package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"notiform/spec"
)

// folder is where import writes. A file in it is whole or not there, whenever a run ends.
type folder struct {
	root   *os.Root
	name   string // as places have it
	schema string
	force  bool
	judge  spec.Options        // of what is written
	owners map[string]spec.Pos // of the notifications in files that were there before
	held   map[string][]string // what each of those files holds

	guard sync.Mutex
	found []spec.Diagnostic // of what was written
}

// open opens the folder and reads what drafts it holds.
func (o *importing) open(ctx context.Context, env Env) (*folder, error) {
	schema, err := o.relativeSchema(env)
	if err != nil {
		return nil, err
	}
	root, err := openFolder(cmp.Or(env.Dir, "."), o.into)
	if err != nil {
		return nil, hinted{fmt.Errorf(folderNotMade, o.into, reason(err)), hintFolder}
	}
	set := spec.Load(ctx, []string{o.into}, spec.Options{Dir: env.Dir})
	f := &folder{
		root: root, name: filepath.ToSlash(o.into), schema: schema, force: o.force,
		judge:  spec.Options{Now: env.Now(), Severity: o.severities(), Guards: o.team.file.Guards},
		owners: map[string]spec.Pos{}, held: map[string][]string{},
	}
	unread := ""
	for _, d := range set.Diagnostics {
		if unread != d.Pos.File && slices.Contains([]string{"yaml-syntax", "unreadable-file"}, d.Rule) {
			unread = d.Pos.File
			say(env.Stderr, notReadBelow, unread)
		}
	}
	for _, d := range set.Drafts {
		f.owners[d.NotificationID] = d.Pos
		f.held[d.Pos.File] = append(f.held[d.Pos.File], d.NotificationID)
	}
	return f, context.Cause(ctx)
}

// openFolder opens a folder, and makes it if need be. One below the working directory is no link out of
// there: a checkout may hold any.
func openFolder(dir, name string) (*os.Root, error) {
	if !filepath.IsLocal(name) {
		if err := os.MkdirAll(inDir(dir, name), 0o777); err != nil {
			return nil, err
		}
		return os.OpenRoot(inDir(dir, name))
	}
	from, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer from.Close() // only opened
	if err := from.MkdirAll(name, 0o777); err != nil {
		return nil, err
	}
	return from.OpenRoot(name)
}

func (f *folder) close() { _ = f.root.Close() } // what was written in it is closed

// diagnostics are what there is to say of the files that were written, in their order.
func (f *folder) diagnostics() []spec.Diagnostic {
	slices.SortFunc(f.found, func(a, b spec.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return f.found
}

// prepare refuses the ids that a file owns, but with --force, when that depends on how the file is called.
// What an import of them that was killed has left is removed.
func (f *folder) prepare(w wanted) {
	for _, id := range w.ids {
		if w.refused[id] == nil {
			_ = f.root.Remove(unnamed(id)) // mostly there is none
		}
		if at, owned := f.owners[id]; owned && !f.force && w.refused[id] == nil {
			w.refused[id] = hinted{fmt.Errorf(ownedAlready, at), hintOwned}
		}
	}
}

// replaces faults a file that must not be replaced, as another draft would be lost or be in two files.
func (f *folder) replaces(d spec.Draft, file string) error {
	switch at, owned := f.owners[d.NotificationID]; {
	case owned && at.File != file:
		return hinted{fmt.Errorf(ownedElsewhere, at, file), hintElsewhere}
	case slices.ContainsFunc(f.held[file], func(id string) bool { return id != d.NotificationID }):
		return hinted{fmt.Errorf(holdsOthers, file), hintOthers}
	}
	return nil
}

// write is a reconcile.ImportOptions.Write.
func (f *folder) write(d spec.Draft) (spec.Pos, error) {
	name := d.FileName()
	file := path.Join(f.name, name)
	src, set, err := spec.Encode(d, file, f.schema, f.judge)
	if err == nil {
		err = f.replaces(d, file)
	}
	if err != nil {
		return spec.Pos{}, err
	}
	switch err := f.put(unnamed(d.NotificationID), name, src); {
	case errors.Is(err, fs.ErrExist) && !f.force:
		return spec.Pos{}, hinted{fmt.Errorf(fileIsThere, file), hintThere}
	case err != nil:
		return spec.Pos{}, hinted{fmt.Errorf(fileNotWritten, file, reason(err)), writeHint(err)}
	}
	f.guard.Lock()
	defer f.guard.Unlock()
	f.found = append(f.found, set.Diagnostics...)
	return set.Drafts[0].Pos, nil
}

// put gives a file its name once it is whole and on the disk. Without --force the name must be free,
// which a link to the file sees to, and a look where the file system knows no links.
func (f *folder) put(unnamed, name string, src []byte) error {
	w, err := newFile(f.root, unnamed, 0o666)
	if err != nil {
		return err
	}
	return w.fill(func() error {
		_, err := w.Write(src)
		return err
	}, func() error { return f.call(unnamed, name) })
}

// call gives a file another name.
func (f *folder) call(unnamed, name string) error {
	if f.force {
		return f.root.Rename(unnamed, name)
	}
	err := f.root.Link(unnamed, name)
	if err == nil {
		return f.root.Remove(unnamed)
	}
	switch _, missing := f.root.Lstat(name); {
	case missing == nil:
		return fs.ErrExist
	case errors.Is(missing, fs.ErrNotExist):
		return f.root.Rename(unnamed, name)
	default:
		return missing
	}
}
