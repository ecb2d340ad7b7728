package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// closeTime is how long Close waits for clients to take their answers.
const closeTime = time.Second

// Listener is a Server that can be reached over HTTP.
type Listener struct {
	URL string // http://host:port, without a slash at the end

	http  *http.Server
	close func() error // shuts down once
}

// Listen serves s at addr, "host:port" with a loopback host and port 0 for any
// free one, until Close is called or ctx ends. Any other host is refused: the
// sandbox is not for others, and its tokens are public.
func (s *Server) Listen(ctx context.Context, addr string) (*Listener, error) {
	if err := checkLoopback(addr); err != nil {
		return nil, err
	}
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	if tcp, ok := socket.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("listen on %s: it is not a loopback address", addr), socket.Close())
	}
	base, cancel := context.WithCancel(ctx)
	l := &Listener{
		URL:  "http://" + socket.Addr().String(),
		http: &http.Server{Handler: s, BaseContext: func(net.Listener) context.Context { return base }, ConnState: s.connState},
	}
	served := make(chan error, 1)
	go func() { served <- l.http.Serve(socket) }()
	l.close = sync.OnceValue(func() error {
		cancel() // faults that hang end with their request's context
		return l.shutdown(context.WithoutCancel(ctx), served)
	})
	context.AfterFunc(base, func() { l.close() })
	return l, nil
}

// connState keeps count of the connections that are open.
func (s *Server) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
}

// OpenConnections returns how many connections have been accepted and not ended. When a client
// was killed, what it had sent goes on being carried out until its connections are gone.
func (s *Server) OpenConnections() int { return int(s.open.Load()) }

// checkLoopback refuses hosts that are known not to be loopback before anything
// is opened; what a name turns out to be is looked at afterwards.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("listen on %s: the sandbox binds loopback only, such as 127.0.0.1:0", addr)
}

// Close ends faults that hang, lets other requests finish and stops serving. The
// error says that serving had failed.
func (l *Listener) Close() error { return l.close() }

func (l *Listener) shutdown(ctx context.Context, served <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	err := l.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) { // a client that does not read, or has asked nothing yet
		err = l.http.Close()
	}
	if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}

// TB is what Start needs of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Start makes a server that listens until the test has ended and returns it
// with its base URL.
func Start(t TB, o Options) (s *Server, baseURL string) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatalf("start the sandbox: %v", err)
	}
	l, err := s.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start the sandbox: %v", err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Fatalf("stop the sandbox: %v", err)
		}
	})
	return s, l.URL
}
