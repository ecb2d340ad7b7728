package pipelines_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"notiform/feishu/sandbox"
)

// shellJob runs the plain pipeline in a work tree, with a token.
func shellJob(d *desk, dir, token string, more []string, args ...string) (out string, code int) {
	d.t.Helper()
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + d.home}
	for _, setting := range d.server.Env(d.url) {
		if token != "" && !strings.HasPrefix(setting, "FEISHU_USER_ACCESS_TOKEN=") {
			env = append(env, setting)
		}
	}
	if token != "" {
		file := filepath.Join(d.t.TempDir(), "token")
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			d.t.Fatal(err)
		}
		env = append(env, "FEISHU_USER_ACCESS_TOKEN_FILE="+file)
	}
	script := filepath.Join(pipelines(d.t), "shell", "notiform-ci.sh")
	out, code = d.script(dir, append(env, more...), append([]string{"sh", script}, args...)...)
	d.wantNoSecrets("the log", out)
	return out, code
}

// TestShellPipeline goes through the jobs in a row.
func TestShellPipeline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.change(draftFile(firstID, "Welcome all", reviewedText))
	squash := d.squash()
	work := filepath.Join(t.TempDir(), "work")
	d.git("clone", "--quiet", d.origin, work)
	reports := filepath.Join(work, "notiform-reports")
	step := func(why string, want int, token string, args ...string) string {
		t.Helper()
		out, code := shellJob(d, work, token, nil, args...)
		if code != want {
			t.Errorf("%s: exit %d, want %d:\n%s", why, code, want, out)
		}
		return out
	}
	step("validate needs nothing", 0, "", "validate")
	step("plan reads", 0, sandbox.DefaultReadOnlyUserToken, "plan", d.main)
	d.wantOnlyReads()
	reviewed := strings.TrimSpace(readFile(t, filepath.Join(reports, "digest")))
	if !digest.MatchString(reviewed) {
		t.Fatalf("the digest is %q", reviewed)
	}
	step("drift before apply", 2, sandbox.DefaultReadOnlyUserToken, "drift")
	step("another digest is refused", 4, sandbox.DefaultUserToken, "apply", d.main, "sha256:"+strings.Repeat("0", 64))
	step("no digest is wrong usage", 64, sandbox.DefaultUserToken, "apply", d.main, "")
	d.wantOnlyReads()
	step("what was reviewed is written", 0, sandbox.DefaultUserToken, "apply", d.main, reviewed)
	if got := d.jobName(firstID); got != "Welcome all" {
		t.Errorf("the helpdesk holds %q", got)
	}
	step("no drift after apply", 0, sandbox.DefaultReadOnlyUserToken, "drift")
	d.edit(secondID, "Edited")
	step("a failed plan leaves no digest", 1, sandbox.DefaultReadOnlyUserToken, "plan", "nowhere")
	if _, err := os.Stat(filepath.Join(reports, "digest")); err == nil {
		t.Error("the digest of the plan before is still there")
	}
	step("a plan of the console's edit", 0, sandbox.DefaultReadOnlyUserToken, "plan", squash)
	edited := strings.TrimSpace(readFile(t, filepath.Join(reports, "digest")))
	step("which apply does not overwrite", 4, sandbox.DefaultUserToken, "apply", squash, edited)
	step("unless nobody asks for a base", 0, sandbox.DefaultUserToken, "apply", "", edited)
	for _, name := range []string{"result.json", "report.md", "junit.xml"} {
		if info, err := os.Stat(filepath.Join(reports, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others (%v); it names people", name, err)
		}
	}
	d.wantNoSecretFiles(reports)
}

// TestShellPipelineUsage wants the manual for what is no job.
func TestShellPipelineUsage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, args := range [][]string{nil, {"send"}, {"plan"}, {"plan", "a", "b"}, {"apply", "a"}, {"validate", "x"}} {
		if out, code := shellJob(d, t.TempDir(), "", nil, args...); code != 64 || !strings.Contains(out, "notiform-ci.sh apply BASE DIGEST") {
			t.Errorf("%q: exit %d:\n%s", args, code, out)
		}
	}
}

