package feishu

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// maxIdle is how many connections to Feishu are kept between requests: more than
// anybody has workers, so that none is closed just to be opened again.
const maxIdle = 512

// NewTransport returns the transport that requests to base go through, with the environment's proxy
// unless base is on loopback. A line on
// which nothing comes back is found dead before a request on it times out.
func NewTransport(base *url.URL) *http.Transport {
	t := &http.Transport{
		Proxy:                  hideProxy(http.ProxyFromEnvironment),
		OnProxyConnectResponse: checkProxyAnswer,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second, WriteByteTimeout: 10 * time.Second,
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        90 * time.Second, // longer than the limiter's window
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
	if isLoopback(base.Hostname()) {
		t.Proxy = nil
	}
	return t
}

var errProxy = errors.New(proxyNotAnAddress)

// hideProxy replaces the error of find: it quotes the setting, which may hold a
// password.
func hideProxy(find func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		proxy, err := find(r)
		if err != nil {
			return nil, errProxy
		}
		return proxy, nil
	}
}

// proxyRefusal is the HTTP status with which a proxy refuses to connect to Feishu.
type proxyRefusal int

// Error names the status in our own words: the proxy's are not to be trusted.
func (p proxyRefusal) Error() string {
	return fmt.Sprintf(proxyRefuses, cmp.Or(http.StatusText(int(p)), fmt.Sprintf(underHTTPStatus, int(p))))
}

// checkProxyAnswer is told what a proxy answered to CONNECT, of which package net/http
// leaves only some words, as if they were Feishu's.
func checkProxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return proxyRefusal(resp.StatusCode)
	}
	return nil
}

// isTransient reports whether what failed with err may work a moment later.
func isTransient(err error) bool {
	if status, ok := errors.AsType[proxyRefusal](err); ok {
		return status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
	}
	return !has[*tls.CertificateVerificationError](err) && !has[tls.RecordHeaderError](err) && !errors.Is(err, errProxy)
}

func has[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// line is what requests go through until a connection of it keeps silent.
type line struct{ http.RoundTripper }

// abandon makes later requests open connections of their own, after an answer on old
// did not come in time: package net/http would send a retry down the same HTTP/2
// connection. What is under way on old goes on.
func (c *Client) abandon(old *line) {
	t, ok := old.RoundTripper.(*http.Transport)
	if ok && c.line.CompareAndSwap(old, &line{t.Clone()}) {
		t.CloseIdleConnections()
	}
}

// connections are what package net/http tells of the connections for one attempt.
type connections struct{ sought, got atomic.Int32 }

func (c *connections) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { c.sought.Add(1) },
		GotConn: func(httptrace.GotConnInfo) { c.got.Add(1) },
	}
}

// unsent reports whether the attempt, which ended with err, certainly never left. It
// did not if a connection was sought and none was got: dialling, the proxy's consent
// and the TLS handshake all lie between the two, and package net/http hands a request
// to a connection, of HTTP/1 or 2 and also when it tries once more by itself, only
// after it has called GotConn on the goroutine that waits for the answer. How much of
// a request was written after that is told by another goroutine, so too late to be
// sure of. A transport that tells nothing is believed nothing.
func (c *connections) unsent(err error) bool {
	return c.sought.Load() > 0 && c.got.Load() == 0 || errors.Is(err, errProxy)
}
