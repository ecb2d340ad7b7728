package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Statuses of a ticket, which unlike a notification's are documented: from
// ticketClosed on it is closed.
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

// Most bytes of a message's content; im/v1's limits, taken to hold here too.
const (
	maxTextContent = 150 << 10
	maxPostContent = 30 << 10
)

func (s *Server) postMessage(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	status, found := s.tickets[c.id]
	switch {
	case !found:
		return s.refuse(c, codeNotFound, "no such ticket")
	case status >= ticketClosed:
		return s.refuse(c, codeTicketClosed, "the ticket has status "+strconv.Itoa(status))
	}
	b := c.input.(*messageBody)
	content, why := s.switches.messageContent(b)
	if why != "" {
		return s.refuse(c, codeBadRequest, why)
	}
	if b.MsgType.value == "post" && hasBadURL(content) {
		return s.refuse(c, codeTicketBadURL, "a link that is neither http nor https")
	}
	m := Message{ID: fmt.Sprintf("om_%032x", len(s.messages)+1), TicketID: c.id, MsgType: b.MsgType.value, Content: string(content)}
	if c.fault.Kind != NoCommit {
		s.messages = append(s.messages, m)
	}
	return success(`{"message_id":"` + m.ID + `"}`)
}

// messageContent takes a message's content out of its string, checks it and
// says what is wrong with it.
func (w *switches) messageContent(b *messageBody) (content jsontext.Value, why string) {
	content = b.Content
	asString := content.Kind() == '"'
	switch {
	case len(content) == 0 || content.Kind() == 'n':
		return nil, "content is required"
	case asString && w.TicketContentObject, !asString && w.TicketContentString:
		return nil, "content has the wrong form"
	case asString:
		var inner string
		if json.Unmarshal(content, &inner) != nil {
			return nil, "content is no text"
		}
		content = jsontext.Value(inner)
	}
	if content.Kind() != '{' || !content.IsValid() {
		return nil, "content is not a JSON object"
	}
	return content, checkContent(b.MsgType.value, content)
}

// checkContent says what a message of a type lacks.
func checkContent(msgType string, content jsontext.Value) string {
	var c struct {
		Text *string `json:"text"`
		Post map[string]struct {
			Title   string             `json:"title"`
			Content [][]jsontext.Value `json:"content"`
		} `json:"post"`
	}
	if err := json.Unmarshal(content, &c); err != nil {
		return "content: " + err.Error()
	}
	switch {
	case msgType == "text" && (c.Text == nil || *c.Text == ""):
		return "a text without text"
	case msgType == "text" && len(content) > maxTextContent, msgType == "post" && len(content) > maxPostContent:
		return "content is too large"
	case msgType == "post" && len(c.Post) == 0:
		return "a post without post"
	case msgType != "text" && msgType != "post":
		return "msg_type is neither text nor post"
	}
	return ""
}

// hasBadURL looks for links that are not http or https, at any depth.
func hasBadURL(content jsontext.Value) bool {
	var tree any
	if json.Unmarshal(content, &tree) != nil {
		return false
	}
	return anyBadURL(tree)
}

func anyBadURL(tree any) bool {
	switch t := tree.(type) {
	case []any:
		return slices.ContainsFunc(t, anyBadURL)
	case map[string]any:
		if href, isText := t["href"].(string); isText && t["tag"] == "a" && !isWebURL(href) {
			return true
		}
		for _, value := range t {
			if anyBadURL(value) {
				return true
			}
		}
	}
	return false
}

func isWebURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
