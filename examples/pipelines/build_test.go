package pipelines_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// built is the folder of what recipes build: notiform, and the programs beside it. They are built once,
// beside the notiform of the tests; that one would take longer where the tests look for races.
var built = sync.OnceValues(func() (string, error) {
	notiform, err := exec.LookPath("notiform")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(notiform), "built")
	out, err := exec.Command("go", "build", "-o", dir+"/", "../..", "./github/action", "./gitlab").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

// goBuilds takes the place of go build, which makes a notiform and the programs beside it.
func goBuilds(t *testing.T, notiform string) (script string) {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`#!/bin/bash
while [[ $# -gt 0 ]]; do
	if [[ $1 == -o ]]; then
		mkdir -p "$2"
		ln -sf %[1]q/* "$2/"
		exec ln -sf %[2]q "$2/notiform"
	fi
	shift
done
exit 90
`, dir, notiform)
}

// goEnv is an environment in which Go builds with what it has built before, and fetches nothing.
func (d *desk) goEnv(more ...string) []string {
	d.t.Helper()
	cache, err := exec.CommandContext(d.t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		d.t.Fatal(err)
	}
	return append(d.gitEnv(), append(more, "GOPROXY=off", "GOTOOLCHAIN=local", "GOCACHE="+strings.TrimSpace(string(cache)))...)
}

// TestActionBuildsItsOwnCommit runs the step that the other tests leave to a stub, in a checkout that
// would have it build something else.
func TestActionBuildsItsOwnCommit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	source, temp := t.TempDir(), t.TempDir()
	standIn(t, source)
	steps := compositeAction(t).Runs.Steps
	build := steps[slices.IndexFunc(steps, func(s step) bool { return s.Name == "Build notiform" })]
	env := d.goEnv("RUNNER_TEMP="+temp, "GITHUB_ACTION_PATH="+filepath.Join(source, "examples", "pipelines", "github", "action"))
	for name, value := range build.Env {
		env = append(env, name+"="+value)
	}
	if out, code := d.script(hostileCheckout(t), env, "bash", "-eo", "pipefail", "-c", build.Run); code != 0 {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	built := filepath.Join(temp, "notiform-action")
	if out, code := d.script(built, d.gitEnv(), "./action", "send"); code != 64 || out != "::error title=notiform::usage: action find, run or tell\n" {
		t.Errorf("exit %d: %q", code, out)
	}
	if out, code := d.script(built, d.gitEnv(), "./notiform"); code != 0 || out != "built\n" {
		t.Errorf("exit %d: %q", code, out)
	}
}

// TestRecipesNameTheGoThatIsNeeded wants the version of go.mod in all recipes.
func TestRecipesNameTheGoThatIsNeeded(t *testing.T) {
	t.Parallel()
	_, version, _ := strings.Cut(readFile(t, filepath.Join(root(t), "go.mod")), "\ngo ")
	version, _, _ = strings.Cut(version, ".0\n")
	for where, s := range githubSteps(t) {
		if setup, ok := s.With["go-version"]; ok && setup != version {
			t.Errorf("go.mod wants Go %s, %s sets up %s", version, where, setup)
		}
	}
	if image := gitlab(t).Jobs["plan"].Image; !strings.HasPrefix(image, "golang:"+version+"-") {
		t.Errorf("go.mod wants Go %s, GitLab's image is %s", version, image)
	}
}

// TestGitLabBuildsTheCommitThatIsNamed fetches and builds for real, and takes nothing but a whole
// commit id.
func TestGitLabBuildsTheCommitThatIsNamed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	repository, commit := notiformSource(t, d)
	before := strings.Join(gitlab(t).Jobs["plan"].BeforeScript, "\n")
	for _, test := range []struct {
		why, commit string
		ok          bool
	}{
		{"the commit", commit, true},
		{"a branch, which can be moved", "main", false},
		{"a commit that is not there", strings.Repeat("0", 40), false},
	} {
		work := hostileCheckout(t)
		env := d.goEnv("CI_PROJECT_DIR="+work, "GOFLAGS=-overlay=evil.json", "NOTIFORM_REPOSITORY="+repository, "NOTIFORM_COMMIT="+test.commit)
		out, code := d.script(work, env, "bash", "-eo", "pipefail", "-c", before+"\n"+`"$tools/gitlab" && "$tools/notiform"`)
		if built := code == 0 && strings.HasSuffix(out, "built\nbuilt\n"); built != test.ok || strings.Contains(out, "pwned") {
			t.Errorf("%s: exit %d:\n%s", test.why, code, out)
		}
	}
}

// hostileCheckout is what a merge request may bring: a workspace that claims the build for itself,
// code that would be compiled into a program that is built in it, a folder in place of ours that
// leads somewhere else.
func hostileCheckout(t *testing.T) string {
	t.Helper()
	work := t.TempDir()
	const evil = "package main\n\nfunc init() { println(\"pwned\") }\n"
	for name, text := range map[string]string{
		"go.work": "go 1.26\n\nuse ./evil\n", "evil/go.mod": "module notiform\n\ngo 1.26\n", "evil/main.go": evil + "func main() {}\n",
		".notiform/source/evil.go": evil, ".notiform/source/go.work": "go 1.26\n\nuse ../../evil\n",
	} {
		file := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(work, ".notiform", "out")); err != nil {
		t.Fatal(err)
	}
	return work
}

// TestReadmeOfPipelines wants the workflow that it shows to give the action inputs that it has.
func TestReadmeOfPipelines(t *testing.T) {
	t.Parallel()
	a := compositeAction(t)
	blocks := fence.FindAllStringSubmatch(string(recipe(t, "README.md")), -1)
	if len(blocks) != 3 {
		t.Fatalf("README.md has %d blocks, want a workflow, GitLab's second helpdesk and the shell", len(blocks))
	}
	steps := decodeSteps(t, blocks[0][1])
	for name := range steps[0].With {
		if _, ok := a.Inputs[name]; !ok {
			t.Errorf("the action has no input %s", name)
		}
	}
	for _, s := range steps {
		if strings.Contains(s.Run, "${{") {
			t.Error("an expression is spliced into a script")
		}
	}
	usage := string(recipe(t, "shell/notiform-ci.sh"))
	for line := range strings.Lines(blocks[2][1]) {
		if job := strings.Fields(line)[1]; !strings.Contains(usage, "#     notiform-ci.sh "+job+" ") {
			t.Errorf("notiform-ci.sh has no job %s", job)
		}
	}
}
