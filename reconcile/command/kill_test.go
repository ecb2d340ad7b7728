package command_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile"
)

// rollout is a helpdesk whose drafts all differ from their files, and the files.
type rollout struct {
	t       *testing.T
	server  *sandbox.Server
	url     string
	dir     string
	environ []string
	was     []string // by draft: what the server held, as writable tells it
	wanted  []string // and what the file wants
}

func newRollout(t *testing.T, drafts int) *rollout {
	t.Helper()
	server, url := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
	r := &rollout{t: t, server: server, url: url, dir: t.TempDir(), environ: append(os.Environ(), server.Env(url)...)}
	var seed []sandbox.Notification
	var files strings.Builder
	for i := range drafts {
		old := sandbox.Notification{
			ID: fmt.Sprintf("70000000000000%05d", i), JobName: fmt.Sprint("Old ", i), PushScopeType: 2, PushContent: `{"old": true}`,
			SendAt: "2143152000000", UserList: []sandbox.User{{UserID: "ou_old"}}, ChatList: []sandbox.Chat{{ChatID: "oc_old"}},
		}
		seed = append(seed, old)
		r.was = append(r.was, writable(old))
		r.wanted = append(r.wanted, writable(sandbox.Notification{
			JobName: fmt.Sprint("New ", i), PushScopeType: 2, PushContent: fmt.Sprintf(`{"elements":[{"content":"x%d","tag":"markdown"}]}`, i),
			UserList: []sandbox.User{{UserID: "ou_new"}}, DepartmentList: []sandbox.Department{{DepartmentID: "od-new"}},
		}))
		fmt.Fprintf(&files, "---\nnotification_id: %q\njob_name: New %d\npush_type: 0\npush_scope_type: 2\nuser_list: [ou_new]\n"+
			"department_list: [od-new]\nsend_at:\npush_content: {elements: [{tag: markdown, content: x%d}]}\n", old.ID, i, i)
	}
	src, err := json.Marshal(seed)
	if err == nil {
		err = server.Seed(src)
	}
	if err = errors.Join(err, os.WriteFile(filepath.Join(r.dir, "drafts.yaml"), []byte(files.String()), 0o644)); err != nil {
		t.Fatal(err)
	}
	return r
}

// writable tells everything of a notification that a PATCH can change.
func writable(n sandbox.Notification) string {
	w := []any{n.JobName, n.PushType, n.PushScopeType, n.NewStaffScopeType == nil, n.SendAt, n.PushContent, n.Ext}
	for _, u := range n.UserList {
		w = append(w, "user "+u.UserID)
	}
	for _, d := range n.DepartmentList {
		w = append(w, "department "+d.DepartmentID)
	}
	for _, d := range n.NewStaffScopeDepartmentList {
		w = append(w, "new staff of "+d.DepartmentID)
	}
	for _, c := range n.ChatList {
		w = append(w, "chat "+c.ChatID)
	}
	return fmt.Sprintf("%#v", w)
}

// left counts the drafts that are as they were; one that is neither that nor as its file wants
// it fails the test.
func (r *rollout) left() int {
	r.t.Helper()
	left := 0
	for i := range r.was {
		n, ok := r.server.Notification(fmt.Sprintf("70000000000000%05d", i))
		switch got := writable(n); {
		case !ok:
			r.t.Fatalf("draft %d is gone", i)
		case got == r.was[i]:
			left++
		case got != r.wanted[i]:
			r.t.Fatalf("draft %d is neither as it was nor as its file wants it:\n%s\nwas    %s\nwanted %s", i, got, r.was[i], r.wanted[i])
		}
	}
	return left
}

// notiform is a run of the program that is not started yet, with the limits off.
func (r *rollout) notiform(args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd = exec.Command("notiform", args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = r.dir, r.environ, stdout, stderr
	return cmd, stdout, stderr
}

// run wants the program to end with a code and returns what it printed.
func (r *rollout) run(want int, args ...string) []byte {
	r.t.Helper()
	cmd, stdout, stderr := r.notiform(args...)
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
		r.t.Fatalf("notiform %v: %v, want exit code %d\n%s", args, err, want, stderr)
	}
	return stdout.Bytes()
}

func unlimited(args ...string) []string {
	return append(args, "--read-rate", "0", "--write-rate", "0")
}

// finish applies what is left and wants each draft to end once, and nothing to be left.
func (r *rollout) finish(apply []string) {
	r.t.Helper()
	before := r.left()
	r.server.ForgetRequests()
	var result reconcile.Result
	if err := json.Unmarshal(r.run(0, append(apply, "--format", "json")...), &result); err != nil {
		r.t.Fatal(err)
	}
	done, patches := result.Summary, r.server.Count("PATCH")
	if done.Applied+done.Unchanged != len(r.was) || len(result.Drafts) != len(r.was) || done.Applied != patches || patches > before {
		r.t.Errorf("%d drafts were left; %d PATCHes, %+v", before, patches, done)
	}
	if left := r.left(); left > 0 {
		r.t.Errorf("after the last apply, %d drafts are as they were", left)
	}
	r.run(0, unlimited("plan", "--detailed-exitcode")...)
}

