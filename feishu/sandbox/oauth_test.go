package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"notiform/feishu/sandbox"
)

const (
	grantPath  = "/oauth/v3/token"
	devicePath = "/oauth/v1/device_authorization"
	everything = "offline_access helpdesk:all:readonly helpdesk:all"
)

// ask posts a form as the app, and returns the members of the answer.
func (d *desk) ask(path string, pairs ...string) map[string]any {
	d.t.Helper()
	form := url.Values{"client_id": {sandbox.DefaultAppID}, "client_secret": {sandbox.DefaultAppSecret}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	d.token, d.kind = "", "application/x-www-form-urlencoded"
	r := d.do("POST", path, form.Encode())
	var members map[string]any
	if err := json.Unmarshal([]byte(r.body), &members); err != nil {
		d.t.Fatalf("%v in %s", err, r.body)
	}
	members["status"] = r.status
	return members
}

// said is what an answer of the token endpoint comes to.
func said(members map[string]any) string {
	if members["error"] != nil {
		return fmt.Sprint(members["error"])
	}
	return fmt.Sprint("granted ", members["scope"])
}

// poll polls a device grant until it is decided, in time, and joins what was answered.
func (d *desk) poll() string {
	started := d.ask(devicePath, "scope", everything)
	var all []string
	for range 4 {
		d.Advance(5 * time.Second)
		answer := said(d.ask(grantPath, "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", started["device_code"].(string)))
		all = append(all, answer)
		if answer != "authorization_pending" && answer != "slow_down" {
			break
		}
		if len(all) == 2 {
			d.do("GET", "/sandbox/device?user_code="+started["user_code"].(string), "")
		}
	}
	return strings.Join(all, ", ")
}

// login goes through a device grant and returns the pair.
func (d *desk) login() map[string]any {
	d.t.Helper()
	started := d.ask(devicePath, "scope", everything)
	var got map[string]any
	for range 2 {
		d.Advance(5 * time.Second)
		got = d.ask(grantPath, "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", started["device_code"].(string))
	}
	return got
}

func (d *desk) refresh(pair map[string]any) map[string]any {
	d.t.Helper()
	token, ok := pair["refresh_token"].(string)
	if !ok {
		d.t.Fatalf("no refresh token in %v", pair)
	}
	return d.ask(grantPath, "grant_type", "refresh_token", "refresh_token", token)
}

// read asks for the notification with a user token.
func (d *desk) read(pair map[string]any) int {
	d.token, d.kind = pair["access_token"].(string), ""
	return d.do("GET", draft, "").code
}

func loginCases() []switchCase {
	const granted = "granted helpdesk:all helpdesk:all:readonly offline_access"
	authorized := func(d *desk) string {
		r := d.do("GET", "/open-apis/authen/v1/authorize?client_id="+sandbox.DefaultAppID+"&state=s&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback", "")
		back, _ := url.Parse(r.header.Get("Location"))
		return fmt.Sprint(r.status, " ", back.Query().Get("error"), back.Query().Get("code") != "", back.Query().Get("state"))
	}
	header := func(d *desk) string {
		r := d.request("POST", devicePath, "client_id="+sandbox.DefaultAppID+"&scope=offline_access")
		r.SetBasicAuth(sandbox.DefaultAppID, sandbox.DefaultAppSecret)
		resp, err := d.client.Do(r)
		if err != nil {
			d.t.Fatal(err)
		}
		resp.Body.Close()
		return fmt.Sprint(resp.StatusCode)
	}
	interval := func(d *desk) string { return fmt.Sprint(d.ask(devicePath, "scope", everything)["interval"]) }
	scopes := func(d *desk) string { return said(d.login()) }
	refreshed := func(d *desk) string { return fmt.Sprint(d.refresh(d.login())["code"]) }
	ended := func(d *desk) string {
		pair := d.login()
		d.Advance(2 * time.Hour)
		return fmt.Sprint(d.read(pair))
	}
	return []switchCase{
		{"device_consent=poll", (*desk).poll, "authorization_pending, " + granted},
		{"device_consent=visit", (*desk).poll, "authorization_pending, authorization_pending, " + granted},
		{"device_consent=slow_down", (*desk).poll, "slow_down, " + granted},
		{"device_consent=denied", (*desk).poll, "access_denied"},
		{"device_consent=expired", (*desk).poll, "expired_token"},
		{"device_interval=5", interval, "5"},
		{"device_interval=1", interval, "1"},
		{"device_secret=any", header, "200"},
		{"device_secret=form", header, "400"},
		{"consent=granted", authorized, "302 trues"},
		{"consent=denied", authorized, "302 access_deniedfalses"},
		{"redirects=loopback", authorized, "302 trues"},
		{"redirects=none", authorized, "400 false"},
		{"dropped_scope=none", scopes, granted},
		{"dropped_scope=helpdesk:all", scopes, "granted helpdesk:all:readonly offline_access"},
		{"dropped_scope=offline_access", scopes, "granted helpdesk:all helpdesk:all:readonly"},
		{"refresh=on", refreshed, "0"},
		{"refresh=off", refreshed, "20074"},
		{"ended_token=99991677", ended, "99991677"},
		{"ended_token=99991668", ended, "99991668"},
	}
}

// TestRefreshTokenWorksOnce, the old access token a minute longer, and all of it a year.
func TestRefreshTokenWorksOnce(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	first := d.login()
	second := d.refresh(first)
	if code := d.refresh(first)["code"]; code != 20073.0 {
		t.Errorf("used twice: %v", code)
	}
	if d.read(first) != 0 || d.read(second) != 0 {
		t.Error("the old access token ended at once, or the new one does not work")
	}
	d.Advance(time.Minute)
	if d.read(first) != 99991677 || d.read(second) != 0 {
		t.Error("the old access token outlives its minute, or the new one does not")
	}
	for range 60 { // every six days
		d.Advance(6 * 24 * time.Hour)
		second = d.refresh(second)
	}
	if d.read(second) != 0 {
		t.Error("refreshed for 360 days, it does not work")
	}
	d.Advance(6 * 24 * time.Hour)
	if code := d.refresh(second)["code"]; code != 20037.0 {
		t.Errorf("after a year: %v", code)
	}
}

// TestLogins: what the token endpoint and its neighbours refuse, and the code that says so.
func TestLogins(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{}, member)
	pair := d.login()
	revoked := d.login()
	d.ask("/oauth/v1/revoke", "token", revoked["refresh_token"].(string))
	week := d.login()
	for _, row := range []struct {
		why   string
		pairs []string
		want  any
	}{
		{"another app", []string{"client_id", "cli_b000000000000000"}, 20048.0},
		{"a wrong secret", []string{"client_secret", "wrong"}, 20002.0},
		{"no secret", []string{"client_secret", ""}, 20001.0},
		{"an unknown grant", []string{"grant_type", "password"}, 20036.0},
		{"an unknown code", []string{"grant_type", "authorization_code", "code", "x"}, 20003.0},
		{"an unknown refresh token", []string{"grant_type", "refresh_token", "refresh_token", "x"}, 20026.0},
		{"a revoked one", []string{"grant_type", "refresh_token", "refresh_token", revoked["refresh_token"].(string)}, 20064.0},
		{"scopes beyond the grant", []string{"grant_type", "refresh_token", "refresh_token", pair["refresh_token"].(string), "scope", "contact:user.employee_id:readonly"}, 20068.0},
	} {
		if got := d.ask(grantPath, row.pairs...); got["code"] != row.want || got["status"] != 400 {
			t.Errorf("%s: %v", row.why, got)
		}
	}
	if d.read(revoked) == 0 {
		t.Error("a revoked access token works")
	}
	narrow := d.ask(grantPath, "grant_type", "refresh_token", "refresh_token", pair["refresh_token"].(string), "scope", "offline_access helpdesk:all:readonly")
	if said(narrow) != "granted offline_access helpdesk:all:readonly" {
		t.Errorf("narrowed: %v", said(narrow))
	}
	d.Advance(7 * 24 * time.Hour)
	if code := d.refresh(week)["code"]; code != 20037.0 {
		t.Errorf("a refresh token of a week ago: %v", code)
	}
	if got := d.ask(devicePath, "scope", "helpdesk:everything"); got["error"] != "invalid_scope" {
		t.Errorf("a scope that is none: %v", got)
	}
}

