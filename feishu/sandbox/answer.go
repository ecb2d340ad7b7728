package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// answer is what a request gets. The zero answer is none: the connection is cut.
type answer struct {
	status int
	envelope
	header http.Header // beside those that all answers have
	kind   string      // Content-Type; "" for JSON
	body   []byte      // instead of the envelope

	// What faults do to it.
	truncated bool // half of the body is sent as if it were all
	cut       bool // the connection is cut after half of the body
	blanks    int  // mebibytes of white space before the last byte
}

// envelope is the form of the JSON answers.
type envelope struct {
	Code  int          `json:"code"`
	Msg   string       `json:"msg"`
	Error *errorObject `json:"error,omitzero"`
	Data  any          `json:"data,omitzero"`

	// What gives out tokens answers beside data.
	AppAccessToken    string `json:"app_access_token,omitzero"`
	TenantAccessToken string `json:"tenant_access_token,omitzero"`
	Expire            int    `json:"expire,omitzero"` // seconds
}

// errorObject has what an error says besides: where Feishu keeps its log and what to do.
type errorObject struct {
	Message              string      `json:"message,omitzero"`
	LogID                string      `json:"log_id,omitzero"`
	Logid                string      `json:"logid,omitzero"`
	Troubleshooter       string      `json:"troubleshooter,omitzero"`
	PermissionViolations []violation `json:"permission_violations,omitzero"`
	FieldViolations      []violation `json:"field_violations,omitzero"`
	Helps                []help      `json:"helps,omitzero"`
}

type violation struct {
	Type        string `json:"type,omitzero"`
	Subject     string `json:"subject,omitzero"`
	Field       string `json:"field,omitzero"`
	Value       string `json:"value,omitzero"`
	Description string `json:"description,omitzero"`
}

type help struct {
	URL         string `json:"url"`
	Description string `json:"description"`
}

// success is the answer to what was carried out.
func success(data any) *answer {
	return &answer{status: http.StatusOK, envelope: envelope{Msg: "success", Data: data}}
}

// refuse is the answer to what is not carried out.
func refuse(code int) *answer { return refuseFor(code, "helpdesk:all") }

// under gives an answer another HTTP status than its code has.
func (ans *answer) under(status int) *answer {
	ans.status = status
	return ans
}

// saying gives an answer another msg than its code has.
func (ans *answer) saying(msg string) *answer {
	ans.Msg = msg
	return ans
}

// refuseFor is refuse with the scope that is asked for, which counts for the codes that name one.
func refuseFor(code int, scope string) *answer {
	ans := &answer{status: http.StatusBadRequest, envelope: envelope{Code: code, Msg: "error"}}
	if row, known := errorTable(scope)[code]; known {
		ans.status, ans.Msg = row.status, row.msg
	}
	details := errorDetails(scope, ans.Msg)[code]
	ans.Error = &details
	return ans
}

// refuseScope refuses for want of a scope: an app has it or not, a user has granted it or not.
func (s *Server) refuseScope(c *call, scope string) *answer {
	w, code := &s.switches, codeAppScope
	switch {
	case w.ScopeCode154003:
		code = codeForbidden
	case w.ScopeCode99991679, !c.token.tenant && !w.ScopeCode99991672:
		code = codeUserScope
	}
	ans := refuseFor(code, scope)
	if code == codeForbidden && c.tenantOnly && !w.TicketForbidden403 {
		ans.status = http.StatusUnauthorized
	}
	return ans
}

// throttled is the answer to a request over its limit; reset is in seconds.
func (s *Server) throttled(rate int, reset string) *answer {
	ans := refuse(codeThrottled)
	switch {
	case s.switches.Throttle400:
		ans.status = http.StatusBadRequest
	case s.switches.Throttle200:
		ans.status = http.StatusOK
	}
	ans.header = http.Header{"X-Ogw-Ratelimit-Limit": {strconv.Itoa(rate)}}
	switch {
	case s.switches.ResetRetryAfter:
		ans.header.Set("Retry-After", reset)
	case !s.switches.ResetNone:
		ans.header.Set("X-Ogw-Ratelimit-Reset", reset)
	}
	return ans
}

const jsonType = "application/json; charset=utf-8"

// page is an answer that is no envelope.
func page(status int, kind, text string) *answer {
	return &answer{status: status, kind: kind, body: []byte(text)}
}

// unsetList is a list without entries. It matches in no text, where quotes are escaped.
var unsetList = regexp.MustCompile(`("\w+_list":)null,`)

// finish encodes an answer and sets the headers that go with it.
func (s *Server) finish(c *call, ans *answer) {
	if ans.status == 0 {
		return
	}
	if ans.body == nil {
		if ans.Error != nil && ans.Error.Troubleshooter != "" {
			ans.Error.Troubleshooter = fmt.Sprintf(ans.Error.Troubleshooter, c.logID, ans.Code)
		}
		switch {
		case ans.Error == nil:
		case s.switches.ErrorObjectNone:
			ans.Error = nil
		case s.switches.ErrorObjectLogid:
			ans.Error.Logid = c.logID
		default:
			ans.Error.LogID = c.logID
		}
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(&ans.envelope) // which holds nothing that has no JSON
		ans.body = bytes.TrimSpace(text.Bytes())
	}
	switch {
	case s.switches.UnsetListsAbsent:
		ans.body = unsetList.ReplaceAll(ans.body, nil)
	case s.switches.UnsetListsEmpty:
		ans.body = unsetList.ReplaceAll(ans.body, []byte("$1[],"))
	}
	if ans.truncated {
		ans.body = ans.body[:len(ans.body)/2]
	}
	maps.Copy(c.header, ans.header)
	c.header.Set("Content-Type", cmp.Or(ans.kind, jsonType))
	c.header.Set("X-Tt-Logid", c.logID)
	c.header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	if ans.blanks == 0 {
		c.header.Set("Content-Length", strconv.Itoa(len(ans.body))) // or net/http would cut it into chunks
	}
}

