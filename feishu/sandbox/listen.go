package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// closeTime is how long Close waits for requests that are being answered.
const closeTime = 5 * time.Second

// Listener is a Server that can be reached over HTTP.
type Listener struct {
	URL string // http://host:port, without a slash at the end

	http   *http.Server
	cancel context.CancelFunc // ends faults that hang
	grace  context.Context    // outlives the one that Listen was given
	served chan error
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
		URL:    "http://" + socket.Addr().String(),
		http:   &http.Server{Handler: s, BaseContext: func(net.Listener) context.Context { return base }},
		cancel: cancel,
		grace:  context.WithoutCancel(ctx),
		served: make(chan error, 1),
	}
	go func() { l.served <- l.http.Serve(socket) }()
	context.AfterFunc(ctx, func() { l.http.Close() })
	return l, nil
}

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

// Close ends faults that hang, lets other requests finish and stops serving.
// The error says that serving had ended before, and why.
func (l *Listener) Close() error {
	l.cancel()
	ctx, cancel := context.WithTimeout(l.grace, closeTime)
	defer cancel()
	err := l.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, l.http.Close())
	}
	if served := <-l.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	l.served <- http.ErrServerClosed // for a second Close
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
