package feishu

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// The limits that the API page "Send ticket message" gives; both hold.
const (
	ticketsPerSecond = 50
	ticketsPerMinute = 1000
)

// MaxTicketContent is the most bytes of UTF-8 that the content of a ticket message
// may have. The limit is our own: Feishu's is undocumented, and 30 KB for the rich
// text of other messages.
const MaxTicketContent = 20_000

// ticketMessage is the body of a POST to a ticket.
type ticketMessage struct {
	MsgType string         `json:"msg_type"`
	Content jsontext.Value `json:"content"`
}

// PostTicketMessage posts a rich-text message to the ticket with that id and
// returns the message's id, which may be empty. content is the JSON object
// {"post":{LANGUAGE:{"title":…,"content":[[TAG,…],…]}}} of the API page "Send ticket
// message", of at most MaxTicketContent bytes.
//
// A message is never posted twice: it is sent again only when it certainly did
// not reach Feishu, or was refused as too frequent, or because a token that Feishu
// had issued was no longer accepted. After an error that is not IsRefused nobody
// knows whether it was posted, and the error says so.
func (c *Client) PostTicketMessage(ctx context.Context, ticketID string, content []byte) (messageID string, err error) {
	r := request{endpoint: c.api.postTicketMessage, id: ticketID}
	if r.body, err = c.newTicketMessage(content); err != nil {
		return "", r.failUnsent(err)
	}
	if ctx.Err() != nil {
		return "", r.failUnsent(interruption(ctx))
	}
	token, err := c.tenant.usable(ctx, Secret{})
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", r.op, visible(ticketID), err)
	}
	messageID, err = c.postWith(ctx, r, token)
	if c.tenant.fetch == nil || !c.tenant.ended(err) {
		return messageID, err
	}
	if token, err = c.tenant.usable(ctx, token); err != nil {
		return "", fmt.Errorf("%s %s: %w", r.op, visible(ticketID), err)
	}
	return c.postWith(ctx, r, token)
}

// newTicketMessage returns the body of the request that posts content.
func (c *Client) newTicketMessage(content jsontext.Value) (m ticketMessage, err error) {
	switch {
	case len(content) > MaxTicketContent:
		return m, fmt.Errorf(ticketTooLong, len(content), MaxTicketContent)
	case !content.IsValid() || content.Kind() != '{':
		return m, errors.New(ticketNoObject)
	case !c.options.TicketContentObject:
		content, err = jsontext.AppendQuote(nil, content)
	}
	return ticketMessage{"post", content}, err
}

// postWith sends r with that token and returns the id of the message.
func (c *Client) postWith(ctx context.Context, r request, token Secret) (messageID string, err error) {
	r.authorization = bearer(token)
	var answer struct {
		envelope
		Data Lenient[struct {
			MessageID Lenient[string] `json:"message_id"`
		}] `json:"data"`
	}
	_, err = c.send(ctx, r, decodeInto(&answer))
	if e, ok := errors.AsType[*Error](err); ok {
		switch {
		case !e.refused:
			e.reason, e.hint = ticketOutcomeLost, hintTicketOutcomeLost
		case e.hint == "" && lookUp(e.Code).class.is(badCredential):
			e.hint = c.tenantHint()
		}
	}
	return answer.Data.Value.MessageID.Value, err
}
