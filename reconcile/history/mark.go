package history

import (
	"context"
	"path/filepath"
)

// Mark is a text that differs when [Read] may answer otherwise for the same drafts: the revision
// has become another commit, or Git keeps other files. files are those that Git writes to when that
// happens here, absolute. See Read for dir and environ.
func Mark(ctx context.Context, dir string, environ []string, revision string) (mark string, files []string, err error) {
	r := newRepository(git{dir, environ})
	if err = r.locate(ctx); err == nil {
		err = r.choose(ctx, revision)
	}
	if err == nil {
		mark, err = git{r.top, r.environ}.index(ctx)
	}
	if err != nil && ctx.Err() != nil { // git was killed then, and has nothing to say
		err = &baseError{context.Cause(ctx), ""}
	}
	kept := filepath.FromSlash(r.gitDir)
	return r.commit + mark, []string{filepath.Join(kept, "index"), filepath.Join(kept, "logs", "HEAD")}, err
}
