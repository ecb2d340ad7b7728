package pipelines_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"notiform/feishu/sandbox"
)

// Who is who in the project.
const (
	theBot, theAuthor, theReviewer, theReader, mallory = 9, 21, 22, 23, 13
)

// lab is GitLab for one project, over HTTP, the runner of its jobs, and the desk whose repository it
// is. Its clock goes on by a second whenever somebody does something.
type lab struct {
	desk     *desk
	url      string
	vars     map[string]string // of the project, by environment: "name" for all, "environment/name" for one
	job      string            // the YAML of a job that the owner has added
	last     string            // the work tree of the last job
	stubs    string            // a directory with go
	mu       sync.Mutex
	now      time.Time
	calls    []string // what changed something
	heard    strings.Builder
	late     int // how many questions for the merge requests of a commit come too early
	busy     int // how many questions are answered by 502
	requests map[int]*labRequest
	issues   []*labIssue
	running  chan int // the job that runs, for who cancels it
}

// labRequest is a merge request.
type labRequest struct {
	IID       int    `json:"iid"`
	SHA       string `json:"sha"`
	State     string `json:"state"`
	Target    string `json:"target_branch"`
	Merge     any    `json:"merge_commit_sha"`
	Squash    any    `json:"squash_commit_sha"`
	Author    person `json:"author"`
	labels    string
	commits   []string // that GitLab finds it by
	notes     []*labNote
	approvals []map[string]any
}

type person struct {
	ID       int    `json:"id"`
	Username string `json:"username"`
}

type labNote struct {
	ID        int       `json:"id"`
	Body      string    `json:"body"`
	Author    person    `json:"author"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type labIssue struct {
	IID         int    `json:"iid"`
	State       string `json:"state"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Author      person `json:"author"`
}

// notiformSource is a repository that the recipe can fetch notiform from: with the scripts of the
// recipes, and a commit.
func notiformSource(t *testing.T, d *desk) (repository, commit string) {
	t.Helper()
	repository = filepath.Join(t.TempDir(), "notiform")
	d.git("init", "--quiet", "--initial-branch=main", repository)
	standIn(t, repository)
	d.gitIn(repository, "add", "--all")
	d.gitIn(repository, "commit", "--quiet", "--message", "notiform")
	return repository, d.gitIn(repository, "rev-parse", "HEAD")
}

// standIn makes a module that takes notiform's place: so small that building it costs little.
func standIn(t *testing.T, dir string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(dir, "examples", "pipelines"), os.DirFS(pipelines(t))); err != nil {
		t.Fatal(err)
	}
	const built = "package main\n\nfunc main() { println(\"built\") }\n"
	ours, err := filepath.Glob(filepath.Join(dir, "examples", "pipelines", "gitlab", "*.go"))
	for _, name := range ours {
		err = errors.Join(err, os.Remove(name))
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"go.mod": "module notiform\n\ngo 1.26\n", "main.go": built, "examples/pipelines/gitlab/main.go": built,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func newLab(t *testing.T, switches ...string) *lab {
	t.Helper()
	d := newDesk(t, switches...)
	l := &lab{desk: d, running: make(chan int, 1), stubs: t.TempDir(), now: time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC), requests: map[int]*labRequest{}}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	l.url = server.URL + "/api/v4"
	l.build(d.notiform)
	l.vars = map[string]string{"NOTIFORM_WAIT": "0s"}
	for _, setting := range d.server.Env(d.url) {
		name, value, _ := strings.Cut(setting, "=")
		l.vars[name] = value
	}
	secrets := map[string]string{"NOTIFORM_GITLAB_TOKEN": gitlabToken}
	for _, name := range []string{"FEISHU_HELPDESK_TOKEN", "FEISHU_APP_SECRET"} {
		secrets[name] = l.vars[name]
		delete(l.vars, name)
	}
	for name, value := range secrets {
		for _, environment := range []string{"plan", "apply", "create", "refresh"} {
			l.vars["notiform/"+environment+"/"+name] = value
		}
	}
	l.vars["notiform/plan/FEISHU_PLAN_TOKEN"] = sandbox.DefaultReadOnlyUserToken
	l.vars["notiform/apply/FEISHU_APPLY_TOKEN"] = l.vars["FEISHU_USER_ACCESS_TOKEN"]
	l.vars["notiform/create/FEISHU_APPLY_TOKEN"], l.vars["notiform/create/NOTIFORM_PUSH_TOKEN"] = l.vars["FEISHU_USER_ACCESS_TOKEN"], gitlabToken
	delete(l.vars, "FEISHU_USER_ACCESS_TOKEN")
	l.vars["NOTIFORM_REPOSITORY"], l.vars["NOTIFORM_COMMIT"] = notiformSource(t, d)
	if err := os.WriteFile(filepath.Join(d.home, ".gitconfig"), []byte("[maintenance]\nauto = false\n"), 0o600); err != nil {
		t.Fatal(err) // a job has no time for it
	}
	return l
}

