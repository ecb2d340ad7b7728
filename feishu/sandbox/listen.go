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

// Listen serves s at addr, "host:port" with a loopback host and port 0 for any free one, until stop
// is called or ctx ends. Any other host is refused: the sandbox is not for others, and its tokens
// are public. The URL has no slash at its end. stop ends faults that hang, lets other requests
// finish and stops serving; its error says that serving had failed.
func (s *Server) Listen(ctx context.Context, addr string) (url string, stop func() error, err error) {
	loopback, err := loopbackAddr(addr)
	if err != nil {
		return "", nil, err
	}
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", loopback)
	if err != nil {
		return "", nil, fmt.Errorf(cannotListen, addr, err)
	}
	base, cancel := context.WithCancel(ctx)
	server := &http.Server{Handler: s, BaseContext: func(net.Listener) context.Context { return base }, ConnState: s.connState}
	served := make(chan error, 1)
	go func() { served <- server.Serve(socket) }()
	stop = sync.OnceValue(func() error {
		cancel() // faults that hang end with their request's context
		return shutDown(context.WithoutCancel(ctx), server, served)
	})
	context.AfterFunc(base, func() { stop() })
	return "http://" + socket.Addr().String(), stop, nil
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

// OpenConnections returns how many connections have been accepted and not ended. When a client was
// killed, what it had sent goes on being carried out until its connections are gone.
func (s *Server) OpenConnections() int { return int(s.open.Load()) }

// loopbackAddr is addr, if it is one; localhost is not whatever this machine takes the name for.
func loopbackAddr(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf(cannotListen, addr, err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf(notLoopback, addr)
	}
	return net.JoinHostPort(host, port), nil
}

func shutDown(ctx context.Context, server *http.Server, served <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second) // for clients to take their answers
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) { // a client that does not read, or has asked nothing yet
		err = server.Close()
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

// Start makes a server that listens until the test has ended and returns it with its base URL.
func Start(t TB, o Options) (s *Server, baseURL string) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatalf(cannotStart, err)
	}
	url, stop, err := s.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0")
	if err != nil {
		t.Fatalf(cannotStart, err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Fatalf(cannotStop, err)
		}
	})
	return s, url
}
