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

// Token is a token the server knows.
type Token struct {
	Value  string
	Tenant bool     // a tenant_access_token; otherwise a user_access_token
	Scopes []string // helpdesk:all, helpdesk:all:readonly
	// Role of the user at the helpdesk: "owner", "admin" or "member"; "" is the
	// switch user_role.
	Role    string
	Expired bool
	OpenID  string // of the user behind it; "" is ou_sandbox_owner
}

// grant is a token with what the server adds to it.
type grant struct {
	Token
	until time.Time // zero: for ever
}

// ownerOpenID is the user behind the tokens of Options.
const ownerOpenID = "ou_sandbox_owner"

// AddToken makes the server know a token, or know it differently from now on.
func (s *Server) AddToken(t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addGrant(grant{Token: t})
}

// addGrant adds a token. The caller holds s.mu.
func (s *Server) addGrant(g grant) {
	if g.OpenID == "" {
		g.OpenID = ownerOpenID
	}
	if g.Role == "" {
		g.Role = s.switches.userRole()
	}
	g.Scopes = slices.Clone(g.Scopes)
	s.tokens[g.Value] = g
}

// userRole is the role of a user whose token names none.
func (w *switches) userRole() string {
	switch {
	case w.UserRoleAdmin:
		return "admin"
	case w.UserRoleMember:
		return "member"
	}
	return "owner"
}

// checkToken looks at Authorization: is there a token, is it known and alive,
// and is it of a kind that the API takes.
func (s *Server) checkToken(c *call) *answer {
	value, ok := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	if !ok || value == "" {
		return s.refusePtr(c, codeNoToken, "no Bearer token in Authorization")
	}
	s.mu.Lock()
	g, known := s.tokens[value]
	s.mu.Unlock()
	switch {
	case !known:
		return s.refusePtr(c, unknownTokenCode(value), "the token is unknown")
	case g.Expired && !g.Tenant:
		return s.refuseExpired(c)
	case g.Expired || !g.until.IsZero() && !c.now.Before(g.until):
		return s.refusePtr(c, codeTenantToken, "the tenant token has expired")
	case g.Tenant && !s.takesTenantToken(c.api):
		return s.refusePtr(c, codeTenantToken, "the API takes no tenant token")
	case !g.Tenant && c.api == apiTicketMessage:
		status, _ := meaning(codeUserToken)
		ans := s.refusal(c, status, codeUserToken, "user access token not support", "the API takes no user token", "")
		return &ans
	}
	c.token = g
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
	all, readOnly := slices.Contains(c.token.Scopes, scopeAll), slices.Contains(c.token.Scopes, scopeReadOnly)
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
	if err == nil && string(pair) == s.options.HelpdeskID+":"+s.options.HelpdeskToken {
		return nil
	}
	return s.refusePtr(c, codeUnauthorized, "X-Lark-Helpdesk-Authorization is missing or wrong")
}

// refuseRole refuses a user without a role at the helpdesk, if it is asked for.
func (s *Server) refuseRole(c *call) *answer {
	if c.token.Tenant || c.token.Role != "member" || s.switches.RoleCheckOff {
		return nil
	}
	if s.switches.RoleCheckWrites && c.request.Method == http.MethodGet {
		return nil
	}
	return s.refusePtr(c, codeNotAllowed, "the user is neither owner nor admin of the helpdesk")
}
