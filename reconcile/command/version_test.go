package command

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

const (
	someCommit = "c729ec2cea2a0a7743f26d66e71f55c9a264f129"
	someText   = someCommit + " 2026-11-26T17:49:53+08:00 "
)

func TestBuildOf(t *testing.T) {
	t.Parallel()
	stamped := func(version string, settings ...string) *debug.BuildInfo {
		info := &debug.BuildInfo{Main: debug.Module{Version: version}}
		for i := 0; i < len(settings); i += 2 {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return info
	}
	pseudo := "v0.0.0-20261126094953-c729ec2cea2a"
	inClone := stamped(pseudo+"+dirty", "vcs", "git", "vcs.revision", someCommit, "vcs.time", "2026-11-26T09:49:53Z", "vcs.modified", "true")
	for _, row := range []struct {
		why     string
		info    *debug.BuildInfo
		archive string
		want    build
	}{
		{"a clone", inClone, "$Format:%H %cI$\n", build{pseudo + "+dirty", someCommit, "2026-11-26T09:49:53Z"}},
		{"a clone by a Go that makes up no version", stamped("(devel)", "vcs.revision", someCommit, "vcs.time", "2026-11-26T09:49:53Z"), "", build{"devel", someCommit, "2026-11-26T09:49:53Z"}},
		{"an archive of a commit without a tag", stamped("(devel)"), someText + "\n", build{pseudo, someCommit, "2026-11-26T09:49:53Z"}},
		{"an archive of a tag", stamped("(devel)"), someText + "v1.2.3\n", build{"v1.2.3", someCommit, "2026-11-26T09:49:53Z"}},
		{"an archive after a tag", stamped("(devel)"), someText + "v1.2.3-4-gc729ec2\n", build{"v1.2.3-4-gc729ec2", someCommit, "2026-11-26T09:49:53Z"}},
		{"an archive of a Git that describes nothing", stamped("(devel)"), someText + "%(describe:tags)\n", build{pseudo, someCommit, "2026-11-26T09:49:53Z"}},
		{"an archive in the work tree of something else", stamped("v0.0.0-20200101000000-aaaaaaaaaaaa", "vcs.revision", strings.Repeat("a", 40)), someText + "\n", build{pseudo, someCommit, "2026-11-26T09:49:53Z"}},
		{"a module from a proxy", stamped("v1.2.3"), "$Format:%H %cI$\n", build{"v1.2.3", "", ""}},
		{"a module from a proxy, between two tags", stamped("v1.2.4-0.20261126094953-c729ec2cea2a"), "", build{"v1.2.4-0.20261126094953-c729ec2cea2a", "c729ec2cea2a", "2026-11-26T09:49:53Z"}},
		{"-buildvcs=false", stamped("(devel)"), "$Format:%H %cI$\n", build{"devel", "", ""}},
		{"nothing known", new(debug.BuildInfo), "", build{"devel", "", ""}},
	} {
		if got := buildOf(row.info, row.archive); got != row.want {
			t.Errorf("%s: got %+v, want %+v", row.why, got, row.want)
		}
	}
}

func TestBuildText(t *testing.T) {
	t.Parallel()
	if got := buildOf(new(debug.BuildInfo), someText+"v1.2.3\n").String(); !strings.HasPrefix(got, "v1.2.3 (commit "+someCommit+", date 2026-11-26T09:49:53Z, go") {
		t.Error(got)
	}
	if got := new(build).String(); !strings.HasPrefix(got, " (commit unknown, date unknown, go") {
		t.Error(got)
	}
}

// TestArchiveNamesItsCommit has Git archive what this repository holds, if it is none itself.
func TestArchiveNamesItsCommit(t *testing.T) {
	t.Parallel()
	const format = "$Format:%H %cI %(describe:tags)$\n"
	if revision != format && buildOf(new(debug.BuildInfo), revision).commit == "" {
		t.Errorf("revision.txt holds %q", revision)
	}
	attributes, err := os.ReadFile("../../.gitattributes")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_DIR="+filepath.Join(dir, ".git"),
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_COMMITTER_DATE=2026-11-26T17:49:53+08:00")
		said, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, said)
		}
		return string(said)
	}
	const file = "reconcile/command/revision.txt"
	for name, text := range map[string]string{".gitattributes": string(attributes), file: format} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet")
	git("add", ".")
	git("commit", "--quiet", "--message", "a")
	commit := strings.TrimSpace(git("rev-parse", "HEAD"))
	git("archive", "--output", "a.tar", "HEAD")
	archived, err := exec.CommandContext(t.Context(), "tar", "-xOf", filepath.Join(dir, "a.tar"), file).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := build{"v0.0.0-20261126094953-" + commit[:12], commit, "2026-11-26T09:49:53Z"}
	if got := buildOf(new(debug.BuildInfo), string(archived)); got != want {
		t.Errorf("got %+v of %q, want %+v", got, archived, want)
	}
}
