// Gitlab is what gitlab.sh says to GitLab and reads there. It is built from the same commit as
// notiform, outside the checkout, and runs no program and no file of the checkout.
//
//	gitlab plan DIR HEAD             put the plan of a merge request's commit HEAD on it, as a new note
//	gitlab train DIR IID HEAD        keep what is approved of merge request IID in DIR/approved
//	gitlab approved DIR <COMMITS     keep what is approved of every merge request that the commits of a push merged
//	gitlab applied DIR               tell those merge requests what apply has come to
//	gitlab drift DIR CODE            keep one issue open for as long as there is drift
//
// DIR holds what notiform-ci.sh left: result.json, report.md, approvals.
//
// The note of a plan is where its approvals wait for the merge. It begins with a comment that binds
// them to the helpdesk and the commit. Maintainers may edit any note, but not unseen: only one that
// was never edited counts, and only of the account that reads it, since anybody can write the
// comment. What the forge lets a merge request's approvers say is held against it: somebody other
// than the author, who may push, has approved after the plan was there to be read.
package main
