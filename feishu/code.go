package feishu

// class is what a code says about a request, whatever the HTTP status.
type class uint8

const (
	// turnedDown: the request was understood and turned down, so nothing was done, and
	// asking again brings the same.
	turnedDown class = 1 << iota
	// tooOften: the request was turned down unread, and may be sent again later.
	tooOften
	// trouble: something inside Feishu went wrong, and may have gone right by the
	// next attempt.
	trouble
	// badCredential: a token, or the app's or the helpdesk's secret, is missing or not
	// accepted.
	badCredential
	// shutOut: the app, the user or the tenant is turned away, whatever it asks for.
	shutOut
)

func (c class) is(other class) bool { return c&other != 0 }

// codeRow says what the codes from first to last mean, of any API.
type codeRow struct {
	first, last int
	class       class
	hint        string
}

// codes is all that is known of Feishu's codes: those of the helpdesk from the API
// pages "Get notification", "Update notification" and "Send ticket message", the
// others from the page "Common error codes". A code's first row counts, so single
// codes stand before the range that they lie in.
func codes() []codeRow {
	return []codeRow{
		{154000, 154000, turnedDown, hintBadRequest},
		{154001, 154001, turnedDown | badCredential, hintCredentials},
		{154003, 154003, turnedDown, hintForbidden},
		{154004, 154004, turnedDown, hintNotFound},
		{154005, 154005, turnedDown, hintNotAllowed},
		{154000, 154005, turnedDown, ""},
		{154400, 154499, turnedDown, ""}, // of tickets; they come under HTTP 401, and say nothing about a token
		{155000, 155000, trouble, hintInternal},

		{99991400, 99991400, turnedDown | tooOften, hintThrottled},
		{99991401, 99991401, turnedDown | shutOut, hintAllowList},
		{99991403, 99991403, turnedDown | shutOut, hintQuota},
		{99991543, 99991543, turnedDown | badCredential, hintApp},
		{99991661, 99991661, turnedDown | badCredential, hintNoToken},
		{99991662, 99991662, turnedDown | badCredential, hintAppStopped},
		{codeTenantToken, codeTenantToken, turnedDown | badCredential, hintUserOnly},
		{99991668, 99991668, turnedDown | badCredential, hintUserToken},
		{99991661, 99991671, turnedDown | badCredential, hintToken},
		{99991672, 99991672, turnedDown | shutOut, hintAppScope},
		{99991673, 99991673, turnedDown | shutOut, hintAppStopped},
		{99991676, 99991676, turnedDown | shutOut, hintUserScope},
		{99991677, 99991677, turnedDown | badCredential, hintTokenExpired},
		{99991679, 99991679, turnedDown | shutOut, hintUserScope},
		{99991200, 99991699, turnedDown, ""}, // no such path, and more of the above

		{99992361, 99992361, turnedDown, hintForeignApp},
		{99992357, 99992357, turnedDown, hintDepartment},
		{99992351, 99992363, turnedDown, hintUnknownID},
		{99992364, 99992364, turnedDown, hintForeignTenant},
		{99992379, 99992380, turnedDown, hintDepartment},
		{99992381, 99992381, turnedDown, hintForeignTenant},
		{99992402, 99992402, turnedDown, hintForm},
		{99992300, 99992499, turnedDown, ""},

		{1500, 1500, trouble, ""},
		{1642, 1642, trouble, ""},
		{1663, 1663, trouble, ""},
		{1668, 1668, trouble, ""},
		{2200, 2200, trouble, ""},
		{5000, 5000, trouble, ""},
		{9499, 9499, turnedDown, hintForm},
		{10101, 10101, trouble, ""},
		{10105, 10105, trouble, ""},
		{20005, 20005, turnedDown | badCredential, hintUserToken},
		{20006, 20006, turnedDown | badCredential, hintTokenExpired},
	}
}

// lookUp returns the row of a code; what is not known has the zero row.
func lookUp(code int) codeRow {
	for _, row := range codes() {
		if row.first <= code && code <= row.last {
			return row
		}
	}
	return codeRow{}
}

// codeTenantToken says that a tenant access token is not accepted.
const codeTenantToken = 99991663

// apiCode is what a code means for one API, where that is more than, or other than,
// what it means in general. An empty hint leaves the general one.
type apiCode struct {
	code         int
	reason, hint string
}

// ticketCodes are those of the API page "Send ticket message".
func ticketCodes() []apiCode {
	return []apiCode{
		{154000, ticketForm, hintTicketForm},
		{9499, ticketForm, hintTicketForm},
		{99992402, ticketForm, hintTicketForm},
		{154001, "", hintTicketCredentials},
		{154003, ticketForbidden, hintTicketForbidden},
		{154005, ticketForbidden, hintTicketForbidden},
		{154004, ticketNotFound, hintTicketNotFound},
		{154401, ticketClosed, hintTicketClosed},
		{154403, ticketBadLink, hintTicketBadLink},
	}
}

// tenantTokenCodes are those of a request for a tenant access token, which come
// under HTTP 200.
func tenantTokenCodes() []apiCode {
	return []apiCode{
		{10003, appIDRefused, hintAppWrong},
		{10014, appWrong, hintAppWrong},
		{10015, appSecretWrong, hintAppWrong},
		{99991543, appWrong, hintAppWrong},
	}
}

// appScopesCodes are those of the API page "Query tenant authorization status".
func appScopesCodes() []apiCode {
	return []apiCode{{212100, appNotInstalled, hintAppStopped}}
}

// contactCodes are those of the API page "Obtain user information in batches".
func contactCodes() []apiCode {
	return []apiCode{{41050, personOutside, hintContactRange}}
}
