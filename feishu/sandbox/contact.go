package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// The address book, as far as it tells open_ids: who the seeds introduce with an e-mail address or a
// mobile number.

// mostPeople is how many people one call may be about, of either kind.
const mostPeople = 50

// status is the object of that name of a user.
func (p person) status() map[string]bool {
	return map[string]bool{
		"is_frozen": p.Standing == "frozen", "is_resigned": p.Standing == "resigned", "is_exited": false,
		"is_activated": p.Standing != "not_activated" && p.Standing != "resigned", "is_unjoin": false,
	}
}

// findPeople answers batch_get_id: an entry for each address and number, without user_id where
// nobody is found.
func (s *Server) findPeople(c *call) *answer {
	var asked struct {
		Emails   []string `json:"emails"`
		Mobiles  []string `json:"mobiles"`
		Resigned bool     `json:"include_resigned"`
	}
	switch refused := cmp.Or(s.checkToken(c), s.checkUserIDType(c)); {
	case refused != nil:
		return refused
	case json.Unmarshal(c.body, &asked) != nil:
		return refuse(codeJSON)
	case len(asked.Emails) > mostPeople || len(asked.Mobiles) > mostPeople:
		return refuse(codeFieldValidation)
	}
	list := []map[string]any{}
	find := func(field, value string, is func(person) bool) {
		entry := map[string]any{field: value}
		if p, found := s.directory.who(is); found && !p.Outside && (p.Standing != "resigned" || asked.Resigned) {
			entry["user_id"] = s.directory.as(users, p.OpenID, c.idType)
			if !s.switches.ContactFieldsWithheld {
				entry["status"] = p.status()
			}
		}
		list = append(list, entry)
	}
	for _, email := range asked.Emails {
		find("email", email, func(p person) bool { return p.Email != "" && strings.EqualFold(p.Email, email) })
	}
	for _, mobile := range asked.Mobiles {
		find("mobile", mobile, func(p person) bool {
			return p.Mobile != "" && strings.TrimPrefix(p.Mobile, "+86") == strings.TrimPrefix(mobile, "+86")
		})
	}
	return success(map[string]any{"user_list": list})
}

// who finds somebody; one person stands in the directory under several ids.
func (d directory) who(is func(person) bool) (found person, ok bool) {
	for key, p := range d {
		if key.kind == users && is(p) {
			return p, true
		}
	}
	return person{}, false
}

// getPeople answers users/batch.
func (s *Server) getPeople(c *call) *answer {
	ids := c.request.URL.Query()["user_ids"]
	switch refused := cmp.Or(s.checkToken(c), s.checkUserIDType(c)); {
	case refused != nil:
		return refused
	case len(ids) == 0 || len(ids) > mostPeople:
		return refuse(codeFieldValidation)
	case slices.ContainsFunc(ids, func(id string) bool { return s.directory[target{users, id}].Outside }):
		return refuse(codeOutside)
	}
	items := []map[string]any{}
	for _, id := range ids {
		p, known := s.directory[target{users, id}]
		if !known || s.directory.as(users, id, c.idType) != id {
			continue
		}
		item := map[string]any{"open_id": p.OpenID, "union_id": p.UnionID, "user_id": p.UserID}
		if !s.switches.ContactFieldsWithheld {
			item["name"], item["status"] = p.Name, p.status()
		}
		items = append(items, item)
	}
	return success(map[string]any{"items": items})
}

// getTicket answers what is known of a ticket.
func (s *Server) getTicket(c *call) *answer {
	status, found := s.tickets[c.id]
	if !found {
		return refuse(codeNotFound)
	}
	return success(map[string]any{"ticket": map[string]any{"ticket_id": c.id, "helpdesk_id": DefaultHelpdeskID, "status": status}})
}
