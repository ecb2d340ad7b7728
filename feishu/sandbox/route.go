package sandbox

import (
	"net/http"
	"strings"
)

// The APIs by the names that limits, faults and Request use.
const (
	apiCreate        = "create"
	apiPatch         = "patch"
	apiGet           = "get"
	apiPreview       = "preview"
	apiSubmitApprove = "submit_approve"
	apiCancelApprove = "cancel_approve"
	apiExecuteSend   = "execute_send"
	apiCancelSend    = "cancel_send"
	apiTicketMessage = "ticket_message"
	apiTenantToken   = "tenant_access_token"
)

const (
	notificationsPath = "/open-apis/helpdesk/v1/notifications"
	ticketsPath       = "/open-apis/helpdesk/v1/tickets/"
	tenantTokenPath   = "/open-apis/auth/v3/tenant_access_token/internal"
)

// route is what a request addresses. The zero route is one the API does not have.
type route struct {
	api string
	id  string // of the notification or ticket in the path
}

// routeOf finds the route of a request: method and path must both fit.
func routeOf(method, path string) route {
	if path == tenantTokenPath && method == http.MethodPost {
		return route{api: apiTenantToken}
	}
	if rest, ok := strings.CutPrefix(path, ticketsPath); ok {
		return ticketRoute(method, rest)
	}
	rest, ok := strings.CutPrefix(path, notificationsPath)
	switch {
	case !ok:
		return route{}
	case rest == "" && method == http.MethodPost:
		return route{api: apiCreate}
	case !strings.HasPrefix(rest, "/"):
		return route{}
	}
	return notificationRoute(method, rest[1:])
}

// notificationRoute reads what stands after "notifications/".
func notificationRoute(method, rest string) route {
	id, action, nested := strings.Cut(rest, "/")
	switch {
	case id == "":
		return route{}
	case nested && method == http.MethodPost:
		return actionRoute(id, action)
	case nested:
		return route{}
	case method == http.MethodGet:
		return route{api: apiGet, id: id}
	case method == http.MethodPatch:
		return route{api: apiPatch, id: id}
	}
	return route{}
}

func actionRoute(id, action string) route {
	switch action {
	case apiPreview, apiSubmitApprove, apiCancelApprove, apiExecuteSend, apiCancelSend:
		return route{api: action, id: id}
	}
	return route{}
}

// ticketRoute reads what stands after "tickets/".
func ticketRoute(method, rest string) route {
	id, found := strings.CutSuffix(rest, "/messages")
	if !found || id == "" || strings.Contains(id, "/") || method != http.MethodPost {
		return route{}
	}
	return route{api: apiTicketMessage, id: id}
}

// hasBody says whether an API reads a JSON body.
func (rt route) hasBody() bool {
	switch rt.api {
	case apiGet, apiPreview, apiCancelApprove:
		return false
	}
	return true
}
