package feishu

// This file is the table of what people read of this package: errors, faults and
// hints, each under its id, with a verb for each value that it holds. They are
// used as formats, so that go vet holds the values against the verbs, and never
// pieced together, so that each can be judged, and one day translated, by itself.
// English for now.

// What a request does, as an error begins. The id follows, where there is one.
const (
	opGetNotification    = "get notification"
	opPatchNotification  = "patch notification"
	opCreateNotification = "create notification"
	opPostTicketMessage  = "post message to ticket"
	opGetTenantToken     = "get tenant access token"
	opReach              = "reach Feishu"
	opGetAppScopes       = "get the app's scopes"
	opGetTicket          = "get ticket"
	opFindPeople         = "find people"
	opGetPeople          = "get people's names"
)

// What was answered, and under which circumstances.
const (
	answeredCode      = "feishu answered code %d, \"%s\""
	endedAfter        = "%s; before that: %s"
	refusedTooOften   = "refused as too frequent"
	neverLeft         = "never sent"
	tokenNotAccepted  = "the token of %s is not accepted"
	tokenNotRenewed   = "the token of %s has ended, and there is no other: %s"
	tokenRenewed      = "refused with a token that had ended; there is another one now"
	sameToken         = "it still gives the same one"
	missingScope      = "missing scope %s"
	underHTTPStatus   = "HTTP %d"
	underLogID        = "log id %s"
	afterAttempts     = "%d attempts"
	waitingForWrite   = "wait for the write limit: %w"
	pauseWasAskedFor  = "the server has asked for a pause: %w"
	isNoID            = "\"%s\" is no %s"
	bodyNotUTF8       = "the request holds text that is not valid UTF-8"
	requestNotBuilt   = "the request cannot be built"
	proxyNotAnAddress = "the environment's proxy setting is not an address"
)

// Why an attempt brought no usable answer.
const (
	noAnswerWithin      = "no answer within %v"
	noConnectionWithin  = "no connection within %v"
	answerBrokeOff      = "the answer broke off: %v"
	connectionClosed    = "the connection was closed before an answer"
	closedUnsent        = "the connection was closed before anything was sent"
	proxyRefuses        = "the proxy refuses: %s"
	redirected          = "redirected to %s, and redirects are not followed, since the helpdesk token would go along"
	addressWithoutHost  = "an address without a host"
	notJSON             = "%s instead of JSON"
	unknownContent      = "content of unknown type"
	emptyAnswer         = "an empty answer"
	answerWithoutCode   = "a JSON answer without a code, so not Feishu's"
	successWithFailure  = "code 0 under a failing status"
	answerTooLarge      = "the answer is larger than %d MiB"
	jsonCutOff          = "the answer is cut off: its JSON does not end"
	jsonInvalidAt       = "the answer is invalid JSON after byte %d"
	jsonRepeatsName     = "the answer's JSON repeats a name after byte %d"
	jsonInvalid         = "the answer is invalid JSON"
	jsonUnexpected      = "the answer has an unexpected %v at \"%s\""
	noNotification      = "the answer holds no notification"
	anotherNotification = "the answer is about another notification"
	notificationLacks   = "the answer lacks %s, so the notification cannot be compared"
	createdWithoutID    = "the answer says that it was created, and holds no id that can be used (\"%.60s\")"
	noToken             = "the answer holds no token"
)

// What to do when there is no usable answer.
const (
	hintAddress = "check FEISHU_BASE_URL and whatever stands between here and Feishu (proxy, VPN, login page)"
	hintNetwork = "check the network and FEISHU_BASE_URL, then run it again"
	hintSupport = "run it again; if it stays, give the log id to Feishu's support"

	hintConnection = "check the network, FEISHU_BASE_URL and, where a proxy is set, HTTPS_PROXY and NO_PROXY, then run it again"
	hintProxy      = "the proxy in HTTPS_PROXY does not let this machine reach Feishu: have it allowed there, or name the host in NO_PROXY"
	hintProxyLogin = "the proxy wants a login: write it into HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, or name Feishu's host in NO_PROXY"
	hintAuthority  = "if the certificate is your company's own (a proxy's, a gateway's), let this machine trust its authority: on Linux, name a file with the authority's certificate in SSL_CERT_FILE"
	hintIncomplete = "run it again; if it stays, leave this draft to Feishu's console, and give the log id to Feishu's support"
)

