package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// SavedPlan is a plan that was written to a file, to be shown or applied later.
type SavedPlan struct {
	Plan
	CreatedAt time.Time // UTC, to the second
	document  jsontext.Value
}

// savedFields are what a saved plan has besides a plan.
type savedFields struct {
	CreatedAt time.Time `json:"created_at"`
	Checksum  string    `json:"checksum"`
}

// Save returns the bytes of a plan file: the plan as JSON, when it was made, and a checksum
// over all of it. The same plan and time give the same bytes. No token is in it.
func (p Plan) Save(created time.Time) ([]byte, error) {
	document, err := json.Marshal(struct {
		Plan
		savedFields
	}{p, savedFields{CreatedAt: created.UTC().Truncate(time.Second)}}, jsontext.AllowInvalidUTF8(true)) // in the name of a file
	if err != nil {
		return nil, err
	}
	sum, err := checksum(document)
	if err != nil {
		return nil, err
	}
	const empty = `"checksum":""`
	i := strings.LastIndex(string(document), empty) // the last member: nothing of the plan follows it
	document = append(document[:i:i], `"checksum":"`+sum+`"}`...)
	indented := jsontext.Value(document)
	if err := indented.Indent(jsontext.WithIndent("  ")); err != nil {
		return nil, err
	}
	return append(indented, '\n'), nil
}

// checksum is over the document without its checksum, whatever its white space and the order
// of its members, and over fields that this version does not know as well.
func checksum(document []byte) (string, error) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(document, &members); err != nil {
		return "", err
	}
	delete(members, "checksum")
	b, err := json.Marshal(members, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	canonical := jsontext.Value(b)
	if err := canonical.Format(jsontext.ReorderRawObjects(true)); err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// planFileError says why a plan file is not taken.
type planFileError struct{ what, hint string }

func (e *planFileError) Error() string { return e.what }
func (e *planFileError) Hint() string  { return e.hint }

const hintPlanAgain = "make a new one with notiform plan --out FILE"

// ReadPlan reads a plan file. It refuses another major format version, a file whose checksum
// does not fit what it says (it was edited, cut or damaged), and one whose parts contradict
// each other. What the plan shows is drawn anew from what it would write, so that the two
// cannot differ.
func ReadPlan(src []byte) (SavedPlan, error) {
	var version struct {
		FormatVersion string `json:"format_version"`
	}
	if err := json.Unmarshal(src, &version); err != nil {
		return SavedPlan{}, noPlan(src, err)
	}
	switch major, _, _ := strings.Cut(version.FormatVersion, "."); {
	case version.FormatVersion == "":
		return SavedPlan{}, &planFileError{"it is no plan: it has no format_version", hintPlanAgain}
	case major != "1":
		return SavedPlan{}, &planFileError{fmt.Sprintf("its format_version is %q, and this notiform reads 1.x", version.FormatVersion), "use the notiform that made it, or " + hintPlanAgain}
	}
	var doc struct {
		Plan
		savedFields
	}
	if err := json.Unmarshal(src, &doc); err != nil {
		return SavedPlan{}, noPlan(src, err)
	}
	if sum, err := checksum(src); err != nil || sum != doc.Checksum {
		return SavedPlan{}, &planFileError{"its checksum does not fit what it says: it was edited or damaged after it was made", hintPlanAgain}
	}
	s := SavedPlan{Plan: doc.Plan, CreatedAt: doc.CreatedAt, document: src}
	if err := s.rebuild(); err != nil {
		return SavedPlan{}, &planFileError{"it contradicts itself: " + err.Error(), hintPlanAgain}
	}
	return s, nil
}

// noPlan says in our own words why src could not be decoded; those of the JSON library vary
// from one run to the next.
func noPlan(src []byte, err error) error {
	what := "it is no plan"
	if _, syntax := spec.ParseJSON(src); syntax != nil {
		what = "it is no JSON: " + syntax.Error()
	} else if kind, ok := errors.AsType[*json.SemanticError](err); ok {
		what = fmt.Sprintf("it is no plan: unexpected %v at %q", kind.JSONKind, string(kind.JSONPointer))
	}
	return &planFileError{what, hintPlanAgain}
}

// Document is the plan file as it was read, with fields that this version does not know.
func (s SavedPlan) Document() []byte { return s.document }

// rebuild draws actions, changes, counts and digest anew from the states, and faults what the
// file says otherwise.
func (s *SavedPlan) rebuild() error {
	was := s.Plan
	var faults []error
	for i, d := range s.Drafts {
		if err := d.check(); err != nil {
			faults = append(faults, fmt.Errorf("draft %d: %w", i+1, err))
			continue
		}
		s.Drafts[i] = d.rebuilt()
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	s.Plan = newPlan(was.Helpdesk, s.Drafts)
	s.ToolVersion, s.FormatVersion, s.Base, s.BaseFaulty = was.ToolVersion, was.FormatVersion, was.Base, was.BaseFaulty
	s.Complete, s.ExitCode = was.Complete, was.ExitCode
	switch {
	case s.Digest != was.Digest:
		return errors.New("the digest is not that of its drafts")
	case s.Summary != was.Summary:
		return errors.New("the summary does not count its drafts")
	}
	return nil
}

// check faults a draft of a plan file that could not have been planned.
func (d PlannedDraft) check() error {
	if d.Action == Failed {
		return nil
	}
	switch {
	case d.Live == nil || d.Desired == nil || d.Status == nil:
		return errors.New("live, desired or status is missing")
	case d.NotificationID == "":
		return errors.New("notification_id is missing")
	case d.Action != action(!diff.Equal(*d.Live, *d.Desired), *d.Status):
		return fmt.Errorf("its action is %q, and its states and status say otherwise", d.Action)
	case d.LiveFingerprint != d.Live.Fingerprint():
		return errors.New("live_fingerprint is not that of live")
	}
	return nil
}

// changeKey names the fact that a change is about.
type changeKey struct {
	field, path string
	op          diff.Op
}

func keyOf(c diff.Change) changeKey { return changeKey{c.Field, c.Path, c.Op} }

// rebuilt draws the changes anew; where they came from and the offset of send_at are taken
// over, since the states do not hold them.
func (d PlannedDraft) rebuilt() PlannedDraft {
	if d.Action == Failed {
		return d
	}
	zone, origins := time.UTC, map[changeKey]diff.Origin{}
	for _, c := range d.Changes {
		origins[keyOf(c)] = c.Origin
		if c.Field == "send_at" {
			zone = zoneOf(c, zone)
		}
	}
	d.Changes = changesIn(zone, *d.Live, *d.Desired)
	for i, c := range d.Changes {
		d.Changes[i].Origin = origins[keyOf(c)]
	}
	return d
}

// zoneOf is the offset that a change of send_at is shown in. It has no name: package time takes
// the machine's own zone for an offset that fits, and that zone may be another offset in winter.
func zoneOf(c diff.Change, otherwise *time.Location) *time.Location {
	for _, v := range []spec.JSON{c.After, c.Before} {
		if s, ok := textOf(v); ok {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				_, offset := t.Zone()
				return time.FixedZone("", offset)
			}
		}
	}
	return otherwise
}
