package pipelines_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"notiform/feishu/sandbox"
)

const ourAction = "your-org/notiform/examples/pipelines/github/action"

// hub is GitHub for one repository: what it keeps, the desk whose repository it is, and what its
// owner has set up.
type hub struct {
	*forge
	desk    *desk
	api     string
	vars    map[string]any
	secrets map[string]any
	with    map[string]string // inputs of the action that differ from the recipes
	edit    func(*workflow)   // what the owner has changed in the workflows
	server  string            // the address of GitHub
	full    bool              // GitHub keeps no more artefacts
	needs   map[string]string // the permissions of the job that runs
	cancel  <-chan struct{}   // closed when somebody cancels the job, while notiform runs
	now     time.Time         // by GitHub's clock, which goes on with whatever is written
	late    int               // how many questions for the pull request of a commit come too early
	broken  int               // how many questions GitHub fails to answer
	pulls   map[int]*pullRequest
	denied  []string // for want of a permission
}

func newHub(t *testing.T, switches ...string) *hub {
	t.Helper()
	d := newDesk(t, switches...)
	h := &hub{forge: newForge(t, hubToken), desk: d, pulls: map[int]*pullRequest{}, with: map[string]string{"patience": "0s"}}
	h.now = time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC)
	h.handle, h.server = h.gh, "https://github.com"
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.api = server.URL
	h.build(d.notiform)
	credentials := map[string]string{}
	for _, setting := range d.server.Env(d.url) {
		name, value, _ := strings.Cut(setting, "=")
		credentials[name] = value
	}
	h.vars = map[string]any{
		"FEISHU_BASE_URL": d.url, "FEISHU_HELPDESK_ID": credentials["FEISHU_HELPDESK_ID"], "FEISHU_APP_ID": credentials["FEISHU_APP_ID"],
	}
	h.secrets = map[string]any{
		"FEISHU_HELPDESK_TOKEN": credentials["FEISHU_HELPDESK_TOKEN"], "FEISHU_APP_SECRET": credentials["FEISHU_APP_SECRET"],
		"FEISHU_PLAN_TOKEN": sandbox.DefaultReadOnlyUserToken, "FEISHU_APPLY_TOKEN": credentials["FEISHU_USER_ACCESS_TOKEN"],
	}
	return h
}

// build says what go build makes as notiform.
func (h *hub) build(notiform string) {
	h.t.Helper()
	h.write("go", goBuilds(h.t, notiform))
}

// event is what a workflow runs for.
type event struct {
	name, ref, sha string
	payload        map[string]any
	inputs         map[string]any
	fork           bool
}

func push(before, after string) event {
	return event{name: "push", ref: "refs/heads/main", sha: after, payload: map[string]any{"before": before, "forced": false}}
}

func night(h *hub) event {
	return event{name: "schedule", ref: "refs/heads/main", sha: h.desk.git("rev-parse", "main"), payload: map[string]any{}}
}

// ran is what a job has done.
type ran struct {
	skipped   bool
	failed    bool
	log       string // of all steps
	summary   string
	outputs   map[string]string
	artifacts map[string]map[string]string // by name, then by file
	temp      string
	steps     []string // the names of those that ran a script
	env       []string // all that was in the environment of any step
}

// jobRun runs the steps of one job.
type jobRun struct {
	*hub
	ran
	t         *testing.T
	event     event
	job       job
	workspace string
	github    map[string]any
}

// run runs a job of a workflow as GitHub's runner does, as far as the recipes go.
func (h *hub) run(workflowName, jobName string, e event) ran {
	t := h.desk.t
	t.Helper()
	w := workflowNamed(t, workflowName)
	if h.edit != nil {
		h.edit(&w)
	}
	j, ok := w.Jobs[jobName]
	if !ok || !slices.Contains(w.events(), e.name) {
		t.Fatalf("workflow %s has no job %s for the event %s", workflowName, jobName, e.name)
	}
	r := &jobRun{hub: h, t: t, event: e, job: j, workspace: filepath.Join(t.TempDir(), "work")}
	r.temp = t.TempDir()
	r.outputs, r.artifacts = map[string]string{}, map[string]map[string]string{}
	h.needs = j.Permissions
	r.github = map[string]any{
		"event_name": e.name, "ref": e.ref, "sha": e.sha, "event": e.payload, "repository": "acme/helpdesk", "base_ref": "",
		"token": hubToken, "run_attempt": "1", "server_url": h.server,
	}
	if e.name == "pull_request" {
		r.github["base_ref"] = "main"
	}
	c := contexts{"github": r.github, "vars": h.vars, "secrets": h.secrets, "inputs": e.inputs}
	if e.fork {
		c["vars"], c["secrets"] = map[string]any{}, map[string]any{}
	}
	if !c.holds(t, j.If, true) {
		r.skipped = true
		return r.ran
	}
	done, ok := r.run(c, j.Steps, "")
	r.failed = !ok
	for name, value := range j.Outputs {
		c["steps"] = done
		r.outputs[name] = c.expand(t, value, ok)
	}
	r.check()
	return r.ran
}

