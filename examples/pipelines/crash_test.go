package pipelines_test

import (
	"os"
	"path/filepath"
	"testing"

	"notiform/feishu/sandbox"
)

// crashes is a notiform that ends as the Go runtime ends what it cannot keep alive: with the code
// that means "differs", and no report.
const crashes = "#!/bin/sh\necho 'fatal error: runtime: out of memory' >&2\nexit 2\n"

func crashing(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "notiform")
	if err := os.WriteFile(program, []byte(crashes), 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

// TestCrashIsNoDrift: the recipes believe the report, and not the exit code alone.
func TestCrashIsNoDrift(t *testing.T) {
	t.Parallel()
	t.Run("shell", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.edit(firstID, "Edited")
		work := filepath.Join(t.TempDir(), "work")
		d.git("clone", "--quiet", d.origin, work)
		if out, code := shellJob(d, work, sandbox.DefaultReadOnlyUserToken, nil, "drift"); code != 2 {
			t.Fatalf("exit %d:\n%s", code, out)
		}
		// The report of that run is still there.
		if out, code := shellJob(d, work, sandbox.DefaultReadOnlyUserToken, []string{"NOTIFORM=" + crashing(t)}, "drift"); code != 70 {
			t.Errorf("exit %d:\n%s", code, out)
		}
	})
	t.Run("GitLab", func(t *testing.T) {
		t.Parallel()
		l := newLab(t)
		l.build(crashing(t))
		if out, code := l.run("drift", l.branch("schedule", "", l.desk.main)); code != 70 || len(l.called()) > 0 {
			t.Errorf("exit %d, and GitLab was told of it:\n%s", code, out)
		}
	})
	t.Run("GitHub", func(t *testing.T) {
		t.Parallel()
		h := newHub(t)
		h.build(crashing(t))
		if r := h.run("drift", "drift", night(h)); !r.failed || len(h.called()) > 0 {
			t.Errorf("failed is %t, and GitHub was told %q:\n%s", r.failed, h.called(), r.log)
		}
	})
}
