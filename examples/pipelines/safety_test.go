package pipelines_test

import (
	"bytes"
	"io"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rhysd/actionlint"
	"gopkg.in/yaml.v3"
)

// queueUnknown is what actionlint says of the one key that is younger than it. TestApplyIsAlone looks
// at that key.
const queueUnknown = `unexpected key "queue" for "concurrency" section`

// lint wants actionlint to find nothing. It runs shellcheck over the scripts where there is one.
func lint(t *testing.T, name string, src []byte) {
	t.Helper()
	shellcheck, _ := exec.LookPath("shellcheck")
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{Shellcheck: shellcheck, WorkingDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	faults, err := linter.Lint(name, src, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		if !strings.HasPrefix(fault.Message, queueUnknown) {
			t.Error(fault)
		}
	}
}

func TestWorkflowsLint(t *testing.T) {
	t.Parallel()
	for _, w := range workflows(t) {
		lint(t, w.name+".yml", recipe(t, "github/workflows/"+w.name+".yml"))
	}
}

// TestActionLints has actionlint look at the steps of the action, which it does not do by itself,
// as those of a workflow that is called with the same inputs.
func TestActionLints(t *testing.T) {
	t.Parallel()
	var a struct {
		Inputs map[string]yaml.Node
		Runs   struct{ Steps yaml.Node }
	}
	decodeRecipe(t, actionFile, &a)
	inputs := map[string]any{}
	for name := range a.Inputs {
		inputs[name] = map[string]string{"type": "string"}
	}
	src, err := yaml.Marshal(map[string]any{
		"on":   map[string]any{"workflow_call": map[string]any{"inputs": inputs}},
		"jobs": map[string]any{"action": map[string]any{"runs-on": "ubuntu-24.04", "steps": &a.Runs.Steps}},
	})
	if err != nil {
		t.Fatal(err)
	}
	lint(t, "action.yml", src)
}

// TestLintFindsFaults shows that lint can fail.
func TestLintFindsFaults(t *testing.T) {
	t.Parallel()
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	src := bytes.ReplaceAll(recipe(t, "github/workflows/plan.yml"), []byte("steps.notiform.outputs"), []byte("steps.nobody.outputs"))
	if faults, err := linter.Lint("plan.yml", src, nil); err != nil || len(faults) == 0 {
		t.Errorf("a step that is not there is not found (%v)", err)
	}
}

// githubSteps are the steps of all workflows and of the action, by where they are.
func githubSteps(t *testing.T) map[string]step {
	t.Helper()
	all := map[string]step{}
	add := func(where string, steps []step) {
		for _, s := range steps {
			all[where+": "+s.ID+s.Name+s.Uses] = s
		}
	}
	for _, w := range workflows(t) {
		for name, j := range w.Jobs {
			add(w.name+" "+name, j.Steps)
		}
	}
	add("action", compositeAction(t).Runs.Steps)
	return all
}

// TestNothingIsSplicedIntoScripts wants expressions in env, with and if only: what is put into a
// script by GitHub is run as part of it.
func TestNothingIsSplicedIntoScripts(t *testing.T) {
	t.Parallel()
	scripts := 0
	for where, s := range githubSteps(t) {
		if s.Run != "" {
			scripts++
		}
		if strings.Contains(s.Run, "${{") || strings.Contains(s.Shell, "${{") {
			t.Errorf("%s: an expression is spliced into the script", where)
		}
		if s.Run != "" && s.Shell != "" && s.Shell != "bash" {
			t.Errorf("%s is for %s, which the tests do not run", where, s.Shell)
		}
	}
	if scripts < 5 {
		t.Errorf("only %d scripts were looked at", scripts)
	}
}

// secretsIn are the names of the secrets that a text mentions.
func secretsIn(values ...string) []string {
	var names []string
	for _, value := range values {
		for _, match := range regexp.MustCompile(`secrets\.(\w+)|\b(github\.token)\b`).FindAllStringSubmatch(value, -1) {
			names = append(names, match[1]+match[2])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestSecretsGoOnlyWhereTheyAreNeeded wants each secret in the inputs of the action alone, and in
// the job whose affair it is.
func TestSecretsGoOnlyWhereTheyAreNeeded(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"validate validate":      nil,
		"validate code-scanning": {"github.token"},
		"plan plan":              {"FEISHU_HELPDESK_TOKEN", "FEISHU_PLAN_TOKEN", "github.token"},
		"apply apply":            {"FEISHU_APPLY_TOKEN", "FEISHU_APP_SECRET", "FEISHU_HELPDESK_TOKEN", "github.token"},
		"create create":          {"FEISHU_APPLY_TOKEN", "FEISHU_HELPDESK_TOKEN", "github.token"},
		"drift drift":            {"FEISHU_HELPDESK_TOKEN", "FEISHU_PLAN_TOKEN", "github.token"},
		"refresh refresh":        {"FEISHU_APP_SECRET", "NOTIFORM_GITHUB_TOKEN", "NOTIFORM_LOGIN"},
	}
	for _, w := range workflows(t) {
		if bytes.Contains(recipe(t, "github/workflows/"+w.name+".yml"), []byte("pull_request_target")) {
			t.Errorf("%s runs on pull_request_target, with secrets beside foreign files", w.name)
		}
		for name, j := range w.Jobs {
			var values []string
			for _, s := range j.Steps {
				values = append(values, slices.Collect(maps.Values(s.With))...)
				values = append(values, slices.Collect(maps.Values(s.Env))...)
			}
			where := w.name + " " + name
			if got := secretsIn(values...); !slices.Equal(got, want[where]) {
				t.Errorf("%s is given the secrets %q, want %q", where, got, want[where])
			}
			if all := secretsIn(string(recipe(t, "github/workflows/"+w.name+".yml"))); w.name != "validate" && !slices.Equal(all, want[where]) {
				t.Errorf("%s names secrets %q outside of its steps", w.name, all)
			}
		}
	}
}

// TestActionKeepsSecretsToTheStepThatNeedsThem wants every secret input in the environment of one
// step, or two for what speaks to GitHub, and never on the action's outputs. Each step is nothing but
// its program, which so gets the signals of the runner.
func TestActionKeepsSecretsToTheStepThatNeedsThem(t *testing.T) {
	t.Parallel()
	a := compositeAction(t)
	secret := regexp.MustCompile(`inputs\.(helpdesk-token|user-access-token|app-secret|github-token)\b`)
	for _, s := range a.Runs.Steps {
		for name, value := range s.Env {
			isSecret := secret.MatchString(value)
			feishu, hub := strings.HasPrefix(name, "FEISHU_"), name == "GH_TOKEN"
			if isSecret && !(feishu && s.ID == "notiform") && !(hub && s.ID != "notiform") {
				t.Errorf("%s%s has a secret as %s", s.ID, s.Name, name)
			}
		}
		if s.Run != "" && s.ID != "" && (strings.Contains(s.Run, "\n") || !strings.HasPrefix(s.Run, "exec ")) {
			t.Errorf("step %s does not become its program: %s", s.ID, s.Run)
		}
		if len(secretsIn(slices.Collect(maps.Values(s.With))...)) > 0 {
			t.Errorf("%s hands a secret to another action", s.Uses)
		}
	}
	for name, output := range a.Outputs {
		if secret.MatchString(output.Value) {
			t.Errorf("output %s holds a secret", name)
		}
	}
}

// TestPermissions wants each job to have what it needs, and nothing that it would do without: it is
// run without each of its permissions, and GitHub refuses something.
func TestPermissions(t *testing.T) {
	t.Parallel()
	days := map[string]func(t *testing.T, h *hub) ran{
		"validate validate": func(_ *testing.T, h *hub) ran { return h.run("validate", "validate", h.open(7, welcome("W")).event()) },
		"validate code-scanning": func(_ *testing.T, h *hub) ran {
			h.vars["NOTIFORM_CODE_SCANNING"] = "true"
			return h.run("validate", "code-scanning", h.open(7, welcome("W")).event())
		},
		"plan plan":     func(_ *testing.T, h *hub) ran { return h.plan(h.open(7, welcome("W"))) },
		"apply apply":   func(_ *testing.T, h *hub) ran { return h.apply(h.merge("merge", h.pulls[7])) },
		"create create": func(_ *testing.T, h *hub) ran { return h.create(h.born("main is protected")) },
		"drift drift": func(_ *testing.T, h *hub) ran {
			h.desk.edit(firstID, "Edited")
			return h.run("drift", "drift", night(h))
		},
		"refresh refresh": func(_ *testing.T, h *hub) ran { return h.run("refresh", "refresh", night(h)) },
	}
	for _, w := range workflows(t) {
		if w.Permissions == nil || len(w.Permissions) > 0 {
			t.Errorf("%s gives permissions to jobs that do not ask", w.name)
		}
		for name, j := range w.Jobs {
			day := days[w.name+" "+name]
			if day == nil || len(j.Permissions) == 0 {
				t.Fatalf("%s %s is not known, or asks for nothing", w.name, name)
			}
			for scope, level := range j.Permissions {
				t.Run(w.name+" "+name+" without "+scope, func(t *testing.T) {
					t.Parallel()
					h := newHub(t)
					if w.name == "apply" {
						h.shown(7, welcome("W"))
					}
					h.edit = func(other *workflow) {
						other.Jobs[name].Permissions[scope] = map[string]string{"write": "read", "read": "none"}[level]
					}
					if r := day(t, h); !r.failed {
						t.Errorf("%s is not needed:\n%s", level, r.log)
					}
				})
			}
		}
	}
}

// TestJobsEndInTime wants every job to have an end, and notiform to end before that: what the runner
// kills leaves no result.
func TestJobsEndInTime(t *testing.T) {
	t.Parallel()
	for _, w := range workflows(t) {
		for name, j := range w.Jobs {
			limit, err := time.ParseDuration(j.Timeout + "m")
			if err != nil {
				t.Errorf("%s %s may run for six hours: %v", w.name, name, err)
			}
			for _, s := range j.Steps {
				if s.With["command"] == "" || s.With["command"] == "validate" {
					continue
				}
				if own, err := time.ParseDuration(s.With["timeout"]); err != nil || own > limit-10*time.Minute {
					t.Errorf("%s %s: notiform has %v of %v (%v)", w.name, name, own, limit, err)
				}
			}
		}
	}
}

// TestPlanAlwaysReports wants nothing that would have GitHub skip the job: a skipped one passes.
func TestPlanAlwaysReports(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plan", "apply"} {
		if src := string(recipe(t, "github/workflows/"+name+".yml")); regexp.MustCompile(`(?m)^ +paths(-ignore)?:`).MatchString(src) {
			t.Errorf("%s looks at the names of files, of which GitHub sees 300", name)
		}
	}
	w := workflowNamed(t, "plan")
	if j := w.Jobs["plan"]; j.If != "" || !slices.Equal(w.events(), []string{"pull_request", "merge_group"}) {
		t.Errorf("plan runs for %q if %q", w.events(), j.If)
	}
}

// TestApplyIsAlone wants one apply, one create and one refresh at a time, never cancelled, on main and behind an
// environment, whose secrets are set on GitHub. Nor is an apply or a create dropped for the next. GitLab signals
// both.
func TestApplyIsAlone(t *testing.T) {
	t.Parallel()
	for name, queue := range map[string]string{"apply": "max", "create": "max", "refresh": ""} {
		w := workflowNamed(t, name)
		if c := w.Concurrency; c.Group == "" || strings.Contains(c.Group, "${{") || c.Cancel != "false" || c.Queue != queue {
			t.Errorf("two of %s can run at once, or one can be cancelled or dropped: %+v", name, w.Concurrency)
		}
		for job, j := range w.Jobs {
			if j.Environment == "" || !strings.Contains(j.If, "refs/heads/main") {
				t.Errorf("%s is not protected", job)
			}
		}
		if g, ok := gitlab(t).Jobs[name]; ok && (g.ResourceGroup == "" || g.Interruptible || g.Environment.Name == "") {
			t.Errorf("GitLab's %s is not alone or not protected", name)
		}
	}
	for _, name := range []string{"apply", "create"} {
		if !strings.HasPrefix(gitlab(t).Jobs[name].Script[0], "exec ") {
			t.Errorf("GitLab's %s is not what is signalled", name)
		}
	}
}

var pinned = regexp.MustCompile(`(?m)^\s*(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # \S`)

// TestActionsArePinned wants every action named by a whole commit, with a word on which it is, and
// the same commit everywhere.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	commits := map[string]string{}
	for _, name := range recipes(t) {
		if path.Ext(name) != ".yml" {
			continue
		}
		src := string(recipe(t, name))
		if uses, ok := len(regexp.MustCompile(`\buses: `).FindAllString(src, -1)), len(pinned.FindAllString(src, -1)); uses != ok {
			t.Errorf("%s: %d of %d actions are pinned to a commit with a comment", name, ok, uses)
		}
	}
	for where, s := range githubSteps(t) {
		if s.Uses == "" {
			continue
		}
		name, commit, _ := strings.Cut(s.Uses, "@")
		if known := commits[name]; known != "" && known != commit {
			t.Errorf("%s: %s has two commits", where, name)
		}
		commits[name] = commit
		if strings.HasPrefix(name, "actions/checkout") && s.With["persist-credentials"] != "false" {
			t.Errorf("%s leaves GitHub's token behind in the work tree", where)
		}
		if strings.HasPrefix(name, "actions/setup-go") && s.With["cache"] != "false" {
			t.Errorf("%s takes what pull requests have put into the cache", where)
		}
	}
	if len(commits) != 4 {
		t.Errorf("the actions are %v, want checkout, setup-go, upload-artifact and our own", slices.Sorted(maps.Keys(commits)))
	}
}

// TestWorkflowsGiveTheActionItsInputs wants no input that the action does not have: GitHub only
// warns of it.
func TestWorkflowsGiveTheActionItsInputs(t *testing.T) {
	t.Parallel()
	a := compositeAction(t)
	for where, s := range githubSteps(t) {
		if !strings.HasPrefix(s.Uses, ourAction) {
			continue
		}
		for name := range s.With {
			if _, ok := a.Inputs[name]; !ok {
				t.Errorf("%s: the action has no input %s", where, name)
			}
		}
		for name, input := range a.Inputs {
			if _, ok := s.With[name]; input.Required && !ok {
				t.Errorf("%s lacks the input %s", where, name)
			}
		}
	}
	for name, input := range a.Inputs {
		if input.Description == "" {
			t.Errorf("input %s is not described", name)
		}
	}
}

// TestRecipesNeedNoMoreThanTheyMay keeps the recipes free of what is not on every machine, and of
// the address of anybody.
func TestRecipesNeedNoMoreThanTheyMay(t *testing.T) {
	t.Parallel()
	for _, name := range recipes(t) {
		src := string(recipe(t, name))
		if word := regexp.MustCompile(`(?m)(^|[|;&(]\s*)(jq|python3?|node|glab) `).FindString(src); word != "" && path.Ext(name) != ".md" {
			t.Errorf("%s needs %q", name, word)
		}
		if filepath.Ext(name) == ".sh" && !strings.HasPrefix(src, "#!/bin/sh\n") {
			t.Errorf("%s is not for sh", name)
		}
	}
}

// TestScriptsLint wants sh to understand every script, and shellcheck, where there is one, to find nothing.
func TestScriptsLint(t *testing.T) {
	t.Parallel()
	linters := [][]string{{"sh", "-n"}}
	if shellcheck, err := exec.LookPath("shellcheck"); err == nil {
		linters = append(linters, []string{shellcheck})
	}
	for _, name := range recipes(t) {
		if !strings.HasPrefix(string(recipe(t, name)), "#!/bin/sh\n") {
			continue
		}
		for _, linter := range linters {
			out, err := exec.CommandContext(t.Context(), linter[0], append(linter[1:], filepath.Join(pipelines(t), name))...).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

// TestRecipesAreListed wants the README of the folder to name every file.
func TestRecipesAreListed(t *testing.T) {
	t.Parallel()
	readme := string(recipe(t, "README.md"))
	for _, name := range recipes(t) {
		if name != "README.md" && !strings.Contains(readme, name) {
			t.Errorf("examples/pipelines/README.md does not name %s", name)
		}
	}
}

// TestGitLabPipelineIsWhole holds the pipeline's structure: known words only, and nothing that is
// named and not there.
func TestGitLabPipelineIsWhole(t *testing.T) {
	t.Parallel()
	known := []string{
		"extends", "stage", "image", "timeout", "before_script", "script", "rules", "resource_group", "interruptible", "environment", "artifacts",
		"after_script", "needs", "variables",
	}
	var nodes map[string]yaml.Node
	decodeRecipe(t, gitlabFile, &nodes)
	for name, node := range nodes {
		if name == "variables" || name == "stages" || name == "workflow" {
			continue
		}
		for i := 0; i < len(node.Content); i += 2 {
			if word := node.Content[i].Value; !slices.Contains(known, word) {
				t.Errorf("%s: GitLab knows no %s in a job, or the tests do not", name, word)
			}
		}
	}
	p := gitlab(t)
	scripts := string(recipe(t, "gitlab/gitlab.sh")) + string(recipe(t, "shell/notiform-ci.sh"))
	if names := slices.Sorted(maps.Keys(p.Jobs)); !slices.Equal(names, []string{"apply", "create", "drift", "plan", "refresh", "validate"}) {
		t.Errorf("the jobs are %v", names)
	}
	last, err := time.ParseDuration(p.Variables["NOTIFORM_TIMEOUT"])
	if err != nil {
		t.Fatal(err)
	}
	for name, j := range p.Jobs {
		end, err := time.ParseDuration(strings.NewReplacer(" hours", "h", " minutes", "m").Replace(j.Timeout))
		if err != nil || name != "refresh" && end < last+15*time.Minute {
			t.Errorf("%s is ended before notiform ends (%v)", name, err)
		}
		if !slices.Contains(p.Stages, j.Stage) || len(j.Script) == 0 || len(j.Rules) == 0 || j.Image == "" || j.Timeout == "" {
			t.Errorf("%s lacks something that every job has", name)
		}
		for kind, file := range j.Artifacts.Reports {
			if !strings.Contains(scripts, "$REPORTS/"+path.Base(file)) || !strings.HasPrefix(file, ".notiform/out/") {
				t.Errorf("%s reports %s, and nothing writes %s", name, kind, file)
			}
		}
		if j.Artifacts.Access != "developer" {
			t.Errorf("%s shows its artefacts, which name people, to everybody", name)
		}
	}
}
