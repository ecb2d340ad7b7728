package reconcile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// Save returns the bytes of a plan file: the plan as JSON, when it was made, and a checksum
// over all of it. The same plan and time give the same bytes. No token is in it.
func (p Plan) Save(created time.Time) ([]byte, error) {
	p.CreatedAt = created.UTC().Truncate(time.Second)
	document, err := json.Marshal(p, jsontext.AllowInvalidUTF8(true)) // in the name of a file
	if err != nil {
		return nil, err
	}
	sum, err := checksum(document)
	if err != nil {
		return nil, err
	}
	indented := jsontext.Value(fmt.Appendf(document[:len(document)-1], `,"checksum":%q}`, sum))
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

// ReadPlan reads a plan file. It refuses another major format version, a file whose checksum
// does not fit what it says (it was edited, cut or damaged), and one whose parts contradict
// each other. What the plan shows is drawn anew from what it would write, so that the two
// cannot differ.
func ReadPlan(src []byte) (Plan, error) {
	p, err := readPlan(src)
	if err == nil {
		return p, nil
	}
	if _, hinted := errors.AsType[*hintedError](err); !hinted {
		err = &hintedError{err, hintPlanAgain}
	}
	return Plan{}, err
}

func readPlan(src []byte) (Plan, error) {
	var seal struct {
		FormatVersion string `json:"format_version"`
		Checksum      string `json:"checksum"`
	}
	if err := json.Unmarshal(src, &seal); err != nil {
		return Plan{}, notDecoded(src, err)
	}
	switch major, _, _ := strings.Cut(seal.FormatVersion, "."); {
	case seal.FormatVersion == "":
		return Plan{}, errors.New(noFormatVersion)
	case major != "1":
		return Plan{}, &hintedError{fmt.Errorf(otherMajor, seal.FormatVersion), hintOtherMajor}
	}
	var p Plan
	if err := json.Unmarshal(src, &p); err != nil {
		return Plan{}, notDecoded(src, err)
	}
	if sum, err := checksum(src); err != nil || sum != seal.Checksum {
		return Plan{}, errors.New(checksumDiffers)
	}
	p.renew()
	if err := p.rebuild(); err != nil {
		return Plan{}, fmt.Errorf(contradiction, err)
	}
	return p, nil
}

// notDecoded says in our own words why src could not be decoded; those of the JSON library vary
// from one run to the next.
func notDecoded(src []byte, err error) error {
	if _, syntax := spec.ParseJSON(src); syntax != nil {
		return fmt.Errorf(noPlanJSON, syntax)
	}
	if kind, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Errorf(noPlanAt, kind.JSONKind, string(kind.JSONPointer))
	}
	return errors.New(noPlan)
}

// renew brings what an older version wrote to how it is written now: a draft that was not read was
// failed, and its error told that.
func (p *Plan) renew() {
	for i, d := range p.Drafts {
		if d.Action == Failed && d.Error != nil && d.Error.Kind == string(NotRead) {
			p.Drafts[i].Action, d.Error.Kind = NotRead, ""
			p.Summary.Failed--
			p.Summary.NotRead++
		}
	}
}

// rebuild draws actions, changes, counts and digest anew from the states, and faults what the
// file says otherwise.
func (p *Plan) rebuild() error {
	var faults []error
	first := map[string]int{}
	for i, d := range p.Drafts {
		if before, again := first[d.NotificationID]; again && d.NotificationID != "" {
			faults = append(faults, fmt.Errorf(idTwice, before, i+1, d.NotificationID))
			continue
		}
		first[d.NotificationID] = i + 1
		drawn, err := d.rebuilt()
		if err != nil {
			faults = append(faults, fmt.Errorf(draftAtFault, i+1, err))
			continue
		}
		p.Drafts[i] = drawn
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	said := slices.Clone(p.Drafts)
	switch drawn := newPlan(p.Helpdesk, p.Drafts); {
	case drawn.Digest != p.Digest:
		return errors.New(otherDigest)
	case p.Summary != drawn.Summary && p.Summary != drawn.Summary.withoutEdits():
		return errors.New(otherSummary)
	default:
		p.Summary = drawn.Summary
	}
	for i, d := range p.Drafts { // an older notiform gave a draft no digest
		if said[i].Digest != "" && said[i].Digest != d.Digest {
			return fmt.Errorf(draftAtFault, i+1, errors.New(otherDraftDigest))
		}
	}
	return nil
}

// check faults a draft of a plan file that could not have been planned, whatever it would change.
func (d PlannedDraft) check() error {
	switch {
	case d.Action == Create && (d.NotificationID != "" || d.Live != nil || d.Status != nil):
		return fmt.Errorf(otherAction, d.Action)
	case d.Desired == nil, d.Action != Create && (d.Live == nil || d.Status == nil):
		return errors.New(stateMissing)
	case writable(*d.Desired) != nil || d.Action == Create:
		return writable(*d.Desired)
	case d.NotificationID == "":
		return errors.New(idMissing)
	case d.Live.PushType == 0 || d.Live.PushScopeType == 0:
		return errors.New(liveUnknown)
	case d.LiveFingerprint != d.Live.Fingerprint():
		return errors.New(otherFingerprint)
	}
	return nil
}

// changeKey names the fact that a change is about.
type changeKey struct {
	field, path string
	op          diff.Op
}

func keyOf(c diff.Change) changeKey { return changeKey{c.Field, c.Path, c.Op} }

// rebuilt checks a draft and draws its changes anew; where they came from, what was
// said at the base and the offset of send_at are taken over, since the states do not hold them.
func (d PlannedDraft) rebuilt() (PlannedDraft, error) {
	if row, _ := d.Action.row(); row.unjudged {
		return d, nil
	}
	if err := d.check(); err != nil {
		return d, err
	}
	told := map[changeKey]diff.Change{}
	for _, c := range d.Changes {
		told[keyOf(c)] = c
	}
	zone := d.Zone()
	d.Changes = diff.Between(*cmp.Or(d.Live, &diff.State{}), *d.Desired)
	d.timesIn(zone)
	for i, c := range d.Changes {
		was := told[keyOf(c)]
		d.Changes[i].Origin, d.Changes[i].Base = was.Origin, was.Base
	}
	if d.Action != Create && d.Action != action(d.Changes, *d.Status) {
		return d, fmt.Errorf(otherAction, d.Action)
	}
	return d, nil
}
