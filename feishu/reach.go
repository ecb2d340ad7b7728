package feishu

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"time"
)

// Way is how requests get to Feishu, as one without a token found out.
type Way struct {
	Host  string
	Proxy string    // its host; "" for none
	TLS   string    // the version, such as "TLS 1.3"; "" for none, which is for loopback addresses only
	Date  time.Time // by the server's clock; zero when it does not say
}

// Reach asks at the address of s for something that takes a token, without one: whatever Feishu
// answers, it is there. The error is of what kept an answer of Feishu's from coming.
func Reach(ctx context.Context, s Settings, o Options) (Way, error) {
	base, problem := parseBaseURL(s.BaseURL)
	if problem != "" {
		return Way{}, settingErrors(nil).add(envBaseURL, problem, whereBaseURL)
	}
	way := Way{Host: base.Host}
	if o.Transport == nil {
		t := NewTransport(base)
		if t.Proxy != nil {
			if proxy, err := t.Proxy(&http.Request{URL: base}); err == nil && proxy != nil {
				way.Proxy = proxy.Host
			}
		}
		o.Transport = t
	}
	o.Transport = witness{o.Transport, &way}
	c, err := newClient(s, o)
	if err != nil {
		return way, err
	}
	_, err = c.send(ctx, request{endpoint: c.api.getUserInfo}, decodeInto(new(envelope)))
	if e, ok := errors.AsType[*Error](err); ok && e.Code != 0 {
		return way, nil
	}
	return way, err
}

// witness notes what an answer tells about the way.
type witness struct {
	http.RoundTripper
	way *Way
}

// RoundTrip notes it before anybody judges the answer.
func (w witness) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		w.way.Date = date
	}
	if resp.TLS != nil {
		w.way.TLS = tls.VersionName(resp.TLS.Version)
	}
	return resp, nil
}
