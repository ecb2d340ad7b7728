package main

// What people read, by what it is about. Values that come from outside stand in quotes or code.
const (
	usage    = "usage: action find, run or tell"
	noName   = "name is not of letters, digits, dots, hyphens and underscores, such as it"
	noReview = "review is neither required nor none"
	noToken  = "apply needs github-token, to find what was reviewed"
	noDigest = "digest is not the digest of a plan, sha256: and 64 digits: copy it from the run that was refused"
	noCommit = "changed is not a whole commit id: copy it from the run that was refused, or leave it empty"
	notFound = "action find has left nothing"
	noTip    = "the branch is not in the work tree: give actions/checkout fetch-depth: 0"

	noCommand  = "command is none of validate, plan, apply, drift"
	noQueueRef = "%q is not the branch of a merge queue's entry"

	hubKnowsNone = "GitHub knows nothing of that name"
	hubRefuses   = "%s %s: GitHub answers %d: %q"
	pullNotRead  = "pull request %d cannot be read: %w"

	fromFork = "a pull request from a fork is not planned, since it gets no secret: somebody who has read it pushes its branch to this repository and opens a pull request from there"

	noBefore       = "nothing of this push counts as approved: it made the branch, or was forced, or its history was not fetched"
	pushedDirectly = "commit %s came by no pull request, so nothing of it is approved"
	neverPlanned   = "nothing of pull request %d counts as approved: its last commit %s was not planned"
	planFailed     = "nothing of pull request %d counts as approved: the last plan of its last commit %s failed or was refused"
	notReviewed    = "nothing of pull request %d counts as approved: nobody with write access, other than its author, has approved its last commit %s after the plan of %s"
	movedOn        = "nothing is done: %s has moved on since this run was started; run the workflow again"
	noLongerPart   = "nothing counts as approved: commit %s is no longer part of %s"
	tipNotRead     = "nothing counts as approved: the drafts of commit %s cannot be compared with those of this run"
	draftMoved     = "the approval of notification %s does not count: commit %s says something else of it"

	markerLine     = "<!-- notiform %s -->"
	plannedCommit  = "Planned: commit `%s`, as it would be merged as `%s`, at %s. Digest `%s`. [Run](%s)"
	appliedCommit  = "Apply of commit `%s`, at %s. [Run](%s)"
	seeCards       = "[The cards as people will see them, before and after](%s)."
	reportOf       = "Of [this run](%s)."
	applyByHand    = "Who has reviewed what this run shows can apply it: run the workflow by hand with digest `%s` and changed `%s`."
	applyAllByHand = "Who has reviewed what this run shows can apply it: run the workflow by hand with digest `%s`, and changed left empty."
	noReport       = "notiform left no report; its exit code was %d."
	endedWith      = "the plan ended with exit code %d"
	tooMany        = "too many drafts for one pull request: split it"
	toUpdate       = "%d to update"
	nothingTouched = "no drafts touched"
	driftTitle     = "%s: the helpdesk no longer says what the draft files say"
)
