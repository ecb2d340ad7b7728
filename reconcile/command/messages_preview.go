package command

// What preview says: messages.go is long enough.
const (
	aboutPreview = "show the cards as people will see them, in a browser, and follow every save"
	storyPreview = `Prints the address of a page on this machine, which shows the draft that was saved last and what is
wrong with it, and follows every save until it is interrupted. PATH is a file or a directory; no PATH is
the paths of .notiform.yaml, or else the working directory. No network, no credentials.`

	flagPreviewPort = "serve on this `PORT` of 127.0.0.1"
	anyFreePort     = "any free one"
	flagPreviewBase = "show beside each card that differs what it was in the Git `REV`"

	previewWithStdin = "preview follows files; standard input is none"
	previewServes    = "preview: serving; open the address in a browser on this machine, interrupt to stop"
	previewDeaf      = "preview: saves in %s, and perhaps elsewhere, are not seen: %v"
	hintPreviewPort  = "without --port any free one is taken"
	stoppingPreview  = "interrupted: stopping"
)
