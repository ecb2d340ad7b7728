package sandbox

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
)

// Validity of a tenant token: a new one is made once less than tokenRenewal is
// left of the old, which then goes on working until its own end.
const (
	tokenValidity = 2 * time.Hour
	tokenRenewal  = 30 * time.Minute
)

// mint remembers the tenant token that was made last.
type mint struct {
	count int
	value string
	until time.Time
}

// issueToken answers tenant_access_token/internal. Its refusals have HTTP 200.
func (s *Server) issueToken(c *call) answer {
	var b struct {
		AppID     string `json:"app_id"`
		AppSecret string `json:"app_secret"`
	}
	if err := json.Unmarshal(c.body, &b); err != nil {
		return s.refuse(c, codeJSON, "the body: "+err.Error())
	}
	switch {
	case b.AppID != DefaultAppID:
		return answer{status: 200, code: codeInvalidParam, reason: "app_id is unknown", body: []byte(`{"code":10003,"data":{},"msg":"invalid param"}`)}
	case b.AppSecret != DefaultAppSecret:
		return s.refuse(c, codeWrongSecret, "app_secret is wrong")
	}
	value, left := s.tenantToken(c.now)
	return answer{status: 200, body: []byte(`{"code":0,"msg":"ok","tenant_access_token":"` + value + `","expire":` + strconv.Itoa(left) + `}`)}
}

// tenantToken returns a tenant token and the whole seconds it is still good for.
func (s *Server) tenantToken(now time.Time) (value string, left int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &s.minted
	if m.until.Sub(now) < tokenRenewal {
		m.count++
		m.value, m.until = fmt.Sprintf("t-sandbox-%d", m.count), now.Add(tokenValidity)
		s.tokens[m.value] = token{tenant: true, scopes: []string{scopeAll, scopeReadOnly}, until: m.until}
	}
	return m.value, int(m.until.Sub(now) / time.Second)
}