// stream is the body as it goes out: one that is cut ends with an error.
func (ans *answer) stream() io.Reader {
	end := len(ans.body) - 1
	switch {
	case ans.cut:
		return io.MultiReader(bytes.NewReader(ans.body[:len(ans.body)/2]), brokenBody{})
	case ans.blanks > 0:
		parts := []io.Reader{bytes.NewReader(ans.body[:end])}
		blank := strings.Repeat(" ", 1<<20)
		for range ans.blanks {
			parts = append(parts, strings.NewReader(blank))
		}
		return io.MultiReader(append(parts, bytes.NewReader(ans.body[end:]))...)
	}
	return bytes.NewReader(ans.body)
}

// brokenBody is where a cut connection stops giving bytes.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Codes of the API pages on notifications, tickets and access tokens, and of "Common error codes".
const (
	codeBadRequest      = 154000
	codeUnauthorized    = 154001
	codeForbidden       = 154003
	codeNotFound        = 154004
	codeNotAllowed      = 154005
	codeTicketClosed    = 154401
	codeTicketBadURL    = 154403
	codeJSON            = 9499
	codeNoApp           = 10014
	codeUnknownRoute    = 99991201
	codeThrottled       = 99991400
	codeAddress         = 99991401
	codeQuota           = 99991403
	codeNoToken         = 99991661
	codeTenantToken     = 99991663
	codeAppToken        = 99991664
	codeUserToken       = 99991668
	codeTokenForm       = 99991671
	codeAppScope        = 99991672
	codeExpired         = 99991677
	codeUserScope       = 99991679
	codeFieldValidation = 99992402
	codeOutside         = 41050
)

type meaning struct {
	status int
	msg    string
}

// errorTable has the HTTP status and the msg that go with a code.
func errorTable(scope string) map[int]meaning {
	const invalid = "Invalid access token for authorization. Please make a request with token attached."
	return map[int]meaning{
		codeBadRequest:   {400, "Bad request, please check your request body"},
		codeUnauthorized: {401, "Unauthorized, please check you have the correct access"},
		codeForbidden:    {403, "Please check you have the correct access"},
		codeNotFound:     {404, "Resource not found"},
		codeNotAllowed:   {405, "Method Forbidden"},
		codeTicketClosed: {401, "Ticket already be closed"},
		codeTicketBadURL: {401, "Send message with bad url"},
		155000:           {500, "Internal error"},
		codeJSON:         {400, "Invalid parameter type in json"},
		10003:            {200, "invalid param"},
		codeNoApp:        {200, "app secret invalid"},
		codeUnknownRoute: {404, "not found"},
		codeThrottled:    {429, "request trigger frequency limit"},
		codeNoToken:      {400, "Missing access token for authorization. Please make a request with token attached."},
		codeTenantToken:  {400, invalid},
		codeAppToken:     {400, invalid},
		codeUserToken:    {400, invalid},
		codeTokenForm:    {400, "Invalid access token format. The token must start with t- or u-."},
		codeAppScope:     {400, "Access denied. One of the following scopes is required: [" + scope + "]"},
		codeExpired:      {401, "Authentication token expired"},
		codeUserScope: {400, "Unauthorized. You do not have permission to perform the requested operation on the resource. " +
			"Please request user re-authorization and try again. required one of these privileges under the user identity: [" + scope + "]"},
		codeFieldValidation: {400, "field validation failed"},
		codeAddress:         {400, "ip is not in the whitelist"},
		codeQuota:           {400, "This month's API call quota has been exceeded"},
		codeOutside:         {400, "no user authority error"},
	}
}

// errorDetails has what the error object of a code holds besides its log id, as real answers and the
// pages on solving these codes show it. A troubleshooter takes the log id and the code.
func errorDetails(scope, msg string) map[int]errorObject {
	const troubleshooter = "排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/search?from=openapi&log_id=%s&code=%d&method_id=7000000000000000000"
	console := "https://open.feishu.cn/app/" + DefaultAppID + "/auth?q=" + scope + "&op_from=openapi&token_type=tenant"
	return map[int]errorObject{
		codeNoToken:     {Troubleshooter: troubleshooter},
		codeTenantToken: {Message: msg},
		codeAppScope: {
			Message:              msg,
			PermissionViolations: []violation{{Type: "action_scope_required", Subject: scope}},
			Helps:                []help{{console, "点击链接申请并开通任一权限即可"}},
		},
		codeUserScope: {
			PermissionViolations: []violation{{Type: "action_privilege_required", Subject: scope}},
			Troubleshooter:       troubleshooter,
		},
	}
}
