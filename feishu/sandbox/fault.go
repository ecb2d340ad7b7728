package sandbox

import "slices"

// FaultKind is a kind of trouble; Docs says what each does.
type FaultKind string

// The kinds of trouble. "Before commit" is before the request was looked at at
// all; "after commit" is after it was carried out, whatever came of it.
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

// Fault is trouble for the next requests that match. A request takes the first
// fault in the order of Fail that matches it and has not worn out, and only
// that one; Pass lets requests through untouched and so delays the next fault.
type Fault struct {
	Method string // GET, PATCH, POST, an API such as "submit_approve" (see Docs), or "" or "*" for any
	ID     string // the notification or ticket in the path; "" or "*" for any
	Kind   FaultKind
	Count  int // how many requests it hits; 0 counts as 1; Always
	// Value is the kind's argument in its text form (seconds, a status, a
	// duration, field=value …); "" is the kind's default. See Docs.
	Value string
	// Before and After edit the addressed notification, as somebody else, just
	// before and just after the request is carried out, whatever the kind.
	Before, After func(*Notification)
}

// Fail scripts faults, after those scripted earlier. It panics on a fault that
// cannot be, such as an unknown kind: what ParseFault returns never is one.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Kind == "" {
			f.Kind = Pass
		}
		if f.Count == 0 {
			f.Count = 1
		}
		if err := f.check(); err != nil {
			panic("sandbox: " + err.Error())
		}
		s.faults = append(s.faults, f)
	}
}

// FaultsLeft returns how many scripted faults have not worn out, those with
// Count Always not counted: 0 says that all that was scripted has happened.
func (s *Server) FaultsLeft() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	for _, f := range s.faults {
		if f.Count != Always {
			left++
		}
	}
	return left
}

// takeFault uses up the fault for a request, Pass if there is none.
func (s *Server) takeFault(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.fault = Fault{Kind: Pass}
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.matches(c.route, c.request.Method) })
	if i >= 0 {
		c.fault = s.faults[i]
		s.wearOut(i)
	}
	c.record.Fault = c.fault.Kind
}

// wearOut counts down the fault at i. The caller holds s.mu.
func (s *Server) wearOut(i int) {
	if s.faults[i].Count == Always {
		return
	}
	s.faults[i].Count--
	if s.faults[i].Count == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
}

func (f Fault) matches(rt route, method string) bool {
	anyMethod := f.Method == "" || f.Method == "*" || f.Method == method || f.Method == rt.api
	anyID := f.ID == "" || f.ID == "*" || f.ID == rt.id
	return anyMethod && anyID
}
