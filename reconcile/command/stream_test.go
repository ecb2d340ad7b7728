package command_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile"
	"notiform/reconcile/command"
)

// goneReader is a pipe that nobody reads any more.
func goneReader(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	r.Close()
	return w
}

// reported is the exit code in the JSON report r.json.
func (r *rollout) reported() int {
	r.t.Helper()
	src, err := os.ReadFile(filepath.Join(r.dir, "r.json"))
	if err != nil {
		r.t.Fatal(err)
	}
	var document struct {
		ExitCode int `json:"exit_code"`
	}
	if err := json.Unmarshal(src, &document); err != nil {
		r.t.Fatalf("%v\n%s", err, src)
	}
	return document.ExitCode
}

// TestReaderGoesAway: a reader of stdout or stderr that goes away kills nothing: the work is done or
// given up as by an interrupt, and told in the reports.
func TestReaderGoesAway(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why            string
		args           []string
		stdout, stderr bool // which of them nobody reads
		code, left     int
	}{
		{"validate only stops printing", []string{"validate"}, true, false, 1, 2},
		{"plan only stops printing", unlimited("plan"), true, false, 1, 2},
		{"show only stops printing", []string{"show", "plan.json"}, true, false, 1, 2},
		{"in no format either", unlimited("plan", "--format", "json", "--detailed-exitcode"), true, true, 1, 2},
		{"apply that cannot show its plan writes nothing", unlimited("apply", "--auto-approve"), true, false, 130, 2},
		{"nor does one that nobody hears", unlimited("apply", "--auto-approve", "--plan", "plan.json"), true, true, 130, 2},
		{"apply that has nothing to show before has done its work", unlimited("apply", "--auto-approve", "--format", "json"), true, true, 130, 0},
		{"stderr is not the product: plan", unlimited("plan", "--log-level", "debug"), false, true, 0, 2},
		{"stderr is not the product: apply", unlimited("apply", "--auto-approve", "--log-level", "debug"), false, true, 0, 0},
		{"a warning that nobody hears is no failure", []string{"validate", "warned.yaml"}, false, true, 0, 2},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			r := newRollout(t, 2)
			r.write("warned.yaml", `{notification_id: 7000000000000000009, job_name: W, push_type: 0, push_scope_type: 0, push_content: {}}`)
			r.run(0, unlimited("plan", "drafts.yaml", "--out", "plan.json")...)
			args := append(row.args, "--report", "json=r.json")
			if args[0] != "show" && !strings.Contains(strings.Join(args, " "), "--plan ") && !strings.Contains(strings.Join(args, " "), "warned") {
				args = append(args, "drafts.yaml")
			}
			cmd, _, said := r.notiform(args...)
			if row.stdout {
				cmd.Stdout = goneReader(t)
			}
			if row.stderr {
				cmd.Stderr = goneReader(t)
			}
			_ = cmd.Run()
			if code := cmd.ProcessState.ExitCode(); code != row.code {
				t.Errorf("%v, want exit code %d\n%s", cmd.ProcessState, row.code, said)
			}
			if left := r.left(); left != row.left {
				t.Errorf("%d drafts are left, want %d", left, row.left)
			}
			if got := r.reported(); got != row.code && row.args[0] != "show" { // which repeats the plan file as it is
				t.Errorf("the report says exit code %d, want %d", got, row.code)
			}
			if want := "the output is not complete"; row.stdout && !row.stderr && !strings.Contains(said.String(), want) {
				t.Errorf("stderr does not say that %s:\n%s", want, said)
			}
		})
	}
}

func (r *rollout) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// blocked is a run of the program that stands still.
type blocked struct {
	*rollout
	cmd    *exec.Cmd
	stdin  *os.File // its other end
	stderr *bytes.Buffer
}

// start starts the program with a standard input that does not end and, if full, a standard output
// that nobody reads.
func (r *rollout) start(full bool, args ...string) *blocked {
	r.t.Helper()
	cmd, _, stderr := r.notiform(args...)
	b := &blocked{rollout: r, cmd: cmd, stderr: stderr}
	cmd.Stdin, b.stdin = r.pipe()
	if full {
		_, cmd.Stdout = r.pipe()
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *rollout) pipe() (reader, writer *os.File) {
	r.t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { reader.Close(); writer.Close() })
	return reader, writer
}

