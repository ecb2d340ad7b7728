package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/preview"
	"notiform/spec"
)

//go:embed report.html
var reportPage string

//go:embed report.css
var reportRules string

// writeHTML writes a run as one page that loads nothing and needs no script: what a reviewer opens to
// see the cards. Every text of it is made visible as in text, and inert by html/template.
func writeHTML(w io.Writer, r Run) error {
	page, err := template.New("report").Parse(reportPage)
	if err != nil {
		panic(err) // it is a constant
	}
	b := bufio.NewWriter(w)
	if err := page.Execute(b, htmlPageOf(r)); err != nil {
		return err
	}
	return b.Flush()
}

// htmlPage is a run as the template takes it.
type htmlPage struct {
	Policy            string
	Sheet             template.CSS
	Title, Summary    string
	Facts             []htmlFact
	Faults            [][]string // each with its hint
	Minds, Said, Next []string
	Choices           []htmlChoice
	CardFirst         bool // what is wrong with it stands below
	Cut               string
	room              cutter
	Drafts            []htmlDraft
	FilesTitle        string
	Files             []htmlFault
	Before, After     string // headings
}

type htmlFact struct{ Name, Value string }

// htmlChoice is a group of buttons of which one is pressed.
type htmlChoice struct {
	Name    string
	Options []htmlOption
}

type htmlOption struct {
	ID, Label string
	Chosen    bool
}

// htmlFault is a fault of a file, with the line that it is about.
type htmlFault struct{ Level, Text, Hint, Before, After string }

// htmlDraft is one draft: what there is to know of it, whom it reaches, its card before and after, what
// differs in its fields and in the lines of its card.
type htmlDraft struct {
	Classes, Label, Title string
	Notes                 []string
	Minds                 []htmlLine
	Audience              string
	Members               []string
	CardTitle, LinesTitle string
	Open, LinesOpen       bool
	Before, After         template.HTML
	Fields, Lines         []htmlLine
}

// htmlLine is a line of a diff.
type htmlLine struct{ Class, Text string }

func htmlPageOf(r Run) htmlPage {
	p := htmlPage{
		Title: fmt.Sprintf(pageTitle, r.kind(), endingTable()[r.ending()].page), Summary: r.summary(), Facts: htmlFacts(r),
		room:   cutter{inFull: mostInFull, heads: mostHeads},
		Before: cardBefore, After: cardAfter,
	}
	if r.Command == "card" {
		p.Summary, p.CardFirst = faultCounts(r), true
		if r.ending() == endedFaulty {
			p.Title = fmt.Sprintf(pageTitle, r.kind(), cardHasErrors)
		}
	}
	for _, f := range hintedOnce(ofRun(r)) {
		p.Faults = append(p.Faults, strings.Split(f.text(), "\n"))
	}
	if r.Plan != nil && r.Result == nil {
		p.Minds = dangers(r)
	}
	if r.Changed != nil {
		p.Said = append(p.Said, r.Changed.sentence(Visible))
	}
	for _, d := range r.Removed[:min(len(r.Removed), mostGone)] {
		p.Minds = append(p.Minds, fmt.Sprintf(removedIs, Visible(ofRemoved(d).title()), Visible(d.NotificationID), Visible(d.File), staysInHelpdesk, hintRemoved))
	}
	if r.Result != nil {
		p.Next = nextSteps(r)
	}
	p.addFiles(r)
	cards := htmlCards{viewer: preview.New(), html: preview.NewHTML(Visible), notes: notesOf(r), whole: r.Cards}
	p.addDrafts(r, &cards)
	p.style(cards.languages)
	p.Cut = p.room.said(r)
	p.Choices = append(filters(p.Drafts), choicesOfLook(cards.languages)...)
	return p
}

// contentPolicy lets the page use its own sheet, and nothing else.
const contentPolicy = "default-src 'none';style-src 'sha256-%s';base-uri 'none';form-action 'none'"

// style gives the page its sheet, and the policy that allows no other.
func (p *htmlPage) style(languages []string) {
	sheet := preview.Sheet() + reportRules + languageRules(languages)
	sum := sha256.Sum256([]byte(sheet))
	p.Policy, p.Sheet = fmt.Sprintf(contentPolicy, base64.StdEncoding.EncodeToString(sum[:])), template.CSS(sheet)
}

