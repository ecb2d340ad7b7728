package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"notiform/spec"
)

// pursuit follows drafts back through the commits.
type pursuit struct {
	*repository
	atHEAD  Base
	trails  map[string]*trail   // by notification_id
	asked   map[string]bool     // the same
	open    int                 // how many of them go on
	watched map[string][]*trail // by name of a file
	visits  []visit             // so far
	touched map[string][]int    // the visits that changed a file, by its name
	named   map[string][]string // the drafts that a content names, by its id
	now     moment
	enough  func(Version) bool
}

// trail is the way of one draft.
type trail struct {
	id     string
	files  []string // that it was in
	cards  []string // that it may have had
	looked map[place]bool
	last   place  // where it was seen last, and the text of its documents there
	text   string //
	told   int
	ended  bool
	cut    string // why there are older versions than those told
	faulty string // why a file that may have held it could not be read
	astray bool   // it appears in a file, and the commit does not show where it comes from
}

// place is a file as of a visit.
type place struct {
	visit int
	name  string
}

// maxVersions is how many versions of a draft are looked at.
const maxVersions = 200

func (p *pursuit) run(ctx context.Context, g git, drafts []spec.Draft) (err error) {
	if p.repository, err = openRepository(ctx, g, "HEAD"); err != nil {
		return err
	}
	err = p.setOut(ctx, drafts)
	if err == nil {
		err = p.goBack(ctx)
	}
	if closed := p.close(); err == nil {
		err = closed
	}
	return err
}

// setOut begins a trail for every draft whose file Git keeps: at that file, and at the one that
// holds the draft at HEAD.
func (p *pursuit) setOut(ctx context.Context, drafts []spec.Draft) error {
	s, err := p.search(ctx, drafts)
	p.atHEAD = s.base
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if s.why[d.Pos.File] != "" {
			continue
		}
		at, found := s.base.Drafts[d.NotificationID]
		t := &trail{id: d.NotificationID, looked: map[place]bool{}, astray: !found}
		p.trails[t.id], p.asked[t.id] = t, true
		p.open++
		for _, name := range []string{s.names[d.Pos.File], at.Pos.File} {
			if name != "" && !slices.Contains(t.files, name) {
				t.files = append(t.files, name)
				p.watched[name] = append(p.watched[name], t)
			}
		}
	}
	return nil
}

// goBack visits commit after commit while a trail goes on.
func (p *pursuit) goBack(ctx context.Context) error {
	if p.open == 0 {
		return nil
	}
	w, err := p.walk(ctx, p.wants)
	if err != nil {
		return err
	}
	for p.open > 0 {
		if err := context.Cause(ctx); err != nil { // what Git has said already is no reason to go on
			return err
		}
		v, more, err := w.next()
		switch {
		case err == nil && more:
			err = p.visit(v)
		case err == nil && w.cut:
			return p.cutAll()
		case err == nil:
			return p.findLost()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wants are the files that a commit's changes are remembered of: drafts, and what may be a card.
func (p *pursuit) wants(name string) bool {
	return p.mayHoldDrafts(name) || p.suffixes[path.Ext(name)]
}

// visit looks at the drafts whose files a commit changed.
func (p *pursuit) visit(v visit) error {
	i := len(p.visits)
	p.visits = append(p.visits, v)
	names := v.names()
	for _, name := range names {
		p.touched[name] = append(p.touched[name], i)
	}
	for _, name := range names {
		for _, t := range slices.Clone(p.watched[name]) {
			if err := p.look(t, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// cutAll notes that there are more commits than can be visited.
func (p *pursuit) cutAll() error {
	for _, t := range p.trails {
		t.cut = cmp.Or(t.cut, fmt.Sprintf(cutByCommits, maxVisits))
	}
	return nil
}

// findLost looks for drafts that came from nowhere in the files that were removed, however much
// earlier or later: a draft may be moved by two commits.
func (p *pursuit) findLost() error {
	lost := func(t *trail) bool { return t.astray && !t.ended }
	for i := 0; i < len(p.visits) && slices.ContainsFunc(slices.Collect(maps.Values(p.trails)), lost); i++ {
		for _, edits := range p.visits[i].against {
			for name, e := range edits {
				if e.old == "" || e.new != "" || !p.mayHoldDrafts(name) {
					continue
				}
				ids, err := p.names(e.old, name, p.visits[i].commit)
				for _, id := range ids {
					if t := p.trails[id]; err == nil && lost(t) {
						err = p.follow(t, &t.files, name)
					}
				}
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// names are the drafts that a content names, by its id.
func (p *pursuit) names(content, file, commit string) ([]string, error) {
	ids, known := p.named[content]
	if known || content == "" {
		return ids, nil
	}
	_, src, err := p.object(content, file, commit)
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, err
	}
	ids = mentioned(src, p.asked)
	p.named[content] = ids
	return ids, nil
}

// untold is why there may be other versions of a draft than those told. failed is why the pursuit
// ended early.
func (p *pursuit) untold(id string, failed error) string {
	t := p.trails[id]
	switch {
	case t == nil && (p.atHEAD.Untold[id] != "" || failed == nil):
		return p.atHEAD.Untold[id]
	case t != nil && (t.ended || t.cut != ""):
		return t.cut
	case failed != nil:
		return failed.Error()
	case t.told == 0:
		return cmp.Or(t.faulty, p.atHEAD.Untold[id])
	}
	return ""
}
