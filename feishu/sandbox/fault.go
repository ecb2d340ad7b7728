package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a kind of trouble; Docs says what each does.
type FaultKind string

// The kinds of trouble. "Before commit" is before the request was looked at at all; "after commit"
// is after it was carried out, whatever came of it.
const (
	Pass              FaultKind = "pass"
	Throttle          FaultKind = "throttle"
	ErrorBeforeCommit FaultKind = "error-before-commit"
	ErrorAfterCommit  FaultKind = "error-after-commit"
	DropBeforeCommit  FaultKind = "drop-before-commit"
	DropAfterCommit   FaultKind = "drop-after-commit"
	DropInAnswer      FaultKind = "drop-in-answer"
	Slow              FaultKind = "slow"
	Hang              FaultKind = "hang"
	HangAfterCommit   FaultKind = "hang-after-commit"
	Truncate          FaultKind = "truncate"
	HTML              FaultKind = "html"
	Redirect          FaultKind = "redirect"
	ContentType       FaultKind = "content-type"
	Huge              FaultKind = "huge"
	Garbage           FaultKind = "garbage"
	NoCommit          FaultKind = "no-commit"
	EditBefore        FaultKind = "edit-before"
	EditAfter         FaultKind = "edit-after"
	LeaveDraft        FaultKind = "leave-draft"
)

// Always as a Fault's Count never wears out.
const Always = -1

// Fault is trouble for the next requests that match. A request takes the first fault in the order
// of Fail that matches it and has not worn out, and only that one; Pass lets requests through
// untouched and so delays the next fault.
type Fault struct {
	Method string // GET, PATCH, POST, an API such as "submit_approve" (see Docs), or "" or "*" for any
	ID     string // the notification or ticket in the path; "" or "*" for any
	Kind   FaultKind
	Count  int // how many requests it hits; 0 counts as 1; Always
	// Value is the kind's argument in its text form (seconds, a status, a duration, field=value …);
	// "" is the kind's default. See Docs.
	Value string
	// Before and After edit the addressed notification, as somebody else, just before and just
	// after the request is carried out, whatever the kind.
	Before, After func(*Notification)
}

// Fail scripts faults, after those scripted earlier. It panics on a fault that cannot be, such as
// an unknown kind: what ParseFault returns never is one.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		f.Kind, f.Count = cmp.Or(f.Kind, Pass), cmp.Or(f.Count, 1)
		row, err := f.check()
		if err != nil {
			panic(err)
		}
		f.Value = cmp.Or(f.Value, row.fallback)
		s.faults = append(s.faults, f)
	}
}

// FaultsLeft returns how many scripted faults have not worn out, those with Count Always not
// counted: 0 says that all that was scripted has happened.
func (s *Server) FaultsLeft() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(s.faults), func(f Fault) bool { return f.Count == Always }))
}

// takeFault uses up the fault for a call, Pass if there is none. The caller holds s.mu.
func (s *Server) takeFault(c *call) Fault {
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.hits(c) })
	if i < 0 {
		return Fault{Kind: Pass}
	}
	f := s.faults[i]
	if f.Count == 1 {
		s.faults = slices.Delete(s.faults, i, i+1)
	} else if f.Count != Always {
		s.faults[i].Count--
	}
	return f
}

func (f Fault) hits(c *call) bool {
	anyMethod := f.Method == "" || f.Method == "*" || f.Method == c.request.Method || c.api != nil && f.Method == c.name
	return anyMethod && (f.ID == "" || f.ID == "*" || f.ID == c.id)
}

// faultBefore brings on what happens before a call is looked at; with an answer it ends there.
func (s *Server) faultBefore(c *call) *answer {
	f := c.fault
	if f.Before != nil {
		s.Edit(c.id, f.Before)
	}
	switch f.Kind {
	case Throttle:
		return s.throttled(100, f.Value)
	case ErrorBeforeCommit:
		return scriptedError(f.Value)
	case HTML:
		return gatewayPage(atoi(f.Value))
	case Redirect:
		return &answer{status: http.StatusTemporaryRedirect, kind: "text/plain", body: []byte{}, header: http.Header{"Location": {f.Value}}}
	case DropBeforeCommit:
		return new(answer)
	case Hang:
		<-c.request.Context().Done()
		return new(answer)
	case Slow:
		d, _ := time.ParseDuration(f.Value)
		select {
		case <-time.After(d):
			c.now = s.now()
		case <-c.request.Context().Done():
			return new(answer)
		}
	case EditBefore:
		s.Edit(c.id, f.edit)
	case LeaveDraft:
		s.SetStatus(c.id, atoi(f.Value))
	}
	return nil
}

// faultAfter brings on what happens once a call was carried out, and to its answer.
func (s *Server) faultAfter(c *call, ans *answer) *answer {
	f := c.fault
	if f.After != nil {
		s.Edit(c.id, f.After)
	}
	switch f.Kind {
	case EditAfter:
		s.Edit(c.id, f.edit)
	case ErrorAfterCommit:
		return scriptedError(f.Value)
	case DropAfterCommit:
		return new(answer)
	case HangAfterCommit:
		<-c.request.Context().Done()
		return new(answer)
	case DropInAnswer:
		ans.cut = true
	case Truncate:
		ans.truncated = true
	case ContentType:
		ans.kind = f.Value
	case Huge:
		ans.blanks = atoi(f.Value)
	}
	return ans
}

// scriptedError is STATUS/CODE as JSON, or STATUS as the page of a gateway.
func scriptedError(value string) *answer {
	status, code, hasCode := strings.Cut(value, "/")
	if !hasCode {
		return gatewayPage(atoi(status))
	}
	return refuse(atoi(code)).under(atoi(status))
}

func gatewayPage(status int) *answer {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	return page(status, "text/html", "<html>\r\n<head><title>"+title+"</title></head>\r\n<body>\r\n<center><h1>"+title+
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n")
}

// atoi reads a number; of a fault's argument it was checked that it is one.
func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
