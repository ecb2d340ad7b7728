package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// hiddenCharacters warns of characters that make a text say something else than
// a reviewer sees: in the draft's names, and in the card's texts and keys.
func hiddenCharacters(d *document) {
	d.hiddenIn(d.draft.at[fieldJobName], "job_name", d.draft.JobName)
	for f, targets := range d.draft.lists() {
		for i, t := range targets {
			d.hiddenIn(d.lists[f].items[i].name, "a name in "+f.String(), t.Name)
		}
	}
	if d.card.in == nil || !mayHide(d.draft.PushContent.String()) {
		return
	}
	for at, text := range cardTexts(d.draft.PushContent) {
		if found := hidden(text, true); found != "" {
			d.card.in.fault(d.card.at, ruleHiddenCharacter, fmt.Sprintf("push_content has %s at %s", found, quoted(at)), hiddenHint)
		}
	}
}

const hiddenHint = "remove it, unless it is meant"

func (f *file) hiddenIn(at place, what, text string) {
	if found := hidden(text, false); found != "" {
		f.fault(at, ruleHiddenCharacter, what+" has "+found, hiddenHint)
	}
}

// mayHide reports whether canonical JSON text can hold a hidden character: the
// cheap question, asked of every card, so that nearly none is taken apart.
func mayHide(text string) bool {
	for i, r := range text {
		if r == '\\' && i+1 < len(text) && strings.IndexByte("bfru", text[i+1]) >= 0 || isHidden(r) {
			return true
		}
	}
	return false
}

// cardTexts yields every string of a card, its keys included, with a JSON pointer
// to it.
func cardTexts(card JSON) func(yield func(at, text string) bool) {
	return func(yield func(at, text string) bool) {
		dec := jsontext.NewDecoder(strings.NewReader(card.String()))
		for {
			tok, err := dec.ReadToken()
			if err != nil { // the end; the card is valid JSON
				return
			}
			if tok.Kind() == '"' && !yield(string(dec.StackPointer()), tok.String()) {
				return
			}
		}
	}
}

// hidden names the hidden characters of a text, each once: "U+202E (bidi control)".
// Line breaks and tabs belong to a text of several lines.
func hidden(text string, lines bool) string {
	if strings.IndexFunc(text, isHidden) < 0 {
		return ""
	}
	var found []string
	runes := []rune(text)
	for i, r := range runes {
		if !isHidden(r) || lines && (r == '\n' || r == '\t') || belongs(runes, i) {
			continue
		}
		if s := fmt.Sprintf("U+%04X (%s)", r, hiddenKind(r)); !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	return strings.Join(found, ", ")
}
