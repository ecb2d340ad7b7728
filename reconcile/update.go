package reconcile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// FileUpdate is what became of files that were to follow the helpdesk. Nothing is ever sent for it.
type FileUpdate struct {
	FormatVersion string `json:"format_version"`
	ToolVersion   string `json:"tool_version"`
	Helpdesk
	Base     string         `json:"base,omitempty"` // as in a plan
	Complete bool           `json:"complete"`
	ExitCode int            `json:"exit_code"`
	Summary  UpdateSummary  `json:"summary"`
	Drafts   []UpdatedDraft `json:"drafts"` // in the order of the files
	Error    *Fault         `json:"error,omitempty"`
}

// UpdateOutcome is what became of one draft.
type UpdateOutcome string

// The outcomes. What nothing is done about has its action of a plan for one.
const (
	Updated UpdateOutcome = "updated" // its file says what the helpdesk has, but for what is left
	Left    UpdateOutcome = "left"    // only what the files changed since: apply writes that
	Refused UpdateOutcome = "refused" // something of what differs could not be taken, or must not without force
)

// UpdateSummary counts the drafts by outcome.
type UpdateSummary struct {
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Left      int `json:"left"`
	Refused   int `json:"refused"`
	Create    int `json:"create"`
	Blocked   int `json:"blocked"`
	Closed    int `json:"closed"`
	Failed    int `json:"failed"`
	NotRead   int `json:"not_read"`
	// Written counts the drafts of which something was taken, those refused in part included.
	Written int `json:"written"`
}

// UpdatedDraft is one draft of an update.
type UpdatedDraft struct {
	File           string        `json:"file"`
	Line           int           `json:"line"` // where it began
	NotificationID string        `json:"notification_id"`
	JobName        string        `json:"job_name"`
	Outcome        UpdateOutcome `json:"outcome"`
	CardFile       string        `json:"card_file,omitempty"`
	UpdatedAt      string        `json:"updated_at,omitempty"` // as in a plan
	UpdatedBy      string        `json:"updated_by,omitempty"`
	// Taken is what the file says otherwise now: before is what it said, after what it says.
	Taken []diff.Change `json:"taken"`
	// Left is what differs still, as a plan has it.
	Left []diff.Change `json:"left"`
	// Comments are those that stood on lines that are gone.
	Comments []string `json:"comments,omitempty"`
	Error    *Fault   `json:"error,omitempty"`

	Takeover  Takeover   `json:"-"`
	Draft     spec.Draft `json:"-"`
	planned   PlannedDraft
	unwritten bool // for want of a file that can be written
}

// NewFileUpdate says of each draft of a plan what its file is to take. every takes whatever differs, as
// where there is no third side.
func NewFileUpdate(p Plan, drafts []spec.Draft, every, force bool, zone *time.Location) FileUpdate {
	u := FileUpdate{FormatVersion: FormatVersion, Helpdesk: p.Helpdesk, Base: p.Base, Complete: p.Complete, Error: p.Error}
	at := map[spec.Pos]spec.Draft{}
	for _, d := range drafts {
		at[spec.Pos{File: d.Pos.File, Line: d.Pos.Line}] = d
	}
	for _, planned := range p.Drafts {
		d := UpdatedDraft{
			File: planned.File, Line: planned.Line, NotificationID: planned.NotificationID, JobName: planned.JobName,
			Outcome: UpdateOutcome(planned.Action), UpdatedAt: planned.UpdatedAt, UpdatedBy: planned.UpdatedBy, Error: planned.Error,
			Left: planned.Changes, Draft: at[spec.Pos{File: planned.File, Line: planned.Line}], planned: planned,
		}
		d.CardFile = d.Draft.CardFile
		if planned.Action == Update {
			d.Takeover = planned.takeOver(d.Draft, every, force)
			d.Takeover.Zone, d.Left = zone, d.Takeover.left
		}
		if why := needsForce(d); why != nil && planned.Action == Update {
			d.Error = NewFault(&hintedError{why, hintForce})
		}
		u.Drafts = append(u.Drafts, d)
	}
	return u
}

