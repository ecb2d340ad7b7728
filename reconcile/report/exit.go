package report

// The exit codes of every command; they are API, and Run.ExitCode is one of them.
const (
	ExitDone        = 0   // done, or nothing to do
	ExitFailed      = 1   // failed at run time: network, API, files, missing settings
	ExitDiffers     = 2   // only with --detailed-exitcode: the plan succeeded and differs
	ExitFaulty      = 3   // the draft files have errors
	ExitRefused     = 4   // refused, and nothing written: blocked, stale, a guard, or the answer was not yes
	ExitPartial     = 5   // something was written and something was not, or what was written could not be proven
	ExitUsage       = 64  // wrong usage
	ExitFault       = 70  // a fault of notiform itself: a panic, or SIGQUIT
	ExitInterrupted = 130 // interrupted
)