// check looks for what must never be, whatever the job did.
func (r *jobRun) check() {
	r.t.Helper()
	r.desk.wantNoSecrets("the log", r.log)
	r.desk.wantNoSecrets("the step summary", r.summary)
	r.desk.wantNoSecrets("a call to GitHub", r.everything())
	r.desk.wantNoSecretFiles(r.temp)
	for _, command := range runnerCommands(r.log) {
		if !slices.Contains([]string{"error", "warning", "notice"}, command) {
			r.t.Errorf("the log has the command %q:\n%s", command, r.log)
		}
	}
}

// run runs steps in order and returns the context of their outputs; ok says that none failed.
func (r *jobRun) run(c contexts, steps []step, actionPath string) (done map[string]any, ok bool) {
	r.t.Helper()
	done, ok = map[string]any{}, true
	c = maps.Clone(c)
	c["steps"] = done
	for _, s := range steps {
		if !c.holds(r.t, s.If, ok) {
			continue
		}
		outputs, success := r.step(c, s, actionPath, ok)
		if s.ID != "" {
			done[s.ID] = map[string]any{"outputs": outputs}
		}
		ok = ok && (success || s.ContinueOnError == "true")
	}
	return done, ok
}

func (r *jobRun) step(c contexts, s step, actionPath string, ok bool) (outputs map[string]string, success bool) {
	r.t.Helper()
	name, _, _ := strings.Cut(s.Uses, "@")
	switch name {
	case "":
		return r.script(c, s, actionPath, ok)
	case ourAction:
		return r.composite(c, s, ok)
	case "actions/checkout":
		if r.needs["contents"] != "read" && r.needs["contents"] != "write" {
			r.log += "the repository is not found"
			return nil, false
		}
		if s.With["repository"] != "" { // that of notiform, as the stub of go needs it
			standIn(r.t, r.workspace)
			break
		}
		r.checkout(s.With["fetch-depth"], s.With["ref"])
	case "actions/upload-artifact":
		name, path := c.expand(r.t, s.With["name"], ok), c.expand(r.t, s.With["path"], ok)
		if s.With["archive"] == "false" { // one file, by its own name
			name = filepath.Base(path)
		}
		if r.full {
			return nil, false
		}
		r.upload(name, path)
		return map[string]string{"artifact-url": "https://github.com/acme/helpdesk/actions/runs/42/artifacts/" + name}, true
	case "actions/setup-go":
	default:
		r.t.Fatalf("the tests do not know the action %s", s.Uses)
	}
	return nil, true
}

// composite runs the action with the inputs of a step.
func (r *jobRun) composite(c contexts, s step, ok bool) (map[string]string, bool) {
	r.t.Helper()
	a := compositeAction(r.t)
	inputs := map[string]any{}
	for name, input := range a.Inputs {
		inputs[name] = input.Default
	}
	for name, value := range s.With {
		inputs[name] = c.expand(r.t, value, ok)
	}
	for name, value := range r.with {
		inputs[name] = value
	}
	inner := contexts{"inputs": inputs, "github": r.github}
	path := filepath.Join(pipelines(r.t), "github", "action")
	done, success := r.run(inner, a.Runs.Steps, path)
	inner["steps"] = done
	outputs := map[string]string{}
	for name, output := range a.Outputs {
		outputs[name] = inner.expand(r.t, output.Value, success)
	}
	return outputs, success
}

