package sandbox

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// ownerOpenID is the user behind every user token.
const ownerOpenID = "ou_sandbox_owner"

// token is what a Server knows of a token.
type token struct {
	tenant        bool      // a tenant_access_token; otherwise a user_access_token
	all, readOnly bool      // has helpdesk:all, helpdesk:all:readonly
	until         time.Time // zero: for ever
	member        bool      // the user has no role at the helpdesk, whatever user_role says
}

// sampleTokens are known from the start, the last of them to be refused for one reason each.
func sampleTokens() map[string]token {
	ended := time.Unix(0, 0)
	return map[string]token{
		DefaultUserToken:         {all: true, readOnly: true},
		DefaultReadOnlyUserToken: {readOnly: true},
		DefaultTenantToken:       {all: true, readOnly: true, tenant: true},
		"u-sandbox-member":       {all: true, readOnly: true, member: true},
		"u-sandbox-expired":      {all: true, readOnly: true, until: ended},
		"t-sandbox-expired":      {all: true, readOnly: true, until: ended, tenant: true},
		"u-sandbox-write":        {all: true},
		"t-sandbox-unscoped":     {tenant: true},
	}
}

// checkToken asks whether there is a token, known and alive, and of a kind that the API takes.
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
	case s.switches.TurnedAwayQuota:
		return refuse(codeQuota)
	case s.switches.TurnedAwayAddress:
		return refuse(codeAddress)
	case !known:
		return refuse(unknownTokenCode(value))
	case t.tenant && (expired || !takesTenant):
		return refuse(codeTenantToken)
	case expired && s.switches.EndedToken99991668:
		return refuse(codeUserToken)
	case expired && s.switches.ExpiredStatus400:
		return refuse(codeExpired).under(http.StatusBadRequest)
	case expired:
		return refuse(codeExpired)
	case c.tenantOnly && !t.tenant:
		return refuse(codeUserToken).saying("user access token not support")
	}
	return nil
}

// unknownTokenCode tells by its prefix what kind of token is not known.
func unknownTokenCode(value string) int {
	for prefix, code := range map[string]int{
		"t-": codeTenantToken, "a-": codeAppToken, "u-": codeUserToken, "eyJ": codeUserToken, "Bearer ": codeUserToken,
	} {
		if strings.HasPrefix(value, prefix) {
			return code
		}
	}
	return codeTokenForm
}

// checkScope asks for helpdesk:all where something is written, elsewhere for the readonly scope.
func (s *Server) checkScope(c *call) *answer {
	t := c.token
	switch {
	case c.reads && !t.readOnly && (!t.all || s.switches.WriteScopeReadsNo):
		return s.refuseScope(c, "helpdesk:all:readonly")
	case !c.reads && !t.all:
		return s.refuseScope(c, "helpdesk:all")
	}
	return nil
}

// checkHelpdesk wants the standard base64, padded, of helpdesk_id:helpdesk_token. The official Node
// SDK writes a scheme before it.
func (s *Server) checkHelpdesk(c *call) *answer {
	value := c.request.Header.Get("X-Lark-Helpdesk-Authorization")
	if !s.switches.HelpdeskBearerRefused {
		value = strings.TrimPrefix(value, "Bearer ")
	}
	if value != base64.StdEncoding.EncodeToString([]byte(DefaultHelpdeskID+":"+DefaultHelpdeskToken)) {
		return refuse(codeUnauthorized)
	}
	return nil
}

// appIDForm is what an app id looks like, whether or not there is such an app.
var appIDForm = regexp.MustCompile(`^cli_[0-9a-z]{16}$`)

// issueToken answers tenant_access_token/internal. A new token is made once too little is left of
// the old, which then goes on working until its own end. The refusals have HTTP 200.
func (s *Server) issueToken(c *call) *answer {
	var app struct {
		ID     string `json:"app_id"`
		Secret string `json:"app_secret"`
	}
	isEmpty := len(bytes.TrimSpace(c.body)) == 0
	switch err := json.Unmarshal(c.body, &app); {
	case err != nil && !isEmpty:
		return refuse(codeJSON)
	case !appIDForm.MatchString(app.ID): // another form than all others
		return page(http.StatusOK, jsonType, `{"code":10003,"data":{},"msg":"invalid param"}`)
	case app.ID != DefaultAppID:
		return refuse(codeNoApp).saying("app id not exists")
	case app.Secret != DefaultAppSecret:
		return refuse(codeNoApp)
	}
	const validity, renewal = 2 * time.Hour, 30 * time.Minute
	if s.tokens[s.minted].until.Sub(c.now) < renewal {
		s.minted = fmt.Sprintf("%s-%d", DefaultTenantToken, len(s.tokens))
		s.tokens[s.minted] = token{tenant: true, all: true, readOnly: true, until: c.now.Add(validity)}
	}
	ans := success(nil).saying("ok")
	ans.TenantAccessToken = s.minted
	ans.Expire = int(s.tokens[s.minted].until.Sub(c.now) / time.Second)
	return ans
}

// issueAppToken answers app_access_token/internal, which gives an app's own token under both names.
func (s *Server) issueAppToken(c *call) *answer {
	ans := s.issueToken(c)
	ans.AppAccessToken = ans.TenantAccessToken
	return ans
}
