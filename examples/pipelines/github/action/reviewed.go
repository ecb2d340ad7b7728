package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checkRun is a check run. One of a plan has its approvals as its text.
type checkRun struct {
	Name        string  `json:"name"`
	HeadSHA     string  `json:"head_sha"`
	Status      string  `json:"status"`
	Conclusion  string  `json:"conclusion"`
	ExternalID  string  `json:"external_id"` // the pull request
	Output      written `json:"output"`
	CompletedAt string  `json:"completed_at,omitempty"` // left to GitHub's clock
	ID          int64   `json:"id,omitempty"`
	App         *struct {
		Slug string `json:"slug"`
	} `json:"app,omitempty"`
}

type written struct {
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Text    string `json:"text,omitempty"`
}

const (
	workflowsApp = "github-actions"
	fence        = "```"
	passed       = "success"
)

var approvalLine = regexp.MustCompile(`^(sha256:[0-9a-f]{64} [0-9]+|allow-audience [a-z_]+)$`)

// approvals are the lines in the text of a check run; none if anything else stands there.
func (c checkRun) approvals() (lines string, ok bool) {
	text := strings.ReplaceAll(strings.TrimSpace(c.Output.Text), "\r\n", "\n")
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == fence || line == "" {
			continue
		}
		if !approvalLine.MatchString(line) {
			return "", false
		}
		lines += line + "\n"
	}
	return lines, true
}

// approved are the approvals of a pull request that count, and else what stands against them.
func (s settings) approved(ctx context.Context, p pull) (lines, against string, err error) {
	runs, err := s.plans(ctx, p)
	if err != nil || len(runs) == 0 {
		return "", fmt.Sprintf(neverPlanned, p.Number, p.HeadRefOid), err
	}
	newest := runs[len(runs)-1]
	lines, ok := newest.approvals()
	if !ok || lines == "" && newest.Conclusion != passed { // it may be red for a draft that is blocked, beside those that can be approved
		return "", fmt.Sprintf(planFailed, p.Number, p.HeadRefOid), nil
	}
	if s.getenv("REVIEW") == "none" || lines == "" {
		return lines, "", nil
	}
	shown, err := firstShown(runs, lines)
	if err != nil {
		return "", "", err
	}
	if !slices.ContainsFunc(p.LatestOpinionatedReviews.Nodes, func(r review) bool { return r.counts(p, shown) }) {
		return "", fmt.Sprintf(notReviewed, p.Number, p.HeadRefOid, shown.Format(time.RFC3339)), nil
	}
	return lines, "", nil
}

// plans are the check runs that the plans of a pull request have left on its last commit, the
// newest last.
func (s settings) plans(ctx context.Context, p pull) ([]checkRun, error) {
	type page struct {
		CheckRuns []checkRun `json:"check_runs"`
	}
	path := "/commits/" + p.HeadRefOid + "/check-runs?filter=all&check_name=" + url.QueryEscape(s.named("notiform"))
	runs, err := list(ctx, s, path, func(p page) []checkRun { return p.CheckRuns })
	runs = slices.DeleteFunc(runs, func(c checkRun) bool {
		return c.Name != s.named("notiform") || c.App == nil || c.App.Slug != workflowsApp || c.ExternalID != strconv.Itoa(p.Number) || c.Status != "completed"
	})
	slices.SortFunc(runs, func(a, b checkRun) int { return cmp.Compare(a.ID, b.ID) })
	return runs, err
}

// firstShown is when a plan showed exactly this for the first time: planning again does not make a
// review count for less.
func firstShown(runs []checkRun, lines string) (time.Time, error) {
	i := slices.IndexFunc(runs, func(c checkRun) bool {
		same, ok := c.approvals()
		return ok && same == lines
	})
	return time.Parse(time.RFC3339, runs[i].CompletedAt)
}

// counts reports whether a review approves what was shown, by somebody else than who wrote it, and not
// by a workflow, which whoever pushes a branch can have approve. GitHub has left out those who may not
// write. Its times have whole seconds, so equal is not later.
func (r review) counts(p pull, shown time.Time) bool {
	return r.State == "APPROVED" && r.Commit.OID == p.HeadRefOid && r.SubmittedAt.After(shown) &&
		!slices.Contains([]string{"", workflowsApp, p.Author.Login}, r.Author.Login)
}
