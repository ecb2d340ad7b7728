package feishu

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// endpoint is one API of Feishu: one method of one path, with a limit of its own.
type endpoint struct {
	op           string    // what a request does, as errors begin
	method, path string    // the path as a template
	idField      string    // the API's name of the id that the template leaves open; "" for none
	codes        []apiCode // what they mean for this API
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
	getNotification, patchNotification, createNotification      *endpoint
	postTicketMessage, getTenantToken                           *endpoint
	getUserInfo, getAppScopes, getTicket, findPeople, getPeople *endpoint // that only look
}

func newEndpoints(o Options) endpoints {
	e := lookingEndpoints()
	e.speakingEndpoints(o)
	return e
}

// lookingEndpoints are those of doctor and who.
func lookingEndpoints() endpoints {
	contact := func() *limiter { return newLimiter(perSecond(ticketsPerSecond), perMinute(ticketsPerMinute)) }
	return endpoints{
		getUserInfo: &endpoint{
			op: opReach, method: http.MethodGet, path: "/open-apis/authen/v1/user_info", repeat: repeatNever, limit: newLimiter(),
		},
		getAppScopes: &endpoint{
			op: opGetAppScopes, method: http.MethodGet, path: "/open-apis/application/v6/scopes", codes: appScopesCodes(), repeat: repeatUnknown, limit: newLimiter(),
		},
		getTicket: &endpoint{
			op: opGetTicket, method: http.MethodGet, path: "/open-apis/helpdesk/v1/tickets/:ticket_id", idField: "ticket_id", codes: ticketCodes(),
			repeat: repeatUnknown, limit: newLimiter(),
		},
		findPeople: &endpoint{
			op: opFindPeople, method: http.MethodPost, path: "/open-apis/contact/v3/users/batch_get_id",
			repeat: repeatUnknown, limit: contact(), // a POST that only reads
		},
		getPeople: &endpoint{
			op: opGetPeople, method: http.MethodGet, path: "/open-apis/contact/v3/users/batch", codes: contactCodes(),
			repeat: repeatUnknown, limit: contact(),
		},
	}
}

// speakingEndpoints adds those of what notiform is for.
func (e *endpoints) speakingEndpoints(o Options) {
	const (
		createPath       = "/open-apis/helpdesk/v1/notifications"
		notificationPath = createPath + "/:notification_id"
		messagesPath     = "/open-apis/helpdesk/v1/tickets/:ticket_id/messages"
		tenantTokenPath  = "/open-apis/auth/v3/tenant_access_token/internal"
	)
	e.getNotification = &endpoint{
		op: opGetNotification, method: http.MethodGet, path: notificationPath, idField: "notification_id",
		repeat: repeatUnknown, limit: newLimiter(perMinute(cmp.Or(o.ReadRate, ReadLimit))),
	}
	e.patchNotification = &endpoint{
		op: opPatchNotification, method: http.MethodPatch, path: notificationPath, idField: "notification_id",
		repeat: repeatNever, limit: newLimiter(perMinute(cmp.Or(o.WriteRate, WriteLimit))),
	}
	e.createNotification = &endpoint{
		op: opCreateNotification, method: http.MethodPost, path: createPath,
		repeat: repeatNever, limit: newLimiter(perMinute(cmp.Or(o.CreateRate, CreateLimit))),
	}
	e.postTicketMessage = &endpoint{
		op: opPostTicketMessage, method: http.MethodPost, path: messagesPath, idField: "ticket_id", codes: ticketCodes(),
		repeat: repeatUnsent, limit: newLimiter(perSecond(ticketsPerSecond), perMinute(ticketsPerMinute)),
	}
	e.getTenantToken = &endpoint{
		op: opGetTenantToken, method: http.MethodPost, path: tenantTokenPath, codes: tenantTokenCodes(),
		repeat: repeatUnknown, limit: newLimiter(), // asking again changes nothing and brings the same token
	}
}

// request is what a caller wants of an API, however many attempts that takes.
type request struct {
	*endpoint
	id            string     // the value of idField
	query         string     // without the question mark
	authorization Secret     // the header's value; without it the helpdesk header is left out as well
	body          any        // nil for none
	slot          *WriteSlot // that it is sent in; nil for one that waits by itself
}

// url returns the request's address; the id is one segment of its path, whatever is in it.
func (r request) url(base string) (string, error) {
	path := r.path
	if r.idField != "" {
		if r.id == "" || r.id == "." || r.id == ".." {
			return "", fmt.Errorf(isNoID, r.id, strings.ReplaceAll(r.idField, "_", " "))
		}
		path = strings.Replace(path, ":"+r.idField, url.PathEscape(r.id), 1)
	}
	if r.query != "" {
		path += "?" + r.query
	}
	return base + path, nil
}
