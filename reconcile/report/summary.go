package report

import (
	"fmt"

	"notiform/reconcile"
)

// summary is the line that every format leads or ends with.
func summary(r Run) string {
	switch {
	case r.Result != nil:
		return resultSummary(r.Result.Summary)
	case r.Plan != nil:
		return planSummary(r.Plan.Summary)
	case r.Command == "validate":
		return validated(r)
	default:
		return "No plan was made"
	}
}

func planSummary(s reconcile.Summary) string {
	return fmt.Sprintf("Plan: %d to update, %d unchanged, %d blocked, %d failed", s.Update, s.NoOp, s.Blocked, s.Failed)
}
