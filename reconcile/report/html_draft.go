package report

import (
	"cmp"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/preview"
	"notiform/spec"
)

// htmlCards draw the cards of a page.
type htmlCards struct {
	viewer *preview.Viewer
	html   *preview.HTML
	notes  map[spec.Pos][]preview.Note
	whole  bool // however long they are, nobody has to open them

	languages []string // that any of them has anything in
}

// view is what people will see of a card, of which it notes the languages.
func (c *htmlCards) view(card spec.JSON, notes ...preview.Note) preview.View {
	v := c.viewer.View(card.String(), notes...)
	for _, l := range v.Languages() {
		if languageName.MatchString(l) && !slices.Contains(c.languages, l) && len(c.languages) < mostLanguages {
			c.languages = append(c.languages, l)
		}
	}
	return v
}

// languageName is how a language of cards is named, and mostLanguages more than there are.
var languageName = regexp.MustCompile(`^[a-z]{2}_[a-z]{2}$`)

const mostLanguages = 20

// notesOf are what is said of values of cards, by the file and the line that a draft begins in, and of the
// files of cards by these alone.
func notesOf(r Run) map[spec.Pos][]preview.Note {
	notes, owner := map[spec.Pos][]preview.Note{}, owners(r.Judged)
	for _, d := range r.Diagnostics {
		if d.InCard == "" {
			continue
		}
		key := spec.Pos{File: d.Pos.File}
		if draft, ok := owner.draft(d.Pos); ok {
			key.Line = draft.Pos.Line
		}
		level := d.Level().String()
		notes[key] = append(notes[key], preview.Note{At: d.InCard, Level: level, Text: fmt.Sprintf(notedIs, level, visibleMessage(d.Message), exact(d.Pos.String()))})
	}
	for _, d := range r.Judged {
		if d.CardFile != "" {
			notes[lineOf(d.Pos)] = notes[spec.Pos{File: cmp.Or(r.CardFiles[d.CardFile], d.CardFile)}]
		}
	}
	return notes
}

func lineOf(p spec.Pos) spec.Pos { return spec.Pos{File: p.File, Line: p.Line} }

// of draws one card, as far as it is one, with what is said of it. One that is too large for any file is only told.
func (c *htmlCards) of(card spec.JSON, at spec.Pos) template.HTML {
	switch {
	case !card.IsObject():
		return ""
	case len(card.String()) > diff.MaxAligned:
		return template.HTML(template.HTMLEscapeString(hugeValue(card)))
	}
	return c.html.Card(c.view(card, c.notes[at]...))
}

// planned draws the card of a draft by the same rules as cardViews.lines: before and after if it changes,
// after if it is new or reaches more people. Of a long one it folds what is as before; if there is no before, it is
// closed, unless it reaches more people.
func (c *htmlCards) planned(h *htmlDraft, d reconcile.PlannedDraft) {
	if d.Desired == nil || d.Action != reconcile.Create && d.Action != reconcile.Update || !d.Desired.PushContent.IsObject() {
		return
	}
	after, seen, at := d.Desired.PushContent, preview.View{}, spec.Pos{File: d.File, Line: d.Line}
	isChanged, widened := len(changesOf(d, true).Changes) > 0, len(d.Widened()) > 0
	if d.Action == reconcile.Update && !isChanged && !widened {
		return
	}
	if drawable(after) {
		seen = c.view(after, c.notes[at]...)
	}
	h.CardTitle = cardTitle
	if before := cmp.Or(d.Live, &diff.State{}).PushContent; d.Action == reconcile.Update && isChanged && before.IsObject() && drawable(before) && drawable(after) {
		h.CardTitle = cardTitleChanged
		c.html.Whole = widened || c.whole
		h.Before, h.After = c.html.Pair(c.view(before), seen)
	} else {
		h.After = c.of(after, at)
	}
	h.Open = h.Before != "" || widened || c.whole || len(seen.Lines(Visible)) <= mostSeen
}

func drawable(card spec.JSON) bool { return len(card.String()) <= diff.MaxAligned }

// htmlPlanned is what is planned for a draft; its head alone if nobody has room for more.
func htmlPlanned(d reconcile.PlannedDraft, r Run, cards *htmlCards, headOnly bool) htmlDraft {
	i := ofPlan(d)
	h := htmlDraft{
		Classes: string(d.Action), Label: strings.ReplaceAll(string(d.Action), "-", " "), Title: Visible(i.title()),
		Notes: texts(aboutLines(i), headLines(d), digestLines(d), editLines(d)),
		Minds: htmlMinds(dangerLines(d, r.Now), troubleLines(d)), LinesTitle: linesOfCard,
	}
	if _, passed := d.SendAtPassed(r.Now); passed {
		h.Classes += " passed"
	}
	if len(d.Widened()) > 0 {
		h.Classes += " widened"
	}
	if d.Action == reconcile.Update && slices.ContainsFunc(d.Changes, diff.Change.Overwrites) {
		h.Classes += " console"
	}
	if d.Action == reconcile.Closed {
		h.Notes = append(h.Notes, closedOf(d.Status))
	}
	h.audience(d)
	if headOnly {
		return h
	}
	cards.planned(&h, d)
	h.Fields, h.Lines = htmlLines(changeLines(changesOf(d, false))), htmlLines(changeLines(changesOf(d, true)))
	if card := changesOf(d, true).Changes; len(card) > 0 {
		h.LinesTitle += originOf(card[0])
		h.LinesOpen = card[0].Origin == diff.Conflict // what it was at the base is nowhere else
	}
	return h
}