// needsForce is why some of what is left is for a person to decide, nil if none is.
func needsForce(d UpdatedDraft) error {
	for _, c := range d.Left {
		switch c.Origin {
		case diff.FromRepo:
		case diff.Conflict:
			return errors.New(bothChanged)
		default:
			return fmt.Errorf(nobodyTells, cmp.Or(d.planned.BaseUntold, newSinceBase))
		}
	}
	return nil
}

// Planned is the draft in the plan that the update was made by.
func (d *UpdatedDraft) Planned() PlannedDraft { return d.planned }

// Takes reports whether the file is to change.
func (d *UpdatedDraft) Takes() bool { return len(d.taken()) > 0 }

func (d *UpdatedDraft) taken() []diff.Change { return diff.Exactly(d.Takeover.Said, d.Takeover.Wanted) }

// Refuse leaves what was to be taken: the card alone, or what the draft's own file says. A card that is in
// a file of its own is no part of that, and may have been taken.
func (d *UpdatedDraft) Refuse(err error, card bool) {
	d.Error = NewFault(err)
	wanted := d.Takeover.Wanted.PushContent
	if card || d.CardFile == "" {
		wanted = d.Takeover.Said.PushContent
	}
	if !card {
		d.Takeover.Wanted = d.Takeover.Said
	}
	d.Takeover.Wanted.PushContent = wanted
	for _, c := range d.Takeover.taken {
		if ofCard := c.Field == "push_content"; ofCard == card || ofCard && d.CardFile == "" {
			d.Left = append(d.Left, c)
		}
	}
}

// Fail is Refuse where the system did not let a file be written.
func (d *UpdatedDraft) Fail(err error, card bool) {
	d.Refuse(err, card)
	d.unwritten = true
}

// ShareCard refuses the cards that a card file is not to have, because another draft has the file as
// well and does not take the same card. The drafts are those with the file, but for others that this
// update is not of.
func ShareCard(file string, drafts []*UpdatedDraft, others []spec.Draft) {
	for _, d := range drafts {
		with := ""
		for _, other := range drafts {
			if !other.Takeover.Wanted.PushContent.Equal(d.Takeover.Wanted.PushContent) {
				with = other.Draft.Pos.String()
			}
		}
		for _, other := range others {
			with = other.Pos.String()
		}
		if with != "" && d.Takeover.WantsCard() {
			defer d.Refuse(fmt.Errorf(cardShared, file, with), true) // having compared them all
		}
	}
}

// Settle says what became of the drafts, and counts them.
func (u *FileUpdate) Settle() {
	u.Summary = UpdateSummary{}
	for i := range u.Drafts {
		d := &u.Drafts[i]
		if d.planned.Action == Update {
			d.Taken = inZone(d.taken(), d.planned.Zone())
			switch {
			case d.unwritten:
				d.Outcome = UpdateOutcome(Failed)
			case d.Error != nil:
				d.Outcome = Refused
			case len(d.Taken) > 0:
				d.Outcome = Updated
			default:
				d.Outcome = Left
			}
		}
		if len(d.Taken) > 0 {
			u.Summary.Written++
		}
		*u.Summary.count(d.Outcome)++
	}
}

func (s *UpdateSummary) count(o UpdateOutcome) *int {
	return map[UpdateOutcome]*int{
		Updated: &s.Updated, Left: &s.Left, Refused: &s.Refused, UpdateOutcome(NoOp): &s.Unchanged,
		UpdateOutcome(Create): &s.Create, UpdateOutcome(Blocked): &s.Blocked, UpdateOutcome(Closed): &s.Closed,
		UpdateOutcome(Failed): &s.Failed, UpdateOutcome(NotRead): &s.NotRead,
	}[o]
}

// TakesOnlyCard reports whether nothing but the card is to change.
func (d *UpdatedDraft) TakesOnlyCard() bool {
	return !slices.ContainsFunc(d.taken(), func(c diff.Change) bool { return c.Field != "push_content" })
}
