package command

// This is the table of what people read of this package, id → sentence, English for now: what the
// commands and flags are for, errors, hints, which say what to do about them, and notes. Each is a
// whole sentence, so that a translator may put its words in any order, and a format where it has
// values: go vet holds the values against the verbs. Only a count with its noun is made elsewhere,
// by report.Plural.

// What notiform and its commands are for.
const (
	aboutNotiform = "keep Feishu helpdesk notification drafts in Git: validate, plan, apply"
	typedNotiform = "notiform COMMAND [flags] [PATH ...]"
	storyNotiform = `Drafts are YAML files. validate checks them offline, plan shows what differs from the
helpdesk, apply writes exactly that and proves it. Nothing is ever sent to anybody.`

	aboutValidate = "check draft files against the rules; no network, no credentials"
	storyValidate = `PATH is a file, a directory or - for standard input; no PATH is the paths of .notiform.yaml, or else
the working directory.`

	aboutPlan = "show what apply would change; writes nothing"
	storyPlan = `PATH is a file, a directory or - for standard input; no PATH is the paths of .notiform.yaml, or else
the working directory.
Settings come from the environment: FEISHU_HELPDESK_ID, FEISHU_HELPDESK_TOKEN,
FEISHU_USER_ACCESS_TOKEN and FEISHU_BASE_URL; each secret also as NAME_FILE.`

	aboutApply = "write what differs, and prove it by reading it back"
	storyApply = `Shows the plan, asks for a yes on a terminal, sends one PATCH for each draft that differs and
reads it back. Drafts are independent: one failure leaves the others alone. Nothing is ever
submitted, sent, previewed or recalled. With --plan FILE exactly that plan is applied, and the
files are not read again.`

	aboutShow = "show a saved plan again, whatever its age"
	storyShow = `FILE was written by notiform plan --out FILE. Nothing is asked of the server. With --format json
the file is given as it is, with fields that this version does not know.`

	aboutCard = "judge one message card, and show it as people will see it; no network, no credentials"
	storyCard = `FILE is a card of version 1.0 as JSON or YAML, or - for standard input. It is judged by the rules on
cards and drawn as text; with --html it is a page, and with --format json only what is wrong with it is told.`

	aboutSandbox = "serve a stand-in helpdesk API on loopback, or run a command against it"
	storySandbox = `With a COMMAND, runs it with FEISHU_* set to the sandbox and exits with its code. Without one,
prints those settings and serves until it is interrupted.

%s`
	switchesHeading = "Switches (the default first)"
	limitsHeading   = "Limits (requests a minute)"
	faultsHeading   = "Faults"

	aboutAuth = "log in, so that user access tokens renew themselves; look at the login, and end it"
	storyAuth = `A user access token lives two hours. A login gets the next one by itself, if notiform runs once a
week, and for a year.`
	aboutLogin = "log in, so that notiform gets and refreshes its user access token itself"
	storyLogin = `Asks for consent in a browser on any device and keeps what comes of it in a file that only you
can read: NOTIFORM_TOKEN_STORE, or notiform/login.json in your folder of configurations. The app is
that of FEISHU_APP_ID and FEISHU_APP_SECRET; the secret is not kept. With --web the browser has to
run on this machine, and the app has to name the redirect URL that is told.`
	aboutStatus = "show where the user token comes from, whose it is, and when it ends"
	storyStatus = `Of a login all is known; of a token from elsewhere Feishu is asked whose it is. Exits with 1 when there
is no user token, or one that is refused.`
	aboutRefresh = "get a new pair of tokens for the login, whether or not that is due"
	storyRefresh = `Every command refreshes a login that ends within five minutes. A refresh token lives some days, so a
machine that seldom runs notiform has to refresh now and then.`
	aboutLogout = "revoke the login at Feishu, then forget it here"
	storyLogout = `It is forgotten here also when it cannot be revoked.`
	aboutToken  = "print the login's access token, for programs"
	storyToken  = `The token is refreshed first when it ends within five minutes. With --format json it is what
FEISHU_TOKEN_COMMAND reads.`

	aboutVersion = "print the version, and the commit that it was built from"
	versionIs    = "notiform version %s\n" // as the flag library says it for --version
	versionText  = "%s (commit %s, date %s, %s, %s/%s)"
	aboutHelp    = "print this help, or that of a command"
)

