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
		return hintBadRequest
	case codeUnauthorized:
		return hintCredentials
	case codeForbidden:
		return hintForbidden
	case codeNotFound:
		return hintNotFound
	case codeNotAllowed:
		return hintNotAllowed
	case codeInternal:
		return hintInternal
	case codeThrottled:
		return hintThrottled
	case codeAddress:
		return hintAllowList
	case codeQuota:
		return hintQuota
	case codeFieldInvalid, codeJSONInvalid:
		return hintForm
	}
	return tokenHint(code)
}

func tokenHint(code int) string {
	switch code {
	case codeNoToken:
		return hintNoToken
	case codeTenantToken:
		return hintUserOnly
	case codeUserToken, codeOldInvalid:
		return hintUserToken
	case codeTokenExpired, codeOldExpired:
		return hintTokenExpired
	case codeAppScope:
		return hintAppScope
	case codeUserScope, 99991676:
		return hintUserScope
	case 99991662, 99991673:
		return hintAppStopped
	case codeBadApp:
		return hintApp
	}
	if isTokenFault(code) {
		return hintToken
	}
	return idHint(code)
}

func idHint(code int) string {
	switch code {
	case 99992361:
		return hintForeignApp
	case 99992364, 99992381:
		return hintForeignTenant
	}
	switch {
	case code >= 99992351 && code <= 99992363:
		return hintUnknownID
	case code == 99992357 || code == 99992379 || code == 99992380:
		return hintDepartment
	}
	return ""
}
