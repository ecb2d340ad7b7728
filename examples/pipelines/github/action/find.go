package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	queueRef     = regexp.MustCompile(`^refs/heads/gh-readonly-queue/.+/pr-([0-9]+)-[0-9a-f]+$`)
	audienceForm = regexp.MustCompile(`^allow-audience ([a-z_]+)$`)
)

// find makes the folder of the run and leaves in it what may be written.
func (s settings) find(ctx context.Context) (int, error) {
	if err := s.check(); err != nil {
		return wrongUsage, err
	}
	dir, err := os.MkdirTemp(s.getenv("RUNNER_TEMP"), "notiform-")
	if err != nil {
		return 1, err
	}
	e, err := s.event()
	if err != nil {
		return 1, err
	}
	r, err := s.look(ctx, e)
	if err != nil {
		return 1, err
	}
	src, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return 1, err
	}
	for _, note := range r.Notes {
		fmt.Fprint(s.out, annotation("warning", note))
	}
	return 0, errors.Join(os.WriteFile(dir+"/"+reviewedFile, src, 0o600), s.output("directory="+dir))
}

// look finds what a job needs, by what it runs for.
func (s settings) look(ctx context.Context, e event) (r reviewed, err error) {
	switch s.job() {
	case "validate/pull_request", "plan/pull_request":
		r.Changed = s.getenv("GITHUB_SHA") + "^1" // what GitHub merged it with, and not a branch that has moved on
	case "validate/merge_group", "plan/merge_group":
		r.Changed = e.MergeGroup.BaseSHA
	}
	if s.getenv("GH_TOKEN") == "" {
		if s.getenv("COMMAND") == "apply" {
			return r, errors.New(noToken)
		}
		return r, nil
	}
	switch s.job() {
	case "plan/pull_request":
		return r, s.lookAtPull(ctx, e.PullRequest.Number, &r)
	case "plan/merge_group":
		return r, s.lookAtQueue(ctx, e, &r)
	case "apply/push":
		return r, s.lookAtPush(ctx, e, &r)
	case "apply/workflow_dispatch":
		return r, s.lookByHand(ctx, &r)
	}
	return r, nil
}

// lookAtPull takes the audiences that the labels of a pull request allow now.
func (s settings) lookAtPull(ctx context.Context, number int, r *reviewed) error {
	p, err := s.pull(ctx, number)
	if err != nil {
		return err
	}
	if r.Refused = p.IsCrossRepository; r.Refused {
		r.note(fromFork)
		return nil
	}
	r.Pulls = []pull{p}
	for _, label := range p.Labels.Nodes {
		if allowed := audienceForm.FindStringSubmatch(label.Name); allowed != nil {
			r.Audiences = append(r.Audiences, allowed[1])
		}
	}
	return nil
}

// lookAtQueue takes what was approved of the pull request that waits in a merge queue. Its plan
// there is younger than every review, so it can only be compared.
func (s settings) lookAtQueue(ctx context.Context, e event, r *reviewed) error {
	ref := queueRef.FindStringSubmatch(e.MergeGroup.HeadRef)
	if ref == nil {
		return fmt.Errorf(noQueueRef, e.MergeGroup.HeadRef)
	}
	number, err := strconv.Atoi(ref[1])
	if err != nil {
		return err
	}
	p, err := s.pull(ctx, number)
	if err != nil {
		return err
	}
	if err := s.add(ctx, r, p); err != nil {
		return err
	}
	return s.tip(ctx, r, strings.TrimPrefix(e.MergeGroup.BaseRef, "refs/heads/"), e.MergeGroup.BaseSHA)
}

func (s settings) add(ctx context.Context, r *reviewed, p pull) error {
	lines, against, err := s.approved(ctx, p)
	if err != nil {
		return err
	}
	if against != "" {
		r.note("%s", against)
	}
	r.Pulls, r.Approvals = append(r.Pulls, p), append(r.Approvals, lines)
	return nil
}

