package diff

import (
	"cmp"
	"iter"
	"slices"

	"notiform/spec"
)

// Op says what becomes of one fact, one place of a card or one line of a text.
type Op string

// What can become of it; "" is nothing.
const (
	Add     Op = "add"
	Remove  Op = "remove"
	Replace Op = "replace"
)

// Change is one fact that differs between two states of a draft.
type Change struct {
	Field string `json:"field"`          // the API's name, "user_list"
	Path  string `json:"path,omitempty"` // within the field: an id of a list, "elements[2].text.content" of a card
	Op    Op     `json:"op"`
	// Before and After are the values, null where there is none: enums by their name in the
	// file, send_at as the API has it, list members as {id, name}.
	Before spec.JSON `json:"before"`
	After  spec.JSON `json:"after"`
	// NameFrom is "file" when the name of a list member is only what the file says, because no
	// answer of the server named that id.
	NameFrom string `json:"name_from,omitempty"`
	// Origin says which side moved since the base revision; empty without one.
	Origin Origin `json:"origin,omitempty"`
	// Base is what the file said at the base revision, "" if nothing, of a value in conflict. A card
	// is one conflict: its first change has the whole of it. It is for readers, as names are.
	Base spec.JSON `json:"base,omitzero"`
}

// Between returns what must change to turn before into after, in the order of the draft file:
// fields first to last, list members by id, cards from top to bottom. It is empty exactly when
// the two are equal: names, avatars, the order of lists, the order of keys, white space and
// escapes in a card never make a difference, nor does what is not in effect with the push_type
// of after.
func Between(before, after State) []Change {
	return Exactly(before.InEffect(after.PushType), after.InEffect(after.PushType))
}

// Exactly is Between of two states that hold nothing but what counts.
func Exactly(before, after State) []Change {
	if identical(&before, &after) {
		return nil
	}
	differ := differing(before.facts(), after.facts())
	var changes []Change
	for _, f := range fields() {
		switch {
		case f.list != nil:
			changes = append(changes, memberChanges(f.name, differ, *f.list(&before), *f.list(&after))...)
		case !differ[fact{field: f.name}]:
		case f.inner:
			changes = Align(f.value(&before), f.value(&after)).appendChanges(changes, f.name)
		default:
			changes = append(changes, newChange(f.name, "", f.value(&before), f.value(&after)))
		}
	}
	return changes
}

// Equal reports whether nothing would have to change to turn a into b.
func Equal(a, b State) bool { return len(Between(a, b)) == 0 }

// ByField yields the changes of each field together, in their order, under the field's name.
func ByField(changes []Change) iter.Seq2[string, []Change] {
	return func(yield func(string, []Change) bool) {
		for len(changes) > 0 {
			field, n := changes[0].Field, 1
			for n < len(changes) && changes[n].Field == field {
				n++
			}
			if !yield(field, changes[:n]) {
				return
			}
			changes = changes[n:]
		}
	}
}

func newChange(field, path string, before, after spec.JSON) Change {
	c := Change{Field: field, Path: path, Op: Replace, Before: before, After: after}
	switch {
	case before.IsZero():
		c.Op = Add
	case after.IsZero():
		c.Op = Remove
	}
	return c
}

// memberChanges tells removals and additions of one list together, by id.
func memberChanges(field string, differ map[fact]bool, before, after []spec.Target) []Change {
	var changes []Change
	for _, t := range before {
		if differ[fact{field, t.ID}] {
			changes = append(changes, newChange(field, t.ID, targetJSON(t), spec.JSON{}))
		}
	}
	for _, t := range after {
		if differ[fact{field, t.ID}] {
			changes = append(changes, newChange(field, t.ID, spec.JSON{}, targetJSON(t)))
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes
}
