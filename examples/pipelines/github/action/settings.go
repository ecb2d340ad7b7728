package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The exit codes of notiform that are given here as well.
const (
	exitRefused = 4
	wrongUsage  = 64
	exitFault   = 70
	interrupted = 130
)

var (
	errUsage   = errors.New(usage)
	nameForm   = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,59}$`)
	digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	commitForm = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)
)

// settings are what a step is given.
type settings struct {
	getenv  func(string) string
	environ []string
	out     io.Writer // the log of the job
	now     func() time.Time
	client  *http.Client
}

// event is what the job runs for, as far as it matters.
type event struct {
	Before      string // of a push: the commit that was the branch's last
	Forced      bool
	PullRequest struct {
		Number int
		Head   struct{ SHA string }
	} `json:"pull_request"`
	MergeGroup struct {
		HeadRef string `json:"head_ref"`
		BaseRef string `json:"base_ref"`
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
}

func (s settings) event() (e event, err error) {
	src, err := os.ReadFile(s.getenv("GITHUB_EVENT_PATH"))
	if err == nil {
		err = json.Unmarshal(src, &e)
	}
	return e, err
}

// job is the command with what it runs for, such as "plan/pull_request".
func (s settings) job() string { return s.getenv("COMMAND") + "/" + s.getenv("GITHUB_EVENT_NAME") }

// check refuses what nothing good can come of.
func (s settings) check() error {
	switch name := s.getenv("NAME"); {
	case !slices.Contains([]string{"validate", "plan", "apply", "drift"}, s.getenv("COMMAND")):
		return errors.New(noCommand)
	case name != "" && !nameForm.MatchString(name):
		return errors.New(noName)
	case s.getenv("REVIEW") != "required" && s.getenv("REVIEW") != "none":
		return errors.New(noReview)
	}
	return nil
}

// named is a name that no other helpdesk of the repository has: of a check run, or within a marker.
func (s settings) named(what string) string {
	if name := s.getenv("NAME"); name != "" {
		return what + "/" + name
	}
	return what
}

// marker is the first line of what is written again by its author.
func (s settings) marker(kind string) string { return fmt.Sprintf(markerLine, s.named(kind)) }

func (s settings) file(name string) string { return filepath.Join(s.getenv("DIRECTORY"), name) }

// cards is the file of the page with the cards. As an artefact it goes by its name, which can be used once
// in a run.
func (s settings) cards() string {
	return s.file(strings.ReplaceAll(s.named("notiform-"+s.getenv("COMMAND")), "/", "-") + "-" + s.getenv("GITHUB_RUN_ATTEMPT") + ".html")
}

// page is where the run is shown.
func (s settings) page() string {
	return fmt.Sprintf("%s/%s/actions/runs/%s", s.getenv("GITHUB_SERVER_URL"), s.getenv("GITHUB_REPOSITORY"), s.getenv("GITHUB_RUN_ID"))
}

// output gives values to the steps that follow; none has a line break.
func (s settings) output(values ...string) error {
	return appendTo(s.getenv("GITHUB_OUTPUT"), strings.Join(values, "\n")+"\n")
}

func appendTo(name, text string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// annotation is a command to the runner that shows a text at the run.
func annotation(level, text string) string {
	escaped := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
	return "::" + level + " title=notiform::" + escaped + "\n"
}

// reviewed is what find found for those that follow.
type reviewed struct {
	Changed   string   // the revision for --changed; "": every draft
	Digest    string   // that somebody typed by hand
	Pulls     []pull   // which the run is about
	Approvals []string // the lines of each pull request that count
	Audiences []string // what the labels of the pull request allow
	Tree      string   // a commit whose drafts are to be looked at first; "": none
	Since     string   // what they are compared with
	Notes     []string // what people have to know
	Moved     bool     // the branch says something else by now
	Refused   bool     // nothing is to be run at all
}

const reviewedFile = "reviewed.json"

func (s settings) reviewed() (r reviewed, err error) {
	if s.getenv("DIRECTORY") == "" { // the checkout is no place to look in
		return r, errors.New(notFound)
	}
	src, err := os.ReadFile(s.file(reviewedFile))
	if err == nil {
		err = json.Unmarshal(src, &r)
	}
	return r, err
}

func (r *reviewed) note(format string, values ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, values...))
}
