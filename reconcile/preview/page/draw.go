package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"hash/maphash"
	"html/template"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"notiform/reconcile/preview"
	"notiform/spec"
)

//go:embed page.html
var pageTemplate string

//go:embed page.css
var pageSheet string

//go:embed page.js
var pageScript string

// policy lets a page run and look as its own script and sheet say, ask this server, and nothing else.
// The icon is an empty one, of no address: a browser would ask for another.
func policy() string {
	return fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		digest(pageScript), digest(sheet()))
}

// sheet is the page's own and that of the cards.
func sheet() string { return preview.Sheet() + pageSheet }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// page is what the template shows.
type page struct {
	Title, Class, Trouble string
	Version               int
	Style                 template.CSS
	Script                template.JS
	ListMark              string // differs when the list does
	Follow                link   // to whatever is saved next
	Switches              []choices
	List                  []listed
	Note                  string // why nothing more is shown
	Shown                 *drawn
	Say                   map[string]string
}

// link leads to another page, by its query.
type link struct {
	Name, To string
	Here     bool
}

// choices are links of which one is taken.
type choices struct {
	Name  string
	Links []link
}

// listed is an entry in the list.
type listed struct {
	link
	File             string
	Errors, Warnings int
	State            string // what it is beside the revision
}

// drawn is the entry that is looked at.
type drawn struct {
	File, Name, BeforeNote, AfterNote string
	Cards                             []figure
	Stale                             bool
	Sources                           []source
	languages                         []string
}

// figure is a card.
type figure struct {
	Caption string
	Card    template.HTML
}

// source is a text as it is shown beside the card.
type source struct {
	File   string
	Faults []told // of places that are not there
	Lines  []line
}

// line is a line of a text: where something is to be said about it, up to the first place and from
// there on.
type line struct {
	Number        int
	Before, After string
	Faults        []told
}

// told is a diagnostic.
type told struct{ Level, Place, Message, Hint string }

// Where the values of a switch are kept in an address.
const (
	inDraft    = "draft"
	inWidth    = "width"
	inScheme   = "scheme"
	inLanguage = "language"
)

// words are the labels of the page's template.
func words() map[string]string {
	return map[string]string{
		"Skip": skipName, "List": listName, "Switches": switchesName, "Errors": errorsName, "Warnings": warningsName,
		"Source": sourceName, "Stale": staleCard, "Trouble": troubleName, "Lost": lostName,
	}
}

// write writes the page of an address, without the drafts of a list that is known.
func (s *server) write(w io.Writer, query url.Values, known string) error {
	s.guard.Lock()
	defer s.guard.Unlock()
	p := page{
		Title: pageTitle, Version: s.version, Trouble: s.Visible(s.trouble), Say: words(),
		Style: template.CSS(sheet()), Script: template.JS(pageScript),
		Follow: link{followName, at(query, inDraft, ""), query.Get(inDraft) == ""},
		Switches: []choices{
			choose(query, widthName, inWidth, "", widthDesktop, "phone", widthPhone),
			choose(query, schemeName, inScheme, "", schemeSystem, "light", schemeLight, "dark", schemeDark),
		},
	}
	p.Class = strings.TrimSpace(taken(query, inWidth, "phone") + " " + taken(query, inScheme, "light", "dark"))
	chosen := s.chosen(query.Get(inDraft))
	for i, e := range s.entries {
		p.List = append(p.List, s.listed(e, query, i == chosen))
	}
	if p.ListMark = s.mark(p.List, p.Follow); p.ListMark == known {
		p.List = nil
	}
	switch {
	case len(s.entries) == 0:
		p.Note = nothingToShow
	case chosen < 0:
		p.Note = draftGone
	default:
		p.Title = s.Visible(s.entries[chosen].Name)
		p.Shown = s.drawn(s.entries[chosen], query)
		p.ofLanguages(query)
	}
	return s.template.Execute(w, p)
}

