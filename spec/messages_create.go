package spec

// What create writes into a file, which programs read as well, and why it cannot.
const (
	askedWords    = "notiform create: asked"
	askedNote     = "# notiform create: asked %s, no answer known"
	idField       = `%s: "%s"`
	quotedID      = `"%s"`
	noPlaceForID  = "the layout of this document has no place for a notification_id that changes nothing else, so it is not created"
	oneFieldALine = "write its fields one a line, without notification_id"
)
