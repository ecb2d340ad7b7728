package sandbox

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// The accounts host: logins, and the pairs of tokens that come of them. The pages on access tokens
// describe the code grant; the device grant and revoke are known from Feishu's own command line client.

// oauth is what a server knows of logins.
type oauth struct {
	devices map[string]*device
	codes   map[string]*authCode
	pairs   map[string]*pair // by refresh token, the spent ones too
	granted map[string]bool  // every scope that the user ever granted
	serial  int
}

// device is a device grant.
type device struct {
	userCode string
	scopes   []string
	until    time.Time
	polled   time.Time
	polls    int
	visited  bool
	over     bool
}

// authCode is an authorization code.
type authCode struct {
	redirect, challenge string
	scopes              []string
	until               time.Time
	used                bool
}

// pair is what one answer of the token endpoint gave out.
type pair struct {
	access       string
	scopes       []string
	consented    time.Time
	until        time.Time // of the refresh token
	used, killed bool
}

const (
	accessLife  = 2 * time.Hour
	refreshLife = 7 * 24 * time.Hour
	consentLife = 365 * 24 * time.Hour
	accessGrace = time.Minute // that an access token goes on working after its pair was refreshed
	codeLife    = 5 * time.Minute
	deviceLife  = 4 * time.Minute
)

// oauthError is the form of the refusals.
func oauthError(name string, code int, description string) *answer {
	members := map[string]any{"error": name, "error_description": description}
	if code != 0 {
		members["code"] = code
	}
	return oauthSuccess(members).under(http.StatusBadRequest)
}

func oauthSuccess(members map[string]any) *answer {
	text, _ := json.Marshal(members, json.Deterministic(true))
	return page(http.StatusOK, jsonType, string(text))
}

// form are the parameters of a request, whether they came as a form or as JSON.
func (c *call) form() url.Values {
	if bytes.HasPrefix(bytes.TrimSpace(c.body), []byte("{")) {
		var members map[string]string
		values := url.Values{}
		if json.Unmarshal(c.body, &members) != nil {
			return values
		}
		for name, value := range members {
			values.Set(name, value)
		}
		return values
	}
	values, err := url.ParseQuery(string(c.body))
	if err != nil {
		return url.Values{}
	}
	return values
}

// checkApp wants the app's id and secret, in the form or in the header, and not in both.
func checkApp(c *call, form url.Values) *answer {
	id, secret, inHeader := c.request.BasicAuth()
	if inHeader && form.Get("client_secret") != "" {
		return oauthError("invalid_request", 20070, "multiple authentication methods")
	}
	id, secret = cmp.Or(form.Get("client_id"), id), cmp.Or(form.Get("client_secret"), secret)
	switch {
	case secret == "":
		return oauthError("invalid_request", 20001, "missing a required parameter: client_secret")
	case id != DefaultAppID:
		return oauthError("invalid_client", 20048, "the app does not exist")
	case secret != DefaultAppSecret:
		return oauthError("invalid_client", 20002, "The client secret is invalid.")
	}
	return nil
}

// startDevice answers device_authorization.
func (s *Server) startDevice(c *call) *answer {
	form := c.form()
	if s.switches.DeviceSecretForm {
		c.request.Header.Del("Authorization")
	}
	if refused := checkApp(c, form); refused != nil {
		return refused
	}
	scopes := strings.Fields(form.Get("scope"))
	if i := slices.IndexFunc(scopes, func(name string) bool { return !slices.Contains(appScopes(), name) }); i >= 0 {
		return oauthError("invalid_scope", 0, "unknown scope "+scopes[i])
	}
	s.oauth.serial++
	code, user := "device-"+rand.Text(), fmt.Sprintf("SAND-%04d", s.oauth.serial)
	s.oauth.devices[code] = &device{userCode: user, scopes: scopes, until: c.now.Add(deviceLife), polled: c.now}
	at := "http://" + c.request.Host + "/sandbox/device"
	return oauthSuccess(map[string]any{
		"device_code": code, "user_code": user, "verification_uri": at, "verification_uri_complete": at + "?user_code=" + user,
		"expires_in": int(deviceLife / time.Second), "interval": int(s.deviceInterval() / time.Second),
	})
}

// deviceInterval is how long a client waits between its polls.
func (s *Server) deviceInterval() time.Duration {
	if s.switches.DeviceInterval1 {
		return time.Second
	}
	return 5 * time.Second
}

// visitDevice is the page on which the user consents: being there is consent enough.
func (s *Server) visitDevice(c *call) *answer {
	for _, d := range s.oauth.devices {
		if d.userCode == c.request.URL.Query().Get("user_code") {
			d.visited = true
			return page(http.StatusOK, "text/plain; charset=utf-8", "consented\n")
		}
	}
	return page(http.StatusNotFound, "text/plain; charset=utf-8", "no such code\n")
}

