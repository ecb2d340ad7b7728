package pipelines_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pullRequest is a pull request, as far as the recipes go.
type pullRequest struct {
	number      int
	author      string
	head, test  string // its last commit, and what GitHub would merge
	base        string
	fork        bool
	merged      bool
	mergeCommit string
	commits     []string // that it has brought
	labels      []string
	reviews     []opinion
}

type opinion struct {
	state, author, commit string
	at                    time.Time
	writes                bool // whether its author has write access
}

// ServeHTTP answers as GitHub's API does, to a token with the permissions of the job.
func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var body map[string]any
	if r.Body != nil {
		_ = json.NewDecoder(r.Body).Decode(&body) // a GET has none
	}
	c := forgeCall{program: "http", method: r.Method, query: r.URL.Query(), fields: map[string]string{}}
	c.path = strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/v3/repos/acme/helpdesk/"), "/api/")
	for name, value := range body {
		c.fields[name] = fmt.Sprint(value)
	}
	if c.path != "graphql" {
		h.calls = append(h.calls, c)
	}
	var answer any
	code := http.StatusBadGateway
	if h.broken--; h.broken < 0 {
		answer, code = h.github(c, body, r.Header.Get("Authorization"))
	}
	if code == http.StatusForbidden {
		h.denied = append(h.denied, c.String())
		answer = map[string]string{"message": "Resource not accessible by integration"}
	}
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(answer)
}

func (h *hub) may(scope, level string) bool {
	return h.needs[scope] == level || h.needs[scope] == "write"
}

func (h *hub) github(c forgeCall, body map[string]any, authorization string) (answer any, code int) {
	if authorization != "Bearer "+hubToken {
		return nil, http.StatusUnauthorized
	}
	part := strings.Split(c.path, "/")
	routes := map[string]struct {
		scope, level string
		answer       func() any
	}{
		"POST graphql1": {"pull-requests", "read", func() any { return h.graphQL(body) }},
		"GET commits3":  {"pull-requests", "read", func() any { return h.pullsOf(part[1]) }},
		"POST check-runs1": {"checks", "write", func() any {
			body["app"], body["completed_at"] = map[string]string{"slug": "github-actions"}, h.tick().Format(time.RFC3339)
			return map[string]int{"id": h.add("checks "+body["head_sha"].(string), body)}
		}},
		"GET issues3": {"pull-requests", "read", func() any { return h.page("comments "+part[min(1, len(part)-1)], c) }},
		"POST issues3": {"pull-requests", "write", func() any {
			return h.add("comments "+part[1], map[string]any{"user": map[string]string{"login": "github-actions[bot]"}, "body": body["body"]})
		}},
		"PATCH issues3": {"pull-requests", "write", func() any { return h.change(part[2], body) }},
		"GET issues1":   {"issues", "read", func() any { return h.page("issues", c) }},
		"POST issues1": {"issues", "write", func() any {
			body["number"], body["user"], body["state"] = len(h.entries["issues"])+1, map[string]string{"login": "github-actions[bot]"}, "open"
			return h.add("issues", body)
		}},
		"PATCH issues2": {"issues", "write", func() any {
			answer, _ := h.replace("issues", "number", part[1], c.fields)
			return answer
		}},
		"check-runs": {"checks", "read", func() any {
			return map[string]any{"check_runs": h.page("checks "+part[min(1, len(part)-1)], c)}
		}},
	}
	form := c.method + " " + part[0] + strconv.Itoa(len(part))
	if form == "GET commits3" && part[2] == "check-runs" {
		form = "check-runs"
	}
	route, known := routes[form]
	if !known {
		h.t.Errorf("GitHub has no %s", c)
		return nil, http.StatusNotFound
	}
	if !h.may(route.scope, route.level) {
		return nil, http.StatusForbidden
	}
	if answer = route.answer(); answer == nil {
		return nil, http.StatusUnprocessableEntity
	}
	return answer, http.StatusOK
}

// tick is the time of something that is written.
func (h *hub) tick() time.Time {
	h.now = h.now.Add(time.Minute)
	return h.now
}

// page is one page of those entries of a list that a query is for.
func (h *hub) page(list string, c forgeCall) []map[string]any {
	found := []map[string]any{}
	for _, entry := range h.entries[list] {
		state, name := c.query.Get("state"), c.query.Get("check_name")
		if (state == "" || entry["state"] == state) && (name == "" || entry["name"] == name) {
			found = append(found, entry)
		}
	}
	size := pageSize(c.query)
	number, _ := strconv.Atoi(c.query.Get("page"))
	from := min(len(found), max(0, number-1)*size)
	return found[from:min(len(found), from+size)]
}

// change changes a comment, on whatever it is.
func (h *hub) change(id string, body map[string]any) any {
	for list := range h.entries {
		if entry := h.find(list, "id", id); strings.HasPrefix(list, "comments ") && entry != nil {
			entry["body"] = body["body"]
			return entry
		}
	}
	h.t.Errorf("there is no comment %s", id)
	return nil
}

// pullsOf are the pull requests of a commit. GitHub may not know it yet, and then not know them.
func (h *hub) pullsOf(commit string) any {
	found := []map[string]any{}
	switch h.late--; {
	case h.late > 0:
		return nil
	case h.late == 0:
		return found
	}
	for _, p := range h.pulls {
		if slices.Contains(p.commits, commit) || p.head == commit {
			found = append(found, map[string]any{"number": p.number})
		}
	}
	return found
}

