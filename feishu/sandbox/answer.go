package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
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

	// tenant_access_token/internal answers beside data.
	TenantAccessToken string `json:"tenant_access_token,omitzero"`
	Expire            int    `json:"expire,omitzero"` // seconds
}

// errorObject has what an error says besides: where Feishu keeps its log and what to do.
type errorObject struct {
	LogID                string           `json:"log_id,omitzero"`
	Logid                string           `json:"logid,omitzero"`
	Troubleshooter       string           `json:"troubleshooter,omitzero"`
	PermissionViolations []scopeViolation `json:"permission_violations,omitzero"`
	FieldViolations      []fieldViolation `json:"field_violations,omitzero"`
}

type scopeViolation struct {
	Type    string `json:"type"`
	Subject string `json:"subject"`
}

type fieldViolation struct {
	Field       string `json:"field"`
	Value       string `json:"value"`
	Description string `json:"description"`
}

// success is the answer to what was carried out.
func success(data any) *answer {
	return &answer{status: http.StatusOK, envelope: envelope{Msg: "success", Data: data}}
}

// refuse is the answer to what is not carried out.
func refuse(code int) *answer {
	ans := &answer{status: http.StatusBadRequest, envelope: envelope{Code: code, Msg: "error", Error: new(errorObject)}}
	for _, row := range errorTable() {
		if row.code == code {
			ans.status, ans.Msg = row.status, row.msg
		}
	}
	return ans
}

// refuseScope refuses for want of a scope.
func (s *Server) refuseScope(c *call, scope string) *answer {
	code := codeAppScope
	switch {
	case s.switches.ScopeCode99991679:
		code = codeUserScope
	case s.switches.ScopeCode154003:
		code = codeForbidden
	}
	ans := refuse(code)
	switch {
	case code != codeForbidden:
		ans.Msg += "[" + scope + "]"
		ans.Error.Troubleshooter = "https://open.feishu.cn/search?log_id=" + c.logID
		ans.Error.PermissionViolations = []scopeViolation{{"action_privilege_required", scope}}
	case c.tenantOnly && !s.switches.TicketForbidden403:
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

// resetText is a wait in seconds, rounded up so that who waits so long comes in.
func (s *Server) resetText(wait time.Duration) string {
	if s.switches.ResetFractional {
		ms := (wait + time.Millisecond - 1) / time.Millisecond
		return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64)
	}
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// unknownRoute is the answer to a path or method that the API does not have.
func (s *Server) unknownRoute() *answer {
	if s.switches.UnknownRouteJSON {
		return refuse(codeUnknownRoute)
	}
	return page(http.StatusNotFound, "text/plain", "404 page not found")
}

const jsonType = "application/json; charset=utf-8"

// page is an answer that is no envelope.
func page(status int, kind, text string) *answer {
	return &answer{status: status, kind: kind, body: []byte(text)}
}

// unsetList is a list without entries. It matches in no text, where quotes are escaped.
var unsetList = regexp.MustCompile(`"\w+_list":null,`)

// finish encodes an answer and sets the headers that go with it.
func (s *Server) finish(c *call, ans *answer) {
	if ans.status == 0 {
		return
	}
	if ans.body == nil {
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
	if s.switches.UnsetListsAbsent {
		ans.body = unsetList.ReplaceAll(ans.body, nil)
	}
	if ans.truncated {
		ans.body = ans.body[:len(ans.body)/2]
	}
	maps.Copy(c.header, ans.header)
	c.header.Set("Content-Type", cmp.Or(ans.kind, jsonType))
	c.header.Set("X-Tt-Logid", c.logID)
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
