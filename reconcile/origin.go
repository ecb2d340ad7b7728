package reconcile

import "notiform/spec"

// Origin says who made a difference: the files, or somebody at the console. It takes a third
// version to tell, what the file said when it was applied last, and Git holds it.
type Origin string

// The origins. A draft that the base revision did not have carries none.
const (
	OriginRepo     Origin = "repo"     // only the file moved since the base: what a reviewer expects
	OriginConsole  Origin = "console"  // only the server moved: somebody edited it by hand, and apply overwrites that
	OriginConflict Origin = "conflict" // both moved, and not to the same
)

// labelled gives each change its origin, by what the base version of the file said of the same
// fact. A member of a list is a fact of its own, so that an addition at the console beside one in
// the file are told apart; a card is one fact. What the server still holds without effect, such
// as the departments of an onboarding that is scheduled now, is nobody's edit.
func labelled(changes []Change, live, desired, base State) []Change {
	l, effective := live.facts(), live.inEffect(live.PushType).facts()
	d, b := desired.facts(), base.facts()
	for i, c := range changes {
		f := fact{Field: c.Field}
		if _, ok := c.Member(); ok {
			f.Path = c.Path
		}
		if changes[i].Origin = origin(l, d, b, f); sameFact(effective, b, f) {
			changes[i].Origin = OriginRepo
		}
	}
	return changes
}

func origin(live, desired, base map[fact]spec.JSON, f fact) Origin {
	switch {
	case sameFact(live, base, f):
		return OriginRepo
	case sameFact(desired, base, f):
		return OriginConsole
	default:
		return OriginConflict
	}
}

func sameFact(a, b map[fact]spec.JSON, f fact) bool {
	x, inA := a[f]
	y, inB := b[f]
	return inA == inB && x.Equal(y)
}

// ConsoleEdits counts the updates of p that would overwrite an edit made at the console.
func (p Plan) ConsoleEdits() int {
	n := 0
	for _, d := range p.Drafts {
		for _, c := range d.Changes {
			if d.Action == Update && (c.Origin == OriginConsole || c.Origin == OriginConflict) {
				n++
				break
			}
		}
	}
	return n
}

// Untold counts the updates of p that may overwrite an edit made at the console, as nobody can
// tell: the base did not hold the draft in a readable form.
func (p Plan) Untold() int {
	if len(p.BaseFaulty) == 0 {
		return 0 // what carries no origin is new, and has never been applied
	}
	n := 0
	for _, d := range p.Drafts {
		if d.Action == Update && len(d.Changes) > 0 && d.Changes[0].Origin == "" {
			n++
		}
	}
	return n
}

// LabelOrigins gives the changes of p their origin. base holds what the files said at the base
// revision, by notification_id; a draft that is not in it stays unlabelled.
func (p Plan) LabelOrigins(base map[string]spec.Draft) {
	for i, d := range p.Drafts {
		was, ok := base[d.NotificationID]
		if !ok || d.Live == nil || d.Desired == nil {
			continue
		}
		p.Drafts[i].Changes = labelled(d.Changes, *d.Live, *d.Desired, desired(was, *d.Live))
		if was.UserIDType != d.UserIDType {
			cannotTell(d.Changes, fieldUserList)
		}
	}
}

// cannotTell labels the changes of a list that the base named by another kind of id. They count
// as edits of the console, because they may be.
func cannotTell(changes []Change, field string) {
	for i := range changes {
		if changes[i].Field == field {
			changes[i].Origin = OriginConflict
		}
	}
}
