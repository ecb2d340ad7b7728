package sandbox

import (
	"fmt"
	"net/http"
	"time"
)

// Request is one request as it was received and answered.
type Request struct {
	Time   time.Time
	Method string
	Path   string // with the query as it was sent
	API    string // "get", "patch" …; "" for a route the API does not have
	ID     string // of the notification or ticket in the path
	Body   string // of a request that writes
	Status int    // HTTP; 0 as long as nothing was answered
	Code   int    // Feishu's
	Reason string // why it was refused, in the sandbox's own words
	LogID  string
	Fault  FaultKind // the scripted fault it met, or Pass
}

// maxRequests bounds the log: of more requests the older half is forgotten.
const maxRequests = 1 << 16

type requestLog struct {
	requests    []*Request
	counts      map[string]int // by method and by API
	total       int
	serial      int // numbers the log ids
	inFlight    int
	maxInFlight int
}

func newRequestLog() requestLog {
	return requestLog{counts: make(map[string]int)}
}

// begin logs a request and gives it a log id.
func (s *Server) begin(c *call) {
	c.record = &Request{
		Time: c.now, Method: c.request.Method, Path: c.request.URL.RequestURI(), API: c.api, ID: c.id,
	}
	if c.request.Method != http.MethodGet {
		c.record.Body = string(c.body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.log
	l.serial++
	c.logID = c.now.UTC().Format("20060102150405") + fmt.Sprintf("%020X", l.serial)
	c.record.LogID = c.logID
	if len(l.requests) == maxRequests {
		l.requests = append(l.requests[:0:0], l.requests[maxRequests/2:]...)
	}
	l.requests = append(l.requests, c.record)
	l.total++
	l.counts[c.record.Method]++
	if c.api != "" {
		l.counts[c.api]++
	}
	l.inFlight++
	l.maxInFlight = max(l.maxInFlight, l.inFlight)
}

// note records what a request is answered.
func (s *Server) note(c *call, ans answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.record.Status, c.record.Code, c.record.Reason = ans.status, ans.code, ans.reason
}

// end says that a request is no longer in the server.
func (s *Server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.inFlight--
}

// Requests returns what was requested, in order of arrival. Of more than
// 65 536 requests the older ones are left out.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.log.requests))
	for i, r := range s.log.requests {
		requests[i] = *r
	}
	return requests
}

// Count returns how many requests came with a method (GET, PATCH, POST) or to
// an API ("get", "submit_approve" …, see Docs), refused ones included; ""
// or "*" counts all.
func (s *Server) Count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if method == "" || method == "*" {
		return s.log.total
	}
	return s.log.counts[method]
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
	fresh := newRequestLog()
	fresh.serial, fresh.inFlight = s.log.serial, s.log.inFlight
	s.log = fresh
}
