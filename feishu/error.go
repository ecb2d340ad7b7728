package feishu

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrThrottled is a request that the server refused unread as too frequent, to the
// end. errors.Is answers it from the code and the status.
var ErrThrottled = errors.New(refusedTooOften)

var errEncode = errors.New(bodyNotUTF8)

// Error is a request that did not succeed.
type Error struct {
	Op         string   // what was being done, e.g. "get notification"
	ID         string   // of the notification or the ticket; "" where it was about neither
	HTTPStatus int      // of the last answer; 0 when there was none
	Code       int      // of the last answer; 0 when it had none
	Msg        string   // the server's words: bounded, untrusted, unescaped
	LogID      string   // for Feishu's support; untrusted as well
	Scopes     []string // what the app lacks, with code 99991672 or 99991679
	Violations []string // "field: why" for each value that the gateway refused
	Attempts   int      // how often it was sent
	Err        error    // why there is no usable answer; nil when there is a code

	refused      bool
	reason, hint string // our own words, where the code means more here than in general
}

// Error says all that is known in one line, in which what came from the server
// is escaped. No address, header or body is ever part of it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.ID != "" {
		b.WriteString(" " + visible(bounded(e.ID, maxText)))
	}
	b.WriteString(": ")
	if e.reason != "" {
		b.WriteString(e.reason + ": ")
	}
	if e.Is(ErrThrottled) {
		b.WriteString(ErrThrottled.Error() + ": ")
	}
	if e.Err != nil {
		b.WriteString(visible(e.Err.Error()))
	} else {
		fmt.Fprintf(&b, answeredCode, e.Code, e.Msg)
	}
	for _, v := range e.Violations {
		b.WriteString("; " + visible(v))
	}
	if len(e.Scopes) > 0 {
		b.WriteString("; " + fmt.Sprintf(missingScope, visible(strings.Join(e.Scopes, ", "))))
	}
	b.WriteString(e.circumstances())
	return b.String()
}

// circumstances returns " (HTTP 404, log id …, 4 attempts)", as far as there are any.
func (e *Error) circumstances() string {
	var list []string
	if e.HTTPStatus != 0 {
		list = append(list, fmt.Sprintf(underHTTPStatus, e.HTTPStatus))
	}
	if e.LogID != "" {
		list = append(list, fmt.Sprintf(underLogID, visible(e.LogID)))
	}
	if e.Attempts > 1 {
		list = append(list, fmt.Sprintf(afterAttempts, e.Attempts))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// Unwrap returns the cause: a context's, the network's, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether e is ErrThrottled.
func (e *Error) Is(target error) bool {
	return target == ErrThrottled && (e.HTTPStatus == http.StatusTooManyRequests || lookUp(e.Code).class.is(tooOften))
}

// Hint says what to do next, or "".
func (e *Error) Hint() string {
	if e.hint != "" {
		return e.hint
	}
	if hint := lookUp(e.Code).hint; hint != "" {
		return hint
	}
	if errors.Is(e, ErrThrottled) {
		return hintThrottled
	}
	var f *fault
	if errors.As(e.Err, &f) {
		return f.hint
	}
	return ""
}

// IsRefused reports whether err says that the server certainly carried nothing
// out: every attempt was turned down or never left. When it is false, only
// reading the notification tells, and of a ticket message nobody can tell.
func IsRefused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.refused
}

// fail returns the Error of a call that ended with its last answer, for the
// reason err, or for that answer's code if err is nil.
func (k *call) fail(err error) *Error {
	e := k.error(err)
	e.HTTPStatus, e.Code, e.Msg, e.LogID = k.last.status, k.last.number(), k.last.msg, k.last.logID
	e.Scopes, e.Violations = k.last.scopes, k.last.violations
	e.Attempts, e.refused = k.attempts, k.executed == 0
	for _, c := range k.codes {
		if c.code == e.Code {
			e.reason, e.hint = c.reason, c.hint
		}
	}
	return e
}

// never is the Error of a request that could not be made at all.
func (r request) never(err error) *Error {
	e := r.error(err)
	e.refused = true
	return e
}

// unusable is the Error of a good answer that says the wrong thing.
func (r request) unusable(logID, format string, args ...any) *Error {
	e := r.error(newFault(hintSupport, format, args...))
	e.HTTPStatus, e.LogID = http.StatusOK, logID
	return e
}

func (r request) error(err error) *Error {
	return &Error{Op: r.op, ID: r.id, Err: err}
}