// How the help of a command is laid out.
const (
	helpWhole       = "notiform: %s\n\nUsage: %s\n\n%s\nnotiform help COMMAND says more of one, notiform explain RULE of a rule.\n"
	helpHeading     = "notiform %[1]s: %[2]s\n\nUsage: %[3]s\n\n"
	typedAs         = "notiform %s [flags] %s"
	typedGroup      = "notiform %s COMMAND [flags] %s"
	flagsHeading    = "Flags:\n"
	commandsHeading = "Commands:\n"
	withDefault     = "%s (default %s)"
	noLimit         = "no limit"
	noEnd           = "no end"
)

// The flags of validate and of every command that shows something. A word in back quotes names the
// value of its flag.
const (
	flagFormat  = "print the product on stdout as `FORMAT`: %s"
	flagReport  = "write the product to a file as well, by `FORMAT=FILE` (repeatable): the formats above, or github-summary, which adds to the file"
	flagHTML    = "write the card to `FILE` as a page as well, as --report html=FILE does"
	flagCards   = "show every card whole, as people will see it, where one of more than 30 lines is folded"
	flagColor   = "`WHEN` to colour: always, never, or auto: on a terminal or when FORCE_COLOR is set, unless NO_COLOR is"
	flagRule    = "change a rule by `ID=SEVERITY`: error, warning or off (repeatable)"
	flagStrict  = "treat warnings as errors"
	flagChanged = "only drafts that mean something else than at the merge base of the Git `REV` and HEAD; faults elsewhere are only told"
)

// The flags of plan, nearly all of them of apply, too.
const (
	flagOnly             = "only drafts whose notification_id, job_name or file is `ID|NAME|PATH|GLOB`, or matches it as a pattern (repeatable)"
	flagParallelism      = "up to `N` drafts under way at once, 1 to 64; the limits, not this, protect the server"
	flagTimeout          = "start nothing new after `DURATION`, such as 15m"
	flagReadRate         = "at most `N` GETs a minute; more than 100, or 0 for no limit, only against a loopback address"
	flagWriteRate        = "at most `N` PATCHes a minute; more than 20, or 0 for no limit, only against a loopback address"
	flagLogLevel         = "log at `LEVEL` on stderr: debug, info, warn or error; debug tells every request, never a header or a body"
	flagLogFormat        = "log as `FORMAT`: text or json"
	flagTicket           = "tell the helpdesk ticket with this `ID` in a message what the run came to; needs FEISHU_APP_ID and FEISHU_APP_SECRET, or FEISHU_TENANT_ACCESS_TOKEN"
	flagTicketContent    = "send the message's content as `FORM`: string or object; Feishu documents both"
	flagBase             = "tell for each difference whether the files or somebody at the console made it, by the draft as of the Git `REV` that was applied last; history, the default in a Git work tree: by whichever version of it the helpdesk is nearest to; none: do not tell"
	flagDetailedExitcode = "exit 2 when the plan succeeded and differs"
	flagOut              = "save the plan to `FILE` for show and apply --plan; it names people, so only its owner can read it"
)

// The guards, of which plan says what apply would refuse.
const (
	flagExpectDigest       = "refuse whatever is not what was reviewed: the `DIGEST` that plan printed"
	flagApproved           = "refuse whatever is not approved in `FILE`, which plan --report approvals=FILE wrote (repeatable: they add up)"
	flagMaxChanges         = "refuse to write when more than `N` drafts would change"
	flagRefuseConsoleEdits = "refuse to overwrite an edit made at the console, as --base tells it"
)

// The flags of apply alone.
const (
	flagMaxPlanAge  = "with --plan: refuse a plan older than `DURATION`"
	flagPlan        = "apply the plan saved in `FILE`"
	flagAutoApprove = "do not ask; needed where there is no terminal"
	flagFailFast    = "start nothing new after the first draft that fails"
)

