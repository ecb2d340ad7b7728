package command_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
	"notiform/spec"
)

// births are drafts that are to be created, in files of several layouts.
type births struct {
	rollout
	files []string
}

const newDraft = "job_name: %s # why\npush_type: scheduled\npush_scope_type: selected_members\nuser_list: [ou_a]\npush_content: {}\n"

func newBirths(t *testing.T) *births {
	t.Helper()
	server, url := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
	b := &births{rollout{t: t, server: server, url: url, dir: t.TempDir(), environ: append(os.Environ(), server.Env(url)...)}, []string{"a.yaml", "b.yaml"}}
	two := "# ours\n" + fmt.Sprintf(newDraft, "A") + "---\n# second\n" + fmt.Sprintf(newDraft, "B")
	crlf := "\ufeff" + strings.ReplaceAll(fmt.Sprintf(newDraft, "C"), "\n", "\r\n") + "notification_id:"
	if err := errors.Join(b.write("a.yaml", two), b.write("b.yaml", crlf)); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *births) write(name, text string) error {
	return os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o640)
}

// held are the ids of the notifications with a job name, in the order in which they were created.
func (b *births) held(name string) (ids []string) {
	for i := 1; i <= 20; i++ {
		id := fmt.Sprintf("70000000000%08d", i)
		if n, ok := b.server.Notification(id); ok && n.JobName == name {
			ids = append(ids, id)
		}
	}
	return ids
}

// judge wants every draft to have one notification at most, which its file knows of or at least says
// that it may be there. With settled it does what a person would about those.
func (b *births) judge(why string, settled bool) {
	b.t.Helper()
	for _, file := range b.files {
		src, err := os.ReadFile(filepath.Join(b.dir, file))
		if err != nil {
			b.t.Fatal(err)
		}
		asked := append(spec.Asked(src), make([]bool, 2)...)
		for i, d := range spec.Decode(file, src, spec.Options{}).Drafts {
			held := b.held(d.JobName)
			switch id := d.NotificationID; {
			case id != "" && len(held) == 1 && held[0] == id:
			case id == "" && (len(held) == 0 || len(held) == 1 && asked[i]):
			default:
				b.t.Fatalf("%s: %s is %v in Feishu, and %q in its file:\n%s", why, d.JobName, held, id, src)
			}
			if asked[i] && settled {
				b.settleNote(file, string(src), held)
			}
		}
	}
}

// settleNote enters the id in the place of a note, or removes that.
func (b *births) settleNote(file, src string, held []string) {
	b.t.Helper()
	before, note, _ := strings.Cut(src, "# notiform create:")
	_, after, _ := strings.Cut(note, "\n")
	if len(held) > 0 {
		after = "notification_id: '" + held[0] + "'\n" + strings.Replace(after, "notification_id:", "# once: ", 1)
	}
	if err := b.write(file, before+after); err != nil {
		b.t.Fatal(err)
	}
}

// TestNeverTwiceNeverLost brings on each trouble at some create, kills the run at some step of it or not
// at all, and runs it again: no draft is created twice or lost without its file saying so.
func TestNeverTwiceNeverLost(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for i, trouble := range []string{
		"pass", "throttle=0.05", "error-before-commit", "error-after-commit", "error-before-commit=400/154000", "drop-before-commit",
		"drop-after-commit", "drop-in-answer", "truncate", "html", "html=404", "content-type", "redirect", "huge=8",
		"hang", "hang-after-commit",
	} {
		t.Run(trouble, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			for _, kill := range []string{"", "asked", "noted", "entered", "read"} {
				if at := random.IntN(3); kill == "asked" || !strings.HasPrefix(trouble, "hang") {
					b := newBirths(t)
					b.live(fmt.Sprintf("%s at create %d, killed when %s", trouble, at, kill), trouble, kill, at)
				}
			}
		})
	}
}

// live creates under trouble, judges, and creates again until all is well.
func (b *births) live(why, trouble, kill string, at int) {
	b.t.Helper()
	create := unlimited("create", "--auto-approve")
	fault, err := sandbox.ParseFault("create:*:" + trouble)
	if err != nil {
		b.t.Fatal(err)
	}
	b.behind(at, fault)
	if kill == "" {
		cmd, _, _ := b.notiform(create...)
		_ = cmd.Run()
	} else {
		_ = b.killWhen(create, make(chan *os.Process, 1), func() bool { return b.is(kill, at) })
	}
	b.judge(why, false)
	code := -1
	for range 4 { // the trouble may come to any of them
		posts := b.server.Count("create")
		cmd, _, stderr := b.notiform(create...)
		_ = cmd.Run()
		if code = cmd.ProcessState.ExitCode(); code == 4 && b.server.Count("create") != posts {
			b.t.Fatalf("%s: refused, and yet sent:\n%s", why, stderr)
		}
		b.judge(why+", and run again", true)
		b.judge(why+", and settled", false)
	}
	for _, name := range []string{"A", "B", "C"} {
		if code != 0 || len(b.held(name)) != 1 {
			b.t.Fatalf("%s: in the end %s is %v in Feishu, and the exit code is %d", why, name, b.held(name), code)
		}
	}
}

// is reports whether a run has come to a step.
func (b *births) is(step string, at int) bool {
	says := func(words string) bool {
		for _, file := range b.files {
			if src, err := os.ReadFile(filepath.Join(b.dir, file)); err == nil && strings.Count(string(src), words) > min(at, 1) {
				return true
			}
		}
		return false
	}
	switch step {
	case "asked":
		return b.server.Count("create") > at
	case "noted":
		return at == 0 && says("# notiform create:") || at > 0 && says(`notification_id: "`)
	case "entered":
		return says(`notification_id: "`)
	default:
		return b.server.Count("GET") > at
	}
}
