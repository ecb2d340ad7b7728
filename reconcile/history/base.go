package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"

	"notiform/spec"
)

// Base is what the draft files said at a Git revision. A draft that is neither in Drafts nor in
// Untold is new since then.
type Base struct {
	Commit string                // the revision's full id
	Drafts map[string]spec.Draft // by notification_id; only of drafts that were asked for
	Untold map[string]string     // by notification_id: why nobody can tell what a draft said then
	Faulty []string              // files at that revision that could not be read as drafts, in the order met
}

// baseError says why the base revision cannot be read.
type baseError struct {
	err  error
	hint string
}

func (e *baseError) Error() string { return fmt.Sprintf(baseFailed, e.err) }
func (e *baseError) Unwrap() error { return e.err }
func (e *baseError) Hint() string  { return e.hint }

// Read reads what the given drafts said at a revision of the Git repository that dir is in
// ("" is the working directory). A draft is looked for in its own file first and, since files
// are renamed, in every other draft file of that revision by its notification_id. A fault in an
// old file costs only that file's labels.
//
// Of a draft that is not found Read tells whether it is new. It is when Git keeps its file as the
// file is, and no file that could have held the draft was unreadable at the revision.
//
// All contents come from one "git cat-file --batch"; git is run, never a shell, and the
// revision is never taken for a flag. environ is the caller's environment, of which Git is given
// what it needs.
func Read(ctx context.Context, dir string, environ []string, revision string, drafts []spec.Draft) (Base, error) {
	b, err := readBase(ctx, gitIn(dir, environ), revision, drafts)
	if err != nil && ctx.Err() != nil { // git was killed then, and has nothing to say
		err = &baseError{context.Cause(ctx), ""}
	}
	return b, err
}

func readBase(ctx context.Context, g git, revision string, drafts []spec.Draft) (Base, error) {
	r, err := openRepository(ctx, g, revision)
	if err != nil {
		return Base{}, err
	}
	s, err := r.search(ctx, drafts)
	closed := r.close()
	if err == nil && closed != nil {
		err = &baseError{closed, ""}
	}
	return s.base, err
}

// search looks the drafts up in the files of the commit.
func (r *repository) search(ctx context.Context, drafts []spec.Draft) (s search, err error) {
	s = search{
		repository: r, missing: map[string]bool{}, faulty: map[string]string{},
		base: Base{Commit: r.commit, Drafts: map[string]spec.Draft{}, Untold: map[string]string{}},
	}
	if s.standing, err = r.stand(ctx, drafts); err != nil {
		return s, err
	}
	return s, s.find(drafts)
}

// search looks for drafts in the files of a revision.
type search struct {
	*repository
	standing
	base    Base
	missing map[string]bool   // by notification_id
	faulty  map[string]string // by notification_id: why a file that may have held it could not be read
	opaque  string            // why nobody can tell which drafts some file held
}

// find fills the base: first from the files that the drafts are in now, then from all others.
func (s *search) find(drafts []spec.Draft) error {
	own := map[string][]string{} // the drafts of a file, by its name
	for _, d := range drafts {
		if why := s.why[d.Pos.File]; why != "" {
			s.base.Untold[d.NotificationID] = why
			continue
		}
		s.missing[d.NotificationID] = true
		own[s.names[d.Pos.File]] = append(own[s.names[d.Pos.File]], d.NotificationID)
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if at, replaced := s.replaced(name); replaced {
			s.unreadable(at, own[name], fmt.Sprintf(linkThen, at))
		} else if err := s.look(name, own[name]); err != nil {
			return err
		}
	}
	for _, name := range s.draftFiles() {
		if len(s.missing) > 0 && own[name] == nil {
			if err := s.look(name, nil); err != nil {
				return err
			}
		}
	}
	for id := range s.missing {
		if why := cmp.Or(s.faulty[id], s.opaque); why != "" {
			s.base.Untold[id] = why
		}
	}
	return nil
}

// look looks for the missing drafts in a file of the revision. own are those that the file of this
// name holds now. A file that names none of them is not even decoded; it is no proof that they
// are new when what it said cannot be read, and is gone. What a dot hides is of other programs as a rule.
func (s *search) look(name string, own []string) error {
	src, ok, err := s.blob(name)
	gone := !isHidden(name) && s.indexed[name].object != s.entries[name].object
	switch {
	case errors.Is(err, errTooLarge):
		if why := fmt.Sprintf(largeThen, name, maxContent>>20); gone || own != nil {
			s.unreadable(name, own, why)
			if gone {
				s.opaque = cmp.Or(s.opaque, why)
			}
		}
		return nil
	case err != nil || !ok:
		return err
	case gone && isOpaque(src):
		s.opaque = cmp.Or(s.opaque, fmt.Sprintf(opaqueThen, name))
	}
	if ids := append(mentioned(src, s.missing), own...); len(ids) > 0 {
		return s.take(name, src, ids)
	}
	return nil
}

// take takes the missing drafts out of a content, or notes that it is at fault and may have held
// those of ids.
func (s *search) take(name string, src []byte, ids []string) error {
	set := spec.Decode(name, src, spec.Options{ReadCard: s.card, Severity: s.rules})
	if s.failed != nil { // in a card file
		return s.failed
	}
	if set.Errors() > 0 {
		s.unreadable(name, ids, fmt.Sprintf(faultyThen, name))
		return nil
	}
	for _, d := range set.Drafts {
		if s.missing[d.NotificationID] {
			s.base.Drafts[d.NotificationID] = d
			delete(s.missing, d.NotificationID)
		}
	}
	return nil
}

// unreadable notes a file that could not be read, and why the drafts that it may have held are
// not found.
func (s *search) unreadable(name string, ids []string, why string) {
	s.base.Faulty = append(s.base.Faulty, name)
	for _, id := range ids {
		s.faulty[id] = cmp.Or(s.faulty[id], why)
	}
}

// mentioned are the missing drafts that a content names. Every word is looked up once, however
// many are missing.
func mentioned(src []byte, missing map[string]bool) (ids []string) {
	for word := range bytes.FieldsFuncSeq(src, func(r rune) bool { return r < '0' || r > '9' }) {
		if missing[string(word)] {
			ids = append(ids, string(word))
		}
	}
	return ids
}

var (
	anyField = regexp.MustCompile(`["'\w]\s*:(\s|$)|":`) // of YAML or JSON, somewhere
	anyText  = regexp.MustCompile(`(?m)^\s*[^#\s]`)      // that is no comment
)

// isOpaque reports whether a content hides what it says: it is no text, or a text without any
// field, such as the pointer that Git LFS leaves in place of a file.
func isOpaque(src []byte) bool {
	return !utf8.Valid(src) || anyText.Match(src) && !anyField.Match(src)
}
