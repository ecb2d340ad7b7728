package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	largestText = 65_535 // characters in a text of a check run; a comment takes one more
	mostNotes   = 20     // beside a report of up to 60 000 characters
)

// tell says on GitHub what came of it, also when notiform left nothing, and ends as notiform did.
func (s settings) tell(ctx context.Context) (int, error) {
	code, err := strconv.Atoi(s.getenv("EXIT_CODE"))
	if err != nil {
		code = 1 // it did not come to its end
	}
	if err := s.linkCards(); err != nil {
		return code, err
	}
	r, err := s.reviewed()
	if err != nil || s.getenv("GH_TOKEN") == "" {
		return code, nil // what failed has said so
	}
	switch {
	case s.getenv("COMMAND") == "apply":
		return code, s.tellPulls(ctx, r, code)
	case s.getenv("COMMAND") == "drift":
		return s.keepIssue(ctx, r, code)
	case s.job() == "plan/pull_request" && len(r.Pulls) > 0:
		return code, s.showPlan(ctx, r, code)
	case s.job() == "plan/merge_group":
		return code, s.report(ctx, r, code, s.getenv("GITHUB_SHA"), "")
	}
	return code, nil
}

// linkCards puts the page with the cards under the summary of the run.
func (s settings) linkCards() error {
	cards := s.getenv("CARDS")
	if cards == "" {
		return nil
	}
	return appendTo(s.getenv("GITHUB_STEP_SUMMARY"), "\n"+fmt.Sprintf(seeCards, cards)+"\n")
}

// text is the report of notiform under a line on what GitHub knows of it.
func (s settings) text(head string, r reviewed, code int) string {
	report, err := os.ReadFile(s.file(reportFile))
	if err != nil {
		report = fmt.Appendf(nil, noReport, code)
	}
	for _, note := range r.Notes[:min(len(r.Notes), mostNotes)] {
		head += "\n- " + note
	}
	if cards := s.getenv("CARDS"); cards != "" {
		head += "\n\n" + fmt.Sprintf(seeCards, cards)
	}
	return head + "\n\n" + string(report)
}

// showPlan shows a plan on its pull request. The check run comes last, so that nothing can be
// applied which nobody could read.
func (s settings) showPlan(ctx context.Context, r reviewed, code int) error {
	e, err := s.event()
	if err != nil {
		return err
	}
	got, _ := s.result(resultFile) // where there is none, there is no digest
	matters := code != 0 || got.touches()
	head := fmt.Sprintf(plannedCommit, e.PullRequest.Head.SHA, s.getenv("GITHUB_SHA"), s.now().UTC().Format(time.RFC3339), cmp.Or(got.Digest, "-"), s.page())
	if err := s.comment(ctx, e.PullRequest.Number, "plan", s.text(head, r, code), matters); err != nil {
		return err
	}
	approvals, err := os.ReadFile(s.file(approvalFile))
	if err != nil && code == 0 {
		return err
	}
	return s.report(ctx, r, code, e.PullRequest.Head.SHA, string(approvals))
}

// report leaves a check run on a commit. It is made at once and whole, and its time is GitHub's.
func (s settings) report(ctx context.Context, r reviewed, code int, commit, approvals string) error {
	got, _ := s.result(resultFile)
	c := checkRun{Name: s.named("notiform"), HeadSHA: commit, Status: "completed", Conclusion: passed}
	for _, p := range r.Pulls {
		c.ExternalID = strconv.Itoa(p.Number)
	}
	c.Output.Summary = s.text(fmt.Sprintf(reportOf, s.page()), r, code)
	c.Output.Title = fmt.Sprintf(toUpdate, got.Summary.Update)
	if approvals != "" { // which is so with a blocked draft beside them, and never where a guard refuses
		c.Output.Text = fence + "\n" + approvals + fence
	}
	switch {
	case len(c.Output.Text) > largestText:
		c.Conclusion, c.Output.Title, c.Output.Text = "failure", tooMany, ""
	case code != 0:
		c.Conclusion, c.Output.Title = "failure", fmt.Sprintf(endedWith, code)
	case !got.touches():
		c.Output.Title = nothingTouched
	}
	err := s.call(ctx, http.MethodPost, "/check-runs", c, nil)
	if c.Output.Title == tooMany {
		err = errors.Join(err, errors.New(tooMany))
	}
	return err
}

// tellPulls tells the pull requests that were merged what has become of them, each in one comment
// that a repeated run replaces.
func (s settings) tellPulls(ctx context.Context, r reviewed, code int) error {
	head := fmt.Sprintf(appliedCommit, s.getenv("GITHUB_SHA"), s.now().UTC().Format(time.RFC3339), s.page())
	got, err := s.result(resultFile)
	if code == exitRefused && err == nil && r.Digest == "" && !r.Moved {
		byHand := fmt.Sprintf(applyByHand, got.Digest, r.Changed)
		if r.Changed == "" {
			byHand = fmt.Sprintf(applyAllByHand, got.Digest)
		}
		fmt.Fprint(s.out, annotation("notice", byHand))
		head += "\n- " + byHand
	}
	text := s.text(head, r, code)
	var faults []error
	for _, p := range r.Pulls {
		faults = append(faults, s.comment(ctx, p.Number, "apply", text, code != 0 || got.touches()))
	}
	return errors.Join(faults...)
}

// remark is a comment, or an issue.
type remark struct {
	ID          int64
	Number      int
	Body        string
	User        account
	PullRequest *struct{} `json:"pull_request"`
}

// mine reports whether we wrote it: anybody can write a marker.
func (s settings) mine(c remark, kind string) bool {
	return c.User.Login == s.getenv("AUTHOR") && strings.HasPrefix(c.Body, s.marker(kind)+"\n") && c.PullRequest == nil
}

// comment writes one comment of its kind, or writes it anew. One that says that there is nothing to
// say is only written over another.
func (s settings) comment(ctx context.Context, number int, kind, text string, matters bool) error {
	issue := "/issues/" + strconv.Itoa(number)
	all, err := list(ctx, s, issue+"/comments?sort=created", itself[remark])
	if err != nil {
		return err
	}
	body := map[string]string{"body": s.marker(kind) + "\n" + text}
	for _, c := range all {
		if s.mine(c, kind) {
			return s.call(ctx, http.MethodPatch, "/issues/comments/"+strconv.FormatInt(c.ID, 10), body, nil)
		}
	}
	if !matters {
		return nil
	}
	return s.call(ctx, http.MethodPost, issue+"/comments", body, nil)
}

// keepIssue keeps one issue open for as long as there is drift: that is no failure of the run then.
// One that could not look says nothing of it.
func (s settings) keepIssue(ctx context.Context, r reviewed, code int) (int, error) {
	if code != 0 && code != 2 && code != exitRefused {
		return code, nil
	}
	all, err := list(ctx, s, "/issues?state=open&creator="+url.QueryEscape(s.getenv("AUTHOR")), itself[remark])
	if err != nil {
		return code, err
	}
	body := map[string]string{"title": fmt.Sprintf(driftTitle, s.named("notiform")), "body": s.marker("drift") + "\n" + s.text(fmt.Sprintf(reportOf, s.page()), r, code)}
	for _, c := range all {
		if s.mine(c, "drift") {
			if code == 0 {
				body = map[string]string{"state": "closed"}
			}
			return 0, s.call(ctx, http.MethodPatch, "/issues/"+strconv.Itoa(c.Number), body, nil)
		}
	}
	if code == 0 {
		return 0, nil
	}
	return 0, s.call(ctx, http.MethodPost, "/issues", body, nil)
}
