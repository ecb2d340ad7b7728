package sandbox_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"notiform/feishu/sandbox"
)

// TestNodeSDK runs testdata/node/client.mjs, which calls the sandbox through the official Node SDK.
// It is skipped where there is no Node or its SDK cannot be fetched.
func TestNodeSDK(t *testing.T) {
	t.Parallel()
	const want = `create: 0 0
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
`
	dir := nodeSDK(t)
	s, url := sandbox.Start(t, sandbox.Options{})
	client := exec.CommandContext(t.Context(), "node", "client.mjs")
	client.Dir, client.Env = dir, append(append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1"), s.Env(url)...)
	got, err := client.Output()
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// nodeSDK installs the SDK beside a copy of testdata/node; no script of a package is run.
func nodeSDK(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/node")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0")
	install.Dir = dir
	said, err := install.CombinedOutput()
	if err != nil {
		reason, _, _ := strings.Cut(string(said), "\n")
		t.Skipf("the Node SDK cannot be installed: %v %s", err, reason)
	}
	return dir
}