// TestWhose: user_info says whose token it is, scopes which ones the app has.
func TestWhose(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{})
	for token, want := range map[string]int{
		d.login()["access_token"].(string): 0, sandbox.DefaultUserToken: 0, "u-none": 20005, sandbox.DefaultTenantToken: 20005, "u-sandbox-expired": 99991677,
	} {
		d.token = token
		if r := d.do("GET", "/open-apis/authen/v1/user_info", ""); r.code != want {
			t.Errorf("user_info of %s: %s", token, r.body)
		}
	}
	for token, want := range map[string]int{sandbox.DefaultTenantToken: 0, sandbox.DefaultUserToken: 99991668} {
		d.token = token
		if r := d.do("GET", "/open-apis/application/v6/scopes", ""); r.code != want || want == 0 && !strings.Contains(r.body, "helpdesk:all:readonly") {
			t.Errorf("scopes to %s: %s", token, r.body)
		}
	}
}

// TestClock: what the server answers is dated by its own clock.
func TestClock(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{Ahead: 24 * time.Hour}, member)
	date, err := http.ParseTime(d.do("GET", draft, "").header.Get("Date"))
	if ahead := time.Until(date); err != nil || ahead < 23*time.Hour || ahead > 24*time.Hour {
		t.Errorf("the server is %v ahead: %v", ahead, err)
	}
}

