package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile/command"
)

// The benchmarks are of whole commands, and of whole processes where memory, processor time or
// start-up count. Each checks that the work was done.

// BenchmarkValidate10000 aims at about a second on two processors.
func BenchmarkValidate10000(b *testing.B) {
	const files = 10_000
	dir := writeDrafts(b, files)
	want := "Validate: 10000 drafts in 10000 files, 0 errors, 0 warnings\n"
	b.Run("command", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			runCommand(b, nil, want, "validate", dir)
		}
		b.ReportMetric(files*float64(b.N)/b.Elapsed().Seconds(), "files/s")
	})
	b.Run("process", func(b *testing.B) {
		race(b, build(b, loopPackage), 3, nil, program{"notiform", build(b, "notiform"), []string{"validate", dir}, want})
	})
}

// BenchmarkPlan1000 plans a thousand unchanged drafts, 50 at once and without limits, beside the
// plain loops of testdata/loop. Aims: no more time and processor time than the loops that
// compare, at 20 ms of latency at most 1.1 times the time of the one that only GETs, and a peak
// below 40 MB. With latency, a loop that asks while it reads files can be the faster one: plan
// asks for nothing before it knows that no file is at fault.
func BenchmarkPlan1000(b *testing.B) {
	const files = 1000
	dir, notiform, loop := writeDrafts(b, files), build(b, "notiform"), build(b, loopPackage)
	for _, row := range []struct {
		name    string
		server  http.Handler
		latency time.Duration
	}{
		{"latency=0", canned(files, benchDraft.indentedCard), 0},
		{"latency=20ms", canned(files, benchDraft.indentedCard), 20 * time.Millisecond},
		{"compact", canned(files, benchDraft.compactCard), 0},
		{"sandbox", seeded(b, files), 0},
	} {
		b.Run(row.name, func(b *testing.B) {
			s := serve(b, row.server, row.latency)
			race(b, loop, 5, s.environ(),
				program{"notiform", notiform, planArgs(dir), unchanged(files)},
				program{"compare", loop, []string{"compare", s.URL, dir}, fmt.Sprintln(files, "equal")},
				program{"compare-later", loop, []string{"compare-later", s.URL, dir}, fmt.Sprintln(files, "equal")},
				program{"get", loop, []string{"get", s.URL, benchDraft(0).id(), fmt.Sprint(files)}, fmt.Sprintln(files, "read")})
			if asked := s.asked.Load(); asked%files != 0 {
				b.Errorf("the server was asked %d times, want a multiple of %d", asked, files)
			}
		})
	}
}

