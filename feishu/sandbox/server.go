package sandbox

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Server is a stand-in helpdesk API; it is an http.Handler and safe for
// concurrent use. New makes one.
type Server struct {
	switches switches

	open atomic.Int64 // connections; see OpenConnections

	mu            sync.Mutex
	notifications map[string]*Notification // replaced, never changed in place
	directory     *directory               // likewise
	scheduled     map[string]bool          // by execute_send, so that the clock moves them
	tokens        map[string]token
	tickets       map[string]int
	messages      []Message
	limits        []*limit
	faults        []Fault
	created       int // numbers the ids of what was created
	minted        mint
	log           requestLog
}

// New makes a server. The error joins one for each setting that is none.
func New(o Options) (*Server, error) {
	s := &Server{
		notifications: make(map[string]*Notification),
		directory:     newDirectory(),
		scheduled:     make(map[string]bool),
		tokens:        sampleTokens(),
		tickets:       map[string]int{DefaultTicketID: ticketProcessing},
		limits:        documentedLimits(),
		log:           newRequestLog(),
	}
	if err := s.configure(o); err != nil {
		return nil, err
	}
	return s, nil
}

// configure takes the settings that are text; the error joins one for each that is none.
func (s *Server) configure(o Options) error {
	var wrong []error
	for _, text := range o.Switches {
		wrong = append(wrong, s.switches.set(text))
	}
	for _, text := range o.Limits {
		wrong = append(wrong, s.setLimit(text))
	}
	for _, text := range o.Faults {
		f, err := ParseFault(text)
		wrong, s.faults = append(wrong, err), append(s.faults, f)
	}
	return errors.Join(wrong...)
}

// call is one request on its way through the checks.
type call struct {
	route
	request *http.Request
	now     time.Time
	logID   string
	fault   Fault
	body    []byte
	idType  string // user_id_type
	token   token
	input   any // the decoded body, by API
	record  *Request
}

// maxBody is how many bytes of a request are read.
const maxBody = 16 << 20

// ServeHTTP answers one request. To cut the connection it panics with
// http.ErrAbortHandler, which net/http and InProcess understand.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(w, r)
	c := &call{route: routeOf(r.Method, r.URL.Path), request: r, now: time.Now(), body: body}
	s.begin(c)
	defer s.end()
	s.takeFault(c)
	if err != nil {
		s.send(w, c, s.refuse(c, codeJSON, "the body cannot be read: "+err.Error()))
		return
	}
	if ans, done := s.faultBefore(c); done {
		s.send(w, c, ans)
		return
	}
	ans := s.process(c)
	if !s.faultAfter(w, c, &ans) {
		s.send(w, c, ans)
	}
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
}

// process takes a request through the checks in the order of the API fact
// sheet, section 1.5, and carries it out.
func (s *Server) process(c *call) answer {
	if c.api == "" {
		return s.unknownRoute(c)
	}
	if c.api == apiTenantToken {
		return s.issueToken(c)
	}
	for _, check := range []func(*call) *answer{
		s.checkToken, s.checkLimit, s.checkScope, s.checkParameters, s.checkHelpdesk,
	} {
		if refused := check(c); refused != nil {
			return *refused
		}
	}
	switch c.api {
	case apiGet:
		return s.get(c)
	case apiPatch:
		return s.patch(c)
	case apiCreate:
		return s.create(c)
	case apiTicketMessage:
		return s.postMessage(c)
	}
	return s.transition(c)
}

// send writes an answer. Nothing can be done about a client that has gone.
func (s *Server) send(w http.ResponseWriter, c *call, ans answer) {
	s.note(c, ans)
	w.Header().Set("Content-Length", strconv.Itoa(len(ans.body))) // or net/http would cut it into chunks
	s.sendHeader(w, c, ans)
	w.Write(ans.body)
}

func (s *Server) sendHeader(w http.ResponseWriter, c *call, ans answer) {
	h := w.Header()
	kind := ans.kind
	if kind == "" {
		kind = jsonType
	}
	h.Set("Content-Type", kind)
	h.Set("X-Tt-Logid", c.logID)
	for name, value := range ans.headers { // order does not matter: net/http sorts them
		h.Set(name, value)
	}
	w.WriteHeader(ans.status)
}
