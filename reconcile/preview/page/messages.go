package page

// This is the table of what people read of this package, id → sentence, English for now. Each is a
// whole sentence or label, and a format where it has values.

// What a page says.
const (
	pageTitle     = "notiform preview"
	skipName      = "To the card"
	listName      = "Drafts"
	followName    = "Whatever is saved last"
	switchesName  = "How the card is shown"
	widthName     = "Width"
	widthDesktop  = "desktop"
	widthPhone    = "phone"
	schemeName    = "Scheme"
	schemeSystem  = "as the system"
	schemeLight   = "light"
	schemeDark    = "dark"
	languageName  = "Language"
	languageAll   = "all"
	captionBefore = "Before"
	captionAfter  = "Now"
	changedName   = "changed"
	newName       = "new"
	errorsName    = "errors:"
	warningsName  = "warnings:"
	sourceName    = "Source"
	faultIs       = "%s [%s]"
	draftGone     = "This draft is no longer there."
	nothingToShow = "There is no draft yet. The page shows the first one as soon as it is saved."
	noCard        = "There is no card yet that could be shown."
	staleCard     = "The file cannot be read as it is now. This is the last card that could."
	troubleName   = "The drafts could not be read. This is what they said before:"
	lostName      = "notiform preview has ended, or cannot be reached. This is what it showed last."
	newSince      = "new since %s"
	withoutID     = "it has no notification_id yet, so that nobody can tell what it said at %s"
	untoldBefore  = "nobody can tell what it said at %s: %s"
)

// What it tells who asks for something else.
const (
	foreignHost   = "this name is not the one that notiform preview answers to"
	foreignOrigin = "other pages may not ask for anything here"
	onlyGet       = "only GET and HEAD are answered"
	noSuchPage    = "there is nothing here; the address of the page is the one that notiform preview has printed"
)

// Errors.
const (
	notWatched   = "watch the files: %w"
	notListening = "serve the page: %w"
)
