package spec

import (
	"context"
	"io"
	"time"
)

// Options is what Load and Decode need from the world around them.
type Options struct {
	// Dir is the working directory: relative paths start there, and no
	// push_content_file is opened outside it. "" is ".".
	Dir string
	// Stdin is read for the path "-".
	Stdin io.Reader
	// Now is the time send_at is judged by; zero: it is not judged.
	Now time.Time
	// Severity changes rules by id. Fixed rules are not lowered by it.
	Severity map[string]Severity
	// Strict makes every warning an error, after Severity.
	Strict bool
	// RequireID makes a draft without notification_id a fault, as plan and apply
	// need it.
	RequireID bool
}

// Set is what a set of files holds.
type Set struct {
	// Drafts are in the order of the files' names, and within a file as written.
	// Drafts with faults are there too, as far as they could be decoded.
	Drafts []Draft
	// Diagnostics are all there is to say, sorted.
	Diagnostics []Diagnostic
	// Files is how many files were read, standard input included.
	Files int
}

// Errors counts the diagnostics that are errors.
func (s Set) Errors() int { return s.count(Error) }

// Warnings counts the diagnostics that are warnings.
func (s Set) Warnings() int { return s.count(Warning) }

func (s Set) count(sev Severity) int {
	n := 0
	for _, d := range s.Diagnostics {
		if d.Severity == sev {
			n++
		}
	}
	return n
}

// Load reads the drafts in paths.
func Load(ctx context.Context, paths []string, opts Options) Set { return Set{} }

// Decode reads the drafts in one file's bytes.
func Decode(name string, src []byte, opts Options) Set { return Set{} }
