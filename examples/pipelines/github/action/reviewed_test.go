package main

import (
	"strings"
	"testing"
)

// FuzzApprovals: whatever stands in a check run, what is taken from it are approvals, and all of
// them or none.
func FuzzApprovals(f *testing.F) {
	line := "sha256:" + strings.Repeat("0", 64) + " 7000000000000000001\n"
	for _, text := range []string{
		"", "```\n```", "```\nallow-audience all_members\n" + line + "```", "```\r\n" + strings.TrimSuffix(line, "\n") + "\r\n```\r\n", line + "and so on", "--approved x\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, ok := checkRun{Output: written{Text: text}}.approvals()
		for line := range strings.Lines(lines) {
			if !ok || !approvalLine.MatchString(strings.TrimSuffix(line, "\n")) || !strings.Contains(text, strings.TrimSuffix(line, "\n")) {
				t.Errorf("%q is taken from %q (%t)", line, text, ok)
			}
		}
		again, ok2 := checkRun{Output: written{Text: fence + "\n" + lines + fence}}.approvals()
		if ok && (!ok2 || again != lines) {
			t.Errorf("%q is not taken as it is", lines)
		}
	})
}
