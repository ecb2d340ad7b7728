package command

// This table has what doctor and who say, and what apply says of its token, beside that of messages.go.
const (
	tokenOutlives      = "the user access token lives %s more, and writing takes at least %s"
	tokenEndsRenewed   = "the user access token ends in %s, and writing takes at least %s; %s is asked for the next one then"
	tokenEndsLast      = "the user access token ends in %s, before writing does, which takes at least %s, and %s has no other"
	tokenLivesTwoHours = "a user access token lives two hours at most, and writing takes at least %s; %s has no other"
	hintTokenLife      = "what is not written by then fails, and applying again does it; FEISHU_TOKEN_COMMAND, a file, or a login with its refresh token and FEISHU_APP_SECRET renew the token on the way"

	aboutDoctor = "look at settings, connection, tokens and rights, and say how to fix what is wrong"
	storyDoctor = `One line a check: ✓ all right, ✗ not, with what to do, – not looked at, with why. Everything that is asked
only reads. ID is a notification to read; without one a made-up id is asked for, which Feishu does not
find if everything else is right. Exits with 1 when a check failed.`
	flagOffline      = "look at the settings only, and ask nobody"
	flagDoctorTicket = "see as well whether the helpdesk ticket with this `ID` could be told something"
	stoppingDoctor   = "interrupted: stopping"
	oneID            = "doctor takes one notification id, not %d"

	aboutWho = "find people by e-mail or mobile, as lines for user_list"
	storyWho = `Asks as the app of FEISHU_APP_ID and FEISHU_APP_SECRET, or with FEISHU_TENANT_ACCESS_TOKEN; no user and
no helpdesk is needed. open_ids differ from app to app: ask as the app that the helpdesk is written by.
Who cannot be told anything (unknown, resigned, frozen, not activated) is a comment, and makes the exit
code 1. Feishu does not tell who is unknown from who is outside of the app's contact range.`
	stoppingWho   = "interrupted: stopping"
	notReachable  = "\"%s\" is neither an e-mail address nor a mobile number"
	nobodyNamed   = "nobody is named"
	hintReachable = "give e-mail addresses, or mobile numbers, those outside of mainland China with + and the country"
	someMissing   = "%d of %d cannot be told anything"

	// A member of a user_list, or why somebody is none, as YAML: the member, then what was asked for.
	personActive       = "- %s # %s"
	personResigned     = "# - %s # %s has left"
	personFrozen       = "# - %s # %s is frozen"
	personNotActivated = "# - %s # %s has never logged in"
	personAgain        = "# %s is the same person as %s"
	personUnknown      = "# %s is unknown, or outside of what the app may see"

	// Why something was not looked at.
	notAsked      = "--offline asks nobody"
	needsFirst    = "%s comes first"
	notSoFar      = "refused before Feishu came to this"
	noApp         = "neither FEISHU_APP_ID nor FEISHU_TENANT_ACCESS_TOKEN is set; --ticket, who and auth login need them"
	turnedAway    = "turned away: see %s"
	noDate        = "the answer has no date"
	noTicketGiven = "no --ticket was given"
	nothingAsked  = "nothing that was asked with a token was answered"

	// What was found.
	setByVariable     = "set in %s"
	setByFile         = "from the file that %s_FILE names"
	baseByDefault     = "not set: Feishu's, https://open.feishu.cn"
	accountsByDefault = "not set: the one that belongs to the base URL"
	tokenFrom         = "from %s"
	tokenFromUntil    = "from %s; ends %s"
	alsoSet           = "%s; also set, and not used: %s"
	appFrom           = "set in %s"
	throughProxy      = "through %s"
	noProxy           = "none"
	reached           = "%s answers, under %s"
	reachedInTheClear = "%s answers, in the clear, as loopback may"
	clockRight        = "right to the minute"
	helpdeskAccepted  = "id and token are accepted"
	scopesReadOnly    = "%s: enough to plan, and not to apply"
	scopeReads        = "reading is granted; whether writing is shows only when something is written"
	notificationRead  = "%s is \"%s\", status %d"
	madeUpNotFound    = "Feishu does not find a made-up id, as it should; name one to see whether the user's role is enough"
	tenantTokenGiven  = "given; the next check tries it"
	tenantTokenGot    = "Feishu gives one for the app"
	appWrites         = "helpdesk:all: enough to plan, to apply and for tickets"
	appReads          = "helpdesk:all:readonly: enough to plan; applying and tickets take helpdesk:all"
	ticketIsOpen      = "%s is open"
	notTurnedAway     = "this address is let in, and the monthly number of calls is not used up"

	// What is wrong, and what to do about it.
	holdsKind           = "%s holds %s, and not %s"
	refusedAsKind       = "%s seems to hold %s: %w"
	kindUser            = "a user access token"
	kindTenant          = "a tenant access token"
	kindApp             = "an app access token"
	kindRefresh         = "a refresh token"
	kindHelpdesk        = "a helpdesk token"
	kindAppID           = "an app id"
	kindNone            = "no access token at all"
	hintUserKind        = "notifications take the token of a user, which begins with u- or eyJ: log in with notiform auth login, or give the access token of your app's own login"
	hintTenantKind      = "give a tenant access token, which begins with t-; or unset FEISHU_TENANT_ACCESS_TOKEN, and set FEISHU_APP_ID and FEISHU_APP_SECRET"
	hintNewToken        = "give %s a new user access token, which lives about two hours; or unset it and log in: notiform auth login"
	hintHelpdeskKind    = "give the token that stands beside the helpdesk's id: Feishu's helpdesk admin site, settings centre, API credentials"
	clockFast           = "this machine's clock is %s ahead of Feishu's"
	clockSlow           = "this machine's clock is %s behind Feishu's"
	hintSlow            = "raise --timeout, or see what keeps the answer: the network, a VPN or a proxy (HTTPS_PROXY, NO_PROXY)"
	hintClock           = "set the clock right: send_at, the life of tokens and the age of plans are judged by it"
	appLacksScopes      = "the app has neither helpdesk:all nor helpdesk:all:readonly"
	hintAppScopes       = "add the scopes to the app in Feishu's developer console, for the user identity and, for tickets, the tenant's; publish a version and have it approved"
	ticketIsClosed      = "ticket %s is closed, and takes no messages"
	hintTicketOpen      = "name a ticket that is open"
	ticketElsewhere     = "ticket %s is of helpdesk %s, and not of that in FEISHU_HELPDESK_ID"
	hintTicketElsewhere = "name a ticket of this helpdesk, or set FEISHU_HELPDESK_ID and FEISHU_HELPDESK_TOKEN to the other"
)
