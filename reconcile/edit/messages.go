package edit

// This is the table of what people read of this package, id → sentence, English for now.
const (
	notYAML      = "it cannot be read as YAML"
	unmeasured   = "it is written in a way that cannot be changed in part"
	tangled      = "the changes meet in one place of the text"
	losesComment = "the comment %q would be lost"
	behindAnchor = "the value of the anchor &%s stands in other places, too, which would change with it"
	mergedIn     = "%s is merged in from an anchor, and cannot be taken out here alone"
	noTime       = "%q is no time that a file can say"
	noCard       = "what the helpdesk has is no card"
	cardTooLarge = "the card is too large to be compared part by part"
)
