package command

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
)

// TestWidth runs validate with a hint of 91 columns: at a terminal it is folded at what that has, within
// bounds, and everywhere else a line stays whole.
func TestWidth(t *testing.T) {
	const draft = "{notification_id: '7', job_name: J, push_type: 0, push_scope_type: 0, push_content: 7}"
	for _, row := range []struct {
		why      string
		terminal bool
		columns  int
		ci       string
		want     int // 0 is unfolded
	}{
		{"a terminal", true, 88, "", 88},
		{"a narrow one", true, 20, "", 60},
		{"a wide one", true, 400, "", 160},
		{"one that does not say", true, 0, "", 100},
		{"a pipe", false, 88, "", 0},
		{"a terminal of a CI system", true, 88, "true", 0},
	} {
		t.Run(row.why, func(t *testing.T) {
			var out, said bytes.Buffer
			env := Env{
				Stdin: strings.NewReader(draft), Stdout: &out, Stderr: &said, Now: time.Now,
				Getenv:     func(name string) string { return map[string]string{"CI": row.ci}[name] },
				IsTerminal: func(stream any) bool { return row.terminal && stream == io.Writer(&out) },
				Columns:    func(any) int { return row.columns },
			}
			if got := env.width(&out); got != row.want {
				t.Errorf("%d columns, want %d", got, row.want)
			}
			Run(t.Context(), []string{"notiform", "validate", "-"}, env)
			for line := range strings.Lines(out.String()) {
				if n := runewidth.StringWidth(line); row.want > 0 && strings.Contains(line, "hint") && n > row.want {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			if folded := strings.Contains(out.String(), "↳"); folded != (row.want > 0 && row.want < 100) {
				t.Errorf("folded: %v\n%s", folded, out.String())
			}
		})
	}
}
