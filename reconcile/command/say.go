package command

import (
	"fmt"
	"io"

	"notiform/reconcile"
	"notiform/reconcile/report"
)

// say says one line on stderr. Whatever its values hold is made visible, here alone.
func say(stderr io.Writer, format string, args ...any) {
	fmt.Fprintf(stderr, "notiform: %s\n", report.Visible(fmt.Sprintf(format, args...)))
}

// sayError says each of the errors that err joins, with its hint.
func sayError(stderr io.Writer, err error) {
	if e, ok := err.(*exitError); ok {
		err = e.err
	}
	if joined := each(err); joined != nil {
		for _, err := range joined {
			sayError(stderr, err)
		}
		return
	}
	sayFault(stderr, reconcile.NewFault(err))
}

// each are the errors that one joins; nil if it joins none.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return nil
}

func sayFault(stderr io.Writer, f *reconcile.Fault) {
	say(stderr, "%s", f.Message)
	if f.Hint != "" {
		say(stderr, asHint, f.Hint)
	}
}

// hinted gives an error something to do next.
type hinted struct {
	error
	hint string
}

func (h hinted) Hint() string  { return h.hint }
func (h hinted) Unwrap() error { return h.error }

// ended is a run that f ended early, if anything did. It is said.
func (o *outputs) ended(env Env, run report.Run, f *reconcile.Fault) report.Run {
	if f != nil {
		run.Fault = f
		if !o.tell(env) {
			sayFault(env.Stderr, f)
		}
	}
	return run
}

// tell reports whether somebody reads on one screen what goes to both streams, and so is told by the
// text of a plan or a result what ended it.
func (o *outputs) tell(env Env) bool {
	return o.format == "text" && env.IsTerminal(env.Stdout) && env.IsTerminal(env.Stderr)
}

// failed is a run that met err: it is said, and the run has its exit code and, if it has none yet,
// its fault.
func failed(env Env, run report.Run, err error) report.Run {
	run.ExitCode = worst(run.ExitCode, finish(env.Stderr, err))
	if run.Fault == nil {
		run.Fault = reconcile.NewFault(err)
	}
	return run
}
