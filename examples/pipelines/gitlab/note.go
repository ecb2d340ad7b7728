package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// planNote is how the note of a plan begins: helpdesk, commit, and the lines of its approvals.
var planNote = regexp.MustCompile(`^<!-- notiform:plan helpdesk=(\S*) sha=([0-9a-f]+)\r?\n((?:[0-9a-z].*\n)*)-->`)

// lineOfApprovals is what notiform writes into a file of approvals, and no end of a comment.
var lineOfApprovals = regexp.MustCompile(`^(?:(?:sha256:[0-9a-f]{64} [0-9]+|allow-audience [a-z_]+)\r?\n)*$`)

// result is what a plan or an apply came to.
type result struct {
	Digest   string `json:"digest"`
	ExitCode int    `json:"exit_code"`
	Drafts   []any  `json:"drafts"`
}

// outcome is what notiform-ci.sh has left. A job that ended early has left no result.
type outcome struct {
	*result
	report, approvals string
}

func (p *pipeline) outcome(dir string) (outcome, error) {
	var o outcome
	var errs []error
	text := func(name string) string {
		src, err := os.ReadFile(filepath.Join(dir, name))
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
		return string(src)
	}
	o.report, o.approvals = text("report.md"), text("approvals")
	if src := text("result.json"); src != "" {
		o.result = &result{}
		errs = append(errs, json.Unmarshal([]byte(src), o.result))
	}
	if !lineOfApprovals.MatchString(o.approvals) {
		errs = append(errs, errors.New(badApprovals))
	}
	if len(o.report)+len(o.approvals) > mostOfANote {
		o.report = tooLong
	}
	if _, err := os.Stat(filepath.Join(dir, cards)); err == nil {
		o.report = fmt.Sprintf(seeCards, p.jobURL+"/artifacts/file/"+path.Join(dir, cards)) + "\n\n" + o.report
	}
	return o, errors.Join(errs...)
}

// cards is the page with the cards, in the folder of the reports. That is below the work tree, by whose
// paths GitLab keeps the artefacts of a job.
const cards = "report.html"

// mostOfANote is below the million characters that GitLab takes.
const mostOfANote = 900_000

// showPlan puts a plan on its merge request. It is always a new note: a note that is changed could
// not be told from one that somebody has edited. That no draft is touched is said once.
func (p *pipeline) showPlan(ctx context.Context, dir, iid, head string) error {
	o, err := p.outcome(dir)
	if err != nil {
		return err
	}
	untouched := o.result != nil && o.ExitCode == 0 && len(o.Drafts) == 0
	plans, err := p.plansOf(ctx, iid, "")
	if err != nil {
		return err
	}
	if untouched && len(plans) > 0 && strings.Contains(plans[len(plans)-1].Body, noDraft) {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, planMarker, p.helpdesk, head, o.approvals)
	switch {
	case o.result == nil:
		fmt.Fprintf(&b, planFailed, head, p.url)
	case o.approvals != "" && o.ExitCode != 0:
		fmt.Fprintf(&b, planOfSome, head, p.url, o.ExitCode)
	case o.approvals != "":
		fmt.Fprintf(&b, planToApprove, head, p.url)
	case o.ExitCode != 0:
		fmt.Fprintf(&b, planRefused, head, p.url, o.ExitCode)
	case untouched:
		b.WriteString(noDraft)
	default:
		fmt.Fprintf(&b, planOfNothing, head, p.url)
	}
	b.WriteString("\n\n" + o.report)
	return p.send(ctx, "POST", p.mergeRequest(iid)+"/notes", url.Values{"body": {b.String()}})
}

// tellApplied tells every merge request of a push what became of it, unless it was nothing.
func (p *pipeline) tellApplied(ctx context.Context, dir string) error {
	o, err := p.outcome(dir)
	if err != nil {
		return err
	}
	if o.result != nil && o.ExitCode == 0 && len(o.Drafts) == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, appliedMarker, p.helpdesk, p.commit)
	switch {
	case o.result == nil:
		fmt.Fprintf(&b, applyEndedEarly, p.commit, p.url, p.job)
	case o.ExitCode == 4:
		fmt.Fprintf(&b, applyRefused, p.commit, p.url, o.Digest, p.before)
	default:
		fmt.Fprintf(&b, applyEnded, p.commit, p.url, o.ExitCode)
	}
	p.say("%s", b.String()[strings.Index(b.String(), "\n")+1:])
	b.WriteString("\n\n" + o.report)
	merged, err := os.ReadFile(filepath.Join(dir, "merged"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = nil
	for _, iid := range strings.Fields(string(merged)) {
		err = errors.Join(err, p.send(ctx, "POST", p.mergeRequest(iid)+"/notes", url.Values{"body": {b.String()}}))
	}
	return err
}

// drift keeps one issue open for as long as there is drift.
func (p *pipeline) drift(ctx context.Context, dir, code string) error {
	o, err := p.outcome(dir)
	if err != nil {
		return err
	}
	me, err := p.me(ctx)
	if err != nil {
		return err
	}
	open, err := list[issue](ctx, p.api, p.project+"/issues", url.Values{"state": {"opened"}, "scope": {"all"}, "order_by": {"created_at"}, "sort": {"asc"}})
	if err != nil {
		return err
	}
	marker := fmt.Sprintf(driftMarker, p.helpdesk)
	ours := ""
	for _, i := range open {
		if i.Author.ID == me && strings.HasPrefix(i.Description, marker) {
			ours = fmt.Sprintf("%s/issues/%d", p.project, i.IID)
		}
	}
	differs := code == "2" || code == "4"
	text := url.Values{"description": {marker + o.report}}
	switch {
	case differs && ours != "":
		return p.send(ctx, "PUT", ours, text)
	case differs:
		text.Set("title", fmt.Sprintf(driftTitle, cmp.Or(p.helpdesk, "notiform")))
		return p.send(ctx, "POST", p.project+"/issues", text)
	case code == "0" && ours != "":
		return p.send(ctx, "PUT", ours, url.Values{"state_event": {"close"}})
	}
	return nil
}
