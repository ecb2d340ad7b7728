package command_test

import (
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"notiform/reconcile"
)

// backdate FILE AGE makes a saved plan look as if it had been made so long ago.
func backdate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: backdate FILE AGE")
	}
	age, err := time.ParseDuration(args[1])
	ts.Check(err)
	saved, err := reconcile.ReadPlan([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	older, err := saved.Save(time.Now().Add(-age))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), older, 0o600))
}

// undigest FILE makes a saved plan like one of when drafts had no digests.
func undigest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: undigest FILE")
	}
	saved, err := reconcile.ReadPlan([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	for i := range saved.Drafts {
		saved.Drafts[i].Digest = ""
	}
	older, err := saved.Save(saved.CreatedAt)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), older, 0o600))
}

// commit records all files of the page in a Git repository, which the first one makes.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: commit")
	}
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		ts.Setenv(name, value)
	}
	if _, err := os.Stat(filepath.Join(ts.Getenv("WORK"), ".git")); err != nil {
		ts.Check(ts.Exec("git", "-C", ts.Getenv("WORK"), "init", "--quiet", "--initial-branch=main"))
	}
	ts.Check(ts.Exec("git", "-C", ts.Getenv("WORK"), "add", "--all"))
	ts.Check(ts.Exec("git", "-C", ts.Getenv("WORK"), "commit", "--quiet", "--allow-empty", "--message=x"))
}
