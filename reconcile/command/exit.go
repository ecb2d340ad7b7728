package command

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// worst is the one code to give where several hold.
func worst(codes ...int) int {
	for _, code := range []int{
		report.ExitUsage, report.ExitFault, report.ExitInterrupted, report.ExitPartial, report.ExitFaulty,
		report.ExitRefused, report.ExitFailed, report.ExitDiffers,
	} {
		if slices.Contains(codes, code) {
			return code
		}
	}
	return report.ExitDone
}

// when is a code that holds only then.
func when(holds bool, code int) int {
	if holds {
		return code
	}
	return report.ExitDone
}

// exitError carries an exit code up to Run. A nil err means that everything was said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf(endsWith, e.code)
	}
	return e.err.Error()
}
func (e *exitError) Unwrap() error { return e.err }

// exit is the error that ends a command with code after it has said everything itself.
func exit(code int) error {
	if code == report.ExitDone {
		return nil
	}
	return &exitError{code: code}
}

// usage is a mistake in what was typed.
func usage(format string, args ...any) error {
	return &exitError{report.ExitUsage, fmt.Errorf(format, args...)}
}

// isUsage reports whether an error is a mistake in what was typed: there is no run then.
func isUsage(err error) bool {
	e, ok := errors.AsType[*exitError](err)
	return ok && e.code == report.ExitUsage
}

// refuse is a reason to write nothing.
func refuse(format string, args ...any) error {
	return &exitError{report.ExitRefused, fmt.Errorf(format, args...)}
}

// finish says an error that nobody has said yet and returns its exit code.
func finish(stderr io.Writer, err error) int {
	if err == nil {
		return report.ExitDone
	}
	e, ok := errors.AsType[*exitError](err)
	if !ok {
		e = &exitError{report.ExitFailed, err}
	}
	if e.err != nil {
		sayError(stderr, err)
	}
	return e.code
}

// faultCode is the exit code of the diagnostics alone: files that the system would not let us
// read are a failure of the run, not of the drafts.
func faultCode(set spec.Set) int {
	code := report.ExitDone
	for _, d := range set.Diagnostics {
		unread := d.Rule == "unreadable-file"
		code = worst(code, when(isError(d) && unread, report.ExitFailed), when(isError(d) && !unread, report.ExitFaulty))
	}
	return code
}

func isError(d spec.Diagnostic) bool { return d.Level() == spec.Error }

// planCode is the exit code of a plan.
func planCode(p reconcile.Plan, detailed, interrupted bool) int {
	return worst(
		when(detailed && p.Summary.Create+p.Summary.Update > 0, report.ExitDiffers),
		when(p.Summary.Failed > 0 || !p.Complete, report.ExitFailed),
		when(p.Summary.Blocked > 0 || len(p.Refusals) > 0, report.ExitRefused),
		when(interrupted, report.ExitInterrupted),
	)
}

// resultCode is the exit code of an apply or a create. Unverified and unknown count as partial:
// something was sent, and it is not what was to be there, or may not be. interrupted says that a signal cost a draft its turn or
// its proof.
func resultCode(s reconcile.ResultSummary, interrupted bool) int {
	unwritten := worst(when(s.Failed+s.NotAttempted > 0, report.ExitFailed), when(s.Blocked+s.Stale > 0, report.ExitRefused))
	return worst(
		unwritten,
		when(s.Unverified+s.Unknown > 0 || s.Applied+s.Created > 0 && unwritten != report.ExitDone, report.ExitPartial),
		when(interrupted, report.ExitInterrupted),
	)
}
