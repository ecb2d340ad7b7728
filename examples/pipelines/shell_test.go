package pipelines_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"notiform/feishu/sandbox"
)

// shellCommand is a job of the plain pipeline in a work tree, with a token.
func shellCommand(d *desk, dir, token string, more []string, args ...string) *exec.Cmd {
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
	cmd := exec.CommandContext(d.t.Context(), "sh", append([]string{script}, args...)...)
	cmd.Dir, cmd.Env = dir, append(env, more...)
	return cmd
}

// shellJob runs one.
func shellJob(d *desk, dir, token string, more []string, args ...string) (out string, code int) {
	d.t.Helper()
	cmd := shellCommand(d, dir, token, more, args...)
	out, code = d.script(dir, cmd.Env, cmd.Args...)
	d.wantNoSecrets("the log", out)
	return out, code
}

// TestShellPipelineHandsSignalsOn has a CI signal the process that it started, and no other.
func TestShellPipelineHandsSignalsOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.edit(firstID, "Edited")
	work := filepath.Join(t.TempDir(), "work")
	d.git("clone", "--quiet", d.origin, work)
	if out, code := shellJob(d, work, sandbox.DefaultUserToken, nil, "plan", ""); code != 0 {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	started := make(chan *os.Process, 1)
	d.server.Fail(sandbox.Fault{Method: http.MethodGet, ID: firstID, Kind: sandbox.Pass}, sandbox.Fault{ // to plan, and to look again
		Method: http.MethodGet, ID: firstID, Kind: sandbox.Slow, Value: "2s", Before: func(*sandbox.Notification) {
			if err := (<-started).Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
		},
	})
	cmd := shellCommand(d, work, sandbox.DefaultUserToken, nil, "apply", "", "HEAD", "notiform-reports/approvals")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started <- cmd.Process
	cmd.Wait()
	result := readFile(t, filepath.Join(work, "notiform-reports", "result.json"))
	if code := cmd.ProcessState.ExitCode(); code != 130 || !strings.Contains(result, `"exit_code": 130`) || d.server.Count("PATCH") > 0 {
		t.Errorf("exit %d, %d PATCHes, and the result is\n%s", code, d.server.Count("PATCH"), result)
	}
}

// TestShellPipeline goes through the jobs in a row.
func TestShellPipeline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.change(draftFile(firstID, "Welcome all", reviewedText))
	squash := d.squash()
	work := filepath.Join(t.TempDir(), "work")
	d.git("clone", "--quiet", d.origin, work)
	reports, kept := filepath.Join(work, "notiform-reports"), filepath.Join(t.TempDir(), "approvals of 7")
	step := func(why string, want int, token string, args ...string) string {
		t.Helper()
		out, code := shellJob(d, work, token, []string{"LOCK=" + filepath.Join(d.home, "lock")}, args...)
		if code != want {
			t.Errorf("%s: exit %d, want %d:\n%s", why, code, want, out)
		}
		return out
	}
	plan, apply := sandbox.DefaultReadOnlyUserToken, sandbox.DefaultUserToken
	step("validate needs nothing", 0, "", "validate")
	step("validate looks at a change", 0, "", "validate", d.main)
	out := step("plan reads", 0, plan, "plan", d.main)
	approvals := readFile(t, filepath.Join(reports, "approvals"))
	if err := os.WriteFile(kept, []byte(approvals), 0o600); err != nil || !strings.HasSuffix(approvals, " "+firstID+"\n") {
		t.Fatalf("the approvals are %q (%v)", approvals, err)
	}
	if page := filepath.Join(reports, "report.html"); !strings.Contains(out, page) || !strings.Contains(readFile(t, page), reviewedText) {
		t.Errorf("the page with the cards is not named:\n%s", out)
	}
	step("and verifies", 0, plan, "plan", d.main, kept)
	step("drift before apply", 2, plan, "drift")
	step("nothing is approved", 4, apply, "apply", d.main, "origin/main", "/dev/null")
	step("there is no such file", 1, apply, "apply", d.main, "origin/main", kept+" 2")
	step("another digest is refused", 4, apply, "approve", d.main, "HEAD", "sha256:"+strings.Repeat("0", 64))
	step("the branch has moved on since", 4, apply, "approve", d.main, d.main, "sha256:"+strings.Repeat("0", 64))
	step("no digest is wrong usage", 64, apply, "approve", d.main, "HEAD", "")
	d.write("drafts/vpn.yaml", draftFile(secondID, "VPN", "Broken"))
	tip := d.commit("The branch has moved on")
	d.gitIn(work, "fetch", "--quiet")
	d.git("revert", "--no-edit", squash)
	reverted := d.git("rev-parse", "HEAD")
	d.gitIn(work, "fetch", "--quiet")
	if out := step("the branch says something else", 4, apply, "apply", d.main, reverted, kept); !strings.Contains(out, "not all of "+kept+" counts") {
		t.Errorf("it is not said why:\n%s", out)
	}
	step("the branch no longer has it", 4, apply, "apply", d.main, d.main, kept)
	d.wantOnlyReads()
	step("what was approved is written, also behind the branch", 0, apply, "apply", d.main, tip, kept)
	if got := d.jobName(firstID); got != "Welcome all" {
		t.Errorf("the helpdesk holds %q", got)
	}
	step("no drift after apply", 0, plan, "drift")
	step("a failed plan leaves no approvals", 1, plan, "plan", "nowhere")
	if left, err := os.ReadFile(filepath.Join(reports, "approvals")); len(left) > 0 {
		t.Errorf("the approvals of the plan before are still there (%v)", err)
	}
	d.restore(firstID)
	step("a plan of the console's edit", 0, plan, "plan", d.main)
	step("which was approved by its digest", 0, apply, "approve", d.main, "HEAD", digest.FindString(readFile(t, filepath.Join(reports, "report.md"))))
	for _, name := range []string{"result.json", "report.md", "report.html", "junit.xml"} {
		if info, err := os.Stat(filepath.Join(reports, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others (%v); it names people", name, err)
		}
	}
	if left := d.gitIn(work, "status", "--porcelain"); left != "" {
		t.Errorf("the work tree has\n%s", left)
	}
	d.wantNoSecretFiles(reports)
}