// opened returns once the program has opened the pipe that is called pipe.json.
func opened(b *blocked) {
	w, err := os.OpenFile(filepath.Join(b.dir, "pipe.json"), os.O_WRONLY, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { w.Close() })
}

// reading returns once the program reads its standard input, which holds more than a pipe does.
func reading(b *blocked) {
	if _, err := b.stdin.Write(bytes.Repeat([]byte("#\n"), 40_000)); err != nil {
		b.t.Fatal(err)
	}
}

// exists returns once there is a file.
func exists(name string) func(*blocked) {
	return func(b *blocked) {
		b.await(func() bool { _, err := os.Stat(filepath.Join(b.dir, name)); return err == nil })
	}
}

// allRead returns once the program has read every draft.
func allRead(b *blocked) { b.await(func() bool { return b.server.Count("GET") >= len(b.was) }) }

func (b *blocked) await(done func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatal("the program does not get there")
		}
	}
}

// TestSignalledWhileBlocked: a signal ends a run that waits for what may never come, and the second
// one ends it whatever it is blocked in. Its reports are written.
func TestSignalledWhileBlocked(t *testing.T) {
	t.Parallel()
	const interrupt, terminate, hangUp, quit = syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT
	type signals = []syscall.Signal
	for _, row := range []struct {
		why     string
		args    []string
		drafts  int
		full    bool
		blocked func(*blocked)
		signals signals
		code    int
	}{
		{"show: a plan that is a pipe", []string{"show", "pipe.json", "--report", "json=r.json"}, 1, false, opened, signals{interrupt}, 130},
		{"apply: a plan that is a pipe", []string{"apply", "--auto-approve", "--plan", "pipe.json", "--report", "json=r.json"}, 1, false, opened, signals{terminate}, 130},
		{"apply: the terminal has gone", []string{"apply", "--auto-approve", "--plan", "pipe.json", "--report", "json=r.json"}, 1, false, opened, signals{hangUp}, 130},
		{"validate: standard input does not end", []string{"validate", "-", "--report", "json=r.json"}, 1, false, reading, signals{interrupt}, 130},
		{"plan: standard input does not end", []string{"plan", "-", "--report", "json=r.json"}, 1, false, reading, signals{hangUp}, 130},
		{"validate: nobody reads stdout", []string{"validate", "many.yaml", "--report", "json=r.json"}, 1, true, exists("r.json"), signals{interrupt, terminate}, 130},
		{"plan: nobody reads stdout", unlimited("plan", "drafts.yaml", "--report", "json=r.json"), 200, true, exists("r.json"), signals{interrupt, terminate}, 130},
		{"apply: nobody reads stdout", unlimited("apply", "drafts.yaml", "--auto-approve", "--report", "json=r.json"), 200, true, allRead, signals{interrupt, terminate}, 130},
		{"sandbox: a seed that is a pipe", []string{"sandbox", "--seed", "pipe.json", "--", "true"}, 1, false, opened, signals{interrupt}, 130},
		{"sandbox: a command that a signal ends", []string{"sandbox", "--", "sh", "-c", ">ready; exec sleep 60"}, 1, false, exists("ready"), signals{interrupt}, 130},
		{"sandbox: a command that does not listen", []string{"sandbox", "--", "sh", "-c", "trap '' TERM; >ready; while :; do sleep 0.1; done"}, 1, false, exists("ready"), signals{terminate, interrupt}, 130},
		{"SIGQUIT says where it is, and is not taken for a plan that differs", []string{"show", "pipe.json"}, 1, false, opened, signals{quit}, 70},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			r := newRollout(t, row.drafts)
			r.write("many.yaml", strings.Repeat("---\n{job_name: x}\n", 400))
			if err := exec.CommandContext(t.Context(), "mkfifo", filepath.Join(r.dir, "pipe.json")).Run(); err != nil {
				t.Fatal(err)
			}
			b := r.start(row.full, row.args...)
			row.blocked(b)
			for _, s := range row.signals {
				if err := b.cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
			}
			_ = b.cmd.Wait()
			if code := b.cmd.ProcessState.ExitCode(); code != row.code {
				t.Errorf("%v, want exit code %d\n%s", b.cmd.ProcessState, row.code, b.stderr)
			}
			if slices.Contains(row.args, "json=r.json") && r.reported() != row.code {
				t.Errorf("the report says exit code %d", r.reported())
			}
			if n := r.server.Count("PATCH"); n > 0 {
				t.Errorf("%d PATCHes", n)
			}
			if said := b.stderr.String(); row.code == 70 && !strings.Contains(said, "goroutine ") {
				t.Errorf("stderr says\n%s", said)
			}
		})
	}
}

