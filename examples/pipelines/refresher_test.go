package pipelines_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// refresher is a place that a login is kept at, and the job that refreshes it.
type refresher struct {
	*desk
	place string // file, vault, github or gitlab
	dir   string // where the place keeps what it holds
	bin   string // its program
}

// places are stand-ins of the programs that reach a place: what they hold is files in $PLACE.
func places() map[string]string {
	return map[string]string{
		"vault": `#!/bin/sh
set -eu
printf '%s\n' "$*" >>"$PLACE/calls"
case "$*" in
"kv metadata get -field=current_version secret/feishu") cat "$PLACE/version" ;;
"kv get -version=$(cat "$PLACE/version") -field=login secret/feishu") cat "$PLACE/login" ;;
"kv put -cas=$(cat "$PLACE/version") secret/feishu login=@"*)
	[ ! -e "$PLACE/sealed" ] || exit 2
	echo $(($(cat "$PLACE/version") + 1)) >"$PLACE/version"
	cat "${5#login=@}" >"$PLACE/login"
	[ ! -e "$PLACE/overtake" ] || echo 99 >"$PLACE/version"
	;;
"kv put secret/feishu-access access_token=@"*) cat "${4#access_token=@}" >"$PLACE/token" ;;
*) exit 2 ;;
esac
`,
		"gh": `#!/bin/sh
set -eu
printf '%s\n' "$*" >>"$PLACE/calls"
case "$*" in
"variable get NOTIFORM_LOGIN_SUM --repo acme/helpdesk --env notiform-refresh") cat "$PLACE/version" ;;
"secret set NOTIFORM_LOGIN --repo acme/helpdesk --env notiform-refresh")
	[ ! -e "$PLACE/sealed" ] || exit 1
	cat >"$PLACE/login"
	;;
"variable set NOTIFORM_LOGIN_SUM --repo acme/helpdesk --env notiform-refresh --body "*)
	echo "$9" >"$PLACE/version"
	[ ! -e "$PLACE/overtake" ] || echo another >"$PLACE/version"
	;;
"secret set FEISHU_USER_ACCESS_TOKEN --repo acme/helpdesk --env notiform-plan" | \
	"secret set FEISHU_APPLY_TOKEN --repo acme/helpdesk --env notiform") cat >"$PLACE/token" ;;
*) exit 1 ;;
esac
`,
		"curl": `#!/bin/sh
set -eu
printf '%s\n' "$*" >>"$PLACE/calls"
[ "$(cat)" = 'header = "PRIVATE-TOKEN: glpat-pipeline-token"' ] || exit 22
for url; do :; done
case "$url $*" in
*/variables/NOTIFORM_LOGIN" "*"--request GET"*) printf '{"key":"NOTIFORM_LOGIN","value":"%s","masked":true}' "$(cat "$PLACE/login")" ;;
*/variables/NOTIFORM_LOGIN" "*"--request PUT --data-urlencode value@"*)
	[ ! -e "$PLACE/sealed" ] || exit 22
	file=${9#value@}
	cat "$file" >"$PLACE/login"
	[ ! -e "$PLACE/overtake" ] || printf YW5vdGhlcg== >"$PLACE/login"
	;;
*/variables/FEISHU_USER_ACCESS_TOKEN" "*"--request PUT --data-urlencode value@"* | \
*/variables/FEISHU_APPLY_TOKEN" "*"--request PUT --data-urlencode value@"*) cat "${9#value@}" >"$PLACE/token" ;;
*) exit 22 ;;
esac
`,
	}
}

func newRefresher(t *testing.T, place string) *refresher {
	t.Helper()
	return refresherAt(newDesk(t, "device_interval=1"), place)
}

