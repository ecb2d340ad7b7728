package feishu

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// defaultBaseURL is Feishu in China; Lark elsewhere is https://open.larksuite.com.
const defaultBaseURL = "https://open.feishu.cn"

// Settings say which helpdesk to speak to, and as whom.
type Settings struct {
	BaseURL         string // "" means defaultBaseURL
	HelpdeskID      string
	HelpdeskToken   Secret
	UserAccessToken Secret

	AppID             string
	AppSecret         Secret
	TenantAccessToken Secret

	faults settingErrors // what SettingsFromEnv could not read
}

// settingError is a fault in one setting. It never quotes the value.
type settingError struct {
	name    string // of the environment variable, or of the option
	problem string
	where   string // what to do, or where in Feishu the value is found
}

func (e *settingError) Error() string { return e.name + " " + e.problem }

// Hint returns where the value is found.
func (e *settingError) Hint() string { return e.where }

// settingErrors are all faults at once; errors.As finds each settingError.
type settingErrors []*settingError

func (list settingErrors) Error() string {
	lines := make([]string, len(list))
	for i, e := range list {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Hint returns one line for each fault that has a hint.
func (list settingErrors) Hint() string {
	var lines []string
	for _, e := range list {
		if e.where != "" {
			lines = append(lines, e.name+": "+e.where)
		}
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

// The environment's names for the settings.
const (
	envBaseURL           = "FEISHU_BASE_URL"
	envHelpdeskID        = "FEISHU_HELPDESK_ID"
	envHelpdeskToken     = "FEISHU_HELPDESK_TOKEN"
	envUserAccessToken   = "FEISHU_USER_ACCESS_TOKEN"
	envAppID             = "FEISHU_APP_ID"
	envAppSecret         = "FEISHU_APP_SECRET"
	envTenantAccessToken = "FEISHU_TENANT_ACCESS_TOKEN"
)

// SettingsFromEnv reads the settings that are in the environment: the FEISHU_
// variables, and for each secret X also X_FILE, the name of a file that holds
// it, from which one line end is cut. What is not there is left empty; only
// Check says what is missing. The error holds every fault, one a line;
// Check on the returned Settings reports them again, with what is missing.
func SettingsFromEnv(getenv func(string) string, readFile func(string) ([]byte, error)) (Settings, error) {
	r := settingsReader{getenv: getenv, readFile: readFile}
	s := Settings{
		BaseURL:           getenv(envBaseURL),
		HelpdeskID:        getenv(envHelpdeskID),
		HelpdeskToken:     r.secret(envHelpdeskToken),
		UserAccessToken:   r.secret(envUserAccessToken),
		AppID:             getenv(envAppID),
		AppSecret:         r.secret(envAppSecret),
		TenantAccessToken: r.secret(envTenantAccessToken),
	}
	if s.BaseURL == "" {
		s.BaseURL = defaultBaseURL
	}
	s.faults = r.faults
	return s, r.faults.orNil()
}

type settingsReader struct {
	getenv   func(string) string
	readFile func(string) ([]byte, error)
	faults   settingErrors
}

func (r *settingsReader) fault(name, problem, where string) {
	r.faults = append(r.faults, &settingError{name, problem, where})
}

func (r *settingsReader) secret(name string) Secret {
	value, file := r.getenv(name), r.getenv(name+"_FILE")
	if value != "" && file != "" {
		r.fault(name, "and "+name+"_FILE are both set", "unset one of them")
		return Secret{}
	}
	if file != "" {
		name += "_FILE"
		value = r.line(name, file)
	}
	if problem := tokenProblem(value); problem != "" {
		r.fault(name, problem, "set it to the token alone, as Feishu shows it")
		return Secret{}
	}
	return NewSecret(value)
}

// line returns the text of a file without its line end. Its name is not part of
// any fault, since people put the token itself there.
func (r *settingsReader) line(name, file string) string {
	content, err := r.readFile(file)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		r.fault(name, "names a file that cannot be read: "+err.Error(), "give the name of a readable file that holds nothing but the token")
		return ""
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if value == "" {
		r.fault(name, "names an empty file", "write the token into it")
	}
	return value
}

// tokenProblem says what is wrong with a token's text, or "".
func tokenProblem(s string) string {
	const maxToken = 8 << 10 // twice what Feishu says to reserve
	switch {
	case strings.Contains(s, "Bearer "):
		return `contains "Bearer ", which is no part of a token`
	case strings.ContainsAny(s, "\r\n"):
		return "contains a line end"
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "contains a space or another character that no token has"
	case len(s) > maxToken:
		return "is longer than any token"
	}
	return ""
}

// Check returns all that keeps s from being used for notifications: what
// SettingsFromEnv could not read, what is missing and what is malformed, one a
// line. Its Hint says what to do, or where in Feishu the value is found.
func (s Settings) Check() error { return s.check().orNil() }

// CheckTickets is Check, and returns as well what keeps s from being used for
// ticket messages.
func (s Settings) CheckTickets() error { return s.check().requireTenant(s).orNil() }

func (s Settings) check() settingErrors {
	list := slices.Clone(s.faults)
	if _, err := parseBaseURL(s.BaseURL); err != nil {
		list = append(list, err)
	}
	if problem := helpdeskIDProblem(s.HelpdeskID); problem != "" {
		list = append(list, &settingError{envHelpdeskID, problem, whereHelpdesk})
	}
	list = list.require(envHelpdeskToken, s.HelpdeskToken, whereHelpdesk)
	return list.require(envUserAccessToken, s.UserAccessToken, whereUserToken)
}

// requireTenant adds what s lacks for a tenant access token: the token itself, or
// the app's id and secret to get one with.
func (list settingErrors) requireTenant(s Settings) settingErrors {
	switch {
	case !s.TenantAccessToken.IsZero() || list.has(envTenantAccessToken):
		return list.require(envTenantAccessToken, s.TenantAccessToken, whereTenantToken)
	case s.AppID == "" && s.AppSecret.IsZero() && !list.has(envAppSecret):
		problem := "is not set, nor are " + envAppID + " and " + envAppSecret + " to get one with"
		return append(list, &settingError{envTenantAccessToken, problem, whereTenantToken})
	case s.AppID == "":
		list = append(list, &settingError{envAppID, "is not set", whereApp})
	case tokenProblem(s.AppID) != "":
		list = append(list, &settingError{envAppID, "is no app id", whereApp})
	}
	return list.require(envAppSecret, s.AppSecret, whereApp)
}

const (
	whereApp         = "Feishu's developer console, the app's credentials page"
	whereTenantToken = "best set " + envAppID + " and " + envAppSecret + " instead (" + whereApp + "): notiform then gets the token itself"
	whereHelpdesk    = "Feishu's helpdesk admin site, settings centre, API credentials"
	whereUserToken   = "the access token that Feishu issues when the helpdesk's owner or an administrator signs in to the app (OAuth); the API explorer on Feishu's developer site shows one, good for two hours"
)

// require adds a fault if value is missing or malformed, unless one on it is there.
func (list settingErrors) require(name string, value Secret, where string) settingErrors {
	problem := tokenProblem(value.Reveal())
	if value.IsZero() {
		problem = "is not set"
	}
	if problem == "" || list.has(name) {
		return list
	}
	return append(list, &settingError{name, problem, where})
}

func helpdeskIDProblem(id string) string {
	switch {
	case id == "":
		return "is not set"
	case strings.HasPrefix(id, "ht-"):
		return "holds a helpdesk token, not the helpdesk's id"
	case strings.Contains(id, ":") || tokenProblem(id) != "":
		return "is no helpdesk id"
	}
	return ""
}

// helpdeskAuthorization returns the value of the helpdesk header, which has no
// scheme in front (the API fact sheet, section 1.3).
func helpdeskAuthorization(id string, token Secret) Secret {
	return NewSecret(base64.StdEncoding.EncodeToString([]byte(id + ":" + token.Reveal())))
}
