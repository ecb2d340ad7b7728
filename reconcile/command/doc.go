// Package command is how notiform is typed: one file a command, all on the same Env.
//
// # Our voice
//
// The product of a command goes to stdout, and only that: the diagnostics of validate, the
// plan, the result, a card. Everything else goes to stderr, each line beginning "notiform:", a way on
// beginning "notiform: hint:". Errors are lower case, without a full stop, and name the act,
// the object and the cause. Colour never carries meaning alone. What people read, the help of
// commands and flags included, is in messages.go; how notes and errors are said, in say.go.
//
// # What is typed, told once
//
// A command and its flags carry what there is to tell of them: what they are for, an example, the words
// that a flag takes (flags.go). Of that help.go draws --help, manual.go the man page, a test the commands
// in REFERENCE.md, and completion.go what may stand at the cursor of a shell.
//
// # How a run ends
//
// Signals, the two contexts that they end, and what is left behind when it blocks are in
// interrupt.go; a panic is in crash.go. However a run ends, its reports are written first.
//
// # Exit codes
//
// They are named in reconcile/report (exit.go there); which one is given where several hold is
// in exit.go here. Only this package maps errors to words and codes, and only main exits.
package command
