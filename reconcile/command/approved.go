package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
)

func (g *guards) nameApproved(_ *cli.Context, files []string) error {
	if slices.Contains(files, "-") {
		return hinted{usage(approvedOnStdin), hintApprovedFile}
	}
	g.approved = files
	return nil
}

// readApprovals reads all files of --approved, before anything is asked of the helpdesk.
func (g *guards) readApprovals(ctx context.Context, env Env) error {
	g.approvals = reconcile.Approvals{}
	var faults []error
	for _, name := range g.approved {
		src, err := env.read(ctx, name)
		if err != nil {
			err = hinted{fmt.Errorf(approvedNotRead, err), hintApprovedFile}
		} else {
			err = g.approvals.Add(name, src)
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// unapproved adds a reason for each draft that would change without approval, with what approves it.
func (why *refusals) unapproved(p reconcile.Plan, given reconcile.Approvals) {
	for _, d := range given.Unapproved(p) {
		if len(given[d.NotificationID]) > 0 {
			why.add("approved", hintApprove, approvedOtherwise, d.File, d.Line, d.Approval())
		} else {
			why.add("approved", hintApprove, notApproved, d.File, d.Line, d.Approval())
		}
	}
}
