package pipelines_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The recipes as data. safety_test.go holds them against what makes a pipeline safe; the files
// named after a CI system run every script that is in them.

// workflow is a workflow of GitHub Actions.
type workflow struct {
	name        string // of the file
	On          yaml.Node
	Permissions map[string]string
	Concurrency struct {
		Group, Queue string
		Cancel       string `yaml:"cancel-in-progress"`
	}
	Jobs map[string]job
}

type job struct {
	If          string
	Permissions map[string]string
	Environment string
	Timeout     string `yaml:"timeout-minutes"`
	Outputs     map[string]string
	Steps       []step
}

// step is a step of a job or of an action. Secrets are given to it in Env or With.
type step struct {
	ID, Name, If, Uses, Run, Shell string
	Env, With                      map[string]string
	ContinueOnError                string `yaml:"continue-on-error"`
}

// action is a composite action.
type action struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

// pipelines is the folder of the recipes.
func pipelines(t *testing.T) string { return filepath.Join(root(t), "examples", "pipelines") }

// readFile reads a file that must be there.
func readFile(t *testing.T, name string) string {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func recipe(t *testing.T, name string) []byte {
	t.Helper()
	return []byte(readFile(t, filepath.Join(pipelines(t), filepath.FromSlash(name))))
}

func decodeRecipe(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Unmarshal(recipe(t, name), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// recipes are the files below the folder, from there and with slashes; these tests are none.
func recipes(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(pipelines(t)), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) != ".go" {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%d recipes: %v", len(names), err)
	}
	return names
}

const actionFile = "github/action/action.yml"

func compositeAction(t *testing.T) action {
	t.Helper()
	var a action
	decodeRecipe(t, actionFile, &a)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("%s is no composite action with steps", actionFile)
	}
	return a
}

func workflowNamed(t *testing.T, name string) workflow {
	t.Helper()
	w := workflow{name: name}
	decodeRecipe(t, "github/workflows/"+name+".yml", &w)
	return w
}

// decodeSteps reads steps as they stand in a workflow.
func decodeSteps(t *testing.T, src string) []step {
	t.Helper()
	var steps []step
	if err := yaml.Unmarshal([]byte(src), &steps); err != nil || len(steps) == 0 {
		t.Fatalf("%d steps: %v", len(steps), err)
	}
	return steps
}

// workflows are all of GitHub's.
func workflows(t *testing.T) []workflow {
	t.Helper()
	var all []workflow
	for _, name := range recipes(t) {
		if path.Dir(name) == "github/workflows" {
			all = append(all, workflowNamed(t, strings.TrimSuffix(path.Base(name), ".yml")))
		}
	}
	if len(all) != 6 {
		t.Fatalf("%d workflows, want validate, plan, apply, create, drift and refresh", len(all))
	}
	return all
}

// events are what starts a workflow.
func (w workflow) events() []string {
	switch w.On.Kind {
	case yaml.ScalarNode:
		return []string{w.On.Value}
	case yaml.MappingNode:
		var names []string
		for i := 0; i < len(w.On.Content); i += 2 {
			names = append(names, w.On.Content[i].Value)
		}
		return names
	}
	return nil
}

// gitlabJob is a job of GitLab CI, with what it extends.
type gitlabJob struct {
	Extends, Stage, Image, Timeout string
	BeforeScript                   []string `yaml:"before_script"`
	Script                         []string
	AfterScript                    []string `yaml:"after_script"`
	Needs                          []string
	Variables                      map[string]string
	Rules                          []gitlabRule
	ResourceGroup                  string `yaml:"resource_group"`
	Interruptible                  bool
	Environment                    struct{ Name, Action string }
	Artifacts                      struct {
		When, Access string
		ExpireIn     string `yaml:"expire_in"`
		Paths        []string
		Reports      map[string]string
	}
}

type gitlabRule struct {
	If      string
	Changes []string
}

// gitlabPipeline is the recipe for GitLab.
type gitlabPipeline struct {
	Variables map[string]string
	Stages    []string
	Jobs      map[string]gitlabJob // those that run, with what they extend put in
}

const gitlabFile = "gitlab/gitlab-ci.yml"

// gitlab is the recipe, with what its owner has added to it.
func gitlab(t *testing.T, added ...string) gitlabPipeline {
	t.Helper()
	var p gitlabPipeline
	nodes := map[string]yaml.Node{}
	for _, src := range append([]string{string(recipe(t, gitlabFile))}, added...) {
		if err := errors.Join(yaml.Unmarshal([]byte(src), &p), yaml.Unmarshal([]byte(src), &nodes)); err != nil {
			t.Fatal(err)
		}
	}
	p.Jobs = map[string]gitlabJob{}
	for name := range nodes {
		if !slices.Contains([]string{"variables", "stages", "workflow"}, name) && !strings.HasPrefix(name, ".") {
			var j gitlabJob
			extend(t, nodes, name, &j)
			p.Jobs[name] = j
		}
	}
	return p
}

// extend puts what a job extends into it, and then what is its own.
func extend(t *testing.T, nodes map[string]yaml.Node, name string, into *gitlabJob) {
	t.Helper()
	node, ok := nodes[name]
	var own gitlabJob
	if err := node.Decode(&own); !ok || err != nil {
		t.Fatalf("there is no job %s: %v", name, err)
	}
	if own.Extends != "" {
		extend(t, nodes, own.Extends, into)
	}
	if err := node.Decode(into); err != nil { // keeps what is there and this has not
		t.Fatalf("%s: %v", name, err)
	}
}
