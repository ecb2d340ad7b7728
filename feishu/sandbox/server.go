package sandbox

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Server is a stand-in helpdesk API, an http.Handler and safe for concurrent use. New makes one.
type Server struct {
	switches switches
	apis     []*api
	open     atomic.Int64 // connections; see OpenConnections
	ahead    atomic.Int64 // of the real clock, in nanoseconds; see Advance

	mu            sync.Mutex               // for all that follows, and for the limits of the apis
	notifications map[string]*Notification // replaced, never changed in place
	scheduled     map[string]bool          // by execute_send, so that the clock moves them
	created       int                      // numbers the ids of what was created
	directory     directory
	tokens        map[string]token
	minted        string // the tenant token that was made last
	oauth         oauth
	tickets       map[string]int // their statuses
	messages      []Message
	faults        []Fault
	log           requestLog
}

// New makes a server. The error joins one for each setting that is none.
func New(o Options) (*Server, error) {
	s := &Server{
		apis:          apis(),
		notifications: make(map[string]*Notification),
		scheduled:     make(map[string]bool),
		directory:     make(directory),
		tokens:        sampleTokens(),
		oauth:         oauth{make(map[string]*device), make(map[string]*authCode), make(map[string]*pair), make(map[string]bool), 0},
		tickets:       map[string]int{DefaultTicketID: ticketProcessing},
		log:           requestLog{counts: make(map[string]int)},
	}
	s.Advance(o.Ahead)
	var wrong []error
	for _, text := range o.Switches {
		wrong = append(wrong, s.switches.set(text))
	}
	for _, text := range o.Limits {
		wrong = append(wrong, s.setLimit(text))
	}
	for _, text := range o.Faults {
		f, err := ParseFault(text)
		if wrong = append(wrong, err); err == nil {
			s.Fail(f)
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return s, nil
}

// call is one request on its way through the checks.
type call struct {
	*api           // nil for a route that the API does not have
	id      string // of the notification or ticket in the path
	request *http.Request
	body    []byte
	header  http.Header // of the answer
	now     time.Time
	logID   string
	fault   Fault
	record  *Request

	// What the checks find.
	token   token
	idType  string                    // user_id_type
	members map[string]jsontext.Value // of the body, those that count
	input   input                     // the same, decoded
	n       *Notification             // a copy of the one that the call is about
}

// ServeHTTP answers one request. It cuts the connection by panicking with http.ErrAbortHandler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ans := s.answer(w.Header(), r)
	if ans.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(ans.status)
	if _, err := io.Copy(w, ans.stream()); err != nil {
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// answer takes a request through its fault and the checks, and sets the answer's headers.
func (s *Server) answer(header http.Header, r *http.Request) *answer {
	c := &call{request: r, header: header, now: s.now()}
	c.api, c.id = s.route(r)
	const maxBody = 16 << 20
	var unread error
	if r.Body != nil && r.Body != http.NoBody {
		c.body, unread = io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	}
	s.begin(c)
	var ans *answer
	if unread != nil {
		ans = refuse(codeJSON)
	} else if ans = s.faultBefore(c); ans == nil {
		ans = s.faultAfter(c, s.process(c))
	}
	s.finish(c, ans)
	s.end(c, ans)
	return ans
}

// process checks a call, in an order of which only the beginning was observed, and carries it out.
func (s *Server) process(c *call) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.fault.Kind == NoCommit { // what was done is taken back
		notifications, scheduled, messages := maps.Clone(s.notifications), maps.Clone(s.scheduled), s.messages
		defer func() { s.notifications, s.scheduled, s.messages = notifications, scheduled, messages }()
	}
	switch {
	case c.api == nil && s.switches.UnknownRouteJSON:
		return refuse(codeUnknownRoute)
	case c.api == nil:
		return page(http.StatusNotFound, "text/plain", "404 page not found")
	case c.anyone:
		return c.carryOut(s, c)
	}
	for _, check := range []func(*call) *answer{
		s.checkToken, s.checkLimit, s.checkScope, s.checkUserIDType, s.checkBody, s.checkHelpdesk, s.checkNotification,
	} {
		if refused := check(c); refused != nil {
			return refused
		}
	}
	return c.carryOut(s, c)
}

// InProcess returns a transport that calls the server directly, without a network: for
// testing/synctest, where a real connection would not let the virtual clock run, and for measuring
// without the cost of sockets. Redirects are the client's affair as with any transport.
func (s *Server) InProcess() http.RoundTripper { return inProcess{s} }

type inProcess struct{ server *Server }

// RoundTrip answers a request. A cut connection is io.ErrUnexpectedEOF; the end of the request's
// context is the context's error.
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
