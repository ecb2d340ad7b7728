package feishu

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// defaultBaseURL is Feishu in China; Lark elsewhere is https://open.larksuite.com.
const defaultBaseURL = "https://open.feishu.cn"

// Settings say which helpdesk to speak to, and as whom.
type Settings struct {
	BaseURL         string // "" means Feishu in China
	AccountsURL     string // of logins and tokens; "" means the one that belongs to BaseURL
	HelpdeskID      string
	HelpdeskToken   Secret
	UserAccessToken Secret
	UserTokens      TokenSource // where UserAccessToken came from, and the next one will

	// For ticket messages: a token, or an app to get one for.
	AppID             string
	AppSecret         Secret
	TenantAccessToken Secret

	unread settingErrors // what SettingsFromEnv could not read
}

// settingError is what is wrong with one setting. It never quotes the value.
type settingError struct {
	name    string // of the environment variable, or of the option
	problem string
	hint    string // what to do, or where in Feishu the value is found
}

func (e *settingError) Error() string { return e.problem }

// Hint says what to do, or where in Feishu the value is found.
func (e *settingError) Hint() string { return e.hint }

// Setting is the name of the environment variable, without _FILE.
func (e *settingError) Setting() string { return strings.TrimSuffix(e.name, "_FILE") }

// settingErrors is all that is wrong, as one error; errors.As finds each settingError.
type settingErrors []*settingError

func (list settingErrors) Error() string {
	return list.lines(func(e *settingError) string { return e.problem })
}

// Hint returns one line for each fault.
func (list settingErrors) Hint() string {
	return list.lines(func(e *settingError) string { return e.name + ": " + e.hint })
}

func (list settingErrors) lines(line func(*settingError) string) string {
	lines := make([]string, len(list))
	for i, e := range list {
		lines[i] = line(e)
	}
	return strings.Join(lines, "\n")
}

func (list settingErrors) Unwrap() []error {
	errs := make([]error, len(list))
	for i, e := range list {
		errs[i] = e
	}
	return errs
}

func (list settingErrors) orNil() error {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (list settingErrors) has(name string) bool {
	return slices.ContainsFunc(list, func(e *settingError) bool {
		return e.name == name || e.name == name+"_FILE"
	})
}

// add returns list with one fault more, or as it is if there is no problem.
func (list settingErrors) add(name, problem, hint string) settingErrors {
	if problem == "" {
		return list
	}
	return append(list, &settingError{name, problem, hint})
}

// require adds a fault if value is missing or malformed, unless one on it is there.
func (list settingErrors) require(name string, value Secret, hint string) settingErrors {
	if list.has(name) {
		return list
	}
	if value.IsZero() {
		return list.add(name, fmt.Sprintf(notSet, name), hint)
	}
	return list.add(name, tokenProblem(name, value.Reveal()), hint)
}

// The environment's names for the settings.
const (
	envBaseURL           = "FEISHU_BASE_URL"
	envAccountsURL       = "FEISHU_ACCOUNTS_URL"
	envHelpdeskID        = "FEISHU_HELPDESK_ID"
	envHelpdeskToken     = "FEISHU_HELPDESK_TOKEN"
	envUserAccessToken   = "FEISHU_USER_ACCESS_TOKEN"
	envAppID             = "FEISHU_APP_ID"
	envAppSecret         = "FEISHU_APP_SECRET"
	envTenantAccessToken = "FEISHU_TENANT_ACCESS_TOKEN"
)

// SettingsFromEnv reads the settings that are in the environment: the FEISHU_
// variables, and for each secret X also X_FILE, the name of a file that holds
// it, from which one line end is cut. Of the user access token, which has more
// sources than these, the first one counts. readFile should not wait for ever, nor give
// much more than a token can have. What is not set is left empty: only Check
// says what is missing. The error says all that is wrong with what is set, a line
// each; so does Check of the returned Settings.
func SettingsFromEnv(getenv func(string) string, readFile func(string) ([]byte, error)) (Settings, error) {
	r := settingsReader{getenv: getenv, readFile: readFile}
	s := Settings{
		BaseURL:       cmp.Or(getenv(envBaseURL), defaultBaseURL),
		AccountsURL:   getenv(envAccountsURL),
		HelpdeskID:    getenv(envHelpdeskID),
		HelpdeskToken: r.secret(envHelpdeskToken),
		AppID:         getenv(envAppID),
	}
	s.UserAccessToken, s.UserTokens = r.userToken()
	s.AppSecret, s.TenantAccessToken = r.secret(envAppSecret), r.secret(envTenantAccessToken)
	s.unread = r.faults
	return s, r.faults.orNil()
}

// userToken reads the first of the two settings that is there; the file is read again when its
// token has ended.
func (r *settingsReader) userToken() (Secret, TokenSource) {
	file := r.getenv(envUserAccessToken + "_FILE")
	if r.getenv(envUserAccessToken) != "" || file == "" {
		return r.token(envUserAccessToken, r.getenv(envUserAccessToken)), TokenSource{}
	}
	source := TokenSource{Name: envUserAccessToken + "_FILE"}
	source.Fetch = func(context.Context, Secret) (Token, error) {
		again := settingsReader{readFile: r.readFile}
		value := again.token(source.Name, again.content(source.Name, file))
		return Token{Value: value}, again.faults.orNil()
	}
	return r.token(source.Name, r.content(source.Name, file)), source
}

type settingsReader struct {
	getenv   func(string) string
	readFile func(string) ([]byte, error)
	faults   settingErrors
}

func (r *settingsReader) secret(name string) Secret {
	value, file := r.getenv(name), r.getenv(name+"_FILE")
	if value != "" && file != "" {
		r.faults = r.faults.add(name, fmt.Sprintf(setTwice, name), hintSetOne)
		return Secret{}
	}
	if file != "" {
		name += "_FILE"
		value = r.content(name, file)
	}
	return r.token(name, value)
}

// token is the text of a setting as a secret, if it can be a token.
func (r *settingsReader) token(name, value string) Secret {
	if problem := tokenProblem(name, value); problem != "" {
		r.faults = r.faults.add(name, problem, hintTokenAlone)
		return Secret{}
	}
	return NewSecret(value)
}

// content returns the text of the file that the setting names, without its line
// end. The file's name is not part of any fault, since people put the token itself
// there.
func (r *settingsReader) content(name, file string) string {
	content, err := r.readFile(file)
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err
		}
		r.faults = r.faults.add(name, fmt.Sprintf(fileUnreadable, name, err), hintFile)
		return ""
	}
	value := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(string(content), byteOrderMark), "\n"), "\r")
	if value == "" {
		r.faults = r.faults.add(name, fmt.Sprintf(fileEmpty, name), hintFileEmpty)
	}
	return value
}

