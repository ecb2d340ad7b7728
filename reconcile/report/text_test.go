package report_test

import (
	"bytes"
	"testing"
	"time"

	"notiform/reconcile/report"
)

func TestPlanText(t *testing.T) {
	t.Parallel()
	p := plan(t)
	var out bytes.Buffer
	run := report.Run{Command: "plan", Plan: &p, WriteTime: 3 * time.Minute}
	if err := report.Text(&out, run, report.Style{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.txt", out.Bytes())
}
