package sandbox

import (
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
	header := make(http.Header)
	ans := p.server.answer(header, r)
	switch {
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case ans.status == 0:
		return nil, fmt.Errorf(connectionCut, r.Method, r.URL.Path, io.ErrUnexpectedEOF)
	}
	length := int64(len(ans.body))
	if ans.cut || ans.blanks > 0 {
		length = -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", ans.status, http.StatusText(ans.status)), StatusCode: ans.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(ans.stream()), ContentLength: length, Request: r,
	}, nil
}