// TestKilledAnywhere kills apply with SIGKILL again and again, at random: while it plans, just
// before a PATCH is carried out, just after, or at any time. Each draft is always as it was or as
// its file wants it, and the next apply does what is left.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	for series := range 5 {
		t.Run(fmt.Sprintf("seed %d series %d", seed, series), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(series)))
			r := newRollout(t, 200)
			apply := unlimited("apply", "--auto-approve", "--parallelism", strconv.Itoa([]int{1, 8, 32, 64}[random.IntN(4)]))
			if series%2 > 0 {
				r.run(0, unlimited("plan", "--out", "plan.json")...)
				apply = append(apply, "--plan", "plan.json")
			}
			for range 3 {
				r.kill(apply, random)
			}
			r.finish(apply)
		})
	}
}

// kill runs apply and kills it at a random point.
func (r *rollout) kill(apply []string, random *rand.Rand) {
	r.t.Helper()
	left := r.left()
	method, at := "PATCH", random.IntN(max(left, 1))
	process := make(chan *os.Process, 1)
	kill := func(*sandbox.Notification) { (<-process).Kill() }
	switch random.IntN(4) {
	case 0:
		r.behind(at, sandbox.Fault{Method: method, Kind: sandbox.Pass, Before: kill})
	case 1:
		r.behind(at, sandbox.Fault{Method: method, Kind: sandbox.Pass, After: kill})
	case 2:
		method = "GET"
	}
	r.server.ForgetRequests()
	err := r.killWhen(apply, process, func() bool { return r.server.Count(method) > at })
	r.t.Logf("%d of %d left: %v after %d GETs and %d PATCHes", r.left(), left, err, r.server.Count("GET"), r.server.Count("PATCH"))
}

// behind scripts a fault for the request that comes behind n others of its method.
func (r *rollout) behind(n int, f sandbox.Fault) {
	if n > 0 {
		r.server.Fail(sandbox.Fault{Method: f.Method, Kind: sandbox.Pass, Count: n})
	}
	r.server.Fail(f)
}

// killWhen runs the program, kills it when that is due, and returns how it ended. The process
// goes to whoever may kill it before that.
func (r *rollout) killWhen(args []string, process chan<- *os.Process, due func() bool) error {
	r.t.Helper()
	cmd, _, _ := r.notiform(args...)
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	process <- cmd.Process
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			r.settle()
			return err
		case <-tick.C:
			if due() {
				cmd.Process.Kill() // os.ErrProcessDone, if it was faster
			}
		}
	}
}

// settle waits until all that a killed program had sent was carried out or is lost: a connection
// of its own, which is accepted behind all of the program's, and then the end of all of them.
func (r *rollout) settle() {
	r.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(r.url + "/settle")
	if err != nil {
		r.t.Fatal(err)
	}
	answer.Body.Close()
	for deadline := time.Now().Add(30 * time.Second); r.server.OpenConnections() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%d connections of a program that has ended are open", r.server.OpenConnections())
		}
	}
}

// TestKilledWhileSaving kills plan --out while it writes its file: that is the old plan or the
// new one, and never half of one.
func TestKilledWhileSaving(t *testing.T) {
	t.Parallel()
	r := newRollout(t, 50)
	plan := unlimited("plan", "--out", "plan.json")
	r.run(0, plan...)
	old := r.saved().Digest
	if err := r.server.Edit("7000000000000000007", func(n *sandbox.Notification) { n.JobName = "Else" }); err != nil {
		t.Fatal(err)
	}
	killed := 0
	for round := 0; killed < 4 && round < 40; round++ {
		var since time.Time // when half of a file was seen first
		err := r.killWhen(plan, make(chan *os.Process, 1), func() bool {
			half := r.halves()
			if len(half) > 0 && since.IsZero() {
				since = time.Now()
			}
			return len(half) > 0 && time.Since(since) >= time.Duration(round%4)*100*time.Microsecond
		})
		for _, half := range r.halves() { // what a killed process leaves behind
			os.Remove(half)
		}
		now := r.saved() // whatever it is, it is whole
		if now.Summary.Update != len(r.was) {
			t.Fatalf("%+v", now.Summary)
		}
		if err != nil {
			killed++
		}
		t.Logf("%v; the new plan is there: %v", err, now.Digest != old)
	}
	if killed == 0 {
		t.Error("no run was killed while it wrote")
	}
	r.run(0, plan...)
	if r.saved().Digest == old {
		t.Error("the plan is still the old one")
	}
}

// halves are the files that may be half written.
func (r *rollout) halves() []string {
	names, err := filepath.Glob(filepath.Join(r.dir, ".notiform-*"))
	if err != nil {
		r.t.Fatal(err)
	}
	return names
}

// saved is the plan file.
func (r *rollout) saved() reconcile.Plan {
	r.t.Helper()
	src, err := os.ReadFile(filepath.Join(r.dir, "plan.json"))
	var plan reconcile.Plan
	if err == nil {
		plan, err = reconcile.ReadPlan(src)
	}
	if err != nil {
		r.t.Fatalf("%v\n%s", err, src)
	}
	return plan
}
