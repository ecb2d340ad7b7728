package feishu

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrThrottled is the error of a request that the server refused unread as too
// frequent, as often as it was sent. errors.Is finds it by code and status.
var ErrThrottled = errors.New(refusedTooOften)

// ErrUnsent is the error of a request that certainly never left: there was no
// connection to send it on, or no attempt at all. IsRefused is true of it as well.
var ErrUnsent = errors.New(neverLeft)

// ErrRenewed is the error of a request that was refused because its token had ended, when there is
// another token by now. IsRefused is true of it as well.
var ErrRenewed = errors.New(tokenRenewed)

// Error is the error of a request that was not answered with success.
type Error struct {
	Op         string   // what was being done, e.g. "get notification"
	ID         string   // of the notification or the ticket; "" where it was about neither
	HTTPStatus int      // of the last answer; 0 when there was none
	Code       int      // of the last answer; 0 when it had none
	Msg        string   // the server's words: bounded, untrusted, unescaped
	LogID      string   // for Feishu's support; untrusted as well
	Scopes     []string // what the app lacks, with code 99991672 or 99991679
	Violations []string // "field: why" for each value that the gateway refused
	Help       []string // addresses of Feishu's own help about it
	Attempts   int      // how often it was sent
	Err        error    // why there is no usable answer; nil when there is a code
	Before     error    // what the last answer was, or why there was none, when the context's end is Err

	refused      bool   // see IsRefused
	unsent       bool   // see ErrUnsent
	walled       bool   // it never left, and nor will another
	renewed      bool   // see ErrRenewed
	source       string // of the user access token; "" for the setting that the hints name
	reason, hint string // our own words, where they are not those for the code in general
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
	switch {
	case e.Before != nil:
		fmt.Fprintf(&b, endedAfter, visible(e.Err.Error()), e.answered(e.Before))
	case e.Is(ErrThrottled):
		b.WriteString(ErrThrottled.Error() + ": " + e.answered(e.Err))
	default:
		b.WriteString(e.answered(e.Err))
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

// answered is the last answer, or err: why there is none that can be used.
func (e *Error) answered(err error) string {
	if err == nil || err == e.Before && e.Code != 0 {
		return fmt.Sprintf(answeredCode, e.Code, visible(e.Msg))
	}
	return visible(err.Error())
}

// circumstances returns what is known of " (HTTP 404, log id …, 4 attempts)".
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

// Is reports whether e is ErrThrottled, ErrUnsent or ErrRenewed.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrThrottled:
		return throttled(e.HTTPStatus, lookUp(e.Code).class)
	case ErrUnsent:
		return e.unsent
	case ErrRenewed:
		return e.renewed
	}
	return false
}

// Hint says what to do next, with where Feishu's own help is, or "".
func (e *Error) Hint() string {
	hint := e.ownHint()
	switch addresses := strings.Join(e.Help, " "); {
	case addresses == "":
		return hint
	case hint == "":
		return fmt.Sprintf(hintHelp, addresses)
	default:
		return fmt.Sprintf(hintAndHelp, hint, addresses)
	}
}

// ownHint says what to do next in our words, or "". The hints for codes name the setting that a user
// access token comes from, unless it came from another source: then it is that one.
func (e *Error) ownHint() string {
	if e.hint != "" {
		return e.hint
	}
	if hint := lookUp(e.Code).hint; hint != "" {
		return strings.ReplaceAll(hint, envUserAccessToken, cmp.Or(e.source, envUserAccessToken))
	}
	if errors.Is(e, ErrThrottled) {
		return hintThrottled
	}
	for _, err := range []error{e.Err, e.Before} {
		if f, ok := errors.AsType[*fault](err); ok {
			return f.hint
		}
	}
	return ""
}

// IsRefused reports whether err says that the server certainly carried nothing
// out: every attempt was turned down or never left. When it is false, only
// reading the notification tells, and of a ticket message nobody can tell.
func IsRefused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.refused
}

// HoldsForAll reports whether err is what every other request of this kind will bring as
// well, whichever notification it is about: the token, the app or the helpdesk's secret is
// not accepted, a scope is missing, or the quota is used up; or none leaves this machine,
// because a proxy refuses or no certificate is trusted.
func HoldsForAll(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && !e.renewed && (lookUp(e.Code).class.is(badCredential|shutOut) || e.walled)
}

// fail returns the Error of a call that ended because of err, or, if that is nil,
// with the code of its last answer.
func (k *call) fail(err error) *Error {
	e := k.newError(err)
	e.source = k.client.user.source
	e.HTTPStatus, e.Code, e.Msg, e.LogID = k.heard.status, k.heard.code, k.heard.msg, k.heard.logID
	e.Scopes, e.Violations, e.Help = k.heard.scopes, k.heard.violations, k.heard.help
	if k.state == waiting || k.last.ended {
		e.Before = k.heard.problem()
	}
	e.Attempts, e.refused, e.unsent = k.attempts, k.executed == 0, k.sent == 0
	e.walled = k.last.unsent && !k.last.lost && !k.last.ended
	for _, c := range k.codes {
		if c.code == e.Code {
			e.reason, e.hint = c.reason, c.hint
		}
	}
	return e
}

// failUnsent returns the Error of a request that was never sent because of err.
func (r request) failUnsent(err error) *Error {
	e := r.newError(err)
	e.refused, e.unsent = true, true
	return e
}

// failUnusable returns the Error of a request that was answered with success, and
// with data that cannot be what was asked for.
func (r request) failUnusable(logID, hint, format string, args ...any) *Error {
	e := r.newError(newFault(hint, format, args...))
	e.HTTPStatus, e.LogID = http.StatusOK, logID
	return e
}

func (r request) newError(err error) *Error { return &Error{Op: r.op, ID: r.id, Err: err} }
