package auth

// This file is the table of what people read of this package: errors, hints and the pages that a
// browser is shown, each under its id, as formats. English for now.

// What a request does, as its error begins.
const (
	opDevice   = "ask for a device code"
	opAwait    = "wait for the consent"
	opExchange = "exchange the authorization code"
	opRefresh  = "refresh the login"
	opRevoke   = "revoke the login"
	opUser     = "ask whose token it is"
)

// SourceName is how people know the store as a source of user access tokens.
const SourceName = "notiform auth login"

// What was answered, and why it is of no use.
const (
	answeredCode    = "feishu answered code %d, \"%s\""
	answeredName    = "feishu answered %s, \"%s\""
	underHTTPStatus = "HTTP %d"
	underLogID      = "log id %s"
	noAnswerWithin  = "no answer within %v"
	withoutCode     = "an answer without a code, so not Feishu's"
	redirected      = "redirected, and redirects are not followed, since secrets would go along"
	notJSON         = "an answer that is no JSON, so not Feishu's"
	invalidJSON     = "the answer is invalid JSON"
	answerTooLarge  = "the answer is larger than any that holds a token"
	noToken         = "the answer holds no token that can be used"
	noDevice        = "the answer holds no device code"
	badHost         = "FEISHU_BASE_URL or FEISHU_ACCOUNTS_URL is no address"
	noCode          = "the browser came back with neither a code nor a reason"
	nobodyCame      = "no browser came back within %v"
	cannotListen    = "listen on port %d of 127.0.0.1: %w"
)

// What a code means.
const (
	missingParameter = "Feishu misses a parameter"
	secretWrong      = "the app secret is wrong"
	codeUnknown      = "the code is unknown or used"
	codeTooOld       = "the code is older than five minutes"
	codeUsed         = "the code was used already"
	tokenUnknown     = "the token is not valid any more"
	userGone         = "the user does not exist any more"
	userLeft         = "the user has left the organisation"
	userFrozen       = "the user is frozen"
	userUnregistered = "the user is not registered"
	userAbnormal     = "the user's account is not active"
	userOutside      = "the user may not use the app"
	appNotInstalled  = "the app is not installed in this organisation"
	appUnknown       = "there is no such app"
	appDisabled      = "the app is disabled"
	otherApp         = "the login is that of another app"
	refreshInvalid   = "the refresh token is not valid here"
	refreshTooOld    = "the login is over: the refresh token has expired, or the user consented a year ago"
	refreshRevoked   = "the login was revoked"
	refreshUsed      = "the refresh token was used already, by another copy of it"
	refreshOff       = "the app may not refresh user tokens"
	scopeNotEnabled  = "the app lacks a scope that was asked for"
	scopeTwice       = "a scope was asked for twice"
	scopeBeyond      = "a scope was asked for that was not granted"
	redirectUnknown  = "the app does not name this redirect URL"
	redirectDiffers  = "the redirect URL is not that of the consent"
	grantUnknown     = "this host does not know the grant"
	pkceFailed       = "the proof that goes with the code does not fit"
	malformed        = "Feishu cannot read the request"
	authTwice        = "the app's secret reached Feishu in two ways at once"
	feishuTrouble    = "something went wrong inside Feishu"
	feishuBusy       = "Feishu is not available for the moment"
	policyForbids    = "the organisation's access policy wants something first"
	tooOften         = "refused as too frequent"
	denied           = "the user said no"
	deviceTooOld     = "nobody consented in time"
	tenantToken      = "a tenant access token stands where a user's is wanted"
	appToken         = "an app access token stands where a user's is wanted"
	noAccessToken    = "what was sent is no access token"
	noTokenCame      = "no token reached Feishu"
	addressRefused   = "this machine's address is not on the app's IP allow-list"
	quotaUsedUp      = "the tenant's monthly number of API calls is used up"
)

