package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "gitlab: %v\n", err)
		os.Exit(1)
	}
}

// pipeline is what the variables of a job say of it.
type pipeline struct {
	api
	helpdesk string // the name that tells notes and issues of several helpdesks apart
	branch   string
	commit   string
	before   string // what was pushed last before
	url      string
	jobURL   string        // what it leaves is below that
	job      string        // how it ended
	review   bool          // whether an approval is wanted besides the plan
	wait     time.Duration // how long GitLab may take to know what a push has merged
	stderr   io.Writer
}

var (
	errUsage = errors.New(usage)
	aName    = regexp.MustCompile(`^[\w.-]*$`)
)

func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stderr io.Writer) error {
	p, err := newPipeline(getenv, stderr)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return errUsage
	}
	switch job, args := args[0], args[1:]; {
	case job == "plan" && len(args) == 2:
		return p.showPlan(ctx, args[0], getenv("CI_MERGE_REQUEST_IID"), args[1])
	case job == "train" && len(args) == 3:
		return p.keepTrain(ctx, args[0], args[1], args[2])
	case job == "approved" && len(args) == 1:
		var commits []string
		for lines := bufio.NewScanner(stdin); lines.Scan(); {
			commits = append(commits, strings.TrimSpace(lines.Text()))
		}
		return p.keepPush(ctx, args[0], commits)
	case job == "applied" && len(args) == 1:
		return p.tellApplied(ctx, args[0])
	case job == "drift" && len(args) == 2:
		return p.drift(ctx, args[0], args[1])
	}
	return errUsage
}

func newPipeline(getenv func(string) string, stderr io.Writer) (*pipeline, error) {
	p := &pipeline{
		helpdesk: getenv("NOTIFORM_HELPDESK"), branch: getenv("CI_COMMIT_BRANCH"), commit: getenv("CI_COMMIT_SHA"),
		before: getenv("CI_COMMIT_BEFORE_SHA"),
		url:    getenv("CI_PIPELINE_URL"), jobURL: getenv("CI_JOB_URL"), job: getenv("CI_JOB_STATUS"), wait: time.Minute, stderr: stderr,
	}
	token := getenv("NOTIFORM_GITLAB_TOKEN")
	if token == "" {
		return nil, errors.New(noToken)
	}
	p.api = newAPI(getenv("CI_API_V4_URL"), getenv("CI_PROJECT_ID"), token)
	if !aName.MatchString(p.helpdesk) {
		return nil, fmt.Errorf(badName, p.helpdesk)
	}
	switch review := getenv("NOTIFORM_REVIEW"); review {
	case "", "required":
		p.review = true
	case "none":
	default:
		return nil, fmt.Errorf(badReview, review)
	}
	if wait := getenv("NOTIFORM_WAIT"); wait != "" {
		var err error
		if p.wait, err = time.ParseDuration(wait); err != nil {
			return nil, fmt.Errorf("NOTIFORM_WAIT: %w", err)
		}
	}
	return p, nil
}

// say tells the log of the job a line.
func (p *pipeline) say(format string, args ...any) { fmt.Fprintf(p.stderr, format+"\n", args...) }
