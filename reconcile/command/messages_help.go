package command

import "notiform/reconcile/report"

// The table of messages.go, for help and completion.

const (
	aboutCompletion = "print the script by which a shell completes what you type"
	storyCompletion = `SHELL is bash, zsh or fish. The script completes commands, flags, their values, rules, the helpdesks of
.notiform.yaml and files; it asks the notiform that you are typing for the words, and nobody else.`

	noShell    = "completion takes one shell that it knows, not \"%s\""
	hintShells = "the shells are %s"

	flagHelpFormat = "print as `FORMAT`: text, or man, the man page of all commands"
	manualOfAll    = "--format man is of all commands, and not of one"
	hintManual     = "type notiform help --format man"
)

// An example of each command, which can be typed as it stands.
const (
	exampleHeading    = "Example:\n"
	exampleNotiform   = "notiform validate drafts\nnotiform plan drafts\nnotiform apply drafts"
	exampleValidate   = "notiform validate drafts --strict"
	examplePlan       = "notiform plan drafts --out plan.json"
	exampleApply      = "notiform apply drafts\nnotiform apply --plan plan.json --auto-approve"
	exampleCreate     = "notiform create drafts --auto-approve"
	exampleSchema     = "notiform schema >notiform.schema.json"
	exampleShow       = "notiform show plan.json --format markdown"
	exampleImport     = "notiform import --from ids.txt --out drafts\nnotiform import --update drafts"
	examplePreview    = "notiform preview drafts --base HEAD"
	exampleCard       = "notiform card drafts/cards/engagement-survey.json"
	exampleExplain    = "notiform explain card-link"
	exampleAuth       = "notiform auth login\nnotiform auth status"
	exampleLogin      = "notiform auth login --read-only"
	exampleStatus     = "notiform auth status --format json"
	exampleRefresh    = "notiform auth refresh"
	exampleLogout     = "notiform auth logout"
	exampleToken      = "notiform auth token --format json"
	exampleDoctor     = "notiform doctor\nnotiform doctor --offline"
	exampleWho        = "notiform who zhang@example.com +8613800000002"
	exampleSandbox    = "notiform sandbox --seed drafts -- notiform plan drafts"
	exampleCompletion = "source <(notiform completion bash)\nnotiform completion fish | source"
	exampleVersion    = "notiform version"
	exampleHelp       = "notiform help auth login\nnotiform help --format man >notiform.1"
)

// The man page, beside what help says: the title, then sections.
const (
	manualTitle    = ".TH NOTIFORM 1 \"%s\" \"notiform %s\" \"notiform\"\n.SH NAME\nnotiform \\- %s\n.SH SYNOPSIS\n%s\n.SH DESCRIPTION\n%s\n"
	manualCommands = ".SH COMMANDS\n"
	manualExits    = ".SH EXIT STATUS\n"
	manualFoot     = ".PP\nWhere several hold, the first of 64, 70, 130, 5, 3, 4, 1, 2, 0 is given.\n.SH SEE ALSO\nREFERENCE.md of notiform: files, rules, formats, settings, limits.\n"
)

// exitCode is one that notiform ends with.
type exitCode struct {
	code  int
	means string
}

func exitCodes() []exitCode {
	return []exitCode{
		{report.ExitDone, "done, or nothing to do"},
		{report.ExitFailed, "failed at run time: network, API, files, missing settings, a token that no longer counts, the end of `--timeout`"},
		{report.ExitDiffers, "only with `--detailed-exitcode`: the plan succeeded and differs"},
		{report.ExitFaulty, "the draft files, or `.notiform.yaml`, have errors"},
		{report.ExitRefused, "refused, and nothing written: blocked, stale, another digest or helpdesk, not approved, a guard, an answer other than yes"},
		{report.ExitPartial, "partial: something was written and something was not, or what was written could not be proven"},
		{report.ExitUsage, "wrong usage"},
		{report.ExitFault, "a fault of notiform itself: please report it with what stands on stderr"},
		{report.ExitInterrupted, "interrupted"},
	}
}
