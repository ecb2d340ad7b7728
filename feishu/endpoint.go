package feishu

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// endpoint is one API of Feishu: what shares a limit.
type endpoint struct {
	op           string // what a request does, for errors
	method, path string // path as a template
	id           string // the name of what the template leaves open; "" for nothing
	codes        []apiCode
	repeat       repeat
	limit        *limiter
}

// repeat says when the client sends a request again by itself.
type repeat int

const (
	repeatNever   repeat = iota + 1 // whoever sent it looks first at what it would overwrite
	repeatUnsent                    // when it was certainly not taken: refused as too frequent, or never left
	repeatUnknown                   // also when nobody knows whether it was carried out
)

// endpoints are the APIs that a client speaks to.
type endpoints struct {
	getNotification, patchNotification, postTicketMessage, getTenantToken *endpoint
}

func newEndpoints(o Options) endpoints {
	const (
		notification = "/open-apis/helpdesk/v1/notifications/:notification_id"
		messages     = "/open-apis/helpdesk/v1/tickets/:ticket_id/messages"
		tenantToken  = "/open-apis/auth/v3/tenant_access_token/internal"
	)
	return endpoints{
		getNotification: &endpoint{
			op: opGetNotification, method: http.MethodGet, path: notification, id: "notification_id",
			repeat: repeatUnknown, limit: newLimiter(perMinute(rate(o.ReadRate, ReadLimit))),
		},
		patchNotification: &endpoint{
			op: opPatchNotification, method: http.MethodPatch, path: notification, id: "notification_id",
			repeat: repeatNever, limit: newLimiter(perMinute(rate(o.WriteRate, WriteLimit))),
		},
		postTicketMessage: &endpoint{
			op: opPostTicketMessage, method: http.MethodPost, path: messages, id: "ticket_id", codes: ticketCodes(),
			repeat: repeatUnsent, limit: newLimiter(perSecond(ticketsPerSecond), perMinute(ticketsPerMinute)),
		},
		getTenantToken: &endpoint{
			op: opGetTenantToken, method: http.MethodPost, path: tenantToken, codes: tenantTokenCodes(),
			repeat: repeatUnknown, limit: newLimiter(), // asking again changes nothing and brings the same token
		},
	}
}

// request is one intent; it may take several attempts.
type request struct {
	*endpoint
	id            string // what stands for the endpoint's id
	query         string // without the question mark
	authorization Secret // the header's value; without one, no credential goes along at all
	body          any    // nil for none
	slot          *WriteSlot
}

// url returns the request's address; the id is one segment of its path, whatever is in it.
func (r request) url(base string) (string, error) {
	path := r.path
	if r.endpoint.id != "" {
		if r.id == "" || r.id == "." || r.id == ".." {
			return "", fmt.Errorf(isNoID, r.id, strings.ReplaceAll(r.endpoint.id, "_", " "))
		}
		path = strings.Replace(path, ":"+r.endpoint.id, url.PathEscape(r.id), 1)
	}
	if r.query != "" {
		path += "?" + r.query
	}
	return base + path, nil
}