// htmlFacts are by what a run can be told from others.
func htmlFacts(r Run) []htmlFact {
	facts := []htmlFact{{factHelpdesk, r.Helpdesk}}
	if p := r.Plan; p != nil {
		facts = []htmlFact{{factHelpdesk, fmt.Sprintf(helpdeskAt, p.HelpdeskID, p.BaseURL)}, {factDigest, p.Digest}, {factBase, p.Base}}
	}
	facts = append(facts, htmlFact{factReach, reachInAll(r)}, htmlFact{factCommit, r.Commit}, htmlFact{factVersion, r.ToolVersion}, htmlFact{factRun, strings.Trim(link(r.URL), "<>")})
	if r.Command != "card" {
		facts = append(facts, htmlFact{factExitCode, fmt.Sprint(r.ExitCode)})
	}
	facts = slices.DeleteFunc(facts, func(f htmlFact) bool { return f.Value == "" })
	for i := range facts {
		facts[i].Value = Visible(facts[i].Value)
	}
	return facts
}

func (p *htmlPage) addFiles(r Run) {
	if r.count(spec.Error)+r.count(spec.Warning) == 0 {
		return
	}
	p.FilesTitle = cmp.Or(map[string]string{"card": inTheCard}[r.Command], fmt.Sprintf(inDraftFiles, faultCounts(r)))
	for _, d := range r.Diagnostics {
		if len(p.Files) == mostFaults {
			break
		}
		if d.Level() == spec.Note {
			continue // they are counted
		}
		lines := diagnosticLines(d, d.Level().String())
		f := htmlFault{Level: d.Level().String(), Text: lines[0], Hint: strings.TrimSpace(strings.Join(lines[1:], ""))}
		if d.Source != nil {
			f.Before, f.After = visibleMessage(d.Source.Before), visibleMessage(d.Source.After)
		}
		p.Files = append(p.Files, f)
	}
}

func (p *htmlPage) addDrafts(r Run, cards *htmlCards) {
	switch {
	case r.Result != nil:
		for i, d := range r.Result.Drafts {
			if d.Outcome != reconcile.OutcomeUnchanged || len(d.Changes) > 0 {
				p.add(htmlResult(d, plannedOf(r, i), p.room.isFull()))
			}
		}
	case r.Plan != nil:
		p.addPlanned(r, cards)
	case r.Command == "card":
		p.add(htmlDraft{Title: theCard, After: cards.of(r.Card, cardOnly(r)), Open: true})
	default:
		for _, d := range r.ofChange() {
			i := identity{d.JobName, d.NotificationID, d.Pos}
			h := htmlDraft{Title: Visible(i.title()), Notes: texts(aboutLines(i)), CardTitle: cardTitle, Open: true}
			if !p.room.isFull() {
				h.After = cards.of(d.PushContent, lineOf(d.Pos))
			}
			p.add(h)
		}
	}
}

func (p *htmlPage) add(h htmlDraft) {
	if cut := p.room.draft(h); cut != nil {
		p.Drafts = append(p.Drafts, *cut)
	}
}

// addPlanned adds the drafts of a plan in its order. If there is no room for all, what is dangerous comes first.
func (p *htmlPage) addPlanned(r Run, cards *htmlCards) {
	drafts := r.Plan.Drafts
	shown := make([]*htmlDraft, len(drafts))
	for _, dangerous := range []bool{true, false} {
		for i, d := range drafts {
			if d.Action != reconcile.NoOp && (len(dangerLines(d, r.Now)) > 0) == dangerous { // the others are counted
				shown[i] = p.room.draft(htmlPlanned(d, r, cards, p.room.isFull()))
			}
		}
	}
	for _, h := range shown {
		if h != nil {
			p.Drafts = append(p.Drafts, *h)
		}
	}
}

// cardOnly is the file of a card by itself, as what is said of it has that.
func cardOnly(r Run) spec.Pos {
	if len(r.Diagnostics) == 0 {
		return spec.Pos{}
	}
	return spec.Pos{File: r.Diagnostics[0].Pos.File}
}

func texts(lines ...[]line) []string {
	var out []string
	for _, l := range slices.Concat(lines...) {
		out = append(out, l.text)
	}
	return out
}

// htmlMinds are lines that nobody may overlook: an error, a danger, and what to do about it.
func htmlMinds(lines ...[]line) []htmlLine {
	var out []htmlLine
	for _, l := range slices.Concat(lines...) {
		out = append(out, htmlLine{cmp.Or(map[string]string{red: "fault", yellow: "mind"}[l.color], "hint"), l.text})
	}
	return out
}

// htmlLines are the lines of a draft as those of a diff.
func htmlLines(lines []line) []htmlLine {
	classes := map[byte]string{'+': "plus", '-': "minus", '@': "head", '!': "mind"}
	block := blockOf(lines)
	out := make([]htmlLine, len(block))
	for i, text := range block {
		out[i] = htmlLine{classes[text[0]], text}
	}
	return out
}

// changesOf are those of a draft whose field is the card, or those of all others.
func changesOf(d reconcile.PlannedDraft, card bool) reconcile.PlannedDraft {
	d.Changes = slices.DeleteFunc(slices.Clone(d.Changes), func(c diff.Change) bool { return (c.Field == "push_content") != card })
	return d
}
