package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// walk goes through the commits that HEAD is made of, children before their parents, and tells
// what each changed. It can be left at any commit: what lies behind is not even read.
type walk struct {
	*repository
	wants func(name string) bool // which files are told of
	ahead []string               // commits that are still to visit, each with its parents
	roots map[string]string      // the ids of the trees of the commits
	cut   bool                   // there are more commits than are visited
	trees treeCache
	left  int // how many more edits are remembered
}

// visit is what a commit changed: against each of its parents, or all that the first one holds.
type visit struct {
	commit  string
	first   bool // it has no parent here
	cut     bool // a shallow clone lacks it
	against []map[string]edit
}

// edit is what became of a file, by the ids of its content, which are "" where there is no regular file.
type edit struct{ old, new string }

const (
	maxVisits = 100_000
	maxEdits  = 1_000_000 // that are remembered; and as many are looked through in one commit
)

// walk starts at the commit that r is of. The trees are asked for by their ids: Git takes ten times
// as long to find and check the tree of a commit.
func (r *repository) walk(ctx context.Context, wants func(name string) bool) (*walk, error) {
	list, err := r.run(ctx, nil, "rev-list", "--topo-order", "--parents", "--format=%T", fmt.Sprintf("--max-count=%d", maxVisits+1), r.commit, "--")
	if err != nil {
		return nil, err
	}
	w := &walk{repository: r, wants: wants, left: maxEdits, roots: map[string]string{}}
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if commit, ok := strings.CutPrefix(line, "commit "); ok {
			w.ahead = append(w.ahead, commit)
		} else if n := len(w.ahead); n > 0 {
			commit, _, _ := strings.Cut(w.ahead[n-1], " ")
			w.roots[commit] = line
		}
	}
	if w.cut = len(w.ahead) > maxVisits; w.cut {
		w.ahead = w.ahead[:maxVisits]
	}
	return w, nil
}

// next is the next visit; ok is false at the end.
func (w *walk) next() (v visit, ok bool, err error) {
	if len(w.ahead) == 0 {
		return v, false, nil
	}
	commit, parents, _ := strings.Cut(w.ahead[0], " ")
	w.ahead = w.ahead[1:]
	v = visit{commit: commit, first: parents == ""}
	if v.first {
		if v.cut, err = w.hasParents(commit); err != nil {
			return v, false, err
		}
	}
	for parent := range strings.SplitSeq(parents, " ") {
		c := comparison{walk: w, commit: commit, edits: map[string]edit{}, left: maxEdits}
		if err := c.compare(w.root(parent), w.root(commit), ""); err != nil {
			return v, false, err
		}
		v.against = append(v.against, c.edits)
	}
	return v, true, nil
}

// root is what Git finds the tree of a commit by: it is not known of one behind the last that is
// visited. That of "" is "".
func (w *walk) root(commit string) string {
	if tree, known := w.roots[commit]; known || commit == "" {
		return tree
	}
	return commit + "^{tree}"
}

// names are those of the files that it changed, in order.
func (v visit) names() []string {
	names := map[string]bool{}
	for _, edits := range v.against {
		for name := range edits {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// hasParents tells of a commit without parents here whether it says that it has some, which a
// shallow clone lacks.
func (r *repository) hasParents(commit string) (bool, error) {
	_, src, err := r.object(commit, commit, commit)
	if errors.Is(err, errTooLarge) {
		return true, nil
	}
	head, _, _ := bytes.Cut(src, []byte("\n\n"))
	return bytes.Contains(head, []byte("\nparent ")), err
}
