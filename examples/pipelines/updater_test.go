package pipelines_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// hubProgram stands in for gh: it remembers what it was called with, and knows of a pull request once
// it has made one.
const hubProgram = `#!/bin/sh
set -eu
printf '%s\n' "$1 $2" >>"$PLACE/calls"
case "$1 $2" in
"pr list") [ -e "$PLACE/body" ] && echo 1 || echo 0 ;;
"pr create") cat "${10}" >"$PLACE/body" ;;
"pr edit") cat "$5" >"$PLACE/body" ;;
esac
`

// TestUpdater: an edit at the console becomes a pull request that tells who edited what; the same edit
// makes no second one, and another is added to it. The branch that people work on is left alone.
func TestUpdater(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	place := t.TempDir()
	if err := os.WriteFile(filepath.Join(place, "gh"), []byte(hubProgram), 0o755); err != nil {
		t.Fatal(err)
	}
	update := func(want int) string {
		t.Helper()
		work := filepath.Join(t.TempDir(), "work")
		d.git("clone", "--quiet", d.origin, work)
		env := append(d.gitEnv(), d.server.Env(d.url)...)
		env = append(env, "PATH="+place+":"+os.Getenv("PATH"), "PLACE="+place, "GH_TOKEN="+hubToken,
			"FEISHU_USER_ACCESS_TOKEN="+sandbox.DefaultReadOnlyUserToken, "NOTIFORM="+d.notiform)
		out, code := d.script(work, env, "sh", filepath.Join(pipelines(t), "updater", "update.sh"), "drafts")
		if code != want {
			t.Fatalf("exit %d, want %d\n%s", code, want, out)
		}
		d.wantNoSecrets("the log", out)
		return out
	}
	calls := func() string { return readFile(t, filepath.Join(place, "calls")) }

	d.git("checkout", "--quiet", "main")
	main := d.git("rev-parse", "main")
	update(0)
	if _, err := os.Stat(filepath.Join(place, "calls")); err == nil {
		t.Errorf("nothing was edited, and gh was called: %s", calls())
	}
	d.edit(firstID, "By hand @everybody ```")
	update(0)
	if calls() != "pr list\npr create\n" {
		t.Errorf("gh was called: %s", calls())
	}
	body := readFile(t, filepath.Join(place, "body"))
	for line := range strings.Lines(body) {
		if !strings.HasPrefix(line, "    ") {
			t.Errorf("%q is no code, in\n%s", line, body)
		}
	}
	if !strings.Contains(body, "by Somebody Else") || !strings.Contains(body, "By hand") {
		t.Errorf("who edited what is not told:\n%s", body)
	}
	first := d.git("rev-parse", "notiform/console-edits")
	update(0)
	if again := d.git("rev-parse", "notiform/console-edits"); again != first || strings.Contains(calls(), "edit") {
		t.Errorf("the same edit made %s of %s; gh was called: %s", again, first, calls())
	}
	d.edit(secondID, "By hand as well")
	update(0)
	if changed := d.git("diff", "--name-only", "main", "notiform/console-edits"); len(strings.Fields(changed)) != 2 || !strings.HasSuffix(calls(), "pr edit\n") {
		t.Errorf("%s; gh was called: %s", changed, calls())
	}
	if now := d.git("rev-parse", "main"); now != main {
		t.Errorf("main is %s and was %s", now, main)
	}
	d.git("merge", "--quiet", "notiform/console-edits")
	if out := update(0); !strings.Contains(out, "Update: 0 updated") {
		t.Errorf("after the merge there is something left:\n%s", out)
	}
	d.wantOnlyReads()
}
