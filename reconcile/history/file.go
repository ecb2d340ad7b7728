package history

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoFile is why what is there cannot be read as a file, and never will be.
var ErrNoFile = errors.New(noFile)

// noFileError is an ErrNoFile that says it in other words.
type noFileError struct{ error }

func (noFileError) Is(target error) bool { return target == ErrNoFile }

// FileAt is the content of a file at a revision, by its name from the root; nothing where there is
// none. See Read for dir and environ.
func FileAt(ctx context.Context, dir string, environ []string, revision, name string) ([]byte, error) {
	r := newRepository(gitIn(dir, environ))
	err := r.locate(ctx)
	if err == nil {
		err = r.choose(ctx, revision)
	}
	var src []byte
	if err == nil {
		src, err = r.file(ctx, name)
	}
	if err != nil && ctx.Err() != nil { // git was killed then, and has nothing to say
		err = &baseError{context.Cause(ctx), ""}
	}
	return src, err
}

// FileAtTip is FileAt for the revision that s was made with: its tip, not the merge base.
func (s *Since) FileAtTip(ctx context.Context, name string) ([]byte, error) {
	r := newRepository(s.r.git)
	r.commit = s.tip
	src, err := r.file(ctx, name)
	if errors.Is(err, ErrNoFile) {
		return nil, err
	}
	return src, notSince(ctx, err)
}

// file is the content of one file of the commit. What is there and is no regular file is an error.
func (r *repository) file(ctx context.Context, name string) ([]byte, error) {
	list, err := r.run(ctx, nil, "ls-tree", "-z", "--full-tree", r.commit, "--", name)
	if err != nil {
		return nil, &baseError{err, hintFetchObjects}
	}
	names, found := entries(list, 2) // <mode> <type> <id>
	switch {
	case len(names) == 0:
		return nil, nil
	case !found[name].regular:
		return nil, noFileError{fmt.Errorf(notRegular, name, r.commit)}
	}
	r.entries = found
	if err := r.start(r.command(ctx, "cat-file", "--batch")); err != nil {
		return nil, err
	}
	src, _, err := r.blob(name)
	if errors.Is(err, errTooLarge) {
		err = noFileError{fmt.Errorf(largeOnce, name, maxContent>>20, r.commit)}
	}
	if closed := r.close(); err == nil && closed != nil {
		err = &baseError{closed, ""}
	}
	return src, err
}