// byteOrderMark is what some programs on Windows put in front of a text.
const byteOrderMark = "\ufeff"

// tokenProblem says what is wrong with the text of the token of that name, or "".
func tokenProblem(name, text string) string {
	const maxToken = 8 << 10 // twice what the API page "Get user_access_token" says to reserve
	switch {
	case strings.Contains(text, "Bearer "):
		return fmt.Sprintf(tokenHasScheme, name)
	case strings.ContainsAny(text, "\r\n"):
		return fmt.Sprintf(tokenHasBreak, name)
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f }), strings.ContainsAny(text, "\"'`$[]{}<>"):
		return fmt.Sprintf(tokenMalformed, name)
	case len(text) > maxToken:
		return fmt.Sprintf(tokenTooLong, name)
	}
	return ""
}

// Check returns all that keeps s from being used for notifications, a line each:
// what SettingsFromEnv could not read, what is missing and what is malformed. The
// error's Hint says what to do, or where in Feishu the value is found.
func (s Settings) Check() error { return s.check().orNil() }

// CheckTickets is Check, and returns as well what keeps s from being used for
// ticket messages.
func (s Settings) CheckTickets() error { return s.check().requireTenant(s).orNil() }

// Hosts returns where the API and where logins and tokens are, without a slash at the end, or all
// that is wrong with these two settings.
func (s Settings) Hosts() (open, accounts string, err error) {
	base, problem := parseBaseURL(s.BaseURL)
	if problem != "" {
		return "", "", settingErrors(nil).add(envBaseURL, problem, whereBaseURL)
	}
	a, problem := accountsURL(s.AccountsURL, base)
	if problem != "" {
		return "", "", settingErrors(nil).add(envAccountsURL, problem, whereAccounts)
	}
	return base.String(), a.String(), nil
}

// CheckApp returns what keeps s from being used to log in: the hosts, and the app.
func (s Settings) CheckApp() error {
	_, _, err := s.Hosts()
	list, _ := err.(settingErrors)
	for _, e := range s.unread {
		if e.name == envAppSecret || e.name == envAppSecret+"_FILE" {
			list = append(list, e)
		}
	}
	return list.requireApp(s).orNil()
}

func (s Settings) check() settingErrors {
	_, problem := parseBaseURL(s.BaseURL)
	list := slices.Clone(s.unread).add(envBaseURL, problem, whereBaseURL)
	if _, fault := parseURL(s.AccountsURL); s.AccountsURL != "" && fault != "" {
		list = list.add(envAccountsURL, fmt.Sprintf(fault, envAccountsURL), whereAccounts)
	}
	list = list.add(envHelpdeskID, helpdeskIDProblem(s.HelpdeskID), whereHelpdesk)
	list = list.require(envHelpdeskToken, s.HelpdeskToken, whereHelpdesk)
	return list.require(envUserAccessToken, s.UserAccessToken, whereUserToken)
}

// requireTenant adds what s lacks for ticket messages: a tenant access token, or the
// app's id and secret to get one with.
func (list settingErrors) requireTenant(s Settings) settingErrors {
	switch {
	case !s.TenantAccessToken.IsZero() || list.has(envTenantAccessToken):
		return list.require(envTenantAccessToken, s.TenantAccessToken, whereTenantToken)
	case s.AppID == "" && s.AppSecret.IsZero() && !list.has(envAppSecret):
		return list.add(envTenantAccessToken, noWayToTickets, whereTenantToken)
	}
	return list.requireApp(s)
}

// requireApp adds what s lacks of the app's id and secret.
func (list settingErrors) requireApp(s Settings) settingErrors {
	switch {
	case s.AppID == "":
		list = list.add(envAppID, fmt.Sprintf(notSet, envAppID), whereApp)
	case tokenProblem(envAppID, s.AppID) != "":
		list = list.add(envAppID, noAppID, whereApp)
	}
	return list.require(envAppSecret, s.AppSecret, whereApp)
}

func helpdeskIDProblem(id string) string {
	switch {
	case id == "":
		return fmt.Sprintf(notSet, envHelpdeskID)
	case strings.HasPrefix(id, "ht-"):
		return tokenAsID
	case strings.Contains(id, ":") || tokenProblem(envHelpdeskID, id) != "":
		return noHelpdeskID
	}
	return ""
}

// bearer returns the value of the header Authorization.
func bearer(token Secret) Secret { return NewSecret("Bearer " + token.Reveal()) }

// helpdeskAuthorization returns the value of the header X-Lark-Helpdesk-Authorization,
// which has no scheme in front (the API page "Get notification").
func helpdeskAuthorization(id string, token Secret) Secret {
	return NewSecret(base64.StdEncoding.EncodeToString([]byte(id + ":" + token.Reveal())))
}