// lookByHand takes the digest that somebody has reviewed.
func (s settings) lookByHand(ctx context.Context, r *reviewed) error {
	r.Digest, r.Changed = s.getenv("DIGEST"), s.getenv("CHANGED")
	if !digestForm.MatchString(r.Digest) {
		return errors.New(noDigest)
	}
	if r.Changed != "" && !commitForm.MatchString(r.Changed) {
		return errors.New(noCommit)
	}
	return s.tip(ctx, r, s.getenv("GITHUB_REF_NAME"), s.getenv("GITHUB_SHA"))
}

// lookAtPush takes what was approved of every pull request that a push has merged.
func (s settings) lookAtPush(ctx context.Context, e event, r *reviewed) error {
	after := s.getenv("GITHUB_SHA")
	if e.Forced || !commitForm.MatchString(e.Before) || s.git(ctx, "merge-base", "--is-ancestor", e.Before, after) != nil {
		r.note(noBefore)
		return nil
	}
	r.Changed = e.Before
	out, err := s.gitOutput(ctx, "rev-list", "--first-parent", e.Before+".."+after)
	if err != nil {
		return err
	}
	pulls, direct, err := s.merged(ctx, strings.Fields(out))
	if err != nil {
		return err
	}
	for _, commit := range direct {
		r.note(pushedDirectly, commit)
	}
	for _, p := range pulls {
		if err := s.add(ctx, r, p); err != nil {
			return err
		}
	}
	return s.tip(ctx, r, s.getenv("GITHUB_REF_NAME"), after)
}

// merged are the pull requests that brought these commits, and the commits that none brought. GitHub
// may know it only a while after the merge, so it is given some patience.
func (s settings) merged(ctx context.Context, commits []string) (pulls []pull, direct []string, err error) {
	patience, err := time.ParseDuration(s.getenv("PATIENCE"))
	if err != nil {
		return nil, nil, err
	}
	until := s.now().Add(patience)
	for wait := time.Second; ; wait *= 2 {
		if pulls, direct, err = s.mergedNow(ctx, commits); err != nil || len(direct) == 0 || s.now().Add(wait).After(until) {
			return pulls, direct, err
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, nil, err
		}
	}
}

func (s settings) mergedNow(ctx context.Context, commits []string) (pulls []pull, direct []string, err error) {
	known := map[int]bool{} // whether the pull request was merged by one of these commits
	for _, commit := range commits {
		var of []struct{ Number int }
		err := s.call(ctx, http.MethodGet, "/commits/"+commit+"/pulls", nil, &of)
		if err != nil && !errors.Is(err, errUnknown) { // which a commit may be that was just pushed
			return nil, nil, err
		}
		brought := false
		for _, n := range of {
			if _, asked := known[n.Number]; !asked {
				p, err := s.pull(ctx, n.Number)
				if err != nil {
					return nil, nil, err
				}
				known[n.Number] = p.Merged && p.BaseRefName == s.getenv("GITHUB_REF_NAME") && slices.Contains(commits, p.MergeCommit.OID)
				if known[n.Number] {
					pulls = append(pulls, p)
				}
			}
			brought = brought || known[n.Number]
		}
		if !brought {
			direct = append(direct, commit)
		}
	}
	return pulls, direct, nil
}

func (s settings) git(ctx context.Context, args ...string) error {
	_, err := s.gitOutput(ctx, args...)
	return err
}

// gitOutput runs git, which runs no hook of the work tree's and is given no secret.
func (s settings) gitOutput(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-c", "core.hooksPath=/dev/null"}, args...)...)
	command.Env = slices.DeleteFunc(slices.Clone(s.environ), func(setting string) bool {
		return strings.HasPrefix(setting, "FEISHU_") || strings.HasPrefix(setting, "GH_TOKEN=")
	})
	out, err := command.Output()
	return strings.TrimSpace(string(out)), err
}
