package sandbox_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu/sandbox"
)

// TestSDKs runs the clients of testdata, which call the sandbox through the official SDKs. One is
// skipped where its language is missing or its SDK cannot be fetched.
func TestSDKs(t *testing.T) {
	t.Parallel()
	for _, sdk := range []struct {
		name         string
		install, run []string
		want         string
	}{
		// No script of a package is run.
		{"node", []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0"},
			[]string{"node", "client.mjs"}, `create: 0 0
get open_id: 0 SDK ou_x ou_sandbox_owner ou_sandbox_owner
patch: 0
get union_id: 0 patched on_y on_sandbox_owner on_sandbox_owner
get user_id: 0 patched y sandbox_owner sandbox_owner
preview: 0
without helpdesk credential: 154001
unknown user token: 99991668
read-only user token: 99991679 action_privilege_required helpdesk:all
the app's own token: 0
submit_approve: 0 true
patch what is no draft: 154000
ticket message: 0 om_
app token: 0 true
wrong secret: failed to get tenant_access_token, code: 10014, msg: app secret invalid
unknown app: failed to get tenant_access_token, code: 10014, msg: app id not exists
malformed app id: failed to get tenant_access_token, code: 10003, msg: invalid param
`},
		{"go", []string{"go", "mod", "download"}, []string{"go", "run", "."}, `create: 0 0
get open_id: 0 SDK ou_x ou_sandbox_owner ou_sandbox_owner
patch: 0
get union_id: 0 patched on_y on_sandbox_owner on_sandbox_owner
get user_id: 0 patched y sandbox_owner sandbox_owner
preview: 0
without helpdesk credential: 154001 Unauthorized, please check you have the correct access
unknown user token: 99991668 Invalid access token for authorization. Please make a request with token attached.
read-only user token: 99991679 action_privilege_required helpdesk:all
submit_approve: 0 true
patch what is no draft: 154000 Bad request, please check your request body
wrong secret: 10014 app secret invalid
unknown app: 10014 app id not exists
malformed app id: 10003 invalid param
ticket message: 0 om_
`},
	} {
		t.Run(sdk.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", sdk.name))); err != nil {
				t.Fatal(err)
			}
			if said, err := inDir(t, dir, sdk.install).CombinedOutput(); err != nil {
				reason, _, _ := strings.Cut(string(said), "\n")
				t.Skipf("the SDK cannot be installed: %v %s", err, reason)
			}
			s, url := sandbox.Start(t, sandbox.Options{})
			client := inDir(t, dir, sdk.run)
			client.Env = append(client.Environ(), append(s.Env(url), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")...)
			got, err := client.Output()
			if diff := cmp.Diff(sdk.want, string(got)); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

// inDir is a command that is run in a directory, whatever GOFLAGS says of the module around it.
func inDir(t *testing.T, dir string, command []string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Dir = dir
	c.Env = append(c.Environ(), "GOFLAGS=", "GOWORK=off")
	return c
}