// TestShellPipelineUsage wants the manual for what is no job.
func TestShellPipelineUsage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, args := range [][]string{nil, {"send"}, {"plan"}, {"apply", "a"}, {"apply", "a", "b"}, {"approve", "a", "b"}, {"validate", "x", "y"}} {
		if out, code := shellJob(d, t.TempDir(), "", nil, args...); code != 64 || !strings.Contains(out, "notiform-ci.sh approve BASE TIP DIGEST") {
			t.Errorf("%q: exit %d:\n%s", args, code, out)
		}
	}
}

// TestShellPipelineSettings wants its own variables to count: another folder, a ticket.
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
	settings := []string{"DRAFTS=all drafts", "REPORTS=" + reports, "TICKET=" + sandbox.DefaultTicketID}
	if out, code := shellJob(d, work, sandbox.DefaultReadOnlyUserToken, settings, "plan", d.main); code != 0 {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	approvals := filepath.Join(reports, "approvals")
	if out, code := shellJob(d, work, sandbox.DefaultUserToken, settings, "apply", "", "HEAD", approvals); code != 0 || d.server.Count("POST") < 2 {
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
	d.write("drafts/welcome.yaml", strings.Replace(draftFile(firstID, "Card", ""), `push_content: {elements: [{tag: div, text: {tag: plain_text, content: ""}}]}`, "push_content_file: ../cards/a.json", 1))
	d.write("cards/a.json", `{"elements":[{"tag":"hr"}]}`)
	d.commit("A card elsewhere")
	d.write("cards/a.json", "[]")
	d.git("add", "cards")
	if out, code := d.script(d.origin, d.gitEnv(), "git", "commit", "--quiet", "--message", "no card"); code == 0 || !strings.Contains(out, "card-json") {
		t.Errorf("a fault in a card elsewhere is committed, exit %d:\n%s", code, out)
	}
	d.git("reset", "--quiet", "--hard")
	d.git("mv", "drafts", "real")
	if err := os.Symlink("real", filepath.Join(d.origin, "drafts")); err != nil {
		t.Fatal(err)
	}
	d.commit("A link to the drafts")
	d.write("real/vpn.yaml", "job_titel: x\n")
	d.git("add", "real")
	if out, code := d.script(d.origin, d.gitEnv(), "git", "commit", "--quiet", "--message", "behind a link"); code == 0 || !strings.Contains(out, "job_titel") {
		t.Errorf("a fault behind a link is committed, exit %d:\n%s", code, out)
	}
	d.git("reset", "--quiet", "--hard")
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
