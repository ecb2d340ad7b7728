package feishu

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// parseBaseURL returns the address that the API's paths are appended to. Its
// faults do not quote the text, which may hold a password.
func parseBaseURL(text string) (*url.URL, *settingError) {
	if text == "" {
		text = defaultBaseURL
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, baseURLFault("is not a URL")
	}
	if problem := baseURLProblem(u, text); problem != "" {
		return nil, baseURLFault(problem)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}, nil
}

func baseURLFault(problem string) *settingError {
	return &settingError{envBaseURL, problem, "https://open.feishu.cn for Feishu, https://open.larksuite.com for Lark"}
}

func baseURLProblem(u *url.URL, text string) string {
	switch {
	case u.User != nil:
		return "holds a user name or password"
	case u.Scheme != "https" && u.Scheme != "http":
		return "does not begin with https://"
	case u.Hostname() == "":
		return "names no host"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "begins with http://, which is for loopback addresses only, since tokens would travel in the clear"
	case strings.ContainsAny(text, "?#"):
		return "has a query or a fragment"
	}
	return ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// checkRates refuses more than the documented rates for any host but this one.
func (o Options) checkRates(base *url.URL) error {
	if isLoopback(base.Hostname()) {
		return nil
	}
	var list settingErrors
	list = list.rate("read rate", o.ReadRate, ReadLimit)
	list = list.rate("write rate", o.WriteRate, WriteLimit)
	return list.orNil()
}

func (list settingErrors) rate(name string, asked, documented int) settingErrors {
	if asked >= 0 && asked <= documented {
		return list
	}
	return append(list, &settingError{
		name,
		fmt.Sprintf("is above Feishu's limit of %d a minute", documented),
		"only a loopback address may be asked more often",
	})
}

// rate returns the limiter's number for what was asked.
func rate(asked, documented int) int {
	switch {
	case asked == 0:
		return documented
	case asked < 0:
		return 0
	}
	return asked
}