// build says what go build makes as notiform.
func (l *lab) build(notiform string) {
	l.desk.t.Helper()
	if err := os.WriteFile(filepath.Join(l.stubs, "go"), []byte(goBuilds(l.desk.t, notiform)), 0o755); err != nil {
		l.desk.t.Fatal(err)
	}
}

// tick is the clock's next second.
func (l *lab) tick() time.Time {
	l.now = l.now.Add(time.Second)
	return l.now
}

// did does something to what GitLab keeps.
func (l *lab) did(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

var labPath = regexp.MustCompile(`^/api/v4/(?:projects/5/)?([a-z_]+)(?:/([^/]+))?(?:/([^/]+))?(?:/([^/]+))?$`)

// ServeHTTP answers as GitLab's API does to a Reporter, in pages.
func (l *lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	part := labPath.FindStringSubmatch(r.URL.Path)
	if err := r.ParseForm(); err != nil || part == nil || r.Header.Get("Private-Token") != gitlabToken {
		l.desk.t.Errorf("GitLab refuses %s %s: %v", r.Method, r.URL, err)
		http.Error(w, `{"message":"401 Unauthorized"}`, http.StatusUnauthorized)
		return
	}
	fmt.Fprintln(&l.heard, r.Method, r.URL, r.Form)
	if r.Method != http.MethodGet {
		l.calls = append(l.calls, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v4/projects/5/"))
	} else if l.busy > 0 {
		l.busy--
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	answer := l.answer(r.Method, part, r.Form)
	if answer == nil {
		http.Error(w, `{"message":"404 Not found"}`, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		l.desk.t.Error(err)
	}
}

func (l *lab) answer(method string, part []string, form url.Values) any {
	number, _ := strconv.Atoi(part[2])
	request := l.requests[number]
	switch form0 := method + " " + part[1] + " " + part[3]; {
	case form0 == "GET user ":
		return person{theBot, "project_5_bot"}
	case form0 == "GET repository "+part[3] && part[2] == "commits" && part[4] == "merge_requests":
		return page(l.knownBy(part[3]), form)
	case form0 == "GET merge_requests " && request != nil:
		return request
	case form0 == "GET merge_requests notes" && request != nil:
		return page(request.notes, form)
	case form0 == "POST merge_requests notes" && request != nil:
		return l.note(request, theBot, form.Get("body"))
	case form0 == "GET merge_requests approvals" && request != nil:
		return map[string]any{"approved_by": request.approvals}
	case form0 == "GET members "+part[3] && part[2] == "all":
		if level := map[string]int{"9": 30, "21": 30, "22": 40, "23": 20}[part[3]]; level > 0 {
			return map[string]int{"access_level": level}
		}
		return nil
	case form0 == "GET issues ":
		return page(slices.DeleteFunc(slices.Clone(l.issues), func(i *labIssue) bool { return i.State != "opened" }), form)
	case form0 == "POST issues ":
		i := &labIssue{len(l.issues) + 1, "opened", form.Get("title"), form.Get("description"), person{theBot, "project_5_bot"}}
		l.issues = append(l.issues, i)
		return i
	case form0 == "PUT issues " && number > 0 && number <= len(l.issues):
		i := l.issues[number-1]
		if form.Get("state_event") == "close" {
			i.State = "closed"
		} else {
			i.Description = form.Get("description")
		}
		return i
	}
	l.desk.t.Errorf("GitLab has no %s %q", method, part[1:])
	return nil
}

// knownBy are the merge requests that GitLab finds by a commit, once it has caught up.
func (l *lab) knownBy(commit string) []*labRequest {
	if l.late > 0 {
		l.late--
		return nil
	}
	var found []*labRequest
	for _, iid := range slices.Sorted(maps.Keys(l.requests)) {
		if r := l.requests[iid]; r.State == "merged" && slices.Contains(r.commits, commit) {
			found = append(found, r)
		}
	}
	return found
}

func (l *lab) note(r *labRequest, author int, body string) *labNote {
	if command := regexp.MustCompile(`(?m)^/.*`).FindString(body); command != "" {
		l.desk.t.Errorf("GitLab would take %q for a quick action", command)
	}
	at := l.tick()
	n := &labNote{len(r.notes) + 1, body, person{author, fmt.Sprint("user", author)}, at, at}
	r.notes = append(r.notes, n)
	return n
}

// page is the page of a list that was asked for, never null.
func page[T any](list []T, form url.Values) []T {
	size, _ := strconv.Atoi(form.Get("per_page"))
	n, _ := strconv.Atoi(form.Get("page"))
	from := min(len(list), (n-1)*size)
	return append([]T{}, list[from:min(len(list), from+size)]...)
}

// open opens a merge request whose branch, made from main as it is, has these files; it pushes to
// the branch if the merge request is there already.
func (l *lab) open(iid int, files map[string]string) *labRequest {
	l.desk.t.Helper()
	branch := fmt.Sprint("mr-", iid)
	r := l.requests[iid]
	if r == nil {
		l.desk.git("checkout", "--quiet", "-B", branch, "main")
		r = &labRequest{IID: iid, State: "opened", Target: "main", Author: person{theAuthor, "author"}}
		l.did(func() { l.requests[iid] = r })
	} else {
		l.desk.git("checkout", "--quiet", branch)
	}
	for name, text := range files {
		l.desk.write(name, text)
	}
	head := l.desk.commit(fmt.Sprint("Change of !", iid))
	l.desk.git("checkout", "--quiet", "main")
	l.did(func() { r.SHA = head })
	return r
}

// pipeline is one of a merge request: detached, merged_result or merge_train. What the last two
// check out is the merge that GitLab has made, of main as it is or of the train before.
func (l *lab) pipeline(r *labRequest, kind string) map[string]string {
	l.desk.t.Helper()
	vars := map[string]string{
		"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": strconv.Itoa(r.IID), "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "5",
		"CI_MERGE_REQUEST_EVENT_TYPE": kind, "CI_COMMIT_SHA": r.SHA, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
		"CI_MERGE_REQUEST_DIFF_BASE_SHA": l.desk.git("merge-base", "main", r.SHA), "CI_MERGE_REQUEST_LABELS": r.labels,
	}
	if kind != "detached" {
		l.desk.git("checkout", "--quiet", "--detach", "main")
		l.desk.git("merge", "--quiet", "--no-ff", "--message", "GitLab's merge", r.SHA)
		vars["CI_COMMIT_SHA"] = l.desk.git("rev-parse", "HEAD")
		l.desk.git("update-ref", fmt.Sprintf("refs/merge-requests/%d/%s", r.IID, kind), "HEAD")
		l.desk.git("checkout", "--quiet", "main")
	}
	if kind == "merged_result" { // whether a train has them is not documented
		vars["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"], vars["CI_MERGE_REQUEST_TARGET_BRANCH_SHA"] = r.SHA, l.desk.git("rev-parse", "main")
	}
	return vars
}

// planned opens a merge request and plans it.
func (l *lab) planned(iid int, files map[string]string) *labRequest {
	l.desk.t.Helper()
	r := l.open(iid, files)
	if out, code := l.run("plan", l.pipeline(r, "detached")); code != 0 {
		l.desk.t.Fatalf("the plan of !%d exits %d:\n%s", iid, code, out)
	}
	return r
}

func (l *lab) approve(r *labRequest, who int) {
	l.did(func() {
		r.approvals = append(r.approvals, map[string]any{"user": person{who, fmt.Sprint("user", who)}, "approved_at": l.tick()})
	})
}

// merge merges a merge request into main: by a merge, a squash or a fast-forward, which rebases.
// What is pushed is main from before to after.
func (l *lab) merge(r *labRequest, how string) (before, after string) {
	l.desk.t.Helper()
	before = l.desk.git("rev-parse", "main")
	switch how {
	case "merge":
		l.desk.git("merge", "--quiet", "--no-ff", "--message", "Merge", r.SHA)
	case "squash":
		l.desk.git("merge", "--quiet", "--squash", r.SHA)
		l.desk.git("commit", "--quiet", "--message", "Squash")
	case "fast-forward":
		l.desk.git("merge", "--quiet", "--ff-only", r.SHA)
	}
	after = l.desk.git("rev-parse", "main")
	l.did(func() {
		r.State = "merged"
		switch how {
		case "merge":
			r.Merge = after
		case "squash":
			r.Squash = after
		}
		r.commits = strings.Fields(l.desk.git("rev-list", before+".."+after) + " " + r.SHA)
	})
	return before, after
}

func (l *lab) branch(source, before, after string) map[string]string {
	return map[string]string{"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": "main", "CI_COMMIT_SHA": after, "CI_COMMIT_BEFORE_SHA": before}
}

// zeros are what stands for no commit.
var zeros = strings.Repeat("0", 40)

func (l *lab) byHand(commit, digest, base string) map[string]string {
	vars := l.branch("web", zeros, commit)
	vars["NOTIFORM_DIGEST"], vars["NOTIFORM_BASE"] = digest, base
	return vars
}
