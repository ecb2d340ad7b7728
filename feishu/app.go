package feishu

import (
	"context"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// What only reads, and is asked as the app: with a tenant access token, so that no user has to be
// logged in. None of it changes anything at Feishu.

// NewForApp returns a Client that may do what takes a tenant access token and no helpdesk. It fails
// with what keeps s from that.
func NewForApp(s Settings, o Options) (*Client, error) {
	if err := s.CheckTenant(); err != nil {
		return nil, err
	}
	return newClient(s, o)
}

// CheckTenant returns what keeps s from being used as the app: the address, and a tenant access
// token or an app to get one for.
func (s Settings) CheckTenant() error {
	_, problem := parseBaseURL(s.BaseURL)
	list := settingErrors(nil).add(envBaseURL, problem, whereBaseURL)
	for _, e := range s.unread {
		switch e.Setting() {
		case envAppSecret, envTenantAccessToken:
			list = append(list, e)
		}
	}
	return list.requireTenant(s).orNil()
}

// sendAsApp sends a request that only reads with the tenant's token, and once more with another one
// when the first counts no longer.
func (c *Client) sendAsApp(ctx context.Context, r request, decode func([]byte) (head, error)) (logID string, err error) {
	token, err := c.tenant.usable(ctx, Secret{})
	if err != nil {
		return "", err
	}
	r.authorization = bearer(token)
	logID, err = c.send(ctx, r, decode)
	if c.tenant.fetch != nil && c.tenant.ended(err) {
		if token, err = c.tenant.usable(ctx, token); err != nil {
			return "", err
		}
		r.authorization = bearer(token)
		logID, err = c.send(ctx, r, decode)
	}
	if e, ok := errors.AsType[*Error](err); ok && e.hint == "" && lookUp(e.Code).class.is(badCredential) {
		e.hint = c.tenantHint()
	}
	return logID, err
}

// AppScope is a scope that the app asks for.
type AppScope struct {
	Name    string
	Granted bool // by the tenant's administrator
}

// AppScopes returns the scopes of the app.
func (c *Client) AppScopes(ctx context.Context) ([]AppScope, error) {
	var answer struct {
		envelope
		Data Lenient[struct {
			Scopes Lenient[[]struct {
				Name   Lenient[string] `json:"scope_name"`
				Status Lenient[int]    `json:"grant_status"` // 1 granted, 2 not
			}] `json:"scopes"`
		}] `json:"data"`
	}
	_, err := c.sendAsApp(ctx, request{endpoint: c.api.getAppScopes}, decodeInto(&answer))
	var scopes []AppScope
	for _, s := range answer.Data.Value.Scopes.Value {
		scopes = append(scopes, AppScope{s.Name.Value, s.Status.Value == 1})
	}
	return scopes, err
}

// Ticket is what is asked about a ticket before it is to be told something.
type Ticket struct {
	HelpdeskID string
	Closed     bool // it takes no messages
}

// GetTicket reads the ticket with that id.
func (c *Client) GetTicket(ctx context.Context, id string) (Ticket, error) {
	const closed = 50 // the first of the statuses of tickets that have ended (the API page "Get ticket")
	var answer struct {
		envelope
		Data Lenient[struct {
			Ticket Lenient[struct {
				HelpdeskID Lenient[jsontext.Value] `json:"helpdesk_id"`
				Status     Lenient[int]            `json:"status"`
			}] `json:"ticket"`
		}] `json:"data"`
	}
	_, err := c.sendAsApp(ctx, request{endpoint: c.api.getTicket, id: id}, decodeInto(&answer))
	t := answer.Data.Value.Ticket.Value
	return Ticket{strings.Trim(string(t.HelpdeskID.Value), `"`), t.Status.Value >= closed}, err
}
