package pipelines_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"notiform/feishu/sandbox"
)

// environment is what a job gets of the variables of the project, and what GitLab sets.
func (l *lab) environment(j gitlabJob, variables, predefined map[string]string) map[string]string {
	env := map[string]string{}
	maps.Copy(env, variables)
	maps.Copy(env, j.Variables)
	for name, value := range l.vars {
		if scoped, ok := strings.CutPrefix(name, j.Environment.Name+"/"); ok && j.Environment.Name != "" {
			env[scoped] = value
		} else if !strings.Contains(name, "/") {
			env[name] = value
		}
	}
	maps.Copy(env, predefined)
	maps.Copy(env, map[string]string{
		"PATH": l.stubs + ":" + os.Getenv("PATH"), "HOME": l.desk.home, "CI_API_V4_URL": l.url, "CI_PROJECT_ID": "5",
		"CI_DEFAULT_BRANCH": "main", "CI_PROJECT_DIR": l.last, "CI_PIPELINE_URL": "https://gitlab.test/pipelines/1",
		"CI_JOB_URL": "https://gitlab.test/jobs/1", "CI_SERVER_URL": "https://gitlab.test", "CI_PROJECT_URL": l.desk.origin,
	})
	return env
}

// holds says whether one of a job's rules holds. The conditions are written so that bash reads them
// as GitLab does.
func (l *lab) holds(j gitlabJob, env map[string]string) bool {
	l.desk.t.Helper()
	return slices.ContainsFunc(j.Rules, func(r gitlabRule) bool {
		out, code := l.desk.script(l.desk.origin, environ(env), "/bin/bash", "-c", "[[ "+r.If+" ]]")
		if code > 1 {
			l.desk.t.Fatalf("%s: %s", r.If, out)
		}
		return code == 0
	})
}

// run runs a job as GitLab's runner does in a container: with a shell that waits for the script as a
// child, and afterwards another one, in another container if somebody has cancelled the job.
func (l *lab) run(name string, predefined map[string]string) (out string, code int) {
	l.desk.t.Helper()
	return l.runIn("bash", name, predefined)
}

