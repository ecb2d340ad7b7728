// Package history is what Git knows of drafts: the third side of a three-way comparison, and what a
// change touches.
//
// [Read] takes a revision and the drafts as they are now, and returns what their files said
// then. [Versions] tells what they said in every commit up to HEAD. Git already holds what was
// applied before, so notiform needs no state file. [NewSince] takes a revision, and its Change is what
// the work tree says otherwise than the merge base of it and HEAD.
//
//	git          every git process, started so that a checkout can make it execute nothing    git.go
//	conversation a git process that answers one question after the other                 conversation.go
//	repository   one commit of the repository that a directory is in: its files, and one      repository.go
//	             "git cat-file --batch" that all contents come from
//	standing     how Git keeps the files that the drafts are in now                           standing.go
//	base         the drafts of that commit, found by their notification_id whatever file      base.go
//	             they were in; and of those that are not found, whether they are new
//	pursuit      drafts followed back by their notification_id, from file to file, with      versions.go, pursuit.go,
//	             their cards                                                           trail.go
//	walk         the commits, and what each changed, tree by tree: what lies behind the     walk.go, tree.go
//	             last version that is wanted is not read
//	changed      the merge base; which files are as they were there, by the ids that Git      changed.go, blob.go
//	             gives to bytes: the work tree is read once, by whoever loads it
//	file         one file as it is at a revision, or at its tip: the rules and guards that a     file.go
//	             change is judged by
//	survey       only what differs is decoded: drafts that may mean something else, what they  survey.go
//	             said, what is gone, and which files have nothing to do with it
//
// Who asks again and again, as a page does that follows every save, holds what [Mark] says against what
// it said before.
//
// Git is run as a program, never through a shell, and what comes from outside is never taken
// for a flag. It is the only process that the engine knows of, and only this package starts it.
//
// Whoever wrote the checkout may also have written its .git: what Git then says may be wrong, as
// any file may be, but it is never a command that runs here.
package history
