package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// keepPush keeps what is approved of every merge request that the commits of a push merged, in a
// file each, and which they are.
func (p *pipeline) keepPush(ctx context.Context, dir string, commits []string) error {
	requests, err := p.mergedBy(ctx, commits)
	if err != nil {
		return err
	}
	if len(requests) == 0 {
		p.say(noMergeRequest)
	}
	var names []string
	for _, m := range requests {
		names = append(names, strconv.Itoa(m.IID))
		if err := p.keep(ctx, dir, m); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "merged"), []byte(strings.Join(names, "\n")), 0o600)
}

// keepTrain keeps what is approved of a merge request that waits in a merge train. Its run plans
// later than anybody can have read, so it can only verify.
func (p *pipeline) keepTrain(ctx context.Context, dir, iid, head string) error {
	var m mergeRequest
	if err := p.get(ctx, p.mergeRequest(iid), nil, &m); err != nil {
		return err
	}
	m.SHA = head
	return p.keep(ctx, dir, m)
}

// keep leaves no file for a merge request of which nothing is approved, and says why.
func (p *pipeline) keep(ctx context.Context, dir string, m mergeRequest) error {
	text, why, err := p.approvedOf(ctx, m)
	if err != nil {
		return err
	}
	if why != "" {
		p.say(doesNotCount, m.IID, why)
		return nil
	}
	return os.WriteFile(filepath.Join(dir, "approved", strconv.Itoa(m.IID)), []byte(text), 0o600)
}

// looks is how often GitLab is asked which merge requests a push has merged. It answers late: for a
// while, none. Of many commits that it does not know, it is asked again about the newest only.
const (
	looks  = 10
	newest = 20
)

func (p *pipeline) mergedBy(ctx context.Context, commits []string) ([]mergeRequest, error) {
	pushed, found := map[string]bool{}, map[int]mergeRequest{}
	for _, commit := range commits {
		pushed[commit] = true
	}
	unknown := commits
	for look := range looks {
		var still []string
		for _, commit := range unknown {
			requests, err := p.merged(ctx, commit, p.branch, pushed)
			if err != nil {
				return nil, err
			}
			for _, m := range requests {
				found[m.IID] = m
			}
			if len(requests) == 0 {
				still = append(still, commit)
			}
		}
		if unknown = still[:min(len(still), newest)]; len(unknown) == 0 || look == looks-1 {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(p.wait / (looks - 1)):
		}
	}
	var all []mergeRequest
	for _, iid := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[iid])
	}
	return all, nil
}

// approvedOf are the approvals of the plan of a merge request's last commit, or why they do not
// count.
func (p *pipeline) approvedOf(ctx context.Context, m mergeRequest) (text, why string, err error) {
	if m.SHA == "" {
		return "", fmt.Sprintf(noPlan, m.SHA), nil
	}
	plans, err := p.plansOf(ctx, strconv.Itoa(m.IID), m.SHA)
	if err != nil {
		return "", "", err
	}
	if len(plans) == 0 {
		return "", fmt.Sprintf(noPlan, m.SHA), nil
	}
	last := plans[len(plans)-1]
	if last.edited() {
		return "", fmt.Sprintf(wasEdited, last.CreatedAt, last.UpdatedAt), nil
	}
	text = last.approvals()
	if text == "" || !p.review {
		return text, "", nil
	}
	// A plan that was made again and says the same takes nothing from those who approved the first.
	since := last.CreatedAt
	for _, older := range slices.Backward(plans) {
		if older.edited() || older.approvals() != text {
			break
		}
		since = older.CreatedAt
	}
	why, err = p.unreviewed(ctx, m, since)
	return text, why, err
}

func (n note) edited() bool { return !n.UpdatedAt.Equal(n.CreatedAt) }

// approvals are the lines of a note of a plan.
func (n note) approvals() string {
	return strings.ReplaceAll(planNote.FindStringSubmatch(n.Body)[3], "\r", "")
}

// plansOf are the notes with plans of a merge request for this helpdesk, by ourselves, from old to
// new: those of one commit, or all.
func (p *pipeline) plansOf(ctx context.Context, iid, head string) ([]note, error) {
	me, err := p.me(ctx)
	if err != nil {
		return nil, err
	}
	notes, err := list[note](ctx, p.api, p.mergeRequest(iid)+"/notes", url.Values{"sort": {"asc"}, "order_by": {"created_at"}})
	return slices.DeleteFunc(notes, func(n note) bool {
		match := planNote.FindStringSubmatch(n.Body)
		return n.Author.ID != me || match == nil || match[1] != p.helpdesk || head != "" && match[2] != head || !lineOfApprovals.MatchString(match[3])
	}), err
}

// unreviewed is why no approval of the merge request counts, empty if one does.
func (p *pipeline) unreviewed(ctx context.Context, m mergeRequest, since time.Time) (why string, err error) {
	var given approvals
	if err := p.get(ctx, p.mergeRequest(strconv.Itoa(m.IID))+"/approvals", nil, &given); err != nil {
		return "", err
	}
	me, err := p.me(ctx) // a branch could have its pipeline approve
	if err != nil {
		return "", err
	}
	why = notReviewed
	for _, a := range given.ApprovedBy {
		switch level, err := p.level(ctx, a.User.ID); {
		case err != nil:
			return "", err
		case a.User.ID == me:
			why = byThePipeline
		case a.User.ID == m.Author.ID:
			why = fmt.Sprintf(byItsAuthor, a.User.Username)
		case level < developer:
			why = fmt.Sprintf(byAReader, a.User.Username)
		case a.ApprovedAt == nil:
			why = fmt.Sprintf(withoutTime, a.User.Username)
		case !a.ApprovedAt.After(since):
			why = fmt.Sprintf(tooEarly, a.User.Username, *a.ApprovedAt, since)
		default:
			return "", nil
		}
	}
	return why, nil
}
