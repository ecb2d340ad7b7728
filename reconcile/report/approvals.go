package report

import (
	"io"
	"slices"
)

// writeApprovals writes the lines by which apply may write what was planned. It writes none, so that
// nothing is left of what an older run may have approved in that file, when the run failed or a
// guard refuses the plan. A blocked draft keeps no other from being approved.
func writeApprovals(w io.Writer, r Run) error {
	var lines []byte
	if r.approves() {
		lines = r.Plan.Approvals(r.AllowAudience...)
	}
	_, err := w.Write(lines)
	return err
}

// approves reports whether what was planned may be approved. The exit code alone does not tell: that
// of a blocked draft hides that another one could not be read.
func (r Run) approves() bool {
	sound := slices.Contains([]int{ExitDone, ExitDiffers, ExitRefused}, r.ExitCode)
	return sound && r.Plan != nil && r.Plan.Summary.Failed == 0 && len(ofRun(r)) == 0
}
