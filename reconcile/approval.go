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
// plans add up: what was approved, by notification_id. None allows nothing.
type Approvals map[string][]Approved

// Approved is one line of an approvals file: the digest of an update, and the audiences that the file
// allows its drafts. What is not created yet has neither id nor digest, and is allowed those of every
// file: it is not written.
type Approved struct {
	Digest    string
	Audiences []spec.PushScopeType
}

// Approval is the line by which an approvals file lets an update be written.
func (d PlannedDraft) Approval() string { return d.Digest + " " + d.NotificationID }

// Approvals are the lines that let all updates of p be written, in the order of their ids, behind the
// audiences that they may gain. Who lets an id be no number has it approved by nobody: it could be
// more than a word of its line.
func (p Plan) Approvals(audiences ...spec.PushScopeType) []byte {
	updates := p.updates(func(d PlannedDraft) bool { return approvalForm.MatchString(d.Approval()) })
	slices.SortFunc(updates, func(a, b PlannedDraft) int { return cmp.Compare(a.NotificationID, b.NotificationID) })
	var b bytes.Buffer
	for _, scope := range slices.Compact(slices.Sorted(slices.Values(audiences))) {
		b.WriteString(allowAudience + scope.String() + "\n")
	}
	for _, d := range updates {
		b.WriteString(d.Approval() + "\n")
	}
	return b.Bytes()
}

var approvalForm = regexp.MustCompile(`^(sha256:[0-9a-f]{64}) ([0-9]+)$`)

// allowAudience begins the line by which a file lets its drafts gain an audience.
const allowAudience = "allow-audience "

// Add adds the approvals of a file. It refuses a file with any line that is none, blank ones
// included: half of what was approved must not pass for all of it. Only how an editor stores the
// same lines makes no difference: a byte order mark in front, and CRLF at their ends.
func (a Approvals) Add(file string, src []byte) error {
	digests := map[string][]string{} // by notification_id
	var audiences []spec.PushScopeType
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(src, []byte("\ufeff"))) {
		n++
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if approved := approvalForm.FindSubmatch(line); approved != nil {
			id := string(approved[2])
			digests[id] = append(digests[id], string(approved[1]))
			continue
		}
		name, says := bytes.CutPrefix(line, []byte(allowAudience))
		scope, ok := spec.PushScopeNamed(string(name))
		if !says || !ok {
			return &hintedError{fmt.Errorf(noApproval, file, n, line), hintNoApproval}
		}
		audiences = append(audiences, scope)
		digests[""] = []string{""}
	}
	for id, approved := range digests {
		for _, digest := range approved {
			a[id] = append(a[id], Approved{digest, audiences})
		}
	}
	return nil
}

// of are the lines that let a draft be written.
func (a Approvals) of(d PlannedDraft) []Approved {
	return slices.DeleteFunc(slices.Clone(a[d.NotificationID]), func(l Approved) bool { return l.Digest != d.Digest })
}

// Allowed are the audiences that a draft may gain by the files that approve it.
func (a Approvals) Allowed(d PlannedDraft) (audiences []spec.PushScopeType) {
	for _, l := range a.of(d) {
		audiences = append(audiences, l.Audiences...)
	}
	return audiences
}

// Unapproved are the updates of p that a does not let be written.
func (a Approvals) Unapproved(p Plan) []PlannedDraft {
	return p.updates(func(d PlannedDraft) bool { return len(a.of(d)) == 0 })
}
