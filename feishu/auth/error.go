package auth

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"notiform/feishu"
)

// Error is the error of a request that was not answered with success.
type Error struct {
	Op         string // what was being done
	HTTPStatus int    // 0 when nothing was answered
	Code       int    // Feishu's; 0 when there is none
	Name       string // that of OAuth, such as "invalid_grant"; untrusted, escaped
	Msg        string // the server's words; untrusted, escaped
	LogID      string // for Feishu's support; escaped
	Challenge  string // where the user has to go before a token is given out; untrusted, escaped
	Err        error  // why there is no usable answer; nil when there is a code or a name

	sent bool // it may have left
}

// take notes what the server says.
func (e *Error) take(a answer, secrets []feishu.Secret) {
	e.Code = a.Code.Value
	e.Name = feishu.Mask(a.Name.Value, secrets...)
	e.Msg = feishu.Mask(cmp.Or(a.Description.Value, a.Msg.Value), secrets...)
	e.Challenge = feishu.Mask(a.Challenge.Value, secrets...)
	if e.Err == nil && e.Code == 0 && e.Name == "" && e.HTTPStatus >= 300 {
		e.Err = errors.New(withoutCode)
	}
}

func (e *Error) isSuccess() bool {
	return e.Err == nil && e.Code == 0 && e.Name == "" && e.HTTPStatus < 300
}

// Error says all that is known in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op + ": ")
	if reason := lookUp(e).reason; reason != "" && e.Err == nil {
		b.WriteString(reason + ": ")
	}
	switch {
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	case e.Code != 0:
		fmt.Fprintf(&b, answeredCode, e.Code, e.Msg)
	case e.Msg == "":
		fmt.Fprintf(&b, answeredOnly, e.Name)
	default:
		fmt.Fprintf(&b, answeredName, e.Name, e.Msg)
	}
	var around []string
	if e.HTTPStatus != 0 {
		around = append(around, fmt.Sprintf(underHTTPStatus, e.HTTPStatus))
	}
	if e.LogID != "" {
		around = append(around, fmt.Sprintf(underLogID, e.LogID))
	}
	if len(around) > 0 {
		b.WriteString(" (" + strings.Join(around, ", ") + ")")
	}
	return b.String()
}

// Unwrap returns why there is no usable answer.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do next.
func (e *Error) Hint() string {
	switch hint := lookUp(e).hint; {
	case e.Err == nil && e.Challenge != "":
		return fmt.Sprintf(hintChallenge, e.Challenge)
	case e.Err == nil && hint != "":
		return hint
	case e.Err == nil:
		return hintSupport
	case !e.sent:
		return hintConnection
	}
	return hintAddress
}

// endsLogin reports whether err says that a login is over for good: only logging in again helps.
func endsLogin(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Err == nil && lookUp(e).ends
}

// isLost reports whether nobody knows if a request was carried out.
func isLost(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Err != nil && e.sent && e.HTTPStatus != http.StatusTooManyRequests
}

// mayRepeat reports whether the same request may be sent again.
func (e *Error) mayRepeat() bool { return !e.sent || e.Err == nil && lookUp(e).again }