// TestXOAuth2 drives the logins by golang.org/x/oauth2, which none of us wrote.
func TestXOAuth2(t *testing.T) {
	t.Parallel()
	d := switched(t, "device_interval=1", member)
	config := oauth2.Config{
		ClientID: sandbox.DefaultAppID, ClientSecret: sandbox.DefaultAppSecret, RedirectURL: "http://127.0.0.1:1/callback", Scopes: strings.Fields(everything),
		Endpoint: oauth2.Endpoint{
			AuthURL: d.url + "/open-apis/authen/v1/authorize", DeviceAuthURL: d.url + devicePath, TokenURL: d.url + grantPath, AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, d.client)
	check := func(what string, token *oauth2.Token, err error) *oauth2.Token {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if code := d.read(map[string]any{"access_token": token.AccessToken}); code != 0 || time.Until(token.Expiry) < time.Hour || token.Type() != "Bearer" {
			t.Errorf("%s: code %d, %v", what, code, token.Expiry)
		}
		return token
	}

	verifier := oauth2.GenerateVerifier()
	d.token, d.kind = "", ""
	page := strings.TrimPrefix(config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)), d.url)
	back, err := url.Parse(d.do("GET", page, "").header.Get("Location"))
	if err != nil || back.Query().Get("state") != "state" {
		t.Fatal(back, err)
	}
	code := back.Query().Get("code")
	_, err = config.Exchange(ctx, code, oauth2.VerifierOption(oauth2.GenerateVerifier()))
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); !ok || !strings.Contains(string(e.Body), "20049") {
		t.Errorf("another verifier: %v", err)
	}
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	token = check("code", token, err)
	_, err = config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); !ok || !strings.Contains(string(e.Body), "20065") {
		t.Errorf("the code once more: %v", err)
	}

	spent := token.RefreshToken
	token, err = config.TokenSource(ctx, &oauth2.Token{RefreshToken: spent}).Token()
	token = check("refresh", token, err)
	if _, err = config.TokenSource(ctx, &oauth2.Token{RefreshToken: spent}).Token(); err == nil || token.RefreshToken == spent {
		t.Error("the refresh token works twice")
	}

	started, err := config.DeviceAuth(ctx, oauth2.SetAuthURLParam("client_secret", sandbox.DefaultAppSecret))
	if err != nil {
		t.Fatal(err)
	}
	token, err = config.DeviceAccessToken(ctx, started)
	check("device", token, err)
	if scopes := strings.Fields(token.Extra("scope").(string)); !slices.Contains(scopes, "helpdesk:all") {
		t.Error(scopes)
	}
}
