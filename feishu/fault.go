package feishu

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// fault is why an attempt brought no usable answer.
type fault struct {
	text, hint string
	err        error // what it comes from, if that is worth finding with errors.Is
	silent     bool  // the server did not answer in time
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.err }

func newFault(hint, format string, args ...any) *fault {
	return &fault{text: fmt.Sprintf(format, args...), hint: hint}
}

// faultSilence hides context.DeadlineExceeded, which callers take for their own.
func faultSilence(timeout time.Duration) *fault {
	f := newFault(hintNetwork, noAnswerWithin, timeout)
	f.silent = true
	return f
}

// faultNetwork is the fault of an attempt that broke off because of err, after
// that status had come, or 0.
func faultNetwork(err error, status int) *fault {
	f := &fault{text: err.Error(), hint: hintNetwork, err: err}
	switch {
	case status != 0:
		f.text = fmt.Sprintf(answerBrokeOff, err)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		f.text = connectionClosed
	}
	return f
}
