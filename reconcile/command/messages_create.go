package command

// What create alone says.
const (
	aboutCreate = "create the drafts that have no notification_id, and write the ids into their files"
	storyCreate = `Shows what is to be created, asks for a yes on a terminal, and creates one draft after the other, at
most 10 a minute. Documents that have a notification_id are left alone. What is created is a draft:
nothing is ever submitted, sent, previewed or recalled. Before Feishu is asked for a draft, a line
that says so is written above it, and its id takes the place of that line. A document that has the
line is refused: nobody knows whether Feishu created it.`
	flagCreateRate         = "create at most `N` drafts a minute; more than 10, or 0 for no limit, only against a loopback address"
	hintNoTerminalToCreate = "review the output of notiform plan, then run create with --auto-approve"
	createdFromStdin       = "create writes the ids into the files, so it reads no draft from standard input"
	hintCreatedFromFile    = "name the files, or the directories that they are in"
	tooManyToCreate        = "%s would be created, and %s allows %d"
	hintTooManyToCreate    = "if so many are meant, raise --max-changes, or create them in parts by naming files"
	askedBefore            = "%s:%d: Feishu was asked to create this before, and no answer is known"
	hintAskedBefore        = "look in the helpdesk console for a draft with the job name \"%s\", made at the time in the line above the draft; if it is there, enter its id as notification_id; if it is not, remove that line"
	fileChangedMeanwhile   = "it was changed by somebody else since it was read"
	otherCreateAtWork      = "another create writes in its folder; if there is none, remove .notiform-create there"
	createdAs              = "%s:%d was created as notification %s, and its file does not have the id: enter it by hand"
	creatingDrafts         = "creating drafts"
)
