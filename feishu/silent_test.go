package feishu

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// peer is a TLS server on loopback whose connections can fall silent: they stay open,
// take what they are sent, and nothing comes back on them ever after.
type peer struct {
	*httptest.Server
	listener silentListener
	protocol atomic.Int32 // major version of the latest request
}

type silentListener struct {
	net.Listener
	mu    sync.Mutex
	conns []*silentConn
}

func (l *silentListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &silentConn{Conn: conn, closed: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, c)
	return c, nil
}

// silence takes the voice of all connections so far, and returns how many there are.
func (l *silentListener) silence() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		c.silent.Store(true)
	}
	return len(l.conns)
}

type silentConn struct {
	net.Conn
	silent atomic.Bool
	once   sync.Once
	closed chan struct{}
}

func (c *silentConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.silent.Load() {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *silentConn) Write(b []byte) (int, error) {
	if c.silent.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func (c *silentConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func newPeer(t *testing.T, http2 bool) *peer {
	t.Helper()
	p := &peer{}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.protocol.Store(int32(r.ProtoMajor))
		if r.Method == http.MethodPatch {
			p.listener.silence()
		}
		reply(w, 200, found(testID))
	}))
	p.listener.Listener = p.Listener
	p.Listener, p.EnableHTTP2 = &p.listener, http2
	p.StartTLS()
	t.Cleanup(func() {
		p.listener.mu.Lock()
		defer p.listener.mu.Unlock()
		for _, c := range p.listener.conns {
			c.Close()
		}
		p.Config.Close() // httptest would wait for the silent ones
	})
	return p
}

// transport is the client's own, which trusts the peer.
func (p *peer) transport(t *testing.T) *http.Transport {
	t.Helper()
	base, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	tr := NewTransport(base)
	tr.TLSClientConfig.RootCAs = x509.NewCertPool()
	tr.TLSClientConfig.RootCAs.AddCert(p.Certificate())
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

// TestASilentConnectionIsReplaced: a line on which nothing comes back is never the one
// that the retry goes down.
func TestASilentConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	const never = time.Hour
	for _, row := range []struct {
		why                 string
		http2               bool
		protocol            int32
		timeout, ping, pong time.Duration
	}{
		{"HTTP/2, found by the request's own timeout", true, 2, patience, never, never},
		{"HTTP/2, found by a ping", true, 2, never, patience / 2, patience / 2},
		{"HTTP/1.1", false, 1, patience, never, never},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t, row.http2)
			tr := p.transport(t)
			tr.HTTP2.SendPingTimeout, tr.HTTP2.PingTimeout = row.ping, row.pong
			c := testClient(t, p.URL, Options{Transport: tr, RequestTimeout: row.timeout, Rand: func() float64 { return 0 }})
			for i := range 2 {
				if _, err := c.GetNotification(t.Context(), testID, ""); err != nil {
					t.Fatalf("GET %d: %v", i+1, err)
				}
				if n := p.listener.silence(); n != i+1 || p.protocol.Load() != row.protocol {
					t.Errorf("after GET %d: %d connections, HTTP/%d", i+1, n, p.protocol.Load())
				}
			}
		})
	}
}

// TestALookAfterASilentWriteGoesElsewhere: a PATCH whose answer never came is not sent
// again, and what it did can be read at once.
func TestALookAfterASilentWriteGoesElsewhere(t *testing.T) {
	t.Parallel()
	p := newPeer(t, true)
	c := testClient(t, p.URL, Options{Transport: p.transport(t), RequestTimeout: patience})
	if _, err := patch(t, c, testID, "", NotificationPatch{}); err == nil || IsRefused(err) || errors.Is(err, ErrUnsent) {
		t.Error(err)
	}
	var attempts int
	got, err := c.GetNotification(context.WithoutCancel(t.Context()), testID, "")
	if e, ok := errors.AsType[*Error](err); ok {
		attempts = e.Attempts
	}
	if err != nil || got.Notification.ID != testID || p.listener.silence() != 2 {
		t.Errorf("%v after %d attempts", err, attempts)
	}
}
