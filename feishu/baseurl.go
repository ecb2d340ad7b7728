package feishu

import (
	"fmt"
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

// checkRates refuses more than the documented rates for any host but this one.
func (o Options) checkRates(base *url.URL) error {
	if isLoopback(base.Hostname()) {
		return nil
	}
	var list settingErrors
	list = list.add(readRate, rateProblem(readRate, o.ReadRate, ReadLimit), hintRate)
	list = list.add(writeRate, rateProblem(writeRate, o.WriteRate, WriteLimit), hintRate)
	return list.orNil()
}

func rateProblem(name string, asked, documented int) string {
	if asked >= 0 && asked <= documented {
		return ""
	}
	return fmt.Sprintf(rateTooHigh, name, documented)
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
