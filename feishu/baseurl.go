package feishu

import (
	"net"
	"net/url"
	"strings"
)

// parseBaseURL returns the address that the API's paths are appended to, or what
// is wrong with text, which is not quoted: it may hold a password.
func parseBaseURL(text string) (base *url.URL, problem string) {
	if text == "" {
		text = defaultBaseURL
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, noURL
	}
	if problem := baseURLProblem(u, text); problem != "" {
		return nil, problem
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}, ""
}

func baseURLProblem(u *url.URL, text string) string {
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

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
