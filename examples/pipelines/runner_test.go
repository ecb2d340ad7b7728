package pipelines_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const ourAction = "your-org/notiform/examples/pipelines/github/action"

// hub is GitHub for one repository: the forge, the desk whose repository it is, and what its
// owner has set up.
type hub struct {
	*forge
	desk    *desk
	vars    map[string]any
	secrets map[string]any
	needs   map[string]string // the permissions of the job that runs
}

func newHub(t *testing.T, switches ...string) *hub {
	t.Helper()
	d := newDesk(t, switches...)
	h := &hub{forge: newForge(t, d.notiform, hubToken), desk: d}
	h.handle = h.github
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
		"FEISHU_PLAN_TOKEN": "u-sandbox-readonly", "FEISHU_APPLY_TOKEN": credentials["FEISHU_USER_ACCESS_TOKEN"],
	}
	return h
}

// event is what a workflow runs for.
type event struct {
	name, ref, sha string
	payload        map[string]any
	inputs         map[string]any
	fork           bool
}

// pullRequest is the event of pull request 7, from a branch of the repository or from a fork.
func pullRequest(head, merge, repository string) event {
	return event{
		name: "pull_request", ref: "refs/pull/7/merge", sha: merge, fork: repository != "acme/helpdesk",
		payload: map[string]any{"pull_request": map[string]any{
			"number": 7, "head": map[string]any{"sha": head, "repo": map[string]any{"full_name": repository}},
		}},
	}
}

func push(before, after string) event {
	return event{name: "push", ref: "refs/heads/main", sha: after, payload: map[string]any{"before": before}}
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
		"token": hubToken, "server_url": "https://github.com", "run_id": "42", "actor": "somebody",
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
		if s.With["repository"] != "" { // that of notiform, as the stub of go needs it
			standIn(r.t, r.workspace)
			break
		}
		r.checkout(s.With["fetch-depth"])
	case "actions/upload-artifact":
		r.upload(c.expand(r.t, s.With["name"], ok), c.expand(r.t, s.With["path"], ok))
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
	env := map[string]string{
		"PATH": r.stubs + ":" + os.Getenv("PATH"), "HOME": r.desk.home, "RUNNER_TEMP": r.temp, "GITHUB_WORKSPACE": r.workspace,
		"GITHUB_REPOSITORY": "acme/helpdesk", "GITHUB_SHA": r.event.sha, "GITHUB_REF": r.event.ref, "CI": "true", "GITHUB_ACTIONS": "true",
		"GITHUB_REF_NAME": strings.TrimPrefix(strings.TrimPrefix(r.event.ref, "refs/heads/"), "refs/pull/"),
		"GITHUB_OUTPUT":   filepath.Join(files, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(files, "summary"),
	}
	if actionPath != "" {
		env["GITHUB_ACTION_PATH"] = actionPath
	}
	for name, value := range s.Env {
		env[name] = c.expand(r.t, value, ok)
		r.env = append(r.env, env[name])
	}
	for _, name := range []string{"output", "summary", "script"} {
		text := map[string]string{"script": s.Run}[name]
		if err := os.WriteFile(filepath.Join(files, name), []byte(text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	command := []string{"bash", "-e"} // what GitHub does when a step names no shell
	if s.Shell == "bash" {
		command = []string{"bash", "--noprofile", "--norc", "-eo", "pipefail"}
	}
	r.made()
	out, code := r.desk.script(r.workspace, environ(env), append(command, filepath.Join(files, "script"))...)
	r.made()
	r.log += out
	r.summary += readFile(r.t, env["GITHUB_STEP_SUMMARY"])
	return outputsOf(r.t, readFile(r.t, env["GITHUB_OUTPUT"])), code == 0
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
func (r *jobRun) checkout(depth string) {
	r.t.Helper()
	d := r.desk
	if depth == "0" {
		d.git("clone", "--quiet", "--no-checkout", d.origin, r.workspace)
		d.gitIn(r.workspace, "fetch", "--quiet", "origin", r.event.sha)
	} else {
		d.git("init", "--quiet", r.workspace)
		d.gitIn(r.workspace, "fetch", "--quiet", "--depth", "1", "file://"+d.origin, r.event.sha)
	}
	d.gitIn(r.workspace, "checkout", "--quiet", "--detach", r.event.sha)
}

// upload keeps the files of a directory, or one file.
func (r *jobRun) upload(name, at string) {
	r.t.Helper()
	if info, err := os.Stat(at); err == nil && !info.IsDir() { // without an archive, by its own name
		r.artifacts[filepath.Base(at)] = map[string]string{filepath.Base(at): readFile(r.t, at)}
		return
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		r.t.Fatalf("there is nothing to upload as %s: %v", name, err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		files[entry.Name()] = readFile(r.t, filepath.Join(at, entry.Name()))
	}
	r.artifacts[name] = files
}

// github answers as GitHub's API does, to a token with the permissions of the job.
func (h *hub) github(c forgeCall) (answer any, code int) {
	part := strings.Split(c.path, "/")
	allow := func(scope, level string) bool {
		if granted := h.needs[scope]; granted == level || granted == "write" {
			return true
		}
		h.t.Errorf("%s needs the permission %s: %s", c, scope, level)
		return false
	}
	me := map[string]any{"login": "github-actions[bot]"}
	body := func() map[string]any {
		entry := map[string]any{"user": me, "creator": me, "state": "open"}
		for name, value := range c.fields {
			entry[name] = value
		}
		return entry
	}
	switch form := c.method + " " + part[0] + fmt.Sprint(len(part)); {
	case form == "GET commits3" && part[2] == "pulls" && allow("pull-requests", "read"):
		return h.entries["pulls "+part[1]], 0
	case form == "GET commits3" && part[2] == "statuses" && allow("statuses", "read"):
		newestFirst := slices.Clone(h.entries["statuses "+part[1]])
		slices.Reverse(newestFirst)
		return newestFirst, 0
	case form == "POST statuses2" && allow("statuses", "write"):
		if len(c.fields["description"]) > 140 {
			h.t.Errorf("a status has at most 140 characters: %q", c.fields["description"])
		}
		return h.add("statuses "+part[1], body()), 0
	case form == "GET issues3" && allow("pull-requests", "read"):
		return h.entries["comments "+part[1]], 0
	case form == "POST issues3" && allow("pull-requests", "write"):
		return h.add("comments "+part[1], body()), 0
	case form == "PATCH issues3" && part[1] == "comments" && allow("pull-requests", "write"):
		return h.replace("comments 7", "id", part[2], c.fields)
	case form == "GET issues1" && allow("issues", "read"):
		return slices.DeleteFunc(slices.Clone(h.entries["issues"]), func(e map[string]any) bool { return e["state"] != c.query.Get("state") }), 0
	case form == "POST issues1" && allow("issues", "write"):
		entry := body()
		entry["number"] = len(h.entries["issues"]) + 1
		return h.add("issues", entry), 0
	case form == "PATCH issues2" && allow("issues", "write"):
		return h.replace("issues", "number", part[1], c.fields)
	case form == "POST code-scanning2" && allow("security-events", "write"):
		return h.add("sarifs", body()), 0
	}
	h.t.Errorf("GitHub has no %s", c)
	return nil, 1
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
