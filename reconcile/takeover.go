package reconcile

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"notiform/reconcile/diff"
	"notiform/reconcile/edit"
	"notiform/spec"
)

// Takeover is what of the differences between a draft and the helpdesk its file is to take.
type Takeover struct {
	Said, Wanted diff.State     // by the file, and of it
	Zone         *time.Location // of a time where the file has none
	taken, left  []diff.Change
}

// takeOver chooses, of the differences that a planned draft has, those that somebody made at the
// console; with force also those that both sides made, or nobody can tell of. every takes them all.
func (p PlannedDraft) takeOver(d spec.Draft, every, force bool) Takeover {
	t := Takeover{Said: said(d, *p.Live)}
	for _, c := range p.Changes {
		if every || c.Origin == diff.FromConsole || force && c.Origin != diff.FromRepo {
			t.taken = append(t.taken, c)
		} else {
			t.left = append(t.left, c)
		}
	}
	t.Wanted = t.Said.With(t.taken, *p.Live)
	return t
}

// WantsCard reports whether the card changes.
func (t Takeover) WantsCard() bool { return !t.Said.PushContent.Equal(t.Wanted.PushContent) }

// Rewrite is the text of a draft file in which drafts say what they are to say instead, and nothing
// else says anything else, by the places of the drafts; a card that is in a file of its own is left.
// gone are comments on the lines of what went. lossy lets other comments go as well.
func Rewrite(name string, src []byte, wanted map[spec.Pos]Takeover, lossy bool, o spec.Options) (text []byte, gone []string, err error) {
	before := spec.Decode(name, src, o)
	var edits []edit.Draft
	for i, d := range before.Drafts {
		t, ok := wanted[d.Pos]
		if !ok {
			continue
		}
		if d.CardFile != "" {
			t.Said.PushContent, t.Wanted.PushContent = d.PushContent, d.PushContent
			wanted[d.Pos] = t
		}
		if len(diff.Exactly(said(d, diff.State{}), ownedBy(d, t.Said))) > 0 {
			return nil, nil, errors.New(fileMoved)
		}
		edits = append(edits, edit.Draft{At: before.Drafts[i].Pos, Before: t.Said, After: t.Wanted, Zone: t.Zone})
	}
	text, gone, err = edit.Drafts(src, edits, lossy)
	if err == nil && len(edits) != len(wanted) {
		err = errors.New(otherDrafts)
	}
	if err == nil {
		err = proveRewritten(before.Drafts, spec.Decode(name, text, o).Drafts, wanted)
	}
	return text, gone, err
}

// proveRewritten wants the drafts of a file to say what they said, but for those that were to say
// something else.
func proveRewritten(before, after []spec.Draft, wanted map[spec.Pos]Takeover) error {
	if len(before) != len(after) {
		return errors.New(otherDrafts)
	}
	for i, d := range before {
		now, asked := after[i], said(d, diff.State{})
		if t, ok := wanted[d.Pos]; ok {
			asked = ownedBy(now, t.Wanted)
		}
		changes := diff.Exactly(said(now, diff.State{}), asked)
		switch {
		case len(changes) > 0:
			return fmt.Errorf(notRewritten, changes[0].Field, d.JobName)
		case now.NotificationID != d.NotificationID || now.UserIDType != d.UserIDType || now.CardFile != d.CardFile,
			d.SendAt.Given && !now.SendAt.Given, d.Ext.Given && !now.Ext.Given:
			return fmt.Errorf(notRewritten, "notification_id", d.JobName)
		}
	}
	return nil
}

// ownedBy is a state without what the file of a draft leaves to the helpdesk.
func ownedBy(d spec.Draft, s diff.State) diff.State {
	if !d.SendAt.Given {
		s.SendAt = ""
	}
	if !d.Ext.Given {
		s.Ext = ""
	}
	return s
}

// RewriteCard is the text of a card file that says another card.
func RewriteCard(name string, src []byte, before, after spec.JSON, lossy bool) (text []byte, gone []string, err error) {
	isYAML := slices.Contains([]string{".yaml", ".yml"}, path.Ext(name)) // as for push_content_file
	text, gone, err = edit.Card(src, !isYAML, before, after, lossy)
	if err == nil {
		if now, _ := spec.DecodeCard(name, text, spec.Options{}); !now.Equal(after) {
			err = fmt.Errorf(notRewritten, "push_content", name)
		}
	}
	return text, gone, err
}
