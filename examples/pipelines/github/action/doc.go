// Command action is what the GitHub action does besides running notiform: it finds out what was
// reviewed, hands the runner's signals on, and tells the pull request. It is built from the commit
// that the action is pinned to, like notiform itself, so a workflow stays a few lines and there is
// no JSON in shell scripts.
//
// The action runs it three times, so that no secret is where it is not needed and that there is
// somebody left to tell when a job is cancelled:
//
//	action find    with GitHub's token    what may be written, and why not more      find.go, reviewed.go
//	action run     with Feishu's secrets  notiform, and what the branch says by now  run.go, tip.go
//	action tell    with GitHub's token    the check run, the comments, the issue     tell.go
//
// They leave each other files in one folder, which is kept as an artefact. Everything comes in by
// the environment: what the action is given (settings.go), and what GitHub's runner sets.
//
// # What was reviewed
//
// A plan leaves its approvals in a check run on the head commit of the pull request, which only the
// app that made it may change, and this program never does. After the merge they count if somebody
// with write access, who is not the author, approved that commit later than the first plan that
// showed exactly this. Both times are GitHub's. Whoever may push a branch could make such a check
// run too: what a pull request can forge is said in the README beside the recipes.
package main
