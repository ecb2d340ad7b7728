package reconcile

// This is the table of what people read of this package, id → sentence, English for now: errors,
// hints and the reasons that a plan gives. Each is a whole sentence, so that a translator may put
// its words in any order, and a format where it has values: go vet holds the values against the
// verbs. A value that is an error is said as that error says it.

// Why a draft was not read, or cannot be compared.
const (
	notReadWhenStopped = "not read, because the run was stopped"
	notReadBecause     = "%w (%w)"
	withheldID         = "the server left %s out of %s[%d], so the list cannot be compared"
	hintWithheldID     = "grant the app the scope contact:user.employee_id:readonly (for user_id_type user_id) and the contact scopes of the list, or use another user_id_type in the file"
	notWritable        = "%s is missing or not what a draft can have, so nothing is written"
	cannotBeSeeded     = "%s: %w"
	noIDToSeed         = "%s: a draft without notification_id cannot be seeded"
)

// What somebody should know of a draft that was imported.
const (
	importedNoDraft = "its status is %d: it is no draft any more, and apply will not change it"
	importedNoTime  = "its send_at \"%s\" is no time that a file can say, so it is left out, and left as it is in the helpdesk"
)

// Why a draft was not written, or was not proven to be.
const (
	stoppedByFailFast    = "--fail-fast: another draft failed"
	changedSincePlanned  = "the notification was changed on the server since it was planned"
	noLongerDraft        = "the notification is no longer a draft"
	noLongerDraftFor     = "%w: %w"
	heldIsNotWhatWasSent = "the PATCH was accepted, but Feishu now has something else than what was sent"
	sentAndNotReadBack   = "%w; reading it back: %w"
	notReadBack          = "reading back what was written: %w"
)

// Why nobody knows whether a draft was created, or of a created one where its id is.
const (
	nothingMoreCreated = "nothing more is created in this run, since it has to be settled first what became of another draft"
	createdOrNot       = "nobody knows whether it was created: %w"
	hintCreatedOrNot   = "look in the helpdesk console for a draft with the job name \"%s\", made about %s by the user whose access token this is; if it is there, enter its id as notification_id; if it is not, remove the line above the draft that says create asked for it; then create again"
	idNotEntered       = "it was created as notification %s, and the file does not have that id: %w"
	hintIDNotEntered   = "enter it by hand, notification_id: \"%[1]s\", in place of the line above the draft that says create asked for it"
	noteStays          = "the line above the draft that says create asked for it could not be removed, though nothing was created; remove it by hand: %w"
	heldIsNotAsCreated = "it was created, and its id is in the file, but Feishu has something else than what was sent"
)

// How an update reaches people whom the message did not reach before.
const (
	reachesEveryNewMember = "new_staff_scope_type departments → all reaches every new member of the organisation"
	reachesEveryMember    = "push_scope_type %s → all_members reaches every member of the organisation"
	reachesWhoeverJoins   = "push_scope_type selected_members → new_staff reaches everybody who joins, not only those who were selected"
	reachesDirectly       = "push_scope_type chats_only → %s reaches members directly, who were not reached before"
	listMoves             = "%s: %s"
)

// How the members of a list change.
const (
	membersAdded        = "%s added"
	membersRemoved      = "%s removed"
	membersAddedRemoved = "%s added, %d removed"

	onePerson     = "%d person"
	people        = "%d people"
	oneDepartment = "%d department"
	departments   = "%d departments"
	oneChat       = "%d chat"
	chats         = "%d chats"
)

// Why a plan file is not taken.
const (
	noPlan           = "it is no plan"
	noPlanJSON       = "it is no JSON: %w"
	noPlanAt         = "it is no plan: unexpected %v at \"%s\""
	noFormatVersion  = "it is no plan: it has no format_version"
	otherMajor       = "its format_version is \"%s\", and this notiform reads 1.x"
	checksumDiffers  = "its checksum does not fit what it says: it was edited or damaged after it was made"
	contradiction    = "it contradicts itself: %w"
	draftAtFault     = "draft %d: %w"
	stateMissing     = "live, desired or status is missing"
	idTwice          = "drafts %d and %d are both of notification %s"
	liveUnknown      = "push_type or push_scope_type of live is missing"
	idMissing        = "notification_id is missing"
	otherAction      = "its action is \"%s\", and its states and status say otherwise"
	otherFingerprint = "live_fingerprint is not that of live"
	otherDigest      = "the digest is not that of its drafts"
	otherDraftDigest = "its digest is not that of what it would write"
	otherSummary     = "the summary does not count its drafts"

	hintPlanAgain  = "make a new one with notiform plan --out FILE"
	hintOtherMajor = "use the notiform that made it, or make a new one with notiform plan --out FILE"
)

// Why an approvals file is not taken.
const (
	noApproval     = `%s:%d: "%.100s" is no approval`
	hintNoApproval = "a line is a digest, one blank and a notification_id, as plan --report approvals=FILE writes it, or allow-audience and a push_scope_type"
)

// Why a file is left as it is.
const (
	fileMoved    = "the file changed while this ran"
	cardShared   = "the card file %s is also that of %s, which does not take the same card"
	bothChanged  = "both sides changed what is marked conflict"
	nobodyTells  = "nobody can tell who made the difference: %s"
	newSinceBase = "the draft is new since the base"
	hintForce    = "look at both, and edit the file; or take the helpdesk's side with --force"
	otherDrafts  = "the edited file would hold other drafts"
	notRewritten = "the edited file would not say the %s that it should, in \"%s\""
)
