// Package report turns what a command found into what a person or a program reads.
//
// Every format is drawn from the same Run: the diagnostics of the files, the plan, the result.
// Nothing is computed here that is not already in it, and nothing is read from anywhere else,
// so the same Run gives the same bytes.
//
// # Untrusted text
//
// Job names, card texts, ids, file names and messages of the server come from outside. In the
// text format every character that a terminal could obey or that a reader could not see
// (control characters, bidi controls, zero-width and tag characters, line breaks) is shown as
// an escape such as \u{202E}, see visible.go, and so is what would pass for something else, such
// as a space that does not break, see alike.go. A value can therefore neither end its line nor
// look like another one. JSON escapes by its own rules and carries the text itself. A message
// to a ticket is made of two kinds of tags only, see post_text.go.
//
// # Formats
//
// format.go is the table of what there is and for which command it makes sense. A draft, planned
// or applied, is drawn once as lines (draft.go), which a terminal (paint.go) and the blocks of
// Markdown (mdblock.go) show. What somebody has to look at is gathered once, as findings
// (finding.go) by rules (rule.go); annotations, SARIF, Code Quality and the warnings of Markdown
// are four ways to show them. JUnit has a case a draft instead, approvals a line an update. How a run ended is said by one
// table, in run.go and messages_ticket.go.
//
// # Words
//
// What people read stands in messages.go, and in messages_ticket.go where it is said in two
// languages, as whole sentences with an id. Other files only put values in.
//
// # Markdown
//
// Data stands in code spans, code elements and fences only, because a forge looks for mentions
// and references in the finished HTML, where no escape is left (mdescape.go). A page is its parts
// with their sizes (markdown.go), and what does not fit is left out by whole drafts, then by
// whole lines (mdcut.go).
//
// # A page
//
// The page for reviewers (html.go) is a template over the same lines and findings, with the cards that
// package preview draws. A section a draft (html_draft.go); what has no room is left out by whole
// drafts, and the head says so (html_cut.go).
//
// # Commands of CI systems
//
// A runner takes commands out of whatever a step prints. Lines of text are made inert
// (inert.go), and JSON writes the same text another way.
//
// # Width
//
// Text is folded at the width of the terminal that it goes to, counted as a terminal counts
// Chinese, and never cut (wrap.go). What somebody may copy, an id, a digest, an address, stays
// whole. What goes to no terminal is not folded at all: one line is one line, for grep and for
// whoever reads a log in a window of another width. Blocks of Markdown have a width of their own.
package report