func (s *server) mark(list []listed, follow link) string {
	var h maphash.Hash
	h.SetSeed(s.seed)
	maphash.WriteComparable(&h, follow)
	for _, l := range list {
		maphash.WriteComparable(&h, l)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// chosen is the entry of a name in an address, -1 for none; that which was saved last has no name.
func (s *server) chosen(name string) int {
	if name == "" {
		return s.latest
	}
	return slices.IndexFunc(s.entries, func(e entry) bool { return e.String() == name })
}

// at is the address of a page that differs in one thing.
func at(query url.Values, name, value string) string {
	q := url.Values{}
	for _, kept := range []string{inDraft, inWidth, inScheme, inLanguage} {
		if v := query.Get(kept); v != "" {
			q.Set(kept, v)
		}
	}
	if q.Set(name, value); value == "" {
		q.Del(name)
	}
	return "?" + q.Encode()
}

// choose are the values of a switch, each followed by its name.
func choose(query url.Values, name, in string, values ...string) choices {
	c := choices{Name: name}
	for i := 0; i < len(values); i += 2 {
		c.Links = append(c.Links, link{values[i+1], at(query, in, values[i]), query.Get(in) == values[i]})
	}
	return c
}

// ofLanguages adds the switch between the languages of the card, if it has any.
func (p *page) ofLanguages(query url.Values) {
	if len(p.Shown.languages) == 0 {
		return
	}
	values := []string{"", languageAll}
	for _, l := range p.Shown.languages {
		values = append(values, l, l)
	}
	if !slices.Contains(p.Shown.languages, query.Get(inLanguage)) { // that of another card: all of this one are seen
		query = maps.Clone(query)
		query.Del(inLanguage)
	}
	p.Switches = append(p.Switches, choose(query, languageName, inLanguage, values...))
}

// taken is the value of a switch, if it is one.
func taken(query url.Values, in string, values ...string) string {
	if v := query.Get(in); slices.Contains(values, v) {
		return v
	}
	return ""
}

func (s *server) listed(e entry, query url.Values, here bool) listed {
	l := listed{link: link{s.Visible(e.Name), at(query, inDraft, e.String()), here}, File: s.Visible(e.String())}
	for _, t := range e.Texts {
		for _, d := range t.Faults {
			switch d.Level() {
			case spec.Error:
				l.Errors++
			case spec.Warning:
				l.Warnings++
			}
		}
	}
	switch {
	case e.Before.New:
		l.State = newName
	case e.Before.differs(e.Card):
		l.State = changedName
	}
	return l
}

func (b before) differs(now spec.JSON) bool { return !b.Card.IsZero() && !b.Card.Equal(now) }

// drawn is an entry in full.
func (s *server) drawn(e entry, query url.Values) *drawn {
	d := &drawn{File: s.Visible(e.String()), Name: s.Visible(e.Name), BeforeNote: s.Visible(e.Before.Note), Stale: e.Stale && !e.Card.IsZero()}
	switch now := s.view(e.Card, query, d, s.notes(e)...); {
	case e.Card.IsZero():
		d.AfterNote = noCard
	case e.Before.differs(e.Card):
		was, is := s.cards.Pair(s.view(e.Before.Card, query, d), now)
		d.Cards = []figure{{captionBefore, was}, {captionAfter, is}}
	default:
		d.Cards = []figure{{"", s.cards.Card(now)}}
	}
	for _, t := range e.Texts {
		d.Sources = append(d.Sources, s.source(t))
	}
	return d
}

// view is what is seen of a card in the language that is looked at; d learns which ones there are.
func (s *server) view(card spec.JSON, query url.Values, d *drawn, notes ...preview.Note) preview.View {
	view := s.viewer.View(card.String(), notes...)
	for _, l := range view.Languages() {
		if !slices.Contains(d.languages, l) {
			d.languages = append(d.languages, l)
		}
	}
	if l := query.Get(inLanguage); slices.Contains(view.Languages(), l) {
		return view.In(l)
	}
	return view
}

// notes are what is said of values of the card, if it is that of the texts.
func (s *server) notes(e entry) (notes []preview.Note) {
	for _, t := range e.Texts {
		for _, d := range t.Faults {
			if d.InCard != "" && !e.Stale {
				told := s.told(d)
				notes = append(notes, preview.Note{At: d.InCard, Level: told.Level, Text: fmt.Sprintf(notedIs, told.Level, told.Message, told.Place)})
			}
		}
	}
	return notes
}

// source is a text with each diagnostic below the line that it is of.
func (s *server) source(t text) source {
	shown, faults := source{File: s.Visible(t.File)}, t.Faults
	for i, of := range t.lines {
		l := line{Number: t.first + i, Before: strings.TrimRight(of, "\r\n")}
		for len(faults) > 0 && faults[0].Pos.Line <= l.Number {
			if l.Faults == nil {
				l.Before, l.After = cut(l.Before, faults[0].Pos.Column-1)
			}
			l.Faults, faults = append(l.Faults, s.told(faults[0])), faults[1:]
		}
		l.Before, l.After = s.code(l.Before), s.code(l.After)
		shown.Lines = append(shown.Lines, l)
	}
	for _, d := range faults {
		shown.Faults = append(shown.Faults, s.told(d))
	}
	return shown
}

// cut cuts a line in two before its nth character.
func cut(line string, n int) (before, after string) {
	for i := range line {
		if n--; n < 0 {
			return line[:i], line[i:]
		}
	}
	return line, ""
}

func (s *server) told(d spec.Diagnostic) told {
	message := fmt.Sprintf(faultIs, s.code(d.Message), d.Rule)
	return told{d.Level().String(), s.Visible(d.Pos.String()), message, s.code(d.Hint)}
}

// code is a text in which a backslash stays one: in a line of a file, and in what quotes one.
func (s *server) code(text string) string {
	return strings.ReplaceAll(s.Visible(text), `\\`, `\`)
}
