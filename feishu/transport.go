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
// anybody's workers, so that none is ever closed just to be opened again.
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

// hideProxy replaces the error of find, which quotes the setting, and that may
// hold a password.
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
	var op *net.OpError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns) || errors.As(err, &cert)
}

// isPassing reports whether what failed may work a moment later.
func isPassing(err error) bool {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return !errors.As(err, &cert) && !errors.As(err, &record) && !errors.Is(err, errProxy)
}
