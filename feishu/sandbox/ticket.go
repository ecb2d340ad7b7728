package sandbox

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Statuses of a ticket, which are documented: from ticketClosed on it is closed.
const (
	ticketProcessing = 2
	ticketClosed     = 50
)

// Message is a message that was posted to a ticket.
type Message struct {
	ID       string // om_…
	TicketID string
	MsgType  string // "text" or "post"
	Content  string // the content's JSON, taken out of its string if it came in one
}

// SetTicket makes a ticket known with a status: 1 to 5 open, 50 to 52 closed.
func (s *Server) SetTicket(id string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tickets[id] = status
}

// Messages returns what was posted to tickets, in order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// content is a message's content, of a text or of a post.
type content struct {
	Text string `json:"text"`
	Post map[string]struct {
		Title   string `json:"title"`
		Content [][]struct {
			Tag  string  `json:"tag"`
			Href *string `json:"href"`
		} `json:"content"`
	} `json:"post"`
}

func (s *Server) postMessage(c *call) *answer {
	status, found := s.tickets[c.id]
	switch {
	case !found:
		return refuse(codeNotFound)
	case status >= ticketClosed:
		return refuse(codeTicketClosed)
	}
	src, ok := s.switches.object(c.members["content"])
	var parsed content
	if !ok || json.Unmarshal(src, &parsed) != nil || !parsed.isWhole(c.input.MsgType, len(src)) {
		return refuse(codeBadRequest)
	}
	if c.input.MsgType == "post" && parsed.hasBadURL() {
		return refuse(codeTicketBadURL)
	}
	m := Message{ID: fmt.Sprintf("om_%032x", len(s.messages)+1), TicketID: c.id, MsgType: c.input.MsgType, Content: string(src)}
	s.messages = append(s.messages, m)
	return success(map[string]string{"message_id": m.ID})
}

// object takes a content out of its string, if it may come in one.
func (w *switches) object(content jsontext.Value) (object jsontext.Value, ok bool) {
	if content.Kind() != '"' {
		return content, !w.TicketContentString
	}
	var inner string
	err := json.Unmarshal(content, &inner)
	return jsontext.Value(inner), err == nil && !w.TicketContentObject
}

// isWhole says whether a content has what its type asks for, and no more bytes than im/v1 takes.
func (c content) isWhole(msgType string, size int) bool {
	switch msgType {
	case "text":
		return c.Text != "" && size <= 150<<10
	case "post":
		return len(c.Post) > 0 && size <= 30<<10
	}
	return false
}

// hasBadURL looks for links that are not http or https.
func (c content) hasBadURL() bool {
	for _, post := range c.Post {
		for _, e := range slices.Concat(post.Content...) {
			if e.Tag != "a" || e.Href == nil {
				continue
			}
			if u, err := url.Parse(*e.Href); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
				return true
			}
		}
	}
	return false
}
