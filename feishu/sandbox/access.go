package sandbox

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	scopeAll      = "helpdesk:all"
	scopeReadOnly = "helpdesk:all:readonly"
)

// ownerOpenID is the user behind every user token.
const ownerOpenID = "ou_sandbox_owner"

// token is what a Server knows of a token.
type token struct {
	tenant bool // a tenant_access_token; otherwise a user_access_token
	scopes []string
	until  time.Time // zero: for ever
	member bool      // the user has no role at the helpdesk, whatever user_role says
}

// sampleTokens are known from the start, the last of them to be refused for one reason each.
func sampleTokens() map[string]token {
	both, ended := []string{scopeAll, scopeReadOnly}, time.Unix(0, 0)
	return map[string]token{
		DefaultUserToken:         {scopes: both},
		DefaultReadOnlyUserToken: {scopes: []string{scopeReadOnly}},
		DefaultTenantToken:       {scopes: both, tenant: true},
		"u-sandbox-member":       {scopes: both, member: true},
		"u-sandbox-expired":      {scopes: both, until: ended},
		"t-sandbox-expired":      {scopes: both, until: ended, tenant: true},
		"u-sandbox-write":        {scopes: []string{scopeAll}},
		"t-sandbox-unscoped":     {tenant: true},
	}
}

// checkToken looks at Authorization: is there a token, is it known and alive,
// and is it of a kind that the API takes.
func (s *Server) checkToken(c *call) *answer {
	value, ok := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	if !ok || value == "" {
		return refuse(codeNoToken)
	}
	t, known := s.tokens[value]
	c.token = t
	expired := !t.until.IsZero() && !c.now.Before(t.until)
	takesTenant := c.tenantOnly || c.request.Method == http.MethodGet && !s.switches.TenantTokenGetRefused
	switch {
	case !known:
		return refuse(unknownTokenCode(value))
	case t.tenant && (expired || !takesTenant):
		return refuse(codeTenantToken)
	case expired:
		ans := refuse(codeExpired)
		if s.switches.ExpiredStatus400 {
			ans.status = http.StatusBadRequest
		}
		return ans
	case c.tenantOnly && !t.tenant:
		ans := refuse(codeUserToken)
		ans.Msg = "user access token not support"
		return ans
	}
	return nil
}

// unknownTokenCode tells by its prefix what kind of token is not known.
func unknownTokenCode(value string) int {
	switch {
	case strings.HasPrefix(value, "t-"):
		return codeTenantToken
	case strings.HasPrefix(value, "a-"):
		return codeAppToken
	case strings.HasPrefix(value, "u-"), strings.HasPrefix(value, "eyJ"), strings.HasPrefix(value, "Bearer "):
		return codeUserToken
	}
	return codeTokenForm
}

// checkScope asks for helpdesk:all where something is written, and for the
// readonly scope elsewhere.
func (s *Server) checkScope(c *call) *answer {
	all, readOnly := slices.Contains(c.token.scopes, scopeAll), slices.Contains(c.token.scopes, scopeReadOnly)
	switch {
	case c.reads && !readOnly && (!all || s.switches.WriteScopeReadsNo):
		return s.refuseScope(c, scopeReadOnly)
	case !c.reads && !all:
		return s.refuseScope(c, scopeAll)
	}
	return nil
}

// checkHelpdesk looks at X-Lark-Helpdesk-Authorization: the standard base64,
// padded, of helpdesk_id:helpdesk_token without a scheme before it.
func (s *Server) checkHelpdesk(c *call) *answer {
	value := c.request.Header.Get("X-Lark-Helpdesk-Authorization")
	if s.switches.HelpdeskBearerAccepted {
		value = strings.TrimPrefix(value, "Bearer ")
	}
	if value != base64.StdEncoding.EncodeToString([]byte(DefaultHelpdeskID+":"+DefaultHelpdeskToken)) {
		return refuse(codeUnauthorized)
	}
	return nil
}

// isRefusedRole says whether the user has no role at the helpdesk, and needs one.
func (s *Server) isRefusedRole(c *call) bool {
	member := c.token.member || s.switches.UserRoleMember && !c.token.tenant
	return member && !s.switches.RoleCheckOff && !(s.switches.RoleCheckWrites && c.request.Method == http.MethodGet)
}

// isOwner says whether the user is the helpdesk's owner, who needs nobody's approval.
func (s *Server) isOwner(c *call) bool {
	return !c.token.member && !s.switches.UserRoleAdmin && !s.switches.UserRoleMember
}

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
func (s *Server) issueToken(c *call) *answer {
	var app struct {
		ID     string `json:"app_id"`
		Secret string `json:"app_secret"`
	}
	switch err := json.Unmarshal(c.body, &app); {
	case err != nil:
		return refuse(codeJSON)
	case app.ID != DefaultAppID: // another form than all others
		return page(http.StatusOK, jsonType, `{"code":10003,"data":{},"msg":"invalid param"}`)
	case app.Secret != DefaultAppSecret:
		return refuse(codeWrongSecret)
	}
	m := &s.minted
	if m.until.Sub(c.now) < tokenRenewal {
		m.count++
		m.value, m.until = fmt.Sprintf("t-sandbox-%d", m.count), c.now.Add(tokenValidity)
		s.tokens[m.value] = token{tenant: true, scopes: []string{scopeAll, scopeReadOnly}, until: m.until}
	}
	ans := success(nil)
	ans.Msg, ans.TenantAccessToken, ans.Expire = "ok", m.value, int(m.until.Sub(c.now)/time.Second)
	return ans
}