// What to do about a code; code.go says which.
const (
	hintBadRequest = "Feishu does not say which field: check the scope rules with notiform validate, and that the notification is still a draft"
	hintForbidden  = "grant the app helpdesk:all:readonly for reading and helpdesk:all for writing, publish the version, and let the user authorise again"
	hintNotFound   = "check notification_id, and that FEISHU_HELPDESK_ID names the helpdesk that holds it"
	hintNotAllowed = "the user behind the token must be the helpdesk's owner or an administrator, and only a draft can be changed"
	hintInternal   = "try again; if it stays, give the log id to Feishu's support"
	hintThrottled  = "something else uses up this app's limit: wait a minute, or lower the rate"
	hintAllowList  = "this machine's address is not on the app's IP allow-list: add it in the developer console, under security settings"
	hintQuota      = "the tenant's monthly number of API calls is used up: wait for the next month or raise the quota"
	hintForm       = "Feishu refused the form of a value: see the named field, and run notiform validate"

	hintHelp    = "Feishu's own help: %s"
	hintAndHelp = "%s; Feishu's own help: %s"

	hintCredentials  = "check the user access token (FEISHU_USER_ACCESS_TOKEN), FEISHU_HELPDESK_ID and FEISHU_HELPDESK_TOKEN: the app and the helpdesk must belong to one tenant"
	hintNoToken      = "no token reached Feishu: check the user access token (FEISHU_USER_ACCESS_TOKEN), and that no proxy removes the Authorization header"
	hintUserOnly     = "this needs a user access token, and what was sent (FEISHU_USER_ACCESS_TOKEN) is a tenant token or an invalid one"
	hintUserToken    = "the user access token (FEISHU_USER_ACCESS_TOKEN) is not valid here: get a new one for this app, and check that FEISHU_BASE_URL is the brand (Feishu or Lark) that issued it"
	hintTokenExpired = "the user access token (FEISHU_USER_ACCESS_TOKEN) has expired, as it lives about two hours: get a new one"
	hintToken        = "check the user access token (FEISHU_USER_ACCESS_TOKEN): it must be that of this app, without a prefix"
	hintAppScope     = "grant the app the missing scope in the developer console and publish the version"
	hintUserScope    = "the user has not granted this scope: grant it to the app, publish the version, and let the user authorise again"
	hintAppStopped   = "the app is stopped or not installed in this tenant: enable it in the developer console"
	hintApp          = "check FEISHU_APP_ID and FEISHU_APP_SECRET"

	hintForeignApp    = "an open_id of another app: open_ids differ from app to app"
	hintForeignTenant = "an id of another tenant"
	hintUnknownID     = "a user or chat id is unknown to Feishu: check user_list, chat_list and user_id_type"
	hintDepartment    = "a department id is unknown to Feishu: check department_list and new_staff_scope_department_list"
)

// Of a ticket message: why it is not posted, and what to do.
const (
	ticketTooLong     = "its content has %d bytes, and at most %d are sent"
	ticketNoObject    = "its content is no JSON object"
	ticketForm        = "the form of the message is not accepted"
	ticketForbidden   = "the app may not write to tickets"
	ticketNotFound    = "there is no such ticket in this helpdesk"
	ticketClosed      = "the ticket is closed"
	ticketBadLink     = "a link in the message is not accepted"
	ticketOutcomeLost = "it may or may not have been posted, and was not sent again"

	hintTicketForm        = "Feishu's documentation has two forms of content, string and object: try the other one with --ticket-content"
	hintTicketCredentials = "check that the app of the tenant access token, FEISHU_HELPDESK_ID and FEISHU_HELPDESK_TOKEN belong to one tenant"
	hintTicketForbidden   = "grant the app the scope helpdesk:all in Feishu's developer console and publish the version"
	hintTicketNotFound    = "check the ticket's id, and that FEISHU_HELPDESK_ID names the helpdesk that holds it"
	hintTicketClosed      = "name a ticket that is open"
	hintTicketBadLink     = "Feishu takes only links that begin with http:// or https:// and that it does not hold for harmful"
	hintTicketOutcomeLost = "look into the ticket before it is posted once more"
	hintTenantTokenGiven  = "check FEISHU_TENANT_ACCESS_TOKEN: it must be a tenant access token of this app, which lives two hours at most; or unset it, and set FEISHU_APP_ID and FEISHU_APP_SECRET"
	hintTenantTokenGot    = "check that FEISHU_APP_ID is the app that Feishu's developer console lets use this helpdesk"
)

