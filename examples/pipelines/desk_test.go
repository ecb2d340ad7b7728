package pipelines_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// desk is a repository of drafts and the helpdesk that they are for: the place where the recipes
// are tried. Its branch main says what the helpdesk holds.
type desk struct {
	t        *testing.T
	server   *sandbox.Server
	url      string
	origin   string // the repository
	home     string
	notiform string // the program
	main     string // the commit that was applied last
}

const (
	firstID, secondID = "7000000000000000001", "7000000000000000002"
	hubToken          = "ghs_pipeline-token"
	gitlabToken       = "glpat-pipeline-token"
)

// draft is a draft file.
func draftFile(id, name, text string) string {
	return fmt.Sprintf("notification_id: %q\njob_name: %s\npush_type: scheduled\npush_scope_type: all_members\npush_content: {elements: [{tag: div, text: {tag: plain_text, content: %q}}]}\n", id, name, text)
}

func newDesk(t *testing.T, switches ...string) *desk {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, origin: filepath.Join(t.TempDir(), "origin"), home: t.TempDir(), notiform: filepath.Join(dir, "notiform")}
	d.server, d.url = sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited(), Switches: switches})
	for id, name := range map[string]string{firstID: "Welcome", secondID: "VPN"} {
		seed := fmt.Sprintf(`{"id":%q,"job_name":%q,"push_type":0,"push_scope_type":0,"push_content":"{\"elements\":[{\"tag\":\"div\",\"text\":{\"tag\":\"plain_text\",\"content\":\"Hello\"}}]}"}`, id, name)
		if err := d.server.Seed([]byte(seed)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(d.origin, 0o755); err != nil {
		t.Fatal(err)
	}
	d.git("init", "--quiet", "--initial-branch=main")
	d.write("drafts/welcome.yaml", draftFile(firstID, "Welcome", "Hello"))
	d.write("drafts/vpn.yaml", draftFile(secondID, "VPN", "Hello"))
	d.main = d.commit("Keep the drafts")
	return d
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	file := filepath.Join(d.origin, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// gitEnv is an environment in which nobody's settings of Git count.
func (d *desk) gitEnv() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + d.home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	}
}

func (d *desk) git(args ...string) string {
	d.t.Helper()
	return d.gitIn(d.origin, args...)
}

func (d *desk) gitIn(dir string, args ...string) string {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), "git", args...)
	cmd.Dir, cmd.Env = dir, d.gitEnv()
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (d *desk) commit(message string) string {
	d.t.Helper()
	d.git("add", "--all")
	d.git("commit", "--quiet", "--message", message)
	return d.git("rev-parse", "HEAD")
}

// change is a branch with a change to the first draft: its last commit, and what main would be
// with it, as the commit that GitHub makes for pull requests.
func (d *desk) change(text string) (head, merge string) {
	d.t.Helper()
	d.git("checkout", "--quiet", "-B", "change", "main")
	d.write("drafts/welcome.yaml", text)
	head = d.commit("Change the welcome")
	d.git("checkout", "--quiet", "--detach", "main")
	d.git("merge", "--quiet", "--no-ff", "--message", "merge", head)
	merge = d.git("rev-parse", "HEAD")
	d.git("update-ref", "refs/pull/7/merge", merge)
	d.git("checkout", "--quiet", "main")
	return head, merge
}

// squash merges the change into main as one new commit.
func (d *desk) squash() string {
	d.t.Helper()
	d.git("merge", "--quiet", "--squash", "change")
	return d.commit("Change the welcome (#7)")
}

// edit is somebody's edit at the console.
func (d *desk) edit(id, name string) {
	d.t.Helper()
	if err := d.server.Edit(id, func(n *sandbox.Notification) { n.JobName = name }); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) jobName(id string) string {
	d.t.Helper()
	n, ok := d.server.Notification(id)
	if !ok {
		d.t.Fatalf("the helpdesk holds no %s", id)
	}
	return n.JobName
}

// wantOnlyReads fails if the helpdesk was told anything.
func (d *desk) wantOnlyReads() {
	d.t.Helper()
	if all, reads := d.server.Count(""), d.server.Count("GET"); all != reads {
		d.t.Errorf("%d of %d requests were no GET", all-reads, all)
	}
}

// script runs a script as a step does: in a directory, with exactly this environment. The output
// holds both streams.
func (d *desk) script(dir string, env []string, command ...string) (out string, code int) {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), command[0], command[1:]...)
	var b bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &b, &b
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		d.t.Fatalf("%v: %v", command, err)
	}
	return b.String(), cmd.ProcessState.ExitCode()
}

// secrets are what no output may hold, in no form that goes over the wire.
func (d *desk) secrets() []string {
	return []string{
		sandbox.DefaultHelpdeskToken, sandbox.DefaultUserToken, sandbox.DefaultReadOnlyUserToken, sandbox.DefaultAppSecret,
		sandbox.DefaultTenantToken, hubToken, gitlabToken,
		base64.StdEncoding.EncodeToString([]byte(sandbox.DefaultHelpdeskID + ":" + sandbox.DefaultHelpdeskToken)),
		base64.StdEncoding.EncodeToString([]byte("notiform:" + gitlabToken)),
	}
}

func (d *desk) wantNoSecrets(where, text string) {
	d.t.Helper()
	for _, secret := range d.secrets() {
		if strings.Contains(text, secret) {
			d.t.Errorf("%s holds the secret %q:\n%s", where, secret, text)
		}
	}
}

// wantNoSecretFiles looks through all files below a directory.
func (d *desk) wantNoSecretFiles(dir string) {
	d.t.Helper()
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		src, err := os.ReadFile(name)
		d.wantNoSecrets(name, string(src))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

var workflowCommand = regexp.MustCompile(`^\s*::([A-Za-z-]+)([^:]*)::`)

// runnerCommands are the commands that GitHub's runner would take from a step's output.
func runnerCommands(output string) []string {
	var found []string
	stopped := ""
	for lines := bufio.NewScanner(strings.NewReader(output)); lines.Scan(); {
		line := lines.Text()
		if stopped != "" {
			if strings.TrimSpace(line) == "::"+stopped+"::" {
				stopped = ""
			}
			continue
		}
		if token, ok := strings.CutPrefix(line, "::stop-commands::"); ok {
			stopped = token
			continue
		}
		if match := workflowCommand.FindStringSubmatch(line); match != nil {
			found = append(found, match[1])
		} else if strings.Contains(line, "##[") {
			found = append(found, line)
		}
	}
	return found
}