func refresherAt(d *desk, place string) *refresher {
	t := d.t
	t.Helper()
	r := &refresher{d, place, t.TempDir(), t.TempDir()}
	for name, src := range places() {
		if err := os.WriteFile(filepath.Join(r.bin, name), []byte(src), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	store := filepath.Join(t.TempDir(), "login.json")
	if out, code := r.script(r.dir, append(r.env(), "NOTIFORM_TOKEN_STORE="+store), "notiform", "auth", "login"); code != 0 {
		t.Fatalf("log in: exit %d:\n%s", code, out)
	}
	login := readFile(t, store)
	if place == "file" {
		r.keep("login.json", login)
		return r
	}
	r.keep("login", base64.StdEncoding.EncodeToString([]byte(login)))
	r.keep("version", "1\n")
	if place == "github" {
		out, _ := r.script(r.dir, r.env(), "sha256sum", "login")
		r.keep("version", strings.Fields(out)[0]+"\n")
	}
	return r
}

func (r *refresher) keep(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *refresher) held(name string) string {
	text, _ := os.ReadFile(filepath.Join(r.dir, name))
	return string(text)
}

// env has the app and no user token.
func (r *refresher) env() []string {
	env := []string{"PATH=" + r.bin + ":" + os.Getenv("PATH"), "HOME=" + r.home, "PLACE=" + r.dir,
		"NOTIFORM_GITLAB_TOKEN=" + gitlabToken, "CI_API_V4_URL=https://gitlab.example/api/v4", "CI_PROJECT_ID=7"}
	for _, setting := range r.server.Env(r.url) {
		if !strings.HasPrefix(setting, "FEISHU_USER_ACCESS_TOKEN=") {
			env = append(env, setting)
		}
	}
	return env
}

var anyToken = regexp.MustCompile(`eyJ-sandbox-[a-z]+-[A-Z2-7]+`)

// refresh runs the job; no token is in its output, nor on any command line.
func (r *refresher) refresh() (out string, code int) {
	r.t.Helper()
	args := map[string][]string{"file": {r.dir}, "vault": {"secret/feishu"}, "github": {"acme/helpdesk"}, "gitlab": nil}[r.place]
	script := filepath.Join(pipelines(r.t), "refresher", "refresh.sh")
	env := append(r.env(), "NOTIFORM_LOGIN="+r.held("login"))
	out, code = r.script(r.t.TempDir(), env, append([]string{"sh", script, r.place}, args...)...)
	r.wantNoSecrets("the log", out)
	if token := anyToken.FindString(out + r.held("calls")); token != "" || strings.Contains(r.held("calls"), gitlabToken) {
		r.t.Errorf("a token stands where others may see it:\n%s%s", out, r.held("calls"))
	}
	return out, code
}

// published is the access token that the other jobs get.
func (r *refresher) published() string {
	return map[bool]string{true: r.held("access-token"), false: r.held("token")}[r.place == "file"]
}

// pair is the refresh token that the place holds.
func (r *refresher) pair() string {
	r.t.Helper()
	text := r.held("login.json")
	if r.place != "file" {
		src, err := base64.StdEncoding.DecodeString(r.held("login"))
		if err != nil {
			r.t.Fatal(err)
		}
		text = string(src)
	}
	return regexp.MustCompile(`eyJ-sandbox-refresh-[A-Z2-7]+`).FindString(text)
}

// reads reports whether a job with nothing but a token can plan.
func (r *refresher) reads(token string) bool {
	r.t.Helper()
	if !anyToken.MatchString(token) {
		return false
	}
	_, code := r.script(r.origin, append(r.env(), "FEISHU_USER_ACCESS_TOKEN="+token), "notiform", "plan", "drafts")
	return code == 0
}

// TestRefresher: every run leaves a new pair in the place and a token that works, from one run to the
// next and with the login as the only thing that lasts.
func TestRefresher(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"file", "vault", "github", "gitlab"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			r := newRefresher(t, place)
			seen := map[string]bool{r.pair(): true}
			for range 3 {
				out, code := r.refresh()
				if code != 0 || !r.reads(r.published()) {
					t.Fatalf("exit %d, and the token reads: %v\n%s", code, r.reads(r.published()), out)
				}
				if pair := r.pair(); seen[pair] || pair == "" {
					t.Errorf("the pair was there before")
				} else {
					seen[pair] = true
				}
			}
			if n := r.server.Count("oauth_token"); n != 2+3 {
				t.Errorf("%d requests for tokens, want two polls and one a run", n)
			}
		})
	}
}

