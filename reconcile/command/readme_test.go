package command_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile/command"
	"notiform/spec"
)

var (
	fence  = regexp.MustCompile("(?s)```[a-z]*\n(.*?)```")
	digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
	typing = regexp.MustCompile(`(?m)^(?:    |\$ )((?:git|notiform) .*?)(?:  +#.*)?$`)
	desk   = regexp.MustCompile(`(?m)^Helpdesk \d+ at http\S+$`)
)

// TestReadmeTranscript types what the README's first page shows, on its own draft, and wants
// what it prints. Only the helpdesk differs, and the digest, which covers it.
func TestReadmeTranscript(t *testing.T) {
	blocks := fence.FindAllStringSubmatch(document(t, "README.md"), -1)
	if len(blocks) < 3 {
		t.Fatalf("README.md has %d blocks, want a draft, a plan and a result first", len(blocks))
	}
	draft, plan, result := blocks[0][1], blocks[1][1], blocks[2][1]
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "drafts"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "drafts", "welcome.yaml"), []byte(draft), 0o644); err != nil {
		t.Fatal(err)
	}
	server, url := sandbox.Start(t, sandbox.Options{})
	seed := `{"id":"6985032626234982420","job_name":"欢迎","push_type":0,"push_scope_type":2,"send_at":"2143242000000",
		"user_list":[{"user_id":"ou_7277fd1262bfafc363d5b2a1f9c2ac90","name":"张三"}],
		"push_content":"{\"config\":{\"wide_screen_mode\":true},\"elements\":[{\"tag\":\"div\",\"text\":{\"tag\":\"lark_md\",\"content\":\"欢迎\"}}]}"}`
	if err := server.Seed([]byte(seed)); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string { return typed(t, dir, server.Env(url), args...) }
	if got := "$ notiform plan drafts\n" + run("plan", "drafts"); masked(got) != masked(plan) {
		t.Errorf("README.md shows another plan; got:\n%s", got)
	}
	if got := run("apply", "drafts", "--auto-approve"); !strings.HasSuffix(got, "\n\n"+result) {
		t.Errorf("README.md shows another result; got:\n%s", got)
	}
}

// TestReferenceAdopts wants the commands with which the reference adopts a helpdesk, changes a notification and
// makes a new one on the page that types them, in that order.
func TestReferenceAdopts(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root(t), "testdata", "script", "import_adopt.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	reference := document(t, "REFERENCE.md")
	left, commands := string(page), 0
	for _, title := range []string{"From the console to Git", "A new notification"} {
		_, section, _ := strings.Cut(reference, "\n### "+title+"\n")
		section, _, _ = strings.Cut(section, "\n### ")
		for _, line := range typing.FindAllStringSubmatch(section, -1) {
			commands++
			var found bool
			if _, left, found = strings.Cut(left, "\nexec "+strings.TrimSpace(line[1])+"\n"); !found {
				t.Fatalf("the page does not type %q, or not in this order", line[1])
			}
			left = "\n" + left
		}
	}
	if commands != 24 {
		t.Errorf("REFERENCE.md adopts, changes and creates with %d commands, want 24", commands)
	}
}

// TestReferenceNewNotification types what the reference says of a new notification.
func TestReferenceNewNotification(t *testing.T) {
	_, section, _ := strings.Cut(document(t, "REFERENCE.md"), "\n### A new notification\n")
	blocks := fence.FindAllStringSubmatch(section, 2)
	if len(blocks) != 2 {
		t.Fatal("the section has no draft and no transcript")
	}
	draft, transcript := blocks[0][1], blocks[1][1]
	dir := t.TempDir()
	file := filepath.Join(dir, "drafts", "fire-drill.yaml")
	if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(draft), 0o644)); err != nil {
		t.Fatal(err)
	}
	server, url := sandbox.Start(t, sandbox.Options{})
	_, shown, _ := strings.Cut(transcript, "$ notiform create drafts --auto-approve\n")
	shown, diff, _ := strings.Cut(shown, "$ git diff")
	if got := typed(t, dir, server.Env(url), "create", "drafts", "--auto-approve"); !strings.HasSuffix(got, "\n\n"+shown) {
		t.Errorf("REFERENCE.md shows another result; got:\n%s", got)
	}
	_, added, _ := strings.Cut(diff, "\n+")
	id, field, _ := strings.Cut(added, "\n ")
	src, err := os.ReadFile(file)
	if want := strings.Replace(draft, field, id+"\n"+field, 1); err != nil || string(src) != want {
		t.Errorf("%v: the file is now\n%s\nand not\n%s", err, src, want)
	}
	_, note, _ := strings.Cut(section, "    # notiform create: asked ")
	note, _, _ = strings.Cut(note, "\n")
	if asked := spec.Asked([]byte("# notiform create: asked " + note + "\n" + draft)); len(asked) != 1 || !asked[0] {
		t.Errorf("%q is not the line that create writes", note)
	}
}

func masked(s string) string {
	return desk.ReplaceAllString(digest.ReplaceAllString(s, "sha256:…"), "Helpdesk …")
}

// typed runs one command and returns its stdout; it must exit 0 and say nothing on stderr.
func typed(t *testing.T, dir string, settings []string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := command.Run(context.Background(), append([]string{"notiform"}, args...), command.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Dir: dir,
		Environ: os.Environ, Getenv: func(name string) string {
			for _, s := range settings {
				if value, ok := strings.CutPrefix(s, name+"="); ok {
					return value
				}
			}
			return ""
		},
		ReadFile: os.ReadFile, Now: time.Now, IsTerminal: func(any) bool { return false },
	})
	if code != 0 || errs.Len() > 0 {
		t.Fatalf("notiform %v: exit %d, stderr:\n%s", args, code, errs.String())
	}
	return out.String()
}

// TestExamplesAreTyped wants an example of at most two lines in the help of every command, and each on
// the page that types them, or what is typed into shells.
func TestExamplesAreTyped(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root(t), "testdata", "script", "help_examples.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	all := string(page) + typedInBash + typedInFish
	example := regexp.MustCompile(`\n\nExample:\n((?:  .+\n)+)`)
	for _, name := range allCommands(t) {
		said := example.FindStringSubmatch(typed(t, "", nil, append([]string{"help"}, strings.Fields(name)...)...))
		if said == nil || strings.Count(said[1], "\n") > 2 {
			t.Errorf("help %s gives the example %q, want one or two lines", name, said)
			continue
		}
		for line := range strings.Lines(said[1]) {
			if line = strings.TrimSpace(line); !strings.Contains(all, line) || !strings.Contains(line, "notiform "+name) {
				t.Errorf("the example %q of %s is not typed, or is of another command", line, name)
			}
		}
	}
}

// allCommands are the commands that help lists, and those of groups behind their group.
func allCommands(t *testing.T) (names []string) {
	sub := regexp.MustCompile(`(?m)^  ([a-z]+) {2,}\S`)
	for _, name := range commandNames(t) {
		names = append(names, name)
		_, commands, _ := strings.Cut(typed(t, "", nil, "help", name), "\nCommands:\n")
		for _, match := range sub.FindAllStringSubmatch(commands, -1) {
			if match[1] != "help" {
				names = append(names, name+" "+match[1])
			}
		}
	}
	return names
}
