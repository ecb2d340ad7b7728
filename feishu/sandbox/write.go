package sandbox

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

func (s *Server) patch(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, refused := s.addressed(c)
	if refused != nil {
		return *refused
	}
	if old.Status != statusDraft {
		return s.refuseState(c, old)
	}
	n := old.clone()
	if why := s.overlay(c, &n, s.switches.PatchRulesBody); why != "" {
		return s.refuse(c, codeBadRequest, why)
	}
	s.commit(c, &n)
	return success("{}")
}

func (s *Server) create(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused := s.refuseRole(c); refused != nil {
		return *refused
	}
	b := c.input.(*notificationBody)
	if !b.PushType.given || b.PushType.null || !b.PushScopeType.given || b.PushScopeType.null {
		return s.refuse(c, codeBadRequest, "push_type and push_scope_type are required")
	}
	author := User{UserID: ownerOpenID}
	n := Notification{
		ID: s.newID(), HelpdeskID: DefaultHelpdeskID, TenantID: "1",
		CreateUser: author, UpdateUser: author, CreatedAt: milliseconds(c.now),
	}
	if why := s.overlay(c, &n, false); why != "" {
		return s.refuse(c, codeBadRequest, why)
	}
	if c.fault.Kind != NoCommit {
		s.notifications[n.ID] = &n
	}
	return success(`{"notification_id":"` + n.ID + `","status":0}`)
}

// commit stores what a request made of a notification. The caller holds s.mu.
func (s *Server) commit(c *call, n *Notification) {
	if c.fault.Kind == NoCommit {
		return
	}
	n.UpdatedAt, n.UpdateUser = milliseconds(c.now), User{UserID: ownerOpenID}
	s.notifications[n.ID] = n
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func (s *Server) refuseState(c *call, n *Notification) answer {
	code := codeBadRequest
	if s.switches.WrongState154005 {
		code = codeNotAllowed
	}
	return s.refuse(c, code, fmt.Sprintf("not possible with status %d", n.Status))
}

// overlay puts a body over n and returns why the result is refused, or "".
// With bodyAlone the scope rules look at the body and not at the result. The
// caller holds s.mu.
func (s *Server) overlay(c *call, n *Notification, bodyAlone bool) string {
	b := c.input.(*notificationBody)
	if b.hasServerFields() && s.switches.ServerFieldsRefused {
		return "a field that the server sets"
	}
	m := merger{&s.switches, s.directory, c.idType}
	if why := m.checkLists(b); why != "" {
		return why
	}
	m.reduce(b)
	judged := n
	if bodyAlone {
		judged = new(Notification)
		m.merge(judged, b)
	}
	m.merge(n, b)
	if why := s.checkFields(n, c.now); why != "" {
		return why
	}
	if s.switches.ScopeRulesSubmit || s.switches.ScopeRulesOff {
		return ""
	}
	return s.switches.breach(judged)
}

// checkFields looks at the fields that are no lists, one by one.
func (s *Server) checkFields(n *Notification, now time.Time) string {
	if n.JobName == "" {
		return "job_name is required"
	}
	if !s.switches.CardCheckOff && !isObject(n.PushContent) {
		return "push_content is not a JSON object"
	}
	if n.SendAt == "" {
		return ""
	}
	at, err := strconv.ParseInt(n.SendAt, 10, 64)
	if err != nil || at < 0 {
		return "send_at is not a number of milliseconds"
	}
	if s.switches.SendAtFuture && at <= now.UnixMilli() {
		return "send_at has passed"
	}
	return ""
}

func isObject(card string) bool {
	v := jsontext.Value(card)
	return v.Kind() == '{' && v.IsValid(jsontext.AllowDuplicateNames(true))
}
