// Package command is how notiform is typed: one file a command, all on the same Env.
//
// # Our voice
//
// The product of a command goes to stdout, and only that: the diagnostics of validate, the
// plan, the result. Everything else goes to stderr, each line beginning "notiform:", a way on
// beginning "notiform: hint:". Errors are lower case, without a full stop, and name the act,
// the object and the cause. Colour never carries meaning alone.
//
// # Exit codes
//
//	0    done, or nothing to do
//	1    failed at run time: network, API, files, missing settings
//	2    only with --detailed-exitcode: the plan succeeded and differs
//	3    the draft files are at fault
//	4    refused, and nothing written: blocked, stale, a limit, or the answer was not yes
//	5    partial: something was written and something was not
//	64   wrong usage
//	130  interrupted
//
// Where several hold, the first of 64, 130, 5, 3, 4, 1, 2, 0 is given (exit.go). Only this
// package maps errors to words and codes, and only main exits.
package command