func (l *lab) runIn(shell, name string, predefined map[string]string) (out string, code int) {
	t := l.desk.t
	t.Helper()
	p := gitlab(t, l.job)
	j := p.Jobs[name]
	l.last = filepath.Join(t.TempDir(), "builds", "helpdesk")
	env := l.environment(j, p.Variables, predefined)
	l.did(func() {}) // orders what the test has done before what the server does, as check does behind it
	if !l.holds(j, env) {
		t.Fatalf("%s does not run for %v", name, predefined)
	}
	l.desk.git("clone", "--quiet", "--no-checkout", l.desk.origin, l.last)
	if strings.HasPrefix(env["CI_MERGE_REQUEST_EVENT_TYPE"], "merge") { // GitLab's own commit is on no branch
		l.desk.gitIn(l.last, "fetch", "--quiet", "origin", env["CI_COMMIT_SHA"])
	}
	l.desk.gitIn(l.last, "checkout", "--quiet", "--detach", env["CI_COMMIT_SHA"])
	options := map[string][]string{"bash": {"bash", "-eo", "pipefail"}, "sh": {"sh", "-e"}}[shell]
	script := "trap 'exit 1' TERM\n(\n" + strings.Join(slices.Concat(j.BeforeScript, j.Script), "\n") + "\n)"
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.CommandContext(t.Context(), options[0], append(options[1:], "-c", script)...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = l.last, environ(env), log, log
	inGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l.running <- cmd.Process.Pid
	cmd.Wait() // the code says it all
	<-l.running
	signalGroup(cmd.Process.Pid, syscall.SIGKILL) // a container ends with its first process
	code = cmd.ProcessState.ExitCode()
	out = readFile(t, log.Name())
	if len(j.AfterScript) > 0 {
		env["CI_JOB_STATUS"] = "failed"
		if code == 0 {
			env["CI_JOB_STATUS"] = "success"
		}
		after, failed := l.desk.script(l.last, environ(env), append(options, "-c", strings.Join(j.AfterScript, "\n"))...)
		if out += after; failed != 0 {
			t.Errorf("after_script exits %d:\n%s", failed, after)
		}
	}
	l.check(name, out)
	return out, code
}

// check looks for what must never be, whatever the job did.
func (l *lab) check(name, log string) {
	l.desk.t.Helper()
	l.desk.wantNoSecrets("the log", log)
	l.did(func() { l.desk.wantNoSecrets("what GitLab was told", l.heard.String()) })
	l.desk.wantNoSecretFiles(filepath.Join(l.last, ".notiform"))
	if left := l.desk.gitIn(l.last, "status", "--porcelain"); left != "" {
		l.desk.t.Errorf("%s leaves in the work tree\n%s", name, left)
	}
}

// called are the calls that changed something since it was asked last.
func (l *lab) called() (calls []string) {
	l.did(func() { calls, l.calls = l.calls, nil })
	return calls
}

func (l *lab) out(name string) string {
	l.desk.t.Helper()
	return readFile(l.desk.t, filepath.Join(l.last, ".notiform", "out", name))
}

// linkToCards is how the page with the cards of a job is linked.
const linkToCards = "(https://gitlab.test/jobs/1/artifacts/file/.notiform/out/report.html)"

// wantCards wants the page with the cards among what the last job has left, and one click from a text.
func (l *lab) wantCards(why, text string) {
	l.desk.t.Helper()
	if html := l.out("report.html"); !strings.Contains(text, linkToCards) || !strings.Contains(html, "<!doctype html>") {
		l.desk.t.Errorf("%s: the page with the cards is not there, %.100q, or not linked:\n%s", why, html, text)
	}
}

// said is the newest note of a merge request.
func (l *lab) said(r *labRequest) (text string) {
	l.did(func() {
		if len(r.notes) > 0 {
			text = r.notes[len(r.notes)-1].Body
		}
	})
	return text
}

// program runs the program that speaks to GitLab by itself.
func (l *lab) program(more []string, stdin string, args ...string) (out string, code int) {
	l.desk.t.Helper()
	dir, err := built()
	if err != nil {
		l.desk.t.Fatal(err)
	}
	env := environ(l.environment(gitlab(l.desk.t).Jobs["apply"], nil, l.branch("push", zeros, zeros)))
	l.did(func() {})
	out, code = l.desk.script(l.desk.home, append(env, more...), append([]string{"sh", "-c", `printf '%s\n' "$0" | "$@"`, stdin, filepath.Join(dir, "gitlab")}, args...)...)
	l.did(func() {})
	return out, code
}

// approved is what the program keeps as approved for the push of a commit, and what it says.
func (l *lab) approved(commit string) (lines, log string) {
	l.desk.t.Helper()
	dir := filepath.Join(l.desk.t.TempDir(), "approved")
	if err := os.Mkdir(dir, 0o700); err != nil {
		l.desk.t.Fatal(err)
	}
	log, code := l.program(nil, commit, "approved", filepath.Dir(dir))
	if code != 0 {
		l.desk.t.Errorf("exit %d:\n%s", code, log)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		l.desk.t.Fatal(err)
	}
	for _, name := range files {
		lines += readFile(l.desk.t, name)
	}
	return lines, log
}

// restore gives a notification back what it said at first, as somebody else.
func (d *desk) restore(id string) {
	d.t.Helper()
	err := d.server.Edit(id, func(n *sandbox.Notification) {
		n.JobName, n.PushContent = "Welcome", `{"elements":[{"tag":"div","text":{"tag":"plain_text","content":"Hello"}}]}`
	})
	if err != nil {
		d.t.Fatal(err)
	}
}
