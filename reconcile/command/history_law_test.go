package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"notiform/feishu/sandbox"
	"notiform/reconcile"
	"notiform/reconcile/command"
	"notiform/reconcile/diff"
)

// chronicle is a life of one draft: in a repository, at a helpdesk, and as the law knows it.
type chronicle struct {
	*testing.T
	*rand.Rand
	dir     string
	desk    *sandbox.Server
	environ []string
	live    facts            // what the helpdesk holds
	commits map[string]facts // of all branches
	file    string           // that the draft is in
	side    bool             // there is a branch that is not merged
}

// facts are what the draft says, by what it says it of: a field, or a member of user_list.
type facts map[string]string

const chronicled = "7000000000000000001"

func (c *chronicle) facts(names, exts, cards []string, members ...string) facts {
	f := facts{"job_name": names[c.IntN(len(names))], "ext": exts[c.IntN(len(exts))], "push_content": cards[c.IntN(len(cards))]}
	for _, id := range members {
		f[id] = []string{"", "in"}[c.IntN(2)]
	}
	return f
}

func (f facts) members() (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(f)) {
		if f[id] == "in" {
			ids = append(ids, id)
		}
	}
	return ids
}

// distance is in how many facts two states differ.
func (f facts) distance(other facts) (n int) {
	for of := range f {
		if f[of] != other[of] {
			n++
		}
	}
	return n
}

func (c *chronicle) git(args ...string) string {
	c.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = c.dir, c.environ
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit puts what the draft says into a file, the one that it was in or another, and records it.
func (c *chronicle) commit(f facts) {
	c.Helper()
	if c.IntN(4) == 0 {
		if err := os.Remove(filepath.Join(c.dir, c.file)); err != nil {
			c.Fatal(err)
		}
		c.file = []string{"top/a.yaml", "top/b.yaml", "deep/a.yaml", ".hidden/a.yaml"}[c.IntN(4)]
	}
	card := "push_content: " + f["push_content"]
	if c.IntN(2) == 0 {
		card = "push_content_file: ../card.json"
	}
	c.write("card.json", f["push_content"])
	c.write(c.file, fmt.Sprintf("notification_id: %q\njob_name: %s\npush_type: 0\npush_scope_type: 2\nuser_list: [%s]\ndepartment_list: [od-a]\next: %s\n%s\n",
		chronicled, f["job_name"], strings.Join(f.members(), ", "), f["ext"], card))
	c.git("add", "--all")
	c.record(f, "commit", "--quiet", "--allow-empty", "--message=x")
}

func (c *chronicle) write(name, text string) {
	c.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
}

// record notes what the draft says in the commit that git makes.
func (c *chronicle) record(f facts, git ...string) {
	c.Helper()
	c.git(git...)
	c.commits[c.git("rev-parse", "HEAD")] = f
}

// branch leaves a commit on a side, and goes on where it was.
func (c *chronicle) branch() {
	file := c.file
	c.git("switch", "--quiet", "--create", "side")
	c.commit(c.written())
	c.git("switch", "--quiet", "main")
	c.file, c.side = file, true
}

// merge takes in the side branch, of which the merge keeps nothing: its versions are there all the
// same. Squashed, they are not.
func (c *chronicle) merge() {
	said := c.commits[c.git("rev-parse", "HEAD")]
	if c.IntN(2) == 0 {
		c.record(said, "merge", "--quiet", "--strategy=ours", "--no-edit", "side")
	}
	c.git("branch", "--quiet", "-D", "side")
	c.side = false
}

// written is what an author may write. People at the console type other things as well.
func (c *chronicle) written() facts {
	return c.facts([]string{"A", "B", "C"}, []string{"a", "b", "c"}, []string{`{"n":1}`, `{"n":2}`}, "ou_a", "ou_b", "ou_c", "ou_x")
}

// edit is somebody at the console, who types something new, or what was there once.
func (c *chronicle) edit() {
	edited := maps.Clone(c.live)
	switch by := c.facts([]string{"A", "B", "X", "Y"}, []string{"a", "x"}, []string{`{"n":1}`, `{"n":3}`}, "ou_a", "ou_x"); c.IntN(5) {
	case 0:
		edited["job_name"] = by["job_name"]
	case 1:
		edited["ext"] = by["ext"]
	case 2:
		maps.Copy(edited, by)
	case 3:
		edited["push_content"] = by["push_content"]
	case 4:
		edited = c.commits[slices.Sorted(maps.Keys(c.commits))[c.IntN(len(c.commits))]]
	}
	c.live = edited
	err := c.desk.Edit(chronicled, func(n *sandbox.Notification) {
		n.JobName, n.Ext, n.PushContent, n.UserList = edited["job_name"], edited["ext"], edited["push_content"], nil
		for _, id := range edited.members() {
			n.UserList = append(n.UserList, sandbox.User{UserID: id})
		}
	})
	if err != nil {
		c.Fatal(err)
	}
}

// run runs notiform, and returns the plan in its answer.
func (c *chronicle) run(want []int, args ...string) (p reconcile.Plan, code int) {
	c.Helper()
	var out, said bytes.Buffer
	code = command.Run(c.Context(), append([]string{"notiform"}, args...), command.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Dir: c.dir, Now: time.Now, ReadFile: os.ReadFile,
		Environ: func() []string { return c.environ },
		Getenv: func(name string) string {
			for _, setting := range c.environ {
				if value, ok := strings.CutPrefix(setting, name+"="); ok {
					return value
				}
			}
			return ""
		},
		Rand: func() float64 { return 0.5 }, IsTerminal: func(any) bool { return false },
	})
	if err := json.Unmarshal(out.Bytes(), &p); err != nil || !slices.Contains(want, code) {
		c.Fatalf("%q gave %d: %s%s", args, code, &out, &said)
	}
	return p, code
}

