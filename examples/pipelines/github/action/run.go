package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// result is what a report of notiform says, as far as it matters.
type result struct {
	Digest   string
	ExitCode int `json:"exit_code"`
	Summary  struct{ Update, Applied int }
	Drafts   []draft
	Removed  []draft
}

type draft struct {
	NotificationID string `json:"notification_id"`
}

const (
	resultFile   = "result.json"
	reportFile   = "report.md"
	approvalFile = "approvals"
)

// touches reports whether there is any draft to say something of.
func (r result) touches() bool { return len(r.Drafts)+len(r.Removed) > 0 }

func (s settings) result(name string) (r result, err error) {
	src, err := os.ReadFile(s.file(name))
	if err == nil {
		err = json.Unmarshal(src, &r)
	}
	return r, err
}

// run runs notiform with what find has found. How it ended is an output, so that all is told before
// the job fails.
func (s settings) run(ctx context.Context) (int, error) {
	r, err := s.reviewed()
	if err != nil {
		return 1, err
	}
	if r.Refused {
		return 0, s.output("exit-code=" + strconv.Itoa(exitRefused))
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	if stopped, err := s.dropWhatMoved(ctx, signals, &r); err != nil || stopped {
		return 1, errors.Join(err, s.output("exit-code="+strconv.Itoa(interrupted)))
	}
	args, err := s.arguments(r)
	if err != nil {
		return 1, err
	}
	return 0, s.ended(s.notiform(ctx, signals, ".", s.out, args))
}

// ended gives the steps that follow what came of notiform. A program that the Go runtime cannot keep
// alive ends with 2 as well: only a report says that the helpdesk differs.
func (s settings) ended(code int) error {
	got, err := s.result(resultFile)
	switch {
	case code == 2 && got.ExitCode != 2:
		code = exitFault
	case err != nil && code == 0:
		code = 1
	}
	if notes, err := os.ReadFile(s.file("annotations")); err == nil {
		fmt.Fprintf(s.out, "%s", notes)
	}
	values := []string{"exit-code=" + strconv.Itoa(code), "changes=" + strconv.Itoa(got.Summary.Update+got.Summary.Applied)}
	if digestForm.MatchString(got.Digest) {
		values = append(values, "digest="+got.Digest)
	}
	if _, err := os.Stat(s.cards()); err == nil {
		values = append(values, "cards="+s.cards())
	}
	return s.output(values...)
}

// arguments are those of the one run that counts.
func (s settings) arguments(r reviewed) ([]string, error) {
	command := s.getenv("COMMAND")
	args := []string{
		command, "--report", "json=" + s.file(resultFile), "--report", "markdown=" + s.file(reportFile),
		"--report", "github=" + s.file("annotations"), "--report", "github-summary=" + s.getenv("GITHUB_STEP_SUMMARY"),
		"--report", "html=" + s.cards(),
	}
	if r.Changed != "" {
		args = append(args, "--changed", r.Changed)
	}
	switch command {
	case "validate":
		args = append(args, "--report", "sarif="+s.file("notiform.sarif"))
	case "drift":
		args[0] = "plan"
		args = append(args, "--detailed-exitcode", "--out", s.file("plan.json"))
	case "plan":
		args = append(args, "--report", "approvals="+s.file(approvalFile), "--out", s.file("plan.json"))
		for _, audience := range r.Audiences {
			args = append(args, "--allow-audience", audience)
		}
	case "apply":
		args = append(args, "--auto-approve")
	}
	if r.Digest != "" { // whoever reviewed it has seen what it overwrites
		args = append(args, "--expect-digest", r.Digest, "--refuse-console-edits=false")
	} else if command == "apply" || s.job() == "plan/merge_group" {
		approved, err := s.approvedFiles(r.Approvals)
		if args = append(args, approved...); err != nil {
			return nil, err
		}
	}
	return append(args, s.given(command)...), nil
}

// approvedFiles keep the approvals of each pull request apart, since an audience is allowed to the
// drafts of one. None at all allow nothing.
func (s settings) approvedFiles(approvals []string) (args []string, err error) {
	if len(approvals) == 0 {
		approvals = []string{""}
	}
	for i, lines := range approvals {
		name := s.file("approved-" + strconv.Itoa(i+1))
		args = append(args, "--approved", name)
		err = errors.Join(err, os.WriteFile(name, []byte(lines), 0o600))
	}
	return args, err
}

// given are the flags and paths that the action's inputs stand for.
func (s settings) given(command string) []string {
	args := []string{"--color", "never"}
	if name := s.getenv("NAME"); name != "" {
		args = append(args, "--helpdesk", name)
	}
	if s.getenv("STRICT") == "true" {
		args = append(args, "--strict")
	}
	if timeout := s.getenv("TIMEOUT"); timeout != "" && command != "validate" {
		args = append(args, "--timeout", timeout)
	}
	if ticket := s.getenv("TICKET"); ticket != "" && command == "apply" {
		args = append(args, "--ticket", ticket)
	}
	paths := slices.DeleteFunc(strings.Split(s.getenv("PATHS"), "\n"), func(p string) bool { return strings.TrimSpace(p) == "" })
	return append(append(args, "--"), paths...)
}

// notiform runs notiform in a directory. What drafts and the helpdesk say must not be taken for
// commands to the runner. The runner signals this process alone, twice within ten seconds, and then
// kills it, so every signal is handed on; see "Cancelling a workflow run" in GitHub's pages.
func (s settings) notiform(ctx context.Context, signals <-chan os.Signal, dir string, product io.Writer, args []string) (code int) {
	token := rand.Text()
	fmt.Fprintf(s.out, "::stop-commands::%s\n", token)
	defer fmt.Fprintf(s.out, "::%s::\n", token)
	program := exec.CommandContext(ctx, filepath.Join(s.getenv("RUNNER_TEMP"), "notiform-action", "notiform"), args...)
	program.Dir, program.Stdout, program.Stderr = dir, product, s.out
	if err := program.Start(); err != nil {
		fmt.Fprintln(s.out, err)
		return 1
	}
	done := make(chan struct{})
	go func() {
		for {
			select {
			case received := <-signals:
				program.Process.Signal(received)
			case <-done:
				return
			}
		}
	}()
	program.Wait() // its exit code says it all
	close(done)
	if code = program.ProcessState.ExitCode(); code < 0 { // a signal ended it
		return 1
	}
	return code
}
