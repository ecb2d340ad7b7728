package sandbox

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Server is a stand-in helpdesk API; it is an http.Handler and safe for
// concurrent use. New makes one.
type Server struct {
	switches switches
	apis     []*api
	open     atomic.Int64 // connections; see OpenConnections

	mu            sync.Mutex // for all that follows
	limits        []*limit
	notifications map[string]*Notification // replaced, never changed in place
	scheduled     map[string]bool          // by execute_send, so that the clock moves them
	created       int                      // numbers the ids of what was created
	directory     directory
	tokens        map[string]token
	minted        mint
	tickets       map[string]int // their statuses
	messages      []Message
	faults        []Fault
	log           requestLog
}

// New makes a server. The error joins one for each setting that is none.
func New(o Options) (*Server, error) {
	s := &Server{
		apis:          apis(),
		limits:        documentedLimits(),
		notifications: make(map[string]*Notification),
		scheduled:     make(map[string]bool),
		directory:     make(directory),
		tokens:        sampleTokens(),
		tickets:       map[string]int{DefaultTicketID: ticketProcessing},
		log:           requestLog{counts: make(map[string]int)},
	}
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

// ServeHTTP answers one request. To cut the connection it panics with
// http.ErrAbortHandler, which net/http understands.
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

// maxBody is how many bytes of a request are read.
const maxBody = 16 << 20

// answer takes a request through the fault that it meets and the checks, and sets the answer's
// headers.
func (s *Server) answer(header http.Header, r *http.Request) *answer {
	c := &call{request: r, header: header, now: time.Now()}
	c.api, c.id = s.route(r)
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

// process takes a call through the checks, in an order of which only the beginning was observed,
// and carries it out.
func (s *Server) process(c *call) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.fault.Kind == NoCommit { // what was done is taken back
		notifications, scheduled, messages := maps.Clone(s.notifications), maps.Clone(s.scheduled), s.messages
		defer func() { s.notifications, s.scheduled, s.messages = notifications, scheduled, messages }()
	}
	switch {
	case c.api == nil:
		return s.unknownRoute()
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