// TestShellPipelineSettings wants its own variables to count: another folder, a limit, a ticket.
func TestShellPipelineSettings(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	work, reports := filepath.Join(t.TempDir(), "work"), filepath.Join(t.TempDir(), "my reports")
	d.git("clone", "--quiet", d.origin, work)
	if err := os.Rename(filepath.Join(work, "drafts"), filepath.Join(work, "all drafts")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(work, "all drafts", "vpn.yaml")
	if err := os.WriteFile(file, []byte(draftFile(secondID, "VPN, new", "Hello")), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := []string{"DRAFTS=all drafts", "REPORTS=" + reports, "MAX_CHANGES=0", "TICKET=" + sandbox.DefaultTicketID}
	if out, code := shellJob(d, work, sandbox.DefaultReadOnlyUserToken, settings, "plan", d.main); code != 0 {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	reviewed := strings.TrimSpace(readFile(t, filepath.Join(reports, "digest")))
	if out, code := shellJob(d, work, sandbox.DefaultUserToken, settings, "apply", "", reviewed); code != 4 || !strings.Contains(out, "--max-changes") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	settings[2] = "MAX_CHANGES=1"
	if out, code := shellJob(d, work, sandbox.DefaultUserToken, settings, "apply", "", reviewed); code != 0 || d.server.Count("POST") < 2 {
		t.Errorf("exit %d, %d POSTs:\n%s", code, d.server.Count("POST"), out)
	}
}

// TestGitHook commits what is staged, right and wrong, beside files that lie around.
func TestGitHook(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	hook := filepath.Join(d.origin, ".git", "hooks", "pre-commit")
	if err := os.WriteFile(hook, recipe(t, "hooks/pre-commit"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why            string
		staged, onDisk string
		ok             bool
	}{
		{"drafts in order are committed", draftFile(firstID, "One", "x"), "", true},
		{"a fault is not", "job_titel: x\n", "", false},
		{"nor one that was mended but not staged", "job_titel: x\n", draftFile(firstID, "Two", "x"), false},
		{"a fault that is not staged is nobody's business", draftFile(firstID, "Three", "x"), "job_titel: x\n", true},
		{"two drafts that claim one notification are told", draftFile(secondID, "VPN", "x"), "", false},
	} {
		d.write("drafts/welcome.yaml", test.staged)
		d.git("add", "drafts")
		if test.onDisk != "" {
			d.write("drafts/welcome.yaml", test.onDisk)
		}
		out, code := d.script(d.origin, d.gitEnv(), "git", "commit", "--quiet", "--message", test.why)
		if (code == 0) != test.ok || !test.ok && !strings.Contains(out, "drafts/welcome.yaml:") {
			t.Errorf("%s: exit %d:\n%s", test.why, code, out)
		}
		d.git("reset", "--quiet", "--hard")
	}
	d.write("notes.txt", "x")
	d.git("add", "notes.txt")
	if out, code := d.script(d.origin, append(d.gitEnv(), "NOTIFORM=false"), "git", "commit", "--quiet", "--message", "no draft"); code != 0 {
		t.Errorf("a commit without drafts is checked, exit %d:\n%s", code, out)
	}
	d.git("rm", "--quiet", "-r", "drafts")
	if out, code := d.script(d.origin, d.gitEnv(), "git", "commit", "--quiet", "--message", "no drafts any more"); code != 0 {
		t.Errorf("the last drafts cannot be deleted, exit %d:\n%s", code, out)
	}
}

// preCommitHook is a hook of the pre-commit framework.
type preCommitHook struct {
	ID, Name, Description, Entry, Language, Files string
	Args, Types                                   []string
	PassFilenames                                 bool `yaml:"pass_filenames"`
}

// TestPreCommitHooks types what the framework would type.
func TestPreCommitHooks(t *testing.T) {
	t.Parallel()
	var config struct {
		Repos []struct {
			Repo  string
			Hooks []preCommitHook
		}
	}
	decodeRecipe(t, "hooks/pre-commit-config.yaml", &config)
	var published []preCommitHook
	decodeRecipe(t, "hooks/pre-commit-hooks.yaml", &published)
	if len(config.Repos) != 1 || config.Repos[0].Repo != "local" {
		t.Fatalf("the configuration is %+v", config)
	}
	for _, hook := range slices.Concat(config.Repos[0].Hooks, published) {
		d := newDesk(t)
		if hook.ID == "" || hook.Name == "" || hook.Language == "" || hook.PassFilenames {
			t.Errorf("the hook is %+v", hook)
		}
		command := slices.Concat(strings.Fields(hook.Entry), hook.Args)
		if hook.Args == nil { // where it is used they are given
			command = append(command, "drafts")
		}
		if out, code := d.script(d.origin, d.gitEnv(), command...); code != 0 {
			t.Errorf("%q: exit %d:\n%s", command, code, out)
		}
		d.write("drafts/welcome.yaml", "job_titel: x\n")
		if out, code := d.script(d.origin, d.gitEnv(), command...); code != 3 {
			t.Errorf("%q: exit %d:\n%s", command, code, out)
		}
	}
	usage, _, _ := strings.Cut(string(recipe(t, "hooks/pre-commit-hooks.yaml")), "\n- id:")
	var shown struct{ Repos []map[string]yaml.Node }
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(usage, "#     ", "")), &shown); err != nil || len(shown.Repos) != 1 {
		t.Errorf("the way to use it that is shown is no YAML (%v)", err)
	}
}

// flattened are the values of a document in the words of json.awk.
func flattened(path string, value any, into *[]string) {
	under := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	switch v := value.(type) {
	case []any:
		for i, member := range v {
			flattened(under(fmt.Sprint(i)), member, into)
		}
	case map[string]any:
		for name, member := range v {
			flattened(under(name), member, into)
		}
	case string:
		quoted, _ := json.Marshal(v)
		text := string(quoted[1 : len(quoted)-1])
		*into = append(*into, path+"\t"+strings.NewReplacer(`\\`, `\\`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(text))
	default:
		text, _ := json.Marshal(v)
		*into = append(*into, path+"\t"+string(text))
	}
}

// TestJSONInAwk has a thousand documents read that the machine made up, in one go.
func TestJSONInAwk(t *testing.T) {
	t.Parallel()
	text := rapid.StringOf(rapid.SampledFrom([]rune("ab\"\\/{}[]:,<>&é文😀\n\t -1")))
	var value *rapid.Generator[any]
	value = rapid.Deferred(func() *rapid.Generator[any] {
		return rapid.OneOf(
			rapid.Map(text, func(s string) any { return s }),
			rapid.Map(rapid.IntRange(-99, 99), func(n int) any { return n }),
			rapid.SampledFrom([]any{true, false, nil, 1.5}),
			rapid.Map(rapid.SliceOfN(value, 0, 3), func(l []any) any { return l }),
			rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-z_]{1,4}`), value, 0, 3), func(m map[string]any) any { return m }),
		)
	})
	var documents []any
	for seed := range 1000 {
		documents = append(documents, value.Example(seed))
	}
	src, err := json.Marshal(documents)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	file := filepath.Join(d.home, "documents.json")
	if err := os.WriteFile(file, src, 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := d.script(d.home, d.gitEnv(), "awk", "-f", filepath.Join(pipelines(t), "gitlab", "json.awk"), file)
	got := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	var want []string
	flattened("", documents, &want)
	slices.Sort(got)
	slices.Sort(want)
	if code != 0 || len(got) != len(want) {
		t.Errorf("exit %d, %d values, want %d", code, len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("a value is read as %q, want %q", got[i], want[i])
		}
	}
}
