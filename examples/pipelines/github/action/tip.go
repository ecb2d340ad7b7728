package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tip decides how what a run was started for stands to the branch by now: a run that is repeated, or
// that has waited, must not bring back what the branch no longer says. Checkout has just fetched the
// branch, when the job's turn had come.
func (s settings) tip(ctx context.Context, r *reviewed, branch, from string) error {
	tip, err := s.gitOutput(ctx, "rev-parse", "--verify", "--end-of-options", "refs/remotes/origin/"+branch+"^{commit}")
	switch {
	case err != nil:
		return errors.New(noTip)
	case s.job() == "plan/merge_group": // entries before this one are in from, and not in the branch
		r.Tree, r.Since = from, tip
	case tip != from && r.Digest != "":
		r.Refused = true
		r.note(movedOn, branch)
	case s.git(ctx, "merge-base", "--is-ancestor", from, tip) != nil:
		r.Approvals, r.Moved = nil, true
		r.note(noLongerPart, from, branch)
	default:
		r.Tree, r.Since = tip, from
	}
	if r.Tree == r.Since {
		r.Tree, r.Since = "", ""
	}
	return nil
}

// dropWhatMoved takes back the approvals of the drafts that mean something else in another tree of
// the repository: as the branch is by now, or as an earlier entry of the merge queue makes it.
func (s settings) dropWhatMoved(ctx context.Context, signals <-chan os.Signal, r *reviewed) (stopped bool, err error) {
	if r.Tree == "" {
		return false, nil
	}
	dir, err := os.MkdirTemp(s.getenv("RUNNER_TEMP"), "notiform-tree-")
	if err != nil {
		return false, err
	}
	tree := filepath.Join(dir, "tree")
	if err := s.git(ctx, "worktree", "add", "--quiet", "--detach", tree, r.Tree); err != nil {
		return false, err
	}
	const name = "moved.json"
	args := []string{"plan", "--changed", r.Since, "--report", "json=" + s.file(name)}
	code := s.notiform(ctx, signals, tree, io.Discard, append(args, s.given("plan")...))
	if code == interrupted {
		return true, nil
	}
	moved, err := s.result(name)
	told := len(r.Notes)
	if err != nil || !slices.Contains([]int{0, exitRefused}, code) {
		r.Approvals = nil
		r.note(tipNotRead, r.Tree)
	}
	for _, d := range append(moved.Drafts, moved.Removed...) {
		r.drop(d.NotificationID)
	}
	for _, note := range r.Notes[told:] {
		fmt.Fprint(s.out, annotation("warning", note))
	}
	src, err := json.Marshal(r)
	return false, errors.Join(err, os.WriteFile(s.file(reviewedFile), src, 0o600))
}

func (r *reviewed) drop(id string) {
	for i, lines := range r.Approvals {
		kept := slices.DeleteFunc(slices.Collect(strings.Lines(lines)), func(line string) bool { return strings.HasSuffix(line, " "+id+"\n") })
		if r.Approvals[i] = strings.Join(kept, ""); r.Approvals[i] != lines {
			r.Moved = true
			r.note(draftMoved, id, r.Tree)
		}
	}
}