// BenchmarkPlanChanged plans a branch that changes three of five thousand drafts, beside the plan of
// all of them. It aims at less than a second on two processors, with three GETs.
func BenchmarkPlanChanged(b *testing.B) {
	const files, changed = 5000, 3
	dir, notiform, loop := writeDrafts(b, files), build(b, "notiform"), build(b, loopPackage)
	b.Chdir(dir)
	inGit(b, dir, "init", "--quiet", "--initial-branch=main")
	inGit(b, dir, "add", "--all")
	inGit(b, dir, "commit", "--quiet", "--message=x")
	for d := range benchDraft(changed) {
		edited := bytes.Replace(d.yaml(), []byte("job_name: "), []byte("job_name: changed "), 1)
		if err := os.WriteFile(filepath.Join(dir, d.id()+".yaml"), edited, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	s := serve(b, seeded(b, files), 0)
	b.Run("changed", func(b *testing.B) {
		race(b, loop, 5, s.environ(),
			program{"notiform", notiform, append(planArgs("."), "--changed", "main"), "Plan: 3 to update, 0 unchanged, 0 blocked, 0 failed\n"})
		if asked := s.asked.Load(); asked%changed != 0 || asked >= files {
			b.Errorf("the server was asked %d times, want %d times a run", asked, changed)
		}
	})
	b.Run("all", func(b *testing.B) {
		race(b, loop, 5, s.environ(), program{"notiform", notiform, planArgs("."), "Plan: 3 to update, 4997 unchanged, 0 blocked, 0 failed\n"})
	})
}

// inGit runs git in a directory, away from the settings of whoever runs the benchmarks.
func inGit(b *testing.B, dir string, args ...string) {
	b.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// BenchmarkPlanCommand is plan in this process, for profiles.
func BenchmarkPlanCommand(b *testing.B) {
	const files = 1000
	dir := writeDrafts(b, files)
	s := serve(b, canned(files, benchDraft.indentedCard), 0)
	b.ReportAllocs()
	for b.Loop() {
		s.asked.Store(0)
		runCommand(b, s.environ(), unchanged(files), planArgs(dir)...)
		if asked := s.asked.Load(); asked != files {
			b.Errorf("the server was asked %d times, want %d", asked, files)
		}
		s.CloseClientConnections() // each run is to open its own
	}
}

// BenchmarkStartup aims at less than 20 ms.
func BenchmarkStartup(b *testing.B) {
	race(b, build(b, loopPackage), 20, nil, program{"notiform", build(b, "notiform"), []string{"version"}, "notiform "})
}

const loopPackage = "notiform/reconcile/command/testdata/loop"

// planArgs plan without limits, with as many requests in flight as the plain loops have.
func planArgs(dir string) []string {
	return []string{"plan", dir, "--read-rate", "0", "--parallelism", "50"}
}

func unchanged(n int) string {
	return fmt.Sprintf("Plan: 0 to update, %d unchanged, 0 blocked, 0 failed\n", n)
}

// runCommand runs a command in this process; it must succeed and print what is wanted.
func runCommand(b *testing.B, environ []string, want string, args ...string) {
	b.Helper()
	var out, said bytes.Buffer
	code := command.Run(b.Context(), append([]string{"notiform"}, args...), command.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Now: time.Now,
		Environ: os.Environ, Getenv: func(name string) string {
			for _, setting := range environ {
				if value, ok := strings.CutPrefix(setting, name+"="); ok {
					return value
				}
			}
			return ""
		},
		ReadFile:   os.ReadFile,
		Rand:       func() float64 { return 0.5 },
		IsTerminal: func(any) bool { return false },
	})
	if code != 0 || out.String() != want {
		b.Fatalf("%v gave %d, %q and %q", args, code, &out, &said)
	}
}

// canned is a server that has its answers ready, so that it costs every client alike and little.
func canned(n int, card func(benchDraft) string) http.Handler {
	answers := make(map[string][]byte, n)
	for d := range benchDraft(n) {
		answers[d.id()] = mustJSON(json.Marshal(map[string]any{
			"code": 0, "msg": "success", "data": map[string]any{"notification": d.notification(card(d)), "approval_app_link": ""},
		}))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("X-Tt-Logid", "202601010900000100040010010000000000")
		w.Write(answers[path.Base(r.URL.Path)])
	})
}

// seeded is the sandbox with the drafts in it.
func seeded(b *testing.B, n int) http.Handler {
	b.Helper()
	s, err := sandbox.New(sandbox.Options{Limits: sandbox.Unlimited()})
	if err != nil {
		b.Fatal(err)
	}
	for d := range benchDraft(n) {
		if err := s.Seed(mustJSON(json.Marshal(d.notification(d.indentedCard())))); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

type benchServer struct {
	*httptest.Server
	asked atomic.Int64
}

func serve(b *testing.B, h http.Handler, latency time.Duration) *benchServer {
	b.Helper()
	s := new(benchServer)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		time.Sleep(latency)
		h.ServeHTTP(w, r)
	}))
	b.Cleanup(s.Close)
	return s
}

// environ are the settings that lead to the server, with the sandbox's credentials.
func (s *benchServer) environ() []string {
	box, err := sandbox.New(sandbox.Options{})
	if err != nil {
		panic(err) // the zero Options are sound
	}
	return box.Env(s.URL)
}