// TestInterruptedAfterTimeout: the first interrupt after --timeout is still the first: what is in
// flight is finished and proven.
func TestInterruptedAfterTimeout(t *testing.T) {
	r := newRollout(t, 2)
	signals := make(chan os.Signal, 1)
	r.server.Fail(sandbox.Fault{Method: "PATCH", Kind: sandbox.Slow, Value: "4s", Before: func(*sandbox.Notification) {
		time.AfterFunc(3*time.Second, func() { signals <- os.Interrupt })
	}})
	code, stdout, stderr := r.inProcess(command.Env{Signals: signals}, unlimited("apply", "--auto-approve", "--parallelism", "1", "--timeout", "2s", "--format", "json")...)
	var result reconcile.Result
	if err := json.Unmarshal([]byte(stdout), &result); err != nil || code != 5 || result.Summary != (reconcile.ResultSummary{Applied: 1, NotAttempted: 1}) {
		t.Errorf("exit code %d, %+v (%v)\n%s", code, result.Summary, err, stderr)
	}
}

// panicsOnce is a stderr that has a fault.
type panicsOnce struct{ panicked atomic.Bool }

func (p *panicsOnce) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("level=DEBUG")) && !p.panicked.Swap(true) {
		panic("the dog ate it")
	}
	return len(b), nil
}

// TestPanic: a panic, in whatever goroutine, has a code of its own, is told in the reports, and says
// what to do, with the stack on stderr alone.
func TestPanic(t *testing.T) {
	for _, row := range []struct {
		why  string
		env  command.Env
		args []string
	}{
		{"of a run", command.Env{Now: func() time.Time { panic("the dog ate it") }}, []string{"validate", "drafts.yaml", "--format", "json", "--report", "json=r.json"}},
		{"of a worker that reads", command.Env{Stderr: new(panicsOnce)}, unlimited("plan", "drafts.yaml", "--format", "json", "--detailed-exitcode", "--log-level", "debug", "--report", "json=r.json")},
		{"of apply", command.Env{Stderr: new(panicsOnce)}, unlimited("apply", "drafts.yaml", "--auto-approve", "--format", "json", "--log-level", "debug", "--report", "json=r.json")},
		{"outside of every run", command.Env{IsTerminal: func(any) bool { panic("the dog ate it") }}, []string{"apply", "drafts.yaml"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			r := newRollout(t, 3)
			code, stdout, stderr := r.inProcess(row.env, row.args...)
			if code != 70 {
				t.Errorf("exit code %d", code)
			}
			for _, want := range []string{"notiform: a fault of notiform itself: the dog ate it\n", "notiform: hint: please report it", "\ngoroutine "} {
				if !strings.Contains(stderr, want) {
					t.Errorf("stderr does not say %q:\n%s", want, stderr)
				}
			}
			if !slices.Contains(row.args, "json=r.json") {
				return
			}
			if !strings.Contains(stdout, `"message": "a fault of notiform itself: the dog ate it"`) || strings.Contains(stdout, "goroutine") || r.reported() != 70 {
				t.Errorf("%d is reported, and stdout is\n%s", r.reported(), stdout)
			}
		})
	}
}
