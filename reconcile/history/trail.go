package history

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"notiform/spec"
)

// follow adds a file to those that a trail leads through, and goes back to where it was passed by, or
// a card of what it holds was.
func (p *pursuit) follow(t *trail, files *[]string, name string) error {
	if slices.Contains(*files, name) {
		return nil
	}
	*files = append(*files, name)
	p.watched[name] = append(p.watched[name], t)
	for _, passed := range append([]string{name}, t.cards...) {
		for _, i := range p.touched[passed] {
			if err := p.look(t, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// look looks at a draft as of a commit that changed it against every parent: what a merge took from
// one of them is told as that one's.
func (p *pursuit) look(t *trail, visit int) error {
	v := p.visits[visit]
	for _, edits := range v.against {
		touched := func(name string) bool { _, ok := edits[name]; return ok }
		if !slices.ContainsFunc(t.files, touched) && !slices.ContainsFunc(t.cards, touched) {
			return nil
		}
	}
	for _, name := range slices.Clone(t.files) {
		at := place{visit, name}
		if t.ended || t.looked[at] {
			continue
		}
		t.looked[at] = true
		if err := p.lookAt(t, at); err != nil {
			return err
		}
	}
	return nil
}

// lookAt looks at a draft in one file. Where the text of its documents is that of the last look, it says
// what it said then, unless a card beside it may have been another.
func (p *pursuit) lookAt(t *trail, at place) error {
	src, ok, err := p.content(at)
	if errors.Is(err, errTooLarge) {
		t.faulty = cmp.Or(t.faulty, fmt.Sprintf(largeOnce, at.name, maxContent>>20, p.visits[at.visit].commit))
		return nil
	}
	if err != nil || !ok {
		return err
	}
	text := documents(src, t.id)
	if text == "" && (isOpaque(src) || bytes.ContainsRune(src, '\\')) { // its id may be written otherwise
		text = string(src)
	}
	if text == "" {
		return nil
	}
	if text != t.text || at.name != t.last.name || len(t.cards) > 0 {
		t.text = text
		if err := p.tell(t, at, src); err != nil {
			return err
		}
	}
	t.last = at
	if t.ended {
		return nil
	}
	return p.comeFrom(t, at)
}

// tell tells the version of a draft that a file holds, and follows the cards of that file.
func (p *pursuit) tell(t *trail, at place, src []byte) error {
	drafts, cards, ok := p.decode(at, src)
	if p.failed != nil { // in a card file
		return p.failed
	}
	if !ok {
		t.text = "" // beside other documents, it may be told yet
		t.faulty = cmp.Or(t.faulty, fmt.Sprintf(faultyOnce, at.name, p.visits[at.visit].commit))
		return nil
	}
	for _, d := range drafts {
		if d.NotificationID != t.id || t.ended {
			continue
		}
		t.told++
		switch {
		case t.told > maxVersions:
			p.end(t, fmt.Sprintf(cutByVersions, maxVersions))
		case p.enough(Version{p.visits[at.visit].commit, at.visit, d}):
			p.end(t, "")
		}
	}
	for _, card := range cards {
		if err := p.follow(t, &t.cards, card); err != nil || t.ended {
			return err
		}
	}
	return nil
}

func (p *pursuit) end(t *trail, cut string) {
	t.ended, t.cut = true, cut
	p.open--
}

// comeFrom finds out where a draft was before a commit that made it appear in a file: in another
// file that the commit changed.
func (p *pursuit) comeFrom(t *trail, at place) error {
	v := p.visits[at.visit]
	if v.cut {
		t.cut = cutByClone
		return nil
	}
	for _, edits := range v.against {
		e, changed := edits[at.name]
		ids, err := p.names(e.old, at.name, v.commit)
		if err != nil || !changed || slices.Contains(ids, t.id) {
			return err
		}
	}
	sources, err := p.sources(at.visit)
	if err != nil {
		return err
	}
	from := slices.Clone(sources[t.id])
	t.astray = t.astray || len(from) == 0
	for _, name := range from {
		if err := p.follow(t, &t.files, name); err != nil {
			return err
		}
	}
	return nil
}

// moment is what is known of a visit while several drafts are looked at there.
type moment struct {
	visit   int
	decoded map[string]decoded
	sources map[string][]string // the changed files that named a draft before, by notification_id
}

type decoded struct {
	drafts []spec.Draft
	cards  []string
	ok     bool // without faults
}

func (p *pursuit) turnTo(visit int) *moment {
	if p.now.decoded == nil || p.now.visit != visit {
		p.now = moment{visit: visit, decoded: map[string]decoded{}}
	}
	return &p.now
}

// decode reads the drafts of a file as of a visit, once for all of them.
func (p *pursuit) decode(at place, src []byte) ([]spec.Draft, []string, bool) {
	now := p.turnTo(at.visit)
	d, known := now.decoded[at.name]
	if !known {
		set := spec.Decode(at.name, src, spec.Options{Severity: p.rules, ReadCard: func(name string) ([]byte, error) {
			name = p.cardName(name)
			d.cards = append(d.cards, name)
			card, ok, err := p.content(place{at.visit, name})
			if err == nil && !ok {
				err = fs.ErrNotExist
			}
			return card, err
		}})
		d.drafts, d.ok = set.Drafts, set.Errors() == 0
		now.decoded[at.name] = d
	}
	return d.drafts, d.cards, d.ok
}

// sources are the draft files that a visit changed, by the drafts that they named before.
func (p *pursuit) sources(visit int) (map[string][]string, error) {
	now := p.turnTo(visit)
	if now.sources != nil {
		return now.sources, nil
	}
	now.sources = map[string][]string{}
	for _, edits := range p.visits[visit].against {
		for name, e := range edits {
			if !p.mayHoldDrafts(name) {
				continue
			}
			ids, err := p.names(e.old, name, p.visits[visit].commit)
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				now.sources[id] = append(now.sources[id], name)
			}
		}
	}
	return now.sources, nil
}

// content is what a file held as of a visit.
func (p *pursuit) content(at place) (src []byte, ok bool, err error) {
	v := p.visits[at.visit]
	asked := v.commit + ":" + at.name
	if e, changed := v.against[0][at.name]; changed {
		asked = e.new
	}
	if asked == "" || !filepath.IsLocal(at.name) || strings.Contains(asked, "\n") {
		return nil, false, p.failed
	}
	kind, src, err := p.object(asked, at.name, v.commit)
	if kind == "missing" && !strings.Contains(asked, ":") {
		return nil, false, p.lost(at.name, v.commit, fmt.Errorf(gitAnswers, kind))
	}
	return src, kind == "blob", err
}

// documents is the text of those documents of a file that name a draft.
func documents(src []byte, id string) string {
	if !bytes.Contains(src, []byte(id)) {
		return ""
	}
	var text strings.Builder
	for document := range bytes.SplitSeq(src, []byte("\n---")) {
		if bytes.Contains(document, []byte(id)) {
			text.Write(document)
		}
	}
	return text.String()
}