// script runs the script of a step and reads what it left for the runner.
func (r *jobRun) script(c contexts, s step, actionPath string, ok bool) (map[string]string, bool) {
	r.t.Helper()
	r.steps = append(r.steps, s.Name)
	files := r.t.TempDir()
	payload, err := json.Marshal(r.event.payload)
	if err != nil {
		r.t.Fatal(err)
	}
	env := map[string]string{
		"PATH": r.stubs + ":" + os.Getenv("PATH"), "HOME": r.desk.home, "RUNNER_TEMP": r.temp, "GITHUB_WORKSPACE": r.workspace,
		"GITHUB_REPOSITORY": "acme/helpdesk", "GITHUB_SHA": r.event.sha, "GITHUB_REF": r.event.ref, "CI": "true", "GITHUB_ACTIONS": "true",
		"GITHUB_REF_NAME": strings.TrimPrefix(strings.TrimPrefix(r.event.ref, "refs/heads/"), "refs/pull/"), "GITHUB_EVENT_NAME": r.event.name,
		"GITHUB_API_URL": r.api + "/api/v3", "GITHUB_GRAPHQL_URL": r.api + "/api/graphql", "GITHUB_SERVER_URL": r.server, "GITHUB_RUN_ID": "42", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_OUTPUT": filepath.Join(files, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(files, "summary"), "GITHUB_EVENT_PATH": filepath.Join(files, "event"),
	}
	if actionPath != "" {
		env["GITHUB_ACTION_PATH"] = actionPath
	}
	for name, value := range s.Env {
		env[name] = c.expand(r.t, value, ok)
		r.env = append(r.env, env[name])
	}
	for _, name := range []string{"output", "summary", "script", "event"} {
		text := map[string]string{"script": s.Run, "event": string(payload)}[name]
		if err := os.WriteFile(filepath.Join(files, name), []byte(text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	command := []string{"bash", "-e"} // what GitHub does when a step names no shell
	if s.Shell == "bash" {
		command = []string{"bash", "--noprofile", "--norc", "-eo", "pipefail"}
	}
	r.made()
	out, passed := r.process(s.ID, environ(env), append(command, filepath.Join(files, "script"))...)
	r.made()
	r.log += out
	r.summary += readFile(r.t, env["GITHUB_STEP_SUMMARY"])
	return outputsOf(r.t, readFile(r.t, env["GITHUB_OUTPUT"])), passed
}

// process runs the script of a step. A job that is cancelled is signalled as GitHub's runner does
// it: the one process that it has started, and nothing below that.
func (r *jobRun) process(id string, env []string, command ...string) (out string, passed bool) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), command[0], command[1:]...)
	var b bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = r.workspace, env, &b, &b
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	cancelled := r.cancel != nil && id == "notiform"
	if cancelled {
		<-r.cancel
		for _, next := range []struct {
			signal os.Signal
			wait   time.Duration
		}{{os.Interrupt, 7500 * time.Millisecond}, {syscall.SIGTERM, 2500 * time.Millisecond}, {os.Kill, time.Minute}} {
			cmd.Process.Signal(next.signal)
			select {
			case <-ended:
			case <-time.After(next.wait):
				continue
			}
			break
		}
	}
	<-ended
	return b.String(), cmd.ProcessState.Success() && !cancelled
}

func environ(env map[string]string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		all = append(all, name+"="+env[name])
	}
	return all
}

func outputsOf(t *testing.T, src string) map[string]string {
	t.Helper()
	outputs := map[string]string{}
	for line := range strings.Lines(src) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			t.Errorf("GITHUB_OUTPUT has the line %q", line)
		}
		outputs[name] = value
	}
	return outputs
}

// checkout makes the work tree: with the whole history for depth 0, else with one commit.
// ref is that of a branch, where it is not the commit of the event.
func (r *jobRun) checkout(depth, ref string) {
	r.t.Helper()
	d, commit := r.desk, r.event.sha
	if ref != "" {
		commit = d.git("rev-parse", ref)
	}
	if depth == "0" {
		d.git("clone", "--quiet", "--no-checkout", d.origin, r.workspace)
		d.gitIn(r.workspace, "fetch", "--quiet", "origin", commit)
		if r.needs["contents"] != "write" {
			d.gitIn(r.workspace, "config", "remote.origin.pushurl", "/nobody/may/push")
		}
	} else {
		d.git("init", "--quiet", r.workspace)
		d.gitIn(r.workspace, "fetch", "--quiet", "--depth", "1", "file://"+d.origin, commit)
	}
	d.gitIn(r.workspace, "checkout", "--quiet", "--detach", commit)
}

// upload keeps a file, or those of a directory.
func (r *jobRun) upload(name, path string) {
	r.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files[entry.Name()] = readFile(r.t, path)
		}
		return err
	})
	if err != nil || r.artifacts[name] != nil {
		r.t.Fatalf("there is nothing to upload as %s, or twice: %v", name, err)
	}
	r.artifacts[name] = files
}

// gh answers to GitHub's own program, which the upload of a SARIF file and the pull request of new ids
// need.
func (h *hub) gh(c forgeCall) (answer any, code int) {
	if c.String() == "POST pulls" && h.needs["pull-requests"] == "write" {
		return h.add("opened", map[string]any{"head": c.fields["head"], "base": c.fields["base"]}), 0
	}
	if c.String() != "POST code-scanning/sarifs" || h.needs["security-events"] != "write" {
		h.denied = append(h.denied, c.String())
		return nil, 1
	}
	return h.add("sarifs", map[string]any{"commit_sha": c.fields["commit_sha"], "ref": c.fields["ref"], "sarif": c.fields["sarif"]}), 0
}

// replace changes an entry; only its author may.
func (f *forge) replace(list, key, id string, fields map[string]string) (any, int) {
	entry := f.find(list, key, id)
	if entry == nil {
		return nil, 1
	}
	for name, value := range fields {
		entry[name] = value
	}
	return entry, 0
}
