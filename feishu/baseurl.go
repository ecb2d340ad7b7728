package feishu

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// parseBaseURL returns the address that the API's paths are appended to, or what
// is wrong with text, which is not quoted: it may hold a password.
func parseBaseURL(text string) (base *url.URL, problem string) {
	base, fault := parseURL(cmp.Or(text, defaultBaseURL))
	if fault != "" {
		problem = fmt.Sprintf(fault, envBaseURL)
	}
	return base, problem
}

// accountsURL returns the address of logins and tokens: what text says or, if that is empty, the one
// that belongs to base.
func accountsURL(text string, base *url.URL) (accounts *url.URL, problem string) {
	known := map[string]string{
		"open.feishu.cn": "https://accounts.feishu.cn", "open.larksuite.com": "https://accounts.larksuite.com",
	}
	switch {
	case text == "" && isLoopback(base.Hostname()):
		return base, ""
	case text == "" && known[base.Host] == "":
		return nil, noAccounts
	}
	accounts, fault := parseURL(cmp.Or(text, known[base.Host]))
	if fault != "" {
		problem = fmt.Sprintf(fault, envAccountsURL)
	}
	return accounts, problem
}

// parseURL returns the address, or a format of what is wrong with text, which wants the setting's name.
func parseURL(text string) (base *url.URL, fault string) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, noURL
	}
	if fault := urlFault(u, text); fault != "" {
		return nil, fault
	}
	usual := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	host := strings.TrimSuffix(strings.ToLower(u.Host), usual) // however it is written, a login is found by it
	return &url.URL{Scheme: u.Scheme, Host: host, Path: strings.TrimRight(u.Path, "/")}, ""
}

func urlFault(u *url.URL, text string) string {
	switch {
	case u.User != nil:
		return urlHasUser
	case u.Scheme != "https" && u.Scheme != "http":
		return urlNotHTTPS
	case u.Hostname() == "":
		return urlWithoutHost
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return urlInTheClear
	case strings.ContainsAny(text, "?#"):
		return urlHasQuery
	}
	return ""
}

// IsLoopback reports whether what the settings lead to is on this machine, as a stand-in is.
func (s Settings) IsLoopback() bool {
	base, err := url.Parse(s.BaseURL)
	return err == nil && isLoopback(base.Hostname())
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
