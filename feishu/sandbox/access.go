package sandbox

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
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
		return s.refusePtr(c, codeNoToken, "no Bearer token in Authorization")
	}
	s.mu.Lock()
	t, known := s.tokens[value]
	s.mu.Unlock()
	expired := !t.until.IsZero() && !c.now.Before(t.until)
	switch {
	case !known:
		return s.refusePtr(c, unknownTokenCode(value), "the token is unknown")
	case expired && !t.tenant:
		return s.refuseExpired(c)
	case expired:
		return s.refusePtr(c, codeTenantToken, "the tenant token has expired")
	case t.tenant && !s.takesTenantToken(c.api):
		return s.refusePtr(c, codeTenantToken, "the API takes no tenant token")
	case !t.tenant && c.api == apiTicketMessage:
		status, _ := meaning(codeUserToken)
		ans := s.refusal(c, status, codeUserToken, "user access token not support", "the API takes no user token", "")
		return &ans
	}
	c.token = t
	return nil
}

func (s *Server) takesTenantToken(api string) bool {
	return api == apiTicketMessage || api == apiGet && !s.switches.TenantTokenGetRefused
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

func (s *Server) refuseExpired(c *call) *answer {
	status, msg := meaning(codeExpired)
	if s.switches.ExpiredStatus400 {
		status = 400
	}
	ans := s.refusal(c, status, codeExpired, msg, "the user token has expired", "")
	return &ans
}

func (s *Server) refusePtr(c *call, code int, reason string) *answer {
	ans := s.refuse(c, code, reason)
	return &ans
}

// checkScope asks for helpdesk:all where something is written, and for the
// readonly scope elsewhere.
func (s *Server) checkScope(c *call) *answer {
	all, readOnly := slices.Contains(c.token.scopes, scopeAll), slices.Contains(c.token.scopes, scopeReadOnly)
	needs, has := scopeAll, all
	if c.api == apiGet || c.api == apiPreview {
		needs, has = scopeReadOnly, readOnly || all && !s.switches.WriteScopeReadsNo
	}
	if has {
		return nil
	}
	ans := s.refuseScope(c, needs)
	if c.api == apiTicketMessage && ans.code == codeForbidden && !s.switches.TicketForbidden403 {
		ans.status = 401
	}
	return &ans
}

// checkHelpdesk looks at X-Lark-Helpdesk-Authorization: the standard base64,
// padded, of helpdesk_id:helpdesk_token without a scheme before it.
func (s *Server) checkHelpdesk(c *call) *answer {
	value := c.request.Header.Get("X-Lark-Helpdesk-Authorization")
	if s.switches.HelpdeskBearerAccepted {
		value = strings.TrimPrefix(value, "Bearer ")
	}
	pair, err := base64.StdEncoding.DecodeString(value)
	if err == nil && string(pair) == DefaultHelpdeskID+":"+DefaultHelpdeskToken {
		return nil
	}
	return s.refusePtr(c, codeUnauthorized, "X-Lark-Helpdesk-Authorization is missing or wrong")
}

// refuseRole refuses a user without a role at the helpdesk, if it is asked for.
func (s *Server) refuseRole(c *call) *answer {
	member := c.token.member || s.switches.UserRoleMember && !c.token.tenant
	if !member || s.switches.RoleCheckOff || s.switches.RoleCheckWrites && c.request.Method == http.MethodGet {
		return nil
	}
	return s.refusePtr(c, codeNotAllowed, "the user is neither owner nor admin of the helpdesk")
}

// isOwner says whether the user is the helpdesk's owner, who needs nobody's approval.
func (s *Server) isOwner(c *call) bool {
	return !c.token.member && !s.switches.UserRoleAdmin && !s.switches.UserRoleMember
}
