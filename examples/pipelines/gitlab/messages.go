package main

// What people read: in the log of a job, on a merge request and in an issue.
const (
	usage       = "usage: gitlab plan DIR HEAD | train DIR IID HEAD | approved DIR | applied DIR | drift DIR CODE"
	noToken     = "NOTIFORM_GITLAB_TOKEN is not set; examples/pipelines/README.md says what it is"
	badName     = "NOTIFORM_HELPDESK is %q; a name has letters, digits, dots and hyphens only"
	badReview   = "NOTIFORM_REVIEW is %q; it is required or none"
	notAccepted = "%s %s: GitLab answered %d: %q"

	badApprovals = "the file of approvals holds something else than approvals"

	planToApprove = "**Plan** of %s ([pipeline](%s)). An approval counts if it is given after this note; who has approved before revokes it and approves again. Do not edit this note: it would no longer count."
	planOfSome    = "**Plan** of %s ([pipeline](%s)), exit code %d: what stands against some of it is below. The rest can be approved after this note; who has approved before revokes it and approves again. Do not edit this note: it would no longer count."
	noDraft       = "**Plan**: no draft is touched, so there is nothing to approve."
	planOfNothing = "**Plan** of %s ([pipeline](%s)): nothing that apply would write, so nothing to approve."
	planRefused   = "**Plan** of %s ([pipeline](%s)): apply would refuse or fail, exit code %d. Nothing here can be approved."
	planFailed    = "**Plan** of %s ([pipeline](%s)): there is none. The log of the job says why."
	seeCards      = "[The cards as people will see them, before and after](%s)."
	tooLong       = "The report is too long for a note; it is among the artefacts of the job."

	applyEnded      = "**Apply** of %s ([pipeline](%s)) has ended, exit code %d."
	applyEndedEarly = "**Apply** of %s ([pipeline](%s)) has left no result: the job is %s. Run it again: what was written is not written twice."
	applyRefused    = "**Apply** of %s ([pipeline](%s)) was refused, and nothing was written. Who has reviewed what it would write runs a pipeline of the branch with the variables NOTIFORM_DIGEST=%s and NOTIFORM_BASE=%s."

	driftTitle = "%s: the helpdesk no longer says what the draft files say"

	// What a note or an issue of ours begins with; planNote reads that of a plan.
	planMarker    = "<!-- notiform:plan helpdesk=%s sha=%s\n%s-->\n"
	appliedMarker = "<!-- notiform:applied helpdesk=%s sha=%s -->\n"
	driftMarker   = "<!-- notiform:drift helpdesk=%s -->\n"

	noMergeRequest = "GitLab knows of no merge request that these commits merged: nothing is approved"
	doesNotCount   = "merge request !%d: its approvals do not count: %s"
	noPlan         = "there is no plan of its last commit %s by this account"
	wasEdited      = "the note of its plan was written at %s and edited at %s"
	notReviewed    = "nobody has approved it"
	byThePipeline  = "only this account has approved it"
	byItsAuthor    = "%s is its author"
	byAReader      = "%s may not push to this project"
	withoutTime    = "GitLab does not say when %s approved it; before version 18.5 only NOTIFORM_REVIEW=none is possible"
	tooEarly       = "%s approved it at %s, and the plan was not there before %s"
)