// plannedOf is the plan of a draft that has a result, if it is known.
func plannedOf(r Run, i int) *reconcile.PlannedDraft {
	if r.Plan != nil && i < len(r.Plan.Drafts) && r.Plan.Drafts[i].NotificationID == r.Result.Drafts[i].NotificationID {
		return &r.Plan.Drafts[i]
	}
	return nil
}

// htmlResult is what became of a draft; its head alone if nobody has room for more.
func htmlResult(d reconcile.DraftResult, planned *reconcile.PlannedDraft, headOnly bool) htmlDraft {
	i := ofResult(d)
	h := htmlDraft{
		Classes: strings.ReplaceAll(string(d.Outcome), " ", "-"), Label: string(d.Outcome), Title: Visible(i.title()),
		Notes: texts(aboutLines(i)), Fields: htmlLines(resultLines(d)), LinesTitle: linesPlanned,
	}
	if planned != nil && len(d.Changes) > 0 && !headOnly {
		h.Lines = htmlLines(changeLines(*planned))
	}
	return h
}

// mostMembers is how many of a list are named: nobody reads more, and a list may have thousands.
const mostMembers = 100

// audience says whom a draft is for, by name where there is one.
func (h *htmlDraft) audience(d reconcile.PlannedDraft) {
	if d.Desired == nil {
		return
	}
	names := map[string]string{}
	if d.Live != nil {
		d.Live.Names(names)
	}
	h.Audience = fmt.Sprintf(audienceFor, audienceOf(d))
	for _, list := range [][]spec.Target{d.Desired.UserList, d.Desired.DepartmentList, d.Desired.ChatList, d.Desired.NewStaffScopeDepartmentList} {
		for _, t := range list[:min(len(list), mostMembers)] {
			member := exact(t.ID)
			switch {
			case names[t.ID] != "":
				member = fmt.Sprintf(namedMember, Visible(names[t.ID]), member)
			case t.Name != "":
				member = fmt.Sprintf(memberFile, member, Visible(t.Name))
			}
			h.Members = append(h.Members, member)
		}
		if left := len(list) - mostMembers; left > 0 {
			h.Members = append(h.Members, fmt.Sprintf(moreMembers, left))
		}
	}
}

// filters are buttons that show the drafts of one kind, with how many those are.
func filters(drafts []htmlDraft) []htmlChoice {
	labels := map[string]string{"widened": filterWidened, "passed": filterPassed, "console": filterConsole}
	counts, order := map[string]int{}, []string{}
	for _, d := range drafts {
		for _, class := range strings.Fields(d.Classes) {
			if counts[class]++; counts[class] == 1 {
				order = append(order, class)
			}
		}
	}
	if len(order) == 0 {
		return nil
	}
	slices.Sort(order)
	choice := htmlChoice{Name: choiceShow, Options: []htmlOption{{"show-all", fmt.Sprintf(filterCount, filterAll, len(drafts)), true}}}
	for _, class := range order {
		choice.Options = append(choice.Options, htmlOption{"show-" + class, fmt.Sprintf(filterCount, cmp.Or(labels[class], strings.ReplaceAll(class, "-", " ")), counts[class]), false})
	}
	return []htmlChoice{choice}
}

// choicesOfLook are which of the languages are seen, how wide the cards are, and in which scheme the page is.
func choicesOfLook(languages []string) []htmlChoice {
	choices := []htmlChoice{{choiceLanguage, []htmlOption{{"in-all", filterAll, true}}}}
	for _, l := range languages {
		choices[0].Options = append(choices[0].Options, htmlOption{"in-" + l, l, false})
	}
	if len(languages) < 2 {
		choices = nil
	}
	return append(choices, []htmlChoice{
		{choiceWidth, []htmlOption{{"as-desktop", choiceDesktop, true}, {"as-phone", choicePhone, false}}},
		{choiceScheme, []htmlOption{{"as-set", choiceSet, true}, {"as-light", choiceLight, false}, {"as-dark", choiceDark, false}}},
	}...)
}

// languageRules show of the cards that have anything in a language what people see in it.
func languageRules(languages []string) string {
	var rules strings.Builder
	for _, l := range languages {
		fmt.Fprintf(&rules, ":root:has(#in-%[1]s:checked) .card:has(.of-%[1]s) :is(.replaced,.language:not(.of-%[1]s),.in:not(.of-%[1]s),.line:has(.in):not(:has(.of-%[1]s))){display:none}\n", l)
	}
	return rules.String()
}
