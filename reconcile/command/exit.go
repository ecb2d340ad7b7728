package command

import (
	"errors"
	"fmt"
	"io"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// worst is the one code to give where several hold.
func worst(codes ...int) int {
	for _, code := range []int{report.ExitUsage, report.ExitInterrupted, report.ExitPartial, report.ExitFaulty, report.ExitRefused, report.ExitFailed, report.ExitDiffers} {
		for _, c := range codes {
			if c == code {
				return code
			}
		}
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
		return fmt.Sprintf("exit %d", e.code)
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
	return &exitError{code: report.ExitUsage, err: fmt.Errorf(format, args...)}
}

// hinted gives an error something to do next.
type hinted struct {
	error
	hint string
}

func (h hinted) Hint() string  { return h.hint }
func (h hinted) Unwrap() error { return h.error }

// finish says an error that nobody has said yet and returns its exit code.
func finish(stderr io.Writer, err error) int {
	if err == nil {
		return report.ExitDone
	}
	e, ok := errors.AsType[*exitError](err)
	if !ok {
		sayError(stderr, err)
		return report.ExitFailed
	}
	if e.err != nil {
		sayError(stderr, e.err)
	}
	return e.code
}

// sayError says each of the errors that err joins, with its hint.
func sayError(stderr io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, each := range joined.Unwrap() {
			sayError(stderr, each)
		}
		return
	}
	fault := reconcile.NewFault(err)
	fmt.Fprintf(stderr, "notiform: %s\n", report.Visible(fault.Message))
	if fault.Hint != "" {
		fmt.Fprintf(stderr, "notiform: hint: %s\n", report.Visible(fault.Hint))
	}
}

// faultCode is the exit code of the diagnostics alone: files that the system would not let us
// read are a failure of the run, not of the drafts.
func faultCode(set spec.Set) int {
	code := report.ExitDone
	for _, d := range set.Diagnostics {
		switch {
		case d.Severity != spec.Error:
		case d.Rule == "unreadable-file":
			code = worst(code, report.ExitFailed)
		default:
			code = worst(code, report.ExitFaulty)
		}
	}
	return code
}

// planCode is the exit code of a plan.
func planCode(p reconcile.Plan, detailed, interrupted bool) int {
	code := report.ExitDone
	if detailed && p.Summary.Update > 0 {
		code = report.ExitDiffers
	}
	if p.Summary.Failed > 0 || !p.Complete {
		code = worst(code, report.ExitFailed)
	}
	if p.Summary.Blocked > 0 {
		code = worst(code, report.ExitRefused)
	}
	if interrupted {
		code = worst(code, report.ExitInterrupted)
	}
	return code
}

// resultCode is the exit code of an apply. Unverified counts as partial: something was sent,
// and it is not what was to be there. interrupted says that a signal cost a draft its turn or
// its proof.
func resultCode(s reconcile.ResultSummary, interrupted bool) int {
	code := report.ExitDone
	if s.Failed+s.NotAttempted > 0 {
		code = worst(code, report.ExitFailed)
	}
	if s.Blocked+s.Stale > 0 {
		code = worst(code, report.ExitRefused)
	}
	if s.Unverified > 0 || s.Applied > 0 && code != report.ExitDone {
		code = report.ExitPartial
	}
	if interrupted {
		code = worst(code, report.ExitInterrupted)
	}
	return code
}
