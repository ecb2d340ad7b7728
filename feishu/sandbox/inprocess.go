package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// InProcess returns a transport that calls the server directly, without a
// network: for testing/synctest, where a real connection would not let the
// virtual clock run, and for measuring without the cost of sockets. Redirects
// are the client's affair as with any transport.
func (s *Server) InProcess() http.RoundTripper { return inProcess{s} }

type inProcess struct{ server *Server }

// RoundTrip answers a request. A cut connection is io.ErrUnexpectedEOF; the end
// of the request's context is the context's error.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	received := r.Clone(r.Context())
	received.RequestURI = r.URL.RequestURI()
	if received.Body == nil {
		received.Body = http.NoBody
	}
	w := &recorder{header: make(http.Header)}
	cut := w.serve(p.server, received)
	switch {
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case cut && w.status == 0:
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, io.ErrUnexpectedEOF)
	}
	return w.response(r, cut), nil
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush is there because a real connection has it.
func (w *recorder) Flush() {}

// serve lets a handler write and says whether it cut the connection.
func (w *recorder) serve(h http.Handler, r *http.Request) (cut bool) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			cut = true
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

func (w *recorder) response(r *http.Request, cut bool) *http.Response {
	body := io.Reader(&w.body)
	length := int64(w.body.Len())
	if cut {
		body, length = io.MultiReader(body, brokenBody{}), -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}
}

// brokenBody is where a cut connection stops giving bytes.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
