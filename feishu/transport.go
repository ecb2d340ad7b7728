package feishu

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxIdle is how many connections to Feishu are kept between requests: more than
// anybody has workers, so that none is closed just to be opened again.
const maxIdle = 512

// newTransport returns the transport that requests to base go through.
func newTransport(base *url.URL) *http.Transport {
	t := &http.Transport{
		Proxy:                  hideProxy(http.ProxyFromEnvironment),
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

// neverSent reports whether err says that there was no connection to send on.
func neverSent(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial" || has[*net.DNSError](err) || has[*tls.CertificateVerificationError](err)
}

// isTransient reports whether what failed with err may work a moment later.
func isTransient(err error) bool {
	return !has[*tls.CertificateVerificationError](err) && !has[tls.RecordHeaderError](err) && !errors.Is(err, errProxy)
}

func has[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
