package command

// The table of messages.go, for help and completion.

const (
	aboutCompletion = "print the script by which a shell completes what you type"
	storyCompletion = `SHELL is bash, zsh or fish. The script completes commands, flags, their values, rules, the helpdesks of
.notiform.yaml and files; it asks the notiform that you are typing for the words, and nobody else.`

	noShell    = "completion takes one shell that it knows, not \"%s\""
	hintShells = "the shells are %s"
)
