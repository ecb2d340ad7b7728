package diff

import "notiform/spec"

// Origin says who made a difference: the files, or somebody at the console. It takes a third
// version to tell, what the file said when it was applied last, and Git holds it.
type Origin string

// The origins. A change of a draft that the base revision did not have carries none.
const (
	FromRepo    Origin = "repo"     // only the file moved since the base: what a reviewer expects
	FromConsole Origin = "console"  // only the server moved: somebody edited it by hand, and apply overwrites that
	Conflict    Origin = "conflict" // both moved, and not to the same
)

// Overwrites reports whether a change undoes what somebody did at the console.
func (c Change) Overwrites() bool { return c.Origin == FromConsole || c.Origin == Conflict }

// Label gives each change between live and desired its origin, by what the base version of the
// file said of the same fact. A member of a list is a fact of its own, so that an addition at
// the console beside one in the file are told apart; a card is one fact. What the server still
// holds without effect, such as the departments of an onboarding that is scheduled now, is
// nobody's edit. With sameIDs false the base names people by another kind of id than the file:
// nobody can tell then who changed user_list, so its changes count as conflicts, which they may be.
func Label(changes []Change, live, desired, base State, sameIDs bool) {
	l, effective := live.facts(), live.InEffect(live.PushType).facts()
	d, b := desired.facts(), base.facts()
	for i, c := range changes {
		f := fact{field: c.Field}
		if _, ok := c.Member(); ok {
			f.member = c.Path
		}
		switch {
		case c.Field == "user_list" && !sameIDs:
			changes[i].Origin = Conflict
		case sameFact(l, b, f), sameFact(effective, b, f):
			changes[i].Origin = FromRepo
		case sameFact(d, b, f):
			changes[i].Origin = FromConsole
		default:
			changes[i].Origin = Conflict
			if f.member == "" && (i == 0 || changes[i-1].Field != c.Field) {
				changes[i].Base = inBase(b, f)
			}
		}
	}
}

// inBase is a value at the base, "" if it was not set there, which is the same to every field. An ext
// that is null is told as its text, since null in a plan is no value.
func inBase(base map[fact]spec.JSON, f fact) spec.JSON {
	switch v := base[f]; v.String() {
	case "", "null":
		return spec.TextJSON(v.String())
	default:
		return v
	}
}

// Distance counts the facts in which live differs from what a version of the file asks for.
func Distance(live, version State) int {
	return len(differing(live.InEffect(version.PushType).facts(), version.InEffect(version.PushType).facts()))
}

func sameFact(a, b map[fact]spec.JSON, f fact) bool {
	x, inA := a[f]
	y, inB := b[f]
	return inA == inB && x.Equal(y)
}
