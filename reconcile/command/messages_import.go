package command

// The table of messages.go, for import.

const (
	aboutImport = "write one draft file for each notification that the helpdesk has"
	storyImport = `ID is a notification_id; the API has no list of them. Each notification is read with one GET and
written into a file of its own, called by its job_name and id, which validates, and plans as
unchanged. Nothing is written to the helpdesk. One ID that fails leaves the others alone.

With --update, PATH is read as by plan, and what somebody changed at the console comes into the
files that are there; what both sides changed, and files with uncommitted changes, only with --force.`

	flagFrom       = "read IDs from `FILE` as well, or - for standard input: one a line, # begins a comment"
	flagInto       = "write the files into `DIR`, which is made if it is not there"
	flagForce      = "replace a file of the same name, unless it holds another draft; with --update, take also what both sides changed, into files with uncommitted changes as well, and let comments go inside what is replaced"
	flagZone       = "write times in the zone `NAME`, such as Europe/Berlin, UTC or +08:00"
	flagUserIDType = "name people by ids of the kind `TYPE`: open_id, union_id or user_id"
	flagSchema     = "begin each file with a line that tells editors to check it by the JSON Schema at `PATH`"

	noIDs          = "there is no ID to import"
	hintIDs        = "name one, or a file of them with --from; the API has no list of them"
	noZone         = "--zone \"%s\" is no time zone"
	hintZone       = "write the name of a zone, such as Asia/Shanghai, or an offset, such as +08:00"
	noSchema       = "--schema \"%s\" has characters with which editors do not find it"
	listNotRead    = "read the IDs: %w"
	listedID       = "%s:%d: \"%s\" is no notification_id, which is a decimal number"
	hintListedID   = "write one id a line, in the digits 0 to 9; what follows a # is a comment"
	typedID        = "\"%s\" is no notification_id, which is a decimal number"
	listedTwice    = "%s is named more than once, and asked for once"
	ownedAlready   = "%s has this notification already"
	hintOwned      = "it is left as it is; --force writes it anew, where it is called by the same name and holds nothing else"
	ownedElsewhere = "%s has this notification already, and the file would now be %s"
	hintElsewhere  = "rename or remove it first: two files must not own one notification"
	notReadBelow   = "%s cannot be read, so nobody can tell whether it has one of these notifications already"
	fileIsThere    = "%s is there already"
	hintThere      = "move it away, or replace it with --force"
	holdsOthers    = "%s is there already, and holds another draft besides"
	hintOthers     = "move the other draft into a file of its own first"
	folderNotMade  = "the folder %s cannot be written to: %w"
	hintFolder     = "--out is a folder, or is to become one; below the working directory it must not lead out by a link: name where that leads to instead"

	readingNotifications = "reading notifications"
	stoppingImport       = "interrupted: stopping; the files that were written are whole"
)

// What --update says.
const (
	flagUpdate = "instead, take into the draft files in PATH what somebody changed at the console, and change nothing else in them"

	flagNeedsUpdate = "--%s is for --update"
	flagForNewFiles = "--%s is for new files, and --update changes those that are there"
	updateStdin     = "--update changes files, and standard input is none"

	updateUncommitted = "%s has changes that are not committed"
	hintUncommitted   = "commit them first, or take the console's edits into them with --force"
	updateRefused     = "%s is left as it is: %w"
	hintRefused       = "edit the file by hand; notiform plan shows what differs"
	updateWaits       = "%s has both edits that were taken and changes that wait to be applied"
	hintWaits         = "apply it soon: once the edits are committed, what waits reads as an edit of the console"
	updateMoved       = "it changed while this ran"
	stoppingUpdate    = "interrupted: stopping; a file is either as it was or whole"
)
