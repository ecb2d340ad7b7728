package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"notiform/spec"
)

// Reading is what the files said at one time.
type Reading struct {
	Set      spec.Set
	Texts    map[string]string     // of files, by the names that diagnostics call them
	Paths    []string              // absolute, of all that it depends on, whether it is there or not
	Revision string                // whose drafts Base are; "" for none
	Base     map[string]spec.Draft // by notification_id
	Untold   map[string]string     // by notification_id: why nobody can tell what a draft said at Revision
}

// entry is what the list names: a draft, or a file of which something is to be said beside drafts.
type entry struct {
	key
	Name   string // a job_name, or else that of the file
	Texts  []text // the draft's own and its card file's
	Card   spec.JSON
	Stale  bool // the card is that of an earlier save
	Before before
	saved  int // the version that it was saved in last
}

// key is where an entry is found again after a save: its file, and which draft of that; 0 for none.
type key struct {
	File string
	n    int
}

func (k key) String() string {
	if k.n <= 1 {
		return k.File
	}
	return fmt.Sprintf("%s#%d", k.File, k.n)
}

// before is what a draft's card was at the revision.
type before struct {
	Card spec.JSON
	Note string // where there is none: why
	New  bool   // there was no draft
}

// text is a file, or the part of it that is one draft, with what is to be said about it.
type text struct {
	File   string
	first  int // line
	lines  []string
	Faults []spec.Diagnostic
}

func (t text) same(u text) bool { return t.File == u.File && slices.Equal(t.lines, u.lines) }

// alike reports whether the same is shown of both.
func (e entry) alike(o entry) bool {
	return e.key == o.key && e.Name == o.Name && e.Card == o.Card && e.Stale == o.Stale && e.Before == o.Before &&
		slices.EqualFunc(e.Texts, o.Texts, func(t, u text) bool { return t.same(u) && slices.EqualFunc(t.Faults, u.Faults, sameFault) })
}

func sameFault(a, b spec.Diagnostic) bool {
	a.Source, b.Source = nil, nil // of the same text
	return a == b
}

// files are the files of a reading, in lines and with what is said about each.
type files struct {
	Reading
	drafts map[string][]spec.Draft
	whole  map[string]text
}

// files are in the lines of last where they are as they were.
func (r Reading) files(last files) files {
	f := files{r, map[string][]spec.Draft{}, map[string]text{}}
	for name, src := range r.Texts {
		t := text{File: name, first: 1}
		if old, ok := last.Texts[name]; ok && old == src {
			t.lines = last.whole[name].lines
		} else {
			t.lines = slices.Collect(strings.Lines(src))
		}
		f.whole[name] = t
	}
	for _, d := range r.Set.Diagnostics { // sorted
		t := f.whole[d.Pos.File]
		f.whole[d.Pos.File] = text{d.Pos.File, 1, t.lines, append(t.Faults, d)}
	}
	for _, d := range r.Set.Drafts {
		f.drafts[d.Pos.File] = append(f.drafts[d.Pos.File], d)
	}
	return f
}

// part is the text of one of the drafts of a file.
func (f files) part(k key) text {
	t, of := f.whole[k.File], f.drafts[k.File]
	first, next := 1, len(t.lines)+1
	if k.n > 1 {
		first = t.start(of[k.n-1])
	}
	if k.n < len(of) {
		next = t.start(of[k.n])
	}
	at := func(d spec.Diagnostic, line int) int { return cmp.Compare(d.Pos.Line, line) }
	from, _ := slices.BinarySearchFunc(t.Faults, first, at)
	to, _ := slices.BinarySearchFunc(t.Faults, next, at)
	if next > len(t.lines) {
		to = len(t.Faults)
	}
	return text{k.File, first, t.lines[min(first, next)-1 : next-1], t.Faults[min(from, to):to]}
}

// start is the line in which the document of a draft begins, with the comments above it.
func (t text) start(d spec.Draft) int {
	line := min(d.Pos.Line, len(t.lines))
	for line > 1 && !strings.HasPrefix(t.lines[line-1], "---") {
		line--
	}
	return max(line, 1)
}

// follow makes the entries of a reading. What cannot be read now is as it was in past, which holds
// every entry that there was: a file that is gone or empty may be in the middle of a save.
func (f files) follow(past map[key]entry, version int) []entry {
	var entries []entry
	for k, e := range past {
		switch t := f.whole[k.File]; {
		case k.n <= len(f.drafts[k.File]):
		case t.hasError():
			e.Texts, e.Stale = []text{t}, true
			entries = append(entries, e)
		case len(t.lines) > 0: // the draft was taken out
			delete(past, k)
		}
	}
	for file, of := range f.drafts {
		for i, d := range of {
			k := key{file, i + 1}
			entries = append(entries, f.draft(k, d, past[k].Card))
		}
	}
	entries = append(entries, f.beside(entries)...)
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.n, b.n)) })
	for i := range entries {
		e := &entries[i]
		old := past[e.key]
		if e.saved = old.saved; !slices.EqualFunc(e.Texts, old.Texts, text.same) {
			e.saved = version
		}
		past[e.key] = *e
	}
	return entries
}

// draft is the entry of a draft, whose card was this before.
func (f files) draft(k key, d spec.Draft, last spec.JSON) entry {
	e := entry{key: k, Name: cmp.Or(d.JobName, k.File), Card: d.PushContent, Texts: []text{f.part(k)}}
	if d.CardFile != "" {
		name := cmp.Or(f.Set.Cards[d.CardFile], d.CardFile)
		e.Texts = append(e.Texts, f.whole[name])
		e.Texts[1].File = name // also where it could not be read
	}
	if !e.Card.IsObject() {
		e.Card, e.Stale = last, true
	}
	if f.Revision != "" {
		e.Before = f.before(d)
	}
	return e
}

func (f files) before(d spec.Draft) before {
	base, ok := f.Base[d.NotificationID]
	switch why := f.Untold[d.NotificationID]; {
	case d.NotificationID == "":
		return before{Note: fmt.Sprintf(withoutID, f.Revision)}
	case ok:
		return before{Card: base.PushContent}
	case why != "":
		return before{Note: fmt.Sprintf(untoldBefore, f.Revision, why)}
	default:
		return before{Note: fmt.Sprintf(newSince, f.Revision), New: true}
	}
}

// beside are the entries of the files that no other entry shows, with something to be said.
func (f files) beside(entries []entry) (rest []entry) {
	told := map[string]bool{}
	for _, e := range entries {
		for _, t := range e.Texts {
			told[t.File] = true
		}
	}
	for name, t := range f.whole {
		if !told[name] && len(t.Faults) > 0 {
			rest = append(rest, entry{key: key{File: name}, Name: name, Texts: []text{t}})
		}
	}
	return rest
}

func (t text) hasError() bool {
	return slices.ContainsFunc(t.Faults, func(d spec.Diagnostic) bool { return d.Level() == spec.Error })
}
