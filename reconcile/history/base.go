package history

import (
	"bytes"
	"context"
	"errors"

	"notiform/spec"
)

// Base is what the draft files said at a Git revision.
type Base struct {
	Commit string                // the revision's full id
	Drafts map[string]spec.Draft // by notification_id; only of drafts that were asked for
	Faulty []string              // files at that revision that could not be read as drafts, in the order met
}

// baseError says why the base revision cannot be read.
type baseError struct {
	err  error
	hint string
}

func (e *baseError) Error() string { return "--base: " + e.err.Error() }
func (e *baseError) Unwrap() error { return e.err }
func (e *baseError) Hint() string  { return e.hint }

// Read reads what the given drafts said at a revision of the Git repository that dir is in
// ("" is the working directory). A draft is looked for in its own file first and, since files
// are renamed, in every other draft file of that revision by its notification_id. A fault in an
// old file costs only that file's labels.
//
// All contents come from one "git cat-file --batch"; git is run, never a shell, and the
// revision is never taken for a flag.
func Read(ctx context.Context, dir, revision string, drafts []spec.Draft) (Base, error) {
	b, err := readBase(ctx, dir, revision, drafts)
	if err != nil && ctx.Err() != nil { // git was killed then, and has nothing to say
		err = &baseError{context.Cause(ctx), ""}
	}
	return b, err
}

func readBase(ctx context.Context, dir, revision string, drafts []spec.Draft) (Base, error) {
	r, err := openRepository(ctx, dir, revision)
	if err != nil {
		return Base{}, err
	}
	b := Base{Commit: r.commit, Drafts: map[string]spec.Draft{}}
	missing := map[string]bool{}
	for _, d := range drafts {
		missing[d.NotificationID] = true
	}
	err = errors.Join(r.read(&b, missing, drafts), r.close())
	return b, err
}

// read fills b: first from the files that the drafts are in now, then from all others.
func (r *repository) read(b *Base, missing map[string]bool, drafts []spec.Draft) error {
	seen := map[string]bool{}
	for _, d := range drafts {
		if name := r.inTree(d.Pos.File); !seen[name] {
			seen[name] = true
			if err := r.collect(b, missing, name); err != nil {
				return err
			}
		}
	}
	for _, name := range r.draftFiles() {
		if len(missing) > 0 && !seen[name] {
			if err := r.collect(b, missing, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// collect takes the missing drafts out of one file of the revision. A file that names none of
// them is not even decoded.
func (r *repository) collect(b *Base, missing map[string]bool, name string) error {
	src, ok, err := r.blob(name)
	if err != nil || !ok || !mentions(src, missing) {
		return err
	}
	set := spec.Decode(name, src, spec.Options{ReadCard: r.card, Severity: r.rules})
	if set.Errors() > 0 {
		b.Faulty = append(b.Faulty, name)
		return nil
	}
	for _, d := range set.Drafts {
		if missing[d.NotificationID] {
			b.Drafts[d.NotificationID] = d
			delete(missing, d.NotificationID)
		}
	}
	return nil
}

// mentions looks every word up once, however many drafts are missing.
func mentions(src []byte, missing map[string]bool) bool {
	for word := range bytes.FieldsFuncSeq(src, func(r rune) bool { return r < '0' || r > '9' }) {
		if missing[string(word)] {
			return true
		}
	}
	return false
}
