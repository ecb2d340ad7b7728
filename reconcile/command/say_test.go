package command

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestWhatEndsARunIsToldOnce: a person reads both streams on one screen, where the text tells it; whoever
// keeps one of them in a file finds it in each.
func TestWhatEndsARunIsToldOnce(t *testing.T) {
	t.Parallel()
	const draft = "{notification_id: '7', job_name: J, push_type: 0, push_scope_type: 0, push_content: {}}"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":99991668,"msg":"Invalid access token"}`)
	}))
	t.Cleanup(server.Close)
	settings := map[string]string{
		"FEISHU_BASE_URL": server.URL, "FEISHU_HELPDESK_ID": "1", "FEISHU_HELPDESK_TOKEN": "ht-secret", "FEISHU_USER_ACCESS_TOKEN": "u-secret",
	}
	for _, row := range []struct {
		why       string
		args      []string
		terminals int // of stdout and stderr
		want      int
	}{
		{"a plan on a screen", []string{"plan"}, 2, 1},
		{"an apply on a screen", []string{"apply", "--auto-approve"}, 2, 1},
		{"a plan whose stdout goes to a file", []string{"plan"}, 0, 2},
		{"an apply whose stderr goes to a file", []string{"apply", "--auto-approve"}, 1, 2},
		{"JSON on a screen", []string{"plan", "--format", "json"}, 2, 2},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var out, said bytes.Buffer
			Run(t.Context(), append(append([]string{"notiform"}, row.args...), "--base", "none", "-"), Env{
				Stdin: strings.NewReader(draft), Stdout: &out, Stderr: &said, Now: time.Now, Dir: t.TempDir(),
				Getenv: func(name string) string { return settings[name] },
				IsTerminal: func(stream any) bool {
					return stream == io.Writer(&out) && row.terminals > 0 || stream == io.Writer(&said) && row.terminals > 1
				},
				Columns: func(any) int { return 160 },
			})
			if n := strings.Count(out.String()+said.String(), "answered code 99991668"); n != row.want {
				t.Errorf("told %d times, want %d:\n%s\n%s", n, row.want, &out, &said)
			}
		})
	}
}
