package reconcile

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"notiform/spec"
)

// Approvals say which updates may be written, each by its own digest, so that those of several
// plans add up: the digests that were approved, by notification_id. None allows nothing.
type Approvals map[string][]string

// Approval is the line by which an approvals file lets an update be written.
func (d PlannedDraft) Approval() string { return d.Digest + " " + d.NotificationID }

// Approvals are the lines that let all updates of p be written, in the order of their ids. Who lets
// an id be no number has it approved by nobody: it could be more than a word of its line.
func (p Plan) Approvals() []byte {
	updates := p.updates(func(d PlannedDraft) bool { return approvalForm.MatchString(d.Approval()) })
	slices.SortFunc(updates, func(a, b PlannedDraft) int { return cmp.Compare(a.NotificationID, b.NotificationID) })
	var b bytes.Buffer
	for _, d := range updates {
		b.WriteString(d.Approval() + "\n")
	}
	return b.Bytes()
}

var (
	approvalForm = regexp.MustCompile(`^(sha256:[0-9a-f]{64}) ([0-9]+)$`)
	audienceForm = regexp.MustCompile(`^allow-audience ([a-z_]+)$`)
)

// Add adds the approvals of a file. It refuses a file with any line that is none, blank ones
// included: half of what was approved must not pass for all of it. Only how an editor stores the
// same lines makes no difference: a byte order mark in front, and CRLF at their ends.
func (a Approvals) Add(file string, src []byte) error {
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(src, []byte("\ufeff"))) {
		n++
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		switch approved := approvalForm.FindSubmatch(line); {
		case approved != nil:
			id := string(approved[2])
			a[id] = append(a[id], string(approved[1]))
		case !isAudience(line):
			return &hintedError{fmt.Errorf(noApproval, file, n, line), hintNoApproval}
		}
	}
	return nil
}

// isAudience reports whether a line allows one of the audiences that there are.
func isAudience(line []byte) bool {
	allowed := audienceForm.FindSubmatch(line)
	for scope := spec.AllMembers; allowed != nil && scope <= spec.NewStaffScope; scope++ {
		if string(allowed[1]) == scope.String() {
			return true
		}
	}
	return false
}

// Unapproved are the updates of p that a does not let be written.
func (a Approvals) Unapproved(p Plan) []PlannedDraft {
	return p.updates(func(d PlannedDraft) bool { return !slices.Contains(a[d.NotificationID], d.Digest) })
}
