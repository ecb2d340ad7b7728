// Package history is what Git knows of drafts: the third side of a three-way comparison.
//
// [Read] takes a revision and the drafts as they are now, and returns what their files said
// then. Git already holds what was applied before, so notiform needs no state file.
//
//	repository   one commit of the repository that a directory is in: its files, and one      repository.go
//	             "git cat-file --batch" that all contents come from
//	base         the drafts of that commit, found by their notification_id whatever file      base.go
//	             they were in
//
// Git is run as a program, never through a shell, and what comes from outside is never taken
// for a flag. It is the only process that the engine knows of, and only this package starts it.
package history
