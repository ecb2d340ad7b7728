package feishu

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// peopleAtOnce is how many e-mail addresses, and how many mobile numbers, one call takes.
const peopleAtOnce = 50

// Standing is what the address book says about somebody.
type Standing string

// The standings. Who is not there, is outside of what the app may see, or is written to at an
// enterprise mailbox, has the first: the API tells no difference. Present is who was found by an app
// that may not see more.
const (
	Unknown      Standing = "unknown"
	Present      Standing = "present"
	Active       Standing = "active"
	NotActivated Standing = "not-activated" // was invited and never came
	Frozen       Standing = "frozen"
	Resigned     Standing = "resigned"
)

// Person is who has an e-mail address or a mobile number.
type Person struct {
	Asked    string // the address or number, as it was asked for
	OpenID   string // "" for unknown
	Name     string // "" where the app may not see it
	Standing Standing
}

type personStatus struct {
	Frozen    Lenient[bool]  `json:"is_frozen"`
	Resigned  Lenient[bool]  `json:"is_resigned"`
	Exited    Lenient[bool]  `json:"is_exited"`
	Unjoined  Lenient[bool]  `json:"is_unjoin"`
	Activated Lenient[*bool] `json:"is_activated"`
}

// standing is what the status says, of which everything is left out that the app may not see.
func (s personStatus) standing() Standing {
	switch activated := s.Activated.Value; {
	case s.Resigned.Value || s.Exited.Value:
		return Resigned
	case s.Frozen.Value:
		return Frozen
	case s.Unjoined.Value || activated != nil && !*activated:
		return NotActivated
	case activated == nil:
		return Present
	}
	return Active
}

// FindPeople finds who has an e-mail address or a mobile number, each in the place it was asked at.
// Who is found only among those who have left is Resigned, whatever else the app may see.
func (c *Client) FindPeople(ctx context.Context, asked []string) ([]Person, error) {
	found := make([]Person, len(asked))
	for i, a := range asked {
		found[i] = Person{Asked: a, Standing: Unknown}
	}
	for _, withResigned := range []bool{false, true} {
		var missing []*Person
		for i := range found {
			if found[i].OpenID == "" {
				missing = append(missing, &found[i])
			}
		}
		for some := range slices.Chunk(missing, peopleAtOnce) {
			if err := c.findSome(ctx, some, withResigned); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// findSome asks for some people in one call (the API page "Obtain user ID via email or mobile number").
func (c *Client) findSome(ctx context.Context, some []*Person, withResigned bool) error {
	var answer struct {
		envelope
		Data Lenient[struct {
			List Lenient[[]struct {
				UserID Lenient[string]       `json:"user_id"`
				Email  Lenient[string]       `json:"email"`
				Mobile Lenient[string]       `json:"mobile"`
				Status Lenient[personStatus] `json:"status"`
			}] `json:"user_list"`
		}] `json:"data"`
	}
	body := struct {
		Emails   []string `json:"emails,omitzero"`
		Mobiles  []string `json:"mobiles,omitzero"`
		Resigned bool     `json:"include_resigned"`
	}{Resigned: withResigned}
	for _, p := range some {
		if isEmail(p.Asked) {
			body.Emails = append(body.Emails, p.Asked)
		} else {
			body.Mobiles = append(body.Mobiles, p.Asked)
		}
	}
	r := request{endpoint: c.api.findPeople, query: userIDQuery("open_id"), body: body}
	_, err := c.sendAsApp(ctx, r, decodeInto(&answer))
	for _, u := range answer.Data.Value.List.Value {
		for _, p := range some {
			if u.UserID.Value == "" || !samePerson(p.Asked, u.Email.Value, u.Mobile.Value) {
				continue
			}
			p.OpenID, p.Standing = u.UserID.Value, u.Status.Value.standing()
			if withResigned {
				p.Standing = Resigned
			}
		}
	}
	return err
}

func isEmail(text string) bool { return strings.Contains(text, "@") }

// samePerson reports whether an entry of an answer is about what was asked for. A number may come
// back with its country.
func samePerson(asked, email, mobile string) bool {
	if isEmail(asked) {
		return strings.EqualFold(asked, email)
	}
	return mobile != "" && strings.TrimPrefix(asked, "+86") == strings.TrimPrefix(mobile, "+86")
}

// NamePeople adds the names of those who were found, as far as the app may see them, and what their
// status says besides.
func (c *Client) NamePeople(ctx context.Context, people []Person) error {
	var ids []string
	for _, p := range people {
		if p.OpenID != "" && !slices.Contains(ids, p.OpenID) {
			ids = append(ids, p.OpenID)
		}
	}
	for some := range slices.Chunk(ids, peopleAtOnce) {
		if err := c.nameSome(ctx, some, people); err != nil {
			return err
		}
	}
	return nil
}

// nameSome asks for the names of some in one call (the API page "Obtain user information in batches").
func (c *Client) nameSome(ctx context.Context, ids []string, people []Person) error {
	var answer struct {
		envelope
		Data Lenient[struct {
			Items Lenient[[]struct {
				OpenID Lenient[string]       `json:"open_id"`
				Name   Lenient[string]       `json:"name"`
				Status Lenient[personStatus] `json:"status"`
			}] `json:"items"`
		}] `json:"data"`
	}
	query := url.Values{"user_id_type": {"open_id"}, "user_ids": ids}.Encode()
	_, err := c.sendAsApp(ctx, request{endpoint: c.api.getPeople, query: query}, decodeInto(&answer))
	for _, item := range answer.Data.Value.Items.Value {
		for i := range people {
			if p := &people[i]; p.OpenID == item.OpenID.Value && p.OpenID != "" {
				p.Name = item.Name.Value
				if p.Standing == Present {
					p.Standing = item.Status.Value.standing()
				}
			}
		}
	}
	return err
}
