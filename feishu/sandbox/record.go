package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Request is one request as it was received and answered.
type Request struct {
	Time   time.Time
	Method string
	Path   string // with the query as it was sent
	ID     string // of the notification or ticket in the path
	Body   string
	Status int       // HTTP; 0 as long as nothing was answered
	Fault  FaultKind // the scripted fault it met, or Pass
}

// maxRequests bounds the log: of more requests the older half is forgotten.
const maxRequests = 1 << 16

type requestLog struct {
	requests    []*Request
	counts      map[string]int // by method, by API, and of all as "*"
	serial      int            // numbers the log ids
	inFlight    int
	maxInFlight int
}

// begin gives a call its log id and its fault, and logs it.
func (s *Server) begin(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.log
	l.serial++
	c.logID = fmt.Sprintf("%s%020X", c.now.UTC().Format("20060102150405"), l.serial)
	c.fault = s.takeFault(c)
	c.record = &Request{
		Time: c.now, Method: c.request.Method, Path: c.request.URL.RequestURI(), ID: c.id, Body: string(c.body), Fault: c.fault.Kind,
	}
	if len(l.requests) == maxRequests {
		l.requests = slices.Clone(l.requests[maxRequests/2:])
	}
	l.requests = append(l.requests, c.record)
	l.counts["*"]++
	l.counts[c.request.Method]++
	if c.api != nil {
		l.counts[c.name]++
	}
	l.inFlight++
	l.maxInFlight = max(l.maxInFlight, l.inFlight)
}

// end notes what a call is answered, and that it is no longer in the server.
func (s *Server) end(c *call, ans *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.record.Status = ans.status
	s.log.inFlight--
}

// Requests returns what was requested, in order of arrival; of more than 65 536 the latest.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.log.requests))
	for i, r := range s.log.requests {
		requests[i] = *r
	}
	return requests
}

// Count returns how many requests came with a method (GET, PATCH, POST) or to an API ("get",
// "submit_approve" …, see Docs), refused ones included; "" or "*" counts all.
func (s *Server) Count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.counts[cmp.Or(method, "*")]
}

// MaxConcurrent returns how many requests were in the server at most at once.
func (s *Server) MaxConcurrent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.maxInFlight
}

// ForgetRequests empties the log and sets the counts to 0.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = requestLog{counts: make(map[string]int), serial: s.log.serial, inFlight: s.log.inFlight}
}
