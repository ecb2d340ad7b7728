package sandbox

import (
	"net/http"
	"strings"
)

// api is one call of the API and what is checked before it is carried out.
type api struct {
	name       string // as limits, faults and Count say it
	method     string
	path       string // with * for the id
	rate       int    // requests a minute; 0 for no limit
	perSecond  int    // requests a second; 0 for no limit
	limits     []*limit
	fields     []string // of the body; nil for no body
	serverSet  []string // what the body may name besides, to no effect
	required   []string // those of the fields that must be there
	from       []int    // the statuses that a notification may have; nil for any
	reads      bool     // helpdesk:all:readonly is scope enough
	userIDs    bool     // takes user_id_type
	tenantOnly bool     // takes a tenant token and no other
	anyone     bool     // asks for nothing
	carryOut   func(*Server, *call) *answer
}

// apis have the rates of their pages; cancel_send's is not published and taken to be its siblings'.
func apis() []*api {
	const (
		get, post     = http.MethodGet, http.MethodPost
		notifications = "/open-apis/helpdesk/v1/notifications"
		notification  = notifications + "/*"
	)
	writable := []string{
		"job_name", "send_at", "push_content", "push_type", "push_scope_type", "new_staff_scope_type",
		"new_staff_scope_department_list", "user_list", "department_list", "chat_list", "ext",
	}
	serverSet := []string{
		"id", "status", "create_user", "update_user", "created_at", "updated_at", "target_user_count", "sent_user_count", "read_user_count",
	}
	unsent := []int{statusDraft, statusPending, statusApproved, statusRejected, statusScheduled}
	all := []*api{
		{name: "create", method: post, path: notifications, rate: 10, userIDs: true, fields: writable, serverSet: serverSet,
			required: []string{"push_type", "push_scope_type"}, carryOut: (*Server).create},
		{name: "patch", method: http.MethodPatch, path: notification, rate: 20, userIDs: true, fields: writable, serverSet: serverSet,
			from: []int{statusDraft}, carryOut: (*Server).patch},
		{name: "get", method: get, path: notification, rate: 100, userIDs: true, reads: true, carryOut: (*Server).get},
		{name: "preview", method: post, path: notification + "/preview", rate: 20, reads: true, from: unsent, carryOut: (*Server).preview},
		{name: "submit_approve", method: post, path: notification + "/submit_approve", rate: 10,
			fields: []string{"reason"}, required: []string{"reason"}, from: []int{statusDraft}, carryOut: (*Server).submitApprove},
		{name: "cancel_approve", method: post, path: notification + "/cancel_approve", rate: 10, from: []int{statusPending}, carryOut: (*Server).cancelApprove},
		{name: "execute_send", method: post, path: notification + "/execute_send", rate: 10,
			fields: []string{"send_at"}, required: []string{"send_at"}, from: []int{statusApproved}, carryOut: (*Server).executeSend},
		{name: "cancel_send", method: post, path: notification + "/cancel_send", rate: 10,
			fields: []string{"is_recall"}, required: []string{"is_recall"}, from: []int{statusScheduled, statusSending, statusSent}, carryOut: (*Server).cancelSend},
		{name: "ticket_message", method: post, path: "/open-apis/helpdesk/v1/tickets/*/messages", rate: 1000, perSecond: 50,
			fields: []string{"msg_type", "content"}, tenantOnly: true, carryOut: (*Server).postMessage},
		{name: "ticket", method: get, path: "/open-apis/helpdesk/v1/tickets/*", rate: 600, perSecond: 10, reads: true, tenantOnly: true, carryOut: (*Server).getTicket},
		{name: "batch_get_id", method: post, path: "/open-apis/contact/v3/users/batch_get_id", anyone: true, userIDs: true, tenantOnly: true, carryOut: (*Server).findPeople},
		{name: "users", method: get, path: "/open-apis/contact/v3/users/batch", anyone: true, userIDs: true, carryOut: (*Server).getPeople},
		{name: "tenant_access_token", method: post, path: "/open-apis/auth/v3/tenant_access_token/internal", anyone: true, carryOut: (*Server).issueToken},
		{name: "app_access_token", method: post, path: "/open-apis/auth/v3/app_access_token/internal", anyone: true, carryOut: (*Server).issueAppToken},
		{name: "device_authorization", method: post, path: "/oauth/v1/device_authorization", anyone: true, carryOut: (*Server).startDevice},
		{name: "device_page", method: get, path: "/sandbox/device", anyone: true, carryOut: (*Server).visitDevice},
		{name: "authorize", method: get, path: "/open-apis/authen/v1/authorize", anyone: true, carryOut: (*Server).authorize},
		{name: "oauth_token", method: post, path: "/oauth/v3/token", anyone: true, carryOut: (*Server).issueUserToken},
		{name: "oauth_token_v2", method: post, path: "/open-apis/authen/v2/oauth/token", anyone: true, carryOut: (*Server).issueUserToken},
		{name: "revoke", method: post, path: "/oauth/v1/revoke", anyone: true, carryOut: (*Server).revoke},
		{name: "user_info", method: get, path: "/open-apis/authen/v1/user_info", anyone: true, carryOut: (*Server).userInfo},
		{name: "scopes", method: get, path: "/open-apis/application/v6/scopes", anyone: true, tenantOnly: true, carryOut: (*Server).scopes},
	}
	for _, a := range all {
		a.limits = a.documentedLimits()
	}
	return all
}

// route finds what a request calls, nil for nothing, and the notification's or ticket's id in its
// path. A slash at the end, as the samples on tokens have one, does not count; after notifications
// it is where an id is missing.
func (s *Server) route(r *http.Request) (a *api, id string) {
	for _, a := range s.apis {
		before, after, hasID := strings.Cut(a.path, "*")
		path := r.URL.Path
		if hasID || a.anyone {
			path = strings.TrimSuffix(path, "/")
		}
		rest, begins := strings.CutPrefix(path, before)
		id, ends := strings.CutSuffix(rest, after)
		if a.method == r.Method && begins && ends && hasID == (id != "") && !strings.Contains(id, "/") {
			return a, id
		}
	}
	return nil, ""
}