// pollDevice is the token endpoint's answer to a device code.
func (s *Server) pollDevice(c *call, form url.Values) *answer {
	d := s.oauth.devices[form.Get("device_code")]
	if d == nil || d.over {
		return oauthError("invalid_grant", 20003, "the device code is invalid")
	}
	early := c.now.Sub(d.polled) < s.deviceInterval()*9/10 || s.switches.DeviceConsentSlowDown && d.polls == 0
	d.polled = c.now
	d.polls++
	switch {
	case !c.now.Before(d.until) || s.switches.DeviceConsentExpired:
		return oauthError("expired_token", 0, "the device code has expired")
	case early:
		return oauthError("slow_down", 0, "polling too fast")
	case s.switches.DeviceConsentDenied:
		d.over = true
		return oauthError("access_denied", 0, "the user denied the request")
	case d.polls == 1, s.switches.DeviceConsentVisit && !d.visited:
		return oauthError("authorization_pending", 0, "the user has not consented yet")
	}
	d.over = true
	return s.issuePair(c, d.scopes, c.now)
}

// authorize is the page on which a browser consents: it sends the browser back at once.
func (s *Server) authorize(c *call) *answer {
	query := c.request.URL.Query()
	back, err := url.Parse(query.Get("redirect_uri"))
	scopes := strings.Fields(query.Get("scope"))
	unknown := slices.ContainsFunc(scopes, func(name string) bool { return !slices.Contains(appScopes(), name) })
	switch {
	case query.Get("client_id") != DefaultAppID:
		return errorPage(20048)
	case err != nil || back.Scheme != "http" || !isLoopbackName(back.Hostname()) || s.switches.RedirectsNone:
		return errorPage(20029)
	case unknown:
		return errorPage(20027)
	}
	result := url.Values{"state": {query.Get("state")}}
	if s.switches.ConsentDenied {
		result.Set("error", "access_denied")
	} else {
		code := "code-" + rand.Text() + rand.Text()
		challenge := query.Get("code_challenge")
		if challenge != "" && query.Get("code_challenge_method") != "S256" {
			challenge = "plain:" + challenge
		}
		s.oauth.codes[code] = &authCode{redirect: query.Get("redirect_uri"), challenge: challenge, scopes: scopes, until: c.now.Add(codeLife)}
		result.Set("code", code)
	}
	back.RawQuery = result.Encode()
	return &answer{status: http.StatusFound, kind: "text/plain", body: []byte{}, header: http.Header{"Location": {back.String()}}}
}

