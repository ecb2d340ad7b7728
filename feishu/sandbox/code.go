package sandbox

// Codes of the error tables: of the pages of the helpdesk's APIs, of "Common error codes" and of
// the pages on access tokens.
const (
	codeBadRequest      = 154000
	codeUnauthorized    = 154001
	codeForbidden       = 154003
	codeNotFound        = 154004
	codeNotAllowed      = 154005
	codeTicketClosed    = 154401
	codeTicketBadURL    = 154403
	codeJSON            = 9499
	codeWrongSecret     = 10015
	codeUnknownRoute    = 99991201
	codeThrottled       = 99991400
	codeNoToken         = 99991661
	codeTenantToken     = 99991663
	codeAppToken        = 99991664
	codeUserToken       = 99991668
	codeTokenForm       = 99991671
	codeAppScope        = 99991672
	codeExpired         = 99991677
	codeUserScope       = 99991679
	codeFieldValidation = 99992402
)

type errorRow struct {
	code, status int
	msg          string
}

// errorTable has the HTTP status and the msg that go with a code.
func errorTable() []errorRow {
	const invalid = "Invalid access token for authorization. Please make a request with token attached."
	return []errorRow{
		{codeBadRequest, 400, "Bad request, please check your request body"},
		{codeUnauthorized, 401, "Unauthorized, please check you have the correct access"},
		{codeForbidden, 403, "Please check you have the correct access"},
		{codeNotFound, 404, "Resource not found"},
		{codeNotAllowed, 405, "Method Forbidden"},
		{codeTicketClosed, 401, "Ticket already be closed"},
		{codeTicketBadURL, 401, "Send message with bad url"},
		{155000, 500, "Internal error"},
		{codeJSON, 400, "Invalid parameter type in json"},
		{10003, 200, "invalid param"},
		{codeWrongSecret, 200, "app secret invalid"},
		{codeUnknownRoute, 404, "not found"},
		{codeThrottled, 429, "request trigger frequency limit"},
		{codeNoToken, 400, "Missing access token for authorization. Please make a request with token attached."},
		{codeTenantToken, 400, invalid},
		{codeAppToken, 400, invalid},
		{codeUserToken, 400, invalid},
		{codeTokenForm, 400, "Invalid access token format. The token must start with t- or u-."},
		{codeAppScope, 400, "Access denied. One of the following scopes is required: "},
		{codeExpired, 401, "Authentication token expired"},
		{codeUserScope, 400, "Unauthorized. You do not have permission to perform the requested operation on the resource. " +
			"Please request user re-authorization and try again. required one of these privileges under the user identity: "},
		{codeFieldValidation, 400, "field validation failed"},
	}
}