// The flags of auth.
const (
	flagWeb           = "have the browser on this machine come back with a code, instead of the device grant, which no page of Feishu's describes"
	flagPort          = "with --web: listen on port `N` of 127.0.0.1"
	flagReadOnly      = "ask for what plan needs and no more"
	flagScope         = "ask for the scope `NAME` as well, such as contact:user.employee_id:readonly (repeatable)"
	flagAuthFormat    = "print as `FORMAT`: text or json"
	flagStatusOffline = "ask nobody: neither the program of FEISHU_TOKEN_COMMAND nor Feishu"
	flagShow          = "print the token even on a terminal"
)

// The flags of sandbox.
const (
	flagSeed   = "fill it from `PATH`: .json in the shape of GET, draft files, or a directory of either (repeatable)"
	flagListen = "listen on `HOST:PORT`, loopback only; port 0 is any free one"
	flagSet    = "behave as `SWITCH=VALUE` where Feishu documents nothing (repeatable, listed above)"
	flagLimit  = "limit requests a minute to `API=RATE`, 0 for no limit; all=0 lifts all (repeatable, listed above)"
	flagFault  = "make trouble as `FAULT` says, METHOD:ID:KIND[=ARGUMENT][:COUNT] (repeatable, listed above)"
	flagAhead  = "run its clock ahead by `DURATION`, such as 2h"
	flagCount  = "say at the end on stderr how many requests came"
)

// What the flag library says of what was typed, word for word: it is said again in our words.
const (
	libraryNoFlag  = "flag provided but not defined: -"
	libraryNoValue = "flag needs an argument: -"
)

// What is wrong with what was typed, and what to type instead. It is quoted as it was typed: saying
// it makes it visible, and escapes of escapes would stand for themselves.
const (
	noSuchFlag      = "there is no flag --%s"
	needsValue      = "--%s needs a value"
	invalidValue    = "invalid value \"%s\" for --%s: %s"
	emptyValue      = "--%s is given an empty value"
	hintEmpty       = "leave the flag out if it is not meant; a variable that is not set gives such a value"
	emptyPath       = "a PATH is empty"
	emptyArgument   = "an argument is empty"
	hintEmptyPath   = "leave it out if it is not meant; a variable that is not set gives such a one"
	hintFlag        = "did you mean --%s?"
	hintHelp        = "see notiform help"
	hintCommandHelp = "see notiform %s --help"
	noSuchCommand   = "\"%s\" is no command"
	hintCommand     = "did you mean notiform %s?"
	hintCommands    = "the commands are %s"
	isNoneOf        = "--%s \"%s\" is none of %s"
	isNegative      = "--%s %v is negative"
	isNotPositive   = "--%s %v is not positive"
	isNotBetween    = "--%s %d is not between %d and %d"

	hintAdded        = "it is added to a file: --report %s=FILE"
	notFormatFile    = "--report \"%s\" is not FORMAT=FILE"
	hintFormatFile   = "say where to, such as --report markdown=plan.md"
	notShownAs       = "--report %s: %s cannot be shown as \"%s\""
	hintFormats      = "the formats of %s are %s"
	reportOnStdout   = "--report %s: a report goes to a file"
	hintFormat       = "--format says what goes to stdout"
	sameOutput       = "%s: another report goes to that file"
	outputIsStream   = "%s: stdout or stderr goes to that file"
	outputIsRead     = "%s: that file is read in this run"
	outputIsDraft    = "%s: a file of that name is read as a draft in this run, or in the next"
	hintOutputIsRead = "a report takes the place of what is there; name another file"
	noPattern        = "--only \"%s\" is no pattern: %w"
	matchesNone      = "--only %s: no draft has this id, and no file or job_name matches it"
	noTicketID       = "--ticket \"%s\" is no ticket id, which is a decimal number"
	noDigest         = "--expect-digest \"%s\" is no digest: sha256: and 64 hexadecimal digits"
	approvedOnStdin  = "--approved -: approvals are read from a file"
	hintApprovedFile = "name the file that plan --report approvals=FILE wrote"
	changedWithStdin = "--changed goes with files, of which Git knows what they said, not with standard input"
	refuseWithNone   = "--refuse-console-edits and --base none exclude each other: only a base tells whose edit a difference is"
	refuseOutside    = "--refuse-console-edits needs the Git work tree of the drafts, whose history tells whose edit a difference is: %w"
	notWithPlan      = "--%s goes with draft files, not with --plan, which was made from them"
	planExcludesPath = "--plan and PATH exclude each other: the plan holds what would be written"
	oneFile          = "show takes one plan file, not %d"
	oneCard          = "card takes one file with a card, not %d"
	hintCard         = "name a file of JSON or YAML, or - for standard input"
	hintPlanOut      = "make one with notiform plan --out FILE"
	hintSandboxHelp  = "notiform sandbox --help lists them all"
	portWithoutWeb   = "--port goes with --web"
	noArguments      = "%s takes no argument"
	tokenOnTerminal  = "stdout is a terminal, where somebody may see the token"
	hintShow         = "if that is meant: --show"
	noTerminal       = "there is no terminal to ask on, and --auto-approve is not given; nothing was read or written"
	hintNoTerminal   = "review the output of notiform plan, then run apply with --auto-approve"
)