// graphQL answers the one query that there is, with no more than it asks for.
func (h *hub) graphQL(body map[string]any) any {
	query := body["query"].(string)
	variables := body["variables"].(map[string]any)
	p := h.pulls[int(variables["number"].(float64))]
	if p == nil || variables["owner"] != "acme" || variables["name"] != "helpdesk" {
		return map[string]any{"errors": []map[string]any{{"message": "Could not resolve to a PullRequest"}}}
	}
	var labels, reviews []any
	for _, label := range p.labels {
		labels = append(labels, map[string]any{"name": label})
	}
	for _, r := range p.opinions(strings.Contains(query, "writersOnly: true")) {
		reviews = append(reviews, map[string]any{
			"state": r.state, "submittedAt": r.at.Format(time.RFC3339), "author": map[string]any{"login": r.author}, "commit": map[string]any{"oid": r.commit},
		})
	}
	answer := map[string]any{"data": map[string]any{"repository": map[string]any{"pullRequest": map[string]any{
		"number": p.number, "merged": p.merged, "isCrossRepository": p.fork, "baseRefName": p.base, "headRefOid": p.head,
		"author": map[string]any{"login": p.author}, "mergeCommit": map[string]any{"oid": p.mergeCommit},
		"labels": map[string]any{"nodes": labels}, "latestOpinionatedReviews": map[string]any{"nodes": reviews},
	}}}}
	return asked(query, answer)
}

// asked leaves of an answer what a query names.
func asked(query string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if v[name] = asked(query, value); name != "data" && !regexp.MustCompile(`\b`+name+`\b`).MatchString(query) {
				delete(v, name)
			}
		}
	case []any:
		for i := range v {
			v[i] = asked(query, v[i])
		}
	}
	return v
}

// opinions are the last of each reviewer.
func (p *pullRequest) opinions(writersOnly bool) []opinion {
	var last []opinion
	for _, r := range p.reviews {
		last = slices.DeleteFunc(last, func(o opinion) bool { return o.author == r.author })
		if r.writes || !writersOnly {
			last = append(last, r)
		}
	}
	return last
}

// open opens a pull request with these files, from a branch of its own; nil is no file.
func (h *hub) open(number int, files map[string]string) *pullRequest {
	h.t.Helper()
	branch := fmt.Sprintf("pr-%d", number)
	h.desk.git("checkout", "--quiet", "-B", branch, "main")
	p := &pullRequest{number: number, author: "ada", base: "main"}
	h.pulls[number] = p
	h.push(p, files)
	return p
}

// push adds a commit to a pull request.
func (h *hub) push(p *pullRequest, files map[string]string) {
	h.t.Helper()
	h.desk.git("checkout", "--quiet", fmt.Sprintf("pr-%d", p.number))
	for name, text := range files {
		h.desk.write(name, text)
	}
	p.head = h.desk.commit(fmt.Sprintf("Change %d", p.number))
	h.refresh(p)
}

// refresh makes the commit that GitHub makes for pull requests, of main as it is.
func (h *hub) refresh(p *pullRequest) {
	h.t.Helper()
	d := h.desk
	d.git("checkout", "--quiet", "--detach", "main")
	d.git("merge", "--quiet", "--no-ff", "--message", "merge", p.head)
	p.test = d.git("rev-parse", "HEAD")
	d.git("update-ref", fmt.Sprintf("refs/pull/%d/merge", p.number), p.test)
	d.git("checkout", "--quiet", "main")
}

// event is that of a pull request.
func (p *pullRequest) event() event {
	repository := "acme/helpdesk"
	if p.fork {
		repository = "mallory/helpdesk"
	}
	return event{
		name: "pull_request", ref: fmt.Sprintf("refs/pull/%d/merge", p.number), sha: p.test, fork: p.fork,
		payload: map[string]any{"pull_request": map[string]any{
			"number": p.number, "head": map[string]any{"sha": p.head, "repo": map[string]any{"full_name": repository}},
		}},
	}
}

// plan plans a pull request.
func (h *hub) plan(p *pullRequest) ran {
	h.t.Helper()
	return h.run("plan", "plan", p.event())
}

// review has somebody say something of the last commit of a pull request.
func (h *hub) review(p *pullRequest, state, author string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.reviews = append(p.reviews, opinion{state, author, p.head, h.tick(), author != "reader"})
}

// shown opens, plans and has approved.
func (h *hub) shown(number int, files map[string]string) *pullRequest {
	h.t.Helper()
	p := h.open(number, files)
	if r := h.plan(p); r.failed {
		h.t.Fatalf("the plan failed:\n%s", r.log)
	}
	h.review(p, "APPROVED", "grace")
	return p
}

// merge merges pull requests at once, each by a merge, a squash or a rebase; that is one push.
func (h *hub) merge(how string, pulls ...*pullRequest) event {
	h.t.Helper()
	d := h.desk
	d.git("checkout", "--quiet", "main")
	before := d.git("rev-parse", "HEAD")
	for _, p := range pulls {
		from := d.git("rev-parse", "HEAD")
		switch how {
		case "merge":
			d.git("merge", "--quiet", "--no-ff", "--message", "Merge", p.head)
		case "squash":
			d.git("merge", "--quiet", "--squash", p.head)
			d.commit("Squash")
		case "rebase":
			d.git("cherry-pick", "main.."+p.head)
		}
		p.merged, p.mergeCommit = true, d.git("rev-parse", "HEAD")
		p.commits = strings.Fields(d.git("rev-list", from+"..HEAD"))
	}
	return push(before, d.git("rev-parse", "HEAD"))
}

// apply applies a push.
func (h *hub) apply(e event) ran {
	h.t.Helper()
	return h.run("apply", "apply", e)
}
