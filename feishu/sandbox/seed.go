package sandbox

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// seedFile is what Seed reads when it is neither one notification nor an array.
type seedFile struct {
	Notifications []Notification `json:"notifications"`
	Users         []person       `json:"users"`
	Departments   []Department   `json:"departments"`
	Chats         []Chat         `json:"chats"`
	Tickets       []ticketSeed   `json:"tickets"`

	// A recorded answer of GET is a seed as it stands.
	Code int    `json:"code"`
	Msg  string `json:"msg"`
	Data *struct {
		Notification    Notification `json:"notification"`
		ApprovalAppLink string       `json:"approval_app_link"`
	} `json:"data"`
}

type ticketSeed struct {
	ID     string `json:"id"`
	Status int    `json:"status"`
}

// Seed adds what the server is to know, as JSON: one notification in the shape
// of GET, an array of them, a whole recorded answer of GET, or an object
//
//	{"notifications": […],
//	 "users": [{"open_id": …, "union_id": …, "user_id": …, "name": …, "avatar_url": …}],
//	 "departments": [{"department_id": …, "name": …}], "chats": [{"chat_id": …, "name": …}],
//	 "tickets": [{"id": …, "status": …}]}
//
// What the server would have set and the seed leaves out is filled in; names
// given are kept, and known from then on. The scope rules are not applied: a
// seed may hold what the server would refuse. All of it is added, or on an
// error nothing: text that is no such JSON, an unknown field, an id twice.
func (s *Server) Seed(src []byte) error {
	seed, err := decodeSeed(src)
	if err != nil {
		return fmt.Errorf("seed: %s", seedProblem(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make(map[string]bool)
	for _, n := range seed.Notifications {
		if _, known := s.notifications[n.ID]; n.ID != "" && (known || ids[n.ID]) {
			return fmt.Errorf("seed: notification %s is there already", n.ID)
		}
		ids[n.ID] = true
	}
	s.directory = s.directory.extended(seed)
	for _, t := range seed.Tickets {
		s.tickets[t.ID] = t.Status
	}
	now := time.Now()
	for i := range seed.Notifications {
		s.fill(&seed.Notifications[i], now)
		s.notifications[seed.Notifications[i].ID] = &seed.Notifications[i]
	}
	return nil
}

// seedProblem says in our own words why a seed could not be decoded; those of the JSON
// library vary from one run to the next.
func seedProblem(err error) string {
	syntax, isSyntax := errors.AsType[*jsontext.SyntacticError](err)
	kind, isKind := errors.AsType[*json.SemanticError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON does not end"
	case isSyntax:
		return fmt.Sprintf("invalid JSON after byte %d: %v", syntax.ByteOffset, syntax.Err)
	case isKind && errors.Is(kind.Err, json.ErrUnknownName):
		return fmt.Sprintf("unknown field at %q", string(kind.JSONPointer))
	case isKind:
		return fmt.Sprintf("unexpected %v at %q", kind.JSONKind, string(kind.JSONPointer))
	default:
		return err.Error()
	}
}

// decodeSeed brings the forms of a seed into one.
func decodeSeed(src []byte) (seedFile, error) {
	strict := json.RejectUnknownMembers(true)
	var seed seedFile
	switch jsontext.Value(src).Kind() {
	case '[':
		err := json.Unmarshal(src, &seed.Notifications, strict)
		return seed, err
	case '{':
	default:
		return seed, errors.New("neither a JSON object nor an array")
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(src, &members); err != nil {
		return seed, err
	}
	if !isSeedFile(members) {
		seed.Notifications = make([]Notification, 1)
		err := json.Unmarshal(src, &seed.Notifications[0], strict)
		return seed, err
	}
	err := json.Unmarshal(src, &seed, strict)
	if err == nil && seed.Data != nil {
		n := seed.Data.Notification
		n.ApprovalAppLink = seed.Data.ApprovalAppLink
		seed.Notifications = append(seed.Notifications, n)
	}
	return seed, err
}

func isSeedFile(members map[string]jsontext.Value) bool {
	for _, name := range []string{"notifications", "users", "departments", "chats", "tickets", "data"} {
		if _, found := members[name]; found {
			return true
		}
	}
	return false
}

// extended returns a directory that also knows what a seed tells.
func (d *directory) extended(seed seedFile) *directory {
	d = d.clone()
	for _, p := range seed.Users {
		d.addPerson(p)
	}
	for _, dep := range seed.Departments {
		d.departments[dep.DepartmentID] = dep.Name
	}
	for _, chat := range seed.Chats {
		d.chats[chat.ChatID] = chat.Name
	}
	for i := range seed.Notifications {
		d.learn(&seed.Notifications[i])
	}
	return d
}

// fill sets what the server would have set. The caller holds s.mu.
func (s *Server) fill(n *Notification, now time.Time) {
	if n.ID == "" {
		n.ID = s.newID()
	}
	if n.HelpdeskID == "" {
		n.HelpdeskID = DefaultHelpdeskID
	}
	if n.TenantID == "" {
		n.TenantID = "1"
	}
	if n.CreatedAt == "" {
		n.CreatedAt = milliseconds(now)
	}
	if n.CreateUser.UserID == "" {
		n.CreateUser = User{UserID: ownerOpenID}
	}
	if n.UpdateUser.UserID == "" {
		n.UpdateUser = n.CreateUser
	}
	if n.TargetUserCount == 0 {
		n.TargetUserCount = audienceSize(n)
	}
	for i, u := range n.UserList {
		n.UserList[i].UserID = s.directory.canonical(u.UserID)
	}
}

// newID returns a notification id that is not in use. The caller holds s.mu.
func (s *Server) newID() string {
	for {
		s.created++
		id := fmt.Sprintf("70000000000%08d", s.created)
		if _, used := s.notifications[id]; !used {
			return id
		}
	}
}