// Why nothing is written, and what to do about it.
const (
	otherDigest        = "this is not what was reviewed: the digest is %s, and %s is expected"
	hintOtherDigest    = "the plan above is what would be written now, with who changed each notification last; review it and use its digest"
	notApproved        = "%s:%d would change without approval: %s"
	approvedOtherwise  = "%s:%d is not what was approved, as the file or the helpdesk changed since: %s"
	hintApprove        = "plan again and have that approved; or review the plan above and approve a change by hand: add its line, digest and notification_id as they stand here, to a file of --approved"
	tooManyChanges     = "%s would change, and %s allows %d"
	hintTooManyChanges = "if so many changes are meant, raise --max-changes, or apply them in parts with --only"
	plannedWithoutBase = "the plan was made without a base, so nobody can tell whether it would overwrite edits made at the console"
	hintPlanWithBase   = "plan again in the Git work tree of the drafts, or with --base REV; or, having looked in the helpdesk console, with --refuse-console-edits=false"
	overwritesEdits    = "this would overwrite edits made at the console, in %s"
	hintOverwrites     = "take the edits into the files with notiform import --update, or apply with --refuse-console-edits=false"
	mayHoldEdits       = "nobody can tell whether this would overwrite edits made at the console, in %s: %s"
	hintUntold         = "commit each draft file as it is, and fetch all history or name a --base REV at which it can be read; or, having looked in the helpdesk console, apply with --refuse-console-edits=false"
	planIncomplete     = "the plan is not complete: not every draft was read"
	hintPlanAgain      = "plan again"
	otherHelpdesk      = "the plan is for helpdesk %s at %s, and the settings name helpdesk %s at %s"
	hintOtherHelpdesk  = "apply it with the settings it was made with, or plan again with these"
	planTooOld         = "the plan is %s old, and --max-plan-age allows %s"
	hintPlanTooOld     = "plan again, and have that plan reviewed"
	planFromFuture     = "the plan was made %s, and it is only %s here, so nobody can tell how old it is"
	hintPlanFromFuture = "set the clocks right; then plan again, and have that plan reviewed"
	planNotTaken       = "plan file %s is refused: %w"
	notYes             = "the answer was not yes"
	timeoutOver        = "--timeout is over"
	nothingWritten     = "nothing was written"
)

// What belongs to the team: flags, and what is wrong with what was typed.
const (
	flagHelpdesk           = "the helpdesk of this `NAME` in .notiform.yaml: the settings must be its own, and no PATH means its paths"
	flagAllowAudience      = "let drafts come to reach an audience that the team's file protects, by its push_scope_type `NAME`, such as all_members (repeatable)"
	whichHelpdesk          = "%s has %d helpdesks, and nothing says which"
	hintWhichHelpdesk      = "name one with --helpdesk: %s"
	noHelpdesks            = "--helpdesk %s: there are no helpdesks in %s"
	hintNoHelpdesks        = "list them there, or leave the flag out"
	hintHelpdesk           = "did you mean --helpdesk %s?"
	otherHelpdesksPath     = "%s holds drafts of helpdesk %s, and --helpdesk is %s"
	hintOtherHelpdesksPath = "say --helpdesk %s; without a PATH, those of %s are read"
)

