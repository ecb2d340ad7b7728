package feishu

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
	"testing"
)

// TestConnectionsAreReused: 64 workers keep their connections, also after
// refusals, failures and answers that are not JSON.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	const workers, requests = 64, 3200
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch id := path.Base(r.URL.Path); {
		case strings.HasSuffix(id, "1"):
			reply(w, 404, `{"code":154004,"msg":"x"}`)
		case strings.HasSuffix(id, "2"):
			page(200, "text/html", strings.Repeat("<p>", 5000))(w, r)
		default:
			reply(w, 200, found(id))
		}
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	c := testClient(t, s.URL, Options{ReadRate: NoLimit})
	var failed atomic.Int32
	work(t, workers, requests, func(id string) error {
		if _, err := c.GetNotification(t.Context(), id, ""); err != nil {
			failed.Add(1)
		}
		return nil
	})
	// While the first connections are being opened, some are opened for workers
	// that then get another one; those are kept too.
	if n := opened.Load(); n > 2*workers || failed.Load() != requests/5 {
		t.Errorf("%d connections for %d workers, %d failures", n, workers, failed.Load())
	}
}

func TestTransport(t *testing.T) {
	t.Parallel()
	for base, proxied := range map[string]bool{
		"https://open.feishu.cn": true, "http://127.0.0.1:1": false, "http://[::1]:1": false, "http://localhost": false,
	} {
		u, problem := parseBaseURL(base)
		if problem != "" {
			t.Fatal(problem)
		}
		tr := NewTransport(u)
		if (tr.Proxy != nil) != proxied {
			t.Errorf("%s: proxied %v", base, tr.Proxy != nil)
		}
		if tr.TLSClientConfig.MinVersion != tls.VersionTLS12 || tr.TLSClientConfig.InsecureSkipVerify || tr.MaxIdleConnsPerHost < 64 {
			t.Errorf("%+v", tr)
		}
		if p := tr.HTTP2; p.SendPingTimeout <= 0 || p.PingTimeout <= 0 || p.SendPingTimeout+p.PingTimeout >= defaultRequestTimeout {
			t.Errorf("a dead line is found after %v and %v, a request on it times out after %v", p.SendPingTimeout, p.PingTimeout, defaultRequestTimeout)
		}
	}
}

// TestProxySettingIsNotQuoted: a proxy's address may hold a password.
func TestProxySettingIsNotQuoted(t *testing.T) {
	t.Parallel()
	want := &url.URL{Scheme: "http", Host: "proxy.example"}
	for _, fail := range []error{nil, errors.New(`invalid proxy address "http://me:passw0rd@[::1"`)} {
		got, err := hideProxy(func(*http.Request) (*url.URL, error) { return want, fail })(nil)
		if fail == nil && (got != want || err != nil) || fail != nil && (got != nil || err != errProxy) {
			t.Error(got, err)
		}
	}
}

// TestCertificates: a certificate that nobody vouches for is an error that is
// not tried again and that names the cause.
func TestCertificates(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") }))
	s.Config.ErrorLog = discard()
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			asked.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	_, err := testClient(t, s.URL, Options{}).GetNotification(t.Context(), testID, "")
	if err == nil || !strings.Contains(err.Error(), "x509: certificate signed by unknown authority") || !errors.Is(err, ErrUnsent) || !IsRefused(err) || !HoldsForAll(err) || asked.Load() != 1 || hintOf(err) != hintAuthority {
		t.Error(err, asked.Load())
	}
	plain := listen(t, func(http.ResponseWriter, *http.Request) {})
	_, err = testClient(t, strings.Replace(plain.URL, "http:", "https:", 1), Options{}).GetNotification(t.Context(), testID, "")
	if err == nil || !strings.Contains(err.Error(), "first record does not look like a TLS handshake") {
		t.Error(err)
	}
}

// TestADeadConnectionCountsTwice: net/http repeats a GET by itself when a kept
// connection turns out to be dead; the limiter must hear of it.
func TestADeadConnectionCountsTwice(t *testing.T) {
	t.Parallel()
	var seen atomic.Int32
	s := listen(t, func(w http.ResponseWriter, r *http.Request) {
		if seen.Add(1) == 2 {
			raw("")(w, r)
			return
		}
		reply(w, 200, found(testID))
	})
	c := testClient(t, s.URL, Options{ReadRate: 10})
	for range 2 {
		if _, err := c.GetNotification(t.Context(), testID, ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(c.api.getNotification.limit.ended); got != 3 || seen.Load() != 3 {
		t.Errorf("counted %d, the server saw %d", got, seen.Load())
	}
}
