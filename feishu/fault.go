package feishu

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
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

// timeout is the fault of an attempt that did not end within d.
func (a answer) timeout(d time.Duration) *fault {
	if a.unsent {
		return newFault(hintConnection, noConnectionWithin, d)
	}
	return newFault(hintNetwork, noAnswerWithin, d)
}

// networkFault is the fault of an attempt that broke off because of err, which may be
// shown as shown.
func (a answer) networkFault(err, shown error) *fault {
	f := &fault{text: shown.Error(), hint: a.networkHint(err), err: shown}
	closed := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case a.status != 0:
		f.text = fmt.Sprintf(answerBrokeOff, shown)
	case closed && a.unsent:
		f.text = closedUnsent
	case closed:
		f.text = connectionClosed
	}
	return f
}

// networkHint says what to do about err.
func (a answer) networkHint(err error) string {
	switch status, refused := errors.AsType[proxyRefusal](err); {
	case has[x509.UnknownAuthorityError](err) || has[x509.SystemRootsError](err):
		return hintAuthority
	case refused && status == http.StatusProxyAuthRequired:
		return hintProxyLogin
	case refused:
		return hintProxy
	case a.unsent:
		return hintConnection
	}
	return hintNetwork
}

// interruption is the error of a wait that ctx ended: its words are the cause's,
// and errors.Is finds both the cause and ctx.Err.
func interruption(ctx context.Context) error {
	return interrupted{ctx.Err(), context.Cause(ctx)}
}

type interrupted struct{ err, cause error }

func (i interrupted) Error() string   { return i.cause.Error() }
func (i interrupted) Unwrap() []error { return []error{i.cause, i.err} }