// apply plans and applies, with the guard, what main says, and holds both against the law.
func (c *chronicle) apply() {
	c.Helper()
	p, _ := c.run([]int{0}, "plan", "--format", "json", c.file)
	reachable := map[string]facts{}
	for commit := range strings.FieldsSeq(c.git("rev-list", "HEAD")) {
		reachable[commit] = c.commits[commit]
	}
	said := c.commits[c.git("rev-parse", "HEAD")]
	edits := c.judge(p.Drafts[0], said, reachable)
	_, code := c.run([]int{0, 4}, "apply", "--auto-approve", "--refuse-console-edits", "--format", "json", c.file)
	if refused := code == 4; refused != (edits > 0) {
		c.Errorf("refused is %v, and %d labels are of edits at the console; live %v, file %v", refused, edits, c.live, said)
	}
	if code == 0 {
		c.live = said
	}
	n, _ := c.desk.Notification(chronicled)
	if n.JobName != c.live["job_name"] || n.Ext != c.live["ext"] || n.PushContent != c.live["push_content"] || len(n.UserList) != len(c.live.members()) {
		c.Errorf("the helpdesk holds %+v, want %v", n, c.live)
	}
}

// judge holds the labels against the law, and counts those that are of an edit at the console.
func (c *chronicle) judge(d reconcile.PlannedDraft, said facts, reachable map[string]facts) (edits int) {
	c.Helper()
	if d.OriginCommit == "" && len(d.Changes) == 0 {
		return 0
	}
	origin, known := reachable[d.OriginCommit]
	if !known {
		c.Fatalf("%q is no commit up to HEAD", d.OriginCommit)
	}
	for commit, f := range reachable {
		if f.distance(c.live) < origin.distance(c.live) {
			c.Errorf("%v of %s is nearer to %v than %v", f, commit, c.live, origin)
		}
	}
	told := map[string]diff.Origin{}
	for _, change := range d.Changes {
		of := change.Field
		if of == "user_list" {
			of = change.Path
		}
		told[of] = change.Origin
	}
	if len(told) != said.distance(c.live) {
		c.Errorf("told are %v, of live %v and file %v", told, c.live, said)
	}
	for of, label := range told {
		had := slices.ContainsFunc(slices.Collect(maps.Values(reachable)), func(f facts) bool { return f[of] == c.live[of] })
		switch isEdit := label == diff.FromConsole || label == diff.Conflict; {
		case label == diff.FromRepo && !had:
			c.Errorf("%s is repo, and no commit had %q", of, c.live[of])
		case isEdit && origin[of] == c.live[of]:
			c.Errorf("%s is %s, and the version that it was compared with had %q", of, label, c.live[of])
		case isEdit:
			edits++
		}
	}
	return edits
}

// TestHistoryLawsInGit lives through random histories of commits, branches, moved files, applies and
// edits at the console. A live value that no commit had is never repo; one equal to the version it was
// compared with, than which none is nearer, is never console; and with the guard no edit at the console
// is overwritten but one back to what some commit had.
//
// One at a time: the command line library keeps its help flag in a variable of its package.
func TestHistoryLawsInGit(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			c := newChronicle(t, seed)
			for range 10 {
				switch act := c.IntN(10); {
				case act < 3:
					c.commit(c.written())
				case act < 6:
					c.edit()
				case act < 7 && c.side:
					c.merge()
				case act < 7:
					c.branch()
				default:
					c.apply()
				}
			}
			c.apply()
		})
	}
}

func newChronicle(t *testing.T, seed uint64) *chronicle {
	t.Helper()
	desk, err := sandbox.New(sandbox.Options{Limits: sandbox.Unlimited()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(desk)
	t.Cleanup(server.Close)
	c := &chronicle{T: t, Rand: rand.New(rand.NewPCG(seed, 0)), dir: t.TempDir(), desk: desk, commits: map[string]facts{}, file: "top/a.yaml"}
	c.environ = append(append(os.Environ(), desk.Env(server.URL)...), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	if err := desk.Seed([]byte(`{"id": "` + chronicled + `", "push_scope_type": 2, "push_content": "{}", "department_list": [{"department_id": "od-a"}]}`)); err != nil {
		t.Fatal(err)
	}
	c.git("init", "--quiet", "--initial-branch=main")
	c.write(c.file, "")
	c.commit(c.written())
	c.live = c.written()
	c.edit()
	return c
}
