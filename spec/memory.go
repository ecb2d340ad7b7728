package spec

import (
	"reflect"
	"sync"
	"time"
)

// Memory is what one Load leaves for the next of the same paths, so that only the files that are not
// as they were are decoded and judged. Every file is still read: nothing but its bytes tells. The
// zero Memory remembers nothing; one Load at a time may have it.
type Memory struct {
	off    map[string]bool // what files were judged by
	guards Guards
	now    time.Time
	files  map[string]remembered // by the names of diagnostics
	cards  map[cardKey]*cardFile
}

// remembered is a draft file as it was.
type remembered struct {
	src   string
	tries int // the patience that it was read with
	contents
}

// memories are those of a Load: what it was left, and what it leaves.
type memories struct {
	last  Memory
	guard sync.Mutex
	files map[string]remembered // nil: nothing is to be remembered
}

func (d *decoder) remember(m *Memory) {
	if m == nil {
		return
	}
	d.memories.files = map[string]remembered{}
	if reflect.DeepEqual(m.off, d.off) && reflect.DeepEqual(m.guards, d.guards) {
		d.last = *m
	}
}

// leave leaves what was read for the next Load.
func (d *decoder) leave(m *Memory) {
	if m != nil {
		*m = Memory{off: d.off, guards: d.guards, now: d.now, files: d.memories.files, cards: d.cards.cards}
	}
}

// recall is what a file holds, from memory if it can.
func (d *decoder) recall(name string, src []byte, patience *int) contents {
	if d.memories.files == nil {
		return d.decodeFile(name, src, patience)
	}
	old, ok := d.last.files[name]
	if !ok || old.src != string(src) || old.broken && old.tries < *patience || !d.stands(old.drafts) {
		old = remembered{string(src), *patience, d.decodeFile(name, src, patience)}
	}
	d.memories.guard.Lock()
	defer d.memories.guard.Unlock()
	d.memories.files[name] = old
	return old.contents
}

// stands reports whether drafts of before would be judged alike: their cards are the same, and no
// send_at has passed since.
func (d *decoder) stands(drafts []Draft) bool {
	for _, draft := range drafts {
		if at := draft.SendAt.Value; at.Before(d.now) != at.Before(d.last.now) {
			return false
		}
		if draft.CardFile != "" && !d.cardNamed(draft.CardFile).same {
			return false
		}
	}
	return true
}

// recallCard takes a card from memory, if it is there with the same bytes.
func (d *decoder) recallCard(card *cardFile, src []byte, patience int) bool {
	if d.memories.files == nil {
		return false
	}
	card.src = string(src)
	old := d.last.cards[card.cardKey]
	card.same = old != nil && old.err == nil && old.src == card.src && !(old.broken && old.tries < patience)
	if card.same {
		card.content, card.faults, card.broken, card.tries = old.content, old.faults, old.broken, old.tries
	}
	return card.same
}
