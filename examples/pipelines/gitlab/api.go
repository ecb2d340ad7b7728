package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// api is GitLab's, with a token for one project.
type api struct {
	base, project, token string
	client               *retryablehttp.Client
}

type user struct {
	ID       int    `json:"id"`
	Username string `json:"username"`
}

type mergeRequest struct {
	IID             int    `json:"iid"`
	SHA             string `json:"sha"`
	State           string `json:"state"`
	TargetBranch    string `json:"target_branch"`
	MergeCommitSHA  string `json:"merge_commit_sha"`
	SquashCommitSHA string `json:"squash_commit_sha"`
	Author          user   `json:"author"`
}

type note struct {
	Body      string    `json:"body"`
	Author    user      `json:"author"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type approvals struct {
	ApprovedBy []approval `json:"approved_by"`
}

// approval has no time on a GitLab before 18.5, and never a commit.
type approval struct {
	User       user       `json:"user"`
	ApprovedAt *time.Time `json:"approved_at"`
}

type member struct {
	AccessLevel int `json:"access_level"`
}

// developer is the lowest access level that may push.
const developer = 30

type issue struct {
	IID         int    `json:"iid"`
	Description string `json:"description"`
	Author      user   `json:"author"`
}

func newAPI(base, project, token string) api {
	client := retryablehttp.NewClient()
	client.Logger, client.ErrorHandler = nil, retryablehttp.PassthroughErrorHandler
	client.HTTPClient.Timeout = time.Minute
	client.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // Go would take the token along to another host
	}
	return api{base: base, project: "projects/" + url.PathEscape(project), token: token, client: client}
}

// errStatus is an answer that is no success.
type errStatus struct {
	method, path string
	code         int
	body         string
}

func (e *errStatus) Error() string {
	return fmt.Sprintf(notAccepted, e.method, e.path, e.code, e.body)
}

func isNotFound(err error) bool {
	var status *errStatus
	return errors.As(err, &status) && status.code == http.StatusNotFound
}

// get reads what is below the API's address. It is tried again when GitLab is busy or away.
func (a api) get(ctx context.Context, path string, query url.Values, into any) error {
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, a.base+"/"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("PRIVATE-TOKEN", a.token)
	response, err := a.client.Do(request)
	return read(response, err, http.MethodGet, path, into)
}

// send writes, once: what was lost on the way may have been done.
func (a api) send(ctx context.Context, method, path string, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, method, a.base+"/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("PRIVATE-TOKEN", a.token)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := a.client.HTTPClient.Do(request)
	return read(response, err, method, path, nil)
}

func read(response *http.Response, err error, method, path string, into any) error {
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", method, path, err)
	case response.StatusCode/100 != 2:
		return &errStatus{method, path, response.StatusCode, string(body[:min(len(body), 300)])}
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// list is all of a list, which GitLab gives in pages.
func list[T any](ctx context.Context, a api, path string, query url.Values) ([]T, error) {
	const size = 100
	var all []T
	for page := 1; ; page++ {
		var entries []T
		query.Set("per_page", strconv.Itoa(size))
		query.Set("page", strconv.Itoa(page))
		if err := a.get(ctx, path, query, &entries); err != nil {
			return nil, err
		}
		if all = append(all, entries...); len(entries) < size {
			return all, nil
		}
	}
}

// me is whose token it is.
func (a api) me(ctx context.Context) (int, error) {
	var me user
	err := a.get(ctx, "user", nil, &me)
	return me.ID, err
}

func (a api) mergeRequest(iid string) string {
	return a.project + "/merge_requests/" + url.PathEscape(iid)
}

// level is how much somebody may do in the project, 0 for who is no member.
func (a api) level(ctx context.Context, id int) (int, error) {
	var m member
	err := a.get(ctx, a.project+"/members/all/"+strconv.Itoa(id), nil, &m)
	if isNotFound(err) {
		return 0, nil
	}
	return m.AccessLevel, err
}

// merged are the merge requests that GitLab knows a commit of, as into a branch by exactly one of
// the commits: by a merge, a squash or a fast-forward.
func (a api) merged(ctx context.Context, commit, branch string, commits map[string]bool) ([]mergeRequest, error) {
	all, err := list[mergeRequest](ctx, a, a.project+"/repository/commits/"+url.PathEscape(commit)+"/merge_requests", url.Values{"state": {"merged"}})
	var found []mergeRequest
	for _, m := range all {
		by := cmp.Or(m.MergeCommitSHA, m.SquashCommitSHA, commit) // neither: its own commits, or those made of them by a rebase
		if m.State == "merged" && m.TargetBranch == branch && commits[by] {
			found = append(found, m)
		}
	}
	return found, err
}
