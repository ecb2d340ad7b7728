package report

import (
	"fmt"
	"io"
	"strings"
)

// Check is one thing that doctor looked at, as JSON has it.
type Check struct {
	Name    string     `json:"check"`
	State   CheckState `json:"state"`
	Message string     `json:"message"`        // what was found, or why it was not looked at
	Hint    string     `json:"hint,omitempty"` // what to do about it
}

// CheckState is what a check came to.
type CheckState string

// The states of a check.
const (
	CheckOK     CheckState = "ok"
	CheckFailed CheckState = "failed"
	CheckNotRun CheckState = "not-run"
)

// ChecksText writes one line a check, with what to do below those that failed.
func ChecksText(w io.Writer, checks []Check, s Style) error {
	p := newPainter(w, s)
	widest := 0
	for _, c := range checks {
		widest = max(widest, len(c.Name))
	}
	for _, c := range checks {
		sign, color := checkSign(c.State)
		p.line(0, color, fmt.Sprintf(checkLine, sign, widest, strings.ReplaceAll(c.Name, "_", " "), Visible(c.Message)))
		if c.Hint != "" {
			p.line(len(checkIndent), "", fmt.Sprintf(checkFix, Visible(c.Hint)))
		}
	}
	return p.close()
}

const checkIndent = "    "

func checkSign(state CheckState) (sign, color string) {
	switch state {
	case CheckOK:
		return "✓", green
	case CheckFailed:
		return "✗", red
	}
	return "–", dim
}
