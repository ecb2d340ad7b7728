// Package diff says what must change to turn one state of a notification into another.
//
// A [State] is everything of a notification that a draft file can own; the file and the server
// are both brought to one before they meet. [Between] takes two of them and returns the
// [Change]s, in the order of the draft file. It is pure: no context, clock, file or network.
//
//	lay out    fields.go is the table of what a State consists of; facts are a State laid      fields.go, fact.go
//	           out flat, a fact a field or a fact a list member, so that order and absence
//	           are gone before anything is compared
//	compare    go-cmp says which facts differ, through a Reporter; its text is unstable by     fact.go
//	           design and never used
//	align      cards are laid beside each other as one tree, equal elements of arrays beside   card.go, edits.go
//	           equal ones; what differs are the tree's changes, and what is drawn is the tree
//	name       list members get the name that the server uses                                  member.go
//	label      a third state, what the file said before, tells who made a change               origin.go
//	identify   a fingerprint of a state, and the bytes that a digest covers                    canonical.go
package diff