// Why nothing is written, by what the team's file says.
const (
	maxChangesTyped     = "--max-changes"
	maxChangesOfTeam    = "max_changes of %s"
	gainsProtected      = "%s:%d comes to reach %s, which is protected in %s"
	hintProtected       = "if that is meant, have it reviewed, with --allow-audience %s for plan, then for apply or create; plan writes that into its approvals"
	draftBreaks         = "%s:%d: %s"
	hintMendDraft       = "change the draft, or have the team change .notiform.yaml; then plan again"
	otherHelpdeskID     = "the settings name helpdesk %s, and helpdesk_id is %s for %s in %s"
	otherBaseURL        = "the settings lead to %s, and base_url is %s for %s in %s"
	hintOtherSettings   = "set FEISHU_HELPDESK_ID, FEISHU_HELPDESK_TOKEN and FEISHU_BASE_URL for that helpdesk, or choose another one with --helpdesk; nothing was asked"
	fileAtRevision      = "%s:%s"
	teamFaultyThere     = "rules and guards cannot be known: %s"
	hintTeamFaultyThere = "rules and guards are those of %s, so that no change loosens its own: fix the file there first, by a change that is applied without --changed and --base"
)

// What is our own fault.
const (
	ourFault     = "a fault of notiform itself: %s"
	hintOurFault = "please report it, with the output on stderr and what was run; plan again to see what is left to do"
	quitBySignal = "ended by SIGQUIT; this is what it was doing"
)

// What could not be read, written or run.
const (
	endsWith         = "exit %d"
	planNotRead      = "read the plan: %w"
	planNotSaved     = "save the plan: %w"
	hintNotSaved     = "the plan is on stdout; no plan file was written, and one that was there is as it was"
	hintPlanInParts  = "the plan is on stdout; plan in parts with --only, since a larger file would not be read again"
	reportFailed     = "report %s: %w"
	hintNameFile     = "name a file; --format says what goes to stdout; everything else was written"
	hintNoDirectory  = "see that the file's directory exists; everything else was written"
	hintNoRight      = "see that the file and its directory can be written; everything else was written"
	hintElseWritten  = "run again when the file can be written, or name another one; everything else was written"
	halfWritten      = "%w; the file could only be written in place, and is not whole"
	hintHalfWritten  = "do not use the file as it is now; run again when it can be written, or name another one"
	fileTooLarge     = "it is larger than %d MiB"
	hintStdout       = "the output is not complete; run again with a stdout that can be written"
	fileNotWritten   = "write %s: %w"
	notRegular       = "it is no regular file"
	settingsNotRead  = "it was not read to its end within %v"
	storeInTilde     = "NOTIFORM_TOKEN_STORE is %q, and ~ is a folder only for a shell"
	hintTilde        = "write the whole path in its place, or $HOME where a shell reads it"
	noConfigFolder   = "this user has no folder of configurations that the store could be in"
	hintTokenStore   = "name a file in NOTIFORM_TOKEN_STORE"
	sourceFailed     = "%s: %w"
	commandTakesLong = "the program did not end within %v"
	noWords          = "it is no command line: it has no words, an open quote, or an operator of a shell"
	hintNoShell      = "it is run without a shell; where one is needed, name it: sh -c '…'"
	hintTokenCommand = "run the program by hand: it has to print a user access token on stdout and exit with 0"
	hintPrintToken   = "the program has to print the token alone, or JSON with access_token and, if it is known, expires_at or expires_in"
	printedTooMuch   = "the program prints more than any token has"
	programFailed    = "the program failed: %v"
	programNotRun    = "the program cannot be run: %v"
	seedAtFault      = "%s: %w"
	nothingToSeed    = "%s: there is nothing to seed"
	hintSeed         = "a seed is JSON in the shape of GET, or draft files that validate"
	commandNotRun    = "run %s against the sandbox: %w"
	untold           = "given up after %s"
	untoldWhenEnded  = "the run was stopped, and so was this %s later"
	approvedNotRead  = "read the approvals: %w"
)

