package feishu

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// TestHelpOfTheSandbox: the documented errors, over HTTP, lead to Feishu's own help.
func TestHelpOfTheSandbox(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, token, begins string }{
		{"where the scope is granted to the app", "t-sandbox-unscoped", "https://open.feishu.cn/app/"},
		{"a diagnosis of what the user lacks", "u-sandbox-write", "https://open.feishu.cn/search?from=openapi&log_id="},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, address := sandbox.Start(t, sandbox.Options{Switches: []string{"write_scope_reads=no"}})
			c, err := New(Settings{BaseURL: address, HelpdeskID: sandbox.DefaultHelpdeskID, HelpdeskToken: NewSecret(sandbox.DefaultHelpdeskToken), UserAccessToken: NewSecret(row.token)}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.GetNotification(t.Context(), testID, "")
			e, ok := err.(*Error)
			if !ok || len(e.Help) != 1 || !strings.HasPrefix(e.Help[0], row.begins) {
				t.Fatalf("%v: %q", err, e.Help)
			}
			if hint := e.Hint(); !strings.Contains(hint, "scope") || !strings.HasSuffix(hint, "; Feishu's own help: "+e.Help[0]) {
				t.Error(hint)
			}
		})
	}
}

// TestHelp: an address is data. It is shown whole or not at all, and only where it is Feishu's.
func TestHelp(t *testing.T) {
	t.Parallel()
	const page = "https://open.feishu.cn/app/cli_a/auth?q=helpdesk:all&op_from=openapi"
	long := "https://open.feishu.cn/" + strings.Repeat("x", maxHelpSize)
	for _, row := range []struct {
		why, object string
		want        []string
	}{
		{"a page of the console", `"helps":[{"url":"` + page + `","description":"d"}]`, []string{page}},
		{"a diagnosis in words", `"troubleshooter":"排查建议查看(Troubleshooting suggestions): ` + page + `。"`, []string{page}},
		{"at the end of a sentence", `"troubleshooter":"see ` + page + `."`, []string{page}},
		{"Lark's", `"helps":[{"url":"https://open.larksuite.com/x"}]`, []string{"https://open.larksuite.com/x"}},
		{"the same twice", `"helps":[{"url":"` + page + `"}],"troubleshooter":"` + page + `"`, []string{page}},
		{"no more than a few", `"helps":[{"url":"https://feishu.cn/1"},{"url":"https://feishu.cn/2"},{"url":"https://feishu.cn/3"},{"url":"https://feishu.cn/4"}]`, []string{"https://feishu.cn/1", "https://feishu.cn/2", "https://feishu.cn/3"}},
		{"too long to be shown whole", `"helps":[{"url":"` + long + `"}]`, nil},
		{"somebody else's host", `"helps":[{"url":"https://feishu.cn.evil.example/x"},{"url":"https://evilfeishu.cn/x"}]`, nil},
		{"a user that looks like a host", `"helps":[{"url":"https://open.feishu.cn@evil.example/x"},{"url":"https://x@open.feishu.cn/"}]`, nil},
		{"another port", `"helps":[{"url":"https://open.feishu.cn:8443/x"}]`, nil},
		{"not https", `"helps":[{"url":"http://open.feishu.cn/x"},{"url":"javascript:alert(1)"}]`, nil},
		{"what a terminal obeys", `"helps":[{"url":"https://open.feishu.cn/x\u001b[2J"},{"url":"https://open.feishu.cn/x\u202ey"}]`, nil},
		{"what would have to be cut", `"helps":[{"url":"https://open.feishu.cn/x?q=a|b"},{"url":"https://open.feishu.cn/<b>"}]`, nil},
		{"a token that comes back", `"helps":[{"url":"https://open.feishu.cn/x?t=` + testUserToken + `"}]`, nil},
		{"another shape", `"helps":{"url":"` + page + `"},"troubleshooter":7`, nil},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c := serve(t, refusal(400, fmt.Sprintf(`{"code":99991672,"msg":"m","error":{%s}}`, row.object)))
			_, err := c.GetNotification(t.Context(), testID, "")
			e, ok := err.(*Error)
			if !ok || !slices.Equal(e.Help, row.want) {
				t.Fatalf("%v: %q", err, e.Help)
			}
			if strings.Contains(e.Hint(), "own help") != (row.want != nil) {
				t.Error(e.Hint())
			}
		})
	}
	if hint := (&Error{Code: 1, Help: []string{page}}).Hint(); hint != "Feishu's own help: "+page {
		t.Error(hint)
	}
}