func isLoopbackName(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

func errorPage(code int) *answer {
	return page(http.StatusBadRequest, "text/html; charset=utf-8", fmt.Sprintf("<html><body>error %d</body></html>\n", code))
}

// issueUserToken answers the token endpoint.
func (s *Server) issueUserToken(c *call) *answer {
	form := c.form()
	if refused := checkApp(c, form); refused != nil {
		return refused
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return s.exchange(c, form)
	case "refresh_token":
		return s.refresh(c, form)
	case "urn:ietf:params:oauth:grant-type:device_code":
		return s.pollDevice(c, form)
	}
	return oauthError("unsupported_grant_type", 20036, "The grant_type is not supported.")
}

func (s *Server) exchange(c *call, form url.Values) *answer {
	code, verifier := s.oauth.codes[form.Get("code")], form.Get("code_verifier")
	switch {
	case code == nil:
		return oauthError("invalid_grant", 20003, "The authorization code is invalid.")
	case code.used:
		return oauthError("invalid_grant", 20065, "The authorization code has been used.")
	case !c.now.Before(code.until):
		return oauthError("invalid_grant", 20004, "The authorization code has expired.")
	case form.Get("redirect_uri") != code.redirect:
		return oauthError("invalid_grant", 20071, "redirect_uri mismatch")
	case challengeOf(code.challenge, verifier) != code.challenge:
		return oauthError("invalid_grant", 20049, "PKCE verification failed")
	}
	code.used = true
	return s.issuePair(c, code.scopes, c.now)
}

// challengeOf is the challenge that a verifier fits, in the form of the one that was given.
func challengeOf(given, verifier string) string {
	switch {
	case verifier == "":
		return ""
	case strings.HasPrefix(given, "plain:"):
		return "plain:" + verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *Server) refresh(c *call, form url.Values) *answer {
	p := s.oauth.pairs[form.Get("refresh_token")]
	switch {
	case s.switches.RefreshSwitchOff:
		return oauthError("invalid_grant", 20074, "refresh is not enabled for the app")
	case p == nil:
		return oauthError("invalid_grant", 20026, "The refresh token is invalid.")
	case p.killed:
		return oauthError("invalid_grant", 20064, "The refresh token has been revoked.")
	case p.used:
		return oauthError("invalid_grant", 20073, "The refresh token has been used.")
	case !c.now.Before(p.until) || !c.now.Before(p.consented.Add(consentLife)):
		return oauthError("invalid_grant", 20037, "The refresh token has expired.")
	}
	scopes := p.scopes
	if asked := form.Get("scope"); asked != "" {
		scopes = strings.Fields(asked)
		if slices.ContainsFunc(scopes, func(name string) bool { return !slices.Contains(p.scopes, name) }) {
			return oauthError("invalid_scope", 20068, "The scope is beyond the grant.")
		}
	}
	p.used = true
	old := s.tokens[p.access]
	if end := c.now.Add(accessGrace); end.Before(old.until) {
		old.until = end
		s.tokens[p.access] = old
	}
	return s.issuePair(c, scopes, p.consented)
}

// issuePair gives out a pair of tokens. A consent adds its scopes to those of earlier ones.
func (s *Server) issuePair(c *call, scopes []string, consented time.Time) *answer {
	dropped := map[bool]string{s.switches.DroppedScopeWrite: "helpdesk:all", s.switches.DroppedScopeOffline: "offline_access"}[true]
	if consented.Equal(c.now) {
		for _, name := range scopes {
			s.oauth.granted[name] = true
		}
		scopes = slices.Sorted(maps.Keys(s.oauth.granted))
	}
	scopes = slices.DeleteFunc(slices.Clone(scopes), func(name string) bool { return name == dropped })
	s.oauth.serial++
	access := fmt.Sprintf("eyJ-sandbox-access-%s", rand.Text())
	s.tokens[access] = token{
		all: slices.Contains(scopes, "helpdesk:all"), readOnly: slices.Contains(scopes, "helpdesk:all:readonly"), until: c.now.Add(accessLife),
	}
	members := map[string]any{
		"code": 0, "access_token": access, "token_type": "Bearer", "expires_in": int(accessLife / time.Second), "scope": strings.Join(scopes, " "),
	}
	if slices.Contains(scopes, "offline_access") {
		refresh := fmt.Sprintf("eyJ-sandbox-refresh-%s", rand.Text())
		s.oauth.pairs[refresh] = &pair{access: access, scopes: scopes, consented: consented, until: c.now.Add(refreshLife)}
		members["refresh_token"], members["refresh_token_expires_in"] = refresh, int(refreshLife/time.Second)
	}
	return oauthSuccess(members)
}

// revoke ends a token, and with a refresh token its access token.
func (s *Server) revoke(c *call) *answer {
	form := c.form()
	if refused := checkApp(c, form); refused != nil {
		return refused
	}
	access := form.Get("token")
	if p := s.oauth.pairs[access]; p != nil {
		p.killed, access = true, p.access
	}
	delete(s.tokens, access)
	return page(http.StatusOK, jsonType, `{"code":0}`)
}

// userInfo says whose a user token is. Refusals of the token itself have HTTP 200.
func (s *Server) userInfo(c *call) *answer {
	value := strings.TrimPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	if value == "" {
		return refuse(codeNoToken)
	}
	switch t, known := s.tokens[value]; {
	case !known || t.tenant:
		return refuse(20005).under(http.StatusOK).saying("The user access token passed is invalid.")
	case !t.until.IsZero() && !c.now.Before(t.until):
		return refuse(codeExpired)
	}
	return success(map[string]string{
		"name": "Sandbox Owner", "en_name": "Sandbox Owner", "open_id": ownerOpenID, "union_id": "on_sandbox_owner", "user_id": "sandbox_owner", "tenant_key": "sandbox-tenant",
	})
}

// appScopes are those that the app has.
func appScopes() []string {
	return []string{"offline_access", "helpdesk:all", "helpdesk:all:readonly", "contact:user.employee_id:readonly"}
}

// scopes answers which scopes the app has, to a tenant token.
func (s *Server) scopes(c *call) *answer {
	if refused := s.checkToken(c); refused != nil {
		return refused
	}
	var list []map[string]any
	for _, name := range appScopes() {
		if s.switches.AppScopesNone && strings.HasPrefix(name, "helpdesk:") || s.switches.AppScopesReadOnly && name == "helpdesk:all" {
			continue
		}
		list = append(list, map[string]any{"scope_name": name, "grant_status": 1})
	}
	return success(map[string]any{"scopes": list})
}
