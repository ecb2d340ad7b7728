package feishu

// The codes that something here depends on (the API fact sheet, sections 1.5, 4 to 6).
const (
	codeBadRequest   = 154000
	codeUnauthorized = 154001
	codeForbidden    = 154003
	codeNotFound     = 154004
	codeNotAllowed   = 154005
	codeInternal     = 155000
	codeThrottled    = 99991400
	codeAddress      = 99991401
	codeQuota        = 99991403
	codeNoToken      = 99991661
	codeTenantToken  = 99991663
	codeUserToken    = 99991668
	codeAppScope     = 99991672
	codeTokenExpired = 99991677
	codeUserScope    = 99991679
	codeFieldInvalid = 99992402
	codeJSONInvalid  = 9499
	codeOldInvalid   = 20005
	codeOldExpired   = 20006

	// Of ticket messages, which come under HTTP 401 without saying anything about a token.
	codeTicketClosed  = 154401
	codeTicketBadLink = 154403

	// Of requests for a tenant token, which come under HTTP 200.
	codeInvalidParam = 10003
	codeAppUnusable  = 10014
	codeWrongSecret  = 10015
	codeBadApp       = 99991543
)

// isRefusal reports whether code says that the request was understood and turned
// down, so that nothing was done and asking again brings the same.
func isRefusal(code int) bool {
	switch {
	case code >= 154000 && code <= 154005, code >= 154400 && code <= 154499:
		return true
	case code >= 99991200 && code <= 99991699: // no such path, throttled, address, tokens, scopes
		return true
	case code >= 99992300 && code <= 99992499:
		return true
	}
	return code == codeJSONInvalid || code == codeOldInvalid || code == codeOldExpired
}

// isInternal reports whether code is one of the server's own troubles.
func isInternal(code int) bool {
	switch code {
	case codeInternal, 1500, 1642, 1663, 1668, 2200, 5000, 10101, 10105:
		return true
	}
	return false
}

// isTokenFault reports whether code says that a credential is missing or not accepted.
func isTokenFault(code int) bool {
	switch code {
	case codeUnauthorized, codeOldInvalid, codeOldExpired, codeTokenExpired, codeBadApp:
		return true
	}
	return code >= 99991661 && code <= 99991671
}

// codeHint says what to do about a code, or "".
func codeHint(code int) string {
	switch code {
	case codeBadRequest:
		return "Feishu does not say which field: check the scope rules with notiform validate, and that the notification is still a draft"
	case codeUnauthorized:
		return "check FEISHU_USER_ACCESS_TOKEN, FEISHU_HELPDESK_ID and FEISHU_HELPDESK_TOKEN: the app and the helpdesk must belong to one tenant"
	case codeForbidden:
		return "grant the app helpdesk:all:readonly for reading and helpdesk:all for writing, publish the version, and let the user authorise again"
	case codeNotFound:
		return "check notification_id, and that FEISHU_HELPDESK_ID names the helpdesk that holds it"
	case codeNotAllowed:
		return "the user behind the token must be the helpdesk's owner or an administrator, and only a draft can be changed"
	case codeInternal:
		return "try again; if it stays, give the log id to Feishu's support"
	case codeThrottled:
		return "something else uses up this app's limit: wait a minute, or lower the rate"
	case codeAddress:
		return "this machine's address is not on the app's IP allow-list: add it in the developer console, under security settings"
	case codeQuota:
		return "the tenant's monthly number of API calls is used up: wait for the next month or raise the quota"
	case codeFieldInvalid, codeJSONInvalid:
		return "Feishu refused the form of a value: see the named field, and run notiform validate"
	}
	return tokenHint(code)
}

func tokenHint(code int) string {
	switch code {
	case codeNoToken:
		return "no token reached Feishu: check FEISHU_USER_ACCESS_TOKEN, and that no proxy removes the Authorization header"
	case codeTenantToken:
		return "this needs a user access token, and FEISHU_USER_ACCESS_TOKEN holds a tenant token or an invalid one"
	case codeUserToken, codeOldInvalid:
		return "the user access token is not valid here: get a new one for this app, and check that FEISHU_BASE_URL is the brand (Feishu or Lark) that issued it"
	case codeTokenExpired, codeOldExpired:
		return "the user access token has expired (it lives about two hours): get a new one"
	case codeAppScope:
		return "grant the app the missing scope in the developer console and publish the version"
	case codeUserScope, 99991676:
		return "the user has not granted this scope: grant it to the app, publish the version, and let the user authorise again"
	case 99991662, 99991673:
		return "the app is stopped or not installed in this tenant: enable it in the developer console"
	case codeBadApp:
		return "check FEISHU_APP_ID and FEISHU_APP_SECRET"
	}
	if isTokenFault(code) {
		return "check FEISHU_USER_ACCESS_TOKEN: it must be the user access token of this app, without a prefix"
	}
	return idHint(code)
}

func idHint(code int) string {
	switch code {
	case 99992361:
		return "an open_id of another app: open_ids differ from app to app"
	case 99992364, 99992381:
		return "an id of another tenant"
	}
	switch {
	case code >= 99992351 && code <= 99992363:
		return "a user or chat id is unknown to Feishu: check user_list, chat_list and user_id_type"
	case code == 99992357 || code == 99992379 || code == 99992380:
		return "a department id is unknown to Feishu: check department_list and new_staff_scope_department_list"
	}
	return ""
}
