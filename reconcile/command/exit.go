package command

import (
	"errors"
	"fmt"
	"io"

	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// The exit codes; doc.go says what each means.
const (
	exitDone        = 0
	exitFailed      = 1
	exitDiffers     = 2
	exitFaulty      = 3
	exitRefused     = 4
	exitPartial     = 5
	exitUsage       = 64
	exitInterrupted = 130
)

// worst is the one code to give where several hold.
func worst(codes ...int) int {
	for _, code := range []int{exitUsage, exitInterrupted, exitPartial, exitFaulty, exitRefused, exitFailed, exitDiffers} {
		for _, c := range codes {
			if c == code {
				return code
			}
		}
	}
	return exitDone
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
	if code == exitDone {
		return nil
	}
	return &exitError{code: code}
}

// usage is a mistake in what was typed.
func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
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
		return exitDone
	}
	e, ok := errors.AsType[*exitError](err)
	if !ok {
		sayError(stderr, err)
		return exitFailed
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
	code := exitDone
	for _, d := range set.Diagnostics {
		switch {
		case d.Severity != spec.Error:
		case d.Rule == "unreadable-file":
			code = worst(code, exitFailed)
		default:
			code = worst(code, exitFaulty)
		}
	}
	return code
}

// planCode is the exit code of a plan.
func planCode(p reconcile.Plan, detailed, interrupted bool) int {
	code := exitDone
	if detailed && p.Summary.Update > 0 {
		code = exitDiffers
	}
	if p.Summary.Failed > 0 || !p.Complete {
		code = worst(code, exitFailed)
	}
	if p.Summary.Blocked > 0 {
		code = worst(code, exitRefused)
	}
	if interrupted {
		code = worst(code, exitInterrupted)
	}
	return code
}

// resultCode is the exit code of an apply. Unverified counts as partial: something was sent,
// and it is not what was to be there. interrupted says that a signal cost a draft its turn or
// its proof.
func resultCode(s reconcile.ResultSummary, interrupted bool) int {
	code := exitDone
	if s.Failed+s.NotAttempted > 0 {
		code = worst(code, exitFailed)
	}
	if s.Blocked+s.Stale > 0 {
		code = worst(code, exitRefused)
	}
	if s.Unverified > 0 || s.Applied > 0 && code != exitDone {
		code = exitPartial
	}
	if interrupted {
		code = worst(code, exitInterrupted)
	}
	return code
}