// Notes on stderr.
const (
	asHint            = "hint: %s"
	faultsInDrafts    = "%s in the draft files; nothing was asked of the helpdesk"
	baseUntold        = "who made the differences of %s cannot be told: %s"
	baseUntoldOfFiles = "who made the differences of %s and %s more cannot be told: %s"
	planMade          = "this plan was made %s (%s ago) for helpdesk %s at %s"
	planMadeLater     = "this plan was made %s, which is in the future, for helpdesk %s at %s"
	futureRefused     = "apply refuses a plan from the future; set the clocks right and plan again"
	planOld           = "it is older than %s; apply refuses it unless --max-plan-age says otherwise"
	toldTicket        = "told ticket %s"
	onlyMessageFailed = "only the message failed; what was applied stays applied"

	registerRedirect  = "the app has to name %s among its redirect URLs, to the letter: Feishu's developer console, security settings"
	openHere          = "open this in a browser on this machine, and consent: %s"
	openAnywhere      = "open this in any browser, see that it shows the code %[2]s, and consent: %[1]s"
	loggedIn          = "logged in as %s (%s); the login is kept in %s"
	mayDo             = "it has the scopes %s"
	scopesDropped     = "Feishu left out %s"
	hintScopesDropped = "add the scopes to the app for the user identity in Feishu's developer console, publish a version, and log in again"
	feishuNotes       = "Feishu notes: %s"
	notRefreshable    = "there is no refresh token, so the login ends at %s"
	grantsAddUp       = "it can write all the same: what a user once granted to an app adds up; a token that only reads takes an app of its own that has only helpdesk:all:readonly"
	loginDue          = "log in again before %s, a year from now: Feishu refreshes a login for no longer"
	loginNotUsed      = "%s is set and comes first, so the login is not used here"
	loginDueSoon      = "the login has to be made anew before %s: notiform auth login"
	loginOverdue      = "the login was to be made anew before %s, and is not refreshed any more: notiform auth login"
	refreshed         = "refreshed; the access token lives until %s"
	loggedOut         = "logged out"
	notForgotten      = "the login is revoked at Feishu, and still in the store here, where it is of no use"
	notRevoked        = "the login is forgotten here and was not revoked at Feishu, where it ends at %s by itself"
	unknownValue      = "unknown"

	statusSource       = "source"
	statusNone         = "none: log in with notiform auth login"
	statusUnused       = "also set, not used"
	statusStore        = "store"
	statusUser         = "user"
	statusUnknown      = "unknown: %s"
	statusScopesUntold = "Feishu tells them when somebody logs in, and at no other time"
	statusEndUntold    = "it lives two hours at most"
	statusLogin        = "login"
	statusLoginUnused  = "%s; of app %s; not used here; log in again before %s"
	statusWho          = "%s (%s), tenant %s"
	statusApp          = "app"
	statusAppAt        = "%s at %s"
	statusScopes       = "scopes"
	statusAccess       = "access token"
	statusRefresh      = "refresh token"
	statusDue          = "log in again"
	statusOverdue      = "now: it was due before %s"
	statusUntil        = "before %s, in %s"
	statusEnded        = "ended at %s"
	statusNoRefresh    = "none"
	statusLostOnce     = "may be spent: the answer of the last refresh was lost; the next run tries it once more"
	statusLostTwice    = "may be spent: the answers of the last two refreshes were lost; notiform auth refresh tries it once more"

	readingDrafts = "reading drafts"
	writingDrafts = "writing drafts"
	howFar        = "%s: %d of %d"
	howFarAndLong = "%s: %d of %d, at least %s left under the limits of the API"

	stoppingValidate = "interrupted: stopping"
	stoppingShow     = "interrupted: stopping"
	stoppingAuth     = "interrupted: stopping"
	stoppingSandbox  = "interrupted: stopping"
	stoppingPlan     = "interrupted: stopping; what was read is shown"
	stoppingApply    = "interrupted: finishing what is in flight; interrupt again to stop at once"

	sandboxServes = "sandbox: serving; interrupt to stop"
	sandboxCounts = "sandbox: %d GET, %d PATCH, %d other requests"
)
