package command_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notiform/reconcile/command"
)

// completions are what is typed, and the line as it stands behind one press of the tab key.
func completions() [][2]string {
	return [][2]string{
		{"notiform val", "notiform validate"},
		{"notiform auth st", "notiform auth status"},
		{"notiform auth help logo", "notiform auth help logout"},
		{"notiform plan --detai", "notiform plan --detailed-exitcode"},
		{"notiform plan --format js", "notiform plan --format json"},
		{"notiform plan --format=js", "notiform plan --format=json"},
		{"notiform plan drafts --report mark", "notiform plan drafts --report markdown="},
		{"notiform plan --report markdown=plan.m", "notiform plan --report markdown=plan.md"},
		{"notiform plan --report=markdown=plan.m", "notiform plan --report=markdown=plan.md"},
		{"notiform apply --plan plan.m", "notiform apply --plan plan.md"},
		{"notiform validate --rule root", "notiform validate --rule root-department="},
		{"notiform validate --rule root-department=of", "notiform validate --rule root-department=off"},
		{"notiform plan --log-level de", "notiform plan --log-level debug"},
		{"notiform plan --color ne", "notiform plan --color never"},
		{"notiform import --user-id-type un", "notiform import --user-id-type union_id"},
		{"notiform plan --helpdesk i", "notiform plan --helpdesk it"},
		{"notiform plan --helpdesk=h", "notiform plan --helpdesk=hr"},
		{"notiform explain card-lin", "notiform explain card-link"},
		{"notiform completion z", "notiform completion zsh"},
		{"notiform show ./pla", "notiform show ./plan.md"},
		{"notiform version plan.m", "notiform version plan.m"}, // which takes no file
		{"notiform nope plan.m", "notiform nope plan.m"},
	}
}

// In bash and zsh a key prints the line; fish tells what it would offer in place of the last word.
const (
	typedInBash = `bind -x '"\C-o": printf "%s\n" "$READLINE_LINE" >>lines; READLINE_LINE='
source <(notiform completion bash)
`
	typedInZsh = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1= PS2=; autoload -Uz compinit; compinit -D -u; source <(notiform completion zsh)'
zpty -w z 'show() { print -r -- $BUFFER >>lines; BUFFER= }; zle -N show; bindkey "^O" show'
for typed in "$@"; do zpty -n -w z $typed$'\t\x0f'; done
zpty -w z exit
while zpty -r z line; do :; done`
	typedInFish = `notiform completion fish | source
for typed in $argv
    set -l offered (complete -C $typed | string replace -r '\t.*' '')
    test (count $offered) = 1; or set offered (string match -r '\S*$' -- $typed)
    echo (string replace -r '\S*$' '' -- $typed)$offered >>lines
end`
)

// TestShells types into the shells themselves, where they are installed.
func TestShells(t *testing.T) {
	t.Parallel()
	var typed []string
	for _, c := range completions() {
		typed = append(typed, c[0])
	}
	for shell, cmd := range map[string]*exec.Cmd{
		"bash": exec.Command("bash", "--norc", "--noprofile", "-i"),
		"zsh":  exec.Command("zsh", append([]string{"-f", "-c", typedInZsh, "zsh"}, typed...)...),
		"fish": exec.Command("fish", append([]string{"--no-config", "-c", typedInFish}, typed...)...),
	} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(shell); err != nil {
				t.Skipf("%s is not installed", shell)
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "plan.md"), "")
			write(t, filepath.Join(dir, ".notiform.yaml"), "helpdesks: {it: {helpdesk_id: '1'}, hr: {helpdesk_id: '2'}}\n")
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir, "TERM=dumb", "LC_ALL=C", "GORACE=atexit_sleep_ms=20")
			cmd.Stdin = strings.NewReader(typedInBash + strings.Join(typed, "\t\x0f") + "\t\x0f")
			said, err := cmd.CombinedOutput()
			lines, unread := os.ReadFile(filepath.Join(dir, "lines"))
			if unread != nil {
				t.Fatalf("nothing was completed (%v):\n%s", err, said)
			}
			got := strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n")
			for i, c := range completions() {
				if i >= len(got) || strings.TrimRight(got[i], " ") != c[1] {
					t.Errorf("%q becomes %q, want %q\n%s", c[0], got[min(i, len(got)-1)], c[1], said)
				}
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// offered are the words for the last of what was typed. However that is wrong, nothing is said of it.
func offered(t interface{ Fatalf(string, ...any) }, dir string, typed ...string) []string {
	var out, said bytes.Buffer
	code := command.Run(context.Background(), append([]string{"notiform", "__complete"}, typed...), command.Env{Dir: dir, Stdout: &out, Stderr: &said})
	if code != 0 || said.Len() > 0 {
		t.Fatalf("%q: exit code %d, stderr %q", typed, code, said.String())
	}
	var words []string
	for line := range strings.Lines(out.String()) {
		word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		words = append(words, word)
	}
	return words
}

// TestCompletionIsSilent asks for words behind anything.
func TestCompletionIsSilent(t *testing.T) {
	dir := t.TempDir()
	some := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "-", "--", "--=", "=", "plan", "auth", "help", "--rule", "--rule=", "--report", "sandbox", "explain", "--helpdesk"}))
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.SliceOfN(some, 0, 4).Draw(t, "typed")
		for _, word := range offered(t, dir, typed...) {
			if last := typed[len(typed)-1]; word != ":files" && !strings.HasPrefix(word, last) {
				t.Fatalf("%q is offered for %q", word, last)
			}
		}
	})
}

// TestCompletedIsTaken types each word that is offered for a flag: the flag takes it.
func TestCompletedIsTaken(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".notiform.yaml"), "helpdesks: {it: {helpdesk_id: '1'}}\n")
	taken := map[string]bool{} // once, where commands have the same flag
	for _, name := range []string{"validate", "plan"} {
		for _, flag := range offered(t, dir, name, "--") {
			for _, word := range offered(t, dir, name, flag, "") {
				for _, whole := range append(offered(t, dir, name, flag, word), word) {
					if strings.HasSuffix(whole, "=") { // a file or a severity follows
						whole += "error"
					}
					if whole == ":files" || taken[flag+whole] {
						continue
					}
					taken[flag+whole] = true
					var said bytes.Buffer
					env := command.Env{Dir: dir, Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Getenv: func(string) string { return "" },
						Environ: os.Environ, Now: time.Now, IsTerminal: func(any) bool { return false }}
					if code := command.Run(t.Context(), []string{"notiform", name, flag, whole}, env); code == 64 && strings.Contains(said.String(), flag) {
						t.Errorf("%s %s %s: %s", name, flag, whole, said.String())
					}
				}
			}
		}
	}
	if len(taken) < 150 {
		t.Errorf("%d words were typed, want all", len(taken))
	}
}