// Of a request for a tenant access token: why there is none, and what to do.
const (
	appIDRefused   = "the app id is not accepted"
	appSecretWrong = "the app secret is wrong"
	appWrong       = "the app id or the app secret is wrong"
	hintAppWrong   = "check FEISHU_APP_ID and FEISHU_APP_SECRET: Feishu's developer console, the app's credentials page; FEISHU_BASE_URL must name the brand (Feishu or Lark) that the app is of; then see that the app is enabled and has a published version"
)

// Of the app's scopes and of people.
const (
	appNotInstalled  = "the app is not installed in this tenant"
	personOutside    = "somebody is outside of what the app may see"
	hintContactRange = "widen the app's contact range in Feishu's developer console, and publish the version"
)

// What is wrong with a setting. Where it may be any, the first value names it.
const (
	notSet          = "%s is not set"
	setTwice        = "%[1]s and %[1]s_FILE are both set"
	fileUnreadable  = "%s names a file that cannot be read: %v"
	fileEmpty       = "%s names an empty file"
	tokenHasScheme  = `%s contains "Bearer ", which is no part of a token`
	tokenHasBreak   = "%s contains a line end"
	tokenMalformed  = "%s contains a space, a quote or another character that no token has"
	tokenTooLong    = "%s is longer than any token"
	printedToken    = "what was printed"
	printedNothing  = "no token was printed"
	printedNoObject = "what was printed is no JSON object with access_token"
	printedEnded    = "what was printed says that its token has ended already: expires_in is not more than 0"
	printedNoTime   = "what was printed has an expires_at or expires_in that is no time"
	noWayToTickets  = "FEISHU_TENANT_ACCESS_TOKEN is not set, nor are FEISHU_APP_ID and FEISHU_APP_SECRET to get one with"
	noAppID         = "FEISHU_APP_ID is no app id"
	noHelpdeskID    = "FEISHU_HELPDESK_ID is no helpdesk id"
	tokenAsID       = "FEISHU_HELPDESK_ID holds a helpdesk token, not the helpdesk's id"
	noURL           = "%s is not a URL"
	urlHasUser      = "%s holds a user name or password"
	urlNotHTTPS     = "%s does not begin with https://"
	urlWithoutHost  = "%s names no host"
	urlInTheClear   = "%s begins with http://, which is for loopback addresses only, since tokens would travel in the clear"
	urlHasQuery     = "%s has a query or a fragment"
	noAccounts      = "FEISHU_ACCOUNTS_URL is not set, and nobody knows which host FEISHU_BASE_URL gives out tokens at"
	rateTooHigh     = "%s is above Feishu's limit of %d a minute"

	readRate   = "read rate"
	writeRate  = "write rate"
	createRate = "create rate"
)

// What to set it to, or where in Feishu the value is found.
const (
	hintSetOne       = "unset one of them"
	hintTokenAlone   = "set it to the token alone, as Feishu shows it"
	hintFile         = "give the name of a readable file that holds nothing but the token"
	hintFileEmpty    = "write the token into it"
	whereBaseURL     = "https://open.feishu.cn for Feishu, https://open.larksuite.com for Lark"
	whereAccounts    = "https://accounts.feishu.cn for Feishu, https://accounts.larksuite.com for Lark"
	whereHelpdesk    = "Feishu's helpdesk admin site, settings centre, API credentials"
	whereUserToken   = "the access token that Feishu issues when the helpdesk's owner or an administrator signs in to the app (OAuth); the API explorer on Feishu's developer site shows one, good for two hours; or a login: notiform auth login"
	whereApp         = "Feishu's developer console, the app's credentials page"
	whereTenantToken = "best set FEISHU_APP_ID and FEISHU_APP_SECRET instead (Feishu's developer console, the app's credentials page): notiform then gets the token itself"
	hintRate         = "only a loopback address may be asked more often"
)
