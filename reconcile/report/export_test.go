package report

// PageWithin is the page about a run in at most so many characters and bytes, for tests of what is
// left out: the formats have limits of their own.
func PageWithin(r Run, characters, bytes int) string {
	return pageOf(r).draw(limits{characters, bytes})
}

// Harmless is how programs get the name of a file.
func Harmless(name string) string { return harmless(name) }
