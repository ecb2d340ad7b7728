package sandbox

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// answer is a finished answer that has not been sent.
type answer struct {
	status  int
	code    int    // Feishu's, as in the body
	reason  string // why, for Request; never on the wire
	kind    string // Content-Type, "" for JSON
	body    []byte
	headers map[string]string
}

const jsonType = "application/json; charset=utf-8"

// Codes of the error tables, API fact sheet sections 1.5, 4, 5.6 and 6.
const (
	codeBadRequest      = 154000
	codeUnauthorized    = 154001
	codeForbidden       = 154003
	codeNotFound        = 154004
	codeNotAllowed      = 154005
	codeTicketClosed    = 154401
	codeTicketBadURL    = 154403
	codeInternal        = 155000
	codeJSON            = 9499
	codeInvalidParam    = 10003
	codeWrongSecret     = 10015
	codeUnknownRoute    = 99991201
	codeThrottled       = 99991400
	codeNoToken         = 99991661
	codeTenantToken     = 99991663
	codeAppToken        = 99991664
	codeUserToken       = 99991668
	codeTokenForm       = 99991671
	codeAppScope        = 99991672
	codeExpired         = 99991677
	codeUserScope       = 99991679
	codeFieldValidation = 99992402
)

// meaning returns the HTTP status and the msg that go with a code.
func meaning(code int) (status int, msg string) {
	switch code {
	case codeBadRequest:
		return 400, "Bad request, please check your request body"
	case codeUnauthorized:
		return 401, "Unauthorized, please check you have the correct access"
	case codeForbidden:
		return 403, "Please check you have the correct access"
	case codeNotFound:
		return 404, "Resource not found"
	case codeNotAllowed:
		return 405, "Method Forbidden"
	case codeTicketClosed:
		return 401, "Ticket already be closed"
	case codeTicketBadURL:
		return 401, "Send message with bad url"
	case codeInternal:
		return 500, "Internal error"
	}
	return gatewayMeaning(code)
}

// gatewayMeaning is meaning for what is refused before the helpdesk is reached.
func gatewayMeaning(code int) (status int, msg string) {
	switch code {
	case codeJSON:
		return 400, "Invalid parameter type in json"
	case codeInvalidParam:
		return 200, "invalid param"
	case codeWrongSecret:
		return 200, "app secret invalid"
	case codeUnknownRoute:
		return 404, "not found"
	case codeThrottled:
		return 429, "request trigger frequency limit"
	case codeNoToken:
		return 400, "Missing access token for authorization. Please make a request with token attached."
	case codeTenantToken, codeAppToken, codeUserToken:
		return 400, "Invalid access token for authorization. Please make a request with token attached."
	case codeTokenForm:
		return 400, "Invalid access token format. The token must start with t- or u-."
	case codeAppScope:
		return 400, "Access denied. One of the following scopes is required: "
	case codeUserScope:
		return 400, "Unauthorized. You do not have permission to perform the requested operation on the resource. Please request user re-authorization and try again. required one of these privileges under the user identity: "
	case codeExpired:
		return 401, "Authentication token expired"
	case codeFieldValidation:
		return 400, "field validation failed"
	}
	return 400, "error"
}

// success wraps data, JSON as it stands, into the envelope.
func success(data string) answer {
	return answer{status: 200, body: []byte(`{"code":0,"msg":"success","data":` + data + `}`)}
}

// refuse builds the answer to a request that is not carried out. reason is for
// Requests; the wire has Feishu's words.
func (s *Server) refuse(c *call, code int, reason string) answer {
	status, msg := meaning(code)
	return s.refusal(c, status, code, msg, reason, "")
}

// refusal is refuse with its own words and further members of error, each with
// a comma before it.
func (s *Server) refusal(c *call, status, code int, msg, reason, members string) answer {
	body := append([]byte(`{"code":`), strconv.Itoa(code)...)
	body = append(body, `,"msg":`...)
	body = appendQuote(body, msg)
	if name := s.switches.logIDName(); name != "" {
		body = append(body, `,"error":{"`+name+`":"`+c.logID+`"`...)
		body = append(body, members...)
		body = append(body, '}')
	}
	return answer{status: status, code: code, reason: reason, body: append(body, '}')}
}

// logIDName is the name under which an error has its log id, "" for no error object at all.
func (w *switches) logIDName() string {
	switch {
	case w.ErrorObjectNone:
		return ""
	case w.ErrorObjectLogid:
		return "logid"
	}
	return "log_id"
}

// refuseScope refuses for want of a scope.
func (s *Server) refuseScope(c *call, scope string) answer {
	code := codeAppScope
	switch {
	case s.switches.ScopeCode99991679:
		code = codeUserScope
	case s.switches.ScopeCode154003:
		code = codeForbidden
	}
	status, msg := meaning(code)
	if code == codeForbidden {
		return s.refuse(c, code, "the token lacks "+scope)
	}
	members := `,"troubleshooter":"https://open.feishu.cn/search?log_id=` + c.logID + `"` +
		`,"permission_violations":[{"type":"action_privilege_required","subject":"` + scope + `"}]`
	return s.refusal(c, status, code, msg+"["+scope+"]", "the token lacks "+scope, members)
}

// refuseField refuses a parameter as the gateway does.
func (s *Server) refuseField(c *call, field, value, description string) answer {
	status, msg := meaning(codeFieldValidation)
	members := []byte(`,"field_violations":[{"field":"` + field + `","value":`)
	members = appendQuote(members, value)
	members = append(members, `,"description":`...)
	members = appendQuote(members, description)
	members = append(members, `}]`...)
	return s.refusal(c, status, codeFieldValidation, msg, field+": "+description, string(members))
}

// throttled is the answer to a request over its limit; reset is in seconds.
func (s *Server) throttled(c *call, rate int, reset string) answer {
	ans := s.refuse(c, codeThrottled, "over the rate limit")
	switch {
	case s.switches.Throttle400:
		ans.status = 400
	case s.switches.Throttle200:
		ans.status = 200
	}
	ans.headers = map[string]string{"x-ogw-ratelimit-limit": strconv.Itoa(rate)}
	switch {
	case s.switches.ResetRetryAfter:
		ans.headers["Retry-After"] = reset
	case !s.switches.ResetNone:
		ans.headers["x-ogw-ratelimit-reset"] = reset
	}
	return ans
}

// resetText is a wait in seconds, rounded up so that who waits so long comes in.
func (s *Server) resetText(wait time.Duration) string {
	if s.switches.ResetFractional {
		ms := (wait + time.Millisecond - 1) / time.Millisecond
		return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64)
	}
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// unknownRoute is the answer to a path or method the API does not have.
func (s *Server) unknownRoute(c *call) answer {
	if s.switches.UnknownRouteJSON {
		return s.refuse(c, codeUnknownRoute, "no such route")
	}
	return answer{status: http.StatusNotFound, reason: "no such route", kind: "text/plain", body: []byte("404 page not found")}
}

// appendQuote appends text as a JSON string. What is not UTF-8 becomes U+FFFD,
// as any JSON encoder of the real server would have to do.
func appendQuote(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text) // the error only reports the replacement
	return dst
}
