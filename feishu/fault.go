package feishu

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// fault is why an attempt brought no usable answer.
type fault struct {
	text, hint string
	err        error // what it comes from, if that is worth finding with errors.Is
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.err }

func newFault(hint, format string, args ...any) *fault {
	return &fault{text: fmt.Sprintf(format, args...), hint: hint}
}

// networkFault is the fault of an attempt that broke off because of err, after that
// status had come, or 0.
func networkFault(err error, status int) *fault {
	f := &fault{text: err.Error(), hint: hintNetwork, err: err}
	switch {
	case status != 0:
		f.text = fmt.Sprintf(answerBrokeOff, err)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		f.text = connectionClosed
	}
	return f
}

// interruption is the error of a wait that ctx ended: its words are the cause's,
// and errors.Is finds both the cause and ctx.Err.
func interruption(ctx context.Context) error {
	return interrupted{ctx.Err(), context.Cause(ctx)}
}

type interrupted struct{ err, cause error }

func (i interrupted) Error() string   { return i.cause.Error() }
func (i interrupted) Unwrap() []error { return []error{i.cause, i.err} }