// TestRefresherSpendsNothing: who cannot write back, or is not alone, does not spend the refresh token;
// and what cannot be kept after that is said.
func TestRefresherSpendsNothing(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"vault", "github", "gitlab"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			r := newRefresher(t, place)
			before := r.pair()
			r.keep("sealed", "")
			if out, code := r.refresh(); code == 0 || r.server.Count("oauth_token") != 2 || r.pair() != before || r.published() != "" {
				t.Errorf("exit %d after %d requests:\n%s", code, r.server.Count("oauth_token"), out)
			}
			if err := os.Remove(filepath.Join(r.dir, "sealed")); err != nil {
				t.Fatal(err)
			}
			r.keep("overtake", "")
			out, code := r.refresh()
			if code == 0 || !strings.Contains(out, "log in again") && !strings.Contains(out, "somebody else") || r.published() != "" {
				t.Errorf("overtaken: exit %d:\n%s", code, out)
			}
		})
	}
}

// TestRefresherLosesNoLogin: a lost answer is noted in the place, and the next run tries the old pair
// once; what Feishu refuses for good leaves the place as it is.
func TestRefresherLosesNoLogin(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"file", "vault"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			r := newRefresher(t, place)
			before := r.pair()
			r.server.Fail(sandbox.Fault{Method: "oauth_token", Kind: sandbox.DropBeforeCommit})
			if out, code := r.refresh(); code == 0 || r.pair() != before || r.published() != "" {
				t.Errorf("a lost answer: exit %d:\n%s", code, out)
			}
			if out, code := r.refresh(); code != 0 || r.pair() == before || !r.reads(r.published()) {
				t.Errorf("the next run: exit %d:\n%s", code, out)
			}
			if place == "vault" {
				kept := r.held("login")
				r.server.Advance(366 * 24 * 60 * 60 * 1e9)
				if out, code := r.refresh(); code == 0 || !strings.Contains(out, "auth login") || r.held("login") != kept {
					t.Errorf("a login that is over: exit %d:\n%s", code, out)
				}
			}
		})
	}
}

// stubIn puts the place's program into a folder, for a job that is not told of PLACE.
func (r *refresher) stubIn(dir, program string) {
	r.t.Helper()
	script := strings.Replace(places()[program], "set -eu\n", "set -eu\nPLACE="+r.dir+"\n", 1)
	if err := os.WriteFile(filepath.Join(dir, program), []byte(script), 0o755); err != nil {
		r.t.Fatal(err)
	}
}

// refreshes are the scripts of the job of GitHub.
func refreshes() []string { return []string{"Build the refresher", "Refresh the login"} }

// TestRefreshWorkflow: GitHub's and GitLab's own job does what the script does, and only on a schedule of its own.
func TestRefreshWorkflow(t *testing.T) {
	t.Parallel()
	h := newHub(t, "device_interval=1")
	r := refresherAt(h.desk, "github")
	r.stubIn(h.stubs, "gh")
	h.secrets["NOTIFORM_GITHUB_TOKEN"] = hubToken
	seen := r.pair()
	for range 2 {
		h.secrets["NOTIFORM_LOGIN"] = r.held("login")
		ran := h.run("refresh", "refresh", night(h))
		if ran.failed || !slices.Equal(ran.steps, refreshes()) || r.pair() == seen || !r.reads(r.published()) || anyToken.MatchString(ran.log+r.held("calls")) {
			t.Fatalf("failed: %v\n%s", ran.failed, ran.log)
		}
		seen = r.pair()
	}
	if ran := h.run("refresh", "refresh", event{name: "workflow_dispatch", ref: "refs/heads/change", sha: h.desk.main}); !ran.skipped {
		t.Error("a branch refreshes")
	}
}

func TestRefreshJobOfGitLab(t *testing.T) {
	t.Parallel()
	l := newLab(t, "device_interval=1")
	r := refresherAt(l.desk, "gitlab")
	r.stubIn(l.stubs, "curl")
	hourly := l.branch("schedule", zeros, l.desk.main)
	hourly["NOTIFORM_SCHEDULE"] = "refresh"
	seen := r.pair()
	out, code := l.run("refresh", hourly)
	if code != 0 || r.pair() == seen || !r.reads(r.published()) || anyToken.MatchString(out+r.held("calls")) {
		t.Errorf("exit %d:\n%s", code, out)
	}
}