// What to do about it.
const (
	hintFirstLogin   = "log in: notiform auth login"
	hintLogin        = "log in again: notiform auth login"
	hintStartAgain   = "start again: notiform auth login"
	hintDenied       = "log in again and consent, as somebody who may use the helpdesk's API"
	hintOther        = "log in as somebody else who is the helpdesk's owner or an administrator: notiform auth login"
	hintSecret       = "check FEISHU_APP_SECRET: Feishu's developer console, the app's credentials page"
	hintAppID        = "check FEISHU_APP_ID, which Feishu's developer console has, and that FEISHU_BASE_URL names the brand (Feishu or Lark) that the app is of; then log in: notiform auth login"
	hintSameApp      = "log in again with the app of FEISHU_APP_ID and FEISHU_APP_SECRET: notiform auth login"
	hintInstall      = "publish a version of the app in Feishu's developer console, then log in again"
	hintEnable       = "have the app enabled in Feishu's admin console, then log in again"
	hintRange        = "add the user to the app's availability range in Feishu's developer console and publish a version, then log in again"
	hintScopes       = "add the scopes to the app in Feishu's developer console and publish a version, then log in again"
	hintRedirect     = "enter the redirect URL that auth login names, to the letter, in Feishu's developer console, under security settings"
	hintSwitch       = "switch on refreshing user_access_token in Feishu's developer console, under security settings, and publish a version; then log in again"
	hintAccounts     = "check FEISHU_ACCOUNTS_URL"
	hintProxyAdds    = "see that no proxy adds an Authorization header"
	hintAllowList    = "add the address in Feishu's developer console, under security settings"
	hintQuota        = "wait for the next month or raise the quota"
	hintProxyRemoves = "see that no proxy removes the Authorization header"
	hintLater        = "try again in a minute"
	hintPolicy       = "ask the organisation's administrator which condition it sets; the login stays as it is"
	hintChallenge    = "open %s and do what it asks for; the login stays as it is"
	hintReport       = "please report it, with the line above"
	hintSupport      = "try again; if it stays, give the log id to Feishu's support"
	hintConnection   = "check the network, FEISHU_ACCOUNTS_URL and, where a proxy is set, HTTPS_PROXY and NO_PROXY"
	hintAddress      = "check FEISHU_ACCOUNTS_URL and whatever stands between here and Feishu (proxy, VPN, login page)"
)

// What is wrong with a store or a login in it.
const (
	noLogin         = "nobody is logged in here"
	otherLogin      = "somebody is logged in here, otherwise"
	noSuchLogin     = "nobody is logged in here by %s at %s; the store holds logins of %s"
	anyApp          = "any app"
	appAt           = "%s at %s"
	severalLogins   = "the store holds logins of several apps"
	storeNotRead    = "read the store %s: %w"
	storeNotWritten = "write the store: %w"
	storeNotLocked  = "lock the store: %w"
	storeLocked     = "another process has held the store's lock for %v, and nothing is refreshed without it"
	storeNoFile     = "the store %s is no regular file"
	storeOpen       = "the store %s has the permissions %v, so that others may read it"
	storeDamaged    = "the store %s is damaged"
	storeNewer      = "the store %s has version %d, which this notiform does not know"
	storeNotUTF8    = "a name in the login is not valid UTF-8"
	noRefreshToken  = "the login has no refresh token"
	noSecret        = "FEISHU_APP_SECRET is not set, which refreshing a login takes"
	answerLost      = "the answer was lost, so nobody knows whether the old pair of tokens still counts; it is kept: %w"
	unansweredTwice = "the last two refreshes of the login got no answer"
	endedAfterLoss  = "the answer of an earlier refresh was lost, and with it the login: %w"
	pairNotKept     = "the new pair of tokens came and could not be stored, so it is not used, and the old one is spent: %w"
	loginEnded      = "%w; the login is kept aside as %s"

	hintStore      = "see that the file and its folder belong to you, or name another file in NOTIFORM_TOKEN_STORE"
	hintOtherLogin = "log in by that app: notiform auth login; or set FEISHU_APP_ID and FEISHU_BASE_URL to those of a login that is there"
	hintChmod      = "chmod 600 %s; if somebody else may have read it, log out then, and in again"
	hintDamaged    = "move it away and log in again: notiform auth login"
	hintNewer      = "use the newer notiform that wrote it, or name another file in NOTIFORM_TOKEN_STORE"
	hintLocked     = "see which process holds it, and that the store's folder can be written"
	hintOffline    = "add the scope offline_access to the app, publish a version and log in again: notiform auth login"
	hintNoSecret   = "set FEISHU_APP_SECRET, or log in again"
	hintLost       = "the next run tries it once more; if that is refused, log in again: notiform auth login"
	hintInsist     = "try it by hand: notiform auth refresh; if that is refused, log in again: notiform auth login"
)

// What a browser shows when it has come back.
const (
	pageDone     = "You have consented. Close this page and go back to the terminal.\n"
	pageDenied   = "There is no consent. Close this page and go back to the terminal.\n"
	pageStranger = "This is no answer to what was asked."
)
