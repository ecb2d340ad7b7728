package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// seedFile is what Seed reads when it is no array.
type seedFile struct {
	Notification // itself one, if it has its fields

	Notifications []Notification `json:"notifications"`
	Users         []person       `json:"users"`
	Departments   []Department   `json:"departments"`
	Chats         []Chat         `json:"chats"`
	Tickets       []struct {
		ID     string `json:"id"`
		Status int    `json:"status"`
	} `json:"tickets"`

	// A recorded answer of GET is a seed as it stands.
	Code int     `json:"code"`
	Msg  string  `json:"msg"`
	Data *detail `json:"data"`
}

// Seed adds what the server is to know, as JSON: one notification in the shape of GET, an array of
// them, a whole recorded answer of GET, or an object, with or without the fields of a notification:
//
//	{"notifications": […],
//	 "users": [{"open_id": …, "union_id": …, "user_id": …, "name": …, "avatar_url": …,
//	   "email": …, "mobile": …, "standing": "resigned", "frozen" or "not_activated", "outside": true}],
//	 "departments": [{"department_id": …, "name": …}], "chats": [{"chat_id": …, "name": …}],
//	 "tickets": [{"id": …, "status": …}]}
//
// What the server would have set and the seed leaves out is filled in; names given are kept, and
// known from then on. The scope rules are not applied: a seed may hold what the server would
// refuse. All of it is added, or on an error nothing: text that is no such JSON, an unknown field,
// an id twice.
func (s *Server) Seed(src []byte) error {
	seed, err := decodeSeed(src)
	if err != nil {
		return fmt.Errorf(badSeed, seedProblem(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make(map[string]bool)
	for _, n := range seed.Notifications {
		if _, known := s.notifications[n.ID]; n.ID != "" && (known || ids[n.ID]) {
			return fmt.Errorf(seedTwice, n.ID)
		}
		ids[n.ID] = true
	}
	s.introduce(seed)
	now := s.now()
	for i := range seed.Notifications {
		n := &seed.Notifications[i]
		s.fill(n, now)
		s.notifications[n.ID] = n
	}
	return nil
}

// decodeSeed brings the forms of a seed into one.
func decodeSeed(src []byte) (seed seedFile, err error) {
	strict := json.RejectUnknownMembers(true)
	switch jsontext.Value(src).Kind() {
	case '[':
		err = json.Unmarshal(src, &seed.Notifications, strict)
		return seed, err
	case '{':
		err = json.Unmarshal(src, &seed, strict)
	default:
		err = errors.New(seedForm)
	}
	isFile := seed.Notifications != nil || seed.Users != nil || seed.Departments != nil || seed.Chats != nil || seed.Tickets != nil
	isAnswer := seed.Data != nil || seed.Code != 0 || seed.Msg != ""
	switch {
	case err != nil:
	case isAnswer && (seed.Data == nil || seed.Data.Notification == nil):
		err = errors.New(seedRefusal)
	case isAnswer:
		seed.Data.Notification.ApprovalAppLink = seed.Data.ApprovalAppLink
		seed.Notifications = append(seed.Notifications, *seed.Data.Notification)
	}
	if !isFile && !isAnswer || !reflect.ValueOf(seed.Notification).IsZero() {
		seed.Notifications = append(seed.Notifications, seed.Notification)
	}
	return seed, err
}

// seedProblem says in our own words what is wrong; the JSON library's vary from run to run.
func seedProblem(err error) string {
	syntax, isSyntax := errors.AsType[*jsontext.SyntacticError](err)
	kind, isKind := errors.AsType[*json.SemanticError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return seedUnended
	case isSyntax:
		return fmt.Sprintf(seedSyntax, syntax.ByteOffset, syntax.Err)
	case isKind && errors.Is(kind.Err, json.ErrUnknownName):
		return fmt.Sprintf(seedUnknown, string(kind.JSONPointer))
	case isKind:
		return fmt.Sprintf(seedUnexpected, kind.JSONKind, string(kind.JSONPointer))
	}
	return err.Error()
}

// introduce makes the tickets and the names of a seed known. The caller holds s.mu.
func (s *Server) introduce(seed seedFile) {
	for _, p := range seed.Users {
		s.directory.add(p)
	}
	for _, d := range seed.Departments {
		s.directory[target{departments, d.DepartmentID}] = person{OpenID: d.DepartmentID, Name: d.Name}
	}
	for _, c := range seed.Chats {
		s.directory[target{chats, c.ChatID}] = person{OpenID: c.ChatID, Name: c.Name}
	}
	for i := range seed.Notifications {
		seed.Notifications[i].eachTarget(s.directory.learn)
	}
	for _, t := range seed.Tickets {
		s.tickets[t.ID] = t.Status
	}
}

// fill sets what the server would have set. The caller holds s.mu.
func (s *Server) fill(n *Notification, now time.Time) {
	if n.ID == "" {
		n.ID = s.newID()
	}
	n.HelpdeskID = cmp.Or(n.HelpdeskID, DefaultHelpdeskID)
	n.TenantID = cmp.Or(n.TenantID, "1")
	n.CreatedAt = cmp.Or(n.CreatedAt, milliseconds(now))
	if n.CreateUser.UserID == "" {
		n.CreateUser = User{UserID: ownerOpenID}
	}
	if n.UpdateUser.UserID == "" {
		n.UpdateUser = n.CreateUser
	}
	n.TargetUserCount = cmp.Or(n.TargetUserCount, n.audienceSize())
	s.directory.store(n)
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
