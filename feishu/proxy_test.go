package feishu

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// proxied is a client that reaches Feishu through a proxy which answers each CONNECT,
// and then its connection, as serve does.
func proxied(t *testing.T, o Options, serve func(n int32, conn net.Conn)) *Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			all.Go(func() {
				defer conn.Close()
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err != nil || r.Method != http.MethodConnect {
					t.Errorf("the proxy was sent %v, %v", r, err)
					return
				}
				serve(asked.Add(1), conn)
			})
		}
	})
	t.Cleanup(all.Wait)
	t.Cleanup(func() { listener.Close() })
	return through(t, o, listener.Addr().String())
}

// through is a client whose proxy listens there, if it does.
func through(t *testing.T, o Options, address string) *Client {
	t.Helper()
	base, err := url.Parse(defaultBaseURL)
	if err != nil {
		t.Fatal(err)
	}
	tr := NewTransport(base)
	tr.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: address, User: url.UserPassword("me", "passw0rd")})
	t.Cleanup(tr.CloseIdleConnections)
	o.Transport = tr
	return testClient(t, defaultBaseURL, o)
}

func says(text string) func(int32, net.Conn) {
	return func(_ int32, conn net.Conn) { io.WriteString(conn, text) }
}

// established lets the tunnel begin, and then does that with it.
func established(then func(net.Conn)) func(int32, net.Conn) {
	return func(_ int32, conn net.Conn) {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		then(conn)
	}
}

// TestWhatAProxyKeptBackNeverLeft: whatever goes wrong before there is a connection to
// Feishu, nothing was sent, and the proxy's refusal is told as the proxy's.
func TestWhatAProxyKeptBackNeverLeft(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why   string
		proxy func(int32, net.Conn) // nil for none that listens
		want  string                // begin of the cause
		hint  string
		all   bool // whatever else is asked for meets it as well
	}{
		{"it refuses", says("HTTP/1.1 403 QQQQ\r\nContent-Length: 4\r\n\r\nQQQQ"), "the proxy refuses: Forbidden", hintProxy, true},
		{"it wants a login", says("HTTP/1.1 407 QQQQ\r\nContent-Length: 0\r\n\r\n"), "the proxy refuses: Proxy Authentication Required", hintProxyLogin, true},
		{"it cannot", says("HTTP/1.1 502 QQQQ\r\nContent-Length: 0\r\n\r\n"), "the proxy refuses: Bad Gateway", hintProxy, false},
		{"with a status that nobody knows", says("HTTP/1.1 499 QQQQ\r\n\r\n"), "the proxy refuses: HTTP 499", hintProxy, true},
		{"with success of another kind", says("HTTP/1.1 204 QQQQ\r\n\r\n"), "the proxy refuses: No Content", hintProxy, true},
		{"it closes", says(""), "the connection was closed before anything was sent", hintConnection, false},
		{"it speaks something else", says("QQQQ\r\n"), "malformed HTTP response", hintConnection, false},
		{"it is silent", established(func(c net.Conn) { io.Copy(io.Discard, c) }), "no connection within 2s", hintConnection, false},
		{"the handshake breaks off", established(func(c net.Conn) { c.Read(make([]byte, 1)) }), "", hintConnection, false},
		{"the handshake is answered with something else", established(func(c net.Conn) { c.Read(make([]byte, 4<<10)); io.WriteString(c, "QQQQQQQQ") }), "tls: first record", hintConnection, true},
		{"nobody listens", nil, "proxyconnect tcp: dial tcp 127.0.0.1:", hintConnection, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			o := Options{RequestTimeout: patience}
			var c *Client
			if row.proxy == nil {
				c = through(t, o, nobody(t))
			} else {
				c = proxied(t, o, row.proxy)
			}
			_, err := patch(t, c, testID, "", NotificationPatch{})
			if err == nil || !strings.HasPrefix(err.Error(), "patch notification "+testID+": "+row.want) || hintOf(err) != row.hint {
				t.Errorf("%v\nhint %s", err, hintOf(err))
			}
			if !errors.Is(err, ErrUnsent) || !IsRefused(err) {
				t.Error("it may have been sent:", err)
			}
			if HoldsForAll(err) != row.all {
				t.Errorf("it ends the run: %v", !row.all)
			}
			if all := err.Error() + hintOf(err); strings.Contains(all, "passw0rd") || strings.Contains(all, "QQ") {
				t.Error(all)
			}
		})
	}
}

// nobody is an address on loopback at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// TestAProxysRefusalIsNotRepeated, of a look and of a message to a ticket, and is no
// doubt about either.
func TestAProxysRefusalIsNotRepeated(t *testing.T) {
	t.Parallel()
	for why, send := range map[string]func(*Client) error{
		"get notification":       func(c *Client) error { _, err := c.GetNotification(t.Context(), testID, ""); return err },
		"post message to ticket": func(c *Client) error { _, err := post(t, c); return err },
	} {
		var asked atomic.Int32
		c := proxied(t, Options{}, func(n int32, conn net.Conn) {
			asked.Store(n)
			io.WriteString(conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
		})
		err := send(c)
		if err == nil || !strings.HasPrefix(err.Error(), why) || !strings.HasSuffix(err.Error(), ": the proxy refuses: Forbidden") || asked.Load() != 1 {
			t.Errorf("%v after %d requests", err, asked.Load())
		}
		if !errors.Is(err, ErrUnsent) || !IsRefused(err) || hintOf(err) != hintProxy {
			t.Error(err, hintOf(err))
		}
	}
}

// TestInterruptedBeforeItLeft: a request that the user ends while it waits for a
// connection never left, and one that was on the wire may have.
func TestInterruptedBeforeItLeft(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		unsent bool
	}{{"in the proxy's hands", true}, {"on the wire", false}} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			var c *Client
			if row.unsent {
				c = proxied(t, Options{}, established(func(conn net.Conn) { cancel(errStop); io.Copy(io.Discard, conn) }))
			} else {
				c = serve(t, func(_ http.ResponseWriter, r *http.Request) {
					io.Copy(io.Discard, r.Body)
					cancel(errStop)
					<-r.Context().Done()
				})
			}
			slot, err := c.AcquireWrite(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = slot.Patch(ctx, testID, "", NotificationPatch{})
			if !errors.Is(err, errStop) || errors.Is(err, ErrUnsent) != row.unsent || IsRefused(err) != row.unsent {
				t.Error(err)
			}
		})
	}
}
