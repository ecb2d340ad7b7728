package report

// This is the table of what people read of this package, id → sentence, English for now. Each is a
// whole sentence or label, and a format where it has values, so that a translator may put its
// words in any order; go vet holds the values against the verbs. What is said otherwise of one
// than of several stands here twice, for counted. Two tables stand beside this one: the rules of
// planning in rule.go, and in messages_ticket.go what is said in two languages.

const (
	// Nouns that are counted by Plural.
	nounDraft       = "draft"
	nounFile        = "file"
	nounValue       = "value"
	nounChange      = "change"
	nounError       = "error"
	nounWarning     = "warning"
	nounMoreError   = "more error"
	nounMoreWarning = "more warning"
	nounMoreNote    = "more note"
	nounFault       = "fault"

	nounChangedDraft = "changed draft"
	nounSecond       = "second"
	nounMinute       = "minute"

	// What a run came to.
	validateCounts  = "Validate: %s in %s, %s, %s"
	validateChanged = "Validate: %s of %d in %s, %s, %s"
	planIs          = "Plan: %s"
	applyCounts     = "Apply: %s"
	applyNothing    = "Apply: nothing to do, there are no drafts"
	helpdeskIs      = "Helpdesk %s at %s"
	noPlanMade      = "No plan was made"

	// What a change touches.
	oneDiffers      = "%d of %s differs from the merge base %s of %s."
	manyDiffer      = "%d of %s differ from the merge base %s of %s."
	noneDiffers     = "No draft differs from the merge base %s of %s (%s looked at)."
	removedIs       = "removed: %s %s %s: %s; %s"
	removedItem     = "- removed: %s %s %s"
	staysInHelpdesk = "its notification stays in the helpdesk"
	hintRemoved     = "withdraw or delete it there if nobody is to get it"
	oneRemoved      = "%d draft is in no file any more, and its notification stays in the helpdesk:"
	manyRemoved     = "%d drafts are in no file any more, and their notifications stay in the helpdesk:"
	faultsOutside   = "%s in files outside of the change, which are only told."

	// Why a run ended early.
	saidByProgram   = "notiform: %s"
	planStopped     = "the run was stopped before every draft was read"
	planAgain       = "plan again"
	applyStopped    = "the run was stopped before every draft was written"
	applyAgain      = "apply again"
	runInterrupted  = "the run was interrupted"
	runAgain        = "run it again"
	ticketNotTold   = "the message to ticket %s failed: %s"
	summaryFull     = "there is no room left: GitHub drops a step summary of more than 1 MiB whole"
	hintSummaryFull = "let the steps before write less, or a job of its own run notiform; everything else was written"
	messageTooLong  = "the message has %d bytes without any draft, and %d are the most"
	unknownFormat   = "unchecked report format %s"

	// A plan as a whole.
	notReadAre      = "not read:"
	notAttemptedAre = "not attempted:"
	waitingAt       = "    %s:%d  %s  %s"
	planIncomplete  = "This plan is not complete: the run was stopped with %s not read."
	takesAtLeast    = "Applying this takes at least %s under the limits of the API."
	itTakesAtLeast  = "It takes at least %s under the limits of the API."
	digestIs        = "Digest: %s"
	editsLost       = "%s would lose edits made at the console (marked console or conflict)."
	wouldRefuse     = "apply would refuse this: %s"
	hoursMinutes    = "%d h %02d min"
	widenedTo       = "%s would reach more people (marked audience)."
	passedIn        = "%s would be given a send_at that has passed (marked send_at has passed)."

	// What a person is asked before a plan is written, each in a line of its own.
	writeThem     = "Write %s of helpdesk %s at %s?"
	minding       = "%s."
	oneReaches    = "%d reaches more people"
	manyReach     = "%d reach more people"
	onePassed     = "%d has a send_at that has passed"
	manyPassed    = "%d have a send_at that has passed"
	oneOverwrites = "%d overwrites console edits"
	manyOverwrite = "%d overwrite console edits"
	typeYes       = "Type yes: "

	// A draft.
	labelled          = "%s: %s"
	draftAt           = "%s  %s:%d"
	draftDigest       = "digest %s"
	noJobName         = "(no job_name)"
	lastChanged       = "last changed on the server %s"
	lastChangedBy     = "last changed on the server %s by %s"
	stillHas          = "the helpdesk still has the text of %s"
	nearestHas        = "the helpdesk has the text of no commit; the nearest is %s, which differs in %s"
	audienceIs        = "audience: %s"
	blockedIs         = "blocked: %s"
	errorIs           = "error: %s"
	warningIs         = "warning: %s"
	hintIs            = "hint: %s"
	indentedHintIs    = "  hint: %s"
	approvalAt        = "approval: %s"
	onlyDrafts        = "Feishu changes only drafts"
	statusNoDraft     = "its status is %d, and Feishu changes only drafts (status 0)"
	outcomeIs         = "%s  %s  %s  %s:%d: %s"
	sendAtPassed      = "send_at has passed: %s"
	fieldsWritten     = "%s written, read back as in the file"
	equalAlready      = "somebody had already made it equal to the file; nothing was sent"
	nothingSent       = "%s; nothing was sent"
	staleDraft        = "it changed on the server since it was planned, and was not written"
	unverifiedDraft   = "it was sent, but the server does not have what the file says"
	notAttemptedDraft = "the run was stopped before its turn"
	unreadDraft       = "the run was stopped before it was read"
	hintBlocked       = "undo these changes in the file or, if it only awaits approval, withdraw it in the helpdesk console"
	hintStale         = "plan again, review what changed, and apply"
	hintUnverified    = "look at it in the helpdesk console; then plan again"
	whatChanged       = "what changed:"
	tooLarge          = "a value of %d bytes, too large to be shown (sha256:%x)"
	stillDifferent    = "still different from the file:"
	plannedWas        = "planned:"
	editsOverwritten  = "edits made at the console would be overwritten: %s"

	// What differs in a draft.
	listSizes    = "%s: %s (%d → %d)"
	oneValue     = "%c %s: %s"
	twoValues    = "~ %s: %s → %s"
	wasInBase    = "the file at the base had %s: %s"
	unsetInBase  = "the file at the base had no %s"
	bothChanged  = "both sides changed the card since the base; at the console:"
	timeOnDay    = "%s (%s)"
	valueBelow   = "%c %s:"
	nameWithID   = "%s (%s)"
	memberFile   = "%s (%s, a name from the file)"
	theCard      = "the card"
	linesBetween = "…"

	// What to do about what is left, one a line.
	nextStep         = "next: %s"
	nextStale        = "stale drafts were not written; plan again, review what changed, and apply"
	nextUnverified   = "unverified drafts need a look in the helpdesk console; then plan again"
	nextFailed       = "%d failed, unchanged on the server: fix the error above, apply again"
	nextNotAttempted = "drafts that were not attempted are done by applying again"
	nextBlocked      = "blocked drafts are no drafts any more; undo the changes in the files or, if they only await approval, withdraw them in the helpdesk console"

	// What is said of draft files.
	diagnosticIs      = "%s: %s: %s [%s]"
	errorsAndWarnings = "%s and %s"
	inDraftFiles      = "%s in the draft files"

	// A page of Markdown.
	pageHeading    = "### notiform %s: %s"
	plannedColumns = "| action | draft | at | fields |"
	resultColumns  = "| outcome | draft | at | fields |"
	foldHeading    = "<b>%s</b> %s at %s"
	mindDraft      = "- **%s**: %s at %s: %s"
	mindMore       = "- and %d more"
	applyExactly   = "To apply exactly this:"
	applyLonger    = "To apply exactly this, with the paths and flags of this plan behind it:"
	footDigest     = "digest %s"
	footBase       = "base %s"
	footExitCode   = "exit code %d"
	footVersion    = "notiform %s"

	// What is left out of a page.
	pageCut          = "This report is cut to fit. %s"
	pageCutBy        = "This report is cut to fit; %s. %s"
	oneUnchanged     = "%d draft is without its changes"
	manyUnchanged    = "%d drafts are without its changes"
	oneUnlisted      = "%d draft is not in the table"
	manyUnlisted     = "%d drafts are not in the table"
	faultsNotShown   = "1 list is of faults not shown"
	oneLineLeftOut   = "%d more line is left out here."
	manyLinesLeftOut = "%d more lines are left out here."
	wholeAsText      = "The output of notiform %s as text has all of it."
	wholeIn          = "The whole report is in %s."

	// Formats that programs read.
	moreThanShown     = "%s than GitHub shows; every other format has them all"
	sarifRoot         = "the directory in which notiform ran"
	sarifHelp         = "Reported when: %s."
	sarifHelpSettable = "Reported when: %s. notiform --rule %s=off turns it off, =warning lowers it."
)
