package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

//go:embed pull.graphql
var pullQuery string

var errUnknown = errors.New(hubKnowsNone)

const (
	readTries   = 3
	pageSize    = 100
	largestBody = 32 << 20
)

// call asks GitHub's API, on whatever host GitHub's runner names. What only reads is tried again
// where GitHub stumbles.
func (s settings) call(ctx context.Context, method, path string, body, into any) error {
	tries := 1
	if method == http.MethodGet {
		tries = readTries
	}
	return s.ask(ctx, tries, method, s.getenv("GITHUB_API_URL")+"/repos/"+s.getenv("GITHUB_REPOSITORY")+path, body, into)
}

func (s settings) ask(ctx context.Context, tries int, method, address string, body, into any) error {
	for wait := time.Second; ; wait *= 2 {
		status, err := s.once(ctx, method, address, body, into)
		tries--
		if again := status == 0 || status == http.StatusTooManyRequests || status >= 500; err == nil || !again || tries == 0 {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (s settings) once(ctx context.Context, method, address string, body, into any) (status int, err error) {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return 0, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, address, &sent)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+s.getenv("GH_TOKEN"))
	r.Header.Set("Accept", "application/vnd.github+json")
	r.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	src, err := io.ReadAll(io.LimitReader(answer.Body, largestBody))
	if err != nil {
		return 0, err
	}
	if answer.StatusCode >= 300 {
		err := fmt.Errorf(hubRefuses, method, r.URL.Path, answer.StatusCode, src[:min(len(src), 300)])
		if answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusUnprocessableEntity {
			err = errors.Join(err, errUnknown)
		}
		return answer.StatusCode, err
	}
	if into == nil {
		return answer.StatusCode, nil
	}
	return answer.StatusCode, json.Unmarshal(src, into)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// list reads all pages of a list; items finds it in an answer of type A.
func list[A, T any](ctx context.Context, s settings, path string, items func(A) []T) ([]T, error) {
	var all []T
	for page := 1; ; page++ {
		var answer A
		if err := s.call(ctx, http.MethodGet, fmt.Sprintf("%s&per_page=%d&page=%d", path, pageSize, page), nil, &answer); err != nil {
			return nil, err
		}
		found := items(answer)
		if all = append(all, found...); len(found) < pageSize {
			return all, nil
		}
	}
}

func itself[T any](items []T) []T { return items }

type account struct{ Login string }

type commit struct{ OID string }

// pull is a pull request with the last opinion of everybody who may write.
type pull struct {
	Number                   int
	Merged                   bool
	IsCrossRepository        bool
	BaseRefName              string
	HeadRefOid               string
	Author                   account
	MergeCommit              commit
	Labels                   struct{ Nodes []struct{ Name string } }
	LatestOpinionatedReviews struct{ Nodes []review }
}

type review struct {
	State       string
	SubmittedAt time.Time
	Author      account
	Commit      commit
}

func (s settings) pull(ctx context.Context, number int) (pull, error) {
	owner, name, _ := strings.Cut(s.getenv("GITHUB_REPOSITORY"), "/")
	body := map[string]any{"query": pullQuery, "variables": map[string]any{"owner": owner, "name": name, "number": number}}
	var answer struct {
		Data struct {
			Repository struct{ PullRequest *pull }
		}
		Errors []struct{ Message string }
	}
	if err := s.ask(ctx, readTries, http.MethodPost, s.getenv("GITHUB_GRAPHQL_URL"), body, &answer); err != nil {
		return pull{}, err
	}
	if p := answer.Data.Repository.PullRequest; p != nil && len(answer.Errors) == 0 {
		return *p, nil
	}
	var faults []error
	for _, e := range answer.Errors {
		faults = append(faults, errors.New(e.Message))
	}
	return pull{}, fmt.Errorf(pullNotRead, number, errors.Join(faults...))
}
